"""The words of every choice an agreement offers, as forms and sentences show them."""

from __future__ import annotations

from typing import Final

from onefloor.agreements.terms.around import REASONS
from onefloor.language import Text, same

OPTIONS: Final[dict[str, Text]] = {
    **REASONS,
    "not_assessed": Text("不作考核", "not assessed"),
    "as_met": Text("视为达标", "counts as met"),
    "previous_month": Text("沿用上一账期", "as in the month before"),
    "exact": Text("按精确值", "exact value"),
    "rounded": Text("按四舍五入后的值", "rounded value"),
    "none": Text("不考虑误差", "no error rule"),
    "bound": Text("整个可能范围都越过目标才算", "only if the whole 95 % interval says so"),
    "month": Text("按月", "by the month"),
    "quarter": Text("按季", "by the quarter"),
    "left_out": Text("不考核超量话务", "surplus contacts are left out"),
    "counted": Text("超量话务照常考核", "surplus contacts count"),
    "presumed": Text("按预设水平考核", "judged by the presumed level"),
    "marginal": Text("只对超出部分适用", "for the units of the tier only"),
    "whole_volume": Text("对全部数量适用", "for all units"),
    "productive": Text("有效工时", "productive hours"),
    "productive_in_adherence": Text("按班表的有效工时", "productive hours in adherence"),
    "agreed": Text("约定席位", "the seats agreed"),
    "staffed": Text("实际有人的席位", "the seats there were people for"),
    "contact": Text("逐通", "by the contact"),
    "paid": Text("付费", "paid"),
    "not_paid": Text("不付费", "not paid"),
    "after_edge": Text("时段内超过上限之后的话务", "contacts after the edge of their interval"),
    "whole_intervals": Text("超过上限的整个时段", "whole intervals above the edge"),
    "pro_rata": Text("按比例", "pro rata"),
    "client": Text("甲方", "client"),
    "company": Text("乙方", "vendor"),
    "half_up": Text("四舍五入", "half up"),
    "half_even": Text("四舍六入五成双", "half to even"),
    "heaviest": Text("只计最重的一项", "the heaviest counts"),
    "client_chooses": Text("由甲方选定一项", "the client chooses one"),
    "each": Text("每项都计", "each counts"),
    "escalated": Text("进入升级步骤", "it is escalated"),
    "accepted": Text("视为认可", "it counts as accepted"),
    "rejected": Text("视为不认可", "it counts as rejected"),
    "reminded": Text("继续催办", "reminders go on"),
    "granted": Text("视为认可其主张", "it counts as granted"),
    "pause": Text("时限暂停", "the clock pauses"),
    "run": Text("时限继续", "the clock runs on"),
    "mon": Text("周一", "Mon"),
    "tue": Text("周二", "Tue"),
    "wed": Text("周三", "Wed"),
    "thu": Text("周四", "Thu"),
    "fri": Text("周五", "Fri"),
    "sat": Text("周六", "Sat"),
    "sun": Text("周日", "Sun"),
}

FLAGS: Final = {True: Text("是", "yes"), False: Text("否", "no")}


def option(code: str) -> Text:
    """The words of a choice; the code itself where there are none.

    >>> option("as_met").zh
    '视为达标'
    """
    return OPTIONS.get(code) or same(code)


def form_title(form: type) -> Text:
    """What a kind of clause or price is called: the first line of its declaration has both languages.

    >>> from onefloor.agreements.terms.clauses import Event
    >>> form_title(Event).zh
    '逐件'
    """
    zh, _, en = (form.__doc__ or "").splitlines()[0].partition(" | ")
    return Text(zh, (en or zh).split(":")[0])
