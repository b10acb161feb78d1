"""The same queue in the same half hour: both companies at work side by side.

Where the next call goes to whoever has been idle longest, who gets it is close to a lot inside a queue and half hour.
So each of them has a level of its own, taken out by its mean (within estimator; Wooldridge 2010, 10.5), and what is
left is the difference between people who sat side by side. A linear model of the figure itself, so that sums are enough
for every family. Each agent is left out exactly, the means of its half hours included (CRV3 of MacKinnon, Nielsen &
Webb 2023), each company by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from onefloor.insight.fair.fitting import independent
from onefloor.insight.fair.gap import Gap, jackknife_variance
from onefloor.insight.fair.work import OURS, THEIRS, Codes, Floats, Mask, Work, added

BLOCK = 200_000  # rows held as products at a time
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
    """The coefficient of "theirs" with all agents, and without each.

    With means taken out, X'X is the sum over rows minus that over half hours of their means. Without an agent, its rows
    go, and the half hours it worked in have other means.
    """
    n, k, x = system.n, system.k, system.x
    slots, (pair, first) = _sums(system.slot, n, k, x), _pairs(system)
    parts, slot, owner = _sums(pair, n, k, x), system.slot[first], system.agent[first]

    def of_rows(part: slice) -> Floats:
        return _products(k[part], x[part] * n[part, None], x[part])

    def of_changed(part: slice) -> Floats:
        """What the half hours of an agent had taken out, minus what they take out without the agent."""
        whole = [held[slot[part]] for held in slots]
        left = [held - gone[part] for held, gone in zip(whole, parts, strict=True)]
        return _of_means(whole[0], whole[1], whole[2]) - _of_means(left[0], left[1], left[2])

    agents = len(system.side)
    rows = _by_agent(agents, system.agent, of_rows)
    every = rows.sum(axis=0) - _in_blocks(
        len(slots[0]), lambda part: _of_means(*(held[part] for held in slots)).sum(axis=0)
    )
    return float(_last(every[None, :], x.shape[1])[0]), _last(
        every[None, :] - rows + _by_agent(agents, owner, of_changed), x.shape[1]
    )


def _by_agent(agents: int, owner: Codes, values: Callable[[slice], Floats]) -> Floats:
    """Rows of values added up by agent, a block of rows at a time."""

    def block(part: slice) -> Floats:
        mine = owner[part]
        picked = sparse.csr_array((np.ones(len(mine)), (mine, np.arange(len(mine)))), shape=(agents, len(mine)))
        return np.asarray(picked @ values(part))

    return _in_blocks(len(owner), block)


def _in_blocks(rows: int, values: Callable[[slice], Floats]) -> Floats:
    """The sum of what blocks of rows give: what is held does not grow with the rows."""
    total = values(slice(0, BLOCK))
    for start in range(BLOCK, rows, BLOCK):
        total = total + values(slice(start, start + BLOCK))
    return total


def _pairs(system: _System) -> tuple[Codes, Codes]:
    """Agent x half hour of each cell, and the first cell of each."""
    flat = system.agent * (int(system.slot.max()) + 1) + system.slot
    _, first, pair = np.unique(flat, return_index=True, return_inverse=True)
    return pair, first


def _sums(group: Codes, n: Floats, k: Floats, x: Floats) -> tuple[Floats, Floats, Floats]:
    """n, k and n x of each group."""
    of_x = sparse.csr_array((n, (group, np.arange(len(n))))) @ x
    return added(group, n), added(group, k), of_x


def _products(k: Floats, nx: Floats, x: Floats) -> Floats:
    """The upper half of n x x' of each row, and k x after it."""
    upper = np.triu_indices(x.shape[1])
    return np.hstack([nx[:, upper[0]] * x[:, upper[1]], x * k[:, None]])


def _of_means(n: Floats, k: Floats, nx: Floats) -> Floats:
    """What the means take out of X'X and X'y; nothing where no row is left."""
    share = np.divide(1.0, n, out=np.zeros_like(n), where=n > 1e-9)[:, None]
    return _products(k, nx, nx * share)


def _last(systems: Floats, size: int) -> Floats:
    """The last coefficient of each system: upper halves of X'X, and X'y after them."""
    upper = np.triu_indices(size)
    full, right = np.zeros((len(systems), size, size)), systems[:, len(upper[0]) :]
    full[:, upper[0], upper[1]] = systems[:, : len(upper[0])]
    full[:, upper[1], upper[0]] = systems[:, : len(upper[0])]
    level = np.trace(full, axis1=1, axis2=2) / size
    full += (1e-12 * level)[:, None, None] * np.eye(size)
    return np.asarray(np.linalg.solve(full, right[..., None])[:, -1, 0])
