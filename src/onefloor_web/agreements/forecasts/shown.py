"""A forecast as pages show it: half hours by days, totals, the band, whose turn it is."""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from onefloor_web.agreements.forecasts.models import Lock
from onefloor_web.agreements.forecasts.queries import Band, Row, State, acknowledgement_of, is_late, state_of
from onefloor_web.agreements.forecasts.reading import FAULTS
from onefloor_web.platform.pages.blocks import STEPS, Heat, Pair, heat_map
from onefloor_web.platform.pages.formats import WEEKDAYS, moment, number, percent, say

IGNORED = {
    "blank": gettext_lazy("empty lines"), "other_company": gettext_lazy("lines of other companies"),
    "other_month": gettext_lazy("lines of other months"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Total:
    """A queue or a day with its contacts, as written."""

    name: str
    contacts: str


def grid(lock: Lock, rows: Sequence[Row]) -> Heat:
    """Contacts by half hour and day; only half hours in which the month has any."""
    month = lock.of_month
    days = range(1, monthrange(month.year, month.month)[1] + 1)
    cells: Counter[tuple[str, int]] = Counter()
    for row in rows:
        cells[row.at.strftime("%H:%M"), row.at.day] += row.contacts
    halves = sorted({half for half, _day in cells})
    lines = [(half, [_cell(cells, half, day) for day in days]) for half in halves]
    edges = _edges(sorted(cells.values()))
    heads = [f"{day} {say(WEEKDAYS[date(month.year, month.month, day).weekday()])}" for day in days]
    return heat_map(_("Contacts by half hour and day"), heads, lines, written=_written(edges), edges=edges, minimum=0)


def by_day(rows: Sequence[Row]) -> list[Total]:
    """Totals of the days."""
    days: Counter[date] = Counter()
    for row in rows:
        days[row.at.date()] += row.contacts
    return [Total(f"{day.isoformat()} {say(WEEKDAYS[day.weekday()])}", number(days[day])) for day in sorted(days)]


def by_queue(rows: Sequence[Row]) -> list[Total]:
    """Totals of the queues."""
    queues: Counter[str] = Counter()
    for row in rows:
        queues[row.queue] += row.contacts
    return [Total(queue, number(queues[queue])) for queue in sorted(queues)]


def pairs(lock: Lock, band: Band | None) -> list[Pair]:
    """Its properties, and the band of the terms around it."""
    found = [Pair(_("Contacts in the month"), number(lock.contacts)), *_band(band), Pair(_("File"), lock.file)]
    if lock.given_at is not None:
        found += [
            Pair(_("Locked"), f"{moment(lock.given_at)} · {lock.user_name} · {lock.author.name}"),
            Pair(_("Days ahead"), number(lock.horizon)),
        ]
    said = acknowledgement_of(lock)
    if said is not None:
        found.append(Pair(_("Acknowledged"), f"{moment(said.given_at)} · {said.user_name} · {said.author.name}"))
        found.append(Pair(_("Among the facts since"), moment(said.loaded_at)))
    return [*found, Pair("SHA-256", lock.digest)]


def account(lock: Lock) -> str:
    """What became of every line, in a sentence."""
    said = lock.account
    words = _("%(lines)s lines = %(taken)s taken + %(ignored)s left aside + %(bad)s that cannot be used.")
    ignored = sum(said["ignored"].values())
    found = {"lines": said["lines"], "taken": said["taken"], "ignored": ignored, "bad": said["bad"]}
    left = ", ".join(f"{IGNORED[name]}: {number(count)}" for name, count in said["ignored"].items() if name in IGNORED)
    return " ".join(filter(None, [words % {name: number(value) for name, value in found.items()}, left]))


def bad_lines(lock: Lock) -> list[tuple[str, str]]:
    """The lines that cannot be used: number, and why."""
    return [(number(one["line"]), _why(one["fault"])) for one in lock.account["listed"]]


def turn(lock: Lock) -> str:
    """Whose turn it is, until when."""
    if state_of(lock) == State.SUPERSEDED:
        return _("A newer version is locked: this one binds nobody.")
    if state_of(lock) != State.WAITING:
        return ""
    words = (
        _("Waiting for %(who)s: acknowledge it; the time for that ended %(when)s. Until then it binds nobody.")
        if is_late(lock)
        else _("Waiting for %(who)s: acknowledge it by %(when)s. Until then it binds nobody.")
    )
    return words % {"who": acknowledged_by(lock), "when": moment(lock.answer_by)}


def acknowledged_by(lock: Lock) -> str:
    """Who has to acknowledge it, in words."""
    return str(_("a second person") if lock.agreement.shadow else lock.agreement.company.name)


def late(lock: Lock) -> str:
    """``late since 2026-11-15 18:00``; '' in time."""
    return _("late since %(when)s") % {"when": moment(lock.late_since)} if lock.late_since else ""


def _band(band: Band | None) -> list[Pair]:
    if band is None:
        return [Pair(_("Forecast band"), _("The terms have no forecast band."))]
    if band.in_terms is not None:
        words = _("The terms state %(contacts)s contacts for this month themselves; this lock does not move the band.")
        return [Pair(_("Forecast band"), words % {"contacts": number(band.in_terms)})]
    words = _("%(contacts)s ± %(width)s: from %(lower)s to %(upper)s contacts")
    values = {"contacts": number(band.locked), "lower": number(band.lower), "upper": number(band.upper)}
    return [Pair(_("Forecast band"), words % {**values, "width": percent(_percent(band))})]


def _percent(band: Band) -> int:
    return round(band.width * 100)


def _cell(cells: Counter[tuple[str, int]], half: str, day: int) -> tuple[float | None, str, int]:
    if (half, day) not in cells:
        return None, "", 0
    return float(cells[half, day]), number(cells[half, day]), cells[half, day]


def _edges(values: Sequence[int]) -> list[float]:
    """The four values that part the cells into fifths."""
    return [float(values[len(values) * step // STEPS]) for step in range(1, STEPS)] if values else [1.0] * (STEPS - 1)


def _written(edges: Sequence[float]) -> list[str]:
    marks = [number(int(edge)) for edge in edges]
    return [f"< {marks[0]}", *(f"≥ {mark}" for mark in marks)]


def _why(fault: str) -> str:
    return say(FAULTS[fault]) if fault in FAULTS else fault
