"""The terms of a sourcing file: who could take the contacts, at what cost, and how sure each number is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from onefloor.agreements.terms.places import Node
from onefloor.agreements.terms.reading import Kind, formed, listed, one_of, term
from onefloor.agreements.terms.values import MONTH, NAME, NATURAL, NUMBER_KIND, POSITIVE, SHARE, TARGET, TEXT, Target
from onefloor.agreements.terms.version import by_kind
from onefloor.insight.finding import Behind
from onefloor.insight.sourcing.items import BASES, FIXED, GROUPS, ITEMS, Behaviour
from onefloor.insight.sourcing.spread import Spread, certainly
from onefloor.insight.sourcing.values import (
    AMOUNT,
    CHANGES,
    COUNTS,
    COUNTS_ABOVE_0,
    DIVIDED,
    FACTORS,
    ISSUES,
    LASTING,
    MARGIN,
    PARTS,
    PRICES,
    RATES,
    SHARES,
    Amount,
    Margin,
)
from onefloor.language import Text
from onefloor.periods import Month

Form = Literal["own", "dispatched", "outsourced"]
FORMS: dict[str, Text] = {
    "own": Text("自有员工", "own staff"),
    "dispatched": Text("劳务派遣", "dispatched"),
    "outsourced": Text("外包", "outsourced"),
}
POSTS: dict[str, Text] = {
    "temporary": Text("临时性", "temporary"),
    "auxiliary": Text("辅助性", "auxiliary"),
    "substitute": Text("替代性", "substitute"),
}
NEVER, AS_SETTLED = certainly(0), certainly(1)
AN_ITEM = replace(one_of(*ITEMS), name="an item")
ITEM_OR_GROUP = replace(one_of(*GROUPS, *ITEMS), name="items or groups")
A_BASIS = replace(one_of(*BASES), name="a basis")


@dataclass(frozen=True, kw_only=True)
class Cost:
    """One cost item: an amount, and what it is paid for."""

    item: str = term(AN_ITEM, Text("成本项", "which item it is"))
    amount: Amount = term(AMOUNT, Text("金额或占比", "money, or a share where it is paid per wage or price"))
    per: str = term(A_BASIS, Text("计费单位", "what the amount is paid for"))
    each: Fraction | None = term(
        POSITIVE, Text("每多少单位一份", "a whole amount for every so many units begun: a step"), default=None
    )
    month: int | None = term(NATURAL, Text("发生月", "month of a one-off cost; the first without"), default=None)
    rise: Spread = term(CHANGES, Text("每年上涨", "change from the 13th month on, and again each year"), default=NEVER)

    @property
    def key(self) -> str:
        """Its name among the inputs: ``wage.paid_hour``."""
        return f"{self.item}.{self.per}"

    @property
    def behaviour(self) -> Behaviour:
        """How it moves with volume."""
        return "step" if self.each is not None else "fixed" if self.per in FIXED else "variable"


@dataclass(frozen=True, kw_only=True)
class Price:
    """What every price of a vendor may carry."""

    kind: str = ""
    minimum: Spread = term(COUNTS, Text("保底量", "units of a month that are paid even if not used"), default=NEVER)
    rise: Spread = term(
        CHANGES, Text("年度调价", "indexation from the 13th month on, and again each year"), default=NEVER
    )


@dataclass(frozen=True, kw_only=True)
class Metered(Price):
    """按量计价 | a rate for each unit"""

    rate: Spread = term(PRICES, Text("单价", "rate of one unit"))


@dataclass(frozen=True, kw_only=True)
class Seats(Metered):
    """按席位月 | a rate for each seat and month"""

    seats: Spread | None = term(
        COUNTS, Text("约定席位数", "agreed seats, paid whatever comes; as many as are needed without"), default=None
    )


@dataclass(frozen=True, kw_only=True)
class TwoTier(Price):
    """按质量分两档 | two rates a contact, decided by quality"""

    good: Spread = term(PRICES, Text("达标单价", "rate where the quality is reached"))
    otherwise: Spread = term(PRICES, Text("未达标单价", "rate elsewhere"))
    good_share: Spread | None = term(
        SHARES, Text("达标话务占比", "share of contacts that are good, if each is judged for itself"), default=None
    )
    target: Target | None = term(
        TARGET,
        Text("解决率目标", "share resolved from which a month costs the good rate"),
        default=None,
    )


PRICE_KINDS: dict[str, type[Price]] = {
    "paid_hour": Metered,
    "productive_hour": Metered,
    "handled_minute": Metered,
    "contact": Metered,
    "resolved": Metered,
    "fte_month": Metered,
    "seat_month": Seats,
    "two_tier": TwoTier,
    "month": Metered,
}
PRICE_UNITS: dict[str, str] = {"fte_month": "agent_month", "two_tier": "contact"}
"""The basis of a price where it has another name than the price itself."""


def priced() -> Kind:
    """A price of any kind, which then knows its kind."""
    read = by_kind(PRICE_KINDS, "price")

    def with_kind(node: Node) -> Price:
        found: Price = read.read(node)
        kind = node.get("kind")
        return replace(found, kind=str(kind.value) if kind else "")

    return replace(read, read=with_kind)


@dataclass(frozen=True, kw_only=True)
class Ramp:
    """The first months, in which handling takes longer and less is resolved."""

    through: int = term(NATURAL, Text("至第几个月", "last month it holds"))
    handling: Spread = term(FACTORS, Text("处理时长倍数", "handling time, of the settled one"), default=AS_SETTLED)
    resolved: Spread = term(FACTORS, Text("解决率倍数", "share resolved, of the settled one"), default=AS_SETTLED)


@dataclass(frozen=True, kw_only=True)
class Option:
    """Who could take the contacts."""

    id: str = term(NAME, Text("代码", "short name, used in mixes"))
    title: Text = term(TEXT, Text("名称", "its name"))
    form: Form = term(one_of(*FORMS), Text("用工形式", "employment form"))
    company: str | None = term(NAME, Text("所属公司", "its company on the floor, to take figures from"), default=None)
    resolved: Spread | None = term(
        PARTS, Text("一次性解决率", "share of contacts that resolve the issue"), default=None
    )
    without_repeat: Spread | None = term(
        PARTS, Text("无重复来电占比", "share of contacts without a repeat, as the metric fcr counts it"), default=None
    )
    handling: Spread | None = term(LASTING, Text("平均处理时长", "handling time of a contact"), default=None)
    occupancy: Spread | None = term(PARTS, Text("占用率", "handling in productive time"), default=None)
    utilisation: Spread | None = term(PARTS, Text("工时利用率", "productive in paid time"), default=None)
    hours: Spread | None = term(COUNTS_ABOVE_0, Text("每人年计薪小时", "paid hours of an agent-year"), default=None)
    attrition: Spread | None = term(RATES, Text("流失率（年）", "agents who leave, a year"), default=None)
    overtime: Spread | None = term(
        COUNTS, Text("每人每月加班小时", "overtime hours of an agent and month"), default=None
    )
    seats_each: Spread = term(COUNTS_ABOVE_0, Text("每席人数", "people who share one seat"), default=certainly(1))
    costs: tuple[Cost, ...] = term(listed(formed(Cost, "cost")), Text("成本", "cost items"), default=())
    price: tuple[Price, ...] = term(listed(priced()), Text("乙方计价", "the vendor's price, by its bases"), default=())
    ramp: tuple[Ramp, ...] = term(listed(formed(Ramp, "ramp")), Text("爬坡期", "slower first months"), default=())
    none: tuple[str, ...] = term(
        listed(ITEM_OR_GROUP), Text("不发生", "items, or groups of items, that do not arise here"), default=()
    )
    included: tuple[str, ...] = term(
        listed(ITEM_OR_GROUP), Text("已含在其他项内", "items, or groups, that are inside another one"), default=()
    )
    post: str | None = term(
        one_of(*POSTS), Text("派遣岗位性质", "what kind of post dispatched staff fill"), default=None
    )
    instructed_by: str | None = term(
        one_of("vendor", "client"), Text("现场指挥方", "who instructs the agents day by day"), default=None
    )
    over: tuple[tuple[str, Spread], ...] = ()  # measured differences from the reference, by the name of the term
    over_whom: str = ""
    least: Fraction = term(SHARE, Text("组合中的最低占比", "least share of a mix that is sought"), default=Fraction(0))
    most: Fraction = term(SHARE, Text("组合中的最高占比", "most share of a mix that is sought"), default=Fraction(1))


@dataclass(frozen=True, kw_only=True)
class Mix:
    """Issues divided among options; repeats go to who had the issue first."""

    id: str = term(NAME, Text("代码", "short name"))
    title: Text = term(TEXT, Text("名称", "its name"))
    shares: tuple[tuple[str, Fraction], ...] = term(DIVIDED, Text("占比", "share of the issues each option takes"))


@dataclass(frozen=True, kw_only=True)
class Workforce:
    """People the client employs or uses outside the options; they count for the share of dispatched staff."""

    own: Fraction = term(NUMBER_KIND, Text("自有人数", "people with a labour contract"), default=Fraction(0))
    dispatched: Fraction = term(NUMBER_KIND, Text("派遣人数", "dispatched people"), default=Fraction(0))


@dataclass(frozen=True, kw_only=True)
class Sourcing:
    """A sourcing decision: what comes in, and who could take it."""

    code: str = term(NAME, Text("代码", "code of the decision"), key="sourcing")
    title: Text = term(TEXT, Text("名称", "title"))
    currency: str = term(NAME, Text("币种", "currency, such as CNY"))
    start: Month = term(MONTH, Text("首月", "first month"), key="from")
    volume: Spread = term(ISSUES, Text("每月新增诉求", "issues of a month: first contacts, without repeats"))
    growth: Spread = term(CHANGES, Text("年增长", "change of the volume a year, month by month"), default=NEVER)
    again: Spread = term(SHARES, Text("未解决再次来电占比", "share of unresolved callers who call again"))
    margin: Margin = term(MARGIN, Text("值得在意的差额", "what difference matters, agreed before looking"))
    level: Fraction = term(SHARE, Text("区间水平", "level of the intervals"), default=Fraction(95, 100))
    against: str | None = term(NAME, Text("对照方案", "what all are compared with; the first without"), default=None)
    shared: tuple[str, ...] = term(
        listed(NAME), Text("共同的不确定性", "inputs that are high or low for all options at once"), default=()
    )
    law: str = term(one_of("cn", "none"), Text("适用法律", "whose legal limits are checked"), default="cn")
    workforce: Workforce = term(
        formed(Workforce, "workforce"), Text("其他用工人数", "people outside the options"), default=Workforce()
    )
    options: tuple[Option, ...] = term(listed(formed(Option, "option")), Text("方案", "who could take the contacts"))
    mixes: tuple[Mix, ...] = term(listed(formed(Mix, "mix")), Text("组合", "divisions among options"), default=())

    measured: tuple[Text, ...] = ()  # what was taken from a floor, in words
    behind: tuple[Behind, ...] = ()  # the rows it was taken from

    @property
    def reference(self) -> str:
        """The option all others are compared with."""
        return self.against or self.options[0].id

    def option(self, name: str) -> Option:
        """An option by its short name."""
        return next(option for option in self.options if option.id == name)
