"""What stands beside an effect of many units: before/after, who stayed, look-alikes, the two lines of the picture."""

from __future__ import annotations

import numpy as np

from onefloor.insight.effects import history, matching
from onefloor.insight.effects.answer import Lines
from onefloor.insight.effects.case import Case
from onefloor.insight.effects.found import Floats, Mask, Places
from onefloor.insight.effects.history import Picking
from onefloor.insight.effects.panel import NEVER, Panel, Span, spread

SHOWN_BEFORE = 3
Pairs = dict[tuple[int, int], list[tuple[int, Places]]]


def wave_spans(case: Case) -> dict[int, Span]:
    """The periods of each wave's history, by the one it began in: those that picked, or the agreed ones before."""
    if case.picking is not None:
        return dict(case.picking)
    return {one.touched: (max(0, one.touched - case.action.measured.before), one.touched) for one in case.times}


def picking_of(case: Case, panel: Panel) -> Picking:
    """The picking figures; the panel itself where they are of the same figure, permuted or not."""
    other = case.picked_by
    return Picking(panel if other is None or other is case.panel else other, wave_spans(case))


def before_after(case: Case, panel: Panel) -> float:
    """The spreadsheet: the helped in the window less the periods that picked them (or those before), unit by unit."""
    gaps: list[Floats] = []
    spans, last = wave_spans(case), case.ends()
    for touched, start in history.waves(panel):
        mine = (panel.start == start) & (panel.touched == touched)
        after, before = panel.over((start, last[start])), panel.over(spans[touched])
        gaps.append((after - before)[mine])
    held = np.concatenate(gaps) if gaps else np.array([])
    held = held[np.isfinite(held)]
    return float(held.mean()) if len(held) else float("nan")


def rows_within(panel: Panel, last: dict[int, int], compared: Mask) -> int:
    """The rows of those who are compared, in the window."""
    first, end = min(last), max(last.values())
    return int(panel.denominator[compared, first:end].sum())


def stayed(panel: Panel, last: dict[int, int]) -> tuple[tuple[int, int], tuple[int, int]]:
    """Who was there before the first wave and is still seen in the last two periods of the window or later."""
    first, end = min(last), max(last.values())
    there = panel.denominator[:, max(0, first - SHOWN_BEFORE) : first].sum(1) > 0
    seen = panel.denominator[:, max(first, end - 2) :].sum(1) > 0
    sides = [(int((there & seen & mask).sum()), int((there & mask).sum())) for mask in (panel.helped, ~panel.helped)]
    return sides[0], sides[1]


def _history_columns(case: Case, panel: Panel, touched: int) -> tuple[Floats, Mask]:
    """Two shrunk figures a unit: of the picking periods, and of the ones before."""
    span = wave_spans(case)[touched]
    picking = picking_of(case, panel).panel
    columns, seen = [], np.ones(len(panel.units), bool)
    for of, periods in ((picking, span), (panel, (span[0] - SHOWN_BEFORE, span[0]))):
        widths = spread(of, (0, len(of.periods)))
        above, below = of.sums(periods)
        seen &= (below > 0) | (of is panel)
        columns.append(widths.shrunk(above / np.where(below > 0, below, 1), below, of.counted(periods)))
    return np.column_stack(columns), seen


def look_alikes(case: Case, panel: Panel) -> Pairs:
    """For every wave each helped unit with those nearest to it in history who were not helped in the window."""
    found: Pairs = {}
    for touched, start in history.waves(panel):
        columns, seen = _history_columns(case, panel, touched)
        mine = (panel.start == start) & (panel.touched == touched) & seen
        free = seen & (panel.touched >= case.ends()[start])
        if mine.any() and free.any():
            found[touched, start] = matching.nearest(columns, mine, free)
    return found


def cross_checks(case: Case, panel: Panel, pairs: Pairs, design: str) -> dict[str, float]:
    """Cross-checks: the effect against look-alikes, and how much the picked were expected to come back."""
    gaps = []
    for (touched, start), found in pairs.items():
        outcome = panel.over((start, case.ends()[start]))
        gap = matching.gap(outcome, _history_columns(case, panel, touched)[0], found)
        gaps += [gap] * len(found)
    held = [one for one in gaps if np.isfinite(one)]
    checks = {"look_alikes": float(np.mean(held))} if held else {}
    return checks | ({"rebound": _rebound(case, panel)} if design == "history" else {})


def _rebound(case: Case, panel: Panel) -> float:
    """How far the picked were expected to come back by themselves: shrunk less raw, in the months that picked them."""
    picking = picking_of(case, panel).panel
    widths = spread(picking, (0, len(picking.periods)))
    parts = []
    for touched, start in history.waves(panel):
        span = wave_spans(case)[touched]
        above, below = picking.sums(span)
        used = (panel.start == start) & (below > 0)
        raw = above[used] / below[used]
        parts.append(widths.shrunk(raw, below[used], picking.counted(span)[used]) - raw)
    held = np.concatenate(parts)
    return float(held.mean()) if len(held) else 0.0


def both_lines(case: Case, panel: Panel, pairs: Pairs | None) -> Lines:
    """Helped and compared, by periods since the start, all rows together; look-alikes where given."""
    last = case.ends()
    after = max(end - start for start, end in last.items())
    steps = list(range(-SHOWN_BEFORE, after))
    sums = np.full((2, len(steps), 2), 0.0)
    for touched, start in history.waves(panel):
        mine = np.flatnonzero((panel.start == start) & (panel.touched == touched))
        groups = [(int(unit), np.flatnonzero(panel.touched >= NEVER)) for unit in mine]
        if pairs is not None:
            groups = pairs.get((touched, start), [])
        for unit, others in groups:
            for place, step in enumerate(steps):
                period = touched + step if step < 0 else start + step
                _add(sums, panel, (place, period if step < 0 or period < last[start] else -1), unit, others)
    with np.errstate(invalid="ignore"):
        helped, other = sums[:, :, 0] / np.where(sums[:, :, 1] > 0, sums[:, :, 1], np.nan)
    labels = tuple(f"{step:+d}" if step < 0 else f"{step + 1:+d}" for step in steps)
    return Lines(labels, helped, other, SHOWN_BEFORE)


def _add(sums: Floats, panel: Panel, at: tuple[int, int], unit: int, others: Places) -> None:
    """Add the rows of a helped unit, and of those it is compared with, to one place of the lines."""
    place, period = at
    if 0 <= period < len(panel.periods):
        sums[0, place] += panel.numerator[unit, period], panel.denominator[unit, period]
        sums[1, place] += panel.numerator[others, period].sum(), panel.denominator[others, period].sum()
