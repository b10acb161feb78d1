"""The gap between two options: at random, one input at a time, and where it closes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onefloor.insight.sourcing.costs import outcome
from onefloor.insight.sourcing.inputs import EVERYBODY, Input, Key, Values, at_mid, inputs_of, shared_name
from onefloor.insight.sourcing.spread import Floats
from onefloor.insight.sourcing.stated import parts
from onefloor.insight.sourcing.terms import Sourcing

HALVINGS = 60
FAR = 20
"""How many times its high value an input without a natural end is followed."""
VOLUMES = np.geomspace(0.01, 100, 401)
"""Multiples of the stated volume among which break-even volumes are sought."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two options of a decision and for how many months; ``name`` is compared with ``reference``."""

    sourcing: Sourcing
    name: str
    reference: str
    months: int

    def inputs(self) -> tuple[Input, ...]:
        """The inputs that can move the gap."""
        whose = {
            EVERYBODY,
            *(option.id for side in (self.name, self.reference) for option in parts(self.sourcing, side)),
        }
        return tuple(one for one in inputs_of(self.sourcing) if one.whose in whose)

    def gap(self, values: Values) -> Floats:
        """What a resolved contact costs more than with the reference, one figure a row."""
        there, here = (outcome(self.sourcing, side, values, self.months) for side in (self.name, self.reference))
        return there.per_resolved() - here.per_resolved()


@dataclass(frozen=True, slots=True)
class Bar:
    """The gap with one input at its low and at its high end, the others in the middle; shared inputs move together."""

    inputs: tuple[Input, ...]
    at_low: float
    at_high: float

    @property
    def width(self) -> float:
        """How far it moves the gap."""
        return abs(self.at_high - self.at_low)


def tornado(pair: Pair) -> list[Bar]:
    """One bar an input that is not certain, the widest first."""
    inputs = pair.inputs()
    movers = [group for group in _movers(inputs, pair.sourcing.shared) if not all(one.spread.certain for one in group)]
    values = at_mid(inputs_of(pair.sourcing), 2 * len(movers))
    for place, group in enumerate(movers):
        for one in group:
            low, _, high = one.spread.ends()
            values[one.key][2 * place], values[one.key][2 * place + 1] = _kept(one, low), _kept(one, high)
    gaps = pair.gap(values).reshape(-1, 2) if movers else np.empty((0, 2))
    bars = [Bar(group, float(low), float(high)) for group, (low, high) in zip(movers, gaps, strict=True)]
    return sorted(bars, key=lambda bar: -bar.width)


def _kept(one: Input, value: float) -> float:
    return min(max(value, one.kind.least), one.kind.most)


def _movers(inputs: Sequence[Input], shared: Sequence[str]) -> list[tuple[Input, ...]]:
    """Each input alone, those that are shared in one group."""
    groups: dict[Key, list[Input]] = {}
    for one in inputs:
        common = shared_name(one.name) in shared
        groups.setdefault((EVERYBODY, shared_name(one.name)) if common else one.key, []).append(one)
    return [tuple(group) for group in groups.values()]


@dataclass(frozen=True, slots=True)
class BreakEven:
    """The value of an input at which both cost the same, the others in the middle.

    ``above``: beyond that value the option is the dearer one; otherwise below it.
    """

    input: Input
    value: float
    dearer_above: bool


def break_evens(pair: Pair) -> list[BreakEven]:
    """The nearest value of each input at which the gap closes, by bisection; without those that cannot close it."""
    inputs = pair.inputs()
    base = at_mid(inputs_of(pair.sourcing), len(inputs))
    mids = np.array([float(one.spread.mid) for one in inputs])
    lows = np.array([one.kind.least for one in inputs])
    highs = np.array([_far(one) for one in inputs])
    below, above = (_closing(pair, inputs, base, mids, end) for end in (lows, highs))
    at = pair.gap(at_mid(inputs_of(pair.sourcing)))[0]
    return [
        BreakEven(one, value, dearer_above=bool((value > mid) == (at < 0)))
        for one, mid, low, high in zip(inputs, mids, below, above, strict=True)
        if not np.isnan(value := _nearest(float(mid), float(low), float(high)))
    ]


def _far(one: Input) -> float:
    """The far end of an input: its own, or many times its high value where it has none to speak of."""
    natural = one.kind.most
    return (
        natural
        if one.kind.least < 0 or (one.kind.unit == "%" and natural <= 1)
        else min(natural, FAR * float(one.spread.high))
    )


def _nearest(mid: float, below: float, above: float) -> float:
    if np.isnan(above) or mid - below < above - mid:
        return below
    return above


def _closing(pair: Pair, inputs: Sequence[Input], base: Mapping[Key, Floats], start: Floats, end: Floats) -> Floats:
    """Between ``start`` and ``end`` of every input, where its gap changes sign; not a number where it does not."""

    def gaps(at: Floats) -> Floats:
        values = {key: held.copy() for key, held in base.items()}
        for place, one in enumerate(inputs):
            values[one.key][place] = at[place]
        return pair.gap(values)

    left, right, sign = start.copy(), end.copy(), np.sign(gaps(start))
    closes = sign * np.sign(gaps(end)) < 0
    for _ in range(HALVINGS if closes.any() else 0):
        middle = (left + right) / 2
        same = np.sign(gaps(middle)) == sign
        left, right = np.where(same, middle, left), np.where(same, right, middle)
    return np.where(closes, (left + right) / 2, np.nan)


def break_even_volumes(pair: Pair) -> list[BreakEven]:
    """Issues a month at which the dearer becomes the cheaper one, rising.

    With steps and minimum volumes there may be several; they are sought from a hundredth to a hundred times the volume.
    """
    inputs = inputs_of(pair.sourcing)
    volume = next(one for one in inputs if one.key == (EVERYBODY, "volume"))
    at = VOLUMES * float(volume.spread.mid)
    signs = np.sign(pair.gap({**at_mid(inputs, len(at)), volume.key: at[:, None]}))
    places: NDArray[np.intp] = np.flatnonzero(signs[:-1] * signs[1:] < 0)
    if not len(places):
        return []
    same = (volume,) * len(places)
    base = at_mid(inputs, len(places))
    found = _closing(pair, same, base, at[places], at[places + 1])
    return [BreakEven(volume, float(v), dearer_above=bool(signs[p] < 0)) for v, p in zip(found, places, strict=True)]
