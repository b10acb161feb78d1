"""A roster as files: CSV that Onefloor loads as shifts, calendars, a workbook with a sheet for each company.

Whoever writes a file names the companies whose people it may show; others stay out of it.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby
from pathlib import Path

import numpy as np

from onefloor.language import Text
from onefloor.periods import zone
from onefloor.planning.rostering import tables
from onefloor.planning.rostering.checking import Duty
from onefloor.planning.rostering.problem import Agent, Problem, Roster
from onefloor.planning.rostering.result import Result
from onefloor.planning.rostering.tables import BadTable, Line

COLUMNS = ("agent", "company", "date", "shift", "activity", "paid", "started", "ended")


@dataclass(frozen=True, slots=True)
class Piece:
    """One stretch of a worked day: work or a break."""

    agent: str
    company: str
    day: date
    shift: str
    activity: str
    paid: bool
    started: datetime
    ended: datetime

    def fields(self) -> tuple[str, ...]:
        """The line of a table."""
        return (
            self.agent, self.company, self.day.isoformat(), self.shift, self.activity, str(self.paid).lower(),
            self.started.isoformat(" ", "minutes"), self.ended.isoformat(" ", "minutes"),
        )  # fmt: skip


def pieces(result: Result, companies: Collection[str]) -> Iterator[Piece]:
    """All stretches of the people of some companies, agent by agent and in order."""
    for row, agent in enumerate(result.problem.agents):
        if agent.company in companies:
            for duty in result.duties(row):
                yield from _of_duty(result.problem, agent, duty)


def _of_duty(problem: Problem, agent: Agent, duty: Duty) -> Iterator[Piece]:
    tz = zone(problem.grid.zone_name)

    def piece(activity: str, since: float, until: float, *, is_paid: bool) -> Piece:
        times = [datetime.fromtimestamp(moment, tz) for moment in (since, until)]
        return Piece(agent.id, agent.company, duty.day, duty.shift.id, activity, is_paid, times[0], times[1])

    at = duty.begin
    for (since, until), paid in zip(duty.breaks, duty.paid_breaks, strict=True):
        if since > at:
            yield piece("work", at, since, is_paid=True)
        yield piece("break", since, until, is_paid=paid)
        at = until
    if at < duty.end:
        yield piece("work", at, duty.end, is_paid=True)


def write_csv(result: Result, path: Path, companies: Collection[str]) -> None:
    """One line for each stretch of work or break; ``onefloor load`` takes it as shifts."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(piece.fields() for piece in pieces(result, companies))


def write_calendars(result: Result, folder: Path, companies: Collection[str]) -> list[Path]:
    """One calendar (iCalendar, RFC 5545) for each agent."""
    folder.mkdir(exist_ok=True)
    written = []
    for row, agent in enumerate(result.problem.agents):
        if agent.company in companies:
            name = "".join(sign if sign.isalnum() or sign in "-_" else "_" for sign in agent.id)
            if name != agent.id:
                name += "-" + hashlib.sha256(agent.id.encode()).hexdigest()[:8]
            written.append(folder / f"{name}.ics")
            written[-1].write_bytes(calendar(result, row).encode())
    return written


def calendar(result: Result, row: int) -> str:
    """The calendar of one agent: an event for each shift, breaks in its description."""
    agent, tz = result.problem.agents[row], zone(result.problem.grid.zone_name)
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Onefloor//Roster//EN"]
    for duty in result.duties(row):
        breaks = [
            "-".join(datetime.fromtimestamp(moment, tz).strftime("%H:%M") for moment in span) for span in duty.breaks
        ]
        code = hashlib.sha256(f"{agent.id}\x1f{duty.day}".encode()).hexdigest()[:24]
        lines += [
            "BEGIN:VEVENT",
            f"UID:{code}@onefloor",
            f"DTSTAMP:{_stamp(result.problem.grid.midnights[0] / 1000)}",
            f"DTSTART:{_stamp(duty.begin)}",
            f"DTEND:{_stamp(duty.end)}",
            f"SUMMARY:{_escaped(duty.shift.id)}",
            f"DESCRIPTION:{_escaped('break ' + ', '.join(breaks) if breaks else '')}",
            "END:VEVENT",
        ]
    return "".join(_folded(line) + "\r\n" for line in [*lines, "END:VCALENDAR"])


def _stamp(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y%m%dT%H%M%SZ")


def _escaped(text: str) -> str:
    for sign in "\\;,":
        text = text.replace(sign, "\\" + sign)
    return text.replace("\n", "\\n").replace("\r", "")


def _folded(line: str) -> str:
    """Lines of at most 75 bytes, continued after a space."""
    parts, held = [], b""
    for sign in line:
        if len(held) + len(sign.encode()) > 74:
            parts.append(held.decode())
            held = b""
        held += sign.encode()
    return "\r\n ".join([*parts, held.decode()])


def write_workbook(result: Result, path: Path, companies: Collection[str]) -> None:
    """A workbook with a sheet for each of the companies: agents by rows, days by columns."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    days = list(result.problem.grid.dates())
    shown = [company.id for company in result.problem.companies if company.id in companies]
    for number, company in enumerate(shown, 1):
        sheet = book.create_sheet("".join("_" if sign in "[]:*?/\\" else sign for sign in company)[:28] or str(number))
        sheet.append(["agent", *(day.isoformat() for day in days), "days", "hours"])
        for row, agent in enumerate(result.problem.agents):
            if agent.company == company:
                duties = result.duties(row)
                by_day = {duty.day: duty.shift.id for duty in duties}
                hours = sum(duty.paid_hours for duty in duties)
                sheet.append([_inert(agent.id), *(_inert(by_day.get(day, "")) for day in days), len(duties), hours])
    book.save(path)


def _inert(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return "'" + text if text.startswith(("=", "+", "-", "@")) else text


def read_roster(path: Path, problem: Problem) -> Roster:
    """The roster of a CSV that ``plan`` wrote; agents it does not name are off.

    Raises:
        MissingFile, BadTable: it is not there, or a line cannot be read or does not fit the rules.
    """
    rows = {agent.id: number for number, agent in enumerate(problem.agents)}
    days = {day: number for number, day in enumerate(problem.grid.dates())}
    kinds = {shift.id: number for number, shift in enumerate(problem.shifts)}
    widest = max(max(len(shift.pauses) for shift in problem.shifts), 1)
    shifts = np.full((len(rows), len(days)), -1, dtype=np.int16)
    pauses = np.zeros((len(rows), len(days), widest), dtype=np.int16)
    held = tables.lines(path, COLUMNS)
    for (_, _), group in groupby(held, key=lambda line: (line["agent"], line["date"])):
        lines = list(group)
        number = rows[tables.among(lines[0], "agent", rows)]
        on = tables.day(lines[0], "date")
        if on not in days:
            raise lines[0].bad("date", Text("该日不在计划期内。", "The day is not one of the horizon."))
        shift = kinds[tables.among(lines[0], "shift", kinds)]
        shifts[number, days[on]] = shift
        offsets = _offsets(problem, shift, lines)
        pauses[number, days[on], : len(offsets)] = offsets
    return Roster(shifts, pauses)


def _offsets(problem: Problem, shift: int, lines: list[Line]) -> list[int]:
    """Intervals from the shift's start to each of its breaks."""
    begin = tables.moment(lines[0], "started").timestamp()
    step = problem.grid.minutes * 60
    since = [tables.moment(line, "started").timestamp() for line in lines if line["activity"] == "break"]
    gap = problem.shifts[shift].gap
    offsets = [round((moment - begin) / step) for moment in since]
    found = [offset for offset in offsets if gap is None or offset != gap[0]]
    if len(found) != len(problem.shifts[shift].pauses):
        what = Text("班内休息与班次定义不符。", "The breaks are not those of the shift.")
        raise BadTable(what, remedy=Text("请用 plan 重新生成。", "Have plan write it again."), where=lines[0].place)
    return found
