"""Contacts that come from another type's line: who is passed on, and how many contacts of each type there are then."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onefloor.planning.simulation.model import ContactType, Group, Model

Floats = NDArray[np.float64]
MOST_ONWARD = 0.95  # of a type, so that what goes round comes to an end


@dataclass(frozen=True, slots=True)
class Holders:
    """``heads`` agents who serve the same types; they pass on ``factor`` times as many as usual."""

    types: frozenset[str]
    heads: float = 1.0
    factor: float = 1.0


def holders(groups: Iterable[Group]) -> Iterator[Holders]:
    """The agents of a model's groups; of a pool its largest staff."""
    for group in groups:
        heads = len(group.agents) or max(group.staff, default=1) or 1
        factor = float(np.mean([agent.transfers for agent in group.agents])) if group.agents else 1.0
        yield Holders(frozenset(skill.type for skill in group.types), heads, factor)


def onward(types: Sequence[ContactType], held: Iterable[Holders]) -> Floats:
    """Share of each type's served contacts that goes on to each other type, shape (T, T).

    Contacts are taken as divided evenly over those who serve their type; who serves the other type too passes nobody
    on to it.
    """
    names, found, known = [kind.id for kind in types], np.zeros((len(types), len(types))), list(held)
    for row, kind in enumerate(types):
        who = [one for one in known if kind.id in one.types]
        every = sum(one.heads for one in who)
        for name, share in kind.transfers:
            if name in names and every > 0:
                passing = sum(one.heads * one.factor for one in who if name not in one.types)
                found[row, names.index(name)] = share * passing / every
    return np.asarray(found * np.minimum(1.0, MOST_ONWARD / np.maximum(found.sum(axis=1, keepdims=True), 1e-12)))


def with_transfers(calls: Floats, shares: Floats) -> Floats:
    """Contacts with those that come from other lines, both (T, P), if all are served: the traffic equations of a
    network of queues (Jackson 1957, Operations Research 5:518), total = own + transposed shares times total."""
    return np.asarray(np.linalg.solve(np.eye(len(shares)) - shares.T, calls))


def all_calls(model: Model, calls: Floats) -> Floats:
    """A model's contacts (T, P) with those that come from other lines."""
    return with_transfers(calls, onward(model.types, holders(model.groups)))


def receiving(model: Model) -> NDArray[np.bool_]:
    """Which types may come from other lines, shape (T,)."""
    names = {name for kind in model.types for name, share in kind.transfers if share > 0}
    return np.array([kind.id in names for kind in model.types])
