"""Months whose rows the retention rules took: what can still be said of them, and why the rest cannot.

The daily sums lie in ``aggregates/`` (written by ``kept``), a Parquet file a month and table, names in place of ids.
They give the same integers as the rows did, for every grouping by ``cubes.GRAIN``; whatever else is asked is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Final

import polars as pl

from onefloor.facts.exchange import removals
from onefloor.floor import Floor
from onefloor.language import Text
from onefloor.metrics.cubes import GRAIN, NAMES, column_of
from onefloor.metrics.engines import Aggregate, Sum
from onefloor.metrics.engines.polars import aggregated
from onefloor.metrics.expressions import columns_of
from onefloor.metrics.grouping import Ask
from onefloor.metrics.metric import Atom, Metric
from onefloor.metrics.prepared import Gone, Names, Prepared
from onefloor.metrics.tables import MEASURING, TITLES
from onefloor.periods import Month
from onefloor.problems import Problem

FOLDER: Final = "aggregates"
# Whose rows a measuring table comes from: if those of one of them are gone, only the sums are as they were.
MADE_OF: Final[Mapping[str, tuple[str, ...]]] = {
    "legs": ("contacts",), "contacts": ("contacts",), "rings": ("rings",), "agent_time": ("agent_states", "shifts"),
    "surveys": ("surveys", "contacts"), "sales": ("sales", "contacts"), "complaints": ("complaints", "contacts"),
    "evaluations": ("evaluations", "contacts"), "forecasts": ("forecasts", "contacts"), "duties": ("duties",),
    "people": ("contacts",),  # they are counted from the first month with contacts on
}  # fmt: skip


class RowsRemoved(Problem):
    """What is asked needs rows that a retention rule has removed; ``months`` are those, ``day`` when they went."""

    def __init__(self, months: Sequence[Month], day: date, why: Text, remedy: Text) -> None:
        self.months, self.day = tuple(months), day
        zh, en = _listed(months)
        super().__init__(
            Text(
                f"{zh} 的明细已按保留期限于 {day} 删除。",
                f"The rows of {en} were removed under the retention rule on {day}.",
            ),
            why=why,
            remedy=remedy,
        )


@dataclass(frozen=True, slots=True)
class Removal:
    """The months of a figure that rest on kept sums alone, and the day on which the last of their rows went."""

    months: tuple[Month, ...]
    day: date

    def as_json(self) -> dict[str, object]:
        """The mark as data."""
        return {"months": [str(month) for month in self.months], "day": self.day.isoformat()}

    @property
    def words(self) -> Text:
        """The mark of such a figure."""
        zh, en = _listed(self.months)
        return Text(
            f"{zh}：明细已按保留期限于 {self.day} 删除，合计数保留",
            f"{en}: rows removed under the retention rule on {self.day}; the sum stays",
        )


def _listed(months: Sequence[Month]) -> tuple[str, str]:
    """Months in words, a run of more than two by its ends."""
    run = len(months) > 2 and all(later == earlier.following() for earlier, later in pairwise(months))
    names = [f"{months[0]}..{months[-1]}"] if run else [str(month) for month in months]
    return "、".join(names), ", ".join(names)


def file_of(floor: Floor, table: str, month: int) -> Path:
    """Where the sums of a month are kept."""
    return floor.root / FOLDER / table / f"month={month}.parquet"


def gone_months(floor: Floor) -> dict[str, dict[int, Gone]]:
    """By measuring table the months of which retention removed rows."""
    days: dict[tuple[str, int], date] = {}
    for entry in removals(floor):
        if entry["why"] == "retention":
            for one in entry["removed"]:
                for month in one["months"]:
                    days.setdefault((one["table"], month), date.fromisoformat(entry["day"]))
    found: dict[str, dict[int, Gone]] = {}
    for table, facts in MADE_OF.items():
        for (fact, month), day in days.items():
            if fact in facts:
                first = min(day, found.get(table, {}).get(month, Gone(day, None)).day)
                path = file_of(floor, table, month)
                found.setdefault(table, {})[month] = Gone(first, str(path) if path.exists() else None)
    return found


def with_kept_names(names: Names, gone: Mapping[str, Mapping[int, Gone]]) -> Names:
    """The names of a floor and those that only kept sums still have, which get ids of their own."""
    ids = {dimension: dict(held) for dimension, held in names.ids.items()}
    for dimension, name in sorted({pair for path in _files(gone) for pair in _names_in(path)}):
        known = ids.setdefault(dimension, {})
        known.setdefault(name, max(known.values(), default=0) + 1)
    return Names(ids)


def answer(prepared: Prepared, ask: Ask, months: Sequence[Month]) -> pl.DataFrame:
    """A query about months whose rows are gone, from their sums; nothing of it is provisional any more.

    Raises:
        RowsRemoved: the sums that were kept cannot answer it.
    """
    held = prepared.gone[ask.table]
    for month in months:
        if why := _unanswerable(held[month.id], ask):
            raise RowsRemoved([month], held[month.id].day, *why)
    files = [held[month.id].sums or "" for month in months]
    sums = tuple(Sum("", column_of(wanted)) for wanted in ask.sums)
    needed = list(dict.fromkeys((*GRAIN, *(column_of(wanted) for wanted in ask.sums))))
    rows = pl.scan_parquet(files, hive_partitioning=False, missing_columns="insert", extra_columns="ignore")
    query = Aggregate(ask.table, MEASURING[ask.table], (), ask.by, ask.where, sums)
    return aggregated(rows.select(needed).with_columns(_as_ids(prepared.names)), query, prepared.names.id)


def lost(prepared: Prepared, metric: Metric, columns: Iterable[str], months: Iterable[Month]) -> list[Month]:
    """The months of which the sums cannot give a metric's figures by these columns."""
    asks = list(_asks(metric, tuple(columns)))
    return [month for month in months if any(_is_lost(prepared, ask, month) for ask in asks)]


def removal(prepared: Prepared, metrics: Iterable[Metric], months: Iterable[Month]) -> Removal | None:
    """Which of the months rest on kept sums alone for one of the metrics; None if all have their rows."""
    tables = {table for metric in metrics for table in metric.tables}
    wanted = {month.id for month in months}
    found = [(m, one.day) for table in tables for m, one in prepared.gone.get(table, {}).items() if m in wanted]
    if not found:
        return None
    return Removal(tuple(map(Month.from_id, sorted({month for month, _ in found}))), max(day for _, day in found))


def refuse_rows(prepared: Prepared, table: str, months: Iterable[Month]) -> None:
    """Refuse to list rows where some of them are gone: what is left would not add up to the figure.

    Raises:
        RowsRemoved.
    """
    held = prepared.gone.get(table, {})
    if taken := [month for month in months if month.id in held]:
        raise RowsRemoved(
            taken, max(held[month.id].day for month in taken),
            Text("只保留按日合计，没有明细可以列出。", "Only daily sums stay; there are no rows to list."),
            _LATER,
        )  # fmt: skip


_LATER: Final = Text("请选择之后的账期。", "Choose a later period.")


def _unanswerable(there: Gone, ask: Ask) -> tuple[Text, Text] | None:
    """Why the sums of a month cannot answer a query, and what to do; None if they can."""
    if there.sums is None:
        return Text("当时没有保留合计。", "No sums of it were kept."), _LATER
    needed = {*ask.by, *(columns_of(ask.where) if ask.where else ())}
    if absent := sorted(needed - set(GRAIN)):
        zh = "、".join(TITLES[name].zh if name in TITLES else name for name in absent)
        en = ", ".join(TITLES[name].en if name in TITLES else name for name in absent)
        some_zh, some_en = "、".join(TITLES[n].zh for n in NAMES), ", ".join(TITLES[n].en for n in NAMES)
        return (
            Text(f"保留的按日合计不区分{zh}。", f"The daily sums that stay do not tell {en} apart."),
            Text(f"请按{some_zh}或日期查看，或选择之后的账期。", f"Use {some_en} or days, or choose a later period."),
        )
    if not {column_of(wanted) for wanted in ask.sums} <= _columns_in(there.sums):
        return (
            Text("保留的合计中没有这一口径。", "This definition is not among the sums that were kept."),
            Text("请使用指标的默认参数，或选择之后的账期。", "Use the metric's defaults, or choose a later period."),
        )
    return None


def _asks(metric: Metric, by: tuple[str, ...]) -> Iterator[Ask]:
    for side in (metric.numerator, metric.denominator):
        if isinstance(side, Atom):
            yield Ask(side.table, by, "", (Sum(side.where, side.sum),), ())
        elif side is not None:
            yield Ask(side.table, (*by, side.column), side.where, (Sum(""),), ())


def _is_lost(prepared: Prepared, ask: Ask, month: Month) -> bool:
    there = prepared.gone.get(ask.table, {}).get(month.id)
    return there is not None and _unanswerable(there, ask) is not None


def _as_ids(names: Names) -> list[pl.Expr]:
    """Names as the ids that the measuring tables hold; one that a viewer may not know is nobody's."""
    return [
        pl.col(name).replace_strict({"": 0, **names.ids.get(name, {})}, default=-1, return_dtype=pl.Int32)
        for name in NAMES
    ]


def _files(gone: Mapping[str, Mapping[int, Gone]]) -> list[str]:
    return [one.sums for months in gone.values() for one in months.values() if one.sums]


def _names_in(path: str) -> frozenset[tuple[str, str]]:
    return _read_names(path, Path(path).stat().st_mtime_ns)


@lru_cache(maxsize=4096)
def _read_names(path: str, _written: int) -> frozenset[tuple[str, str]]:
    """Every name in a file of sums with its dimension; a file never changes once its rows are gone."""
    rows = pl.read_parquet(path, columns=list(NAMES), hive_partitioning=False)
    return frozenset((column.name, name) for column in rows for name in column.unique() if name)


def _columns_in(path: str) -> frozenset[str]:
    return _read_columns(path, Path(path).stat().st_mtime_ns)


@lru_cache(maxsize=4096)
def _read_columns(path: str, _written: int) -> frozenset[str]:
    return frozenset(pl.read_parquet_schema(path))
