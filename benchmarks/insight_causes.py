"""Where a change lies: how often the true cause is named first, and silence when nothing happened.

    python benchmarks/insight_causes.py [--quick] [--floors 200] [--seed 1]

Floors of company x skill x reason x hour (3 x 8 x 6 x 4 = 576 leaves) with 60,000 contacts a period, rates that differ
by every dimension, and a common drift of half a point. One segment of one or two conditions falls by 5, 10 or 20
points; a twin floor has no such segment. Beside ours, as peers: Adtributor (Bhagwan et al. 2014), which looks at one
dimension only, and "inside the leaf with the largest drop". One more line lets every leaf wobble by 2 points by itself.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onefloor.insight.causes.leaves import Leaves, leaves_from
from onefloor.insight.causes.search import search

DIMENSIONS = ("company", "skill", "reason", "hour")
SIZES = (3, 8, 6, 4)
CONTACTS = 60_000
SMALLEST = 0.02  # of all contacts: a smaller cause is drawn again
EXPLAINS, EACH = 0.67, 0.1  # thresholds of Adtributor
TARGETS = {"named": 0.95, "silent": 0.95}
Cause = dict[str, str]


@dataclass(frozen=True)
class Floor:
    """One simulated floor: where the cause is, and its leaves with and without it."""

    cause: Cause
    inside: NDArray[np.bool_]
    moved: Leaves
    quiet: Leaves


def floor(chance: np.random.Generator, conditions: int, drop: float, wobble: float) -> Floor:
    """A floor and its quiet twin."""
    codes = tuple(np.array(list(np.ndindex(*SIZES))).T)
    while True:
        share = np.prod(
            [chance.dirichlet(np.full(size, 4.0))[code] for size, code in zip(SIZES, codes, strict=True)], axis=0
        )
        axes = sorted(int(axis) for axis in chance.choice(len(SIZES), conditions, replace=False))
        values = {axis: int(chance.integers(SIZES[axis])) for axis in axes}
        inside = np.all([codes[axis] == value for axis, value in values.items()], axis=0)
        if share[inside].sum() >= SMALLEST:
            break
    base = 0.78 + sum(chance.normal(0, 0.04, size)[code] for size, code in zip(SIZES, codes, strict=True))
    base = np.clip(base, 0.3, 0.97)
    sides = [_periods(chance, codes, share, base, fall * inside, wobble) for fall in (drop, 0.0)]
    return Floor({DIMENSIONS[axis]: str(value) for axis, value in values.items()}, inside, *sides)


def _periods(
    chance: np.random.Generator,
    codes: tuple[NDArray[np.intp], ...],
    share: NDArray[np.float64],
    base: NDArray[np.float64],
    fall: NDArray[np.float64],
    wobble: float,
) -> Leaves:
    later = np.clip(base - fall + chance.normal(0, 0.005) + chance.normal(0, wobble, len(base)), 0.01, 0.99)
    below = [chance.poisson(share * CONTACTS) for _ in range(2)]
    above = [chance.binomial(rows, rate) for rows, rate in zip(below, (base, later), strict=True)]
    return leaves_from(DIMENSIONS, codes, np.stack([above[0], below[0], above[1], below[1]], axis=1))


def ours(leaves: Leaves) -> Cause | None:
    """The conditions named first."""
    found = search(leaves).segments
    return {name: str(value) for name, value in found[0].conditions} if found else None


def adtributor(leaves: Leaves) -> Cause | None:
    """Bhagwan et al. 2014 for a quotient (their derived measure): the best single dimension; one element or nothing."""
    best: tuple[float, Cause | None] = (-1.0, None)
    totals = leaves.sums.sum(axis=0).astype(float)
    for axis, dimension in enumerate(leaves.dimensions):
        sums = np.stack(
            [np.bincount(leaves.codes[axis], leaves.sums[:, column], len(leaves.names[axis])) for column in range(4)]
        )
        surprise, chosen = _explaining(sums, totals)
        if chosen and surprise > best[0]:
            best = surprise, {dimension: leaves.names[axis][chosen[0]]} if len(chosen) == 1 else None
    return best[1]


def _explaining(sums: NDArray[np.float64], totals: NDArray[np.float64]) -> tuple[float, list[int]]:
    """The elements of one dimension that explain two thirds of a change, by surprise; none if they do not."""
    above0, below0, above1, below1 = sums
    power = ((above1 - above0) * totals[1] - (below1 - below0) * totals[0]) / (
        totals[1] * (totals[1] + below1 - below0)
    )
    power = power / power.sum()
    surprise = _divergence(above0 / totals[0], above1 / totals[2]) + _divergence(below0 / totals[1], below1 / totals[3])
    chosen: list[int] = []
    for place in np.argsort(-surprise):
        if power[place] > EACH:
            chosen.append(int(place))
        if power[chosen].sum() > EXPLAINS:
            return float(surprise[chosen].sum()), chosen
    return 0.0, []


def _divergence(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    both = (one + other) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = [np.where(held > 0, held * np.log(held / both), 0.0) for held in (one, other)]
    return 0.5 * (parts[0] + parts[1])


def largest_leaf_inside(leaves: Leaves, inside: NDArray[np.bool_]) -> bool:
    """Whether the leaf whose rate fell most lies in the true segment at all."""
    above0, below0, above1, below1 = leaves.sums.T
    with np.errstate(divide="ignore", invalid="ignore"):
        fall = np.where((below0 > 0) & (below1 > 0), above1 / below1 - above0 / below0, np.inf)
    return bool(inside[int(np.argmin(fall))])


def trial(conditions: int, drop: float, wobble: float, floors: int, seed: int) -> dict[str, float]:
    """One line of the table."""
    chance = np.random.default_rng(seed)
    counts = dict.fromkeys(("ours", "adtributor", "leaf", "silent"), 0)
    for _ in range(floors):
        one = floor(chance, conditions, drop, wobble)
        counts["ours"] += ours(one.moved) == one.cause
        counts["adtributor"] += adtributor(one.moved) == one.cause
        counts["leaf"] += largest_leaf_inside(one.moved, one.inside)
        counts["silent"] += ours(one.quiet) is None
    return {name: count / floors for name, count in counts.items()}


def main() -> int:
    """Print the table; 1 if a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--floors", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--quick", action="store_true")
    given = parser.parse_args()
    floors = 25 if given.quick else given.floors
    cases = [(conditions, drop, 0.0) for conditions in (1, 2) for drop in (0.05, 0.10, 0.20)] + [(2, 0.10, 0.02)]
    print(f"{floors} floors a line, seed {given.seed}")
    print("conditions  points  wobble   ours  Adtributor  in the largest leaf  silent when nothing happened")
    missed = []
    for conditions, drop, wobble in cases:
        got = trial(conditions, drop, wobble, floors, given.seed)
        print(
            f"{conditions:10d} {-100 * drop:7.0f} {100 * wobble:7.0f} {got['ours']:6.3f} {got['adtributor']:11.3f} "
            f"{got['leaf']:20.3f} {got['silent']:29.3f}",
            flush=True,
        )
        if drop == 0.10 and (got["ours"] < TARGETS["named"] or got["silent"] < TARGETS["silent"]):
            missed.append((conditions, drop, wobble))
    print(
        "goals (first and exactly at -10 points >= .95, silence >= .95):", "missed " + str(missed) if missed else "met"
    )
    return 1 if missed and not given.quick else 0


if __name__ == "__main__":
    raise SystemExit(main())
