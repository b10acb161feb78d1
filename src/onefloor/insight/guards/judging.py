"""From counts to findings: the trade-off, who is in the wrong quadrant, companies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from onefloor.insight.finding import Estimate, Finding, Verdict
from onefloor.insight.guards import sentences as say
from onefloor.insight.guards.companies import Company, Side
from onefloor.insight.guards.pairing import LEAST_ROWS, Pair
from onefloor.insight.guards.peers import Floats, Mask
from onefloor.insight.guards.quadrants import CERTAIN, RIGHT, certain, quadrant_of, wrong
from onefloor.insight.guards.rows import question
from onefloor.insight.guards.screening import LEAST_UNITS
from onefloor.insight.guards.shrinking import Shrunk, shrunk
from onefloor.language import Text
from onefloor.metrics.metric import Metric
from onefloor.periods import Month

MAYBE = 0.5  # probability from which more of a unit's contacts are worth a look before anything is said of it
SLIGHT = -0.3  # a correlation weaker than this is no trade-off that matters


@dataclass(frozen=True, slots=True)
class Judged:
    """The pair with what is known of each unit, for findings and picture; ``found`` is None with too few units.

    ``chance`` is that of both differences to lie beyond the ``margins`` (shares), on the wrong sides.
    """

    pair: Pair
    found: Shrunk | None
    chance: Floats
    flagged: Mask
    margins: tuple[float, float]

    @property
    def likely(self) -> say.Likely | None:
        """How many probably do; None with too few units to say."""
        if self.found is None:
            return None
        points = round(100 * self.margins[0], 6), round(100 * self.margins[1], 6)
        return say.Likely(int((self.chance > CERTAIN).sum()), len(self.pair.names), CERTAIN, points, self.pair.sampled)

    @property
    def named(self) -> list[int]:
        """The places of those who are named, the likeliest first."""
        return [int(place) for place in np.argsort(-self.chance, kind="stable") if self.flagged[place]]

    @property
    def sentence(self) -> Text:
        """Who probably sells more and serves worse: the finding says it, and its picture the same."""
        return say.quadrant_sentence([self.pair.names[place] for place in self.named], self.likely)


def judged(pair: Pair, margins: tuple[float, float]) -> Judged:
    """Shrink, and decide whom to talk to; ``margins`` as shares."""
    units = len(pair.names)
    if units < LEAST_UNITS:
        return Judged(pair, None, np.zeros(units), np.zeros(units, bool), margins)
    found = shrunk(pair.difference, pair.error, pair.expected, pair.group)
    chance = wrong(found, margins)
    return Judged(pair, found, chance, certain(chance), margins)


def pair_findings(
    of: Judged, months: Sequence[Month], *, provisional: bool, companies: Sequence[str] = ()
) -> list[Finding]:
    """The trade-off, and who is probably in the wrong quadrant; ``companies`` are those the pair was limited to."""
    common = _common(of, months, companies, provisional=provisional)
    return [_trade_off(of, companies, common), _quadrants(of, common)]


def _common(of: Judged, months: Sequence[Month], companies: Sequence[str], *, provisional: bool) -> dict[str, Any]:
    own = [] if of.pair.group is None else [say.OWN_COMPANY]
    assumed = [say.PEERS, *own, say.INDEPENDENT, *([say.PROVISIONAL] if provisional else [])]
    reasons = () if of.found else (say.few_units(len(of.pair.names), LEAST_UNITS, of.pair.sampled),)
    return {
        "contacts": int(of.pair.rows.sum()),
        "agents": len(of.pair.names),
        "sampled": of.pair.sampled,
        "assumptions": tuple(assumed),
        "reasons": reasons,
        "behind": tuple(question(one.reference, months, companies) for one in (of.pair.selling, of.pair.quality)),
    }


def _trade_off(of: Judged, companies: Sequence[str], common: dict[str, Any]) -> Finding:
    estimate = of.found.trade_off if of.found else None
    if estimate is None:
        verdict = Verdict.CANNOT_TELL
    elif estimate.high < 0:
        verdict = Verdict.WORTH_A_LOOK
    else:
        verdict = Verdict.NOTHING_SEEN if estimate.low > SLIGHT else Verdict.CANNOT_TELL
    spreads = None if of.found is None else [float(100 * s) for s in np.sqrt(np.diag(of.found.between))]
    return Finding(
        about=say.ABOUT_TRADE,
        verdict=verdict,
        sentence=say.trade_off_sentence(verdict, estimate, companies),
        estimate=estimate,
        unit=say.CORRELATION,
        details={"spreads_points": spreads, "too_few_rows": of.pair.few, "least_rows": LEAST_ROWS},
        **common,
    )


def _quadrants(of: Judged, common: dict[str, Any]) -> Finding:
    places, likely = of.named, of.likely
    if places:
        verdict = Verdict.WORTH_A_LOOK
    else:  # some who are likely, but not enough for a list: that is no all-clear
        verdict = Verdict.NOTHING_SEEN if likely and not likely.count else Verdict.CANNOT_TELL
    maybe = [int(place) for place in np.flatnonzero((of.chance > MAYBE) & ~of.flagged)]
    unsure = [say.check_more(len(maybe), MAYBE, of.pair.sampled)] if maybe else []
    assumed = (*common["assumptions"], say.list_rule(CERTAIN, RIGHT), say.CONVERSATION, *unsure)
    return Finding(
        about=say.ABOUT_QUADRANT,
        verdict=verdict,
        sentence=of.sentence,
        unit=say.POINTS,
        details={
            "flagged": [_unit_json(of, place) for place in places],
            "check_more": [_unit_json(of, place) for place in maybe],
            "likely": likely.count if likely else None,
            "margins_points": list(likely.margins) if likely else None,
            "quadrants_without_margins": _quadrant_counts(of),
        },
        **{**common, "assumptions": assumed},
    )


def _unit_json(of: Judged, place: int) -> dict[str, Any]:
    assert of.found is not None
    mean, spread = of.found.mean[place], np.sqrt(np.diag(of.found.covariance[place]))
    return {
        "name": of.pair.names[place],
        "probability": float(of.chance[place]),
        "selling_points": float(100 * mean[0]),
        "quality_points": float(100 * mean[1]),
        "sd_points": [float(100 * one) for one in spread],
        "rows": [int(one) for one in of.pair.rows[place]],
    }


def _quadrant_counts(of: Judged) -> dict[str, int]:
    """How many units are in each quadrant, by whatever little, with a probability above ``CERTAIN``."""
    if of.found is None:
        return {}
    names, sure = quadrant_of(of.found)
    kept = [name.value for name, chance in zip(names, sure, strict=True) if chance > CERTAIN]
    return {name: kept.count(name) for name in sorted(set(kept))}


def company_finding(
    one: Company,
    figures: tuple[Metric, Metric],
    margins: tuple[float, float],
    months: Sequence[Month],
    *,
    alone: bool = False,
) -> Finding:
    """Whether a company sells at the cost of quality, against the others; no verdict on its quality by itself.

    Args:
        one: the company.
        figures: selling and quality.
        margins: differences that do not matter, in points.
        months: of the contacts.
        alone: it is for this company only; how many rows and agents the others have is not told.
    """
    verdict = _traded(one, margins)
    sides = (one.selling, one.quality)
    sold, served = one.selling.estimate, one.quality.estimate
    titles = (figures[0].title, figures[1].title)
    share = min(one.selling.share, one.quality.share)
    return Finding(
        about=Text(f"{one.name}：销售与质量", f"{one.name}: selling and quality"),
        verdict=verdict,
        sentence=say.company_sentence(one.name, verdict, sold, served, titles),
        estimate=served,
        unit=say.POINTS,
        contacts=sum(side.own if alone else side.rows for side in sides),
        agents=min(side.agents[1] if alone else sum(side.agents) for side in sides),
        assumptions=(say.SAME_WORK, *([say.shared_queues(share)] if share < 1 else []), say.NO_QUALITY_VERDICT),
        reasons=tuple(refusal.words for refusal in one.refusals),
        behind=tuple(question(metric.reference, months, [one.name]) for metric in figures),
        details={name: _side_json(side, alone=alone) for name, side in zip(("selling", "quality"), sides, strict=True)},
    )


def _traded(one: Company, margins: tuple[float, float]) -> Verdict:
    """Worth a look if both are sure; nothing seen only if one of the two is surely absent or too small to matter."""
    sold, served = one.selling.estimate, one.quality.estimate
    if any(refusal.final for refusal in one.refusals):
        return Verdict.NOT_COMPARABLE
    if one.refusals or sold is None or served is None:
        return Verdict.CANNOT_TELL
    if one.traded:
        return Verdict.WORTH_A_LOOK
    absent = sold.high <= margins[0] or served.low >= -margins[1]
    return Verdict.NOTHING_SEEN if absent else Verdict.CANNOT_TELL


def _side_json(side: Side, *, alone: bool) -> dict[str, Any]:
    return {
        "metric": side.metric,
        "estimate": side.estimate.as_json() if side.estimate else None,
        "share_in_shared_queues": side.share,
        "rows": side.own if alone else side.rows,
        "agents": [side.agents[1]] if alone else list(side.agents),
        "refusals": [one.kind for one in side.refusals],
    }


def ratio_of(logarithm: Estimate) -> Estimate:
    """A difference of logarithms as a ratio."""
    value, low, high = (float(np.exp(one)) for one in (logarithm.value, logarithm.low, logarithm.high))
    return Estimate(value, low, high, logarithm.level)
