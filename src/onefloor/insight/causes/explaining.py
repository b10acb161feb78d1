"""Explaining a change: its exact parts, the segments that stand out, the load on those present, what else happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from math import hypot

from onefloor.findings import Figure
from onefloor.insight.causes.clusters import Conditions, Sides, borne_out, sides
from onefloor.insight.causes.events import Event, at_the_same_time
from onefloor.insight.causes.leaves import Leaves, leaves_of
from onefloor.insight.causes.parts import NOTHING, Parts, Sums, rate_and_mix
from onefloor.insight.causes.search import DEPTH, LEAST_ROWS, Search, search
from onefloor.insight.causes.staffing import Load, depends_on_staffing, load
from onefloor.insight.cells import Cells, NotAdditive, cells
from onefloor.insight.charts.series import kind_of, last_final
from onefloor.insight.finding import Estimate
from onefloor.language import Text
from onefloor.metrics import catalogue
from onefloor.metrics.cubes import Cubes
from onefloor.metrics.dimensions import Shown, Wanted
from onefloor.metrics.engines import Engine
from onefloor.metrics.measure import measure
from onefloor.metrics.metric import Metric
from onefloor.metrics.prepared import Prepared
from onefloor.metrics.tables import ABSENT
from onefloor.metrics.uncertainty import DAYS_FROM, by_days
from onefloor.periods import Period, day_of
from onefloor.problems import Problem

SEARCHED = ("company", "site", "team", "tenure", "queue", "topic", "hour")
WAITED = ("company", "queue", "topic", "hour")  # a wait is over before anybody answers: teams and tenure made none
MIXED = ("company", "queue")
CLUSTERS = ("day", "agent")
TIMED = ("day", "week", "month")
COMPONENTS: Mapping[str, tuple[str, ...]] = {"aht": ("talk_time", "hold_time", "wrap_time")}
Z = 1.959964


class SamePeriod(Problem):
    """Two periods that share days."""

    def __init__(self) -> None:
        super().__init__(
            Text("两个账期有重叠的日子。", "The two periods share days."),
            remedy=Text("请为 --month 和 --against 选不同的账期。", "Give --month and --against different months."),
        )


class NothingToCompare(Problem):
    """A period in which nothing is final."""

    def __init__(self, period: Period) -> None:
        first, last = day_of(period.start), day_of(period.end - 1)
        super().__init__(
            Text(f"{first} 至 {last} 没有已确定的数据。", f"Nothing is final from {first} to {last}."),
            why=Text("没有分母就没有可比的数字。", "Without a denominator there is no figure to explain."),
            remedy=Text("请换一个账期，或检查 --where。", "Take other months, or check --where."),
        )


class SearchedByTime(Problem):
    """A search among days."""

    def __init__(self, dimension: str) -> None:
        super().__init__(
            Text(f"不能在“{dimension}”中查找原因。", f'Causes cannot be looked for by "{dimension}".'),
            why=Text("两个账期的日子各不相同。", "The two periods have no days in common."),
            remedy=Text("按天的变化请用 onefloor watch。", "For days there is onefloor watch."),
        )


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be explained: why ``metric`` was what it was ``after`` and not what it was ``before``.

    ``by`` are the dimensions whose mix is told apart, ``among`` those in which segments are looked for; empty for those
    the metric has.
    """

    metric: str
    before: Period
    after: Period
    by: tuple[str, ...] = ()
    among: tuple[str, ...] = ()
    depth: int = DEPTH
    where: Wanted = field(default_factory=dict)
    events: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True)
class Explained:
    """The answer: everything exact is a Fraction of the quotient (not yet times the metric's scale).

    ``segments`` are the parts of the segments that were found, in their order; ``rest`` is the rate part of all others,
    ``mix`` the mix part of all; together they are ``after - before``. ``mixes`` are the parts of the groups of ``by``.
    """

    asked: Question
    metric: Metric
    by: tuple[str, ...]
    among: tuple[str, ...]
    before: Sums
    after: Sums
    change: Estimate | None
    found: Search
    segments: tuple[Fraction, ...]
    rest: Fraction
    mix: Fraction
    mixes: Mapping[tuple[Shown, ...], Parts]
    shares: Mapping[tuple[Shown, ...], tuple[Fraction, Fraction]]
    components: Mapping[str, Fraction]
    load: Load | None
    events: tuple[Event, ...]
    cut: bool

    @property
    def exact(self) -> Fraction:
        """The change of the quotient."""
        return Fraction(*self.after) - Fraction(*self.before)

    @property
    def enough(self) -> bool:
        """Whether both periods have rows enough to say anything."""
        return min(self.before[1], self.after[1]) >= LEAST_ROWS

    @property
    def moved(self) -> bool:
        """Whether the whole moved beyond chance."""
        return self.change is not None and not self.change.low <= 0 <= self.change.high


def explain(
    prepared: Prepared, asked: Question, *, engine: Engine | None = None, scope: str = "", cubes: Cubes | None = None
) -> Explained:
    """Why a metric moved between two periods, and where.

    Raises:
        NotAdditive, SamePeriod, NothingToCompare, SearchedByTime; else as ``measure``.
    """
    metric = catalogue.metric(asked.metric)
    if not metric.additive or metric.denominator is None:
        raise NotAdditive(metric)
    if asked.before.start < asked.after.end and asked.after.start < asked.before.end:
        raise SamePeriod
    final = last_final(prepared, metric)
    before, after = (_final(period, final) for period in (asked.before, asked.after))
    by, among = asked.by or possible(metric, MIXED), asked.among or searched(metric)
    for name in (*by, *among):
        if name in TIMED:
            raise SearchedByTime(name)
    dimensions = tuple(dict.fromkeys((*among, *by)))

    def read(period: Period, dimensions: tuple[str, ...]) -> Cells:
        return cells(prepared, asked.metric, dimensions, asked.where, period, engine=engine, scope=scope, cubes=cubes)

    halves = [read(period, dimensions) for period in (before, after)]
    for side, period in zip(halves, (asked.before, asked.after), strict=True):
        if not len(side) or not side.denominator.sum():
            raise NothingToCompare(period)
    leaves = leaves_of(halves[0], halves[1], kind_of(metric))
    clusters = possible(metric, CLUSTERS)

    @cache
    def by_cluster(name: str, conditions: Conditions) -> Sides:
        where = {**asked.where, **{dimension: str(value) for dimension, value in conditions}}
        return sides(*(
            cells(prepared, asked.metric, (name,), where, period, engine=engine, scope=scope, cubes=cubes)
            for period in (before, after)
        ))  # fmt: skip

    def sure(conditions: Conditions, gate: float) -> bool:
        return borne_out(conditions, clusters, by_cluster, gate)

    found = search(_among(leaves, among), depth=asked.depth, borne_out=sure)
    days = [read(period, ("day",)) for period in (before, after)]
    sums = [(int(side.numerator.sum()), int(side.denominator.sum())) for side in halves]
    exact = exact_parts(leaves, by, found)
    return Explained(
        asked, metric, by, among, sums[0], sums[1], _change(days[0], days[1], sums), found,
        exact.segments, exact.rest, exact.mix, exact.mixes, exact.shares,
        _components(prepared, asked, before, after, engine, scope, cubes),
        load(prepared, before, after, asked.where, engine=engine, scope=scope, cubes=cubes)
        if depends_on_staffing(metric.name) else None,
        tuple(at_the_same_time(asked.events, asked.before, asked.after)),
        cut=(before, after) != (asked.before, asked.after),
    )  # fmt: skip


def searched(metric: Metric) -> tuple[str, ...]:
    """Where causes are looked for unless somebody says where: for what is decided by waiting, not among agents."""
    waits = "legs" in metric.tables and depends_on_staffing(metric.name)
    return possible(metric, WAITED if waits else SEARCHED)


def possible(metric: Metric, dimensions: Sequence[str]) -> tuple[str, ...]:
    """Those of some dimensions that all tables of a metric have."""
    absent = {name for table in metric.tables for name in ABSENT[table]}
    return tuple(name for name in dimensions if name not in absent)


def _final(period: Period, final: int) -> Period:
    if period.start >= final:
        raise NothingToCompare(period)
    return Period(period.start, min(period.end, final))


def _among(leaves: Leaves, among: Sequence[str]) -> Leaves:
    """The leaves with only the dimensions that are searched."""
    places = [leaves.dimensions.index(name) for name in among]
    return Leaves(
        tuple(among), tuple(leaves.names[at] for at in places), tuple(leaves.codes[at] for at in places), leaves.sums,
        leaves.kind,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ExactParts:
    """The exact parts of a change; see ``Explained``."""

    segments: tuple[Fraction, ...]
    rest: Fraction
    mix: Fraction
    mixes: Mapping[tuple[Shown, ...], Parts]
    shares: Mapping[tuple[Shown, ...], tuple[Fraction, Fraction]]


def exact_parts(leaves: Leaves, by: Sequence[str], found: Search) -> ExactParts:
    """The parts of a change, of groups ``by`` cut by the segments found, so that these have parts of their own."""
    before: dict[tuple[int, tuple[Shown, ...]], Sums] = {}
    after: dict[tuple[int, tuple[Shown, ...]], Sums] = {}
    axes = [leaves.dimensions.index(name) for name in by]
    segment = [0] * len(leaves)
    for number, one in enumerate(found.segments, 1):
        for place in one.leaves.nonzero()[0]:
            segment[place] = number
    for at, (above0, below0, above1, below1) in enumerate(leaves.sums.tolist()):
        key = segment[at], tuple(leaves.names[axis][leaves.codes[axis][at]] for axis in axes)
        before[key] = _plus(before.get(key), above0, below0)
        after[key] = _plus(after.get(key), above1, below1)
    parts = rate_and_mix(before, after)
    rates = [sum((part.rate for key, part in parts.items() if key[0] == number), Fraction(0))
             for number in range(len(found.segments) + 1)]  # fmt: skip
    groups: dict[tuple[Shown, ...], Parts] = {}
    for (_, group), part in parts.items():
        groups[group] = groups.get(group, NOTHING) + part
    mix = sum((part.mix for part in parts.values()), Fraction(0))
    return ExactParts(tuple(rates[1:]), rates[0], mix, groups, _shares(before, after))


def _plus(held: Sums | None, above: int, below: int) -> Sums:
    return (above, below) if held is None else (held[0] + above, held[1] + below)


def _shares(
    before: Mapping[tuple[int, tuple[Shown, ...]], Sums], after: Mapping[tuple[int, tuple[Shown, ...]], Sums]
) -> dict[tuple[Shown, ...], tuple[Fraction, Fraction]]:
    """Every group's share of all denominators, before and after."""
    totals = [sum(below for _, below in side.values()) for side in (before, after)]
    found: dict[tuple[Shown, ...], tuple[Fraction, Fraction]] = {}
    for key in before:
        old, new = found.get(key[1], (Fraction(0), Fraction(0)))
        found[key[1]] = (
            old + Fraction(before[key][1], totals[0]), new + Fraction(after[key][1], totals[1])
        )  # fmt: skip
    return found


def _change(before: Cells, after: Cells, sums: Sequence[Sums]) -> Estimate | None:
    """The change of the quotient with its interval, days being what was sampled; None for too few days."""
    halves = []
    for side in (before, after):
        rows = zip(side.numerator.tolist(), side.denominator.tolist(), strict=True)
        days = [Figure(above, below) for above, below in rows if below]
        if len(days) < DAYS_FROM:
            return None
        low, high = by_days(days)
        halves.append(float(high - low) / 2)
    value, half = float(Fraction(*sums[1]) - Fraction(*sums[0])), hypot(*halves)
    return Estimate(value, value - half, value + half)


def _components(
    prepared: Prepared, asked: Question, before: Period, after: Period, engine: Engine | None, scope: str,
    cubes: Cubes | None,
) -> dict[str, Fraction]:  # fmt: skip
    """What talk, hold and after-call work add to a change of the handling time: they have one denominator."""
    name = asked.metric.partition(":")[0]
    if name not in COMPONENTS or ":" in asked.metric:
        return {}
    sides = []
    for period in (before, after):
        (row,) = measure(
            prepared, COMPONENTS[name], (), asked.where, period, engine=engine, scope=scope, cubes=cubes
        ).rows
        sides.append({part: row.figures[part].ratio for part in COMPONENTS[name]})
    return {part: (sides[1][part] or Fraction(0)) - (sides[0][part] or Fraction(0)) for part in COMPONENTS[name]}
