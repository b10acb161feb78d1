"""The one kind of error a user sees: what is wrong, where, why, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from onefloor.language import Language, Text


@dataclass(frozen=True, slots=True)
class Place:
    """Where a problem is: a file, and a line and column in it if known (counted from 1)."""

    file: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)


class Problem(Exception):
    """Base of every error that a user can mend. Subclasses live beside the code that raises them.

    Args:
        what: what is wrong, a full sentence.
        why: the reason it cannot be accepted; may be left out where ``what`` says it.
        remedy: what to do, a full sentence.
        where: the place in the input.
    """

    def __init__(self, what: Text, *, remedy: Text, why: Text | None = None, where: Place | None = None) -> None:
        self.what, self.why, self.remedy, self.where = what, why, remedy, where
        super().__init__(self.to("en"))

    def to(self, language: Language) -> str:
        """The whole message in one language, the place first."""
        parts = [part.to(language) for part in (self.what, self.why, self.remedy) if part is not None]
        place = f"{self.where}: " if self.where else ""
        return place + ("" if language == "zh" else " ").join(parts)

    def as_json(self) -> dict[str, object]:
        """For ``--json``: the parts apart, both languages."""
        return {
            "problem": type(self).__name__,
            "where": str(self.where) if self.where else None,
            "what": self.what.as_json(),
            "why": self.why.as_json() if self.why else None,
            "remedy": self.remedy.as_json(),
        }


class Problems(Problem):
    """Several problems of one input, all shown at once."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        first = problems[0]
        super().__init__(first.what, why=first.why, remedy=first.remedy, where=first.where)

    def to(self, language: Language) -> str:
        """One line a problem."""
        return "\n".join(problem.to(language) for problem in self.problems)

    def as_json(self) -> dict[str, object]:
        """All problems under one key."""
        return {"problem": "Problems", "problems": [problem.as_json() for problem in self.problems]}


class MissingFile(Problem):
    """A file or folder that was named is not there."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(
            Text(f"找不到“{path}”。", f'"{path}" was not found.'),
            remedy=Text("请检查路径和拼写。", "Check the path and its spelling."),
        )
