"""Dividing a change exactly: the parts of the segments found, of the rest, and of the mix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from onefloor.insight.causes.leaves import Leaves
from onefloor.insight.causes.parts import NOTHING, Parts, Sums, rate_and_mix
from onefloor.insight.causes.search import Search
from onefloor.metrics.dimensions import Shown


@dataclass(frozen=True, slots=True)
class ExactParts:
    """The exact parts of a change; see ``Explained``."""

    segments: tuple[Fraction, ...]
    rest: Fraction
    mix: Fraction
    mixes: Mapping[tuple[Shown, ...], Parts]
    shares: Mapping[tuple[Shown, ...], tuple[Fraction, Fraction]]


def exact_parts(leaves: Leaves, by: Sequence[str], found: Search) -> ExactParts:
    """The parts of a change, of groups ``by`` cut by the segments found, so that these have parts of their own."""
    before: dict[tuple[int, tuple[Shown, ...]], Sums] = {}
    after: dict[tuple[int, tuple[Shown, ...]], Sums] = {}
    axes = [leaves.dimensions.index(name) for name in by]
    segment = [0] * len(leaves)
    for number, one in enumerate(found.segments, 1):
        for place in one.leaves.nonzero()[0]:
            segment[place] = number
    for at, (above0, below0, above1, below1) in enumerate(leaves.sums.tolist()):
        key = segment[at], tuple(leaves.names[axis][leaves.codes[axis][at]] for axis in axes)
        before[key] = _plus(before.get(key), above0, below0)
        after[key] = _plus(after.get(key), above1, below1)
    parts = rate_and_mix(before, after)
    rates = [sum((part.rate for key, part in parts.items() if key[0] == number), Fraction(0))
             for number in range(len(found.segments) + 1)]  # fmt: skip
    groups: dict[tuple[Shown, ...], Parts] = {}
    for (_, group), part in parts.items():
        groups[group] = groups.get(group, NOTHING) + part
    mix = sum((part.mix for part in parts.values()), Fraction(0))
    return ExactParts(tuple(rates[1:]), rates[0], mix, groups, _shares(before, after))


def _plus(held: Sums | None, above: int, below: int) -> Sums:
    return (above, below) if held is None else (held[0] + above, held[1] + below)


def _shares(
    before: Mapping[tuple[int, tuple[Shown, ...]], Sums], after: Mapping[tuple[int, tuple[Shown, ...]], Sums]
) -> dict[tuple[Shown, ...], tuple[Fraction, Fraction]]:
    """Every group's share of all denominators, before and after."""
    totals = [sum(below for _, below in side.values()) for side in (before, after)]
    found: dict[tuple[Shown, ...], tuple[Fraction, Fraction]] = {}
    for key in before:
        old, new = found.get(key[1], (Fraction(0), Fraction(0)))
        found[key[1]] = (
            old + Fraction(before[key][1], totals[0]), new + Fraction(after[key][1], totals[1])
        )  # fmt: skip
    return found
