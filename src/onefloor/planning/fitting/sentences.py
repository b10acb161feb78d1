"""The words of fitting, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from onefloor.language import Text, joined, same
from onefloor.periods import day_of

if TYPE_CHECKING:
    from onefloor.planning.fitting.basis import Fitted


SECONDS = Text("秒", "s")
ARRIVALS = Text("到达量", "arrivals")
BUSY = Text("忙闲系数", "busyness of a day")
SERVICE = Text("通话与保持", "talk and hold")
WRAP = Text("话后处理（含振铃）", "after-call work, ringing included")
PATIENCE = Text("耐心", "patience")
NEVER = Text("不愿等待", "does not wait at all")
SHORT = Text("短时放弃", "short abandons")
REDIAL = Text("放弃后重拨", "redials")
REPEAT = Text("服务后重复来电", "repeats")
PACE = Text("坐席快慢", "agents' pace")
HOURS = Text("坐席在岗", "agents' hours")
ANSWERED_BY = Text("由谁接听", "who answers")
PER_DAY = Text("个/天", "a day")
SHARE = Text("", "")
HEADS = (
    Text("类型", "type"), Text("参数", "parameter"), Text("模型取值", "in the model"), Text("依据", "n"),
    Text("估计（95% 区间）", "estimate (95% interval)"), Text("最大偏差", "misfit"),
)  # fmt: skip
FEW_DAYS = Text(
    "天数太少，无法估计每日忙闲：模型中没有忙闲系数，结果会显得过于稳定。",
    "Too few days to tell how busy days differ: the model has no such factor, and its days are too much alike.",
)
NO_SPREAD = Text(
    "各类型合起来的每日波动不超过随机波动，模型中没有共同的忙闲系数。",
    "All types together differ from day to day no more than by chance: the model has no factor common to them.",
)
AGAINST = Text(
    "各类型此消彼长：模型中它们互不相关，总量的波动会偏大。",
    "Types vary against each other: in the model they do not, and the total varies too much.",
)
NO_WRAP = Text(
    "数据没有话后处理和振铃时长：坐席在通话结束后立即空闲。",
    "No after-call work and no ringing is recorded: agents are free as soon as the customer is gone.",
)
NOBODYS = Text(
    "范围内没有该类型的放弃：共用队列的放弃不属于任何公司，按公司拟合时看不到耐心。",
    "No abandoned contact of it is in the scope: in a shared queue they are nobody's, and one company's rows tell no "
    "patience.",
)
NOT_KNOWN = Text("没有可识别的客户。", "No customer is identified.")
NO_ROUTE = Text(
    "分配次序无法由结果得知：空闲最久者优先。", "The order of groups cannot be told from results: longest idle first."
)
PRESENCE = {
    "shifts": Text("班表", "shifts"),
    "states": Text("坐席状态", "what agents did"),
    "contacts": Text("首末次通话", "first to last contact"),
}


def shown(value: float) -> str:
    """A number as the table and the comments have it.

    >>> shown(0.12345), shown(38650.6)
    ('0.1235', '38,651')
    """
    return f"{value:,.0f}" if abs(value) >= 10_000 else f"{value:.4g}"


def law_is_a_table(kind: str) -> Text:
    """No law fits: quantiles are taken."""
    return Text(
        f"没有一种分布与数据足够接近（最好为 {kind}）：改用分位数表。",
        f"No law comes close enough (the best is {kind}): the quantiles of what was seen are taken.",
    )


def misfits(distance: float) -> Text:
    """A law that does not fit, with too few rows for a table."""
    return Text(
        f"分布与数据相差最多 {100 * distance:.0f} 个百分点。",
        f"The law is up to {100 * distance:.0f} points off the data.",
    )


def pooled(n: int, least: int) -> Text:
    """Too few rows of one type: all types together."""
    return Text(
        f"只有 {n} 个（至少需要 {least} 个）：改用全部类型合并的结果。",
        f"There are only {n} (it takes {least}): that of all types together is taken.",
    )


def too_few(n: int, least: int) -> Text:
    """Too few rows of all types."""
    return Text(
        f"只有 {n} 个，至少需要 {least} 个：模型中没有这一项。",
        f"There are only {n}, it takes {least}: the model goes without.",
    )


def many_short(share: float) -> Text:
    """Times of less than a second."""
    return Text(
        f"{100 * share:.1f}% 不足 1 秒：可能是误接或挂断。",
        f"{100 * share:.1f}% are shorter than a second: misdialled, or hung up on.",
    )


def unseen(share: float, until: float) -> Text:
    """Most patience is longer than any wait."""
    return Text(
        f"{until:.0f} 秒内只有 {100 * share:.0f}% 的人离开：更长的等待由分布外推，均值不可靠。",
        f"Only {100 * share:.0f}% leave within {until:.0f} s: what longer waits would do is extrapolated, and the mean "
        "is a guess.",
    )


def falling(shape: float) -> Text:
    """The longer the wait, the less likely to leave."""
    return Text(
        f"等得越久越不易离开（Weibull 形状 {shape:.2f}）：客户可能有差异，或通知改变了他们。",
        f"The longer they have waited the less they leave (Weibull shape {shape:.2f}): customers differ, or are told "
        "how long it takes.",
    )


def peak(start: float, end: float, factor: float) -> Text:
    """A jump of the rate of leaving."""
    return Text(
        f"第 {start:.0f}–{end:.0f} 秒离开的人是前后的 {factor:.1f} 倍：此时可能有语音提示。",
        f"Between {start:.0f} and {end:.0f} s {factor:.1f} times as many leave as before and after: an announcement?",
    )


def parts_of_days(within: float) -> Text:
    """A day's factor is not all."""
    return Text(
        f"日内各时段的波动是随机的 {within:.1f} 倍：只有整日的忙闲系数不够，模型的时段过于稳定。",
        f"Half hours vary {within:.1f} times as much as chance within their days: a factor of whole days is not all, "
        "and the model's half hours are too steady.",
    )


def adherence(share: float) -> Text:
    """Shifts promise more than agents are there."""
    return Text(
        f"班表内实际可用的时间为 {100 * share:.1f}%：按班表的模型人手偏多。",
        f"Of the time their shifts ask for agents were there {100 * share:.1f}%: a model by shifts has too many hands.",
    )


def elsewhere(share: float) -> Text:
    """Agents who also serve what was not asked for."""
    return Text(
        f"这些坐席 {100 * share:.0f}% 的通话属于未选的类型：模型中他们只做所选的，人手偏多。",
        f"{100 * share:.0f}% of these agents' contacts are of types that were not asked for: in the model they serve "
        "nothing else, and there are too many hands.",
    )


def nobody_serves(name: str) -> Text:
    """A type without agents on the day."""
    return Text(f"当天没有人能受理“{name}”。", f'Nobody who serves "{name}" is there on that day.')


def back(share: float, background: float, window: float) -> Text:
    """Nobody comes back beyond chance."""
    minutes = window / 60
    more, usual = f"{100 * share:.1f}%", f"{100 * background:.1f}%"
    return Text(
        f"{minutes:.0f} 分钟内回来的不比平常多（多出 {more}，平常 {usual}）：模型中没有这一项。",
        f"Within {minutes:.0f} min no more come back than would anyway ({more} more, {usual} anyway): the model goes "
        "without.",
    )


def late(company: str, seconds: float) -> Text:
    """A company that gets contacts only after a wait."""
    return Text(f"{company} 在等待 {seconds:g} 秒后", f"{company} after {seconds:g} s")


def headline(fitted: Fitted) -> Text:
    """What was fitted to what."""
    contacts = int(fitted.days.totals.sum())
    of_days = "1 day" if len(fitted.days.days) == 1 else f"{len(fitted.days.days)} days"
    model, agents = fitted.model, sum(len(group.agents) for group in fitted.model.groups)
    return Text(
        f"模型“{model.id}”（{model.day}）：由 {len(fitted.days.days)} 天的 {contacts:,} 个来话拟合，"
        f"{len(model.types)} 个话务类型，{len(model.groups)} 组共 {agents} 名坐席。",
        f'Model "{model.id}" of {model.day}, fitted to {contacts:,} contacts of {of_days}: '
        f"{len(model.types)} contact types, {agents} agents in {len(model.groups)} groups.",
    )


def left_out(days: Mapping[int, Text]) -> Text:
    """Days that do not count."""
    parts = [joined([same(str(day_of(day))), why], zh=" ", en=" ") for day, why in sorted(days.items())]
    listed = joined(parts, zh="、", en=", ")
    return Text(f"不参与的日子：{listed.zh}。", f"Days that do not count: {listed.en}.")
