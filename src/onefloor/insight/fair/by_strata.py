"""A check without a model: the same contacts stratum by stratum, as a spreadsheet could do it."""

from __future__ import annotations

from dataclasses import dataclass

from onefloor.insight.fair.standards import byar, direct, observed_by_expected
from onefloor.insight.fair.work import OURS, THEIRS, Family, Floats, Work, added
from onefloor.insight.finding import Estimate


@dataclass(frozen=True, slots=True)
class ByStrata:
    """The gap per row with our rates on their mix, and what they did by what our rates expect of it.

    The quotient's interval (Byar) knows the chance of contacts only, not that of agents: it answers whether a figure
    was delivered, not whether a company is worse. None where rows are no events.
    """

    gap: float
    observed_by_expected: Estimate | None


def by_strata(work: Work) -> ByStrata | None:
    """Theirs against ours in the strata that both have; None if there is none."""
    (our_n, our_k), (n, k) = _sums(work, OURS), _sums(work, THEIRS)
    both = (our_n > 0) & (n > 0)
    if not both.any():
        return None
    our_n, our_k, n, k = our_n[both], our_k[both], n[both], k[both]
    observed, expected = observed_by_expected(k, n, our_k / our_n)
    events = work.family is not Family.DURATION and work.unit == 1.0 and expected > 0
    return ByStrata(float(k.sum() / n.sum()) - direct(our_k, our_n, n), byar(observed, expected) if events else None)


def _sums(work: Work, company: int) -> tuple[Floats, Floats]:
    mine = work.company == company
    codes, size = work.stratum[mine], int(work.stratum.max(initial=0)) + 1
    return added(codes, work.n[mine], size), added(codes, work.k[mine], size)
