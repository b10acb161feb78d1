"""The week at a glance: a metric by half hour of the day and weekday."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from onefloor.findings import Figure
from onefloor.metrics.cubes import Cubes
from onefloor.metrics.dimensions import Wanted
from onefloor.metrics.engines import Engine
from onefloor.metrics.measure import measure
from onefloor.metrics.metric import Metric
from onefloor.metrics.prepared import Prepared
from onefloor.periods import Month, Period

WEEKDAYS = range(1, 8)  # 1 = Monday


@dataclass(frozen=True, slots=True)
class HeatMap:
    """One metric by half hour and weekday.

    ``intervals`` (``09:30``) run without a gap from the first to the last half hour that has rows; a cell without rows
    is not in ``cells``, whose keys are ``(interval, weekday)``.
    """

    metric: Metric
    intervals: tuple[str, ...]
    cells: Mapping[tuple[str, int], Figure]
    data_version: str


def heat_map(
    prepared: Prepared,
    metric: str,
    where: Wanted | None = None,
    months: Iterable[Month] | Period | None = None,
    *,
    engine: Engine | None = None,
    without: Sequence[str] = (),
    scope: str = "",
    cubes: Cubes | None = None,
) -> HeatMap:
    """A metric by half hour and weekday; all arguments as for ``measure``.

    Raises:
        As ``measure``; NotGroupable: what the metric counts has no time of day.
    """
    found = measure(
        prepared, [metric], ("interval", "weekday"), where, months,
        engine=engine, without=without, scope=scope, cubes=cubes,
    )  # fmt: skip
    ((name, asked),) = found.metrics.items()
    cells = {(str(row.key["interval"]), int(row.key["weekday"] or 0)): row.figures[name] for row in found.rows}
    return HeatMap(asked, _without_gaps(interval for interval, _ in cells), cells, found.data_version)


def _without_gaps(intervals: Iterable[str]) -> tuple[str, ...]:
    held = [_number(interval) for interval in intervals]
    return tuple(f"{n // 2:02d}:{n % 2 * 30:02d}" for n in range(min(held), max(held) + 1)) if held else ()


def _number(interval: str) -> int:
    hours, minutes = interval.split(":")
    return int(hours) * 2 + int(minutes) // 30
