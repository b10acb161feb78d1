"""The effect of an action: the design follows from how it started, the verdict from the interval."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from onefloor.insight.effects import beside, by_series, by_unit, sentences
from onefloor.insight.effects.action import Action, Judgement, Threshold, Unrelated, WholeFloor
from onefloor.insight.effects.answer import Answer
from onefloor.insight.effects.case import Case, Source, case
from onefloor.insight.effects.found import NoEstimate
from onefloor.insight.effects.refusals import refusal
from onefloor.insight.effects.timeline import months_between
from onefloor.insight.fair.several import holm_levels
from onefloor.insight.finding import LEVEL, Behind, Estimate, Finding, Verdict, judged
from onefloor.insight.units import shown_in
from onefloor.metrics import catalogue
from onefloor.metrics.metric import Better, Metric


@dataclass(frozen=True, slots=True)
class Told:
    """One figure of an action: its finding, and what the picture is drawn from (None without an estimate)."""

    finding: Finding
    answer: Answer | None
    case: Case | None


def effect(source: Source, action: Action, rng: np.random.Generator, *, looking: bool = False) -> list[Told]:
    """What an action did: the primary figure first, then the further ones under Holm's rule, then who left.

    Args:
        source: the floor.
        action: as registered.
        rng: for permutations where few were helped.
        looking: the interval has to hold at every look, though the window has an end.

    Raises:
        UnknownName: somebody who got it is not known; NotAdditive, NotGroupable: a metric does not fit.
    """
    asked = [action.measured, *action.measured.further]
    found = [_answered(source, action, (one.metric, float(one.margin)), rng, looking=looking) for one in asked]
    levels = [LEVEL, *holm([one[1] for one in found[1:]])]
    listed = [told(action, *one, level) for one, level in zip(found, levels, strict=True)]
    if (answer := found[0][1]) and isinstance(answer, Answer) and (left := stayed(action, answer)):
        listed.append(Told(left, None, None))
    return listed


Answered = tuple[Metric, "Answer | NoEstimate", "Case | None"]


def _answered(
    source: Source, action: Action, asked: tuple[str, float], rng: np.random.Generator, *, looking: bool
) -> Answered:
    metric = catalogue.metric(asked[0])
    held = None
    try:
        held = case(source, action, *asked)
        return metric, by_design(held, rng, looking=looking), held
    except NoEstimate as reason:
        return metric, reason, held


def by_design(held: Case, rng: np.random.Generator, *, looking: bool = False) -> Answer:
    """The answer of the design that follows from how people were picked.

    Raises:
        NoEstimate: there is none that would be honest.
    """
    picked = held.action.picked
    if isinstance(picked, Judgement):
        raise NoEstimate("no_rule")
    if isinstance(picked, WholeFloor):
        return by_series.whole(held)
    if isinstance(picked, Threshold):
        return by_unit.by_rule(held)
    assert held.panel is not None
    if isinstance(picked, Unrelated) and held.action.unit != "agent" and held.panel.helped.sum() == 1:
        return by_series.one_unit(held)
    return by_unit.answered(held, rng, looking=looking or held.running_on)


def holm(answers: Sequence[Answer | NoEstimate]) -> list[float]:
    """The level of each figure's interval, so that together they err no more often than one (``holm_levels``)."""
    return holm_levels([one.found.p_value if isinstance(one, Answer) else 1.0 for one in answers], 1 - LEVEL)


def told(action: Action, metric: Metric, answer: Answer | NoEstimate, held: Case | None, level: float) -> Told:
    """What is said of one figure: the verdict from the interval of that level, or why there is no estimate."""
    if isinstance(answer, NoEstimate):
        return Told(_none(action, metric, answer, held), None, held)
    assert held is not None
    factor, unit = shown_in(metric)
    shown = answer.found.interval(level).times(factor)
    shown = Estimate(shown.value, shown.low, shown.high, round(level, 4))
    verdict = Verdict.CANNOT_TELL if answer.blocks else judged(shown, held.margin, metric.better)
    spreadsheet = answer.spreadsheet * factor
    finding = Finding(
        about=sentences.about(action, metric),
        verdict=verdict,
        sentence=sentences.sentence(
            action, metric, verdict, shown, spreadsheet, held.margin, blocked=bool(answer.blocks)
        ),
        estimate=shown,
        unit=unit,
        contacts=answer.rows,
        agents=answer.found.treated + answer.found.controls,
        sampled=sentences.sampled(action, answer.design),
        assumptions=tuple(sentences.assumptions(action, answer, factor, unit)),
        reasons=tuple(sentences.reasons(answer, verdict, shown, held.margin, factor)),
        behind=_behind(action, metric, held),
        details=_details(answer, factor, held),
    )
    return Told(finding, answer, held)


def _none(action: Action, metric: Metric, reason: NoEstimate, held: Case | None) -> Finding:
    factor, unit = shown_in(metric)
    spreadsheet = _spreadsheet_of(held)
    shown = None if spreadsheet is None or math.isnan(spreadsheet) else spreadsheet * factor
    return Finding(
        about=sentences.about(action, metric),
        verdict=Verdict.NOT_COMPARABLE,
        sentence=sentences.no_estimate(action, metric, shown),
        unit=unit,
        reasons=(refusal(reason.code, reason.figures),),
        behind=_behind(action, metric, held) if held else (),
        details={"refusal": reason.code, "before_after": shown},
    )


def _spreadsheet_of(held: Case | None) -> float | None:
    """Before/after where there is no estimate: what people will look at anyway."""
    if held is None or held.panel is None:
        return None
    try:
        return beside.before_after(held, held.panel)
    except (NoEstimate, ValueError):
        return None


def _behind(action: Action, metric: Metric, held: Case) -> tuple[Behind, ...]:
    starts = [one.start for one in held.times if one.start < len(held.line)]
    first, last = months_between(held.line, (min(starts), max(held.ends().values())))
    mine = {action.unit: tuple(sorted(action.names))} if action.unit else {}
    where = {**dict(action.measured.where), **mine}
    return (Behind(metric.reference, where, first, last),)


def _details(answer: Answer, factor: float, held: Case) -> dict[str, object]:
    """Further figures for scripts."""
    found = answer.found
    spreadsheet = answer.spreadsheet * factor
    return {
        "design": answer.design,
        "before_after": None if math.isnan(spreadsheet) else spreadsheet,
        "by_itself": None if math.isnan(spreadsheet) else spreadsheet - found.value * factor,
        "margin": held.margin,
        "helped": found.treated,
        "compared_with": found.controls,
        "p_value": found.p_value,
        "blocked": [code for code, _ in answer.blocks],
        **found.details,
        **{name: value * (factor if name in sentences.IN_UNIT else 1) for name, value in answer.checks.items()},
        "looks": [
            {"period": look.period, **look.interval.times(factor).as_json()} for look in answer.looks
        ],
    }  # fmt: skip


def stayed(action: Action, answer: Answer) -> Finding | None:
    """Leavers are an outcome too: the share still seen at the end, helped less others (Agresti and Caffo 2000)."""
    if answer.stayed is None or min(of for _, of in answer.stayed) < 1:
        return None
    (a, n), (b, m) = answer.stayed
    one, two = (a + 1) / (n + 2), (b + 1) / (m + 2)
    half = float(stats.norm.ppf((1 + LEVEL) / 2)) * math.sqrt(one * (1 - one) / (n + 2) + two * (1 - two) / (m + 2))
    shown = Estimate(one - two, max(-1.0, one - two - half), min(1.0, one - two + half)).times(100)
    verdict = Verdict.CANNOT_TELL if min(n, m) < by_unit.FEW else judged(shown, 0.0, Better.HIGHER)
    return Finding(
        about=sentences.about_staying(action),
        verdict=verdict,
        sentence=sentences.staying(action, verdict, (a, n, b, m)),
        estimate=shown,
        agents=n + m,
        sampled=sentences.sampled(action, answer.design),
        assumptions=(sentences.INTENTION,),
        reasons=(refusal("few_helped", {"helped": n, "least": by_unit.FEW}),) if min(n, m) < by_unit.FEW else (),
        details={"seen": [a, b], "of": [n, m]},
    )
