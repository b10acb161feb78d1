"""Streams of chance that can be told apart by (seed, replication, stream), and draws from them; compiled.

Generator: xoshiro256++ 1.0 (Blackman and Vigna 2021, "Scrambled linear pseudorandom number generators", ACM TOMS 47:4),
seeded by splitmix64 (Steele, Lea and Flood 2014). ``long_jump`` is 2^192 steps, one for each replication; ``jump`` is
2^128 steps, one for each stream inside it: streams cannot overlap. A stream is four ``uint64`` of ``u`` from ``at`` on.

Exponential and normal: the ziggurat of Marsaglia and Tsang (2000, J. Stat. Software 5:8) with 256 layers and 53 bits;
gamma: Marsaglia and Tsang (2000, ACM TOMS 26:3), with the power of a uniform for shapes below 1.
"""

# What an array holds is Any to NumPy's types:
# mypy: warn-return-any=False
from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from onefloor.planning.compiled import compiled, inlined, step

Words = NDArray[np.uint64]
Doubles = NDArray[np.float64]

CONSTANT, EXPONENTIAL, LOGNORMAL, GAMMA, EMPIRICAL, GIVEN = range(6)
EXP_R, EXP_V = 7.69711747013104972, 0.0039496598225815571993
NORMAL_R, NORMAL_V = 3.6541528853610088, 0.00492867323399
TO_UNIT = 2.0**-53
U = np.uint64


def _exponential_layers() -> tuple[Doubles, Doubles]:
    edges = np.zeros(257)
    edges[0], edges[1] = EXP_V / np.exp(-EXP_R), EXP_R
    for i in range(2, 256):
        edges[i] = -np.log(EXP_V / edges[i - 1] + np.exp(-edges[i - 1]))
    return edges, np.exp(-edges)


def _normal_layers() -> tuple[Doubles, Doubles]:
    edges = np.zeros(257)
    edges[0], edges[1] = NORMAL_V / np.exp(-0.5 * NORMAL_R * NORMAL_R), NORMAL_R
    for i in range(2, 256):
        edges[i] = np.sqrt(-2 * np.log(NORMAL_V / edges[i - 1] + np.exp(-0.5 * edges[i - 1] ** 2)))
    return edges, np.exp(-0.5 * edges * edges)


EXP_X, EXP_F = _exponential_layers()
NORMAL_X, NORMAL_F = _normal_layers()
JUMP = np.array([0x180EC6D33CFD0ABA, 0xD5A61266F0C9392C, 0xA9582618E03FC9AA, 0x39ABDC4529B1661C], np.uint64)
LONG_JUMP = np.array([0x76E15D3EFEFDCBBF, 0xC5004E441C522FB3, 0x77710069854EE241, 0x39109BB02ACBE635], np.uint64)


@inlined
def next_bits(u: Words, at: int) -> np.uint64:
    """The next 64 bits."""
    s0, s1, s2, s3 = u[at], u[at + 1], u[at + 2], u[at + 3]
    total = s0 + s3
    found = ((total << U(23)) | (total >> U(41))) + s0
    shifted = s1 << U(17)
    s2 ^= s0
    s3 ^= s1
    s1 ^= s2
    s0 ^= s3
    s2 ^= shifted
    u[at], u[at + 1], u[at + 2], u[at + 3] = s0, s1, s2, (s3 << U(45)) | (s3 >> U(19))
    return found


@inlined
def uniform(u: Words, at: int) -> float:
    """Uniform in [0, 1), 53 bits."""
    return float(next_bits(u, at) >> U(11)) * TO_UNIT


@inlined
def exponential(u: Words, at: int) -> float:
    """Exponential with mean 1."""
    before = 0.0
    while True:
        bits = next_bits(u, at)
        layer = bits & U(255)
        x = float(bits >> U(11)) * TO_UNIT * EXP_X[layer]
        if x < EXP_X[layer + U(1)]:
            return before + x
        if layer == U(0):
            before += EXP_R
        elif EXP_F[layer] + uniform(u, at) * (EXP_F[layer + U(1)] - EXP_F[layer]) < np.exp(-x):
            return before + x


@step
def _normal_tail(u: Words, at: int) -> float:
    while True:
        x = -np.log(1 - uniform(u, at)) / NORMAL_R
        y = -np.log(1 - uniform(u, at))
        if y + y >= x * x:
            return NORMAL_R + x


@inlined
def normal(u: Words, at: int) -> float:
    """Standard normal."""
    while True:
        bits = next_bits(u, at)
        layer = bits & U(255)
        side = float(np.int64(bits) >> np.int64(11)) * (2 * TO_UNIT)
        x = side * NORMAL_X[layer]
        if abs(x) < NORMAL_X[layer + U(1)]:
            return x
        if layer == U(0):
            tail = _normal_tail(u, at)
            return tail if side > 0 else -tail
        if NORMAL_F[layer] + uniform(u, at) * (NORMAL_F[layer + U(1)] - NORMAL_F[layer]) < np.exp(-0.5 * x * x):
            return x


@step
def _gamma_from_1(u: Words, at: int, shape: float) -> float:
    d = shape - 1.0 / 3.0
    c = 1.0 / np.sqrt(9.0 * d)
    while True:
        x = normal(u, at)
        v = 1.0 + c * x
        if v > 0.0:
            v = v * v * v
            if np.log(1 - uniform(u, at)) < 0.5 * x * x + d - d * v + d * np.log(v):
                return d * v


@step
def gamma(u: Words, at: int, shape: float) -> float:
    """Gamma with scale 1."""
    if shape >= 1.0:
        return _gamma_from_1(u, at, shape)
    power = np.exp(np.log(1 - uniform(u, at)) / shape)
    return _gamma_from_1(u, at, shape + 1.0) * power


@step
def between(u: Words, at: int, values: Doubles, first: int, count: int) -> float:
    """A value of an empirical law: straight between its ``count`` quantiles from ``first`` on."""
    place = uniform(u, at) * (count - 1)
    step = int(place)
    low = values[first + step]
    return low + (place - step) * (values[first + step + 1] - low)


@compiled
def start_of(seed: int) -> Words:
    """The first stream of a seed."""
    s = np.empty(4, np.uint64)
    word = U(seed)
    for i in range(4):
        word += U(0x9E3779B97F4A7C15)
        z = word
        z = (z ^ (z >> U(30))) * U(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> U(27))) * U(0x94D049BB133111EB)
        s[i] = z ^ (z >> U(31))
    return s


@compiled
def jumped(s: Words, polynomial: Words) -> Words:
    """The stream as many steps on as the polynomial says."""
    here, there = s.copy(), np.zeros(4, np.uint64)
    for word in range(4):
        for bit in range(64):
            if polynomial[word] & (U(1) << U(bit)):
                there ^= here
            next_bits(here, 0)
    return there


@compiled
def streams_of(base: Words, count: int) -> NDArray[np.uint64]:
    """``count`` streams of a replication that begins at ``base``, shape (count, 4)."""
    found = np.empty((count, 4), np.uint64)
    here = base.copy()
    for i in range(count):
        found[i] = here
        here = jumped(here, JUMP)
    return found


@compiled
def jumped_bases(base: Words, count: int) -> NDArray[np.uint64]:
    """Where ``count`` replications begin, the first at ``base``, shape (count, 4)."""
    found = np.empty((count, 4), np.uint64)
    here = base.copy()
    for i in range(count):
        found[i] = here
        here = jumped(here, LONG_JUMP)
    return found


@compiled
def bases_of(seed: int, replications: int) -> NDArray[np.uint64]:
    """Where each replication of a seed begins, shape (replications, 4)."""
    return jumped_bases(start_of(seed), replications)
