"""A roster as files: CSV that Onefloor loads as shifts, calendars, a workbook with a sheet for each company.

Whoever writes a file names the companies whose people it may show; others stay out of it.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from io import BytesIO, StringIO
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import numpy as np

from onefloor.language import Text
from onefloor.periods import zone
from onefloor.planning.rostering import tables
from onefloor.planning.rostering.clock import HOUR, Duty, duty_of
from onefloor.planning.rostering.history import OVERTIME
from onefloor.planning.rostering.problem import Pause, Problem, Roster, Shift
from onefloor.planning.rostering.result import Result
from onefloor.planning.rostering.tables import BadTable, Line
from onefloor.problems import Place
from onefloor.problems import Problem as Mistake
from onefloor.writing import PENDING, write_whole

COLUMNS = ("agent", "company", "date", "shift", "activity", "paid", "started", "ended")
Spans = Sequence[tuple[float, float]]
Gone = Mapping[tuple[str, date], Spans]  # of agents and days when, in epoch seconds, they were not there


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


class Stretch(NamedTuple):
    """Work or a break, in epoch seconds."""

    activity: str
    since: float
    until: float
    paid: bool = True


def stretches(duty: Duty, gone: Spans = ()) -> list[Stretch]:
    """A worked day in order, without the times at which its agent was gone."""
    begin, end = duty.begin + duty.overtime[0] * HOUR, duty.end - duty.overtime[1] * HOUR
    found, at = [Stretch(OVERTIME, duty.begin, begin)], begin
    for (since, until), paid in zip(duty.breaks, duty.paid_breaks, strict=True):
        found += [Stretch("work", at, since), Stretch("break", since, until, paid)]
        at = until
    found += [Stretch("work", at, end), Stretch(OVERTIME, end, duty.end)]
    return _without(gone, [one for one in found if one.since < one.until])


def _without(gone: Spans, found: list[Stretch]) -> list[Stretch]:
    """What is left of some stretches beside an absence."""
    for since, until in gone:
        found = [
            part
            for one in found
            for part in (one._replace(until=min(one.until, since)), one._replace(since=max(one.since, until)))
            if part.since < part.until
        ]
    return found


def pieces(result: Result, companies: Collection[str], gone: Gone | None = None) -> Iterator[Piece]:
    """All stretches of the people of some companies, agent by agent and in order."""
    tz = zone(result.problem.grid.zone_name)
    for row, agent in enumerate(result.problem.agents):
        for duty in result.duties(row) if agent.company in companies else ():
            for activity, since, until, paid in stretches(duty, (gone or {}).get((agent.id, duty.day), ())):
                times = [datetime.fromtimestamp(moment, tz) for moment in (since, until)]
                yield Piece(agent.id, agent.company, duty.day, duty.shift.id, activity, paid, times[0], times[1])


def csv_text(result: Result, companies: Collection[str], gone: Gone | None = None) -> str:
    """One line for each stretch of work, break or overtime; ``onefloor load`` takes it as shifts."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(piece.fields() for piece in pieces(result, companies, gone))
    return text.getvalue()


class StrangeCalendars(Mistake):
    """A folder holds calendars of people that are not of this roster: whoever gets it would see them."""

    def __init__(self, folder: Path, names: Sequence[str]) -> None:
        some, more = ", ".join(names[:3]), len(names) - 3
        super().__init__(
            Text(f"文件夹中还有别人的日历：{some}{f' 等 {len(names)} 个' if more > 0 else ''}。",
                 f"The folder holds calendars of others: {some}{f' and {more} more' if more > 0 else ''}."),
            remedy=Text("请换一个文件夹，或先移走这些文件。", "Name another folder, or move these files away first."),
            where=Place(str(folder)),
        )  # fmt: skip


def calendars_of(problem: Problem, folder: Path, companies: Collection[str]) -> dict[int, Path]:
    """Where the calendar of each agent of some companies goes, by place of the agent.

    Raises:
        StrangeCalendars: the folder has others; they are not deleted, for they may be of another plan.
    """
    found = {}
    for row, agent in enumerate(problem.agents):
        if agent.company in companies:
            name = "".join(sign if sign.isalnum() or sign in "-_" else "_" for sign in agent.id)
            if name != agent.id:
                name += "-" + hashlib.sha256(agent.id.encode()).hexdigest()[:8]
            found[row] = folder / f"{name}.ics"
    own = {path.name for path in found.values()}
    if strange := sorted({path.name.removesuffix(PENDING) for path in folder.glob("*.ics*")} - own):
        raise StrangeCalendars(folder, strange)
    return found


def write_calendars(result: Result, folder: Path, companies: Collection[str]) -> list[Path]:
    """One calendar (iCalendar, RFC 5545) for each agent.

    Raises:
        StrangeCalendars: as ``calendars_of``.
    """
    written = calendars_of(result.problem, folder, companies)
    folder.mkdir(exist_ok=True)
    for row, path in written.items():
        write_whole(path, calendar(result, row))
    return list(written.values())


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
    held = BytesIO()
    book.save(held)
    write_whole(path, held.getvalue())


def _inert(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return "'" + text if text.startswith(("=", "+", "-", "@")) else text


def read_roster(path: Path, problem: Problem, gone: Gone | None = None) -> Roster:
    """The roster of a CSV that ``plan`` or ``repair`` wrote; who is not named is off. Overtime is no part of it.

    Raises:
        MissingFile, BadTable: it is not there, or a line cannot be read or does not fit the rules.
    """
    rows = {agent.id: number for number, agent in enumerate(problem.agents)}
    days = {day: number for number, day in enumerate(problem.grid.dates())}
    kinds = {shift.id: number for number, shift in enumerate(problem.shifts)}
    widest = max(max(len(shift.pauses) for shift in problem.shifts), 1)
    shifts = np.full((len(rows), len(days)), -1, dtype=np.int16)
    pauses = np.zeros((len(rows), len(days), widest), dtype=np.int16)
    held = [line for line in tables.lines(path, COLUMNS) if line["activity"] != OVERTIME]
    for (_, _), group in groupby(held, key=lambda line: (line["agent"], line["date"])):
        lines = list(group)
        number = rows[tables.among(lines[0], "agent", rows)]
        on = tables.day(lines[0], "date")
        if on not in days:
            raise lines[0].bad("date", Text("该日不在计划期内。", "The day is not one of the horizon."))
        kind = kinds[tables.among(lines[0], "shift", kinds)]
        there = (gone or {}).get((lines[0]["agent"], on), ())
        offsets = _offsets(problem, days[on], on, problem.shifts[kind], lines, there)
        shifts[number, days[on]] = kind
        pauses[number, days[on], : len(offsets)] = offsets
    return Roster(shifts, pauses)


def _offsets(problem: Problem, number: int, day: date, shift: Shift, lines: Sequence[Line], gone: Spans) -> list[int]:
    """Intervals from the shift's start to each of its breaks.

    Raises:
        BadTable: the lines are not the shift's.
    """
    tz, step = zone(problem.grid.zone_name), problem.grid.minutes * 60
    told = [
        Stretch(line["activity"], _epoch(line, "started", tz), _epoch(line, "ended", tz), line["paid"] == "true")
        for line in lines
    ]
    begin = duty_of(problem, number, day, shift, ()).begin
    found = [_offset(pause, begin, step, told, gone) for pause in shift.pauses]
    expected = stretches(duty_of(problem, number, day, shift, found), gone)
    if told != expected:
        wrong = next((line for line, one, due in zip(lines, told, expected, strict=False) if one != due), lines[-1])
        what = Text(
            f"与班次 {shift.id} 的时间或休息不符。", f"This does not fit the times and breaks of shift {shift.id}."
        )
        raise BadTable(what, remedy=Text("请用 plan 重新生成。", "Have plan write it again."), where=wrong.place)
    return found


def _offset(pause: Pause, begin: float, step: int, told: Sequence[Stretch], gone: Spans) -> int:
    """Where a break is of which the lines tell what an absence left of it; the earliest place where it left nothing."""
    hidden = []
    for at in range(pause.earliest, pause.latest + 1):
        since = begin + at * step
        rest = _without(gone, [Stretch("break", since, since + pause.length * step, pause.paid)])
        if rest and all(one in told for one in rest):
            return at
        if not rest:
            hidden.append(at)
    return min(hidden, default=pause.earliest)


def _epoch(line: Line, name: str, tz: tzinfo) -> float:
    moment = tables.moment(line, name)
    return (moment if moment.tzinfo else moment.replace(tzinfo=tz)).timestamp()
