"""Reading a rules file and its tables into a problem: every mistake at once, with file, line and what to write."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path

from onefloor.agreements.terms.places import BadTerm, Node, content, parsed_yaml
from onefloor.agreements.terms.reading import read_form, stop_at, unknown
from onefloor.language import Text
from onefloor.periods import UnknownZone, zone
from onefloor.planning.grid import Grid
from onefloor.planning.rostering import tables
from onefloor.planning.rostering.needs import read_needs
from onefloor.planning.rostering.people import read_agents
from onefloor.planning.rostering.problem import (
    Company,
    Contract,
    Costs,
    Limit,
    Night,
    Pause,
    Post,
    Shift,
    Skill,
)
from onefloor.planning.rostering.problem import Problem as Roster
from onefloor.planning.rostering.rules import RULES
from onefloor.planning.rostering.terms import RulesFile, ShiftTerm
from onefloor.problems import Problem

MOST_SKILLS = 60  # a set of skills is the bits of one number
BEGIN = Text("请以 rules: 代码 开头。", "Begin with rules: and a code.")


@dataclass(frozen=True, slots=True)
class Asked:
    """Which days are planned; ``zone_name`` serves where the file names none."""

    first: date
    days: int
    zone_name: str = "Asia/Shanghai"


def read_problem(path: Path, asked: Asked) -> Roster:
    """The problem of a rules file and its tables.

    Raises:
        MissingFile: the file or a table is not there.
        BadYaml, Problems: all that is wrong, each with its place and a remedy.
    """
    node = parsed(path)
    rules = read_form(RulesFile, node)
    stop_at(list(_wrong(rules, node)))
    grid = Grid(asked.first, asked.days, rules.interval, rules.zone or asked.zone_name)
    _check_zone(grid.zone_name, node)
    problems: list[Problem] = []
    agents = read_agents(path.parent, rules, problems)
    needs, unplanned = read_needs(path.parent / rules.needs, [one.id for one in rules.skills], grid, problems)
    stop_at(problems)
    return Roster(
        grid,
        tuple(Skill(one.id, float(one.weight)) for one in rules.skills),
        tuple(
            Company(one.id, float(one.price), one.seats, one.present, *one.present_hours, float(one.guaranteed_hours))
            for one in rules.companies
        ),
        tuple(_shift(one, rules.interval) for one in rules.shifts),
        tuple(Contract(one.id, one.shifts, *(one.days or (0, None))) for one in rules.contracts),
        agents,
        needs,
        tuple(_limits(rules, node)),
        tuple(Post(one.id, one.agents, one.present, *one.hours) for one in rules.posts),
        Costs(*(float(getattr(rules.costs, name)) for name in ("missing", "seat", "absent", "guaranteed", "fairness"))),
        Night(*rules.night.hours, rules.night.least),
        unplanned,
    )


def _check_zone(name: str, node: Node) -> None:
    try:
        zone(name)
    except UnknownZone as problem:
        if written := node.get("zone"):
            problem.where = written.place
        raise


def parsed(path: Path) -> Node:
    """The document of a rules file.

    Raises:
        MissingFile, BadYaml: it is not there, or no YAML.
    """
    return parsed_yaml(content(path), str(path), begin=BEGIN)


def _bad(where: Node, zh: str, en: str, do_zh: str, do_en: str) -> BadTerm:
    return BadTerm(Text(zh, en), remedy=Text(do_zh, do_en), where=where.place)


def _wrong(rules: RulesFile, node: Node) -> Iterator[Problem]:
    """All that each part allows and that together makes no sense."""
    if 60 % rules.interval:
        yield _bad(node.get("interval") or node, "时段须整除一小时。", "The interval does not divide an hour.",
                   "请写 15、30 或 60。", "Write 15, 30 or 60.")  # fmt: skip
        return
    for part in ("skills", "companies", "shifts", "contracts", "posts"):
        yield from _used_twice(node, part)
        if part != "posts" and not node.each(part):
            yield _bad(node.get(part) or node, f"{part} 是空的。", f"{part} is empty.",
                       "请至少写一项。", "Write at least one.")  # fmt: skip
    for at in node.each("skills")[MOST_SKILLS:]:
        yield _bad(at, f"技能多于 {MOST_SKILLS} 项。", f"There are more than {MOST_SKILLS} skills.",
                   "请合并总由同一批人承担的技能。", "Make one of those that the same people serve.")  # fmt: skip
    for skill, at in zip(rules.skills, node.each("skills"), strict=True):
        if not skill.weight:
            yield _bad(at, "缺员权重须大于 0。", "A weight has to be above 0.", "请写 1。", "Write 1.")
    for shift, at in zip(rules.shifts, node.each("shifts"), strict=True):
        yield from _wrong_shift(shift, at, rules.interval)
    yield from _wrong_contracts(rules, node)
    yield from _wrong_limits(rules, node)


def _used_twice(node: Node, part: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for name in (found for item in node.each(part) if (found := item.get("id"))):
        if str(name.value) in seen:
            yield _bad(name, f"“{name.value}”用了两次。", f'"{name.value}" is used twice.',
                       "请用不同的代码。", "Give each its own.")  # fmt: skip
        seen.add(str(name.value))


def _wrong_shift(shift: ShiftTerm, at: Node, interval: int) -> Iterator[Problem]:
    times = [shift.start, shift.length, shift.off_from or 0, shift.off_to or 0]
    times += [part for one in shift.breaks for part in (one.length, one.earliest, one.latest)]
    if any(minutes % interval for minutes in times):
        yield _bad(at, f"班次 {shift.id} 的时间不是{interval}分钟的整数倍。",
                   f"Times of shift {shift.id} are no multiples of {interval} minutes.",
                   "请改成整数倍，或缩短 interval。", "Make them multiples, or the interval shorter.")  # fmt: skip
        return
    if not 0 < shift.length <= 24 * 60:
        yield _bad(at, f"班次 {shift.id} 须在24小时之内。", f"Shift {shift.id} lasts 0 or more than 24 h.",
                   "请改短。", "Make it shorter.")  # fmt: skip
    windows = sorted((one.earliest, one.latest + one.length) for one in shift.breaks)
    if (shift.off_from is None) != (shift.off_to is None):
        yield _bad(at, "off_from 与 off_to 须一并写出。", "off_from and off_to belong together.",
                   "请写出两者。", "Write both.")  # fmt: skip
    elif shift.off_from is not None and shift.off_to is not None:
        windows = sorted([*windows, (shift.off_from, shift.off_to)])
    edges = [0, *(edge for window in windows for edge in window), shift.length]
    if any(before > after for before, after in pairwise(edges)) or any(
        one.earliest > one.latest or not one.length for one in shift.breaks
    ):
        yield _bad(at, f"班次 {shift.id} 的休息窗口重叠、颠倒或超出班次。",
                   f"Breaks of shift {shift.id} can overlap, end before they begin, or leave it.",
                   "请改正 from、to 和 length。", "Mend from, to and length.")  # fmt: skip


def _wrong_contracts(rules: RulesFile, node: Node) -> Iterator[Problem]:
    shifts = [shift.id for shift in rules.shifts]
    for contract, at in zip(rules.contracts, node.each("contracts"), strict=True):
        yield from (
            unknown(name, shifts, (at.get("shifts") or at).place) for name in contract.shifts if name not in shifts
        )
        if not contract.shifts or len(set(contract.shifts)) < len(contract.shifts):
            yield _bad(at, "班次缺失或重复。", "Shifts are missing or named twice.",
                       "请逐一列出。", "List each once.")  # fmt: skip


def _wrong_limits(rules: RulesFile, node: Node) -> Iterator[Problem]:
    contracts = [contract.id for contract in rules.contracts]
    for limit, at in zip(rules.limits, node.each("limits"), strict=True):
        yield from (unknown(name, contracts, at.place) for name in limit.contracts if name not in contracts)
        if limit.first and limit.last and limit.last < limit.first:
            yield BadTerm(
                Text(
                    f"to（{limit.last}）早于 from（{limit.first}）。",
                    f"to ({limit.last}) is before from ({limit.first}).",
                ),
                why=Text("规则在任何一天都不会生效。", "The rule would hold on no day."),
                remedy=tables.LATER_LAST,
                where=(at.get("to") or at).place,
            )
        unit = RULES[limit.rule].unit
        whole = unit in ("days", "times") and limit.amount is not None and limit.amount.denominator != 1
        if (limit.amount is None) != (unit == "none") or whole:
            yield _bad(at, f"规则 {limit.rule} 的数值缺失、多余或不是整数。",
                       f"The amount of {limit.rule} is missing, not wanted, or no whole number.",
                       "请按规则表填写。", "Write it as the table of rules says.")  # fmt: skip
        elif limit.amount is not None and limit.amount > 10_000:
            yield _bad(at, "数值过大。", "The amount is too large.", "请改小。", "Write a smaller one.")


def _limits(rules: RulesFile, node: Node) -> Iterator[Limit]:
    for limit, at in zip(rules.limits, node.each("limits"), strict=True):
        amount = float(limit.amount) if limit.amount is not None else 0.0
        yield Limit(limit.first, limit.last, limit.rule, amount, limit.contracts, at.place.line)


def _shift(one: ShiftTerm, interval: int) -> Shift:
    pauses = [
        Pause(each.length // interval, each.earliest // interval, each.latest // interval, each.paid)
        for each in sorted(one.breaks, key=lambda each: each.earliest)
    ]
    gap = None
    if one.off_from is not None and one.off_to is not None:
        gap = (one.off_from // interval, one.off_to // interval)
    return Shift(one.id, one.start, one.length // interval, tuple(pauses), gap)
