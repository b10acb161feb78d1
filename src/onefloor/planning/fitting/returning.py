"""Who calls again: after giving up, or after having been served; beyond those who would have called anyway."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onefloor.insight.finding import Estimate, Z
from onefloor.periods import MS_PER_DAY, MS_PER_SECOND
from onefloor.planning.fitting.rows import Contacts
from onefloor.planning.fitting.times import FEWEST, fitted
from onefloor.planning.simulation.laws import Law, exponential

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
FEWEST_EVENTS = 100
BACKGROUND_DAYS = (7, 14, 21, 28)
"""So many days later the same customer's contacts in the same hours are taken to have other reasons."""


@dataclass(frozen=True, slots=True)
class Returns:
    """How many of a type come back within ``window`` seconds, and after how long.

    ``events`` are those with a known customer; ``background`` is the share that would have called then anyway, already
    taken out of ``share``. ``after`` is None where too few came back to say.
    """

    events: int
    came: int
    background: float
    share: Estimate
    after: Law | None
    window: float

    @property
    def seen(self) -> bool:
        """Whether customers come back beyond chance, often enough to model it."""
        return self.after is not None and self.share.low > 0


@dataclass(frozen=True, slots=True)
class Calls:
    """When each customer's contacts of each type began: keys that rise by customer, type and time."""

    keys: Ints
    codes: Ints
    origin: int

    def gaps(self, codes: Ints, after_ms: Ints) -> Floats:
        """Seconds from each instant to the next contact of the same customer and type; infinite if there is none."""
        place = np.searchsorted(self.keys, _key(codes, after_ms - self.origin), side="right")
        there = np.minimum(place, len(self.keys) - 1)
        same = (place < len(self.keys)) & (self.codes[there] == codes)
        begins = self.keys[there] - self.codes[there] * SPAN + self.origin
        return np.where(same, (begins - after_ms) / MS_PER_SECOND, np.inf)


SPAN = 2**40  # ms: 34 years


def _key(codes: Ints, ms: Ints) -> Ints:
    return np.asarray(codes * SPAN + np.maximum(ms, 0))


def calls(contacts: Contacts, customer: Ints) -> tuple[Calls, Ints]:
    """All first legs of known customers in order, and each contact's code of customer and type (-1: unknown)."""
    known = customer != 0
    codes = np.full(len(contacts), -1, np.int64)
    if known.any():
        pairs = np.stack([customer[known], contacts.kind[known]])
        codes[known] = np.unique(pairs, axis=1, return_inverse=True)[1].reshape(-1)
    origin = int(contacts.start_ms.min()) - 1
    begins = known & (contacts.first == 1)
    keys = _key(codes[begins], contacts.start_ms[begins] - origin)
    order = np.argsort(keys, kind="stable")
    return Calls(keys[order], codes[begins][order], origin), codes


def returns(contacts: Contacts, events: Flags, found: Calls, codes: Ints, window: float) -> Returns:
    """How many come back within a window, less those who call in the same hours weeks later for other reasons.

    Only events whose window ends before the last contact of their day count: later ones could not come back. With share
    p seen and q in the background, 1 - p = (1 - r)(1 - q) gives the share r that the event brings back.
    """
    closing = _closing(contacts)
    usable = events & (codes >= 0) & (contacts.ended_ms + int(window * MS_PER_SECOND) <= closing)
    at, who = contacts.ended_ms[usable], codes[usable]
    n = len(at)
    if n < FEWEST_EVENTS or not len(found.keys):
        return Returns(n, 0, 0.0, Estimate(0.0, 0.0, 1.0), None, window)
    gaps = found.gaps(who, at)
    came = gaps <= window
    usual, others = _background(found, who, at, window, int(contacts.start_ms.max()))
    share = (float(came.mean()) - usual) / (1 - usual)
    error = math.sqrt((came.mean() * (1 - came.mean()) + 1 / n) / n + usual * (1 - usual) / max(others, 1))
    value = max(share, 0.0)
    estimate = Estimate(value, min(max(share - Z * error, 0.0), value), max(share + Z * error, value, 3 / n))
    return Returns(n, int(came.sum()), usual, estimate, _law(gaps[came]), window)


def _closing(contacts: Contacts) -> Ints:
    """When the last contact of each contact's day began."""
    _, place = np.unique(contacts.day, return_inverse=True)
    last = np.zeros(int(place.max()) + 1, np.int64)
    np.maximum.at(last, place, contacts.start_ms)
    return np.asarray(last[place])


def _background(found: Calls, who: Ints, at: Ints, window: float, end: int) -> tuple[float, int]:
    """The share with a contact in the same window some weeks later, and of how many."""
    came = looked = 0
    for days in BACKGROUND_DAYS:
        later = at + days * MS_PER_DAY
        inside = later + int(window * MS_PER_SECOND) <= end
        came += int((found.gaps(who[inside], later[inside]) <= window).sum())
        looked += int(inside.sum())
    return (came / looked if looked else 0.0), looked


def _law(gaps: Floats) -> Law | None:
    if len(gaps) < FEWEST:
        return None
    law = fitted(np.maximum(gaps, 1.0)).law
    return law if law.mean > 0 else exponential(1.0)
