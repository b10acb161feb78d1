"""Simulated floors whose truth is known: what an estimator is tried on, and what power is planned with.

The vendor's work is harder, later in the day, and done by younger people, so that raw rates are about eleven points
apart where the truth is 0.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import stats

from onefloor.insight.fair.fitting import mean, slope
from onefloor.insight.fair.work import THEIRS, Codes, Family, Floats, Work, added
from onefloor.metrics.tables import TENURE_BANDS

SKILLS, HOURS, SEGMENTS = 6, 4, 3
CELLS = SKILLS * HOURS * SEGMENTS
SKILL, HOUR, SEGMENT = (codes.ravel() for codes in np.indices((SKILLS, HOURS, SEGMENTS)))
BASE = {Family.SHARE: 0.4, Family.COUNT: -5.5, Family.DURATION: 12.2}  # logit; log of a rate; log of milliseconds
NOISE = 0.6  # spread of a duration's logarithm within an agent
DAYS_A_MONTH = 30.4
OURS_TENURE = (2.0, 6.0)  # shape, scale in months


@dataclass(frozen=True, slots=True)
class World:
    """How a floor is drawn.

    ``effect`` is what the vendor's people do differently, on the scale of the model; ``mix`` and ``tenure_gap`` say how
    much harder their work and how much younger their people are (0 not at all); ``interaction`` is the spread of
    effects of skill x hour, which no additive model knows; ``agents`` are (ours, theirs).
    """

    agents: tuple[int, int] = (30, 30)
    contacts: float = 400.0  # an agent
    effect: float = 0.0
    agent_sd: float = 0.25
    mix: float = 1.0
    tenure_gap: float = 1.0
    interaction: float = 0.0
    family: Family = Family.SHARE


@dataclass(frozen=True, slots=True)
class Simulated:
    """A floor and its two true gaps, theirs minus ours, per row.

    ``least_error`` is the standard error of the same-experience gap for somebody who knows the kinds of work, the
    form of learning and how far agents differ, and has to learn three numbers from the data: our level, what a step
    of experience adds, and the gap. No estimator without bias does better on this floor.
    """

    work: Work
    as_delivered: float
    same_experience: float
    least_error: float


def simulate(rng: np.random.Generator, world: World) -> Simulated:
    """Draw one period of one floor."""
    side = np.repeat([0, THEIRS], world.agents).astype(np.intp)
    months = rng.gamma(OURS_TENURE[0], np.where(side == THEIRS, _their_scale(world), OURS_TENURE[1]))
    unusual = rng.normal(0, world.agent_sd, len(side))
    kind = BASE[world.family] + _sign(world) * _of_kind(rng, world)
    n = rng.multinomial(rng.poisson(world.contacts, len(side)), _mixes(rng, world, side))
    grown = _sign(world) * 0.25 * np.log1p(months)
    eta = kind[None, :] + grown[:, None] + unusual[:, None] + world.effect * side[:, None]
    k, logs = _outcomes(rng, world.family, n, eta)
    theirs = n * side[:, None]
    return Simulated(
        _work(world.family, side, months, n, k, logs),
        _weighted(theirs.sum(axis=0), _delivered(world, kind)),
        _weighted(theirs, _gap(world, kind[None, :] + grown[:, None])),
        _least_error(world, side, months, n, kind[None, :] + grown[:, None]),
    )


def _their_scale(world: World) -> float:
    return OURS_TENURE[1] * (1 - world.tenure_gap / 2)


def _sign(world: World) -> float:
    """What is easy succeeds more often, and is done faster and with fewer complaints."""
    return 1.0 if world.family is Family.SHARE else -0.5


def _of_kind(rng: np.random.Generator, world: World) -> Floats:
    skill = np.linspace(0.8, -0.8, SKILLS)[SKILL]
    hour = np.array([0.1, 0.0, -0.1, -0.4])[HOUR]
    segment = np.array([0.3, 0.0, -0.5])[SEGMENT]
    together = rng.normal(0, 1, (SKILLS, HOURS))[SKILL, HOUR] * world.interaction
    return np.asarray(skill + hour + segment + together)


def _mixes(rng: np.random.Generator, world: World, side: Codes) -> Floats:
    """Each agent's shares of the kinds of work, agents x kinds."""
    harder = (np.linspace(-0.7, 0.7, SKILLS), np.array([-0.3, 0, 0, 0.9]), np.array([-0.2, 0, 0.2]))
    shares = np.ones((len(side), CELLS))
    for codes, lift, spread in zip((SKILL, HOUR, SEGMENT), harder, (0.6, 0.8, 0.1), strict=True):
        drawn = np.exp(rng.normal(0, spread, (len(side), len(lift))) + world.mix * side[:, None] * lift)
        shares *= (drawn / drawn.sum(axis=1, keepdims=True))[:, codes]
    return np.asarray(shares / shares.sum(axis=1, keepdims=True))


def _outcomes(rng: np.random.Generator, family: Family, n: Codes, eta: Floats) -> tuple[Floats, Floats | None]:
    if family is Family.SHARE:
        return rng.binomial(n, mean(family, eta)).astype(float), None
    if family is Family.COUNT:
        return rng.poisson(n * np.exp(eta)).astype(float), None
    place = np.repeat(np.arange(n.size), n.ravel())
    logs = rng.normal(eta.ravel()[place], NOISE)
    sums = [added(place, held, n.size).reshape(n.shape) for held in (np.exp(logs), logs)]
    return sums[0], sums[1]


def _work(family: Family, side: Codes, months: Floats, n: Codes, k: Floats, logs: Floats | None) -> Work:
    bands = np.array([end for end, _ in TENURE_BANDS])
    tenure = np.searchsorted(bands, months * DAYS_A_MONTH, side="right")
    agent, kind = (codes.ravel() for codes in np.indices(n.shape))
    there = n.ravel() > 0
    work = Work(
        family, side[agent], agent, tenure[agent], (SKILL[kind], HOUR[kind], SEGMENT[kind]), kind,
        n.ravel().astype(float), k.ravel(), None if logs is None else logs.ravel(), team=agent,
    )  # fmt: skip
    return work.chosen(there)


def _weighted(weights: Floats | Codes, values: Floats) -> float:
    return float((weights * values).sum() / weights.sum())


def _delivered(world: World, kind: Floats) -> Floats:
    """The true gap of each kind of work between companies with the tenure that each of them has."""
    quantiles = (np.arange(400) + 0.5) / 400
    means = []
    for scale, effect in ((_their_scale(world), world.effect), (OURS_TENURE[1], 0.0)):
        months = stats.gamma.ppf(quantiles, OURS_TENURE[0], scale=scale)
        eta = kind[:, None] + _sign(world) * 0.25 * np.log1p(months)[None, :] + effect
        means.append(_over_agents(world, eta).mean(axis=1))
    return np.asarray(means[0] - means[1])


def _gap(world: World, eta: Floats) -> Floats:
    return _over_agents(world, eta + world.effect) - _over_agents(world, eta)


def _over_agents(world: World, eta: Floats) -> Floats:
    """The mean over agents in general, not over those who were drawn."""
    if world.family is not Family.SHARE:
        spread = world.agent_sd**2 + (NOISE**2 if world.family is Family.DURATION else 0)
        return np.exp(eta + spread / 2)
    nodes, weights = np.polynomial.hermite_e.hermegauss(15)
    weights = weights / weights.sum()
    means = [w * mean(world.family, eta + world.agent_sd * z) for z, w in zip(nodes, weights, strict=True)]
    return np.asarray(sum(means))


def _least_error(world: World, side: Codes, months: Floats, n: Codes, eta: Floats) -> float:
    """The Cramér-Rao bound, to first order: generalised least squares with one value an agent.

    An agent's level is known with variance agent_sd^2 + 1 / information, information being the negative second
    derivative of the likelihood (McCullagh & Nelder 1989, 4.4); the gap moves with the company's coefficient as its
    derivative says.
    """
    middle = mean(world.family, eta + world.effect * side[:, None])
    noise = NOISE**2 if world.family is Family.DURATION else 1.0
    told = (n * slope(world.family, middle)).sum(axis=1) / noise
    weight = told / (1 + world.agent_sd**2 * told)
    x = np.column_stack([np.ones(len(side)), np.log1p(months), side])
    variance = np.linalg.inv(x.T @ (x * weight[:, None]))[-1, -1]
    theirs, step = n * side[:, None], 1e-4
    ends = [_weighted(theirs, _gap(replace(world, effect=world.effect + move), eta)) for move in (-step, step)]
    return float(np.sqrt(variance) * abs(ends[1] - ends[0]) / (2 * step))
