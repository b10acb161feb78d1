"""Rows that belong to no company, such as contacts abandoned in a queue before anybody took them.

No company's figure holds them, so figures of access by company flatter every company. How many they are is said beside
such figures, and where they are more than ``MOST`` of what a metric counts, companies are not told apart by it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from onefloor.findings import Figure
from onefloor.metrics.cubes import Cubes
from onefloor.metrics.dimensions import Wanted
from onefloor.metrics.engines import Engine
from onefloor.metrics.measure import measure
from onefloor.metrics.metric import Metric
from onefloor.metrics.prepared import Prepared
from onefloor.periods import Month, Period

MOST: Final = Fraction(1, 100)
NOBODYS: Final = "company == ''"


@dataclass(frozen=True, slots=True)
class Unassigned:
    """What a metric counts of nobody's rows, and of all: the denominator, or of a quantity the quantity itself."""

    metric: Metric
    nobodys: Figure
    everybodys: Figure

    @property
    def counted(self) -> Figure:
        """Nobody's rows of all that the metric counts."""
        if self.metric.denominator is None:
            return Figure(self.nobodys.numerator, self.everybodys.numerator)
        return Figure(self.nobodys.denominator, self.everybodys.denominator)

    @property
    def hits(self) -> Figure:
        """Nobody's part of the numerator: of abandonment the contacts that were abandoned."""
        return Figure(self.nobodys.numerator, self.everybodys.numerator)

    @property
    def too_many(self) -> bool:
        """Whether companies cannot be told apart by the metric, because more than ``MOST`` of its rows are nobody's."""
        share = self.counted.ratio
        return share is not None and share > MOST


def unassigned(
    prepared: Prepared,
    metrics: Sequence[str],
    where: Wanted | None = None,
    months: Iterable[Month] | Period | None = None,
    *,
    engine: Engine | None = None,
    cubes: Cubes | None = None,
) -> Mapping[str, Unassigned]:
    """How much of what some metrics count belongs to nobody, by reference as asked; arguments as of ``measure``.

    Filters by company are the caller's to leave out: nobody's rows have none.

    Raises:
        As ``measure``.
    """
    spans = months if months is None or isinstance(months, Period) else list(months)
    nobodys, all_ = (
        measure(prepared, metrics, (), where, spans, engine=engine, scope=scope, cubes=cubes) for scope in (NOBODYS, "")
    )
    return {
        name: Unassigned(metric, nobodys.rows[0].figures[name], all_.rows[0].figures[name])
        for name, metric in all_.metrics.items()
    }
