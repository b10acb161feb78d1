"""What is ready to be measured: the derived Parquet files, the names of their ids, and how far the facts reach."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from onefloor.facts.schemas import OUTCOMES
from onefloor.language import Text
from onefloor.periods import Clock, Month
from onefloor.problems import Problem

FIXED: dict[str, dict[str, int]] = {"outcome": OUTCOMES}
"""Columns whose ids are fixed by the facts' schema rather than by the floor's names."""


class UnknownName(Problem):
    """A filter or scope names something the floor has never seen."""

    def __init__(self, dimension: str, name: str, known: Iterable[str]) -> None:
        some = sorted(known)[:12]
        super().__init__(
            Text(f"{dimension} 中没有“{name}”。", f'There is no {dimension} "{name}" on this floor.'),
            remedy=Text(f"已知：{'、'.join(some) or '（无）'}。", f"Known: {', '.join(some) or '(none)'}."),
        )


@dataclass(frozen=True, slots=True)
class Names:
    """Ids of the named dimensions, counted from 1; 0 is "none" and has the name ``''``."""

    ids: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def id(self, dimension: str, name: str) -> int:
        """The id of a name; 0 for ``''``; -1 for a name never seen, which equals no row."""
        fixed = FIXED.get(dimension)
        if fixed is not None:
            return fixed.get(name, -1)
        return 0 if name == "" else self.ids.get(dimension, {}).get(name, -1)

    def of(self, dimension: str) -> dict[int, str]:
        """``{id: name}`` of one dimension."""
        return {number: name for name, number in self.ids.get(dimension, {}).items()}


@dataclass(frozen=True, slots=True)
class Gone:
    """A month of a measuring table whose rows a retention rule took: on which day, and the file of the kept sums.

    Without a file no sums were kept.
    """

    day: date
    sums: str | None


@dataclass(frozen=True, slots=True)
class Prepared:
    """The measuring tables of a floor at one moment.

    ``files[table][month_id]`` lists Parquet files; ``watermark_ms`` is the newest instant any contact fact speaks of;
    ``data_version`` identifies the facts, roster and queue settings that the tables were derived from;
    ``unknown_agents`` worked on days on which the roster does not have them: their rows have company 0;
    ``gone[table][month_id]`` are the months whose rows retention removed.
    """

    root: Path
    files: Mapping[str, Mapping[int, tuple[str, ...]]]
    names: Names
    clock: Clock
    watermark_ms: int
    data_version: str
    unknown_agents: tuple[str, ...] = ()
    gone: Mapping[str, Mapping[int, Gone]] = field(default_factory=dict)

    def paths(self, table: str, months: Iterable[Month] | None = None) -> list[str]:
        """The files of a measuring table, of some months if given, oldest first."""
        found = self.files.get(table, {})
        wanted = sorted(found) if months is None else sorted({month.id for month in months} & set(found))
        return [path for month in wanted for path in found[month]]

    @property
    def months(self) -> list[Month]:
        """The months that have contact legs."""
        return [Month.from_id(month) for month in sorted(self.files.get("legs", {}))]

    @property
    def months_with_sums(self) -> list[Month]:
        """The months that have contact legs, or whose legs are gone while their sums stay."""
        kept = {month for month, gone in self.gone.get("legs", {}).items() if gone.sums}
        return [Month.from_id(month) for month in sorted({*self.files.get("legs", {}), *kept})]
