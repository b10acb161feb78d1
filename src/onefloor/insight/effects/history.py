"""Comparison on the picking history: right for people who were picked because a figure was low, and for lots.

Whoever is picked for a low month comes back by himself, so before/after and difference-in-differences from that month
both call it success. At each wave the helped are compared with those not helped by then, given the very figures that
picked them: whatever comes back by itself then comes back on both sides. After a lot the same comparison only gains
precision from the history (Lin 2013). The history is shrunk by its own chance, so that few contacts count as little.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from onefloor.insight.effects.found import Floats, Mask
from onefloor.insight.effects.panel import NEVER, Panel, Span, Spread, spread
from onefloor.insight.effects.stacked import Block

EARLIER = 2  # periods before the picking ones whose pooled figure is in the comparison too


@dataclass(frozen=True, slots=True)
class Picking:
    """What people were picked by: a panel with the units of the outcome's, and the periods of each wave.

    ``span[touched]`` are the picking periods of the wave that begins in the period ``touched``.
    """

    panel: Panel
    span: Mapping[int, Span]
    needed: bool = True
    """A unit without the figure could not be picked, and is compared with nobody."""


def waves(panel: Panel) -> list[tuple[int, int]]:
    """``(touched, start)`` of every wave, in order."""
    pairs = {(int(a), int(b)) for a, b in zip(panel.touched, panel.start, strict=True) if b < NEVER}
    return sorted(pairs)


def blocks(panel: Panel, picking: Picking, last: Mapping[int, int]) -> list[Block]:
    """The comparisons of every wave in every period of its window.

    Args:
        panel: the outcome.
        picking: the figures that picked.
        last: for each wave's start, the first period no longer looked at.
    """
    widths = spread(panel, (0, len(panel.periods)))
    picked = spread(picking.panel, (0, len(panel.periods)))
    found = []
    for touched, start in waves(panel):
        past, eligible = _history(panel, picking, (widths, picked), picking.span[touched])
        risk = eligible & (panel.touched >= touched)
        for period in range(start, last[start]):
            block = _block(panel, widths, past, risk, (touched, start, period))
            if block.helped.any() and not block.helped.all():
                found.append(block)
    return found


def _history(panel: Panel, picking: Picking, widths: tuple[Spread, Spread], span: Span) -> tuple[Floats, Mask]:
    """The columns of a wave's history, one row a unit, and the units that have the picking figure."""
    columns, seen = _figure(picking.panel, widths[1], span)
    parts = [columns]
    if picking.panel is not panel:
        parts.append(_figure(panel, widths[0], span)[0])
    parts.append(_figure(panel, widths[0], (span[0] - EARLIER, span[0]))[0])
    return np.column_stack(parts), seen if picking.needed else np.ones(len(seen), bool)


def _figure(panel: Panel, widths: Spread, span: Span) -> tuple[Floats, Mask]:
    """A shrunk figure, the mean where there is none, and a column that says where there is none."""
    above, below = panel.sums(span)
    seen = below > 0
    value = widths.shrunk(above / np.where(seen, below, 1), below, panel.counted(span))
    return np.column_stack([value, ~seen]), seen


def _block(panel: Panel, widths: Spread, past: Floats, risk: Mask, when: tuple[int, int, int]) -> Block:
    touched, start, period = when
    helped = (panel.start == start) & (panel.touched == touched)
    rows = panel.denominator[:, period].astype(float)
    unit = np.flatnonzero(risk & (rows > 0) & (helped | (panel.touched > period)))
    outcome = panel.numerator[unit, period] / rows[unit]
    return Block(unit, helped[unit], outcome, past[unit], widths.weight(rows[unit]))


def reassigned(panel: Panel, eligible: Mask, rng: np.random.Generator) -> Panel:
    """The same panel had others been picked: the starts dealt out anew among the eligible."""
    places = np.flatnonzero(eligible)
    dealt = rng.permutation(places)
    start, touched = panel.start.copy(), panel.touched.copy()
    start[places], touched[places] = panel.start[dealt], panel.touched[dealt]
    return replace(panel, start=start, touched=touched)


def null_sizes(
    statistic: Callable[[Panel], float | None], panel: Panel, eligible: Mask, rng: np.random.Generator, draws: int
) -> tuple[float, ...]:
    """Absolute statistics over possible picks; picks whose statistic does not exist are left out."""
    found = (statistic(reassigned(panel, eligible, rng)) for _ in range(draws))
    return tuple(abs(one) for one in found if one is not None and np.isfinite(one))
