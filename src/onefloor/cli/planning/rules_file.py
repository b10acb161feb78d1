"""The rules file as the commands of rosters read it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from onefloor.cli.bilingual import BadUsage
from onefloor.cli.insight.answering import without_repeats
from onefloor.language import Text
from onefloor.problems import Problem

if TYPE_CHECKING:
    from onefloor.planning.rostering.problem import Problem as Roster
    from onefloor.planning.rostering.terms import RulesFile

TABLES = ("agents", "needs", "qualifications", "absences", "wishes", "before")


class UnknownCompany(Problem):
    """A company that the rules do not have."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        super().__init__(
            Text(f"规则中没有公司“{name}”。", f'The rules have no company "{name}".'),
            remedy=Text(f"可用：{'、'.join(known)}。", f"Use one of {', '.join(known)}."),
        )


def problem_of(floor: Path, rules: Path, first: date, days: int) -> Roster:
    """The problem of a rules file, with what the floor's roster and the days before say.

    Raises:
        NoFloor, MissingFile, Problems: as the core.
    """
    from onefloor.facts.roster import current
    from onefloor.floor import open_floor
    from onefloor.periods import day_of
    from onefloor.planning.rostering.employed import Employed, with_employment
    from onefloor.planning.rostering.history import with_history
    from onefloor.planning.rostering.reading import Asked, read_problem

    held = open_floor(floor)
    problem = read_problem(rules, Asked(first, days, held.timezone))
    lines = [
        Employed(row["agent"], row["company"], day_of(row["from_day"]),
                 None if row["until_day"] is None else day_of(row["until_day"] - 1))
        for row in current(held).iter_rows(named=True)
    ]  # fmt: skip
    before = _form(rules).before
    problem = with_employment(problem, lines)
    return with_history(problem, rules.parent / before) if before else problem


def inputs_of(rules: Path) -> list[Path]:
    """The rules file and the tables that it names.

    Raises:
        MissingFile, BadYaml, Problems: the rules cannot be read.
    """
    form = _form(rules)
    return [rules, *(rules.parent / getattr(form, name) for name in TABLES if getattr(form, name))]


def _form(rules: Path) -> RulesFile:
    from onefloor.agreements.terms.reading import read_form
    from onefloor.planning.rostering.reading import parsed
    from onefloor.planning.rostering.terms import RulesFile

    return read_form(RulesFile, parsed(rules))


def read_day(text: str, option: str) -> date:
    """A day of an option.

    Raises:
        BadUsage: it is no date.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadUsage(
            Text(f"{option} 的“{text}”不是日期。", f'"{text}" of {option} is no date.'),
            remedy=Text("请写成 2026-12-01。", "Write 2026-12-01."),
        ) from None


def companies_of(problem: Roster, names: Sequence[str]) -> list[str]:
    """The companies whose people may be shown; all without any.

    Raises:
        UnknownCompany: the rules do not have one of them.
    """
    known = [company.id for company in problem.companies]
    asked = without_repeats(names)
    for name in asked:
        if name not in known:
            raise UnknownCompany(name, known)
    return [name for name in known if name in asked] if asked else known
