"""The note beside a roster's CSV: by which rules it was planned, and what repairs have left behind."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from onefloor.cli.planning.rules_file import inputs_of
from onefloor.language import Text
from onefloor.periods import zone
from onefloor.problems import MissingFile, Place, Problem
from onefloor.writing import replacing

if TYPE_CHECKING:
    from onefloor.planning.repairing.state import Since, State
    from onefloor.planning.rostering.problem import Problem as Roster

ENDING = ".plan.json"
Moments = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Spike:
    """More people of a skill that were asked for."""

    skill: str
    span: Moments
    more: int


@dataclass(frozen=True, slots=True)
class Note:
    """What it takes to go on from a roster; ``digest`` is that of rules and tables, ``gone`` when people were away."""

    floor: Path
    rules: Path
    first: date
    days: int
    seed: int
    companies: tuple[str, ...]
    digest: str
    gone: Mapping[tuple[str, date], Sequence[Moments]] = field(default_factory=dict)
    settled: Sequence[tuple[str, date]] = ()  # people who are not asked again, and when
    spikes: Sequence[Spike] = ()
    overtime: Mapping[tuple[str, date], tuple[int, int]] = field(default_factory=dict)  # minutes before and after


class NotAPlan(Problem):
    """The note of how a roster was planned cannot be read."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            Text("排班说明文件无法识别。", "The note of how this roster was planned cannot be read."),
            why=Text("文件已损坏或缺少内容；补班要靠其中的规则、日期和以往的补班。",
                     "It is damaged or lacks something; a repair takes rules, days and earlier repairs from it."),
            remedy=Text("请用 onefloor plan 重新写出班表。", "Have onefloor plan write the roster again."),
            where=Place(str(path)),
        )  # fmt: skip


class OfNoRoster(Problem):
    """A note of an earlier version, which did not say which bytes it belongs to."""

    def __init__(self, roster: Path, note: Path) -> None:
        super().__init__(
            Text(f"说明文件 {note.name} 由早期版本写出，没有注明属于哪一份班表。",
                 f"The note {note.name} is of an earlier version and does not say which roster it belongs to."),
            why=Text("无法确定旁边的班表就是当时写出的那一份。",
                     "Whether the roster beside it is the one of that run cannot be known."),
            remedy=Text("请用 onefloor plan 重新写出班表；若确信两者相配，加 --edited 按现状补班，写出的说明即为新版。",
                        "Have onefloor plan write the roster again; where the two surely belong together, --edited "
                        "takes it as it is, and what is written then has a note of today."),
            where=Place(str(roster)),
        )  # fmt: skip


class NotItsRoster(Problem):
    """A note and the roster beside it do not belong together."""

    def __init__(self, roster: Path, note: Path) -> None:
        super().__init__(
            Text(f"班表与旁边的说明文件 {note.name} 不属于同一次排班。",
                 f"The roster and the note {note.name} beside it do not belong together."),
            why=Text("其中一个文件被改动、替换或没有写完；据此补班会算错。",
                     "One of the two was changed, replaced or never written; a repair would reckon with wrong duties."),
            remedy=Text("请放回同一次写出的两个文件；若是手工改过的班表，加 --edited 按现状补班。",
                        "Put back the two files of one run; with --edited a roster edited by hand is taken as it is."),
            where=Place(str(roster)),
        )  # fmt: skip


def digest(rules: Path) -> str:
    """SHA-256 of a rules file and the tables it names.

    Raises:
        MissingFile, BadYaml, Problems: as reading the rules.
    """
    found = sha256()
    for path in inputs_of(rules):
        found.update(sha256(path.read_bytes()).digest())
    return found.hexdigest()


def write_roster(path: Path, text: str, note: Note) -> tuple[Path, Path]:
    """Write a roster's CSV and its note beside it, both or neither; the two files."""
    beside = path.with_name(path.name + ENDING)
    with replacing(beside) as account, replacing(path) as roster:
        roster.write_bytes(text.encode())
        told = _told(note, beside, sha256(text.encode()).hexdigest())
        account.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return path, beside


def _told(note: Note, path: Path, roster: str) -> dict[str, object]:
    """A note as plain data; its paths are told from where it stands, ``roster`` is the SHA-256 of the CSV."""
    return {
        "roster": roster,
        "floor": _from(path, note.floor),
        "rules": _from(path, note.rules),
        "from": note.first.isoformat(),
        "days": note.days,
        "seed": note.seed,
        "companies": list(note.companies),
        "digest": note.digest,
        "gone": [
            {"agent": agent, "date": day.isoformat(), "spans": [_texts(span) for span in spans]}
            for (agent, day), spans in note.gone.items()
        ],
        "settled": [[agent, day.isoformat()] for agent, day in note.settled],
        "spikes": [{"skill": one.skill, "span": _texts(one.span), "more": one.more} for one in note.spikes],
        "overtime": [[agent, day.isoformat(), *minutes] for (agent, day), minutes in note.overtime.items()],
    }


def _from(note: Path, path: Path) -> str:
    try:
        return Path(os.path.relpath(path.resolve(), note.parent.resolve())).as_posix()
    except ValueError:  # another drive
        return str(path.resolve())


def _texts(span: Moments) -> list[str]:
    return [moment.isoformat(" ", "minutes") for moment in span]


def read_note(roster: Path, *, edited: bool = False) -> Note:
    """The note beside a roster.

    Raises:
        MissingFile, NotAPlan: one of them is not there, or the note cannot be read.
        OfNoRoster, NotItsRoster: it is of unknown or other bytes, and nobody says that they were ``edited``.
    """
    path = roster.with_name(roster.name + ENDING)
    for one in (roster, path):
        if not one.is_file():
            raise MissingFile(one)
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        note, written = _note(told, path.parent), told.get("roster")
    except (ValueError, KeyError, TypeError, AttributeError):
        raise NotAPlan(path) from None
    if not edited and written is None:
        raise OfNoRoster(roster, path)
    if not edited and sha256(roster.read_bytes()).hexdigest() != written:
        raise NotItsRoster(roster, path)
    return note


def _note(told: dict[str, Any], folder: Path) -> Note:
    return Note(
        folder / told["floor"],
        folder / told["rules"],
        date.fromisoformat(told["from"]),
        int(told["days"]),
        int(told["seed"]),
        tuple(told["companies"]),
        str(told["digest"]),
        {(one["agent"], date.fromisoformat(one["date"])): [_span(span) for span in one["spans"]]
         for one in told["gone"]},
        [(agent, date.fromisoformat(day)) for agent, day in told["settled"]],
        [Spike(one["skill"], _span(one["span"]), int(one["more"])) for one in told["spikes"]],
        {(agent, date.fromisoformat(day)): (int(before), int(after)) for agent, day, before, after in told["overtime"]},
    )  # fmt: skip


def _span(texts: Sequence[str]) -> Moments:
    since, until = (datetime.fromisoformat(text) for text in texts)
    if since.tzinfo is None or until.tzinfo is None:
        raise ValueError(texts)
    return since, until


def resumed(problem: Roster, note: Note) -> Since:
    """What a note says of earlier repairs, in the places and intervals of its problem.

    Raises:
        UnknownAgent: somebody the rules do not have any more.
    """
    from onefloor.planning.repairing.state import Since, Span, UnknownAgent
    from onefloor.planning.repairing.state import Spike as Asked

    rows = {agent.id: row for row, agent in enumerate(problem.agents)}
    skills = [skill.id for skill in problem.skills]
    for agent in [agent for agent, _ in (*note.gone, *note.settled, *note.overtime)]:
        if agent not in rows:
            raise UnknownAgent(agent)

    def span(moments: Moments) -> Span:
        start, step = problem.grid.midnights[0] / 1000, problem.grid.minutes * 60
        since, until = (round((moment.timestamp() - start) / step) for moment in moments)
        return Span(since, until)

    return Since(
        {(rows[agent], (day - note.first).days): [span(one) for one in spans]
         for (agent, day), spans in note.gone.items()},
        [(rows[agent], (day - note.first).days) for agent, day in note.settled],
        [Asked(skills.index(one.skill), span(one.span), one.more) for one in note.spikes if one.skill in skills],
        {(rows[agent], (day - note.first).days): (before // problem.grid.minutes, after // problem.grid.minutes)
         for (agent, day), (before, after) in note.overtime.items()},
    )  # fmt: skip


def repaired(state: State, note: Note, companies: Sequence[str]) -> Note:
    """The note of a roster after repairs, with the people of some companies."""
    import numpy as np

    problem, tz = state.problem, zone(state.problem.grid.zone_name)
    days = list(problem.grid.dates())
    locked = [(row, day) for row, held in enumerate(state.locked.tolist()) for day, one in enumerate(held) if one]

    def moments(span: Sequence[int]) -> Moments:
        start, step = problem.grid.midnights[0] / 1000, problem.grid.minutes * 60
        since, until = (datetime.fromtimestamp(start + place * step, tz) for place in span)
        return since, until

    shown = [agent.company in companies for agent in problem.agents]

    def minutes(intervals: Sequence[int]) -> tuple[int, int]:
        return intervals[0] * problem.grid.minutes, intervals[1] * problem.grid.minutes

    return replace(
        note,
        companies=tuple(companies),
        gone={(problem.agents[row].id, days[day]): [moments(one) for one in spans]
              for (row, day), spans in state.gone.items() if shown[row]},
        settled=[(problem.agents[row].id, days[day]) for row, day in locked if shown[row]],
        spikes=[Spike(problem.skills[one.skill].id, moments(one.span), one.more) for one in state.spikes],
        overtime={(problem.agents[row].id, days[day]): minutes(state.overtime[row, day].tolist())
                  for row, day in np.argwhere(state.overtime.any(axis=2)).tolist() if shown[row]},
    )  # fmt: skip
