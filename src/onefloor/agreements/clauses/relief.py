"""Relief: where the client missed a duty, a share of the vendor's credits falls away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from onefloor.agreements.case import Case
from onefloor.agreements.clauses.verdict import inside, upper_included
from onefloor.agreements.measuring import Measured, weighed
from onefloor.agreements.terms.around import Duty, ReliefBand
from onefloor.agreements.wording import percent
from onefloor.findings import Question
from onefloor.language import Text


@dataclass(frozen=True, slots=True)
class Relief:
    """What a duty's figure means: the share of credits that falls away."""

    duty: Duty
    found: Measured
    share: Fraction
    words: Text


def relief_of(case: Case, duty: Duty) -> Relief:
    """The relief one duty gives this month. Exclusions and the vendor's minimum sample do not apply to the client."""
    what = replace(duty, minimum_sample=duty.minimum_sample or 1)
    metric = case.metric_of(duty.metric)
    asked = Question(metric.reference, case.scope(duty.scope, metric), case.month, case.month)
    found = weighed(case, what, metric, asked)
    if not found.enough:
        few = found.too_few_words()
        return Relief(duty, found, Fraction(0), Text(f"{few.zh}：不减免。", f"{few.en}: no relief."))
    share = _share(duty.bands, found)
    said = found.words()
    if not share:
        return Relief(duty, found, share, Text(f"{said.zh}：不减免。", f"{said.en}: no relief."))
    words = Text(f"{said.zh}：扣罚减免 {percent(share)}。", f"{said.en}: {percent(share)} of the credits falls away.")
    return Relief(duty, found, share, words)


def _share(bands: tuple[ReliefBand, ...], found: Measured) -> Fraction:
    assert found.value is not None
    upper = upper_included(found.metric)
    hits = [band.relief for band in bands if inside(found.value, band.start, band.end, upper=upper)]
    return min(Fraction(1), hits[0]) if hits else Fraction(0)


def spread(reliefs: list[Relief], taken: Mapping[str, Fraction]) -> tuple[list[Fraction], dict[str, Fraction]]:
    """What each relief gives back, and what is left of each credit.

    Shares of several reliefs on one credit add up, to the whole credit at most; the order changes no sum.
    """
    used = dict.fromkeys(taken, Fraction(0))
    amounts = []
    for relief in reliefs:
        given = Fraction(0)
        for clause, credit in taken.items():
            if not relief.duty.clauses or clause in relief.duty.clauses:
                share = min(relief.share, 1 - used[clause])
                used[clause] += share
                given += share * credit
        amounts.append(given)
    return amounts, {clause: credit * (1 - used[clause]) for clause, credit in taken.items()}
