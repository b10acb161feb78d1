"""Designs with one line: one team or site against a mixture of others, a company or the floor against its own past."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from onefloor.insight.effects import series, synthetic
from onefloor.insight.effects.answer import Answer, Caution, Lines
from onefloor.insight.effects.case import Case, Series
from onefloor.insight.effects.found import Floats, Found, NoEstimate, Places
from onefloor.metrics.metric import Unit

YEAR = {"month": 12.0, "week": 365.25 / 7}


def one_unit(case: Case) -> Answer:
    """The effect on one team or site, against a mixture of the others.

    Raises:
        NoEstimate: too few others with rows in every period, or too short a history.
    """
    panel = case.panel
    assert panel is not None
    helped = int(np.flatnonzero(panel.helped)[0])
    touched, start = int(panel.touched[helped]), int(panel.start[helped])
    before = list(range(max(0, touched - case.action.measured.before), touched))
    during = list(range(start, case.ends()[start]))
    columns = np.array([one for one in before + during if panel.denominator[helped, one]], np.intp)
    step = int((columns < touched).sum())
    full = (panel.denominator[:, columns] > 0).all(1)
    rows = np.flatnonzero(full)
    above, below = (held[np.ix_(rows, columns)].astype(float) for held in (panel.numerator, panel.denominator))
    if step == len(columns):
        raise NoEstimate("nobody_seen")
    own = int(np.flatnonzero(rows == helped)[0])
    found, mixture = synthetic.one_against_others(above, below, own, step)
    y = above / below
    other = mixture.units @ np.delete(y, own, axis=0)
    level = (y[own, :step] - other[:step]) @ mixture.periods
    labels = tuple(case.line.names[one] for one in columns)
    return Answer(
        design="synthetic",
        found=found,
        lines=Lines(labels, y[own], other + level, step),
        spreadsheet=_pooled(above[own], below[own], step),
        rows=int(below[:, step:].sum()),
        blocks=(("still_running", {}),) if case.running_on else (),
        stayed=None,
        checks={"teams_left_out": float(len(panel.units) - len(rows))},
    )


def _pooled(above: Floats, below: Floats, step: int) -> float:
    return float(above[step:].sum() / below[step:].sum() - above[:step].sum() / below[:step].sum())


def whole(case: Case) -> Answer:
    """The effect on a company, a queue or the floor: its series less a control series, or alone with a warning.

    Raises:
        NoEstimate: the series is too short.
    """
    assert case.series is not None
    (start, end), *others = case.ends().items()
    if others:
        raise NoEstimate("several_starts")
    touched = min(one.touched for one in case.times)
    kept = np.array([place for place in range(end) if not touched <= place < start])
    mine = _some(case.series, kept)
    control = _some(case.control, kept) if case.control else None
    step = int((kept < touched).sum())
    seen = (mine.below > 0) & (True if control is None else control.below > 0)
    if not seen.all():
        raise NoEstimate("gaps", missing=int((~seen).sum()))
    answer = _with_control(mine, control, step) if control else _alone(case, mine, step)
    running: list[Caution] = [("still_running", {})] if case.running_on else []
    labels = tuple(case.line.names[place] for place in kept)
    return replace(answer, blocks=(*answer.blocks, *running), lines=replace(answer.lines, labels=labels))


def _some(held: Series, places: Places) -> Series:
    return Series(held.above[places], held.below[places])


def _with_control(mine: Series, control: Series, step: int) -> Answer:
    gap = mine.rates - control.rates
    found, fit = series.stepped(gap, step, len(gap))
    expected = control.rates + fit.fitted - found.value * (np.arange(len(gap)) >= step)
    return _answer("series_control", mine, expected, found, step)


def _alone(case: Case, mine: Series, step: int) -> Answer:
    """The figure against its own past: counts of rare events by Poisson, all else by AR(1)."""
    times = np.arange(len(mine.above)) >= step
    warning: Caution = ("alone", {})
    season = YEAR[case.action.measured.each]
    if case.metric.unit is Unit.PER_TEN_THOUSAND:
        found, fit = series.rare(mine.above, mine.below, step, len(times), season)
        expected = fit.fitted / mine.below / np.where(times, found.details["rate_ratio"], 1)
        return replace(_answer("series_counts", mine, expected, found, step), cautions=(warning,))
    found, fit = series.stepped(mine.rates, step, len(times), season)
    expected = fit.fitted - found.value * times
    return replace(_answer("series_alone", mine, expected, found, step), cautions=(warning,))


def _answer(design: str, mine: Series, expected: Floats, found: Found, step: int) -> Answer:
    return Answer(
        design=design,
        found=found,
        lines=Lines((), mine.rates, expected, step),
        spreadsheet=_pooled(mine.above, mine.below, step),
        rows=int(mine.below[step:].sum()),
    )
