"""From counts to findings: whether anybody is far out in a pattern."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from onefloor.insight.finding import Estimate, Finding, Verdict
from onefloor.insight.guards import sentences as say
from onefloor.insight.guards.patterns import Stretched
from onefloor.insight.guards.rows import question
from onefloor.insight.guards.screening import BUDGET, LEAST_ROWS, LEAST_UNITS, Screen, screened, screened_means
from onefloor.insight.guards.tallying import Pattern, Tallied
from onefloor.language import Text
from onefloor.periods import Month

LONGER = 0.2  # logarithm: after-call work a fifth longer in long queues than that of peers
WRAP = Text("排队长时话后变长", "after-call work stretched when queues are long")


def pattern_finding(
    pattern: Pattern, tallied: Tallied, months: Sequence[Month], companies: Sequence[str] = ()
) -> Finding:
    """Whether anybody is far out in a pattern; cannot tell, and why, where the facts do not carry it.

    ``companies`` are those that the counts were limited to.
    """
    if tallied.refusal is not None:
        return Finding(
            pattern.title, Verdict.CANNOT_TELL, say.pattern_sentence(Verdict.CANNOT_TELL, pattern.title, [], 0),
            reasons=(tallied.refusal,), behind=(question(pattern.behind, months, companies),),
        )  # fmt: skip
    found = screened(tallied.peers, low=pattern.low, budget=tallied.budget)
    rows = int(tallied.peers.rows.sum())
    enough = int((tallied.peers.rows >= LEAST_ROWS).sum())
    sign = -1 if pattern.low else 1
    of = _Screened(
        pattern.title, pattern.hint, pattern.behind, tallied.agents, rows, enough, len(tallied.agents), sign,
        tallied.budget, companies,
    )  # fmt: skip
    return _screen_finding(of, found, months)


def stretched_finding(of: Stretched, months: Sequence[Month], companies: Sequence[str] = ()) -> Finding:
    """Whether anybody's after-call work grows with the queue; ``companies`` are those it was limited to."""
    found = screened_means(of.logarithm, of.error, LONGER)
    hint = Text("排队长时话后处理比同事更长", "after-call work grows more than that of peers when queues are long")
    count = len(of.agents)
    held = _Screened(WRAP, hint, "wrap_time", of.agents, 0, count, count + len(of.few), 1, companies=companies)
    return _screen_finding(held, found, months)


@dataclass(frozen=True, slots=True)
class _Screened:
    """What a screen was of: ``enough`` of ``all`` agents had rows enough; ``sign`` -1 where too few is suspicious.

    ``companies`` are those it was limited to.
    """

    title: Text
    hint: Text
    metric: str
    agents: tuple[str, ...]
    rows: int
    enough: int
    all: int
    sign: int
    budget: float = BUDGET
    companies: Sequence[str] = ()


def _screen_finding(of: _Screened, found: Screen | None, months: Sequence[Month]) -> Finding:
    if found is None:
        return Finding(
            of.title, Verdict.CANNOT_TELL, say.pattern_sentence(Verdict.CANNOT_TELL, of.title, [], 0),
            contacts=of.rows, reasons=(say.few_units(of.enough, LEAST_UNITS),),
            behind=(question(of.metric, months, of.companies),),
        )  # fmt: skip
    order = np.argsort(-of.sign * found.deviation, kind="stable")
    places = [int(place) for place in order if found.flagged[place]]
    names, count = [of.agents[place] for place in places], int(found.judged.sum())
    verdict = Verdict.WORTH_A_LOOK if places else Verdict.NOTHING_SEEN
    listed = [_one(found, place, of.agents[place]) for place in places]
    furthest = int(next(place for place in order if found.judged[place]))
    return Finding(
        about=of.title,
        verdict=verdict,
        sentence=say.pattern_sentence(verdict, of.title, names, count, of.all),
        estimate=_ratio_of(found, furthest, count, of.budget),
        unit=say.TIMES_OF_FURTHEST,
        contacts=of.rows,
        agents=count,
        assumptions=(of.hint, say.PEERS, say.screen_rule(found.limit), *([say.CONVERSATION] if places else [])),
        behind=(question(of.metric, months, of.companies, names),),
        details={"flagged": listed, "spread": found.spread, "limit": found.limit},
    )


def _one(found: Screen, place: int, name: str) -> dict[str, Any]:
    high = float(found.high[place])
    return {
        "name": name,
        "ratio": float(found.ratio[place]),
        "low": float(found.low[place]),
        "high": high if np.isfinite(high) else None,
        "deviation": float(found.deviation[place]),
    }


def _ratio_of(found: Screen, place: int, count: int, budget: float) -> Estimate | None:
    """Observed / expected of one of the screen, at the level that holds for all; None if nothing was expected."""
    if not np.isfinite(found.high[place]):
        return None
    value, low, high = (float(one[place]) for one in (found.ratio, found.low, found.high))
    return Estimate(value, min(low, value), max(high, value), 1 - 2 * budget / count)
