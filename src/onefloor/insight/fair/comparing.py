"""Comparing companies: everything asked, refused, estimated and judged, one ``Comparison`` for each other company."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from onefloor.insight.fair import half_hours, refusals
from onefloor.insight.fair.asked import Asked
from onefloor.insight.fair.by_strata import by_strata
from onefloor.insight.fair.circumstances import Circumstances, refused
from onefloor.insight.fair.comparison import Comparison, Hidden, Kind, Line
from onefloor.insight.fair.gap import Gap, gap
from onefloor.insight.fair.hidden import e_value, e_value_of_limit, robustness_value
from onefloor.insight.fair.loading import CALENDAR, Loaded, cells_named, load
from onefloor.insight.fair.overlap import NEEDED, overlap
from onefloor.insight.fair.people import spread
from onefloor.insight.fair.planning import Slice, detectable, fair_slice
from onefloor.insight.fair.refusals import Refusal
from onefloor.insight.fair.several import ALPHA, holm_levels
from onefloor.insight.fair.work import OURS, THEIRS, Codes, Mask, Work, added, combined
from onefloor.insight.finding import LEVEL, Verdict, judged
from onefloor.metrics.metric import Metric, Unit

MARGINS = {Unit.PERCENT: 1.0}  # points; other units: a share of ours
MARGIN_SHARE = {Unit.MS: 0.02}
MARGIN_ELSE = 0.1


def compare(
    asked: Asked,
    *,
    adjust: Iterable[str] | None = None,
    margin: float | None = None,
    known: Circumstances | None = None,
    same_half_hour: bool = False,
    slice_for: float | None = None,
) -> list[Comparison]:
    """Compare companies with the first one of ``asked.companies``.

    Args:
        asked: metric, companies (ours first), months; its ``scope`` limits the rows that are read, so that who may
            see one company only learns nothing of another: without rows of ours the answer is "not comparable".
        adjust: dimensions held alike; by default queue, topic, channel, hour and month as far as the metric has them.
        margin: the difference that is agreed to matter, in the unit shown; 1 point, 2 % of our time, or a tenth of
            our rate if left out.
        known: what people know about the window.
        same_half_hour: add the line that compares inside queue x half hour.
        slice_for: a difference for which to plan a fair slice.

    Raises:
        NotAnAdjustment, NotAgentsWork, NotAdditive; else as ``metrics.measure.measure``.
    """
    known = known or Circumstances()
    asked = replace(asked, without=(*asked.without, *(f"day == {day}" for day in known.left_out)))
    loaded = load(asked, adjust)
    slots = _slots(load(asked, adjust, slots=True)) if same_half_hour and loaded.work.stratum.size else None
    found = []
    for place, theirs in enumerate(asked.companies[1:], 1):
        outer = refused(asked, known, theirs)
        found.append(_against(loaded, place, outer, known, margin, slots, slice_for))
    return _judged_together(found)


def _slots(loaded: Loaded) -> tuple[Loaded, Codes]:
    """The work by half hours, its mix what is not calendar, hour or queue, and the half hour of each cell."""
    kept = [name for name in loaded.adjusted if name not in (*CALENDAR, "hour", "interval", "queue")]
    codes = loaded.cells.codes
    slot = combined((codes["queue"], codes["day"], codes["interval"]), len(loaded.cells))
    return replace(loaded, work=replace(loaded.work, mix=tuple(codes[name] for name in kept))), slot


def _against(
    loaded: Loaded,
    place: int,
    outer: Sequence[Refusal],
    known: Circumstances,
    margin: float | None,
    slots: tuple[Loaded, Codes] | None,
    slice_for: float | None,
) -> Comparison:
    factor, work = loaded.factor, loaded.work.pair(place)
    barred = _barred(loaded, known, (loaded.work.company == OURS) | (loaded.work.company == place))
    ours, theirs = loaded.companies[OURS], loaded.companies[place]
    raw = (work.rate(OURS) * factor, work.rate(THEIRS) * factor)
    agreed = _margin(loaded.metric, raw[0]) if margin is None else margin
    queues = _both_serve(loaded, place, work, barred)
    context = _Context(ours, theirs, factor, agreed, loaded.metric, tuple(outer), queues)
    lines = [
        _line(Kind.AS_DELIVERED, work, barred, context),
        _line(Kind.SAME_EXPERIENCE, work, barred, context),
    ]
    if slots is not None:
        lines.append(_half_hour_line(*slots, place, known, context))
    return Comparison(
        metric=loaded.metric,
        ours=ours,
        theirs=theirs,
        raw=raw,
        contacts=(_rows(work, OURS), _rows(work, THEIRS)),
        agents=(work.agents(OURS), work.agents(THEIRS)),
        margin=agreed,
        agreed=margin is not None,
        adjusted=loaded.adjusted,
        lines=tuple(lines),
        factor=factor,
        companies=len(loaded.companies),
        slice=_slice(work, slice_for, factor),
        family=work.family,
    )


@dataclass(frozen=True, slots=True)
class _Context:
    """What all lines of one comparison share."""

    ours: str
    theirs: str
    factor: float
    margin: float
    metric: Metric
    outer: tuple[Refusal, ...]
    queues: tuple[str, ...]  # in which enough of theirs can be compared


def _rows(work: Work, company: int) -> int:
    return round(float(work.rows[work.company == company].sum()))


def _both_serve(loaded: Loaded, place: int, work: Work, barred: Mask) -> tuple[str, ...]:
    """The queues in which most of their contacts can be compared."""
    if "queue" not in loaded.cells.by:
        return ()
    queue = loaded.cells.codes["queue"][(loaded.work.company == OURS) | (loaded.work.company == place)]
    names, theirs = loaded.cells.names["queue"], work.company == THEIRS
    kept = overlap(work, tenure=False, barred=barred).cells
    served = added(queue, work.rows * (theirs & kept), len(names)), added(queue, work.rows * theirs, len(names))
    return tuple(str(name) for name, part, of in zip(names, *served, strict=True) if name and part >= NEEDED * of > 0)


def _margin(metric: Metric, ours: float) -> float:
    if metric.unit in MARGINS:
        return MARGINS[metric.unit]
    return abs(ours) * MARGIN_SHARE.get(metric.unit, MARGIN_ELSE) if np.isfinite(ours) else 0.0


def _barred(loaded: Loaded, known: Circumstances, pair: Mask) -> Mask:
    """The cells that are routed by performance: who gets what is not chance there."""
    return cells_named(loaded.cells, {"queue": known.by_performance})[pair]


def _line(kind: Kind, work: Work, barred: Mask, context: _Context) -> Line:
    """As delivered or with the same experience: overlap, people, gap, verdict."""
    tenure = kind is Kind.SAME_EXPERIENCE
    common = overlap(work, tenure=tenure, barred=barred)
    kept = work.chosen(common.cells)
    found = [*context.outer, *_people(work, kept, context)]
    if not common.enough and not any(one.kind == "few_agents" for one in found):
        mix_alone = overlap(work, tenure=False, barred=barred).enough
        found.append(
            refusals.little_overlap(
                common.share,
                context.ours,
                context.theirs,
                context.queues,
                tenure=tenure and mix_alone,
                barred=bool(barred.any()),
            )
        )
    if any(one.final for one in found):
        return Line(kind, Verdict.NOT_COMPARABLE, overlap=common.share, refusals=tuple(found))
    strata = None if tenure else by_strata(kept)
    line = Line(kind, Verdict.CANNOT_TELL, gap(kept, tenure=tenure), overlap=common.share, strata=strata)
    return _estimated(line, found, context)


def _people(work: Work, kept: Work, context: _Context) -> list[Refusal]:
    """Too few agents of either company, among those whose work can be compared."""
    counts = (
        (context.ours, kept.agents(OURS)),
        (context.theirs, kept.agents(THEIRS) if kept.agents(THEIRS) else work.agents(THEIRS)),
    )
    found = [refusals.few_agents(name, count) for name, count in counts]
    return [one for one in found if one is not None]


def _half_hour_line(loaded: Loaded, slot: Codes, place: int, known: Circumstances, context: _Context) -> Line:
    pair = (loaded.work.company == OURS) | (loaded.work.company == place)
    work, slot = loaded.work.pair(place), slot[pair]
    free = ~_barred(loaded, known, pair)
    side_by_side = half_hours.shared(work, slot) & free
    theirs = work.company == THEIRS
    share = float(work.rows[theirs & side_by_side].sum() / max(work.rows[theirs].sum(), 1e-300))
    kept = work.chosen(side_by_side)
    found = [*context.outer, *_people(work, kept, context)]
    if share < half_hours.NEEDED and not any(one.kind == "few_agents" for one in found):
        found.append(refusals.few_shared_half_hours(share, context.ours, context.theirs, half_hours.NEEDED))
    if any(one.final for one in found):
        return Line(Kind.SAME_HALF_HOUR, Verdict.NOT_COMPARABLE, overlap=share, refusals=tuple(found))
    got = half_hours.gap_within(kept, slot[side_by_side], tenure=False)
    return _estimated(Line(Kind.SAME_HALF_HOUR, Verdict.CANNOT_TELL, got, overlap=share), found, context)


def _estimated(line: Line, found: list[Refusal], context: _Context) -> Line:
    """The line with its estimate and verdict, for one company at a time."""
    if line.gap is None:
        lost = refusals.not_set_apart(context.ours, context.theirs)
        return replace(line, verdict=Verdict.NOT_COMPARABLE, refusals=(*found, lost))
    return replace(
        at_level(line, LEVEL, context.factor, context.margin, context.metric, tuple(found)),
        detectable=_detectable(line, context.factor, 1),
        hidden=_hidden(line.gap),
        refusals=tuple(found),
    )


def at_level(
    line: Line, level: float, factor: float, margin: float, metric: Metric, found: tuple[Refusal, ...]
) -> Line:
    """The line with its interval of that level and the verdict that follows from it."""
    assert line.gap is not None
    estimate = line.gap.interval(level).times(factor)
    verdict = Verdict.CANNOT_TELL if found else judged(estimate, margin, metric.better)
    return replace(line, estimate=estimate, verdict=verdict)


def _hidden(found: Gap) -> Hidden:
    ratio, held = found.theirs / found.ours if found.ours else 0.0, found.interval()
    counted = 0 < ratio < np.inf and found.ours > 0 and found.theirs <= 1
    limits = sorted((max(found.ours + end, 1e-12)) / found.ours for end in (held.low, held.high)) if counted else []
    t = found.value / found.error if found.error else 0.0
    freedom = max(sum(found.agents) - 2, 2)
    return Hidden(
        e_value=e_value(ratio) if counted else None,
        e_value_limit=e_value_of_limit(*limits) if counted else None,
        robustness=robustness_value(t, freedom),
        robustness_limit=robustness_value(t, freedom, level=LEVEL),
    )


def _slice(work: Work, difference: float | None, factor: float) -> Slice | None:
    """The fair slice for a difference in the unit shown; None if nobody asked, or too few people to plan with."""
    agents = (work.agents(OURS), work.agents(THEIRS))
    if difference is None or min(agents) < 2:
        return None
    between, variance = spread(work)
    found = fair_slice(difference / factor, variance, between, agents)
    return replace(found, difference=difference, smallest=found.smallest * factor)


def _detectable(line: Line, factor: float, companies: int) -> float:
    """What is found for sure enough at Holm's first step, where every company is tried at alpha / companies.

    It is known before anybody looks; that a company may be tried at more once others are told apart is not.
    """
    assert line.gap is not None
    return detectable(line.gap.error, line.gap.freedom, level=1 - ALPHA / companies) * factor


def _judged_together(found: list[Comparison]) -> list[Comparison]:
    """With three companies or more, intervals and verdicts that hold for all of them together (Holm 1979)."""
    if len(found) < 2:
        return found
    lines = [list(one.lines) for one in found]
    for kind in range(len(lines[0])):
        told = [(place, held.gap) for place, one in enumerate(lines) if (held := one[kind]).gap is not None]
        levels = holm_levels([known.p_value for _, known in told if known is not None])
        for (place, _), level in zip(told, levels, strict=True):
            one, line = found[place], lines[place][kind]
            told_apart = at_level(line, level, one.factor, one.margin, one.metric, line.refusals)
            lines[place][kind] = replace(told_apart, detectable=_detectable(line, one.factor, len(levels)))
    return [replace(one, lines=tuple(held)) for one, held in zip(found, lines, strict=True)]
