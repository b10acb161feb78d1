"""The register's format: an action, who got it and since when, how they were picked, and what it is judged by.

Everything is declared once; the declaration reads the YAML, makes the JSON Schema and the reference page. All of it is
agreed before anybody looks at a result.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from functools import partial
from typing import ClassVar

from onefloor.agreements.terms.places import Node
from onefloor.agreements.terms.reading import (
    Kind,
    attempt,
    formed,
    listed,
    mapping,
    one_of,
    read_form,
    scalar,
    schema_of,
    stop_at,
    term,
    unknown,
)
from onefloor.agreements.terms.values import DATE, FLAG, NAME, NATURAL, NUMBER_KIND, REFERENCE, TEXT
from onefloor.agreements.terms.version import by_kind
from onefloor.language import Text
from onefloor.metrics.tables import NAMED
from onefloor.periods import Month, months_of
from onefloor.problems import Place, Problem

KINDS: Mapping[str, Text] = {
    "help_period": Text("帮扶期", "help period"),
    "course": Text("培训", "course"),
    "competition": Text("竞赛", "competition"),
    "grant": Text("激励", "grant"),
    "proposal": Text("改善提案", "proposal"),
}
UNITS = ("agents", "teams", "sites", "companies", "queues")
Where = tuple[tuple[str, tuple[str, ...]], ...]


def _where(node: Node) -> Where:
    """Names by dimension, in the order of the dimensions' names."""
    problems: list[Problem] = []
    found = []
    for name, part in mapping(node).items():
        if name not in NAMED:
            problems.append(unknown(name, NAMED, node.key_places.get(name, node.place)))
            continue
        names = [attempt(problems, partial(scalar, item)) for item in part.items]
        found.append((name, tuple(sorted({str(one) for one in names if one}))))
    stop_at(problems)
    return tuple(sorted(found))


def _months(node: Node) -> tuple[Month, ...]:
    try:
        return tuple(months_of(scalar(node)))
    except Problem as problem:
        problem.where = node.place
        raise


_SCOPE_NAMES = {"anyOf": [{"type": ["string", "number"]}, {"type": "array", "items": {"type": ["string", "number"]}}]}
WHERE = Kind(
    _where,
    {"type": "object", "properties": dict.fromkeys(NAMED, _SCOPE_NAMES), "additionalProperties": False},
    "dimension: names",
)
MONTHS = Kind(_months, {"type": "string", "pattern": r"^\d{4}-\d{2}(\.\.\d{4}-\d{2})?$"}, "2026-05, 2026-04..2026-06")


@dataclass(frozen=True, kw_only=True)
class Gap:
    """The gap it answers: where a figure was found wanting."""

    metric: str = term(REFERENCE, Text("指标", "the figure"))
    where: Where = term(WHERE, Text("位置", "where it was found"), default=())


@dataclass(frozen=True, kw_only=True)
class Given:
    """Some who got it, all from one day on. Exactly one of the lists, or `everybody`."""

    start: date = term(DATE, Text("起始日", "first day"), key="from")
    until: date | None = term(DATE, Text("终止日", "first day it no longer holds"), default=None)
    agents: tuple[str, ...] = term(listed(NAME), Text("坐席", "agents"), default=())
    teams: tuple[str, ...] = term(listed(NAME), Text("班组", "teams"), default=())
    sites: tuple[str, ...] = term(listed(NAME), Text("职场", "sites"), default=())
    companies: tuple[str, ...] = term(listed(NAME), Text("公司", "companies"), default=())
    queues: tuple[str, ...] = term(listed(NAME), Text("队列", "queues"), default=())
    everybody: bool = term(FLAG, Text("全体", "the whole floor"), default=False)
    figures: tuple[Month, ...] = term(
        MONTHS, Text("选人所看账期", "months whose figures picked them, if not those just before"), default=()
    )
    place: Place = field(default_factory=lambda: Place(""), compare=False)

    @property
    def lists(self) -> dict[str, tuple[str, ...]]:
        """The lists that name somebody."""
        return {name: getattr(self, name) for name in UNITS if getattr(self, name)}


@dataclass(frozen=True, kw_only=True)
class Lot:
    """抽签 | drawn by lot among those who could have got it; several dates drawn by lot are a stepped wedge"""

    kind: ClassVar[str] = "lot"
    drawn: Text | None = term(TEXT, Text("抽签记录", "how, when and before whom it was drawn"), default=None)
    among: Where = term(WHERE, Text("候选范围", "who could have been drawn; everybody without"), default=())


@dataclass(frozen=True, kw_only=True)
class Threshold:
    """按线划定 | everybody on one side of a cut, nobody on the other"""

    kind: ClassVar[str] = "threshold"
    metric: str = term(REFERENCE, Text("依据指标", "the figure the rule looks at"))
    months: tuple[Month, ...] = term(MONTHS, Text("依据账期", "its months"))
    cut: Fraction = term(NUMBER_KIND, Text("界线", "the cut, in the unit in which the figure is shown"))
    among: Where = term(WHERE, Text("候选范围", "to whom the rule applied; everybody without"), default=())


@dataclass(frozen=True, kw_only=True)
class Low:
    """因低被选 | picked because a figure was low (or high): the very figure has to be named"""

    kind: ClassVar[str] = "low"
    metric: str = term(REFERENCE, Text("依据指标", "the figure that was looked at"))
    months: int = term(NATURAL, Text("依据月数", "how many months just before the start were looked at"), default=1)
    among: Where = term(WHERE, Text("候选范围", "among whom they were picked; everybody without"), default=())


@dataclass(frozen=True, kw_only=True)
class Unrelated:
    """与指标无关 | who and when was decided for a reason that has nothing to do with the figure"""

    kind: ClassVar[str] = "unrelated"
    reason: Text = term(TEXT, Text("原因", "the reason, so that others may doubt it"))
    among: Where = term(WHERE, Text("对照范围", "with whom they are compared; everybody else without"), default=())


@dataclass(frozen=True, kw_only=True)
class WholeFloor:
    """全员 | the whole floor, a company or a queue at once"""

    kind: ClassVar[str] = "whole_floor"
    control: Where = term(WHERE, Text("对照", "rows the action cannot have touched, such as a company"), default=())


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """凭判断 | somebody chose them and no rule was written down"""

    kind: ClassVar[str] = "judgement"
    note: Text | None = term(TEXT, Text("说明", "what is known of it"), default=None)


Picked = Lot | Threshold | Low | Unrelated | WholeFloor | Judgement
PICKS: Mapping[str, type] = {
    form.kind: form for form in (Lot, Threshold, Low, Unrelated, WholeFloor, Judgement)
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Further:
    """Another figure, looked at beside the first."""

    metric: str = term(REFERENCE, Text("指标", "what is measured"))
    margin: Fraction = term(NUMBER_KIND, Text("有意义的差别", "differences below do not matter"))


@dataclass(frozen=True, kw_only=True)
class Measured(Further):
    """The figure it is judged by, named in advance, and the window."""

    where: Where = term(WHERE, Text("范围", "which rows count; all without"), default=())
    further: tuple[Further, ...] = term(
        listed(formed(Further, "figure")),
        Text("其他指标", "further figures; Holm's rule keeps them honest"),
        default=(),
    )
    each: str = term(one_of("month", "week"), Text("周期", "the length of a period"), default="month")
    before: int = term(NATURAL, Text("之前周期数", "periods before that are compared"), default=3)
    after: int | None = term(
        NATURAL,
        Text("之后周期数", "periods after the start; without it and without `until` it has no end"),
        default=None,
    )


def _given(node: Node) -> Given:
    return replace(read_form(Given, node), place=node.place)


GIVEN = Kind(_given, schema_of(Given), "who and since when", forms={"": Given})


@dataclass(frozen=True, kw_only=True)
class Action:
    """An action as it is registered."""

    id: str = term(NAME, Text("编号", "its id"), key="action")
    kind: str = term(one_of(*KINDS), Text("种类", "what it is"))
    title: Text = term(TEXT, Text("名称", "its name"))
    answers: Gap | None = term(formed(Gap, "gap"), Text("针对的差距", "the gap it answers"), default=None)
    given: tuple[Given, ...] = term(listed(GIVEN), Text("对象与日期", "who got it, and since when"))
    picked: Picked = term(by_kind(PICKS, "picked"), Text("选人办法", "how they were picked"))
    measured: Measured = term(formed(Measured, "measured"), Text("衡量", "what it is judged by"))

    @property
    def unit(self) -> str:
        """The dimension of those who got it: agent, team, site, company or queue; '' for the whole floor."""
        named = {name for given in self.given for name in given.lists}
        return {"": "", "companies": "company"}.get(first := min(named, default=""), first[:-1])

    @property
    def names(self) -> tuple[str, ...]:
        """All who got it."""
        return tuple(name for given in self.given for names in given.lists.values() for name in names)

    @property
    def among(self) -> Where:
        """Within whom they are compared."""
        return getattr(self.picked, "among", ())
