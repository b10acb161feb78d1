"""The contacts of one replication, one by one."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from onefloor.planning.simulation.memory import (
    ABANDONED,
    ANSWERED,
    BLOCKED,
    LEFT,
    LET_GO,
    NONE,
    ROW_FIELDS,
    TIMED_OUT,
    TRANSFERRED,
)
from onefloor.planning.simulation.tables import Compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
OUTCOMES = {
    ANSWERED: "answered",
    ABANDONED: "abandoned",
    TIMED_OUT: "timeout",
    LET_GO: "queue_empty",
    BLOCKED: "before_queue",
    LEFT: "open",
}
"""What the facts call an outcome; a contact that found no line never reached the queue."""


@dataclass(frozen=True, slots=True)
class Legs:
    """Of each row (n,): the row of its contact's first leg, the leg's number from 1, the type it goes on to or -1."""

    contact: Ints
    leg: Ints
    onward: Ints


@dataclass(frozen=True, slots=True)
class Contacts:
    """Contacts in order of what became of them; all arrays (n,), times as in the model.

    ``type`` and ``group`` are numbers of the model, ``agent`` of ``compiled.agents``; -1 where nobody answered.
    ``customer`` is the row of the customer's first contact, ``origin`` 0 fresh, 1 redialled, 2 repeated, 3 passed on:
    the next leg of the customer's contact. ``outcome`` is a key of ``OUTCOMES``. ``answered`` is very large where
    nobody answered; ``freed`` is when the agent was.
    """

    compiled: Compiled
    customer: Ints
    type: Ints
    origin: Ints
    outcome: Ints
    interval: Ints
    agent: Ints
    group: Ints
    arrived: Floats
    answered: Floats
    ended: Floats
    freed: Floats

    def __len__(self) -> int:
        return len(self.type)

    def in_order(self) -> Contacts:
        """The same by time of arrival."""
        order = np.argsort(self.arrived, kind="stable")
        place = np.empty(len(order), np.int64)
        place[order] = np.arange(len(order))
        names = [field.name for field in fields(self) if field.name not in ("compiled", "customer")]
        return Contacts(
            self.compiled, place[self.customer[order]], **{name: getattr(self, name)[order] for name in names}
        )

    def legs(self) -> Legs:
        """Which of the rows, in order of arrival, are legs of one contact: a customer has one contact at a time."""
        rows = np.arange(len(self))
        order = np.argsort(self.customer, kind="stable")
        goes_on = self.origin[order] == TRANSFERRED
        first = np.maximum.accumulate(np.where(goes_on, 0, rows)) if len(rows) else rows
        contact, leg, onward = np.empty_like(rows), np.empty_like(rows), np.full(len(rows), NONE)
        contact[order], leg[order] = order[first], rows - first + 1
        later = np.flatnonzero(goes_on)
        onward[order[later - 1]] = self.type[order[later]]
        return Legs(contact, leg, onward)


def contacts_of(compiled: Compiled, words: NDArray[np.uint64]) -> Contacts:
    """The recorded rows of a block, in order of arrival."""
    numbers = {name: words[:, place].view(np.int64) for place, name in enumerate(ROW_FIELDS[:6])}
    times = {name: words[:, place].view(np.float64) for place, name in enumerate(ROW_FIELDS) if place >= 6}
    served = numbers["server"] != NONE
    group = np.where(served, compiled.tables.server_group[np.maximum(numbers["server"], 0)], NONE)
    return Contacts(
        compiled=compiled,
        customer=numbers["customer"],
        type=compiled.tables.type_of[numbers["queue"]],
        origin=numbers["origin"],
        outcome=numbers["outcome"],
        interval=numbers["interval"],
        agent=numbers["server"],
        group=group,
        **times,
    ).in_order()
