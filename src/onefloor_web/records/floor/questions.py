"""What pages ask: figures, trends, rows, the week, reasons, names to choose from, freshness. Each says who asks.

Every answer is the core's own (``onefloor.metrics``), limited to the viewer's rows and names, and kept by data version,
scope and question. A vendor's answers hold no name of another company, not even in the words of a refusal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, TypeVar

from django.conf import settings

from onefloor.findings import Answers, Figure, Question, Scope
from onefloor.insight.charts import watching as charts
from onefloor.metrics import breakdown as breakdowns
from onefloor.metrics import contacts as conversations
from onefloor.metrics import freshness as reaches
from onefloor.metrics import heat_map as weeks
from onefloor.metrics import measure as measuring
from onefloor.metrics import questions as clauses
from onefloor.metrics import rows as listings
from onefloor.metrics import trends, visible
from onefloor.metrics import unassigned as lost
from onefloor.metrics.dimensions import Shown, Wanted
from onefloor.metrics.prepare import is_current
from onefloor.metrics.reader import Reader, Reading
from onefloor.metrics.removed import RowsRemoved
from onefloor.periods import Month, Period
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.records.floor.cache import Cache
from onefloor_web.records.floor.scopes import NothingToSee, scope_of

Months = Iterable[Month] | Period | None
Answer = TypeVar("Answer")

KEPT: Final = 192  # answers a process keeps; the largest, a page of 1,000 agents, has about a megabyte
PAGE: Final = 200  # rows of a page at most; longer listings are for files and not kept
_CACHE: Final = Cache(KEPT)


@dataclass(frozen=True, slots=True)
class Freshness:
    """How fresh the facts are for a viewer.

    Attributes:
        reach: how far the records of the viewer's company (for the client: of all) reach, and the days they lack.
        behind: whether something was loaded that is not measured yet; figures are then those of before.
        data_version: of which facts every figure speaks.
    """

    reach: reaches.Freshness
    behind: bool
    data_version: str


def figures(
    viewer: Viewer,
    metrics: Sequence[str],
    by: Sequence[str] = (),
    where: Wanted | None = None,
    months: Months = None,
    *,
    without: Sequence[str] = (),
) -> measuring.Measurement:
    """The figures of some metrics; arguments and problems as of ``onefloor.metrics.measure.measure``."""
    filters, spans = _plain(where), _spans(months)

    def ask(on: Reading, scope: str) -> measuring.Measurement:
        return measuring.measure(
            on.prepared, metrics, by, dict(filters), spans,
            engine=on.engine, without=without, scope=scope, cubes=on.cubes,
        )  # fmt: skip

    return _answered(viewer, ("figures", tuple(metrics), tuple(by), filters, spans, tuple(without)), ask)


def trend(
    viewer: Viewer,
    metrics: Sequence[str],
    last: int,
    by: Sequence[str] = (),
    where: Wanted | None = None,
    *,
    unit: trends.Unit = "month",
    periods: int = trends.PERIODS,
) -> trends.Trend:
    """Figures period by period up to the one of a day; as ``onefloor.metrics.trends.trend``."""
    filters = _plain(where)

    def ask(on: Reading, scope: str) -> trends.Trend:
        return trends.trend(
            on.prepared, metrics, last, by, dict(filters),
            unit=unit, periods=periods, engine=on.engine, scope=scope, cubes=on.cubes,
        )  # fmt: skip

    return _answered(viewer, ("trend", tuple(metrics), last, tuple(by), filters, unit, periods), ask)


def rows(
    viewer: Viewer,
    metric: str,
    side: listings.Side = "numerator",
    where: Wanted | None = None,
    months: Months = None,
    *,
    limit: int | None = 50,
    offset: int = 0,
    reason: str = "",
) -> listings.Listed:
    """The rows behind one side of a figure; as ``onefloor.metrics.rows.rows``. Whoever shows them logs the opening."""
    filters, spans = _plain(where), _spans(months)

    def ask(on: Reading, scope: str) -> listings.Listed:
        return listings.rows(
            on.prepared, on.floor, metric, side, dict(filters), spans, limit, offset,
            engine=on.engine, scope=scope, reason=reason,
        )  # fmt: skip

    kept = limit is not None and limit <= PAGE
    return _answered(viewer, ("rows", metric, side, filters, spans, limit, offset, reason), ask, kept=kept)


def search(viewer: Viewer, wish: conversations.Wish, *, limit: int | None = 50, offset: int = 0) -> conversations.Legs:
    """Legs by time, code and outcome; as ``onefloor.metrics.contacts.search``. Whoever shows them logs the opening."""
    on, scope = _seen(viewer)
    return conversations.search(on.prepared, on.floor, wish, limit, offset, engine=on.engine, scope=scope)


def contact(viewer: Viewer, code: str) -> conversations.Contact | None:
    """One contact with its legs; as ``onefloor.metrics.contacts.contact``. Whoever shows it logs the opening."""
    on, scope = _seen(viewer)
    return conversations.contact(on.prepared, on.floor, code, engine=on.engine, scope=scope)


def has_contact(viewer: Viewer, code: str) -> bool:
    """Whether a contact of this id has a leg in the viewer's rows: nothing is told of it, so it is no opening."""
    on, scope = _seen(viewer)
    return conversations.is_contact(on.prepared, on.floor, code, engine=on.engine, scope=scope)


def heat_map(viewer: Viewer, metric: str, where: Wanted | None = None, months: Months = None) -> weeks.HeatMap:
    """A metric by half hour and weekday; as ``onefloor.metrics.heat_map.heat_map``."""
    filters, spans = _plain(where), _spans(months)

    def ask(on: Reading, scope: str) -> weeks.HeatMap:
        return weeks.heat_map(on.prepared, metric, dict(filters), spans, engine=on.engine, scope=scope, cubes=on.cubes)

    return _answered(viewer, ("heat map", metric, filters, spans), ask)


def breakdown(viewer: Viewer, metric: str, where: Wanted | None = None, months: Months = None) -> breakdowns.Breakdown:
    """All rows a metric looks at: counted, others, left out and why; as ``onefloor.metrics.breakdown.breakdown``."""
    filters, spans = _plain(where), _spans(months)

    def ask(on: Reading, scope: str) -> breakdowns.Breakdown:
        return breakdowns.breakdown(
            on.prepared, metric, dict(filters), spans, engine=on.engine, scope=scope, cubes=on.cubes
        )

    return _answered(viewer, ("breakdown", metric, filters, spans), ask)


def left_out(
    viewer: Viewer, metrics: Sequence[str], by: Sequence[str], where: Wanted | None = None, months: Months = None
) -> dict[tuple[Shown, ...], dict[str, tuple[breakdowns.LeftOut, ...]]]:
    """What some metrics leave out and why, group by group; as ``onefloor.metrics.breakdown.left_out``."""
    filters, spans = _plain(where), _spans(months)

    def ask(on: Reading, scope: str) -> dict[tuple[Shown, ...], dict[str, tuple[breakdowns.LeftOut, ...]]]:
        return breakdowns.left_out(
            on.prepared, metrics, by, dict(filters), spans, engine=on.engine, scope=scope, cubes=on.cubes
        )

    return _answered(viewer, ("left out", tuple(metrics), tuple(by), filters, spans), ask)


def watched(
    viewer: Viewer,
    metric: str,
    by: Sequence[str],
    where: Wanted | None,
    judged: Period,
    *,
    budget: float,
) -> charts.Watched:
    """A chart of days for every group of a metric; as ``onefloor.insight.charts.watching.watch``."""
    filters = _plain(where)

    def ask(on: Reading, scope: str) -> charts.Watched:
        asked = charts.Asked(metric, judged, tuple(by), dict(filters), budget=budget)
        return charts.watch(on.prepared, asked, engine=on.engine, scope=scope, cubes=on.cubes)

    return _answered(viewer, ("watched", metric, tuple(by), filters, judged, budget), ask)


def unassigned(
    viewer: Viewer, metrics: Sequence[str], where: Wanted | None = None, months: Months = None
) -> Mapping[str, lost.Unassigned]:
    """Nobody's part of what metrics count, for who sees all companies; as ``onefloor.metrics.unassigned.unassigned``.

    Raises:
        NothingToSee: the viewer sees one company only: what is nobody's there is other companies' business.
    """
    filters, spans = _plain(where), _spans(months)
    if scope_of(viewer).predicate():
        raise NothingToSee("nobody's rows are of all companies")

    def ask(on: Reading, _scope: str) -> Mapping[str, lost.Unassigned]:
        return lost.unassigned(on.prepared, metrics, dict(filters), spans, engine=on.engine, cubes=on.cubes)

    return _answered(viewer, ("unassigned", tuple(metrics), filters, spans), ask)


def shared_unassigned(viewer: Viewer, metric: str, queues: Sequence[str], months: Months = None) -> Figure | None:
    """Nobody's figure in queues that a company takes part in, and whose contacts its agreement counts.

    Which those are is the caller's to know; queues without a row of the company are refused here. None where the rows
    are gone.

    Raises:
        NothingToSee: the viewer is limited to a part of the company, or has no row in one of the queues.
    """
    scope, spans = scope_of(viewer), _spans(months)
    if scope.where or not queues or not set(queues) <= set(choices(viewer)["queue"]):
        raise NothingToSee("a company is told of the queues it takes part in")
    shared = Scope("", (("queue", tuple(queues)),)).predicate()

    def ask(on: Reading, _scope: str) -> Figure | None:
        try:
            found = measuring.measure(
                on.prepared, [metric], (), None, spans, engine=on.engine, scope=shared, cubes=on.cubes
            )
        except RowsRemoved:
            return None
        return found.rows[0].figures[metric]

    return _answered(viewer, ("shared unassigned", metric, tuple(queues), spans), ask)


def formulas(
    viewer: Viewer, where: Wanted | None = None, months: Months = None, *, within: str = "20s", short: str = ""
) -> list[breakdowns.Breakdown]:
    """The four formulas of service level side by side; as ``onefloor.metrics.breakdown.formulas``."""
    filters, spans = _plain(where), _spans(months)

    def ask(on: Reading, scope: str) -> list[breakdowns.Breakdown]:
        return breakdowns.formulas(
            on.prepared, dict(filters), spans, within=within, short=short, engine=on.engine, scope=scope, cubes=on.cubes
        )

    return _answered(viewer, ("formulas", filters, spans, within, short), ask)


def answers(viewer: Viewer, asked: Iterable[Question]) -> Answers:
    """The figures of what clauses ask, as a settlement has them; as ``onefloor.metrics.questions.answer``.

    Raises:
        NothingToSee: a question speaks of another company than the viewer's, or of all.
    """
    questions = tuple(sorted(set(asked), key=repr))
    own = scope_of(viewer).company
    if own is not None and any(question.scope.company != own for question in questions):
        raise NothingToSee("a vendor asks for its own company")

    def ask(on: Reading, _scope: str) -> Answers:
        return clauses.answer(on.prepared, questions, engine=on.engine)

    return _answered(viewer, ("answers", questions), ask)


def choices(viewer: Viewer) -> dict[str, list[str]]:
    """The names a viewer can filter by, by dimension: those that occur in the viewer's own rows."""
    return visible.choices(_seen(viewer)[0].prepared)


def freshness(viewer: Viewer) -> Freshness:
    """How far the facts reach, which days are missing, and whether figures lag behind what was loaded."""
    scope = scope_of(viewer)
    on = _reader(settings.FLOOR).reading()
    version = on.prepared.data_version

    def ask() -> reaches.Freshness:
        return reaches.freshness(on.prepared, on.floor, engine=on.engine, cubes=on.cubes)

    reach = _CACHE.answer((settings.FLOOR, version, "freshness"), ask)
    own = reach if scope.company is None else reach.of(scope.company)
    return Freshness(own, not is_current(on.floor), version)


def months(viewer: Viewer) -> list[Month]:
    """The months that hold contacts, or whose sums stayed when their rows went, oldest first."""
    scope_of(viewer)
    return _reader(settings.FLOOR).reading().prepared.months_with_sums


def months_for(viewer: Viewer) -> list[Month]:
    """The same, and none for a viewer whose roles give no rows."""
    try:
        return months(viewer)
    except NothingToSee:
        return []


def data_version(viewer: Viewer) -> str:
    """Of which facts the figures speak now."""
    scope_of(viewer)
    return _reader(settings.FLOOR).reading().prepared.data_version


def tables(viewer: Viewer, company: str) -> Reading:
    """The whole floor, for settling an agreement with a company: its terms say whose rows are asked for.

    Whoever settles refuses questions that look at others' rows (``onefloor.agreements.shared_rows``).

    Raises:
        NothingToSee: the viewer is of another vendor, or holds no role that looks at rows.
    """
    scope_of(viewer)
    if not viewer.client and viewer.code != company:
        raise NothingToSee(f"{viewer.code} does not settle with {company}")
    return _reader(settings.FLOOR).reading()


def as_known(viewer: Viewer) -> Reading:
    """The floor with the names a viewer may know: those in the viewer's own rows."""
    return _seen(viewer)[0]


def forget() -> None:
    """Forget every answer of this process: the next questions cost what they cost after a load."""
    _CACHE.clear()


@lru_cache(maxsize=4)
def _reader(root: Path) -> Reader:
    """The floor of this process, opened once."""
    return Reader(root)


def _seen(viewer: Viewer) -> tuple[Reading, str]:
    """The floor as a viewer may know it, and the predicate of the viewer's rows."""
    scope = scope_of(viewer).predicate()
    on = _reader(settings.FLOOR).reading()

    def ask() -> Any:
        return visible.visible_to(on.prepared, scope, engine=on.engine, cubes=on.cubes)

    prepared = _CACHE.answer((settings.FLOOR, on.prepared.data_version, "names", scope), ask)
    return replace(on, prepared=prepared), scope


def _answered(
    viewer: Viewer, question: tuple[Any, ...], ask: Callable[[Reading, str], Answer], *, kept: bool = True
) -> Answer:
    on, scope = _seen(viewer)
    if not kept:
        return ask(on, scope)
    return _CACHE.answer((settings.FLOOR, on.prepared.data_version, scope, question), lambda: ask(on, scope))


def _plain(where: Wanted | None) -> tuple[tuple[str, tuple[str | int, ...]], ...]:
    """Filters as a key: the order in which they were given means nothing."""
    listed = {
        name: (values,) if isinstance(values, str | int) else tuple(values) for name, values in (where or {}).items()
    }
    return tuple(sorted((name, tuple(sorted(values, key=str))) for name, values in listed.items()))


def _spans(months: Months) -> tuple[Month, ...] | Period | None:
    return months if months is None or isinstance(months, Period) else tuple(months)
