"""Planned absence: the share of people that are paid and not at their desks, by date and skill."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path

from onefloor.agreements.terms.places import BadTerm, Node, content, parsed_yaml
from onefloor.agreements.terms.reading import formed, listed, read_form, stop_at, term
from onefloor.agreements.terms.values import DATE, NAME, SHARE
from onefloor.language import Text
from onefloor.problems import Problem

BEGIN = Text("请以 shrinkage: 和各项缺勤开头。", "Begin with shrinkage: and its parts.")
SHARE_TEXT = re.compile(r"(\d{1,2}(?:\.\d+)?) ?%")
MOST = Fraction(9, 10)


class TooManyAway(Problem):
    """Absences that add up to nearly everybody."""

    def __init__(self, day: date, skill: str, share: Fraction) -> None:
        super().__init__(
            Text(f"{day} {skill} 的缺勤合计 {float(share):.0%}。", f"{float(share):.0%} of {skill} are away on {day}."),
            remedy=Text("合计须低于 90%。", "Absences have to add up to less than 90 %."),
        )


class BadShare(Problem):
    """A share on the command line that is none, and no file either."""

    def __init__(self, text: str) -> None:
        super().__init__(
            Text(f"无法识别缺勤率“{text}”。", f'"{text}" is no shrinkage.'),
            remedy=Text("请写成 12%，或给出 YAML 文件。", "Write 12%, or name a YAML file."),
        )


@dataclass(frozen=True, kw_only=True)
class Absence:
    """One kind of absence."""

    name: str = term(NAME, Text("名称", "what it is: leave, training, meetings"))
    share: Fraction = term(SHARE, Text("占比", "share of the people planned that is away"))
    first: date | None = term(DATE, Text("首日", "since when; always without"), default=None, key="from")
    last: date | None = term(DATE, Text("末日（含）", "last day, included"), default=None, key="through")
    skills: tuple[str, ...] = term(listed(NAME), Text("技能", "of which skills; all without"), default=())

    def holds(self, day: date, skill: str) -> bool:
        """Whether it counts on a day for a skill."""
        begun = self.first is None or self.first <= day
        return begun and (self.last is None or day <= self.last) and (not self.skills or skill in self.skills)


@dataclass(frozen=True, kw_only=True)
class Shrinkage:
    """All planned absences; their shares add up."""

    absences: tuple[Absence, ...] = term(
        listed(formed(Absence, "absence")), Text("计划缺勤", "planned absences"), key="shrinkage", default=()
    )

    def on(self, day: date, skill: str) -> float:
        """The share away.

        Raises:
            TooManyAway.
        """
        share = sum((one.share for one in self.absences if one.holds(day, skill)), Fraction(0))
        if share >= MOST:
            raise TooManyAway(day, skill, share)
        return float(share)


NONE = Shrinkage()


def shrinkage(text: str) -> Shrinkage:
    """``12%``, or the path of a YAML file.

    Raises:
        BadShare, MissingFile, BadYaml, Problems.

    >>> from datetime import date
    >>> shrinkage("12%").on(date(2026, 12, 1), "tech")
    0.12
    """
    found = SHARE_TEXT.fullmatch(text.strip())
    if found is not None:
        return Shrinkage(absences=(Absence(name="planned", share=Fraction(found[1]) / 100),))
    if not text.strip().endswith((".yaml", ".yml")):
        raise BadShare(text)
    return read_shrinkage(Path(text.strip()))


def read_shrinkage(path: Path) -> Shrinkage:
    """Absences from a YAML file.

    Raises:
        MissingFile; BadYaml, Problems: all that is wrong, each with file, line, column and remedy.
    """
    node = parsed_yaml(content(path), str(path), begin=BEGIN)
    found = read_form(Shrinkage, node)
    stop_at(list(_wrong(found, node)))
    return found


def _wrong(found: Shrinkage, node: Node) -> Iterator[Problem]:
    items = node.get("shrinkage")
    for absence, at in zip(found.absences, items.items if items else [], strict=True):
        if absence.first and absence.last and absence.last < absence.first:
            yield BadTerm(
                Text("结束早于开始。", "It ends before it begins."),
                remedy=Text("请把较晚的日期写在 through。", "Write the later day as through."),
                where=(at.get("through") or at).place,
            )
