"""What loading a file would change, judged for whoever brings it: a vendor names its own people only.

Lines of other companies about the same code stay as they are and are never shown; where they are in the way, the
finding says so without saying whose they are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from onefloor.facts import roster
from onefloor.language import Text
from onefloor.periods import Month
from onefloor_web.records.rosters.lines import Line, Read

IGNORED = ("blank", "header")
WORDS = {
    "not_yours": Text(
        "所属公司不是本公司。本公司只能提交本公司人员。",
        "The company is not yours: a vendor's file names its own people.",
    ),
    "no_such_company": Text("本现场没有这家公司。", "This floor has no such company."),
    "code_taken": Text(
        "该工号在这些日期已被占用。请更换工号；如系转公司，请甲方先结束原有记录。",
        "This code is taken on these days. Choose another; in a move the client ends the old stretch first.",
    ),
}


@dataclass(frozen=True, slots=True)
class Side:
    """Who brings a file: the code of the company, the companies it may speak for, and those whose names it sees."""

    company: str
    may: frozenset[str]
    names: frozenset[str]
    client: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """A line that is set aside, and why."""

    number: int
    agent: str
    words: Text


@dataclass(frozen=True, slots=True)
class Difference:
    """One person whose history would change: the lines that go and the lines that come, as the bringer may see them."""

    agent: str
    gone: tuple[Line, ...]
    come: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """The account of every line: ``lines = changed + unchanged + ignored + set aside``; and what to load."""

    lines: int
    changed: int
    unchanged: int
    ignored: int
    findings: tuple[Finding, ...]
    differences: tuple[Difference, ...]
    load: tuple[Line, ...]

    @property
    def account(self) -> dict[str, int]:
        """The counts, for keeping."""
        return {
            "lines": self.lines,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "ignored": self.ignored,
            "set_aside": len(self.findings),
        }


def plan(side: Side, read: Sequence[Read], held: Sequence[Line]) -> Plan:
    """Judge a file against what counts now.

    Args:
        side: who brings it.
        read: its lines.
        held: all lines that count, of all companies.
    """
    before: dict[str, list[Line]] = defaultdict(list)
    for line in held:
        before[line.agent].append(line)
    said = [one for one in read if one.fault not in IGNORED]
    faults = _faults(side, said, before)
    good = [one for one in said if one.number not in faults and one.line is not None]
    entered = _by_agent(_with_kept_name(side, one.line, before[one.line.agent]) for one in good if one.line)
    differences = []
    load: list[Line] = []
    for agent, lines in entered.items():
        mine = [line for line in before[agent] if line.company in side.may]
        if set(mine) != set(lines):
            differences.append(_difference(side, agent, mine, lines))
            load.extend(sorted({*lines, *(set(before[agent]) - set(mine))}, key=lambda line: line.from_day))
    changed = sum(one.line.agent in {each.agent for each in differences} for one in good if one.line)
    findings = tuple(Finding(one.number, one.agent or "", faults[one.number]) for one in said if one.number in faults)
    return Plan(
        len(read), changed, len(good) - changed, len(read) - len(said), findings, tuple(differences), tuple(load)
    )


def months_touched(differences: Iterable[Difference], measured: Iterable[Month]) -> list[Month]:
    """The measured months that a change reaches: any day on which somebody's company, form, site or team differs."""
    spans = [(line.from_day, line.until_day) for one in differences for line in _moved(one)]
    return [
        month
        for month in sorted(measured, key=lambda month: month.id)
        if any(first < month.days.end and (until is None or month.days.start < until) for first, until in spans)
    ]


def _moved(one: Difference) -> list[Line]:
    """The lines that are on one side only, names aside, without the days both sides agree on."""
    gone = {_where(line) for line in one.gone}
    come = {_where(line) for line in one.come}
    return [part for line in (*gone - come, *come - gone) for part in _cut(line, (come if line in gone else gone))]


def _cut(line: Line, others: Iterable[Line]) -> list[Line]:
    """What of a line is left when the days on which the other side says the same are taken away."""
    left = [line]
    for other in others:
        if (other.company, other.form, other.site, other.team) == (line.company, line.form, line.site, line.team):
            left = [part for one in left for part in _without(one, other)]
    return left


def _without(line: Line, other: Line) -> list[Line]:
    if not line.overlaps(other):
        return [line]
    parts = []
    if line.from_day < other.from_day:
        parts.append(replace(line, until_day=other.from_day))
    if other.until_day is not None and (line.until_day is None or other.until_day < line.until_day):
        parts.append(replace(line, from_day=other.until_day))
    return parts


def _where(line: Line) -> Line:
    return replace(line, name=None, hired_day=None)


def _by_agent(lines: Iterable[Line]) -> dict[str, list[Line]]:
    found: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        found[line.agent].append(line)
    return found


def _faults(side: Side, said: Sequence[Read], before: dict[str, list[Line]]) -> dict[int, Text]:
    """Why each line that is set aside is; one bad line sets all of its agent aside, as the core does."""
    faults = {one.number: words for one in said if (words := _fault(side, one, before)) is not None}
    bad = {one.agent for one in said if one.number in faults}
    for one in said:
        if one.agent is not None and one.agent in bad:
            faults.setdefault(one.number, roster.REMEDIES["history_incomplete"])
    return faults


def _fault(side: Side, one: Read, before: dict[str, list[Line]]) -> Text | None:
    if one.company is not None and one.company not in side.may:
        return WORDS["no_such_company" if side.client else "not_yours"]
    if one.line is None:
        return roster.REMEDIES[one.fault or ""]
    foreign = [line for line in before[one.line.agent] if line.company not in side.may]
    own = [line for line in before[one.line.agent] if line.company in side.may]
    if any(line.overlaps(one.line) for line in foreign) or (foreign and not own):
        return WORDS["code_taken"]
    return None


def _with_kept_name(side: Side, line: Line, before: Sequence[Line]) -> Line:
    """A name the bringer cannot see is kept as it is: the file could not have it."""
    if line.company in side.names:
        return line
    same = [one for one in before if one.company == line.company]
    exact = [one.name for one in same if replace(one, name=None) == replace(line, name=None)]
    return replace(line, name=exact[0] if exact else same[-1].name if same else None)


def _difference(side: Side, agent: str, mine: Sequence[Line], lines: Sequence[Line]) -> Difference:
    gone, come = set(mine) - set(lines), set(lines) - set(mine)
    return Difference(agent, _seen(side, gone), _seen(side, come))


def _seen(side: Side, lines: Iterable[Line]) -> tuple[Line, ...]:
    """Lines in order of days, without names the bringer may not see."""
    shown = (line if line.company in side.names else replace(line, name=None) for line in lines)
    return tuple(sorted(shown, key=lambda line: line.from_day))
