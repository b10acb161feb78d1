"""What a comparison is asked: a metric, companies, months, and which rows may be looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from onefloor.insight.cells import Cells, cells
from onefloor.metrics.cubes import Cubes
from onefloor.metrics.dimensions import Wanted
from onefloor.metrics.engines import Engine
from onefloor.metrics.prepared import Prepared
from onefloor.periods import Month, Period


@dataclass(frozen=True, slots=True)
class Asked:
    """What is measured of whom: the arguments of ``metrics.measure.measure`` that a comparison shares."""

    prepared: Prepared
    metric: str
    companies: tuple[str, ...]
    where: Wanted | None = None
    months: Sequence[Month] | Period | None = None
    engine: Engine | None = None
    without: tuple[str, ...] = ()
    scope: str = ""
    cubes: Cubes | None = None

    def cells(self, by: Sequence[str], metric: str = "") -> Cells:
        """The atoms of the metric, or of another one, of the same rows."""
        wanted = {**(self.where or {}), "company": self.companies}
        return cells(
            self.prepared, metric or self.metric, by, wanted, self.months,
            engine=self.engine, without=self.without, scope=self.scope, cubes=self.cubes,
        )  # fmt: skip
