"""The product of counters: every state a tour can be in after each day, and no other.

The states of a day are a layer. States from which the horizon cannot be ended lawfully are left out, so that a tour
that follows the arcs breaks no rule. States with the same ways on are one: the automaton is the least there is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from onefloor.language import Text
from onefloor.planning.rostering.counters import Counter
from onefloor.problems import Problem

Ints = NDArray[np.int32]
MOST_STATES = 2_000_000
LARGEST = 2**62


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


class TooManyStates(Problem):
    """So many counters at once that their product cannot be held."""

    def __init__(self) -> None:
        super().__init__(
            Text("一份合同的规则太多，无法同时计算。", "The rules of one contract are too many to keep at once."),
            why=Text(
                "生效日各不相同的多条规则会相乘，过长的休息也是。",
                "Many limits, each with days of its own, multiply each other, and so does a very long rest.",
            ),
            remedy=Text("请合并规则，或缩短计划期。", "Use fewer limits for a contract, or plan fewer days."),
        )


def product(counters: Sequence[Counter]) -> Automaton:
    """All rules at once: the states that can be reached and from which the end can be reached.

    Raises:
        TooManyStates: they are more than can be held.
    """
    days, _, kinds = counters[0].step.shape
    layer = np.array([[counter.first for counter in counters]], dtype=np.int64)
    layers, arcs, total = [layer], [], 1
    for day in range(days):
        layer, arc = _next_layer(layer, counters, day, kinds)
        layers.append(layer)
        arcs.append(arc)
        total += len(layer)
        if total > MOST_STATES:
            raise TooManyStates
    return _merged(_without_dead_ends(layers, arcs, counters, kinds))


def _next_layer(
    layer: NDArray[np.int64], counters: Sequence[Counter], day: int, kinds: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The states after a day, and for each state before it and category its place among them."""
    after = np.stack([counter.step[day][layer[:, place]] for place, counter in enumerate(counters)], axis=-1)
    flat = after.reshape(-1, len(counters)).astype(np.int64)  # states x categories, counters
    allowed = (flat >= 0).all(axis=1)
    codes = _codes(np.maximum(flat, 0), [counter.step.shape[1] for counter in counters])
    found, first, places = np.unique(codes[allowed], return_index=True, return_inverse=True)
    arc = np.full(len(flat), -1, dtype=np.int64)
    arc[allowed] = places
    return flat[allowed][first].reshape(len(found), len(counters)), arc.reshape(len(layer), kinds)


def _codes(rows: NDArray[np.int64], widths: Sequence[int]) -> NDArray[np.int64]:
    """A number for each row, the same for equal rows alone; column ``i`` has values below ``widths[i]``."""
    codes, different = np.zeros(len(rows), dtype=np.int64), 1
    for column, width in zip(rows.T, widths, strict=True):
        if different > LARGEST // width:
            codes, different = np.unique(codes, return_inverse=True)[1], len(rows)
        codes, different = codes * width + column, different * width
    return codes


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


def _merged(whole: Automaton) -> Automaton:
    """States of a layer with the same ways on as one, from the last layer to the first (Revuz 1992)."""
    if not whole.possible:
        return whole
    same, kept = np.full(len(whole.after) + 1, -1, dtype=np.int64), list[NDArray[np.int64]]()  # place in its new layer
    for begin, end in reversed(list(pairwise(whole.layers))):
        rows = same[whole.after[begin:end]] + 1
        codes = _codes(rows, [len(kept[0]) + 1 if kept else 1] * rows.shape[1])
        _, first, same[begin:end] = np.unique(codes, return_index=True, return_inverse=True)
        kept.insert(0, rows[first] - 1)
    starts = np.cumsum([0, *map(len, kept)]).astype(np.int32)
    after = [np.where(rows < 0, -1, rows + end) for rows, end in zip(kept, starts[1:], strict=True)]
    return Automaton(starts, np.concatenate(after).astype(np.int32))
