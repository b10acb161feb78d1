"""Leaves: the sums of two periods by all dimensions that are searched, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onefloor.insight.cells import Cells, row_size
from onefloor.insight.charts.limits import Kind
from onefloor.metrics.dimensions import Shown, sort_key

Sums = NDArray[np.int64]
Codes = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Leaves:
    """One leaf an entry. ``sums`` has the columns numerator and denominator before, numerator and denominator after;
    ``codes[place of the dimension]`` are places in ``names[place of the dimension]``. ``row``: how much of a
    denominator is one row.
    """

    dimensions: tuple[str, ...]
    names: tuple[tuple[Shown, ...], ...]
    codes: tuple[Codes, ...]
    sums: Sums
    kind: Kind
    row: int = 1

    def __len__(self) -> int:
        return len(self.sums)


def leaves_of(before: Cells, after: Cells, kind: Kind) -> Leaves:
    """Two periods' cells of the same dimensions as leaves."""
    names = tuple(_union(name, before.names[name], after.names[name]) for name in before.by)
    sizes = [len(known) for known in names]
    flat0, flat1 = (_flat(held, names, sizes) for held in (before, after))
    keys, place = np.unique(np.concatenate([flat0, flat1]), return_inverse=True)
    sums = np.zeros((len(keys), 4), np.int64)
    for first, held, at in ((0, before, place[: len(flat0)]), (2, after, place[len(flat0) :])):
        sums[at, first], sums[at, first + 1] = held.numerator, held.denominator  # every key occurs once
    codes = np.unravel_index(keys, sizes) if sizes else ()
    return Leaves(before.by, names, tuple(codes), sums, kind, row_size(before.metric))


def leaves_from(dimensions: Sequence[str], codes: Sequence[Codes], sums: Sums, kind: Kind = Kind.SHARE) -> Leaves:
    """Leaves of numbered segments, as simulations have them."""
    names = tuple(tuple(str(number) for number in range(int(held.max()) + 1)) for held in codes)
    return Leaves(tuple(dimensions), names, tuple(codes), sums, kind)


def _union(dimension: str, one: Sequence[Shown], other: Sequence[Shown]) -> tuple[Shown, ...]:
    return tuple(sorted(dict.fromkeys((*one, *other)), key=lambda name: sort_key(dimension, name)))


def _flat(held: Cells, names: Sequence[Sequence[Shown]], sizes: Sequence[int]) -> Codes:
    if not sizes:
        return np.zeros(len(held), np.intp)
    places = []
    for dimension, known in zip(held.by, names, strict=True):
        at = {name: number for number, name in enumerate(known)}
        lookup = np.array([at[name] for name in held.names[dimension]], np.intp)
        places.append(lookup[held.codes[dimension]])
    return np.ravel_multi_index(places, sizes)
