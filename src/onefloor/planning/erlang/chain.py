"""Erlang A once more, by the states themselves: slower, and independent of the integral.

A caller who finds j others waiting is answered after j + 1 departures, at rates n mu + i theta, i = 0..j. That sum S
of exponentials is an order statistic: exp(-theta S) has the Beta(n mu / theta, j + 1) distribution. So every figure
is a sum over states and incomplete beta functions (Palm 1957; Riordan 1962, Stochastic Service Systems, 6.2).
"""

from __future__ import annotations

import math

import numpy as np

from onefloor.planning.erlang.queues import Performance
from onefloor.planning.erlang.traffic import S_PER_HOUR, Floats


def states(lam: float, mu: float, theta: float, n: int) -> Floats:
    """Probabilities of 0, 1, 2, ... calls in the system, as far as doubles tell them from 0."""
    steps = [0.0]
    rate, highest, k = 0.0, 0.0, 0
    while k < n or steps[-1] > highest - 80 or lam > rate:
        k += 1
        rate = min(k, n) * mu + max(k - n, 0) * theta
        steps.append(math.log(lam / rate) + steps[-1])
        highest = max(highest, steps[-1])
    weights = np.exp(np.array(steps) - highest)
    return np.asarray(weights / weights.sum())


def by_states(calls: float, handling_s: float, patience_s: float, agents: int, within_s: float = 20.0) -> Performance:
    """Erlang A of one interval with at least one agent and some load, from its birth-death chain.

    >>> round(float(by_states(200, 180, 300, 13).p_abandon), 6)
    0.024963
    """
    from scipy.special import betainc, digamma

    lam, mu, theta = calls / S_PER_HOUR, 1 / handling_s, 1 / patience_s
    chances = states(lam, mu, theta, agents)
    waiting = chances[agents:]
    j, x = np.arange(len(waiting)), agents * mu / theta
    served = x / (x + j + 1)
    soon = -math.expm1(-theta * within_s)
    started = betainc(j + 1.0, x, soon)  # the offered wait is over in time
    answered = served * betainc(j + 1.0, x + 1, soon)
    waits = served * (digamma(x + j + 2) - digamma(x + 1)) / theta
    queue = float((j * waiting).sum())
    p_free = float(chances[:agents].sum())
    p_served = p_free + float((waiting * served).sum())
    gone = started - answered + (1 - started) * soon
    figures = (
        float(waiting.sum()), theta * queue / lam, queue / lam, float((waiting * waits).sum()) / p_served,
        p_free + float((waiting * answered).sum()), float((waiting * gone).sum()), queue,
        lam / (agents * mu) * p_served,
    )  # fmt: skip
    return Performance(*(np.asarray(figure) for figure in figures))
