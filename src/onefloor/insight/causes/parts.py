"""Exact parts of a change: inside the segments (rate) and between them (mix), and of products of factors (Shapley)."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import factorial
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)
Sums = tuple[int, int]  # numerator, denominator
MOST_FACTORS = 8


@dataclass(frozen=True, slots=True)
class Parts:
    """What one segment adds to the change of a quotient: by its own rate, and by its share of all rows."""

    rate: Fraction
    mix: Fraction

    def __add__(self, other: Parts) -> Parts:
        return Parts(self.rate + other.rate, self.mix + other.mix)

    @property
    def total(self) -> Fraction:
        """Both together."""
        return self.rate + self.mix


NOTHING = Parts(Fraction(0), Fraction(0))


class NoRows(ValueError):
    """A period without a denominator: there is no quotient that could have changed."""


def rate_and_mix(before: Mapping[Key, Sums], after: Mapping[Key, Sums]) -> dict[Key, Parts]:
    """The parts of every segment; together they are the change of the quotient, to the last digit.

    Kitagawa 1955 (Journal of the American Statistical Association 50, 1168-1194), with mix against the mean total::

        rate = (r1 - r0) (s0 + s1) / 2        mix = (s1 - s0) ((r0 + r1) / 2 - R)

    r: the segment's quotient, s: its share of all denominators, R: the mean of both totals. A poor segment that grows
    lowers the total, a good one raises it. What appears or vanishes has no change of rate, only mix.

    Raises:
        NoRows: a period has no denominator.

    >>> parts = rate_and_mix({"own": (900, 1000), "vendor": (700, 1000)}, {"own": (920, 1000), "vendor": (2100, 3000)})
    >>> [(name, str(part.rate), str(part.mix)) for name, part in parts.items()]
    [('own', '3/400', '-53/1600'), ('vendor', '0', '-31/1600')]
    """
    all_before, all_after = (sum(below for _, below in side.values()) for side in (before, after))
    if not all_before or not all_after:
        raise NoRows
    total = (quotient(before.values()) + quotient(after.values())) / 2
    found = {}
    for key in dict.fromkeys((*before, *after)):
        (above0, below0), (above1, below1) = before.get(key, (0, 0)), after.get(key, (0, 0))
        old, new = _rates(above0, below0, above1, below1)
        share0, share1 = Fraction(below0, all_before), Fraction(below1, all_after)
        stray = _stray(above0, below0, above1, below1, all_before, all_after)
        found[key] = Parts((new - old) * (share0 + share1) / 2 + stray, (share1 - share0) * ((old + new) / 2 - total))
    return found


def quotient(sums: Iterable[Sums]) -> Fraction:
    """The quotient of all sums together."""
    listed = list(sums)
    return Fraction(sum(above for above, _ in listed), sum(below for _, below in listed))


def _rates(above0: int, below0: int, above1: int, below1: int) -> tuple[Fraction, Fraction]:
    if not below0 and not below1:
        return Fraction(0), Fraction(0)
    old = Fraction(above0, below0) if below0 else Fraction(above1, below1)
    return old, Fraction(above1, below1) if below1 else old


def _stray(above0: int, below0: int, above1: int, below1: int, all_before: int, all_after: int) -> Fraction:
    """Numerators of a period in which the segment has no denominator (a complaint on a day without contacts)."""
    lost = Fraction(above0, all_before) if not below0 else Fraction(0)
    came = Fraction(above1, all_after) if not below1 else Fraction(0)
    return came - lost


def shapley(
    before: Mapping[str, Fraction], after: Mapping[str, Fraction], value: Callable[[Mapping[str, Fraction]], Fraction]
) -> dict[str, Fraction]:
    """What every factor adds to value(after) - value(before), averaged over all orders in which they may change.

    Shapley 1953; for rates the same as Das Gupta 1993 (US Census, P23-186). Exact; the parts add up.

    Args:
        before: the factors, at most 8.
        after: the same factors later.
        value: what they make together.

    Raises:
        ValueError: more than 8 factors: each doubles the work, and nobody reads so many.
    """
    names = list(before)
    if len(names) > MOST_FACTORS:
        message = f"{len(names)} factors, at most {MOST_FACTORS}"
        raise ValueError(message)
    known: dict[frozenset[str], Fraction] = {}

    def worth(changed: frozenset[str]) -> Fraction:
        if changed not in known:
            known[changed] = value({name: (after if name in changed else before)[name] for name in names})
        return known[changed]

    return {name: _marginal(name, names, worth) for name in names}


def _marginal(name: str, names: list[str], worth: Callable[[frozenset[str]], Fraction]) -> Fraction:
    others = [other for other in names if other != name]
    found = Fraction(0)
    for size in range(len(names)):
        weight = Fraction(factorial(size) * factorial(len(names) - size - 1), factorial(len(names)))
        for chosen in combinations(others, size):
            held = frozenset(chosen)
            found += weight * (worth(held | {name}) - worth(held))
    return found
