"""What is simulated: contact types, groups of agents, who may serve whom, and how a day goes. Plain data.

Times are seconds from the model's start (or any other unit that the whole model shares: nothing here knows seconds).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from onefloor.agreements.terms.reading import formed, listed, one_of, term
from onefloor.agreements.terms.values import DATE, FLAG, NAME, NATURAL, WHOLE, ZONE
from onefloor.language import Text
from onefloor.planning.simulation.laws import Law
from onefloor.planning.simulation.values import (
    A_LAW_OF_TIME,
    AMOUNTS,
    DURATION,
    FACTOR,
    LASTING,
    ONWARD,
    PACE,
    PART,
    SHARED,
    SIZES,
    SPANS,
)

Routing = Literal["priority", "longest_idle", "least_skilled"]
ROUTINGS: tuple[Routing, ...] = ("priority", "longest_idle", "least_skilled")
Formula = Literal["F1", "F2", "F3", "F4"]
NOBODY = -1


@dataclass(frozen=True, kw_only=True)
class Rule:
    """How service level is counted; the formulas are those of the metric ``service_level``."""

    within: float = term(DURATION, Text("接通时限", "answered in time up to this wait"), default=20.0)
    inclusive: bool = term(FLAG, Text("时限含该时长本身", "a wait of exactly that is in time"), default=True)
    formula: Formula = term(one_of("F1", "F2", "F3", "F4"), Text("公式", "which formula"), default="F4")
    short: float | None = term(DURATION, Text("短时放弃时限", "short abandons, as within"), default=None)

    @property
    def short_limit(self) -> tuple[float, bool]:
        """The longest wait of a short abandon, and whether a wait of exactly that is one."""
        return (self.within, self.inclusive) if self.short is None else (self.short, True)


@dataclass(frozen=True, kw_only=True)
class Return:
    """Who comes back, and when."""

    share: float = term(PART, Text("比例", "share that comes back"))
    after: Law = term(A_LAW_OF_TIME, Text("间隔", "time until then"))


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A group that a contact type is offered to, after it has waited so long."""

    group: str = term(NAME, Text("坐席组", "the group"))
    after: float = term(DURATION, Text("等待后", "wait before it may be served there"), default=0.0)


@dataclass(frozen=True, kw_only=True)
class Skill:
    """A contact type that a group serves; of the lowest class first, inside a class the longest wait first."""

    type: str = term(NAME, Text("话务类型", "the contact type"))
    rank: int = term(NATURAL, Text("优先级", "class, 1 is served first"), default=1, key="class")
    wait: float | None = term(
        DURATION, Text("最短等待", "wait before this group takes it; that of the offer without"), default=None
    )


@dataclass(frozen=True, kw_only=True)
class Agent:
    """One agent: how much longer than usual handling takes, and when at work."""

    id: str = term(NAME, Text("工号", "code"))
    pace: float = term(PACE, Text("处理时长倍数", "handling time, of the usual one"), default=1.0)
    transfers: float = term(PACE, Text("转接倍数", "share of transfers, of the usual one"), default=1.0)
    shift: tuple[tuple[float, float], ...] = term(SPANS, Text("班次", "when at work; always without"), default=())
    breaks: tuple[tuple[float, float], ...] = term(SPANS, Text("休息", "when on break"), default=())

    def at_work(self) -> list[tuple[float, float]]:
        """The spans at work without the breaks, in order; empty if always at work."""
        spans = sorted(self.shift)
        for start, end in sorted(self.breaks):
            cut = [((a, min(b, start)), (max(a, end), b)) for a, b in spans]
            spans = [span for pair in cut for span in dict.fromkeys(pair) if span[0] < span[1]]
        return spans


@dataclass(frozen=True, kw_only=True)
class Group:
    """Agents of one company with the same skills: a pool of ``staff``, or ``agents`` one by one."""

    id: str = term(NAME, Text("代码", "name"))
    company: str = term(NAME, Text("所属公司", "its company"), default="")
    types: tuple[Skill, ...] = term(listed(formed(Skill, "skill")), Text("技能", "what it serves"))
    pace: float = term(PACE, Text("处理时长倍数", "handling time, of the usual one"), default=1.0)
    staff: tuple[int, ...] = term(SIZES, Text("人数", "agents at work, of a pool"), default=())
    agents: tuple[Agent, ...] = term(listed(formed(Agent, "agent")), Text("坐席", "agents one by one"), default=())


@dataclass(frozen=True, kw_only=True)
class ContactType:
    """Contacts of one kind, which wait in one queue.

    ``arrivals`` are mean numbers of contacts in each interval. ``groups`` is the order in which groups are offered a
    contact; without it all groups that serve it, in the order of the model. With ``shares`` each contact belongs to one
    company, whose groups are offered it first; the others after ``others_after`` (never without). ``transfers`` are
    shares of the contacts whose agent's group does not serve the other type itself: who can, does it at once.
    """

    id: str = term(NAME, Text("代码", "name"))
    arrivals: tuple[float, ...] = term(AMOUNTS, Text("到达量", "mean number of contacts in each interval"))
    busyness: Law | None = term(FACTOR, Text("忙闲系数", "factor of a day on all arrivals"), default=None)
    service: Law = term(A_LAW_OF_TIME, Text("通话时长", "time with the customer, talk and hold"))
    wrap_up: Law | None = term(A_LAW_OF_TIME, Text("话后处理", "after-call work"), default=None)
    patience: Law | None = term(A_LAW_OF_TIME, Text("耐心", "customer's longest wait; no end without"), default=None)
    never_waits: float = term(PART, Text("不愿等待", "share that leaves at once if nobody is free"), default=0.0)
    longest_wait: float | None = term(LASTING, Text("队列时限", "the queue lets go after this wait"), default=None)
    leave_when_unstaffed: bool = term(
        FLAG, Text("无人值守时放行", "who waits is let go while nobody who could serve is at work"), default=False
    )
    redial: Return | None = term(formed(Return, "return"), Text("重拨", "lost, and calls again"), default=None)
    repeat: Return | None = term(formed(Return, "return"), Text("重复来电", "served, and calls again"), default=None)
    transfers: tuple[tuple[str, float], ...] = term(
        ONWARD, Text("转接", "share of the served that goes on to another type's line"), default=()
    )
    routing: Routing = term(one_of(*ROUTINGS), Text("选组方式", "which idle agent gets a contact"), default="priority")
    groups: tuple[Offer, ...] = term(listed(formed(Offer, "offer")), Text("分配次序", "groups in order"), default=())
    shares: tuple[tuple[str, float], ...] = term(SHARED, Text("公司份额", "share of each company"), default=())
    others_after: float | None = term(
        DURATION, Text("转他公司前等待", "wait before other companies may serve it"), default=None
    )
    rule: Rule | None = term(
        formed(Rule, "rule"), Text("服务水平", "as the model's without"), default=None, key="service_level"
    )


@dataclass(frozen=True, kw_only=True)
class Model:
    """A floor to be simulated.

    ``arrivals`` and ``staff`` are given for each of the intervals that fill the ``horizon`` (one value: all alike).
    Nobody new comes after the horizon; who waits then is still served. The last ``staff`` of a pool stays.
    Intervals that begin before ``warm_up`` are not counted.
    """

    id: str = term(NAME, Text("代码", "name of the model"), key="model")
    day: date | None = term(DATE, Text("日期", "day that legs are dated, from local midnight"), default=None)
    zone: str = term(ZONE, Text("时区", "whose midnight that is"), default="Asia/Shanghai")
    horizon: float = term(LASTING, Text("时长", "how long contacts come"), default=86400.0)
    interval: float = term(LASTING, Text("时段", "length of an interval"), default=1800.0)
    warm_up: float = term(DURATION, Text("预热", "first part that is not counted"), default=0.0)
    busyness: Law | None = term(FACTOR, Text("忙闲系数", "factor of a day that all types share"), default=None)
    lines: int | None = term(WHOLE, Text("线路数", "contacts that find room at once; no limit without"), default=None)
    rule: Rule = term(
        formed(Rule, "rule"), Text("服务水平", "how service level is counted"), default=Rule(), key="service_level"
    )
    types: tuple[ContactType, ...] = term(listed(formed(ContactType, "type")), Text("话务类型", "contact types"))
    groups: tuple[Group, ...] = term(listed(formed(Group, "group")), Text("坐席组", "groups of agents"))

    @property
    def intervals(self) -> int:
        """How many intervals fill the horizon."""
        return max(1, round(self.horizon / self.interval))

    @property
    def warm_intervals(self) -> int:
        """How many intervals at the beginning are not counted."""
        return min(self.intervals, math.ceil(self.warm_up / self.interval - 1e-9))

    @property
    def companies(self) -> tuple[str, ...]:
        """The companies, in the order of the groups."""
        return tuple(dict.fromkeys(group.company for group in self.groups))

    def rule_of(self, kind: ContactType) -> Rule:
        """How service level of a type is counted."""
        return kind.rule or self.rule

    def offers(self, kind: ContactType) -> tuple[Offer, ...]:
        """The groups a type is offered to, in order."""
        if kind.groups:
            return kind.groups
        return tuple(Offer(group=g.id) for g in self.groups if any(s.type == kind.id for s in g.types))

    def with_staff(self, staff: Mapping[str, int | tuple[int, ...]]) -> Model:
        """The same model with other pool sizes: one number for the whole horizon, or one for each interval."""
        sizes = {name: size if isinstance(size, tuple) else (size,) for name, size in staff.items()}
        groups = tuple(replace(g, staff=sizes[g.id]) if g.id in sizes else g for g in self.groups)
        return replace(self, groups=groups)


def spread_out(values: tuple[float, ...] | tuple[int, ...], intervals: int) -> tuple[float, ...]:
    """One value for each interval; a single value holds in all, an empty tuple is 0."""
    return tuple(float(v) for v in (values * intervals if len(values) == 1 else values or (0,) * intervals))
