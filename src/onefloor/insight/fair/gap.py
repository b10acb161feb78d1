"""The gap: what their contacts came out as, against what ours would have made of the same contacts.

G-computation (Robins 1986): fit the outcome on the kind of work and the company, then predict every contact of theirs
twice, as theirs and as ours. The error leaves out one agent at a time, per company (jackknife; MacKinnon, Nielsen &
Webb 2023, eq. 13, summed over the two companies, whose agents are drawn apart):

    error^2 = sum over v of (G_v - 1) / G_v * sum over agents a of v of (gap without a - gap)^2,
    t with min(G_v) - 1 degrees of freedom.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse, stats

from onefloor.insight.fair.fitting import Profiles, fitted, hessian_of, mean, profiles, slope, solved
from onefloor.insight.fair.work import Codes, Family, Floats, Work
from onefloor.insight.finding import LEVEL, Estimate

FEW = 20  # agents of a company below which each is left out by fitting anew
BLOCK = 2_000_000  # predictions held at a time
MANY = 30_000_000  # products of columns held at a time


@dataclass(frozen=True, slots=True)
class Gap:
    """Theirs minus ours on their own work, per row (a share, milliseconds, events), with its error.

    ``theirs`` and ``ours`` are the two predicted means; ``effect`` is the company's coefficient (difference of logits,
    of logarithms) with its own error; ``agents`` are (ours, theirs).
    """

    value: float
    error: float
    freedom: int
    theirs: float
    ours: float
    effect: float
    effect_error: float
    agents: tuple[int, int]
    contacts: tuple[int, int]

    @property
    def p_value(self) -> float:
        """Two-sided, of no gap."""
        return two_sided(self.value, self.error, self.freedom)

    def interval(self, level: float = LEVEL) -> Estimate:
        """The gap with its interval."""
        return interval(self.value, self.error, self.freedom, level)

    def effect_interval(self, level: float = LEVEL) -> Estimate:
        """The coefficient with its interval."""
        return interval(self.effect, self.effect_error, self.freedom, level)


def interval(value: float, error: float, freedom: int, level: float = LEVEL) -> Estimate:
    """``value`` ± t x ``error``."""
    half = float(stats.t.ppf((1 + level) / 2, freedom)) * error
    return Estimate(value, value - half, value + half, level)


def two_sided(value: float, error: float, freedom: int) -> float:
    """The chance of a value at least so far from 0, if the truth is 0."""
    return float(2 * stats.t.sf(abs(value) / error, freedom)) if error else float(value == 0)


@dataclass(frozen=True, slots=True)
class _Sums:
    """Everything added up by profile, and by agent and profile: ``agent[name]`` is sparse, agents x profiles."""

    profiles: Profiles
    whole: dict[str, Floats]
    agent: dict[str, Any]
    side: Codes  # company of each agent


def gap(work: Work, *, tenure: bool, few: int = FEW) -> Gap | None:
    """The fair gap between company 1 (theirs) and company 0 (ours).

    Args:
        work: cells of two companies, each with two agents or more.
        tenure: hold experience alike as well ("same experience"), or only the mix ("as delivered").
        few: companies with fewer agents leave each out by a whole new fit, others by one Newton step.

    Returns:
        None where nothing sets the company apart from its work, or a company has fewer than two agents.
    """
    work = work.chosen((work.n > 0) | (work.k > 0))
    design = profiles(work, tenure=tenure) if len(work) else None
    if design is None or min(work.agents(0), work.agents(1)) < 2:
        return None
    sums = _sums(work, design)
    beta = fitted(work.family, design.x, sums.whole["n"], sums.whole["y"])
    whole = _figures(work.family, sums, beta[None, :], None)[0]
    left = _without_each(work.family, sums, beta, few)
    sizes = tuple(int((sums.side == side).sum()) for side in (0, 1))
    error = np.sqrt(jackknife_variance(left, whole, sums.side))
    rows = tuple(round(float(work.rows[work.company == side].sum())) for side in (0, 1))
    return Gap(
        value=float(whole[0]),
        error=float(error[0]),
        freedom=min(sizes) - 1,
        theirs=float(whole[1]),
        ours=float(whole[2]),
        effect=float(whole[3]),
        effect_error=float(error[3]),
        agents=(sizes[0], sizes[1]),
        contacts=(rows[0], rows[1]),
    )


def jackknife_variance(left_out: Floats, whole: Floats, side: Codes) -> Floats:
    """The variance from leaving out one unit at a time, each side by itself (Efron & Stein 1981, eq. 1.5).

    Args:
        left_out: units x figures, each computed without the unit.
        whole: the figures with all units.
        side: the side of each unit.
    """
    total = np.zeros(np.shape(whole))
    for one in np.unique(side):
        mine = left_out[side == one]
        total += (len(mine) - 1) / len(mine) * ((mine - whole) ** 2).sum(axis=0)
    return total


def _sums(work: Work, design: Profiles) -> _Sums:
    _, first, agent = np.unique(work.agent, return_index=True, return_inverse=True)
    shape = (len(first), len(design.x))
    values = {"n": work.n, "k": work.k, "y": work.k if work.logs is None else work.logs}
    by_agent = {name: sparse.csr_array((held, (agent, design.place)), shape=shape) for name, held in values.items()}
    return _Sums(design, {name: design.added(held) for name, held in values.items()}, by_agent, work.company[first])


def _figures(family: Family, sums: _Sums, betas: Floats, agents: Codes | None) -> Floats:
    """Gap, theirs, ours and coefficient for each row of coefficients, each without its agent (None: with all)."""
    theirs, ours = [], []
    size = max(1, BLOCK // len(sums.profiles.x))
    for start in range(0, len(betas), size):
        block = betas[start : start + size]
        gone = None if agents is None else agents[start : start + size]
        found = _means(family, sums, block, gone)
        theirs.append(found[0])
        ours.append(found[1])
    their, our = np.concatenate(theirs), np.concatenate(ours)
    return np.column_stack([their - our, their, our, betas[:, -1]])


def _means(family: Family, sums: _Sums, betas: Floats, agents: Codes | None) -> tuple[Floats, Floats]:
    """The mean over their contacts of the two predictions, a value each row of coefficients."""
    on = sums.profiles.theirs > 0
    x = sums.profiles.x[on]
    eta = betas @ x.T
    as_ours = eta - betas[:, -1:]
    their, our = (np.exp(e) if family is Family.DURATION else mean(family, e) for e in (eta, as_ours))
    weight = np.broadcast_to(sums.whole["n"][on], eta.shape)
    if agents is not None:
        weight = weight - sums.agent["n"][agents][:, on].toarray()
    total = weight.sum(axis=1)
    means = (their * weight).sum(axis=1) / total, (our * weight).sum(axis=1) / total
    if family is not Family.DURATION:
        return means
    smear = _smears(sums, betas, agents)
    return means[0] * smear[1], means[1] * smear[0]


def _smears(sums: _Sums, betas: Floats, agents: Codes | None) -> tuple[Floats, Floats]:
    """Mean of exp(residual) of each company (Duan 1983, eq. 3.1; by group: Manning 1998).

    Of a cell it needs the sum of the durations only: mean of t / exp(x beta).
    """
    shrunk = np.exp(-(betas @ sums.profiles.x.T))
    found = []
    for side in (0.0, 1.0):
        here = sums.profiles.theirs == side
        time = np.broadcast_to(sums.whole["k"][here], (len(betas), int(here.sum())))
        count = np.full(len(betas), sums.whole["n"][here].sum())
        if agents is not None:
            time = time - sums.agent["k"][agents][:, here].toarray()
            count = count - sums.agent["n"][agents][:, here].sum(axis=1)
        found.append((time * shrunk[:, here]).sum(axis=1) / count)
    return found[0], found[1]


def _without_each(family: Family, sums: _Sums, beta: Floats, few: int) -> Floats:
    """The figures without each agent."""
    betas = _one_step(family, sums, beta)
    for side in (0, 1):
        mine = np.flatnonzero(sums.side == side)
        if len(mine) < few and family is not Family.DURATION:  # one step is exact where the model is linear
            for agent in mine.tolist():
                n, y = (_without(sums, name, agent) for name in ("n", "y"))
                betas[agent] = fitted(family, sums.profiles.x, n, y, betas[agent])
    return _figures(family, sums, betas, np.arange(len(betas)))


def _without(sums: _Sums, name: str, agent: int) -> Floats:
    left = sums.whole[name] - sums.agent[name][[agent]].toarray()[0]
    return np.asarray(np.maximum(left, 0)) if name == "n" else left


def _one_step(family: Family, sums: _Sums, beta: Floats) -> Floats:
    """The coefficients without each agent after one Newton step from those with all (Pregibon 1981, sec. 4)."""
    x = sums.profiles.x
    middle = mean(family, x @ beta)
    score = (sums.agent["y"] - sums.agent["n"] * middle[None, :]) @ x
    rise = slope(family, middle)
    whole = hessian_of(x, sums.whole["n"] * rise)
    if len(x) * x.shape[1] ** 2 > MANY:
        return np.array([beta - solved(whole - _own(sums, a, x, rise), score[a]) for a in range(len(score))])
    upper = np.triu_indices(x.shape[1])
    flat = sums.agent["n"] @ (x[:, upper[0]] * x[:, upper[1]] * rise[:, None])
    own = np.zeros((len(score), *whole.shape))
    own[:, upper[0], upper[1]] = flat
    own[:, upper[1], upper[0]] = flat
    return np.asarray(beta - solved(whole - own, score))


def _own(sums: _Sums, agent: int, x: Floats, rise: Floats) -> Floats:
    """An agent's part of the Hessian, by itself where all agents' together would not fit into memory."""
    n = sums.agent["n"]
    mine = slice(n.indptr[agent], n.indptr[agent + 1])
    rows = n.indices[mine]
    return hessian_of(x[rows], n.data[mine] * rise[rows])
