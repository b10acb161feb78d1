"""When contacts come, compiled: the factors of a day, the next arrival of each queue, draws of any law."""

# What an array holds is Any to NumPy's types:
# mypy: warn-return-any=False
from __future__ import annotations

import numpy as np

from onefloor.planning.compiled import inlined, step
from onefloor.planning.simulation.chance import (
    CONSTANT,
    EXPONENTIAL,
    GAMMA,
    GIVEN,
    LOGNORMAL,
    between,
    exponential,
    gamma,
    normal,
)
from onefloor.planning.simulation.memory import (
    ARRIVALS,
    AT_BUSYNESS,
    AT_COMING,
    AT_GAPS,
    AT_QUEUES,
    AT_RATES,
    AT_STREAMS,
    BUSYNESS,
    FACTORS,
    INTERVAL,
    INTERVALS,
    LAW_A,
    LAW_AT,
    LAW_B,
    LAW_COUNT,
    LAW_KIND,
    LAW_TAKEN,
    NONE,
    NUMBER,
    QUEUE_SIZE,
    QUEUES,
    TYPE,
    WIDTH,
    Bits,
    Floats,
    Ints,
)
from onefloor.planning.simulation.tables import FOR_EVER


@step
def next_given(w: Ints, f: Floats, law: int) -> float:
    """The next of the values that are given, after the last the first."""
    number = w[law + LAW_TAKEN]
    w[law + LAW_TAKEN] = number + 1 if number + 1 < w[law + LAW_COUNT] else 0
    return f[w[law + LAW_AT] + number]


@inlined
def draw(w: Ints, f: Floats, u: Bits, stream: int, law: int) -> float:
    """A value of a law, whose place is ``law``."""
    kind = w[law + LAW_KIND]
    if kind == LOGNORMAL:
        return np.exp(f[law + LAW_A] + f[law + LAW_B] * normal(u, stream))
    if kind == EXPONENTIAL:
        return f[law + LAW_A] * exponential(u, stream)
    if kind == CONSTANT:
        return f[law + LAW_A]
    if kind == GAMMA:
        return f[law + LAW_B] * gamma(u, stream, f[law + LAW_A])
    if kind == GIVEN:
        return next_given(w, f, law)
    return between(u, stream, f, w[law + LAW_AT], w[law + LAW_COUNT])


@inlined
def next_arrival(w: Ints, f: Floats, u: Bits, q: int, now: float) -> None:
    """The next arrival of a queue: a unit exponential over a rate that is constant in each interval."""
    need = exponential(u, w[q + ARRIVALS])
    coming, i = w[AT_COMING] + w[q + NUMBER], w[q + INTERVAL]
    while i < w[INTERVALS]:
        gap, end = f[w[q + AT_GAPS] + i], (i + 1) * f[WIDTH]
        if gap < FOR_EVER:
            then = now + need * gap
            if then < end:
                f[coming], w[q + INTERVAL] = then, i
                return
            need -= (end - now) / gap
        now = end
        i += 1
    f[coming] = FOR_EVER


@step
def open_day(w: Ints, f: Floats, u: Bits) -> None:
    """Factors of the day, then the first arrival of each queue."""
    stream = w[AT_STREAMS] + 4 * FACTORS
    factor, own, before = draw(w, f, u, stream, w[AT_BUSYNESS] + BUSYNESS), 1.0, NONE
    for v in range(w[QUEUES]):
        q = w[AT_QUEUES] + v * QUEUE_SIZE
        if w[q + TYPE] != before:
            own, before = draw(w, f, u, stream, q + BUSYNESS), w[q + TYPE]
        for i in range(w[INTERVALS]):
            rate = f[w[q + AT_RATES] + i] * (factor * own)
            f[w[q + AT_GAPS] + i] = 1.0 / rate if rate > 0.0 else FOR_EVER
        next_arrival(w, f, u, q, 0.0)
