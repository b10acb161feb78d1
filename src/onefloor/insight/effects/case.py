"""What an action is judged on: the floor's figures by unit and period, fetched once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from onefloor.insight.cells import Cells, cells
from onefloor.insight.effects.action import Action, Low, Threshold, Where, WholeFloor
from onefloor.insight.effects.found import Floats, NoEstimate
from onefloor.insight.effects.panel import Panel, Span, panel_of
from onefloor.insight.effects.timeline import Timeline, When, picking_span, timeline, when
from onefloor.insight.units import shown_in
from onefloor.metrics import catalogue
from onefloor.metrics.cubes import Cubes
from onefloor.metrics.engines import Engine
from onefloor.metrics.metric import Metric
from onefloor.metrics.prepared import Prepared, UnknownName
from onefloor.periods import Month


@dataclass(frozen=True, slots=True)
class Source:
    """A floor that can be asked; ``scope`` is a predicate of the rows that may be looked at."""

    prepared: Prepared
    engine: Engine | None = None
    cubes: Cubes | None = None
    scope: str = ""

    def cells(self, metric: str, by: tuple[str, ...], where: Where, months: tuple[Month, ...] | None = None) -> Cells:
        """Cells of a metric within some names; raises as ``insight.cells.cells``."""
        asked = {name: list(names) for name, names in where}
        return cells(self.prepared, metric, by, asked, months, engine=self.engine, scope=self.scope, cubes=self.cubes)


@dataclass(frozen=True, slots=True)
class Series:
    """Numerators and denominators by period."""

    above: Floats
    below: Floats

    @property
    def rates(self) -> Floats:
        """The quotients; NaN without rows."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(self.below > 0, self.above / self.below, np.nan)


@dataclass(frozen=True, slots=True)
class Case:
    """One figure of an action, ready for its design.

    ``panel`` is there for agents, teams and sites; ``series`` (and ``control``) for a company, a queue or the floor.
    ``picked_by`` are the picking figures in a panel with the same units, ``picking`` their periods by the wave's first
    period; ``running`` the figure of a threshold rule, one a unit, in the unit in which it is shown.
    """

    action: Action
    metric: Metric
    margin: float
    line: Timeline
    times: tuple[When, ...]
    panel: Panel | None = None
    picked_by: Panel | None = None
    picking: Mapping[int, Span] | None = None
    running: Floats | None = None
    series: Series | None = None
    control: Series | None = None

    def ends(self) -> dict[int, int]:
        """For each wave's first whole period, the first one no longer looked at."""
        found: dict[int, int] = {}
        for one in self.times:
            end = len(self.line) if one.end is None else min(one.end, len(self.line))
            found[one.start] = max(found.get(one.start, 0), end)
        return found

    @property
    def running_on(self) -> bool:
        """Whether no end is agreed for some, or it lies beyond the figures there are."""
        return any(one.end is None or one.end > len(self.line) for one in self.times)


def case(source: Source, action: Action, metric: str, margin: float) -> Case:
    """Fetch what a figure of an action is judged on.

    Raises:
        UnknownName: somebody who got it is not known on the floor; with the line.
        NoEstimate: the action has not begun, or nobody who got it has rows.
        NotAdditive, NotGroupable and others: as ``insight.cells.cells``.
    """
    _known(source.prepared, action)
    asked = catalogue.metric(metric)
    line = timeline(source.prepared, asked, action.measured.each)
    times = tuple(when(line, action, given) for given in action.given)
    if not any(one.start < len(line) for one in times):
        raise NoEstimate("not_begun", last=line.names[-1] if len(line) else "-")
    bare = Case(action, asked, margin, line, times)
    if isinstance(action.picked, WholeFloor) or not action.unit or action.unit in ("company", "queue"):
        return _with_series(source, bare)
    return _with_panel(source, bare)


def _known(prepared: Prepared, action: Action) -> None:
    for given in action.given:
        for name in (name for names in given.lists.values() for name in names):
            if prepared.names.id(action.unit, name) < 0:
                problem = UnknownName(action.unit, name, prepared.names.ids.get(action.unit, ()))
                problem.where = given.place
                raise problem


def _within(action: Action) -> Where:
    """The rows that count, within those who are compared."""
    return tuple({**dict(action.among), **dict(action.measured.where)}.items())


def _starts(bare: Case) -> dict[str | int | None, tuple[int, int]]:
    return {
        name: (one.touched, one.start)
        for given, one in zip(bare.action.given, bare.times, strict=True)
        for names in given.lists.values()
        for name in names
        if one.start < len(bare.line)
    }


def _with_panel(source: Source, bare: Case) -> Case:
    action, unit, each = bare.action, bare.action.unit, bare.action.measured.each
    within = _within(action)
    found = source.cells(bare.metric.reference, (unit, each), within)
    panel = panel_of(found, unit, each, bare.line.names, _starts(bare))
    if not panel.helped.any():
        raise NoEstimate("nobody_seen")
    picked = action.picked
    if isinstance(picked, Low):
        return _picked_low(source, bare, panel, picked)
    running = _running(source, panel, unit, picked) if isinstance(picked, Threshold) else None
    return replace(bare, panel=panel, running=running)


def _picked_low(source: Source, bare: Case, panel: Panel, picked: Low) -> Case:
    """With the picking figures in a panel of the same units; the same panel where it is the same figure of all rows."""
    unit, each = bare.action.unit, bare.action.measured.each
    spans = {
        one.touched: picking_span(bare.line, given, picked.months)
        for given, one in zip(bare.action.given, bare.times, strict=True)
    }
    same = picked.metric == bare.metric.reference and not bare.action.measured.where
    if same:
        return replace(bare, panel=panel, picked_by=panel, picking=spans)
    found = source.cells(picked.metric, (unit, each), picked.among)
    other = panel_of(found, unit, each, bare.line.names, _starts(bare))
    return replace(bare, panel=panel, picked_by=_aligned(other, panel), picking=spans)


def _aligned(other: Panel, panel: Panel) -> Panel:
    """A panel with the units of another; those it does not have are without rows."""
    place = {name: number for number, name in enumerate(other.units)}
    rows = [place.get(name, -1) for name in panel.units]
    above, below = (
        np.vstack([held, np.zeros((1, held.shape[1]), held.dtype)])[rows]
        for held in (other.numerator, other.denominator)
    )
    return Panel(panel.units, panel.periods, above, below, panel.start, panel.touched)


def _running(source: Source, panel: Panel, unit: str, picked: Threshold) -> Floats:
    """The figure of the rule by unit, as it is shown; NaN without rows."""
    found = source.cells(picked.metric, (unit,), picked.among, picked.months).grouped((unit,))
    factor = shown_in(found.metric)[0]
    figures = {
        found.key(place)[0]: found.numerator[place] / found.denominator[place] * factor
        for place in range(len(found))
        if found.denominator[place]
    }
    return np.array([figures.get(name, np.nan) for name in panel.units])


def _with_series(source: Source, bare: Case) -> Case:
    action = bare.action
    names = tuple(sorted(action.names))
    mine: Where = ((action.unit, names),) if action.unit else ()
    series = _series(source, bare, tuple({**dict(action.measured.where), **dict(mine)}.items()))
    control = getattr(action.picked, "control", ())
    other = _series(source, bare, tuple({**dict(action.measured.where), **dict(control)}.items())) if control else None
    return replace(bare, series=series, control=other)


def _series(source: Source, bare: Case, where: Where) -> Series:
    each = bare.action.measured.each
    found = source.cells(bare.metric.reference, (each,), where).grouped((each,))
    place = {found.key(number)[0]: number for number in range(len(found))}
    rows = [place.get(name) for name in bare.line.names]
    above, below = (
        np.array([0.0 if row is None else float(held[row]) for row in rows])
        for held in (found.numerator, found.denominator)
    )
    return Series(above, below)
