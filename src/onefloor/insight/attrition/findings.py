"""Staying and leaving as findings: judged from intervals, refused where too few have left."""

from __future__ import annotations

from collections.abc import Sequence

from onefloor.insight.attrition import sentences
from onefloor.insight.attrition.histories import Watched
from onefloor.insight.attrition.leavers import Known, Leavers
from onefloor.insight.attrition.staying import FEWEST_LEAVERS, Cohort, Staying
from onefloor.insight.finding import Behind, Finding, Verdict, judged
from onefloor.language import Text
from onefloor.metrics.metric import Better

MARGIN = 0.05  # of staying shares: five people in a hundred
SURPRISING = 0.01
HEADS = Text("人", "people")


def staying_findings(held: Watched, found: Staying, margin: float = MARGIN) -> list[Finding]:
    """One finding a cohort: the share that stays, and how it differs from all others'."""
    return [_staying(held, found, cohort, margin) for cohort in found.cohorts]


def _staying(held: Watched, found: Staying, cohort: Cohort, margin: float) -> Finding:
    who = sentences.name(cohort.key, found.by)
    about = sentences.about_staying(who, found.horizon)
    if cohort.stays is None:
        sentence, reason = sentences.too_few(who, cohort, found.horizon)
        return Finding(about, Verdict.CANNOT_TELL, sentence, agents=cohort.people, sampled=HEADS, reasons=(reason,))
    verdict, sentence, reasons = _beside(found, cohort, margin, sentences.stays(
        who, cohort.stays, found.horizon, cohort.since
    ))  # fmt: skip
    return Finding(
        about,
        verdict,
        sentence,
        estimate=cohort.stays.times(100),
        unit=Text("%", "%"),
        agents=cohort.people,
        sampled=HEADS,
        assumptions=(sentences.DELAYED,),
        reasons=(*reasons, *_undated(held)),
        behind=(_rows(cohort.key, found.by),),
        details={
            "leavers": cohort.leavers,
            "horizon": found.horizon,
            "since": cohort.since,
            "difference": cohort.difference and cohort.difference.as_json(),
            "pace": cohort.pace and {**cohort.pace.ratio.as_json(), "same_at_every_tenure_p": cohort.pace.changes},
            "log_rank_p": found.test and found.test.p,
            "without_delayed_entry": found.naive[cohort.key],
        },
    )


def _beside(found: Staying, cohort: Cohort, margin: float, told: Text) -> tuple[Verdict, Text, tuple[Text, ...]]:
    if len(found.cohorts) == 1:
        return Verdict.NOT_COMPARABLE, told, (sentences.alone(),)
    if cohort.difference is None:
        return Verdict.NOT_COMPARABLE, told, (sentences.without_others(),)
    verdict = judged(cohort.difference, margin, Better.HIGHER)
    told += sentences.against_others(verdict, cohort.difference)
    return verdict, told + sentences.pace(cohort.pace) if cohort.pace else told, ()


def leaver_findings(
    held: Watched, found: Known, by: Sequence[str], answers: Sequence[Leavers], days: int
) -> list[Finding]:
    """One finding a cohort: how many will leave, and a signal where people lately left otherwise than expected."""
    return [_leavers(held, found, tuple(by), one, days) for one in answers if one.heads]


def _leavers(held: Watched, found: Known, by: tuple[str, ...], one: Leavers, days: int) -> Finding:
    who = sentences.name(one.key, by)
    about = sentences.about_leavers(who, days)
    total = held.spells.leavers
    if total < FEWEST_LEAVERS:
        sentence, reason = sentences.no_forecast(who, one, days, total)
        return Finding(about, Verdict.CANNOT_TELL, sentence, agents=one.heads, sampled=HEADS, reasons=(reason,))
    verdict = Verdict.SIGNAL if one.surprise < SURPRISING else Verdict.STEADY
    swings = (sentences.swing(found.rates.swing),) if found.rates.swing > 0 else ()
    return Finding(
        about,
        verdict,
        sentences.will_leave(who, one, days, verdict),
        estimate=one.expected,
        unit=HEADS,
        agents=one.heads,
        sampled=HEADS,
        assumptions=(sentences.DELAYED, sentences.ONE_PACE, *swings),
        reasons=_undated(held),
        behind=(_rows(one.key, by),),
        details={
            "leavers_seen": one.seen,
            "noticed": one.noticed,
            "lately": one.lately,
            "lately_expected": one.lately_expected,
            "surprise": one.surprise,
            "swing": found.rates.swing,
        },
    )


def _undated(held: Watched) -> tuple[Text, ...]:
    return (sentences.undated(len(held.undated)),) if held.undated else ()


def _rows(key: tuple[str, ...], by: tuple[str, ...]) -> Behind:
    where = {kind: (value,) for value, kind in zip(key, by, strict=True) if kind in ("company", "employment") and value}
    return Behind("attrition", where)
