"""The same queue in the same half hour: both companies at work side by side.

Where the next call goes to whoever has been idle longest, who gets it is close to a lot inside a queue and half hour.
So each of them has a level of its own, taken out by its mean (within estimator; Wooldridge 2010, 10.5), and what is
left is the difference between people who sat side by side. A linear model of the figure itself, so that sums are enough
for every family. Each agent is left out exactly, the means of its half hours included (CRV3 of MacKinnon, Nielsen &
Webb 2023), each company by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from onefloor.insight.fair.fitting import independent
from onefloor.insight.fair.gap import Gap, jackknife_variance
from onefloor.insight.fair.work import OURS, THEIRS, Codes, Floats, Mask, Work, added

Upper = tuple[np.ndarray[Any, np.dtype[np.signedinteger[Any]]], ...]
NEEDED = 0.5  # of their contacts, in half hours that ours share


@dataclass(frozen=True, slots=True)
class _System:
    """The normal equations after taking out each half hour's mean, with all that leaving an agent out needs."""

    x: Floats
    agent: Codes
    slot: Codes
    n: Floats
    k: Floats
    side: Codes  # of each agent


def shared(work: Work, slot: Codes) -> Mask:
    """The cells in half hours in which both companies worked."""
    both = np.ones(int(slot.max(initial=0)) + 1, bool)
    for company in (OURS, THEIRS):
        both &= np.bincount(slot, work.n * (work.company == company), len(both)) > 0
    return np.asarray(both[slot])


def gap_within(work: Work, slot: Codes, *, tenure: bool) -> Gap | None:
    """The gap between company 1 (theirs) and company 0 (ours) inside queue x half hour.

    Args:
        work: cells of two companies; ``mix`` is what to hold alike beside the half hour.
        slot: queue x day x half hour of each cell.
        tenure: hold experience alike too.

    Returns:
        None where no half hour sets the companies apart, or a company has fewer than two agents in them.
    """
    here = shared(work, slot) & (work.n > 0)
    work, slot = work.chosen(here), np.unique(slot[here], return_inverse=True)[1]
    if not len(work) or min(work.agents(0), work.agents(1)) < 2:
        return None
    _, first, agent = np.unique(work.agent, return_index=True, return_inverse=True)
    x = _columns(work, slot, tenure=tenure)
    if x is None:
        return None
    system = _System(x, agent, slot, work.n, work.k, work.company[first])
    beta, left_out = _with_and_without(system)
    error = float(np.sqrt(jackknife_variance(left_out, np.array(beta), system.side)))
    sizes = tuple(int((system.side == side).sum()) for side in (0, 1))
    rows = tuple(round(float(work.rows[work.company == side].sum())) for side in (0, 1))
    theirs = work.rate(THEIRS)
    return Gap(
        beta, error, min(sizes) - 1, theirs, theirs - beta, beta, error, (sizes[0], sizes[1]), (rows[0], rows[1])
    )


def _columns(work: Work, slot: Codes, *, tenure: bool) -> Floats | None:
    """The columns that still vary inside half hours, "theirs" last; None if it does not."""
    factors = [*work.mix, *([work.tenure] if tenure else [])]
    dummies = [(codes[:, None] == np.unique(codes)[None, 1:]).astype(float) for codes in factors]
    x = np.column_stack([*dummies, work.company.astype(float)])
    total = np.bincount(slot, work.n)
    means = sparse.csr_array((work.n, (slot, np.arange(len(work))))) @ x / total[:, None]
    inside = (x - means[slot]) * np.sqrt(work.n)[:, None]
    kept = independent(inside)
    return x[:, kept] if kept[-1] else None


def _with_and_without(system: _System) -> tuple[float, Floats]:
    """The coefficient of "theirs" with all agents, and without each."""
    n, x = system.n, system.x
    slots = _sums(system.slot, n, system.k, x)
    pair, first = _pairs(system)
    parts = _sums(pair, n, system.k, x)
    slot, agent = system.slot[first], system.agent[first]
    left = (slots[0][slot] - parts[0], slots[1][slot] - parts[1], slots[2][slot] - parts[2])
    upper = np.triu_indices(x.shape[1])
    taken = _of_means(*slots, upper)
    a, b = _grams(x, n, upper).sum(axis=0) - taken[0].sum(axis=0), x.T @ system.k - taken[1].sum(axis=0)
    agents = len(system.side)
    owned = sparse.csr_array((np.ones(len(agent)), (agent, np.arange(len(agent)))), shape=(agents, len(agent)))
    mine = sparse.csr_array((np.ones(len(n)), (system.agent, np.arange(len(n)))), shape=(agents, len(n)))
    whole_means = _of_means(slots[0][slot], slots[1][slot], slots[2][slot], upper)
    left_means = _of_means(*left, upper)
    a_left = a[None, :] - mine @ _grams(x, n, upper) + owned @ (whole_means[0] - left_means[0])
    b_left = b[None, :] - mine @ (x * system.k[:, None]) + owned @ (whole_means[1] - left_means[1])
    return float(_last(a[None, :], b[None, :], upper)[0]), _last(a_left, b_left, upper)


def _pairs(system: _System) -> tuple[Codes, Codes]:
    """Agent x half hour of each cell, and the first cell of each."""
    flat = system.agent * (int(system.slot.max()) + 1) + system.slot
    _, first, pair = np.unique(flat, return_index=True, return_inverse=True)
    return pair, first


def _sums(group: Codes, n: Floats, k: Floats, x: Floats) -> tuple[Floats, Floats, Floats]:
    """n, k and n x of each group."""
    of_x = sparse.csr_array((n, (group, np.arange(len(n))))) @ x
    return added(group, n), added(group, k), of_x


def _grams(x: Floats, n: Floats, upper: Upper) -> Floats:
    return np.asarray(x[:, upper[0]] * x[:, upper[1]] * n[:, None])


def _of_means(n: Floats, k: Floats, nx: Floats, upper: Upper) -> tuple[Floats, Floats]:
    """What the means take out of X'X and X'y; nothing where no row is left."""
    share = np.divide(1.0, n, out=np.zeros_like(n), where=n > 1e-9)[:, None]
    return nx[:, upper[0]] * nx[:, upper[1]] * share, nx * k[:, None] * share


def _last(a: Floats, b: Floats, upper: Upper) -> Floats:
    """The last coefficient of each system."""
    size = b.shape[1]
    full = np.zeros((len(a), size, size))
    full[:, upper[0], upper[1]] = a
    full[:, upper[1], upper[0]] = a
    level = np.trace(full, axis1=1, axis2=2) / size
    full += (1e-12 * level)[:, None, None] * np.eye(size)
    return np.asarray(np.linalg.solve(full, b[..., None])[:, -1, 0])
