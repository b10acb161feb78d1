"""Price bases as data: what one unit costs. How each becomes a fee is in ``agreements.prices``."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from onefloor.agreements.terms.reading import formed, listed, one_of, term
from onefloor.agreements.terms.values import (
    MONEY,
    MONTH,
    NAME,
    NATURAL,
    NUMBER_KIND,
    POSITIVE,
    REFERENCE,
    SCOPE,
    TARGET,
    TEXT,
    ScopeTerm,
    Target,
)  # fmt: skip
from onefloor.language import Text
from onefloor.periods import Month


@dataclass(frozen=True, kw_only=True)
class Said:
    """What every part of an agreement carries: its number and its own words."""

    id: str = term(NAME, Text("条款编号", 'number of the clause, such as "4.2"'))
    title: Text = term(TEXT, Text("名称", "its name"))
    text: Text = term(TEXT, Text("条款原文", "the clause's own text"))


@dataclass(frozen=True, kw_only=True)
class Priced(Said):
    """What every price basis may carry."""

    scope: ScopeTerm = term(SCOPE, Text("计入范围", "which rows are paid for"), default=ScopeTerm())


@dataclass(frozen=True, kw_only=True)
class Tier:
    """From this many units on, another rate."""

    start: Fraction = term(NUMBER_KIND, Text("起始数量", "number of units from which it holds"), key="from")
    rate: Fraction = term(MONEY, Text("单价", "rate"))


@dataclass(frozen=True, kw_only=True)
class Metered(Priced):
    """A rate for each unit, with lower rates for higher volumes if agreed."""

    rate: Fraction = term(MONEY, Text("单价", "rate of one unit"))
    tiers: tuple[Tier, ...] = term(
        listed(formed(Tier, "tier")), Text("阶梯单价", "other rates from a volume on"), default=()
    )
    tier_rule: str = term(
        one_of("marginal", "whole_volume"),
        Text("阶梯方式", "marginal: a tier's rate for its units only; whole_volume: the reached rate for all units"),
        default="marginal",
    )


@dataclass(frozen=True, kw_only=True)
class ProductiveHour(Metered):
    """按计费工时 | productive hours"""

    hours: str = term(
        one_of("productive", "productive_in_adherence"),
        Text("工时口径", "which hours count: productive, or productive and in adherence with the schedule"),
    )
    metric: str | None = term(REFERENCE, Text("工时指标", "metric of the hours, if not the usual one"), default=None)


@dataclass(frozen=True, kw_only=True)
class HandledMinute(Metered):
    """按处理分钟 | handled minutes: talk, hold and after-call work"""

    metric: str = term(REFERENCE, Text("时长指标", "metric of the time"), default="handled_time")


@dataclass(frozen=True, kw_only=True)
class Contact(Metered):
    """按话务量 | handled contacts"""

    metric: str = term(REFERENCE, Text("话务指标", "metric that counts them"), default="handled_contacts")


@dataclass(frozen=True, kw_only=True)
class Outcome(Metered):
    """按结果 | outcomes: sales or resolutions, net of those undone within N days"""

    metric: str = term(REFERENCE, Text("结果指标", "metric that counts them"), default="sales_net:within=30d")


@dataclass(frozen=True, kw_only=True)
class SeatMonth(Priced):
    """按席位月 | seats by the month, with a number of people behind each seat"""

    seats: Fraction = term(NUMBER_KIND, Text("席位数", "number of seats"))
    rate: Fraction = term(MONEY, Text("单席价格", "price of a seat"))
    months: int = term(NATURAL, Text("价格所含月数", "number of months that price is for"), default=1)
    since: Month | None = term(MONTH, Text("首月", "first of those months"), default=None, key="from")
    people_per_seat: Fraction = term(POSITIVE, Text("每席人数", "people behind one seat"), default=Fraction(1))
    paid: str = term(
        one_of("agreed", "staffed"),
        Text("计费席位", "agreed: all seats; staffed: only as many as there were people for"),
        default="agreed",
    )


@dataclass(frozen=True, kw_only=True)
class FteMonth(Priced):
    """按全职人月 | full-time equivalents by the month"""

    rate: Fraction = term(MONEY, Text("单价", "price of one FTE-month"))
    hours: Fraction = term(POSITIVE, Text("每人月工时", "hours that make one FTE-month"))
    metric: str = term(REFERENCE, Text("工时指标", "metric of the hours"), default="paid_time")
    most: Fraction | None = term(NUMBER_KIND, Text("上限人数", "most FTE that are paid"), default=None)


@dataclass(frozen=True, kw_only=True)
class TwoTier(Priced):
    """按质量分两档 | two rates, decided by quality"""

    good: Fraction = term(MONEY, Text("达标单价", "rate where the quality is reached"))
    otherwise: Fraction = term(MONEY, Text("未达标单价", "rate elsewhere"))
    by: str = term(
        one_of("month", "contact"),
        Text("判定单位", "month: one tier for the whole month; contact: each contact for itself"),
    )
    quality: str = term(REFERENCE, Text("质量指标", "metric that decides"))
    target: Target | None = term(TARGET, Text("质量目标", "what it has to reach (by month)"), default=None)
    error: str = term(
        one_of("none", "bound"),
        Text("误差规则", "bound: the lower rate only if the 95 % interval misses the target"),
        default="none",
    )
    minimum_sample: int | None = term(NATURAL, Text("最小样本", "fewer rows: the good rate holds"), default=None)
    metric: str = term(REFERENCE, Text("话务指标", "metric that counts the units"), default="handled_contacts")


@dataclass(frozen=True, kw_only=True)
class BaseFee(Priced):
    """基础费加增减量 | a base fee, with more for each extra unit and less for each missing one (ARC, RRC)"""

    fee: Fraction = term(MONEY, Text("月基础费", "fee of a month"))
    baseline: Fraction | None = term(NUMBER_KIND, Text("基准量", "units the fee is for"), default=None)
    extra: Fraction = term(MONEY, Text("超出单价", "price of each unit above the baseline"), default=Fraction(0))
    missing: Fraction = term(MONEY, Text("不足减价", "reduction for each unit below it"), default=Fraction(0))
    metric: str = term(REFERENCE, Text("计量指标", "metric that counts the units"), default="handled_contacts")


PRICES: dict[str, type[Priced]] = {
    "productive_hour": ProductiveHour,
    "handled_minute": HandledMinute,
    "contact": Contact,
    "outcome": Outcome,
    "seat_month": SeatMonth,
    "fte_month": FteMonth,
    "two_tier": TwoTier,
    "base_fee": BaseFee,
}
