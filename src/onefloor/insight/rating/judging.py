"""From marks to findings: do raters agree, who is stricter, and is a company."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from onefloor.insight.finding import LEVEL, Estimate, Finding, Verdict
from onefloor.insight.rating import agreement as among
from onefloor.insight.rating import sentences as say
from onefloor.insight.rating.agreement import ac1, ac1_error, alpha, cohen, counts, fleiss, ones, raw, resampled
from onefloor.insight.rating.design import contacts_for_severity
from onefloor.insight.rating.marks import Floats, Marks, linked, table_of
from onefloor.insight.rating.scores import alpha_of_scores, near, sums
from onefloor.insight.rating.severity import Severity, at_large, of_company, of_raters, severity, shared_by
from onefloor.language import Text
from onefloor.problems import Problem

LEAST_CONTACTS = 50  # double-scored, for any verdict on agreement
RELIABLE = 2 / 3  # Krippendorff 2004, Content Analysis, section 11.4.2: below this draw no conclusions
PREVALENT = 0.9  # share of one value from which alpha says more about the share than about the raters
FALSE_ALARMS = 0.05  # per list of raters


class NobodysRaters(Problem):
    """A company that no rater belongs to."""

    def __init__(self, company: str, known: Sequence[str]) -> None:
        super().__init__(
            Text(f"没有质检员属于“{company}”。", f'No rater is of "{company}".'),
            remedy=Text(
                f"质检员所属公司：{'、'.join(known) or '（未填写）'}。",
                f"The raters' companies are: {', '.join(known) or 'not given'}.",
            ),
        )


@dataclass(frozen=True, slots=True)
class Asked:
    """What was agreed beforehand.

    ``margin`` points of severity do not matter; scores ``tolerance`` points apart still agree; ``own`` is the company
    the others are held against, the first by name if None.
    """

    margin: float = 1.0
    tolerance: float = 5.0
    own: str | None = None
    draws: int = among.DRAWS


@dataclass(frozen=True, slots=True)
class Rated:
    """Everything found: the findings, and each rater's severity for the picture."""

    findings: tuple[Finding, ...]
    raters: tuple[Estimate, ...]
    flagged: tuple[bool, ...]


def rated(marks: Marks, rng: np.random.Generator, asked: Asked) -> Rated:
    """Agreement, severity of every rater, and severity of companies where the raters' companies are known.

    Raises:
        NobodysRaters: no rater is of the company the others are to be held against.
    """
    if asked.own is not None and asked.own not in marks.companies:
        raise NobodysRaters(asked.own, sorted({name for name in marks.companies if name}))
    found = severity(marks)
    raters, flagged = _raters(marks, found, asked)
    findings = [_agreement(marks, rng, asked, found), raters, *_companies(marks, found, asked)]
    return Rated(tuple(findings), tuple(of_raters(found)), flagged)


def _unit(marks: Marks) -> Text:
    return say.SHARE_POINTS if marks.passed else say.POINTS


def _agreement(marks: Marks, rng: np.random.Generator, asked: Asked, found: Severity) -> Finding:
    table, passed = table_of(marks), marks.passed
    common: dict[str, Any] = {"unit": say.ALPHA, "contacts": len(table), "agents": len(marks.raters)}
    common |= {"about": say.ABOUT_AGREEMENT, "sampled": say.RATERS}
    if len(table) < LEAST_CONTACTS:
        return Finding(
            verdict=Verdict.CANNOT_TELL, sentence=say.no_agreement(len(table)),
            reasons=(say.few_shared(len(table), LEAST_CONTACTS),), details=_account(marks), **common,
        )  # fmt: skip
    agreed = _of_passes(table, rng, asked) if passed else _of_scores(table, rng, asked, found)
    verdict = _reliable(agreed.deciding)
    return Finding(
        verdict=verdict,
        sentence=say.agreement_sentence(verdict, agreed.raw.value, agreed.alpha, None if passed else asked.tolerance),
        estimate=None if np.isnan(agreed.alpha.value) else agreed.alpha,
        assumptions=(say.BLIND,),
        reasons=agreed.reasons,
        details={"agreement": agreed.raw.as_json(), **agreed.others, **_account(marks)},
        **common,
    )


@dataclass(frozen=True, slots=True)
class _Agreed:
    """Raw agreement, alpha, and the estimate that decides."""

    raw: Estimate
    alpha: Estimate
    deciding: Estimate
    others: Mapping[str, Any]
    reasons: tuple[Text, ...] = ()


def _of_passes(table: Floats, rng: np.random.Generator, asked: Asked) -> _Agreed:
    """Agreement in passing: alpha decides, but AC1 where nearly all marks are the same."""
    held, size = counts(table), len(table)
    agreed = resampled(rng, size, lambda weight: raw(held, weight), asked.draws)
    reliable = resampled(rng, size, lambda weight: alpha(held, weight), asked.draws)
    beyond = resampled(rng, size, lambda weight: ac1(held, weight), asked.draws)
    share = held.count.sum(axis=0).max() / held.count.sum()
    rare = PREVALENT < share < 1
    others = {
        "ac1": _told(beyond),
        "ac1_error": _number(ac1_error(held)) if len(held.values) > 1 else None,
        "alpha": _told(reliable),
        "fleiss_kappa": _number(fleiss(held, ones(held))),
        "cohen_kappa": _number(cohen(table[:, 0], table[:, 1])) if table.shape[1] == 2 else None,
    }
    return _Agreed(agreed, reliable, beyond if rare else reliable, others, (say.RARE,) if rare else ())


def _of_scores(table: Floats, rng: np.random.Generator, asked: Asked, found: Severity) -> _Agreed:
    """Agreement in scores."""
    held, size = sums(table, asked.tolerance), len(table)
    agreed = resampled(rng, size, lambda weight: near(held, weight), asked.draws)
    reliable = resampled(rng, size, lambda weight: alpha_of_scores(held, weight), asked.draws)
    icc = found.model.one_rater if found.model else None
    return _Agreed(agreed, reliable, reliable, {"alpha": _told(reliable), "icc_a1": icc})


def _told(found: Estimate) -> dict[str, float] | None:
    return None if np.isnan(found.value) else found.as_json()


def _number(value: float) -> float | None:
    return None if np.isnan(value) else value


def _account(marks: Marks) -> dict[str, Any]:
    return {"lines": dict(marks.account)}


def _reliable(found: Estimate) -> Verdict:
    """From the interval alone: enough, too little, or neither."""
    if np.isnan(found.value) or found.low < RELIABLE <= found.high:
        return Verdict.CANNOT_TELL
    return Verdict.NOTHING_SEEN if found.low >= RELIABLE else Verdict.WORTH_A_LOOK


def _apart(simultaneous: Estimate, margin: float) -> bool:
    """Whether a difference is there and may matter."""
    inside = -margin < simultaneous.low and simultaneous.high < margin
    return not simultaneous.low <= 0 <= simultaneous.high and not inside


def _raters(marks: Marks, found: Severity, asked: Asked) -> tuple[Finding, tuple[bool, ...]]:
    unit, raters = _unit(marks), len(marks.raters)
    each, strict = of_raters(found), of_raters(found, 1 - FALSE_ALARMS / raters)
    enough = len(marks.contacts) >= LEAST_CONTACTS
    flagged = tuple(enough and _apart(one, asked.margin) for one in strict)
    if any(flagged):
        verdict = Verdict.WORTH_A_LOOK
    elif enough and all(-asked.margin < one.low and one.high < asked.margin for one in strict):
        verdict = Verdict.NO_DIFFERENCE
    else:
        verdict = Verdict.CANNOT_TELL
    apart = [(marks.raters[place], each[place]) for place in np.flatnonzero(flagged)]
    apart.sort(key=lambda one: -abs(one[1].value))
    finding = Finding(
        about=say.ABOUT_RATERS,
        verdict=verdict,
        sentence=say.raters_sentence(verdict, raters, apart, asked.margin, unit),
        estimate=apart[0][1] if apart else None,
        unit=unit,
        contacts=len(marks.contacts),
        agents=raters,
        sampled=say.RATERS,
        assumptions=_assumed(marks),
        reasons=_why_not(marks, found, asked, enough=enough) if verdict is Verdict.CANNOT_TELL else (),
        details={"raters": _listed(marks, each, flagged), "variances": _variances(found)},
    )
    return finding, flagged


def _assumed(marks: Marks) -> tuple[Text, ...]:
    if not marks.shared:
        return (say.BY_LOT,)
    return (say.BLIND, say.NORMAL) if linked(marks) else (say.BLIND, say.NORMAL, say.GROUPS_BY_LOT)


def _why_not(marks: Marks, found: Severity, asked: Asked, *, enough: bool) -> tuple[Text, ...]:
    if not enough:
        return (say.few_contacts(len(marks.contacts), LEAST_CONTACTS),)
    needed = contacts_for_severity(
        asked.margin, found.error_sd, len(marks.raters), level=1 - FALSE_ALARMS / len(marks.raters)
    )
    return (say.more_needed(needed, asked.margin, _unit(marks)),)


def _listed(marks: Marks, each: Sequence[Estimate], flagged: Sequence[bool]) -> list[dict[str, Any]]:
    given = np.bincount(marks.rater, minlength=len(marks.raters))
    rows = zip(marks.raters, marks.companies, given, each, flagged, strict=True)
    return [
        {"rater": name, "company": company, "marks": int(number), "flagged": bool(flag), **one.as_json()}
        for name, company, number, one, flag in rows
    ]


def _variances(found: Severity) -> dict[str, float | None] | None:
    model = found.model
    return None if model is None else {"contact": model.contact, "rater": model.rater, "error": model.error}


def _companies(marks: Marks, found: Severity, asked: Asked) -> list[Finding]:
    """Every other company against one; nothing where the raters' companies are not known or the same."""
    names = sorted({name for name in marks.companies if name})
    if len(names) < 2:
        return []
    own = asked.own or names[0]
    return [_company(marks, found, asked, name, own) for name in names if name != own]


def _company(marks: Marks, found: Severity, asked: Asked, company: str, own: str) -> Finding:
    unit, shared = _unit(marks), shared_by(marks, company, own)
    estimate, general = of_company(found, marks, company, own), at_large(found, marks, company, own)
    reasons: tuple[Text, ...] = ()
    if not shared:
        verdict, reasons = Verdict.NOT_COMPARABLE, (say.none_between(company, own),)
    elif shared < LEAST_CONTACTS:
        verdict, reasons = Verdict.CANNOT_TELL, (say.few_shared(shared, LEAST_CONTACTS),)
    elif _apart(estimate, asked.margin):
        verdict = Verdict.WORTH_A_LOOK
    else:
        inside = -asked.margin < estimate.low and estimate.high < asked.margin
        verdict = Verdict.NO_DIFFERENCE if inside else Verdict.CANNOT_TELL
    told = shared >= LEAST_CONTACTS
    return Finding(
        about=Text(f"{company} 与 {own} 的质检员", f"raters of {company} and {own}"),
        verdict=verdict,
        sentence=say.company_sentence(verdict, company, own, estimate, asked.margin, unit),
        estimate=estimate if told else None,
        unit=unit,
        contacts=shared,
        agents=sum(name in (company, own) for name in marks.companies),
        sampled=say.RATERS,
        assumptions=(say.BLIND, *([say.at_large_words(general, unit)] if told and general else [])),
        reasons=reasons,
        details={"at_large": general.as_json() if told and general else None, "level": LEVEL},
    )
