"""Simulated days against observed ones: is what happened what the model would have let happen?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from onefloor.insight.finding import Estimate, Z
from onefloor.language import Text
from onefloor.planning.fitting.asked import Parameters
from onefloor.planning.fitting.days import counted
from onefloor.planning.fitting.fit import fitted_parts
from onefloor.planning.fitting.floor_model import NobodyThere, Parts, model_of
from onefloor.planning.fitting.observed import (
    ABANDONED,
    ANSWERED,
    IN_TIME,
    MEASURES,
    OFFERED,
    SHORT,
    THERE,
    WAITED,
    WORKED,
    Observed,
    observed,
)
from onefloor.planning.fitting.presence import present
from onefloor.planning.fitting.rows import INTERVALS, Contacts, NoContacts, Source, read
from onefloor.planning.fitting.serving import skilled
from onefloor.planning.simulation import simulating
from onefloor.planning.simulation.memory import COUNTS, OF_ANSWERED
from onefloor.planning.simulation.model import Model, Rule
from onefloor.planning.simulation.result import Result

Floats = NDArray[np.float64]
LEVEL = 0.95
FEWEST_IN_A_CELL = 1.0
COUNTED = {OFFERED: "offered", ANSWERED: "answered", IN_TIME: "in_time", ABANDONED: "abandoned", SHORT: "short"}


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of days, types and half hours: quotient of two sums of the measures, or one sum.

    ``of_types`` is False where it cannot be told apart by type; ``a_day`` says that all days together are shown as one.
    """

    name: str
    title: Text
    unit: Text
    scale: float
    of: Callable[[Floats, Rule], tuple[Floats, Floats]]
    of_types: bool = True
    a_day: bool = False


def _service_level(sums: Floats, rule: Rule) -> tuple[Floats, Floats]:
    """As ``simulation.result`` has the formulas."""
    short = sums[..., SHORT]
    if rule.formula == "F1":
        return sums[..., IN_TIME] + short, sums[..., ANSWERED] + sums[..., ABANDONED]
    if rule.formula == "F2":
        return sums[..., IN_TIME], sums[..., ANSWERED]
    out = short if rule.formula == "F4" else 0.0
    return sums[..., IN_TIME], sums[..., ANSWERED] + sums[..., ABANDONED] - out


def _quotient(above: int, below: int) -> Callable[[Floats, Rule], tuple[Floats, Floats]]:
    return lambda sums, _: (sums[..., above], sums[..., below])


def _sum(measure: int) -> Callable[[Floats, Rule], tuple[Floats, Floats]]:
    return lambda sums, _: (sums[..., measure], np.ones_like(sums[..., measure]))


POINTS, SECONDS, CONTACTS = Text("个百分点", "points"), Text("秒", "s"), Text("个", "contacts")
FIGURES = (
    Figure("service_level", Text("服务水平", "service level"), POINTS, 100.0, _service_level),
    Figure("abandonment", Text("放弃率", "abandonment"), POINTS, 100.0, _quotient(ABANDONED, OFFERED)),
    Figure("mean_wait", Text("平均等待", "mean wait"), SECONDS, 1.0, _quotient(WAITED, ANSWERED)),
    Figure("handled", Text("接听量", "contacts answered"), CONTACTS, 1.0, _sum(ANSWERED), a_day=True),
    Figure("occupancy", Text("占用率", "occupancy"), POINTS, 100.0, _quotient(WORKED, THERE), of_types=False),
)


@dataclass(frozen=True, slots=True)
class Compared:
    """Days as they were and as the model has them.

    ``simulated`` has the shape (days, replications, types, 48, 8): the measures of ``observed``. ``fresh_days`` says
    whether the days are others than those the model was fitted to, ``all_types`` whether agents' other work is there.
    """

    types: tuple[str, ...]
    observed: Observed
    simulated: Floats
    rule: Rule
    presence: str
    fresh_days: bool
    all_types: bool = True

    @property
    def replications(self) -> int:
        """How often each day was simulated."""
        return int(self.simulated.shape[1])

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Those that both sides know: occupancy only where all the agents' work is in the model."""
        known = self.observed.work_known and self.all_types
        return tuple(one for one in FIGURES if one.of_types or known)


@dataclass(frozen=True, slots=True)
class Cells:
    """A figure in cells: what was seen, and the middle and ends of what 95 of 100 simulated days have there.

    ``nan`` where nobody came. ``inside`` is the share of the cells whose figure lies in its band; 95 % or a little more
    (counts have steps) is right.
    """

    seen: Floats
    middle: Floats
    low: Floats
    high: Floats

    @property
    def known(self) -> NDArray[np.bool_]:
        """Where both sides have a figure."""
        return np.isfinite(self.seen) & np.isfinite(self.low) & np.isfinite(self.high)

    @property
    def n(self) -> int:
        """How many are known."""
        return int(self.known.sum())

    @property
    def inside(self) -> float:
        """The share that lies in the band."""
        held = self.known
        slack = 1e-9
        within = (self.seen >= self.low - slack) & (self.seen <= self.high + slack)
        return float(within[held].mean()) if held.any() else float("nan")


def compare(
    source: Source,
    asked: Parameters | None = None,
    against: Source | None = None,
    *,
    most: int = 14,
    replications: int = 100,
    seed: int = 1,
    threads: int | None = None,
    parts: Parts | None = None,
) -> Compared:
    """Fit, simulate each of the last days, and put what happened beside it.

    Arrivals of a simulated day are those of its weekday with the factor of a day; its agents are those of the day.

    Args:
        source: what the model is fitted to.
        asked: as for ``fit``. Agents' hours are what they did, where that is known and nothing else is asked.
        against: the days to compare with, for an honest test other months than those of ``source``; its own without.
        most: how many days at most, the last ones.
        replications: of each day.
        seed: of chance.
        threads: as ``simulating.Parameters`` has them.
        parts: of ``fitted_parts`` of the same source, if they are there already.

    Raises:
        As ``fit``; NobodyThere: none of the days has agents.
    """
    asked = asked or Parameters()
    target = against or source
    parts = parts or fitted_parts(source, asked)[1]
    contacts = _contacts_of(target, parts.names)
    days = counted(contacts, len(parts.names), asked.without)
    there = present(target, contacts, asked.presence or ("states" if _has_states(target) else None))
    groups = skilled(contacts) if against else parts.groups  # who is there is given, also those who have only come
    parts = replace(parts, present=there, groups=groups)
    chosen = [int(day) for day in days.days if there.on(int(day))][-most:]
    runs = [(day, _simulated(parts, day, asked, replications, seed + n, threads)) for n, day in enumerate(chosen)]
    usable = [(day, sums) for day, sums in runs if sums is not None]
    if not usable:
        raise NobodyThere(int(days.days[-1]) if len(days.days) else 0)
    seen = observed(target, contacts, [day for day, _ in usable], len(parts.names), asked.rule)
    simulated = np.stack([sums for _, sums in usable])
    return Compared(parts.names, seen, simulated, asked.rule, there.kind, against is not None, not source.queues)


def _has_states(source: Source) -> bool:
    return bool(source.of_facts("agent_states", "agent").height)


def _contacts_of(source: Source, names: tuple[str, ...]) -> Contacts:
    """The contacts of the model's types, numbered as the model has them."""
    found, contacts = read(replace(source, queues=()))
    place = np.array([names.index(name) if name in names else -1 for name in found])[contacts.kind]
    kept = replace(contacts, kind=place).only(place >= 0)
    if not len(kept):
        raise NoContacts(source.months)
    return kept


def _simulated(
    parts: Parts, day: int, asked: Parameters, replications: int, seed: int, threads: int | None
) -> Floats | None:
    """The measures of a simulated day, shape (replications, types, 48, 8); None where nobody is there."""
    try:
        model = model_of(parts, day, asked)
    except NobodyThere:
        return None
    result = simulating.simulate(model, simulating.Parameters(replications, threads=threads), seed)
    return _measured(model, result, parts.names)


def _measured(model: Model, result: Result, names: tuple[str, ...]) -> Floats:
    own = np.zeros((result.replications, len(model.types), INTERVALS, MEASURES))
    for measure, name in COUNTED.items():
        own[..., measure] = result.counts[..., COUNTS.index(name)]
    own[..., WAITED] = result.waits[..., OF_ANSWERED]
    sums = np.zeros((result.replications, len(names), INTERVALS, MEASURES))
    sums[:, [names.index(kind.id) for kind in model.types]] = own
    sums[:, 0, :, WORKED] = result.work[:, :, :INTERVALS].sum(axis=(1, 3))
    sums[:, 0, :, THERE] = result.presence.sum(axis=0)
    return sums


def cells(of: Compared, figure: Figure, over: Sequence[str] = ("type",)) -> Cells:
    """A figure by what is not summed ``over``: some of ``day``, ``type``, ``interval``.

    The band is from quantiles of the replications that a further one lies between in 95 of 100 cases (Hyndman and Fan
    1996, definition 6); below 39 replications it is from the lowest to the highest.
    """
    axes = [("day", "type", "interval").index(name) for name in over]
    seen = of.observed.sums.sum(axis=tuple(axes), keepdims=True)
    drawn = of.simulated.sum(axis=tuple(axis if axis == 0 else axis + 1 for axis in axes), keepdims=True)
    values, chance = _ratio(seen, figure, of.rule), _ratio(drawn, figure, of.rule)
    enough = np.isfinite(chance).mean(axis=1) > 0.5  # else most simulated days have nobody there
    tail = (1 - LEVEL) / 2
    with np.errstate(all="ignore"):
        filled = np.where(enough[:, None], chance, 0.0)
        low, middle, high = np.nanquantile(filled, [tail, 0.5, 1 - tail], axis=1, method="weibull")
    low, middle, high = (np.where(enough, one, np.nan) for one in (low, middle, high))
    return Cells(values, middle, low, high)


def _ratio(sums: Floats, figure: Figure, rule: Rule) -> Floats:
    above, below = figure.of(sums, rule)
    with np.errstate(all="ignore"):
        return np.asarray(np.where(below >= FEWEST_IN_A_CELL, figure.scale * above / np.maximum(below, 1e-9), np.nan))


def whole(of: Compared, figure: Figure, kind: int | None = None) -> tuple[float, Estimate]:
    """A figure over all days (a mean day where it is a sum): as it was, and as the model has it with 95 % of chance."""
    chosen = slice(None) if kind is None else slice(kind, kind + 1)
    part = replace(
        of, simulated=of.simulated[:, :, chosen], observed=replace(of.observed, sums=of.observed.sums[:, chosen])
    )
    seen = _ratio(part.observed.sums.sum(axis=(0, 1, 2)), figure, of.rule)
    drawn = _ratio(part.simulated.sum(axis=(0, 2, 3)), figure, of.rule)
    if figure.a_day:
        seen, drawn = seen / len(of.observed.days), drawn / len(of.observed.days)
    drawn = drawn[np.isfinite(drawn)]
    if not len(drawn):
        return float(seen), Estimate(float("nan"), -np.inf, np.inf)
    middle, half = float(drawn.mean()), Z * float(drawn.std(ddof=1)) if len(drawn) > 1 else np.inf
    return float(seen), Estimate(middle, middle - half, middle + half)
