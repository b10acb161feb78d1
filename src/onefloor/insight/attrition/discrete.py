"""Leaving month by month: a hazard for every period of tenure, with covariates that may change from one to the next."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from onefloor.insight.attrition.cox import NoFit
from onefloor.insight.attrition.spells import Codes, Flags, Floats, Spells
from onefloor.language import Text

ROUNDS, NEAR, FARTHEST = 50, 1e-10, 30.0


@dataclass(frozen=True, slots=True)
class Periods:
    """A row for every period that somebody was watched through: whose, which period of tenure (from 0), left in it."""

    spell: Codes
    period: Codes
    event: Flags


@dataclass(frozen=True, slots=True)
class Hazard:
    """Logit coefficients of the hazard of a period, with their covariance."""

    beta: Floats
    covariance: Floats
    log_likelihood: float

    def of(self, x: Floats) -> Floats:
        """The chance to leave in a period with these covariates."""
        return np.asarray(expit(x @ self.beta))


def person_periods(held: Spells, width: float, watched: Floats | None = None) -> Periods:
    """Spells cut into periods of ``width`` days, (0, width], (width, 2 width] ...

    A period counts whole or not at all. One in which somebody was first watched is left out whether he leaves in it or
    not, and so is one in which the records end; otherwise leavers alone would be counted in it.

    Args:
        held: the spells.
        width: of a period, in days.
        watched: the tenure until which each would have been watched had he stayed, shape (n,); without it that of
            leavers is taken to reach the end of their last period.

    >>> from onefloor.insight.attrition.spells import spells
    >>> person_periods(spells([65, 60], [1, 0], [0, 40]), 30).period.tolist()
    [0, 1, 2]
    """
    first = np.ceil(held.entry / width).astype(np.int64)
    last = np.where(held.event, np.ceil(held.exit / width), np.floor(held.exit / width)).astype(np.int64)  # exclusive
    ended = held.event if watched is None else held.event & (last * width <= watched)
    if watched is not None:
        last = np.minimum(last, np.floor(watched / width).astype(np.int64))
    count = np.maximum(last - first, 0)
    spell = np.repeat(np.arange(len(held)), count)
    begins = np.repeat(np.cumsum(count) - count, count)
    period = np.repeat(first, count) + np.arange(len(spell)) - begins
    return Periods(spell, period, ended[spell] & (period == last[spell] - 1))


def discrete_hazard(rows: Periods, x: Floats) -> Hazard:
    """Logistic regression of leaving in a period (Cox 1972; Allison 1982, eq. 5-8) by Newton's method.

    Args:
        rows: as ``person_periods`` makes them.
        x: covariates a row, shape (rows, p), a constant or a column for every period among them.

    Raises:
        NoFit: nobody left or stayed, or a coefficient runs away.
    """
    y = rows.event.astype(float)
    if not 0 < y.sum() < len(y):
        raise NoFit(Text("没有人离开，或没有人留下。", "Nobody left, or nobody stayed."))
    beta, before = np.zeros(x.shape[1]), -np.inf
    for _ in range(ROUNDS):
        chance = expit(x @ beta)
        information = (x * (chance * (1 - chance))[:, None]).T @ x
        value = float((y * (x @ beta) - np.logaddexp(0, x @ beta)).sum())
        if value - before < NEAR * (1 + abs(value)):
            return Hazard(beta, np.linalg.inv(information), value)
        if np.linalg.cond(information) > 1e12:
            break
        before, beta = value, beta + np.linalg.solve(information, x.T @ (y - chance))
        if np.abs(beta).max() > FARTHEST:
            break
    raise NoFit(
        Text("有的因素恰好分开了离开与留下的人，或彼此重复。", "A factor parts leavers exactly, or repeats others.")
    )
