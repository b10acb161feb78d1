"""What replications counted, and the figures that follow, with intervals."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from onefloor.insight.finding import Estimate
from onefloor.planning.simulation.memory import (
    ABANDONED,
    ANSWERED,
    COUNTS,
    IN_TIME,
    OF_ANSWERED,
    SHORT,
    Block,
    Layout,
)
from onefloor.planning.simulation.model import Model
from onefloor.planning.simulation.presence import staffed
from onefloor.planning.simulation.tables import Compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
LEVEL = 0.95
COUNTED = ("counts", "waits", "served", "by_group", "work")  # what a replication counts, by its name in the block
OF_QUEUES = ("counts", "waits", "served")


@dataclass(frozen=True, slots=True)
class Result:
    """Counts of each replication: R replications, T types, P intervals, G groups.

    ``counts`` (R, T, P, 11) contacts by interval of arrival, in the order of ``COUNTS``. ``waits`` (R, T, P, 2) sums of
    waits of the answered and of the lost. ``served`` (R, T, G, 2) answered and in time; ``by_group`` (R, G, P, 2) the
    same by interval. ``work`` (R, G, P + 1, 2) time with customers and after-call; the last column is after the
    horizon. ``presence`` (G, P) time at work, as planned. Times as in the model.
    """

    model: Model
    seed: int
    counts: Ints
    waits: Floats
    served: Ints
    by_group: Ints
    work: Floats
    presence: Floats

    @property
    def replications(self) -> int:
        """How many there are."""
        return len(self.counts)

    def first(self, replications: int) -> Result:
        """The first replications alone."""
        kept: dict[str, Any] = {name: getattr(self, name)[:replications] for name in COUNTED}
        return replace(self, **kept)

    def note(self, replication: int, compiled: Compiled, parts: Layout, found: Block) -> None:
        """Write down what a replication counted, queues summed to types."""
        for name in COUNTED:
            into = getattr(self, name)
            values = parts.of(found.w if into.dtype == np.int64 else found.f, name)
            into[replication] = _of_types(compiled, values) if name in OF_QUEUES else values

    def count(self, name: str, kind: int | None = None, interval: int | None = None) -> Floats:
        """Contacts of one kind of ``COUNTS`` in each replication, shape (R,), without the warm-up."""
        return self._sum(self.counts[..., COUNTS.index(name)], kind, interval)

    def service_level(self, kind: int | None = None, interval: int | None = None) -> Estimate | None:
        """Service level as each type's rule has it, a share; None where no contact counts."""
        above, below = self.sides(kind, interval)
        return ratio(above, below)

    def abandonment(self, kind: int | None = None, interval: int | None = None) -> Estimate | None:
        """Abandoned / offered, a share."""
        return ratio(self.count("abandoned", kind, interval), self.count("offered", kind, interval))

    def speed_of_answer(self, kind: int | None = None, interval: int | None = None) -> Estimate | None:
        """Mean wait of the answered."""
        waits = self._sum(self.waits[..., OF_ANSWERED], kind, interval)
        return ratio(waits, self.count("answered", kind, interval))

    def occupancy(self, groups: list[int] | None = None, interval: int | None = None) -> Estimate | None:
        """Work inside the horizon / time at work as planned, a share; of some groups, or all."""
        chosen = slice(None) if groups is None else groups
        columns = slice(self.model.warm_intervals, -1) if interval is None else slice(interval, interval + 1)
        work = self.work.sum(axis=-1)[:, chosen, columns]
        columns = slice(self.model.warm_intervals, None) if interval is None else columns
        present = float(self.presence[chosen, columns].sum())
        return ratio(work.sum(axis=(1, 2)), np.full(self.replications, present))

    def answered_by(self, groups: list[int], interval: int | None = None) -> Floats:
        """Contacts that these groups answered in each replication, by interval of arrival, shape (R,)."""
        return self._of_groups(groups, interval, 0)

    def in_time_by(self, groups: list[int], interval: int | None = None) -> Estimate | None:
        """Of the contacts that these groups answered, the share that was answered in time."""
        return ratio(self._of_groups(groups, interval, 1), self._of_groups(groups, interval, 0))

    def of_company(self, company: str) -> list[int]:
        """The numbers of a company's groups."""
        return [number for number, group in enumerate(self.model.groups) if group.company == company]

    def _of_groups(self, groups: list[int], interval: int | None, which: int) -> Floats:
        columns = slice(self.model.warm_intervals, None) if interval is None else slice(interval, interval + 1)
        return np.asarray(self.by_group[..., which][:, groups, columns].sum(axis=(1, 2)), dtype=np.float64)

    def _sum(self, values: NDArray[Any], kind: int | None, interval: int | None) -> Floats:
        rows = slice(None) if kind is None else slice(kind, kind + 1)
        columns = slice(self.model.warm_intervals, None) if interval is None else slice(interval, interval + 1)
        return np.asarray(values[:, rows, columns].sum(axis=(1, 2)), dtype=np.float64)

    def sides(self, kind: int | None, interval: int | None) -> tuple[Floats, Floats]:
        """Numerator and denominator of service level in each replication."""
        kinds = range(len(self.model.types)) if kind is None else [kind]
        pairs = [self._sides_of(number, interval) for number in kinds]
        return reduce(lambda one, two: (one[0] + two[0], one[1] + two[1]), pairs)

    def _sides_of(self, kind: int, interval: int | None) -> tuple[Floats, Floats]:
        formula = self.model.rule_of(self.model.types[kind]).formula
        in_time, answered, abandoned, short = (
            self.count(COUNTS[number], kind, interval) for number in (IN_TIME, ANSWERED, ABANDONED, SHORT)
        )
        if formula == "F1":
            return in_time + short, answered + abandoned
        if formula == "F2":
            return in_time, answered
        return in_time, answered + abandoned - (short if formula == "F4" else 0.0)


def ratio(above: Floats, below: Floats, level: float = LEVEL) -> Estimate | None:
    """Ratio of sums over replications with its interval; None if the denominator is 0.

    The interval is that of the ratio estimator (Cochran 1977, Sampling Techniques, eq. 6.13): residuals
    above - r below, Student's t with R - 1 degrees of freedom. One replication alone says nothing of its own chance:
    the interval is then endless.
    """
    from scipy.special import stdtrit  # not scipy.stats, which takes half a second to load

    total, size = float(below.sum()), len(below)
    if total <= 0:
        return None
    value = float(above.sum()) / total
    if size < 2:
        return Estimate(value, -np.inf, np.inf, level)
    spread = float(np.sqrt(np.sum((above - value * below) ** 2) / (size * (size - 1)))) / (total / size)
    half = float(stdtrit(size - 1, 0.5 + level / 2)) * spread
    return Estimate(value, value - half, value + half, level)


def mean(values: Floats, level: float = LEVEL) -> Estimate:
    """Mean over replications with its interval."""
    found = ratio(values, np.ones(len(values)), level)
    assert found is not None
    return found


def room_for(compiled: Compiled, seed: int, replications: int) -> Result:
    """A result of so many replications, in which nothing is counted yet."""
    model = compiled.model
    types, groups, intervals = len(model.types), len(model.groups), model.intervals
    return Result(
        model=model,
        seed=seed,
        counts=np.zeros((replications, types, intervals, len(COUNTS)), np.int64),
        waits=np.zeros((replications, types, intervals, 2)),
        served=np.zeros((replications, types, groups, 2), np.int64),
        by_group=np.zeros((replications, groups, intervals, 2), np.int64),
        work=np.zeros((replications, groups, intervals + 1, 2)),
        presence=staffed(model),
    )


def _of_types(compiled: Compiled, values: NDArray[Any]) -> NDArray[Any]:
    if len(values) == len(compiled.model.types):
        return values
    starts = np.searchsorted(compiled.tables.type_of, np.arange(len(compiled.model.types)))  # queues stand by type
    return np.asarray(np.add.reduceat(values, starts))
