"""Who passes contacts on to whom: between two companies, both ways, net of the work and of how large each is."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from onefloor.insight.fair.refusals import Refusal, few_agents
from onefloor.insight.fair.several import ALPHA, holm_levels
from onefloor.insight.finding import Estimate, Verdict
from onefloor.insight.guards.everybody_else import EVERYBODY_ELSE, worded
from onefloor.insight.guards.peers import Floats, Places
from onefloor.language import Text

LEAST_OF_PEERS = 30  # contacts of the receiver's people in a queue and hour, below which they say nothing
OTHERS = ""
MATTERS = 0.5  # points of a company's contacts; a smaller surplus one way is nothing that matters


@dataclass(frozen=True, slots=True)
class Passing:
    """Cells of handled contacts: whose (agent, company), in which stratum, how many, and how many of them each company
    took over afterwards (cells, companies). ``names`` are those of the companies, ``untold`` contacts passed on of
    which the facts do not say who took them."""

    names: tuple[str, ...]
    agent: Places
    company: Places
    stratum: Places
    rows: Floats
    taken: Floats
    untold: int = 0


@dataclass(frozen=True, slots=True)
class Way:
    """One way: contacts passed on, what peers would have passed on the same work, and out of how many.

    ``surplus`` is observed minus expected as a share of the rows; ``influence`` of each agent on it; ``share`` the part
    of the sender's rows in queues and hours in which the receiver's people work too.
    """

    observed: float
    expected: float
    rows: float
    share: float
    surplus: float
    influence: Floats


@dataclass(frozen=True, slots=True)
class Exchange:
    """Two companies: the surplus one way minus that the other way, in points; None where ``refusals`` say so."""

    names: tuple[str, str]
    ways: tuple[Way, Way] | None
    agents: tuple[int, int]
    net: Estimate | None
    refusals: tuple[Refusal, ...]

    def verdict(self, matters: float = MATTERS) -> Verdict:
        """Worth a look if the whole interval is beyond what matters, nothing seen if it is inside."""
        if any(one.final for one in self.refusals):
            return Verdict.NOT_COMPARABLE
        if self.refusals or self.net is None:
            return Verdict.CANNOT_TELL
        if self.net.low > matters or self.net.high < -matters:
            return Verdict.WORTH_A_LOOK
        inside = -matters < self.net.low and self.net.high < matters
        return Verdict.NOTHING_SEEN if inside else Verdict.CANNOT_TELL


def one_way(of: Passing, sender: int, receiver: int) -> Way | None:
    """What a company passes on to another, against what the receiver's own people pass on to each other.

    Peers are those in the same queue and hour: to whom a contact goes when it is passed on depends on who is there, and
    that is the same for both. Third companies are left out: one that passes on much would make others look innocent
    or guilty. The surplus is a difference of directly standardised rates; its influence function (Hampel 1974, J. Am.
    Stat. Assoc. 69:383) adds up by agent. Where companies rather pass on to their own, the surplus of both ways is as
    much below 0, which the net of both takes out.
    """
    hits, mine, other = of.taken[:, receiver], of.company == sender, of.company == receiver
    size = int(of.stratum.max(initial=0)) + 1
    theirs = [np.bincount(of.stratum[other], values[other], size) for values in (of.rows, hits)]
    held = theirs[0] >= LEAST_OF_PEERS
    rate = np.divide(theirs[1], theirs[0], out=np.zeros(size), where=held)
    kept = mine & held[of.stratum]
    rows = float(of.rows[kept].sum())
    if not rows:
        return None
    due = float((of.rows[kept] * rate[of.stratum[kept]]).sum())
    surplus = (float(hits[kept].sum()) - due) / rows
    weight = np.bincount(of.stratum[kept], of.rows[kept], size)
    weight = np.divide(weight, theirs[0], out=np.zeros(size), where=held)
    rest = hits - of.rows * rate[of.stratum]
    part = np.where(kept, rest - of.rows * surplus, np.where(other, -weight[of.stratum] * rest, 0.0)) / rows
    influence = np.bincount(of.agent, part, int(of.agent.max()) + 1).astype(float)
    return Way(float(hits[kept].sum()), due, rows, rows / float(of.rows[mine].sum()), surplus, influence)


def with_others(of: Passing, name: str) -> Passing:
    """One company and all others as one, whose name is empty."""
    place = of.names.index(name)
    rest = [other for other in range(len(of.names)) if other != place]
    taken = np.column_stack([of.taken[:, place], of.taken[:, rest].sum(axis=1)])
    return replace(of, names=(name, OTHERS), company=(of.company != place).astype(np.intp), taken=taken)


def exchanges(of: Passing, alpha: float = ALPHA) -> list[Exchange]:
    """Every two companies, in the order of their names; agents are the sample.

    Args:
        of: contacts that were handled, and by whom they were taken over.
        alpha: chance of an interval that misses, of all of them together (Holm).
    """
    count = len(of.names)
    found = [_between(of, one, two) for one in range(count) for two in range(one + 1, count)]
    told = [(place, one) for place, one in enumerate(found) if one.ways is not None]
    errors = [_error(one) for _, one in told]
    p_values = [2 * float(stats.t.sf(abs(_net(one)) / error, freedom)) for (_, one), (error, freedom) in
                zip(told, errors, strict=True)]  # fmt: skip
    for (place, one), (error, freedom), level in zip(told, errors, holm_levels(p_values, alpha), strict=True):
        reach = float(stats.t.ppf((1 + level) / 2, freedom)) * error
        net = Estimate(_net(one), _net(one) - reach, _net(one) + reach, level).times(100)
        found[place] = Exchange(one.names, one.ways, one.agents, net, one.refusals)
    return found


def _between(of: Passing, one: int, two: int) -> Exchange:
    names = of.names[one], of.names[two]
    said = [name or EVERYBODY_ELSE for name in names]
    agents = tuple(len(np.unique(of.agent[of.company == side])) for side in (one, two))
    few = [worded(refusal) for name, many in zip(said, agents, strict=True) if (refusal := few_agents(name, many))]
    ways = one_way(of, one, two), one_way(of, two, one)
    if any(refusal.final for refusal in few):
        return Exchange(names, None, (agents[0], agents[1]), None, tuple(few))
    if ways[0] is None or ways[1] is None:
        return Exchange(names, None, (agents[0], agents[1]), None, (*few, worded(nothing_shared(*said))))
    return Exchange(names, (ways[0], ways[1]), (agents[0], agents[1]), None, tuple(few))


def nothing_shared(one: str, two: str) -> Refusal:
    """No queue and hour in which both have peers."""
    return Refusal(
        "shared",
        Text(f"“{one}”与“{two}”没有共同的队列和时段。", f"{one} and {two} share no queue and hour."),
        Text("请取更长的期间。", "Take more months."),
    )


def _net(of: Exchange) -> float:
    assert of.ways is not None
    return of.ways[0].surplus - of.ways[1].surplus


def _error(of: Exchange) -> tuple[float, int]:
    """The standard error of the net surplus, and the degrees of freedom: agents of the smaller company - 1."""
    assert of.ways is not None
    parts: NDArray[np.float64] = of.ways[0].influence - of.ways[1].influence
    some = max(int((parts != 0).sum()), 2)
    least = min(of.agents)
    return max(float(np.sqrt(some / (some - 1) * (parts**2).sum())), 1e-12) * float(np.sqrt(least / (least - 1))), (
        least - 1
    )
