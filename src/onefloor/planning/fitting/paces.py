"""How much longer than usual each agent takes for the same contacts, pulled towards 1 by how little is known of him."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
SLOWEST = 5.0


@dataclass(frozen=True, slots=True)
class Paces:
    """Factors on handling time by agent id, with mean 1 over contacts; ``spread`` is that of their logarithms."""

    agents: Ints
    factors: Floats
    spread: float
    contacts: Ints

    def of(self, agents: Ints) -> Floats:
        """The factors of some agents; 1 for one without contacts."""
        if not len(self.agents):
            return np.ones(len(agents))
        place = np.minimum(np.searchsorted(self.agents, agents), len(self.agents) - 1)
        return np.where(self.agents[place] == agents, self.factors[place], 1.0)


def paces(agent: Ints, kind: Ints, seconds: Floats) -> Paces:
    """Agents' factors from logarithms of their handling times against the mean of their contacts' types.

    Shrunk by the spread between agents, by moments (DerSimonian and Laird 1986; empirical Bayes as Morris 1983): an
    agent with n contacts keeps the share t^2 / (t^2 + s^2 / n) of its difference.

    Args:
        agent: ids.
        kind: contact types.
        seconds: handling times; those below a second count as one.
    """
    agents, who = np.unique(agent, return_inverse=True)
    if len(agents) < 3:
        return Paces(agents, np.ones(len(agents)), 0.0, np.bincount(who, minlength=len(agents)))
    logs = np.log(np.maximum(seconds, 1.0))
    off = logs - _additive(logs, who, kind)
    n = np.bincount(who).astype(float)
    means = np.bincount(who, off) / n
    inside = float(((off - means[who]) ** 2).sum() / max(len(off) - len(agents), 1))
    between = max(
        (float((n * means**2).sum()) / inside - (len(agents) - 1)) * inside / (n.sum() - (n**2).sum() / n.sum()), 0
    )
    kept = between / (between + inside / n) if between > 0 else np.zeros(len(n))
    factors = np.clip(np.exp(kept * means), 1 / SLOWEST, SLOWEST)
    return Paces(agents, factors * len(seconds) / factors[who].sum(), float(np.sqrt(between)), n.astype(np.int64))


def _additive(logs: Floats, who: Ints, kind: Ints, rounds: int = 8) -> Floats:
    """Each contact's type effect, agents' own differences taken out in turn (backfitting)."""
    types, own = np.zeros(int(kind.max()) + 1), np.zeros(int(who.max()) + 1)
    sizes, counts = np.maximum(np.bincount(kind), 1), np.maximum(np.bincount(who), 1)
    for _ in range(rounds):
        types = np.bincount(kind, logs - own[who], len(types)) / sizes
        own = np.bincount(who, logs - types[kind], len(own)) / counts
        own -= (own * counts).sum() / counts.sum()
    return np.asarray(types[kind])
