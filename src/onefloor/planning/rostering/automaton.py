"""The product of counters: every state a tour can be in after each day, and no other.

The states of a day are a layer. States from which the horizon cannot be ended lawfully are left out, so that a tour
that follows the arcs breaks no rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onefloor.planning.rostering.counters import Counter

Ints = NDArray[np.int32]
MOST_STATES = 2_000_000


@dataclass(frozen=True, slots=True)
class Automaton:
    """States in layers. ``layers[d]`` is the first state before day ``d``; ``after[state, category]`` the next, or -1.

    The one state of the first layer is 0. There is no state at all where no tour keeps the rules.
    """

    layers: Ints
    after: Ints

    @property
    def possible(self) -> bool:
        """Whether any tour keeps the rules."""
        return len(self.after) > 0


class TooManyStates(ValueError):
    """So many counters at once that their product cannot be held."""


def product(counters: Sequence[Counter]) -> Automaton:
    """All rules at once: the states that can be reached and from which the end can be reached."""
    days, _, kinds = counters[0].step.shape
    layer = np.array([[counter.first for counter in counters]], dtype=np.int64)
    layers, arcs, total = [layer], [], 1
    for day in range(days):
        layer, arc = _next_layer(layer, counters, day, kinds)
        layers.append(layer)
        arcs.append(arc)
        total += len(layer)
        if total > MOST_STATES:
            raise TooManyStates(total)
    return _without_dead_ends(layers, arcs, counters, kinds)


def _next_layer(
    layer: NDArray[np.int64], counters: Sequence[Counter], day: int, kinds: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The states after a day, and for each state before it and category its place among them."""
    after = np.stack([counter.step[day][layer[:, place]] for place, counter in enumerate(counters)], axis=-1)
    flat = after.reshape(-1, len(counters)).astype(np.int64)  # states x categories, counters
    allowed = (flat >= 0).all(axis=1)
    codes = np.zeros(len(flat), dtype=np.int64)
    for place, counter in enumerate(counters):
        codes = codes * counter.step.shape[1] + np.maximum(flat[:, place], 0)
    found, first, places = np.unique(codes[allowed], return_index=True, return_inverse=True)
    arc = np.full(len(flat), -1, dtype=np.int64)
    arc[allowed] = places
    return flat[allowed][first].reshape(len(found), len(counters)), arc.reshape(len(layer), kinds)


def _without_dead_ends(
    layers: list[NDArray[np.int64]], arcs: list[NDArray[np.int64]], counters: Sequence[Counter], kinds: int
) -> Automaton:
    """Only states from which a lawful end can be reached, numbered through."""
    ends = [counter.ends[layers[-1][:, place]] for place, counter in enumerate(counters)]
    alive = [np.all(ends, axis=0) if len(layers[-1]) else np.zeros(0, dtype=bool)]
    for arc in reversed(arcs):
        open_ = np.append(alive[0], False)
        alive.insert(0, open_[arc].any(axis=1))
    starts = np.concatenate([[0], np.cumsum([int(live.sum()) for live in alive])]).astype(np.int32)
    after = np.full((starts[-1], kinds), -1, dtype=np.int32)
    for day, arc in enumerate(arcs):
        number = np.full(len(alive[day + 1]) + 1, -1, dtype=np.int32)
        number[:-1][alive[day + 1]] = starts[day + 1] + np.arange(int(alive[day + 1].sum()))
        after[starts[day] : starts[day + 1]] = number[arc][alive[day]]
    return Automaton(starts, after)
