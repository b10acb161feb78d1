"""``onefloor repair``: what to do about an absence, a late arrival or a spike; whether two agents may swap."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

import click

from onefloor.cli.bilingual import FILE, IN_PLACE, Argument, BadUsage, Command, Option, check_kept
from onefloor.cli.insight.answering import without_repeats
from onefloor.cli.output import Screen
from onefloor.cli.planning.notes import Note, digest, read_note, repaired, resumed, write_roster
from onefloor.cli.planning.rules_file import companies_of, inputs_of, problem_of, read_day
from onefloor.language import Text
from onefloor.periods import zone
from onefloor.problems import Place, Problem

if TYPE_CHECKING:
    from onefloor.planning.repairing.repair import Repair
    from onefloor.planning.repairing.state import State


def repair(
    screen: Screen, roster: Path, absent: Sequence[str], late: str | None, skill: str | None, swap: Sequence[str],
    at: str | None, until: str | None, more: int, edited: bool,  # noqa: FBT001  Click's signature
    company: Sequence[str], out: Path | None,
) -> int | None:  # fmt: skip
    """The changes, their reasons and alternatives."""
    asked = [
        name for name, given in (("--absent", absent), ("--late", late), ("--spike", skill), ("--swap", swap)) if given
    ]
    if len(asked) != 1:
        raise _usage(
            "请选择 --absent、--late、--spike、--swap 之一。", "Choose one of --absent, --late, --spike, --swap."
        )
    if at is None:
        raise _usage("缺少 --at。", "--at is missing.")
    note = read_note(roster, edited=edited)
    check_kept(inputs_of(note.rules), [out] if out else [])
    state = ready(roster, note)
    companies = companies_of(state.problem, company)
    named = without_repeats([*absent, *([late] if late else []), *swap])
    _check_named(state, named, companies)
    if digest(note.rules) != note.digest:
        changed = "The rules or their tables have changed since it was planned; they are read as now."
        screen.say(Text("规则或其表格在排班之后有改动；按现在的算。", changed))
    if swap:
        return _swap(screen, state, named, read_day(at.split(" ")[0], "--at"))
    tz = zone(state.problem.grid.zone_name)
    span = _moment(at, "--at", tz), None if until is None else _moment(until, "--until", tz)
    found = _found(state, without_repeats(absent), late, skill, *span, more)
    _tell(screen, state, found, companies)
    if out is not None:
        _write(state, note, out, companies)
    return None


def _check_named(state: State, names: Sequence[str], companies: Sequence[str]) -> None:
    """Nothing is told of people of companies that were not asked for."""
    from onefloor.planning.repairing.state import UnknownAgent

    for name in names:
        if state.problem.agents[state.row(name)].company not in companies:
            raise UnknownAgent(name)


def ready(path: Path, note: Note) -> State:
    """A roster that ``plan`` or ``repair`` wrote, ready for repairs.

    Raises:
        MissingFile, BadTable, Problems: the roster or its rules cannot be read.
    """
    from onefloor.planning.repairing.state import held_ready
    from onefloor.planning.rostering.files import read_roster

    problem = problem_of(note.floor, note.rules, note.first, note.days)
    if len(note.companies) < len(problem.companies):
        raise Problem(
            Text(
                "该文件只含部分公司的人，不能据此补班。",
                "This file holds some companies only; it cannot be repaired by.",
            ),
            remedy=Text("请用未加 --company 的班表。", "Use a roster that was written without --company."),
            where=Place(str(path)),
        )
    gone = {who: [(one.timestamp(), two.timestamp()) for one, two in spans] for who, spans in note.gone.items()}
    state = held_ready(problem, read_roster(path, problem, gone))
    state.resume(resumed(problem, note))
    return state


def _found(
    state: State, absent: Sequence[str], late: str | None, skill: str | None, at: datetime, until: datetime | None,
    more: int,
) -> Repair:  # fmt: skip
    from onefloor.planning.repairing import repair as core

    if absent:
        return core.absent(state, absent, at)
    if until is None:
        raise _usage("缺少 --until。", "--until is missing.")
    if until.timestamp() <= at.timestamp():
        raise _usage("--until 须晚于 --at。", "--until has to be after --at.")
    return core.late(state, late, at, until) if late else core.spike(state, skill or "", at, until, more)


def _swap(screen: Screen, state: State, pair: Sequence[str], day: date) -> int | None:
    from onefloor.planning.repairing import repair as core
    from onefloor.planning.repairing.sentences import swap_words

    days = list(state.problem.grid.dates())
    if len(pair) != 2 or day not in days:
        raise _usage("--swap 须为两人，--at 须在计划期内。", "--swap takes two agents, --at a day of the roster.")
    found = core.swap(state, pair[0], pair[1], days.index(day))
    words = swap_words(found)
    if screen.json:
        screen.answer({"allowed": found.allowed, "cost": found.cost, "words": [one.as_json() for one in words]})
    else:
        for one in words:
            screen.show(one)
    return None if found.allowed else 1


def _tell(screen: Screen, state: State, found: Repair, companies: Sequence[str]) -> None:
    from onefloor.planning.repairing import sentences

    limited, whole = sentences.shown(found, companies), len(companies) == len(state.problem.companies)
    if screen.json:
        told = sentences.as_json(state.problem, limited)
        screen.answer(told if whole else {"changes": told["changes"]})
        return
    screen.show(sentences.outcome(found) if whole else sentences.outcome_of(limited))
    for change, others in zip(limited.changes, limited.alternatives, strict=True):
        screen.show(sentences.change_words(state.problem, change))
        for other in others:
            words = sentences.change_words(state.problem, other)
            screen.show(Text(f"  或 {words.zh}", f"  or {words.en}"))


def _write(state: State, note: Note, out: Path, companies: Sequence[str]) -> None:
    """The repaired roster as CSV, with what nobody worked left out, and its note."""
    from onefloor.planning.rostering.files import csv_text
    from onefloor.planning.rostering.result import Result

    after = repaired(state, note, companies)
    gone = {who: [(one.timestamp(), two.timestamp()) for one, two in spans] for who, spans in after.gone.items()}
    found = Result(state.problem, state.roster(), 0.0, 0.0, 0.0, 0, note.seed)
    write_roster(out, csv_text(found, companies, gone), after)


def _moment(text: str, option: str, tz: tzinfo) -> datetime:
    """A moment on the floor's clock, whether the text names an offset or not."""
    try:
        found = datetime.fromisoformat(text)
        return found.astimezone(tz) if found.tzinfo else found.replace(tzinfo=tz)
    except (ValueError, OverflowError):
        raise _usage(
            f"{option} 的“{text}”不是时间，请写成 2026-12-03 10:15。",
            f'"{text}" of {option} is no moment; write 2026-12-03 10:15.',
        ) from None


def _usage(zh: str, en: str) -> BadUsage:
    return BadUsage(Text(zh, en), remedy=Text("见 onefloor repair --help。", "See onefloor repair --help."))


COMMANDS = (
    Command(
        "repair",
        Text(
            "突发缺勤、迟到、话务突增时少改几处补上；检查能否换班。",
            "Few changes after a sudden absence, a late arrival or a spike; whether two agents may swap.",
        ),
        repair,
        [
            Argument("roster", text=Text("plan 写出的 CSV。", "A CSV that plan wrote."), type=FILE, metavar="ROSTER"),
            Option("--absent", text=Text("缺勤的坐席；可重复。", "Who is absent; may be repeated."), multiple=True,
                   metavar="AGENT"),
            Option("--late", text=Text("迟到的坐席，见 --until。", "Who is late."), metavar="AGENT"),
            Option("--spike", "skill", text=Text("需求突增的技能。", "Skill that needs more people."), metavar="SKILL"),
            Option("--swap", text=Text("想换班的两人。", "Two who want to swap, as 2031,2040."), multiple=True,
                   metavar="AGENTS"),
            Option("--at", text=Text("何时；换班时为日期。", "When; a day for a swap."), metavar="TIME"),
            Option("--until", text=Text("到何时。", "Until when."), metavar="TIME"),
            Option("--more", text=Text("突增时多需要的人数。", "How many more people a spike needs."),
                   type=click.IntRange(1, 10_000), default=1, metavar="NUMBER"),
            Option("--edited", text=Text("班表手工改过，按现状补班。",
                                         "The roster was edited by hand: take it as it stands."),
                   is_flag=True, default=False),
            Option("--company", text=Text("只显示和写出这些公司的人。", "Show and write their people only."),
                   multiple=True, metavar="NAME"),
            Option("--out", text=Text("写出 CSV。", "Where the repaired roster goes."), type=IN_PLACE, metavar="FILE"),
        ],
        examples=(
            'onefloor repair roster.csv --absent 2031 --at "2026-12-03 10:15"',
            'onefloor repair roster.csv --spike billing --more 3 --at "2026-12-03 14:00" --until "2026-12-03 17:00"',
            "onefloor repair roster.csv --swap 2031,2040 --at 2026-12-05",
        ),
    ),
)  # fmt: skip
