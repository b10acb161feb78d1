"""Who serves what: agents of one company with the same types, and after what wait other companies come in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onefloor.planning.fitting.rows import Contacts

Ints = NDArray[np.int64]
FEWEST_OF_A_TYPE = 3
LEAST_SHARE = 0.02
"""Of an agent's contacts: rarer types are taken for slips, such as transfers."""
ENOUGH = 100
EARLY = 0.005
"""The share of a company's contacts that may be answered sooner than its delay."""
LEAST_DELAY = 3.0
AT_ONCE = 1.0


@dataclass(frozen=True, slots=True)
class Skilled:
    """Agents of one company who serve the same types (places among the types)."""

    company: int
    types: tuple[int, ...]
    agents: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Delay:
    """A company takes contacts of a type only after that many seconds; seen in ``n`` contacts it answered."""

    type: int
    company: int
    seconds: float
    n: int


def skilled(contacts: Contacts) -> tuple[Skilled, ...]:
    """Groups of agents by what they answered; an agent belongs to the company of the last contact."""
    served = contacts.only(contacts.answered & (contacts.agent != 0))
    agents, who = np.unique(served.agent, return_inverse=True)
    if not len(agents):
        return ()
    counts = np.zeros((len(agents), int(served.kind.max()) + 1), np.int64)
    np.add.at(counts, (who, served.kind), 1)
    company = np.zeros(len(agents), np.int64)
    company[who] = served.company  # in order of time: the last one stays
    least = np.maximum(FEWEST_OF_A_TYPE, LEAST_SHARE * counts.sum(axis=1, keepdims=True))
    enough = counts >= np.minimum(least, counts.max(axis=1, keepdims=True))
    members: dict[tuple[int, tuple[int, ...]], list[int]] = {}
    for place, agent in enumerate(agents.tolist()):
        types = tuple(np.flatnonzero(enough[place]).tolist())
        members.setdefault((int(company[place]), types), []).append(agent)
    ordered = sorted(members.items(), key=lambda item: (item[0][0], -len(item[1]), item[0][1]))
    return tuple(Skilled(at, types, tuple(held)) for (at, types), held in ordered)


def delays(contacts: Contacts, types: int) -> list[Delay]:
    """Where a company answers next to nobody before some seconds while another answers at once: overflow.

    The delay is the wait below which ``EARLY`` of its contacts were answered.
    """
    served = contacts.only(contacts.answered)
    found = []
    for kind in range(types):
        of_type = served.only(served.kind == kind)
        waits = {int(c): of_type.wait[of_type.company == c] for c in np.unique(of_type.company)}
        early = {c: float(np.quantile(w, EARLY)) for c, w in waits.items() if len(w) >= ENOUGH}
        if early and min(early.values()) < AT_ONCE:
            late = {c: seconds for c, seconds in early.items() if seconds >= LEAST_DELAY}
            found += [Delay(kind, c, round(seconds, 1), len(waits[c])) for c, seconds in sorted(late.items())]
    return found


def shares(contacts: Contacts, types: int) -> list[Mapping[int, float]]:
    """By type the share of each company among the contacts answered."""
    served = contacts.only(contacts.answered)
    found: list[Mapping[int, float]] = []
    for kind in range(types):
        companies, sizes = np.unique(served.company[served.kind == kind], return_counts=True)
        total = max(int(sizes.sum()), 1)
        found.append({int(c): int(n) / total for c, n in zip(companies, sizes, strict=True)})
    return found
