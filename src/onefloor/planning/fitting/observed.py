"""What happened on days, by contact type and half hour, in the counts that the simulator gives too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onefloor.metrics.removed import RowsRemoved
from onefloor.planning.fitting.rows import INTERVALS, Contacts, Source
from onefloor.planning.simulation.model import Rule

Floats = NDArray[np.float64]
OFFERED, ANSWERED, IN_TIME, ABANDONED, SHORT, WAITED, WORKED, THERE = range(8)
MEASURES = 8


@dataclass(frozen=True, slots=True)
class Observed:
    """Sums of days: ``sums`` has the shape (days, types, 48, 8), in the order of the constants above.

    ``WAITED`` are seconds of the answered. Work is not told apart by type: all of it stands with the first one, and
    ``work_known`` says whether there is any.
    """

    days: tuple[int, ...]
    sums: Floats
    work_known: bool


def in_time(waits: Floats, rule: Rule) -> NDArray[np.bool_]:
    """Which waits are in time."""
    return np.asarray(waits <= rule.within if rule.inclusive else waits < rule.within)


def short(waits: Floats, rule: Rule) -> NDArray[np.bool_]:
    """Which waits of abandoned contacts are short."""
    return in_time(waits, rule) if rule.short is None else np.asarray(waits <= rule.short)


def observed(source: Source, contacts: Contacts, days: Sequence[int], types: int, rule: Rule) -> Observed:
    """Count what happened; waits end where ringing begins, as in the model."""
    place = {day: number for number, day in enumerate(days)}
    of_days = contacts.only(np.isin(contacts.day, list(days)))
    at = (np.array([place[day] for day in of_days.day.tolist()], np.intp), of_days.kind, of_days.interval)
    sums = np.zeros((len(days), types, INTERVALS, MEASURES))
    answered, abandoned = of_days.answered, of_days.abandoned
    amounts = {
        OFFERED: np.ones(len(of_days)),
        ANSWERED: answered,
        IN_TIME: answered & in_time(of_days.wait, rule),
        ABANDONED: abandoned,
        SHORT: abandoned & short(of_days.wait, rule),
        WAITED: np.where(answered, of_days.wait, 0.0),
    }
    for measure, amount in amounts.items():
        np.add.at(sums[..., measure], at, amount.astype(float))
    return Observed(tuple(days), sums, _add_work(source, contacts, place, sums))


def _add_work(source: Source, contacts: Contacts, place: dict[int, int], sums: Floats) -> bool:
    """Agents' work and time there, of those whose contacts are looked at; False where it is not known."""
    names = ("day", "interval", "agent", "talk_ms", "hold_ms", "wrap_ms", "ringing_ms", "productive_ms")
    try:
        rows = source.rows("agent_time", *names)
    except RowsRemoved:
        return False
    agents = np.unique(contacts.agent[contacts.agent != 0])
    for day, interval, agent, *ms, there in rows.filter(rows["day"].is_in(list(place))).iter_rows():
        if agent in agents:
            sums[place[day], 0, interval, WORKED] += sum(ms) / 1000
            sums[place[day], 0, interval, THERE] += there / 1000
    return bool(sums[..., THERE].sum())
