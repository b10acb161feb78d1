"""How much faster some leave than others: Cox's regression with ties, strata and delayed entry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import chdtrc

from onefloor.insight.attrition.spells import Codes, Floats, Spells
from onefloor.language import Text
from onefloor.problems import Problem

Ties = Literal["efron", "breslow"]
ROUNDS, NEAR, HALVINGS, FARTHEST = 50, 1e-10, 30, 8.0


class NoFit(Problem):
    """The data do not determine the coefficients."""

    def __init__(self, why: Text) -> None:
        super().__init__(
            Text("无法估计各因素的影响。", "The effects cannot be estimated."),
            why=why,
            remedy=Text(
                "请减少因素，或等更多人离开后再算。", "Use fewer factors, or wait until more people have left."
            ),
        )


@dataclass(frozen=True, slots=True)
class CoxFit:
    """Log hazard ratios with their covariance, the log partial likelihoods without and with them, the concordance."""

    beta: Floats
    covariance: Floats
    null_log_likelihood: float
    log_likelihood: float
    concordance: float
    leavers: int

    @property
    def error(self) -> Floats:
        """Standard errors."""
        return np.asarray(np.sqrt(np.diag(self.covariance)))


@dataclass(frozen=True, slots=True)
class _Stratum:
    """One stratum, sorted for sums over risk sets: of every event how many have ended and not yet entered before it."""

    x: Floats
    by_exit: Codes
    by_entry: Codes
    ended: Codes
    absent: Codes
    events: Codes
    tie: Codes
    fraction: Floats


@dataclass(frozen=True, slots=True)
class _Sums:
    """Log likelihood, its gradient and information, and of each event the covariates and the mean of its risk set."""

    value: float
    gradient: Floats
    information: Floats


def cox(held: Spells, x: Floats, ties: Ties = "efron", stratum: Sequence[int] | Codes | None = None) -> CoxFit:
    """Cox's regression (1972): partial likelihood over risk sets with delayed entry, by Newton's method.

    Ties by Efron (1977) or Breslow (1974). Columns are centred; nothing is penalised.

    Args:
        held: the spells.
        x: covariates, shape (n, p), constant over a spell.
        ties: how people who leave on one day are counted.
        stratum: groups that each have a baseline of their own.

    Raises:
        NoFit: nobody left, a column does not vary among those at risk, or a coefficient runs away.
    """
    x = np.asarray(x, dtype=float).reshape(len(held), -1)
    strata = np.zeros(len(held), np.int64) if stratum is None else np.asarray(stratum, dtype=np.int64)
    if not held.leavers:
        raise NoFit(Text("没有人离开。", "Nobody left."))
    middle = x - x.mean(axis=0)
    parts = [_stratum(held.of(strata == one), middle[strata == one], ties) for one in np.unique(strata)]
    parts = [part for part in parts if len(part.events)]
    beta = np.zeros(x.shape[1])
    now = first = _sums(parts, beta)
    for _ in range(ROUNDS):
        step = _step(now)
        taken, after = _halved(parts, beta, step, now)
        done = after.value - now.value < NEAR * (1 + abs(now.value))
        beta, now = beta + taken, after
        _refuse_runaway(beta, x)
        if done:
            break
    covariance = np.asarray(np.linalg.inv(now.information), dtype=np.float64)
    return CoxFit(beta, covariance, first.value, now.value, concordance(held, middle @ beta), held.leavers)


def _refuse_runaway(beta: Floats, x: Floats) -> None:
    if (np.abs(beta) * x.std(axis=0) > FARTHEST).any():
        raise NoFit(
            Text("某个因素恰好分开了离开与留下的人。", "A factor parts those who left from the others exactly.")
        )


def _step(now: _Sums) -> Floats:
    try:
        step = np.asarray(np.linalg.solve(now.information, now.gradient), dtype=np.float64)
    except np.linalg.LinAlgError:
        raise NoFit(Text("有的因素没有差别，或彼此重复。", "A factor does not vary, or repeats others.")) from None
    if not np.isfinite(step).all() or np.linalg.cond(now.information) > 1e12:
        raise NoFit(Text("有的因素没有差别，或彼此重复。", "A factor does not vary, or repeats others."))
    return step


def _halved(parts: Sequence[_Stratum], beta: Floats, step: Floats, now: _Sums) -> tuple[Floats, _Sums]:
    """The step, shortened until the likelihood does not fall."""
    for _ in range(HALVINGS):
        after = _sums(parts, beta + step)
        if np.isfinite(after.value) and after.value >= now.value - NEAR:
            return step, after
        step = step / 2
    return np.zeros_like(step), now


def _stratum(held: Spells, x: Floats, ties: Ties) -> _Stratum:
    by_exit, by_entry = np.argsort(held.exit, kind="stable"), np.argsort(held.entry, kind="stable")
    events = np.flatnonzero(held.event)[np.argsort(held.exit[held.event], kind="stable")]
    time = held.exit[events]
    _, tie, size = np.unique(time, return_inverse=True, return_counts=True)
    first = np.concatenate([[0], np.cumsum(size)[:-1]]).astype(np.int64)
    place = np.arange(len(events)) - (first[tie] if len(events) else 0)
    fraction = place / size[tie] if ties == "efron" and len(events) else np.zeros(len(events))
    ended = np.searchsorted(held.exit[by_exit], time, side="left")
    absent = np.searchsorted(held.entry[by_entry], time, side="left")
    return _Stratum(x, by_exit, by_entry, ended, absent, events, tie, fraction)


def _sums(parts: Sequence[_Stratum], beta: Floats) -> _Sums:
    found = [_stratum_sums(part, beta) for part in parts]
    return _Sums(
        sum(one.value for one in found),
        np.sum([one.gradient for one in found], axis=0),
        np.sum([one.information for one in found], axis=0),
    )


def _stratum_sums(part: _Stratum, beta: Floats) -> _Sums:
    eta = part.x @ beta
    shift = float(eta.max())
    weight = np.exp(eta - shift)
    zero, one, two = _risk_sums(part, weight)
    mean = one / zero[:, None]
    value = float((eta[part.events] - shift - np.log(zero)).sum())
    gradient = (part.x[part.events] - mean).sum(axis=0)
    information = (two / zero[:, None, None]).sum(axis=0) - mean.T @ mean
    return _Sums(value, gradient, information)


def _risk_sums(part: _Stratum, weight: Floats) -> tuple[Floats, Floats, Floats]:
    """Of every event the sums of weight, weight x and weight x x' over its risk set, less the share Efron takes."""
    moments = (weight, weight[:, None] * part.x, weight[:, None, None] * part.x[:, :, None] * part.x[:, None, :])
    found = []
    for moment in moments:
        sums = _still_there(moment[part.by_exit])[part.ended] - _still_there(moment[part.by_entry])[part.absent]
        tied = np.zeros((int(part.tie.max()) + 1, *moment.shape[1:]))
        np.add.at(tied, part.tie, moment[part.events])
        fraction = part.fraction.reshape(-1, *[1] * (moment.ndim - 1))
        found.append(sums - fraction * tied[part.tie])
    return found[0], found[1], found[2]


def _still_there(moment: Floats) -> Floats:
    """Sums from each place to the end, and 0 after it."""
    tail = np.cumsum(moment[::-1], axis=0)[::-1]
    return np.concatenate([tail, np.zeros((1, *moment.shape[1:]))])


def concordance(held: Spells, risk: Floats) -> float:
    """The share of comparable pairs in which who left first had the higher risk (Harrell 1982); a tie counts half.

    A pair is comparable if one left while the other was at risk and left later, or is still there.
    """
    right = comparable = 0.0
    for place in np.flatnonzero(held.event):
        time = held.exit[place]
        others = (held.entry < time) & ((held.exit > time) | ((held.exit == time) & ~held.event))
        comparable += int(others.sum())
        right += int((risk[others] < risk[place]).sum()) + 0.5 * int((risk[others] == risk[place]).sum())
    return right / comparable if comparable else float("nan")


def proportional(held: Spells, x: Floats, fit: CoxFit) -> Floats:
    """Of each factor the p-value that its hazard ratio does not change with tenure; small: it does.

    Grambsch & Therneau (1994), eq. 8, on the ranks of the leaving tenures, with the mean information; ties by Efron's
    risk sets. Strata are not allowed for.
    """
    x = np.asarray(x, dtype=float).reshape(len(held), -1)
    part = _stratum(held, x - x.mean(axis=0), "efron")
    zero, one, _ = _risk_sums(part, np.exp(part.x @ fit.beta))
    residual = part.x[part.events] - one / zero[:, None]
    scaled = len(residual) * residual @ fit.covariance
    _, place, count = np.unique(held.exit[part.events], return_inverse=True, return_counts=True)
    rank = (np.cumsum(count) - (count - 1) / 2)[place]
    off = rank - rank.mean()
    square = (off @ scaled) ** 2 / (len(residual) * np.diag(fit.covariance) * (off @ off))
    return np.asarray(chdtrc(1, square))
