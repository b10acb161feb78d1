"""Erlang A from the birth-death chain itself: M/M/n+M, exact but for rounding."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp

import numpy as np


@dataclass(frozen=True)
class ErlangA:
    """Steady state: probability to wait, to abandon, mean wait of all, answered within ``within`` of all."""

    waits: float
    abandons: float
    mean_wait: float
    in_time: float


def erlang_a(rate: float, service: float, patience: float, agents: int, within: float, states: int = 4000) -> ErlangA:
    """Palm's model (1957) by its chain: ``service`` and ``patience`` are means, ``rate`` arrivals per time.

    Waits: of a contact that finds n + j others, the waiting time in a queue that only those ahead and itself leave is a
    sum of exponentials; its distribution is found by uniformisation of that pure death chain.
    """
    mu, theta = 1 / service, 1 / patience
    logs = np.zeros(states)
    for k in range(1, states):
        out = min(k, agents) * mu + max(k - agents, 0) * theta
        logs[k] = logs[k - 1] + np.log(rate / out)
    weights = np.exp(logs - logs.max())
    chance = weights / weights.sum()
    queue = float(np.sum(np.arange(states - agents) * chance[agents:]))
    abandons = theta * queue / rate
    served = _served_within(chance[agents:], agents * mu, theta, within)
    return ErlangA(float(chance[agents:].sum()), abandons, queue / rate, float(chance[:agents].sum()) + served)


def _served_within(finding: np.ndarray, serving: float, theta: float, within: float) -> float:
    """Probability that a contact finds j waiting (``finding``) and is answered within the time."""
    many = int(np.max(np.nonzero(finding > 1e-18), initial=0)) + 1
    ahead = np.arange(1, many + 1)  # those ahead in the queue and one more completion to go
    pace = serving + theta * ahead  # next departure of those ahead, an agent or the contact itself
    fastest = float(pace.max())
    state = np.zeros(many + 1)
    state[1:] = finding[:many]  # index: how many steps to an agent
    answered, weight, total, k = 0.0, exp(-fastest * within), 0.0, 0
    while total < 1 - 1e-13 and k < 20 * fastest * within + 400:
        total += weight
        answered += weight * float(state[0])
        step = state.copy()
        moved = state[1:] / fastest
        step[1:] -= moved * pace
        step[:-1] += moved * (serving + theta * (ahead - 1))
        state, k = step, k + 1
        weight *= fastest * within / k
    return answered
