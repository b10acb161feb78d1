"""Agents and teams: how far each is from what its work leads to expect, shrunk by how little is known of it.

Never a ranking: beside every figure stands the interval of its rank.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import stats

from onefloor.insight.fair.fitting import fitted, independent, mean, slope
from onefloor.insight.fair.funnel import Funnel, funnel
from onefloor.insight.fair.loading import Loaded
from onefloor.insight.fair.several import limit
from onefloor.insight.fair.shrinking import between, rank_intervals, shrunk
from onefloor.insight.fair.work import Codes, Family, Floats, Work, added, combined
from onefloor.insight.finding import LEVEL

Unit = Literal["agent", "team"]
BUDGET = 0.1  # false alarms a screen
DEVIATIONS = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Residual:
    """Each unit's outcome per row minus what its work leads to expect, and the error of that by chance alone.

    ``z`` is how unusual the outcome is on the normal scale; of few events it is not difference by error.
    """

    code: Codes
    difference: Floats
    error: Floats
    rows: Floats
    raw: Floats
    expected: Floats
    z: Floats


@dataclass(frozen=True, slots=True)
class One:
    """One agent or team, in the unit shown; ``flagged`` beyond what ordinary ones differ by."""

    name: str
    company: str
    rows: int
    raw: float
    expected: float
    difference: float
    error: float
    shrunk: float
    low: float
    high: float
    ranks: tuple[int, int]  # inside its company, 1 the highest
    flagged: bool


@dataclass(frozen=True, slots=True)
class People:
    """All agents or teams that may be seen, with the funnel they stand in.

    ``limit`` is the number of errors beyond which one is flagged, from a budget of ``budget`` false alarms in all;
    ``spread`` is what ordinary ones differ by (standard deviation, unit shown), ``dispersion`` 1 if by chance alone.
    """

    unit: Unit
    ones: tuple[One, ...]
    limit: float
    budget: float
    spread: float
    dispersion: float
    companies: tuple[str, ...] = ()


def residuals(work: Work, unit: Unit) -> Residual:
    """Observed minus what the own company's people do on the same mix of work.

    The mix is fitted with a level for every company: what sets companies apart is the comparison's question, and would
    otherwise hide a team among those of a company that is far off as a whole.
    """
    mean_of, variance = _expected(work)
    codes = work.agent if unit == "agent" or work.team is None else work.team
    known, place = np.unique(codes, return_inverse=True)
    n, k, expected, noise = (added(place, held) for held in (work.n, work.k, work.n * mean_of, work.n * variance))
    some = n > 0
    held, off, error = n[some], k[some] - expected[some], np.sqrt(np.maximum(noise[some], 1e-300))
    counted = work.unit == 1.0 and work.family is not Family.DURATION
    return Residual(
        known[some],
        off / held,
        error / held,
        added(place, work.rows)[some],
        k[some] / held,
        expected[some] / held,
        _unusual(work.family, k[some], held, expected[some]) if counted else off / error,
    )


def _unusual(family: Family, k: Floats, n: Floats, expected: Floats) -> Floats:
    """The normal quantile of the exact chance of as much or more (mid-p; Lancaster 1961): right for few events."""
    law = stats.binom(n, np.clip(expected / n, 1e-12, 1 - 1e-12)) if family is Family.SHARE else stats.poisson(expected)
    half = 0.5 * law.pmf(k)
    above, below = law.sf(k) + half, law.cdf(k - 1) + half
    return np.asarray(np.where(above < below, 1, -1) * -stats.norm.ppf(np.clip(np.minimum(above, below), 1e-300, 0.5)))


def _expected(work: Work) -> tuple[Floats, Floats]:
    """The mean and variance of a row of each cell, at its company's level."""
    factors = [*work.mix, work.company]
    keys = combined(tuple(factors), len(work))
    _, first, place = np.unique(keys, return_index=True, return_inverse=True)
    dummies = [(codes[first][:, None] == np.unique(codes)[None, 1:]).astype(float) for codes in factors]
    x = np.column_stack([np.ones((len(first), 1)), *dummies])
    x = x[:, independent(x)]
    y = work.k if work.logs is None else work.logs
    beta = fitted(work.family, x, added(place, work.n), added(place, y))
    eta = (x @ beta)[place]
    if work.family is Family.DURATION:
        return _duration(work, eta)
    middle = mean(work.family, eta)
    return middle, slope(work.family, middle) * _dispersion(work, middle)


def _duration(work: Work, eta: Floats) -> tuple[Floats, Floats]:
    """Mean and variance of a duration: smeared, and of a lognormal with the spread that the smearing shows."""
    smear = float((work.k * np.exp(-eta)).sum() / work.n.sum())
    middle = np.exp(eta) * smear
    return middle, middle**2 * max(smear**2 - 1, 1e-12)


def _dispersion(work: Work, middle: Floats) -> float:
    """Pearson's dispersion where rows are times rather than contacts; 1 for contacts."""
    if work.family is Family.SHARE or work.unit == 1.0:
        return 1.0
    some = work.n > 0
    pearson = (work.k - work.n * middle)[some] ** 2 / (work.n * middle)[some]
    return float(pearson.mean())


def spread(work: Work) -> tuple[float, float]:
    """What a fair slice is planned with: the deviation between agents of a company, the variance of a contact."""
    held = residuals(work, "agent")
    company = _company_of(work, held.code, "agent")
    taus = [between(held.difference[company == c], held.error[company == c] ** 2) for c in np.unique(company)]
    variance = float((held.error**2 * held.rows * held.rows).sum() / held.rows.sum())
    return float(np.mean(taus)) ** 0.5, variance


def _company_of(work: Work, codes: Codes, unit: Unit) -> Codes:
    held = work.agent if unit == "agent" or work.team is None else work.team
    known, first = np.unique(held, return_index=True)
    return np.asarray(work.company[first][np.searchsorted(known, codes)])


def people(loaded: Loaded, unit: Unit, rng: np.random.Generator, budget: float = BUDGET) -> People:
    """The figures of agents or teams within what ``loaded`` was allowed to read.

    Args:
        loaded: the work; of a vendor's own scope it holds nobody else.
        unit: agents or teams.
        rng: draws the rank intervals.
        budget: false alarms on the whole list, on average.
    """
    work, factor = loaded.work, loaded.factor
    if not len(work):
        return People(unit, (), limit(budget, 1), budget, 0.0, 1.0)
    held = residuals(work, unit)
    names = loaded.people if unit == "agent" else loaded.teams
    company = _company_of(work, held.code, unit)
    found = _funnel(held)
    beyond = limit(budget, len(held.code))
    figure, low, high, ranks = _shrunk_by_company(rng, held, company)
    values = np.column_stack([held.raw, held.expected, held.difference, held.error, figure, low, high]) * factor
    flagged = np.abs(found.adjusted) > beyond
    ones = []
    for i, code in enumerate(held.code.tolist()):
        raw, expected, difference, error, drawn, least, most = values[i].tolist()
        name, employer = names[code]
        place, flag = (int(ranks[i, 0]), int(ranks[i, 1])), bool(flagged[i])
        rows = round(float(held.rows[i]))
        ones.append(
            One(name, employer, rows, raw, expected, difference, error, drawn, least, most, ranks=place, flagged=flag)
        )
    return People(unit, tuple(ones), beyond, budget, found.spread * factor, found.dispersion, loaded.companies)


def _funnel(held: Residual) -> Funnel:
    return funnel(held.z * held.error, held.error)


def _shrunk_by_company(
    rng: np.random.Generator, held: Residual, company: Codes
) -> tuple[Floats, Floats, Floats, Codes]:
    """Figures drawn towards the mean of the own company, their intervals and rank intervals."""
    size = len(company)
    figure, deviation, ranks = np.zeros(size), np.zeros(size), np.zeros((size, 2), np.intp)
    for one in np.unique(company):
        mine = company == one
        found = shrunk(held.difference[mine], held.error[mine] ** 2)
        figure[mine], deviation[mine] = found.figure, found.deviation
        ranks[mine] = np.column_stack(rank_intervals(rng, found.figure, found.deviation, level=LEVEL)).astype(np.intp)
    return figure, figure - DEVIATIONS * deviation, figure + DEVIATIONS * deviation, ranks
