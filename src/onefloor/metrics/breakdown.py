"""Every row accounted for: those that count as good, the others, and those a metric leaves out, with reasons.

``numerator + others + left out = rows``, always: what is left out of a figure is as easy to see as the figure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from onefloor.metrics import catalogue
from onefloor.metrics.cubes import Cubes
from onefloor.metrics.dimensions import Shown, Wanted, check_dimensions, filter_predicate, shown
from onefloor.metrics.engines import DuckDB, Engine, Sum
from onefloor.metrics.expressions import both, neither
from onefloor.metrics.grouping import Ask, Key, Run
from onefloor.metrics.measure import run_on, span_of
from onefloor.metrics.metric import Atom, Exclusion, Metric
from onefloor.metrics.prepared import Prepared
from onefloor.periods import Month, Period

FORMULAS: Final = ("F1", "F2", "F3", "F4")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Rows that a metric leaves out for one reason; a row counts under the first reason that fits it."""

    exclusion: Exclusion
    count: int


@dataclass(frozen=True, slots=True)
class Breakdown:
    """What became of the rows a metric looks at: ``rows = numerator + others + left out``.

    For a share of rows ``others`` are those of the denominator that are not in the numerator (not in time, say). For
    any other metric all rows of the denominator count alike: they stand in ``numerator``, and ``others`` is 0. Where a
    numerator has rows that the denominator has not (leavers of those who joined), they are not of these rows.
    """

    metric: Metric
    rows: int
    numerator: int
    others: int
    left_out: tuple[LeftOut, ...]

    @property
    def out(self) -> int:
        """How many rows are left out."""
        return sum(reason.count for reason in self.left_out)


def breakdown(
    prepared: Prepared,
    metric: str,
    where: Wanted | None = None,
    months: Iterable[Month] | Period | None = None,
    *,
    engine: Engine | None = None,
    without: Sequence[str] = (),
    scope: str = "",
    cubes: Cubes | None = None,
) -> Breakdown:
    """Account for every row behind a figure; all arguments as for ``measure``.

    Raises:
        As ``measure``.
    """
    asked = catalogue.metric(metric)
    chosen, days = span_of(prepared, months)
    kept = both(filter_predicate(where or {}, prepared.names), scope, days, neither(*without))
    check_dimensions([asked], (), [kept])
    parts = parts_of(asked)
    sums = tuple(dict.fromkeys(Sum(part) for part in parts))
    table = asked.population.table
    found = [0] * len(sums)
    for answer in run_on(prepared, chosen, engine or DuckDB(), cubes)(Ask(table, (), kept, sums, ())):
        found = [old + new for old, new in zip(found, answer.row(0), strict=True)]
    counts = dict(zip(sums, found, strict=True))
    rows, good, others, *out = (counts[Sum(part)] for part in parts)
    reasons = zip(asked.exclusions, out, strict=True)
    return Breakdown(asked, rows, good, others, tuple(LeftOut(reason, count) for reason, count in reasons))


def left_out(
    prepared: Prepared,
    metrics: Sequence[str],
    by: Sequence[str],
    where: Wanted | None = None,
    months: Iterable[Month] | Period | None = None,
    *,
    engine: Engine | None = None,
    scope: str = "",
    cubes: Cubes | None = None,
) -> dict[tuple[Shown, ...], dict[str, tuple[LeftOut, ...]]]:
    """What some metrics leave out, group by group; all arguments as for ``measure``.

    Returns:
        By the values of ``by`` and the metric's reference the reasons that fit a row at all; a group without is absent.

    Raises:
        As ``measure``.
    """
    asked = {reference.strip(): catalogue.metric(reference) for reference in metrics}
    chosen, days = span_of(prepared, months)
    kept = both(filter_predicate(where or {}, prepared.names), scope, days)
    check_dimensions(asked.values(), by, [kept])
    run = run_on(prepared, chosen, engine or DuckDB(), cubes)
    names = [prepared.names.of(name) for name in by]
    found: dict[tuple[Shown, ...], dict[str, tuple[LeftOut, ...]]] = {}
    for reference, metric in asked.items():
        for held, counts in _counts(metric, tuple(by), kept, run).items():
            key = tuple(shown(name, value, known) for name, value, known in zip(by, held, names, strict=True))
            reasons = zip(metric.exclusions, counts, strict=True)
            if listed := tuple(LeftOut(reason, count) for reason, count in reasons if count):
                found.setdefault(key, {})[reference] = listed
    return found


def formulas(
    prepared: Prepared,
    where: Wanted | None = None,
    months: Iterable[Month] | Period | None = None,
    *,
    within: str = "20s",
    short: str = "",
    engine: Engine | None = None,
    scope: str = "",
    cubes: Cubes | None = None,
) -> list[Breakdown]:
    """The four formulas of service level over the same rows, side by side: why two honest sides differ.

    Args:
        prepared: the measuring tables.
        where: as for ``measure``, as are ``months``, ``engine``, ``scope`` and ``cubes``.
        within: answered in time, a duration such as ``20s``.
        short: a short abandon; as ``within`` if left out.

    Raises:
        BadParameter: a text that is no duration; else as ``measure``.
    """
    limits = f"within={within}" + (f",short={short}" if short else "")
    return [
        breakdown(prepared, reference, where, months, engine=engine, scope=scope, cubes=cubes)
        for reference in (f"service_level:formula={formula},{limits}" for formula in FORMULAS)
    ]


def others_of(metric: Metric) -> Atom | None:
    """The rows of the denominator that are not in the numerator; None where the metric is no share of rows."""
    up, down = metric.numerator, metric.denominator
    if not isinstance(up, Atom) or down is None or up.table != down.table:
        return None
    if up.sum or down.sum or up.where == down.where:
        return None
    return Atom(down.table, both(down.where, neither(up.where)))


def reason_of(metric: Metric, name: str) -> Atom | None:
    """The rows that are left out for one reason and for none before it; None if the metric has no such reason."""
    before: list[str] = []
    for exclusion in metric.exclusions:
        if exclusion.name == name:
            return Atom(metric.population.table, both(exclusion.where, neither(*before)))
        before.append(exclusion.where)
    return None


def _counts(metric: Metric, by: tuple[str, ...], kept: str, run: Run) -> dict[Key, list[int]]:
    """How many rows each reason takes out, by group."""
    atoms = [atom for atom in (reason_of(metric, reason.name) for reason in metric.exclusions) if atom]
    if not atoms:
        return {}
    ask = Ask(metric.population.table, by, kept, tuple(Sum(atom.where) for atom in atoms), ())
    found: dict[Key, list[int]] = {}
    for answer in run(ask):
        for row in answer.iter_rows():
            before = found.get(row[: len(by)], [0] * len(atoms))
            found[row[: len(by)]] = [old + new for old, new in zip(before, row[len(by) :], strict=True)]
    return found


def parts_of(metric: Metric) -> list[str]:
    """Predicates of all rows, the good ones, the others, and each reason."""
    others = others_of(metric)
    counted = metric.population.where
    good = both(counted, metric.numerator.where) if others else counted
    reasons = [atom.where for atom in (reason_of(metric, e.name) for e in metric.exclusions) if atom]
    every = " or ".join(f"({part})" for part in (counted, *(e.where for e in metric.exclusions))) if counted else ""
    return [every, good, others.where if others else "False", *reasons]
