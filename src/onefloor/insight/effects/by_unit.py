"""Designs with many agents or teams: after a lot, picked for being low, staggered, by threshold."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from onefloor.insight.effects import beside, history, looks, stacked, staggered, threshold
from onefloor.insight.effects.action import Threshold
from onefloor.insight.effects.answer import Answer, Caution
from onefloor.insight.effects.case import Case
from onefloor.insight.effects.found import Draws, Found, Mask, NoEstimate
from onefloor.insight.effects.panel import Panel
from onefloor.insight.finding import LEVEL

FEW = 8
"""With fewer helped units there is an interval from possible picks, and no verdict."""
DRAWS = 999


@dataclass(frozen=True, slots=True)
class Design:
    """How an effect is had from a panel whose window ends where ``last`` says, by the wave's start."""

    name: str
    effect: Callable[[Panel, dict[int, int]], Found]
    rough: Callable[[Panel, dict[int, int]], Found | None]
    eligible: Mask


def answered(case: Case, rng: np.random.Generator, *, looking: bool) -> Answer:
    """The effect on agents or teams whose starts were drawn, unrelated to the figure, or due to a low figure.

    Args:
        case: with a panel.
        rng: for permutations where few were helped.
        looking: whether the interval has to hold at every look.

    Raises:
        NoEstimate: with the reason.
    """
    assert case.panel is not None
    panel, last = case.panel, case.ends()
    design = _design(case)
    found = design.effect(panel, last)
    helped = int(panel.helped.sum())
    blocks: list[Caution] = []
    taken: tuple[looks.Look, ...] = ()
    if helped < FEW:
        found = _permuted(design, panel, last, rng)
        blocks.append(("few_helped", {"helped": helped, "least": FEW}))
    elif looking:
        every = _by_period(case, design)
        taken = tuple(looks.sequence(every))
        found, blocked = _at_looks(found, every)
        blocks += blocked
    blocks += _moved_before(case) if design.name == "staggered" else []
    pairs = beside.look_alikes(case, panel)
    return Answer(
        design=design.name,
        found=found,
        lines=beside.both_lines(case, panel, pairs if design.name == "history" else None),
        spreadsheet=beside.before_after(case, panel),
        rows=beside.rows_within(panel, last, design.eligible | panel.helped),
        blocks=tuple(blocks),
        looks=taken,
        stayed=beside.stayed(panel, last),
        checks=beside.cross_checks(case, panel, pairs, design.name) | _averages(case, panel, design.name),
    )


def _design(case: Case) -> Design:
    assert case.panel is not None
    kind = case.action.picked.kind
    if kind == "unrelated":
        eligible = case.panel.denominator.sum(1) > 0
        return Design(
            "staggered", lambda p, last: _staggered(case, p, last), lambda p, last: _try(case, p, last), eligible
        )
    name = "history" if kind == "low" else "lot" if len(history.waves(case.panel)) == 1 else "wedge"

    def blocks(panel: Panel, last: dict[int, int]) -> list[stacked.Block]:
        return history.blocks(panel, beside.picking_of(case, panel), last)

    first = min(span for span in beside.wave_spans(case).values())
    if first[0] < 0 or first[1] <= first[0]:
        raise NoEstimate("no_history", first=case.line.names[0])
    seen = beside.picking_of(case, case.panel).panel.sums(first)[1] > 0
    return Design(
        name, lambda p, last: stacked.compared(blocks(p, last)), lambda p, last: stacked.roughly(blocks(p, last)), seen
    )


def _changes(panel: Panel) -> staggered.Changes:
    above, below = panel.numerator.astype(float), panel.denominator.astype(float)
    return staggered.Changes(above, below, panel.start, panel.touched)


def _staggered(case: Case, panel: Panel, last: dict[int, int]) -> Found:
    data, found = _effects(case, panel, last)
    return staggered.averaged(data, found, staggered.simple(found))


def _effects(case: Case, panel: Panel, last: dict[int, int]) -> tuple[staggered.Changes, list[staggered.GroupTime]]:
    """The effect on every wave in each of its periods."""
    base = {start: (touched - case.action.measured.before, touched) for touched, start in history.waves(panel)}
    data = _changes(panel)
    return data, staggered.effects(data, base, last)


def _averages(case: Case, panel: Panel, design: str) -> dict[str, float]:
    """The other averages of Callaway and Sant'Anna 2021 (3.7, 3.4), where several waves started for no reason."""
    if design != "staggered" or len(history.waves(panel)) < 2:
        return {}
    data, found = _effects(case, panel, case.ends())
    weights = {"by_wave": staggered.by_group, "by_time_since": staggered.dynamic}
    return {name: staggered.averaged(data, found, of(found)).value for name, of in weights.items()}


def _try(case: Case, panel: Panel, last: dict[int, int]) -> Found | None:
    try:
        found = _staggered(case, panel, last)
    except NoEstimate:
        return None
    return found if found.error else None


def _permuted(design: Design, panel: Panel, last: dict[int, int], rng: np.random.Generator) -> Found:
    """The effect with the interval of a permutation test over possible picks."""
    found = design.rough(panel, last)
    if found is None:
        raise NoEstimate("no_overlap")

    def statistic(dealt: Panel) -> float | None:
        one = design.rough(dealt, last)
        return None if one is None else one.value / one.error

    draws = Draws(history.null_sizes(statistic, panel, design.eligible | panel.helped, rng, DRAWS))
    if not math.isfinite(draws.quantile(LEVEL)):
        raise NoEstimate("no_overlap")
    return replace(found, chance=draws)


def _by_period(case: Case, design: Design) -> list[tuple[str, Found]]:
    """The estimate after each period that had enough people in both arms."""
    assert case.panel is not None
    found = []
    for end in range(min(case.ends()) + 1, max(case.ends().values()) + 1):
        last = {start: min(end, until) for start, until in case.ends().items()}
        try:
            one = design.effect(case.panel, last)
        except NoEstimate:
            continue
        if min(one.treated, one.controls) >= looks.LEAST:
            found.append((case.line.names[end - 1], one))
    return found


def _at_looks(found: Found, every: list[tuple[str, Found]]) -> tuple[Found, list[Caution]]:
    """The effect with the boundary of all looks; without enough people no verdict."""
    if not every:
        sizes = {"helped": found.treated, "others": found.controls, "least": looks.LEAST}
        return found, [("few_for_looks", sizes)]
    return looks.always_valid(found, looks.rho_of(every[0][1])), []


def _moved_before(case: Case) -> list[Caution]:
    """Whether the helped moved otherwise than the rest already in the last period before the action."""
    assert case.panel is not None
    before = case.action.measured.before
    if before < 2:
        return []
    data = _changes(case.panel)
    waves = history.waves(case.panel)
    every = [staggered.group_time(data, s, t - 1, (t - before, t - 1)) for t, s in waves if t - before >= 0]
    found = [one for one in every if one is not None]
    if not found:
        return []
    gap = staggered.averaged(data, found, staggered.simple(found)).interval()
    return (
        [] if gap.low <= 0 <= gap.high else [("moved_before", {"value": gap.value, "low": gap.low, "high": gap.high})]
    )


def by_rule(case: Case) -> Answer:
    """The effect near the cut of a threshold rule.

    Raises:
        NoEstimate: with the reason.
    """
    panel, picked = case.panel, case.action.picked
    assert panel is not None
    assert case.running is not None
    assert isinstance(picked, Threshold)
    last = case.ends()
    outcome = panel.over((min(last), max(last.values())))
    known = np.isfinite(outcome) & np.isfinite(case.running)
    found = threshold.jump(case.running[known], outcome[known], float(picked.cut), panel.helped[known])
    return Answer(
        design="threshold",
        found=found,
        lines=beside.both_lines(case, panel, None),
        spreadsheet=beside.before_after(case, panel),
        rows=beside.rows_within(panel, last, known),
        blocks=(("still_running", {}),) if case.running_on else (),
        stayed=beside.stayed(panel, last),
    )
