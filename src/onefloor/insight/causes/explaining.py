"""Explaining a change: its exact parts, the segments that stand out, the load on those present, what else happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import hypot

from onefloor.findings import Figure
from onefloor.insight.causes.clusters import Conditions, Sides, asked_of, borne_out, sides
from onefloor.insight.causes.dividing import ExactParts, exact_parts
from onefloor.insight.causes.events import Event, at_the_same_time
from onefloor.insight.causes.leaves import Leaves, leaves_of
from onefloor.insight.causes.parts import Parts, Sums
from onefloor.insight.causes.search import DEPTH, LEAST_ROWS, Search, search
from onefloor.insight.causes.staffing import Load, depends_on_staffing, load
from onefloor.insight.cells import Cells, NotAdditive, cells, row_size
from onefloor.insight.charts.series import kind_of, last_final
from onefloor.insight.charts.unowned import COMPANY, nobodys
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
from onefloor.metrics.unassigned import Unassigned
from onefloor.metrics.uncertainty import DAYS_FROM, by_days
from onefloor.periods import Period, day_of
from onefloor.problems import Problem

SEARCHED = ("company", "site", "team", "tenure", "queue", "topic", "hour")
WAITED = ("company", "queue", "topic", "hour")  # a wait is over before anybody answers: teams and tenure made none
MIXED = ("company", "queue")
CLUSTERS = ("day", "agent")
TIMED = ("day", "week", "month")
COMPONENTS: Mapping[str, tuple[str, ...]] = {"aht": ("talk_time", "hold_time", "wrap_time")}


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

    ``segments``, ``rest`` and ``mix`` together are ``after - before``. ``cut``: days that are not final were left out;
    ``days`` are those that were not. ``witnesses`` are the dimensions (day, agent) that bear out what is named.
    ``unowned``: so many rows are nobody's that companies are not told apart.
    """

    asked: Question
    metric: Metric
    by: tuple[str, ...]
    among: tuple[str, ...]
    before: Sums
    after: Sums
    change: Estimate | None
    found: Search
    exact_parts: ExactParts
    components: Mapping[str, Fraction]
    load: Load | None
    events: tuple[Event, ...]
    cut: bool
    days: int
    witnesses: tuple[str, ...] = ()
    unowned: Unassigned | None = None

    @property
    def segments(self) -> tuple[Fraction, ...]:
        """The rate parts of the segments, in the order found."""
        return self.exact_parts.segments

    @property
    def rest(self) -> Fraction:
        """The rate part of everything else."""
        return self.exact_parts.rest

    @property
    def mix(self) -> Fraction:
        """The mix part of everything."""
        return self.exact_parts.mix

    @property
    def mixes(self) -> Mapping[tuple[Shown, ...], Parts]:
        """The parts of the groups of ``by``."""
        return self.exact_parts.mixes

    @property
    def shares(self) -> Mapping[tuple[Shown, ...], tuple[Fraction, Fraction]]:
        """Every group's share of all denominators, before and after."""
        return self.exact_parts.shares

    @property
    def exact(self) -> Fraction:
        """The change of the quotient."""
        return Fraction(*self.after) - Fraction(*self.before)

    @property
    def enough(self) -> bool:
        """Whether both periods have rows enough to say anything."""
        return min(self.before[1], self.after[1]) >= LEAST_ROWS * row_size(self.metric)

    @property
    def moved(self) -> bool:
        """Whether the whole moved beyond chance."""
        return self.change is not None and not self.change.low <= 0 <= self.change.high


@dataclass(frozen=True, slots=True)
class _Asking:
    """A question with what answers it: the final days of both periods, and how they are read."""

    asked: Question
    prepared: Prepared
    periods: tuple[Period, Period]
    engine: Engine | None
    scope: str
    cubes: Cubes | None

    def read(self, dimensions: tuple[str, ...], conditions: Conditions = ()) -> list[Cells]:
        """The cells of both periods, narrowed further by some conditions."""
        where = {**self.asked.where, **{name: str(value) for name, value in conditions}}
        return [
            cells(
                self.prepared, self.asked.metric, dimensions, where, period,
                engine=self.engine, scope=self.scope, cubes=self.cubes,
            )
            for period in self.periods
        ]  # fmt: skip


def explain(
    prepared: Prepared, asked: Question, *, engine: Engine | None = None, scope: str = "", cubes: Cubes | None = None
) -> Explained:
    """Why a metric moved between two periods, and where.

    Raises:
        NotAdditive, SamePeriod, NothingToCompare, SearchedByTime, NotByCompany; else as ``measure``.
    """
    metric = _checked(asked)
    final = last_final(prepared, metric)
    periods = _final(asked.before, final), _final(asked.after, final)
    asking = _Asking(asked, prepared, periods, engine, scope, cubes)
    unowned = None if scope else _unowned(asking)  # who may see one company is told of that company
    by, among = _dimensions(asked, metric, by_company=unowned is None)
    halves = asking.read(tuple(dict.fromkeys((*among, *by))))
    for side, period in zip(halves, (asked.before, asked.after), strict=True):
        if not side.denominator.sum():
            raise NothingToCompare(period)
    leaves = leaves_of(halves[0], halves[1], kind_of(metric))
    opinion = _Opinion(asking, possible(metric, CLUSTERS))
    found = search(_among(leaves, among), depth=asked.depth, borne_out=opinion.sure)
    sums = [(int(side.numerator.sum()), int(side.denominator.sum())) for side in halves]
    return Explained(
        asked=asked,
        metric=metric,
        by=by,
        among=among,
        before=sums[0],
        after=sums[1],
        change=_change(asking.read(("day",)), sums),
        found=found,
        exact_parts=exact_parts(leaves, by, found),
        components=_components(asking),
        load=_load(asking, metric),
        events=tuple(at_the_same_time(asked.events, asked.before, asked.after)),
        cut=periods != (asked.before, asked.after),
        days=sum(map(len, periods)),
        witnesses=opinion.witnesses if found.segments else (),
        unowned=unowned,
    )


def _checked(asked: Question) -> Metric:
    metric = catalogue.metric(asked.metric)
    if not metric.additive or metric.denominator is None:
        raise NotAdditive(metric)
    if asked.before.start < asked.after.end and asked.after.start < asked.before.end:
        raise SamePeriod
    for name in (*asked.by, *asked.among):
        if name in TIMED:
            raise SearchedByTime(name)
    return metric


@dataclass(frozen=True, slots=True)
class _Opinion:
    """Do days and agents bear a segment out, as far as the metric's rows know them."""

    asking: _Asking
    clusters: tuple[str, ...]
    read_before: dict[tuple[str, Conditions], Sides] = field(default_factory=dict)

    def read(self, name: str, conditions: Conditions) -> Sides:
        """The sums of every cluster, read once."""
        key = (name, conditions)
        if key not in self.read_before:
            self.read_before[key] = sides(*self.asking.read((name,), conditions))
        return self.read_before[key]

    def sure(self, conditions: Conditions, gate: float) -> bool:
        """Whether all that can be asked bear it out."""
        return borne_out(conditions, self.clusters, self.read, gate)

    @property
    def witnesses(self) -> tuple[str, ...]:
        """What can be asked: days, and agents where hardly any row lacks one."""
        return asked_of(self.clusters, self.read)


def _unowned(asking: _Asking) -> Unassigned | None:
    """Rows that are nobody's, where they are too many in one of the periods to tell companies apart.

    Raises:
        NotByCompany: one company is asked for.
    """
    asked, engine, cubes = asking.asked, asking.engine, asking.cubes
    found = [
        nobodys(asking.prepared, asked.metric, MIXED, asked.where, period, engine=engine, cubes=cubes)
        for period in asking.periods
    ]
    return next((one for one in found if one is not None), None)


def _dimensions(asked: Question, metric: Metric, *, by_company: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Whose mix is told apart and where segments are looked for; not companies where they cannot be told apart."""
    usual = possible(metric, MIXED), searched(metric)
    if by_company:
        return asked.by or usual[0], asked.among or usual[1]
    kept = [tuple(name for name in names if name != COMPANY) for names in (asked.by, asked.among, *usual)]
    return kept[0] or kept[2], kept[1] or kept[3]


def _load(asking: _Asking, metric: Metric) -> Load | None:
    if not depends_on_staffing(metric.name):
        return None
    before, after = asking.periods
    return load(
        asking.prepared, before, after, asking.asked.where,
        engine=asking.engine, scope=asking.scope, cubes=asking.cubes,
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
        leaves.kind, leaves.row,
    )  # fmt: skip


def _change(sides: Sequence[Cells], sums: Sequence[Sums]) -> Estimate | None:
    """The change of the quotient with its interval, days being what was sampled; None for too few days."""
    halves = []
    for side in sides:
        rows = zip(side.numerator.tolist(), side.denominator.tolist(), strict=True)
        days = [Figure(above, below) for above, below in rows if below]
        if len(days) < DAYS_FROM:
            return None
        low, high = by_days(days)
        halves.append(float(high - low) / 2)
    value, half = float(Fraction(*sums[1]) - Fraction(*sums[0])), hypot(*halves)
    return Estimate(value, value - half, value + half)


def _components(asking: _Asking) -> dict[str, Fraction]:
    """What talk, hold and after-call work add to a change of the handling time: they have one denominator."""
    names = COMPONENTS.get(asking.asked.metric, ())
    if not names:
        return {}
    before, after = (
        measure(
            asking.prepared, names, (), asking.asked.where, period,
            engine=asking.engine, scope=asking.scope, cubes=asking.cubes,
        ).rows[0].figures
        for period in asking.periods
    )  # fmt: skip
    return {name: (after[name].ratio or Fraction(0)) - (before[name].ratio or Fraction(0)) for name in names}
