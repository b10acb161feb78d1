"""Reading the people: the table of agents, and those of their qualifications, absences and wishes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from onefloor.language import Text
from onefloor.planning.rostering import tables
from onefloor.planning.rostering.problem import Agent, Dated, Qualification, Wish
from onefloor.planning.rostering.tables import BadTable, Line
from onefloor.planning.rostering.terms import RulesFile
from onefloor.problems import Place, Problem


def read_agents(folder: Path, rules: RulesFile, problems: list[Problem]) -> tuple[Agent, ...]:
    """Everybody of the table of agents; what is wrong goes to ``problems``, with its line.

    Raises:
        MissingFile, BadTable: as ``tables.lines``.
    """
    held = tables.lines(folder / rules.agents, ("agent", "company", "contract", "skills"), ("least_days", "most_days"))
    found = {one.id: one for one in tables.each(held, lambda line: _agent(line, rules), problems)}
    problems += _named_twice(held)
    if not held:
        empty = Text("人员表是空的。", "There are no agents.")
        where = Place(str(folder / rules.agents))
        problems.append(BadTable(empty, remedy=Text("请每人写一行。", "Write a line for each."), where=where))
    held_by = _dated(folder, rules, found, problems)
    return tuple(_with_dated(agent, held_by.get(agent.id, [])) for agent in found.values())


def _with_dated(agent: Agent, dated: Sequence[Qualification | Wish | Absence]) -> Agent:
    return replace(
        agent,
        qualifications=(*agent.qualifications, *(one for one in dated if isinstance(one, Qualification))),
        wishes=(*agent.wishes, *(one for one in dated if isinstance(one, Wish))),
        away=tuple(one.span for one in dated if isinstance(one, Absence) and not one.protected),
        protected=tuple(one.span for one in dated if isinstance(one, Absence) and one.protected),
    )


@dataclass(frozen=True, slots=True)
class Absence:
    """Days on which an agent is away, or protected from nights."""

    span: Dated
    protected: bool


def _named_twice(held: Sequence[Line]) -> Iterator[Problem]:
    seen: set[str] = set()
    for line in held:
        if line["agent"] in seen:
            yield line.bad("agent", Text("每人只写一行。", "Each agent has one line."), tables.TWICE)
        seen.add(line["agent"])


def _agent(line: Line, rules: RulesFile) -> Agent:
    skills = line["skills"].replace("|", " ").replace(";", " ").split()
    known = {skill.id for skill in rules.skills}
    for skill in skills:
        if skill not in known:
            raise line.bad(
                "skills", Text(f"技能有：{'、'.join(sorted(known))}。", f"Skills are {', '.join(sorted(known))}.")
            )
    if not line["agent"]:
        raise line.bad("agent", Text("请填写坐席工号。", "Fill in the agent."))
    return Agent(
        line["agent"],
        tables.among(line, "company", (one.id for one in rules.companies)),
        tables.among(line, "contract", (one.id for one in rules.contracts)),
        tuple(Qualification(skill=skill) for skill in skills),
        least_days=int(tables.number(line, "least_days")) if line["least_days"] else None,
        most_days=int(tables.number(line, "most_days")) if line["most_days"] else None,
    )


def _dated(
    folder: Path, rules: RulesFile, agents: Mapping[str, Agent], problems: list[Problem]
) -> dict[str, list[Qualification | Wish | Absence]]:
    """Qualifications, absences, protected times and wishes by agent."""
    skills, shifts = [one.id for one in rules.skills], [one.id for one in rules.shifts]
    readers: tuple[tuple[str, tuple[str, ...], Callable[[Line], Qualification | Wish | Absence]], ...] = (
        (rules.qualifications, ("agent", "skill", "from", "to"), lambda line: _qualification(line, skills)),
        (rules.absences, ("agent", "from", "to"), _absence),
        (rules.wishes, ("agent", "date", "wish"), lambda line: _wish(line, shifts)),
    )
    found: dict[str, list[Qualification | Wish | Absence]] = defaultdict(list)
    for name, columns, read in readers:
        for line in tables.lines(folder / name, columns, ("kind", "cost")) if name else ():
            try:
                found[tables.among(line, "agent", agents)].append(read(line))
            except Problem as problem:
                problems.append(problem)
    return found


def _qualification(line: Line, skills: Iterable[str]) -> Qualification:
    return Qualification(*tables.span(line, "from", "to"), tables.among(line, "skill", skills))


def _absence(line: Line) -> Absence:
    kind = tables.among(line, "kind", ("leave", "protected")) if line["kind"] else "leave"
    return Absence(Dated(*tables.span(line, "from", "to")), kind == "protected")


def _wish(line: Line, shifts: Iterable[str]) -> Wish:
    """``off``, the name of a shift, or ``not`` with it."""
    on, cost = tables.required_day(line, "date"), tables.number(line, "cost", 6.0)
    if line["wish"] == "off":
        return Wish(on, cost)
    shift = line["wish"].removeprefix("not ").strip()
    if shift not in shifts:
        raise line.bad("wish", Text("请写 off、班次代码或 not 加班次代码。", "Write off, a shift, or not and a shift."))
    return Wish(on, cost, shift, not line["wish"].startswith("not "))
