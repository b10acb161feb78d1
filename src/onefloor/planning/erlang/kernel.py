"""The three queues as loops. Rates are per second; ``theta`` is 1 / patience, 0 where nobody leaves.

Notation of Zeltyn and Mandelbaum (2005), "Call centers with impatient customers: many-server asymptotics of the
M/M/n+G queue", Queueing Systems 51, section 9 (M/M/n+M): arrivals ``lam``, service ``mu``, ``n`` agents, and

    epsilon = sum of n-1 state weights against the state of n-1 busy agents = 1 / B(n - 1)
    J(t)    = integral from t of exp(phi(x)) dx,   phi(x) = lam (1 - exp(-theta x)) / theta - n mu x
    P(offered wait > t) = lam J(t) / (epsilon + lam J(0))

``lam J(0)`` is taken from the states themselves, where all terms are positive, so nothing cancels; only the finite
integral up to the target time is a quadrature, of a smooth function, by Gauss and Legendre.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from onefloor.planning.compiled import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
P_WAIT, P_ABANDON, WAIT, WAIT_SERVED, ANSWERED_IN, ABANDONED_IN, QUEUE, OCCUPANCY = range(8)
FIELDS = 8
NODES, WEIGHTS = np.polynomial.legendre.leggauss(16)
SMALL = 1e-18  # a term that no longer moves a sum of doubles
BIG, LOG_BIG = 1e200, math.log(1e200)
STEEP = 8.0  # most change of the exponent over one panel of 16 nodes: error below 1e-15
DEEP = 60.0  # below exp(-60) of its peak the integrand is nothing


@compiled
def log_epsilon(load: float, n: int) -> float:
    """Log of sum over k < n of (n-1)! / (n-1-k)! / load^k: one over Erlang B of n-1 agents."""
    total, term, shift = 1.0, 1.0, 0.0
    for free in range(n - 1, 0, -1):
        term *= free / load
        total += term
        if term < SMALL * total and free < load:
            break
        if total > BIG:
            total, term, shift = total / BIG, term / BIG, shift + LOG_BIG
    return math.log(total) + shift


@compiled
def waiting_states(lam: float, capacity: float, theta: float) -> tuple[float, float, float, float]:
    """Sums over j waiting of the weights a(j) = product of lam / (capacity + k theta), k = 1..j.

    Returns log(sum a), and against that sum: j, the share served, the seconds that those served waited.
    """
    total = weight = 1.0
    queue = shift = 0.0
    rate = capacity + theta
    inverse = 1.0 / rate
    served, waited = capacity / rate, capacity / rate * inverse
    j = 0
    while True:
        j += 1
        weight *= lam / rate
        rate = capacity + (j + 1) * theta
        inverse += 1.0 / rate
        share = weight * capacity / rate
        total += weight
        queue += j * weight
        served += share
        waited += share * inverse
        if j * weight < SMALL * total and lam < rate:
            break
        if total > BIG:
            total, weight, queue, shift = total / BIG, weight / BIG, queue / BIG, shift + LOG_BIG
            served, waited = served / BIG, waited / BIG
    return math.log(total) + shift, queue / total, served / total, waited / total


@compiled
def exponent(x: float, lam: float, capacity: float, theta: float) -> float:
    """phi(x) of the module's notation."""
    return -lam * math.expm1(-theta * x) / theta - capacity * x


@compiled
def up_to(t: float, lam: float, capacity: float, theta: float, log_c: float) -> tuple[float, float, float]:
    """Integrals over 0..t of the density of the offered wait: all of it, times P(patient), times P(not patient)."""
    steepest = max(abs(lam - capacity), abs(lam * math.exp(-theta * t) - capacity))
    panels = max(1, math.ceil(t * max(steepest / STEEP, theta)))
    half = 0.5 * t / panels
    everything = patient = gone = 0.0
    highest = log_c
    for panel in range(panels):
        middle = (2 * panel + 1) * half
        for node in range(len(NODES)):
            x = middle + half * NODES[node]
            height = log_c + exponent(x, lam, capacity, theta)
            highest = max(highest, height)
            density = half * WEIGHTS[node] * math.exp(height)
            left = -math.expm1(-theta * x)
            everything += density
            patient += density * (1.0 - left)
            gone += density * left
        if height < highest - DEEP:
            break
    return everything, patient, gone


@compiled
def erlang_a(lam: float, mu: float, theta: float, n: int, t: float, out: Floats) -> None:
    """Exact M/M/n+M with n >= 1, lam > 0 and theta > 0."""
    capacity = n * mu
    log_states, queue, served, waited = waiting_states(lam, capacity, theta)
    log_empty = log_epsilon(lam / mu, n)
    log_wait = log_states + math.log(lam / capacity)  # lam J(0)
    log_all = max(log_wait, log_empty) + math.log1p(math.exp(-abs(log_wait - log_empty)))
    p_wait, p_free = math.exp(log_wait - log_all), math.exp(log_empty - log_all)
    everything, patient, gone = up_to(t, lam, capacity, theta, math.log(lam) - log_all)
    later = max(0.0, p_wait - everything)
    p_served = p_free + p_wait * served
    out[P_WAIT] = p_wait
    out[QUEUE] = p_wait * queue
    out[P_ABANDON] = theta * out[QUEUE] / lam
    out[WAIT] = out[QUEUE] / lam
    out[WAIT_SERVED] = p_wait * waited / p_served
    out[ANSWERED_IN] = min(1.0, p_free + patient)
    out[ABANDONED_IN] = gone - later * math.expm1(-theta * t)
    out[OCCUPANCY] = lam / capacity * p_served


@compiled
def erlang_c(lam: float, mu: float, n: int, t: float, out: Floats) -> None:
    """M/M/n with lam < n mu (Erlang 1917)."""
    capacity, load = n * mu, lam / mu
    spare = capacity - lam
    log_wait, log_empty = math.log(lam / spare), log_epsilon(load, n)
    p_wait = 1.0 / (1.0 + math.exp(min(700.0, log_empty - log_wait)))
    out[P_WAIT] = p_wait
    out[P_ABANDON] = 0.0
    out[WAIT] = p_wait / spare
    out[WAIT_SERVED] = out[WAIT]
    out[ANSWERED_IN] = 1.0 - p_wait * math.exp(-spare * t)
    out[ABANDONED_IN] = 0.0
    out[QUEUE] = lam * out[WAIT]
    out[OCCUPANCY] = load / n


@compiled
def nobody_there(lam: float, theta: float, t: float, out: Floats) -> None:
    """No agents: everybody waits until patience ends."""
    out[:] = 0.0
    out[P_WAIT] = out[P_ABANDON] = 1.0
    out[WAIT] = 1.0 / theta
    out[WAIT_SERVED] = np.nan
    out[ABANDONED_IN] = -math.expm1(-theta * t)
    out[QUEUE] = lam / theta
    out[OCCUPANCY] = np.nan


@compiled
def nobody_calls(out: Floats) -> None:
    """Agents and no load: whoever called would be answered at once."""
    out[:] = 0.0
    out[ANSWERED_IN] = 1.0


@compiled
def performance(lam: float, mu: float, theta: float, n: int, t: float, out: Floats) -> None:
    """The queue that fits: nan throughout where Erlang C has no balance."""
    if lam == 0.0 and n > 0:
        nobody_calls(out)
    elif n == 0 and theta > 0.0:
        nobody_there(lam, theta, t, out)
    elif theta > 0.0:
        erlang_a(lam, mu, theta, n, t, out)
    elif lam < n * mu:
        erlang_c(lam, mu, n, t, out)
    else:
        out[:] = np.nan


@compiled
def performances(asked: Floats, out: Floats) -> None:
    """One row of ``out`` for each of ``asked``: lam, mu, theta, n, t."""
    for place in range(len(asked)):
        lam, mu, theta, n, t = asked[place]
        performance(lam, mu, theta, int(n), t, out[place])


# What a target may be about; each falls (or rises) steadily with agents.
BY_LEVEL, BY_WAIT, BY_ABANDON, BY_OCCUPANCY, BY_P_WAIT = range(5)


@compiled
def level_of(out: Floats, formula: int) -> float:
    """The service level by formula F1 to F4, short abandons being those within the target time."""
    if formula == 1:
        return float(out[ANSWERED_IN] + out[ABANDONED_IN])
    if formula == 2:
        return out[ANSWERED_IN] / (1.0 - out[P_ABANDON]) if out[P_ABANDON] < 1.0 else 0.0
    if formula == 4:
        return out[ANSWERED_IN] / (1.0 - out[ABANDONED_IN]) if out[ABANDONED_IN] < 1.0 else 0.0
    return float(out[ANSWERED_IN])


@compiled
def met(out: Floats, kind: int, bound: float, formula: int) -> bool:
    """Whether a queue reaches its target; a queue without balance does not."""
    if kind == BY_LEVEL:
        return level_of(out, formula) >= bound
    if kind == BY_WAIT:
        return bool(out[WAIT_SERVED] <= bound)
    if kind == BY_ABANDON:
        return bool(out[P_ABANDON] <= bound)
    if kind == BY_OCCUPANCY:
        return bool(out[OCCUPANCY] <= bound)
    return bool(out[P_WAIT] <= bound)


@compiled
def least(lam: float, mu: float, theta: float, t: float, kind: int, bound: float, formula: int, most: int) -> int:
    """Fewest agents that meet a target, by doubling steps and halving; -1 where ``most`` do not."""
    if lam == 0.0:
        return 0
    out = np.empty(FIELDS)
    low, step = 0, max(1, math.ceil(math.sqrt(lam / mu)))
    high = min(most, max(1, math.floor(lam / mu)))
    performance(lam, mu, theta, high, t, out)
    while not met(out, kind, bound, formula):
        if high >= most:
            return -1
        low, high, step = high, min(most, high + step), 2 * step
        performance(lam, mu, theta, high, t, out)
    while high - low > 1:
        middle = (low + high) // 2
        performance(lam, mu, theta, middle, t, out)
        if met(out, kind, bound, formula):
            high = middle
        else:
            low = middle
    return high


@compiled
def fewest(rates: Floats, t: float, kind: int, bound: float, formula: int, most: int, found: Ints) -> None:
    """``least`` for each row of ``rates``: lam, mu, theta."""
    for place in range(len(rates)):
        lam, mu, theta = rates[place]
        found[place] = least(lam, mu, theta, t, kind, bound, formula, most)


@compiled
def most_load(mu: float, theta: float, n: int, t: float, kind: int, bound: float, formula: int) -> float:
    """Largest load in Erlang with which n agents meet a target, to the last bit but a few; by halving."""
    out = np.empty(FIELDS)
    low, high = 0.0, float(n)
    performance(high * mu, mu, theta, n, t, out)
    while met(out, kind, bound, formula) and high < 1e9:
        low, high = high, 2.0 * high
        performance(high * mu, mu, theta, n, t, out)
    for _ in range(200):
        middle = 0.5 * (low + high)
        if middle <= low or middle >= high:
            break
        performance(middle * mu, mu, theta, n, t, out)
        if met(out, kind, bound, formula):
            low = middle
        else:
            high = middle
    return low


@compiled
def most_loads(rates: Floats, t: float, kind: int, bound: float, formula: int, found: Floats) -> None:
    """``most_load`` for each row of ``rates``: mu, theta, n."""
    for place in range(len(rates)):
        mu, theta, n = rates[place]
        found[place] = most_load(mu, theta, int(n), t, kind, bound, formula)
