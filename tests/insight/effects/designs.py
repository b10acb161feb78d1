"""Cases written by hand: floors of agents or teams with known truth, judged without any files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

import numpy as np

from onefloor.insight.effects.action import Action, Given, Lot, Measured, Picked
from onefloor.insight.effects.case import Case, Series
from onefloor.insight.effects.panel import NEVER, Panel
from onefloor.insight.effects.timeline import Timeline, When
from onefloor.language import Text
from onefloor.metrics import catalogue
from onefloor.periods import Month

MONTHS = 12
LINE = Timeline(
    tuple(str(Month(2026, number)) for number in range(1, 13)),
    tuple(Month(2026, 1).shifted(number).days.start for number in range(13)),
)


def panel_of_rates(rate: np.ndarray, start: np.ndarray, contacts: float = 150, seed: int = 0) -> Panel:
    rng = np.random.default_rng(seed)
    rows = rng.poisson(contacts, rate.shape) + 1
    hits = rng.binomial(rows, np.clip(rate, 0, 1))
    names = tuple(f"a{number:03d}" for number in range(len(rate)))
    return Panel(names, LINE.names[: rate.shape[1]], hits, rows, start, start)


def floor(
    seed: int, agents: int, starts: Sequence[int], effect: float, picks: str = "lot", drift: Sequence[float] = ()
) -> Panel:
    """Agents of whom ``starts`` say when each helped one starts; the lowest last month if ``picks`` is low."""
    rng = np.random.default_rng(seed)
    level, wobble = rng.normal(0.72, 0.04, agents), rng.normal(0, 0.02, (agents, MONTHS))
    start = np.full(agents, NEVER)
    rate = level[:, None] + wobble - 0.004 * np.arange(MONTHS)
    seen = rng.binomial(150, np.clip(rate, 0, 1)) / 150
    for first in sorted(set(starts)):
        free = np.flatnonzero(start == NEVER)
        order = np.argsort(seen[free, first - 1]) if picks == "low" else np.arange(len(free))
        start[free[order[: list(starts).count(first)]]] = first
    helped = start < NEVER
    gain = effect * (np.arange(MONTHS) >= start[:, None])
    moved = np.outer(helped, np.asarray(drift) if len(drift) else np.zeros(MONTHS))
    names = tuple(f"a{number:03d}" for number in range(agents))
    rows = np.full((agents, MONTHS), 150)
    hits = np.rint(seen * 150).astype(int) + np.rint((gain + moved) * 150).astype(int)
    return Panel(names, LINE.names, np.clip(hits, 0, 150), rows, start, start)


FCR = "fcr:within=7d"


def action(picked: Picked | None = None, unit: str = "agents", metric: str = FCR, **measured: object) -> Action:
    held = {"metric": metric, "margin": Fraction(2), "before": 3, "after": 3, **measured}
    names: object = True if unit == "everybody" else ("a000",)
    return Action(
        id="x", kind="help_period", title=Text("帮扶", "Help"),
        given=(Given(start=date(2026, 7, 1), **{unit: names}),),  # type: ignore[arg-type]
        picked=picked or Lot(), measured=Measured(**held),  # type: ignore[arg-type]
    )  # fmt: skip


def case_of(panel: Panel, held: Action, *, after: int | None = 3, **parts: object) -> Case:
    """The case of a panel; the picking month is the one before the start."""
    waves = sorted({int(one) for one in panel.start if one < NEVER})
    times = tuple(When(start, start, None if after is None else start + after) for start in waves)
    bare = Case(held, catalogue.metric(held.measured.metric), float(held.measured.margin), LINE, times, panel=panel)
    if held.picked.kind == "low":
        bare = replace(bare, picked_by=panel, picking={start: (start - 1, start) for start in waves})
    return replace(bare, **parts)  # type: ignore[arg-type]


def series_case(
    y: np.ndarray,
    held: Action,
    step: int,
    *,
    control: np.ndarray | None = None,
    rows: float = 1000.0,
    end: int | None = -1,
) -> Case:
    """The case of one line of rates, without chance."""
    names = tuple(f"w{number}" for number in range(len(y)))
    line = Timeline(names, tuple(range(0, 7 * len(y) + 1, 7)))
    last = len(y) if end == -1 else end
    metric = catalogue.metric(held.measured.metric)
    below = np.full(len(y), rows)
    other = None if control is None else Series(control * below, below)
    return Case(
        held,
        metric,
        float(held.measured.margin),
        line,
        (When(step, step, last),),
        series=Series(y * below, below),
        control=other,
    )
