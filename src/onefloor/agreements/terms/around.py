"""What stands around the clauses: forecast band, client duties, earn-back, incidents, exclusions, approvals."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from onefloor.agreements.terms.clauses import Measuring
from onefloor.agreements.terms.prices import Said
from onefloor.agreements.terms.reading import formed, listed, one_of, term
from onefloor.agreements.terms.values import (
    DATE,
    EDGE,
    LOCKED,
    MOMENT,
    MONEY,
    MONTH,
    NAME,
    NATURAL,
    REFERENCE,
    SCOPE,
    SHARE,
    TEXT,
    WHOLE,
    Edge,
    ScopeTerm,
)  # fmt: skip
from onefloor.language import Text
from onefloor.periods import Month

SURPLUS = ("after_edge", "whole_intervals", "pro_rata", "month")


@dataclass(frozen=True, kw_only=True)
class Forecast(Said):
    """浮动区间 | the band around the locked forecast, and a minimum volume"""

    band: Fraction | None = term(SHARE, Text("浮动区间", "width of the band on either side"), default=None)
    minimum: int | None = term(WHOLE, Text("保底量", "contacts paid in any case"), default=None)
    shortfall: str = term(
        one_of("paid", "not_paid"), Text("不足部分", "below the band: paid up to its edge, or not"), default="paid"
    )
    rate: Fraction | None = term(MONEY, Text("不足单价", "price of a missing contact"), default=None)
    surplus: str | None = term(
        one_of(*SURPLUS), Text("超量判定", "which contacts are the surplus, on which there is no duty"), default=None
    )
    locked: tuple[tuple[Month, int], ...] = term(
        LOCKED, Text("锁定预测", "locked contacts by month, if not taken from the facts"), default=()
    )
    volume: str = term(REFERENCE, Text("话务指标", "metric of the actual volume"), default="offered_contacts")
    forecast: str = term(REFERENCE, Text("预测指标", "metric of the locked forecast"), default="forecast_contacts")
    scope: ScopeTerm = term(SCOPE, Text("范围", "which contacts the forecast is for"), default=ScopeTerm())

    @property
    def surplus_rule(self) -> str:
        """The rule that was agreed; without one: by the month if the terms hold the numbers, else by interval."""
        return self.surplus or ("month" if self.locked else "after_edge")


@dataclass(frozen=True, kw_only=True)
class ReliefBand:
    """How much of the credits falls away when the client's figure lies here."""

    start: Edge | None = term(EDGE, Text("下限", "lower edge"), default=None, key="from")
    end: Edge | None = term(EDGE, Text("上限", "upper edge"), default=None, key="to")
    relief: Fraction = term(SHARE, Text("减免", "share of the credits that falls away"))


@dataclass(frozen=True, kw_only=True)
class Duty(Said, Measuring):
    """甲方义务 | what the client owes, measured, with relief for the vendor"""

    bands: tuple[ReliefBand, ...] = term(listed(formed(ReliefBand, "band")), Text("减免档位", "relief by figure"))
    clauses: tuple[str, ...] = term(
        listed(NAME), Text("涉及条款", "clauses that are relieved; all without"), default=()
    )


@dataclass(frozen=True, kw_only=True)
class EarnBack(Said):
    """扣罚返还 | a credit comes back after good months"""

    clauses: tuple[str, ...] = term(listed(NAME), Text("涉及条款", "clauses whose credits can come back"))
    good_months: int = term(NATURAL, Text("连续达标月数", "months in a row in which the clause is met"))
    within: int = term(NATURAL, Text("期限（月）", "the last of them at most this many months after the credit"))
    until: Month | None = term(MONTH, Text("最后账期", "no return after this month"), default=None)
    share: Fraction = term(SHARE, Text("返还比例", "how much comes back"), default=Fraction(1))


@dataclass(frozen=True, kw_only=True)
class Approval:
    """Who of which party agreed, and when."""

    party: str = term(one_of("client", "company"), Text("方", "client or company"))
    person: str = term(NAME, Text("姓名", "who"))
    on: date = term(DATE, Text("日期", "when"), key="date")


def agreed_by_both(approvals: Iterable[Approval]) -> bool:
    """Whether client and company have both approved; what only one has approved is shown, but has no effect."""
    return {approval.party for approval in approvals} == {"client", "company"}


REASONS = {
    "client_outage": Text("甲方系统故障", "outage of the client's systems"),
    "force_majeure": Text("不可抗力", "force majeure"),
    "wrong_knowledge": Text("甲方知识有误", "wrong knowledge from the client"),
    "waiver": Text("双方同意免于考核", "waived by both parties"),
}


@dataclass(frozen=True, kw_only=True)
class Exclusion:
    """剔除 | rows of a time window that count in no figure, once both parties have approved"""

    id: str = term(NAME, Text("编号", "its number"))
    reason: str = term(one_of(*REASONS), Text("原因", "why"))
    text: Text = term(TEXT, Text("说明", "what happened"))
    start: datetime = term(MOMENT, Text("开始", "first moment, in the agreement's zone"), key="from")
    end: datetime = term(MOMENT, Text("结束", "moment after the last"), key="to")
    scope: ScopeTerm = term(SCOPE, Text("范围", "which rows"), default=ScopeTerm())
    clauses: tuple[str, ...] = term(listed(NAME), Text("涉及条款", "clauses it counts for; all without"), default=())
    approvals: tuple[Approval, ...] = term(
        listed(formed(Approval, "approval")), Text("双方确认", "approvals"), default=()
    )

    @property
    def approved(self) -> bool:
        """Whether both parties have agreed."""
        return agreed_by_both(self.approvals)


@dataclass(frozen=True, kw_only=True)
class Incident:
    """同一事件 | one event that several clauses felt; only one of its credits counts"""

    id: str = term(NAME, Text("编号", "its number"))
    month: Month = term(MONTH, Text("账期", "month in which it counts"))
    text: Text = term(TEXT, Text("说明", "what happened"))
    clauses: tuple[str, ...] = term(listed(NAME), Text("涉及条款", "clauses it hit"))
    chosen: str | None = term(NAME, Text("甲方选定条款", "clause the client chose; else the heaviest"), default=None)
    approvals: tuple[Approval, ...] = term(
        listed(formed(Approval, "approval")), Text("双方确认", "approvals"), default=()
    )

    @property
    def approved(self) -> bool:
        """Whether both parties have linked the event to the clauses."""
        return agreed_by_both(self.approvals)


@dataclass(frozen=True, kw_only=True)
class Pool:
    """权重池 | a share of the at-risk amount that is divided among clauses"""

    id: str = term(NAME, Text("名称", "its name"))
    share: Fraction = term(SHARE, Text("占比", "its share of the at-risk amount"))
