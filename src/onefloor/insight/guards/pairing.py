"""Selling and quality of the same units, each against peers in the same queue and hour."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from onefloor.insight.cells import Cells, cells
from onefloor.insight.guards.peers import Floats, Places, of_cells
from onefloor.insight.guards.sentences import AGENTS, TEAMS
from onefloor.language import Text
from onefloor.metrics.cubes import Cubes
from onefloor.metrics.dimensions import Shown
from onefloor.metrics.engines import Engine
from onefloor.metrics.metric import Metric, Unit
from onefloor.metrics.prepared import Prepared
from onefloor.metrics.uncertainty import is_proportion
from onefloor.periods import Month
from onefloor.problems import Problem

STRATA = ("queue", "hour")
LEAST_ROWS = 20  # of offers and of checked contacts, before a unit gets a verdict


class NotAShare(Problem):
    """A figure that is no share of counted rows: there is no chance of a contact in it."""

    def __init__(self, metric: Metric) -> None:
        super().__init__(
            Text(f"“{metric.title.zh}”不是比率。", f'"{metric.title.en}" is no share of counted rows.'),
            remedy=Text(
                "销售请用 conversion，质量请用 fcr:within=7d、sale_quality 或 customer_critical_accuracy。",
                "For selling use conversion; for quality fcr:within=7d, sale_quality or customer_critical_accuracy.",
            ),
        )


@dataclass(frozen=True, slots=True)
class Pair:
    """Units with rows enough in both figures: ``difference``, ``error`` and ``expected`` are (units, 2).

    ``company`` is that of each unit, where it did most of the rows.
    ``few`` units had fewer than ``LEAST_ROWS`` rows in one of the two, ``rows`` are the contacts behind both.
    ``selling`` and ``quality`` are the metrics, ``sampled`` the word for the units.
    """

    names: tuple[Shown, ...]
    difference: Floats
    error: Floats
    expected: Floats
    rows: NDArray[np.int64]
    few: int
    selling: Metric
    quality: Metric
    sampled: Text
    company: tuple[Shown, ...] = ()

    @property
    def group(self) -> Places | None:
        """Companies as numbers from 0; None where there is one only."""
        names = sorted(set(self.company), key=str)
        return np.array([names.index(one) for one in self.company], np.intp) if len(names) > 1 else None

    def of_companies(self, names: Collection[str]) -> Pair:
        """The units of some companies, against the same peers; how many had too few rows is not known of these."""
        places = [place for place, one in enumerate(self.company) if one in names]
        return replace(
            self, names=tuple(self.names[place] for place in places), difference=self.difference[places],
            error=self.error[places], expected=self.expected[places], rows=self.rows[places], few=0,
            company=tuple(self.company[place] for place in places),
        )  # fmt: skip


def paired(
    prepared: Prepared, selling: str, quality: str, by: str, months: Sequence[Month], engine: Engine | None = None,
    cubes: Cubes | None = None, lasting: str | None = None, scope: str = "",
) -> Pair:  # fmt: skip
    """The two figures of every agent or team against their peers.

    Args:
        prepared: the measuring tables.
        selling: a share, such as ``conversion``.
        quality: a share, such as ``fcr:within=7d``.
        by: ``agent`` or ``team``.
        months: of the contacts.
        engine: DuckDB if left out.
        cubes: daily cubes to answer from where they can.
        lasting: such as ``30d``: only sales that were neither cancelled nor complained about in that time count.

        scope: predicate of the rows that may be read.

    Raises:
        NotAShare: one of the metrics is no share; else as ``cells``.
    """
    first, second = (
        _cells(prepared, name, (by, "company", *STRATA), months, engine, cubes, scope) for name in (selling, quality)
    )
    if lasting is not None:
        first = _with_hits(
            first, _cells(prepared, f"sale_quality:within={lasting}", first.by, months, engine, cubes, scope)
        )
    sides = [of_cells(one.grouped((by, *STRATA)), by, STRATA) for one in (first, second)]
    company = _companies_of(first, by)
    names = [one.names[by] for one in (first, second)]
    place = {name: number for number, name in enumerate(names[1])}
    both = [(number, place[name]) for number, name in enumerate(names[0]) if name is not None and name in place]
    at = np.array(both, np.intp).reshape(-1, 2)
    rows = np.column_stack([side.rows[at[:, column]] for column, side in enumerate(sides)])
    enough = (rows >= LEAST_ROWS).all(axis=1)
    chosen = at[enough]
    difference = np.column_stack([side.difference[chosen[:, column]] for column, side in enumerate(sides)])
    error = np.column_stack([side.error[chosen[:, column]] for column, side in enumerate(sides)])
    expected = np.column_stack([side.rate[chosen[:, column]] for column, side in enumerate(sides)])
    return Pair(
        tuple(names[0][number] for number in chosen[:, 0]), difference, error, expected, rows[enough].astype(np.int64),
        int((~enough).sum()), first.metric, second.metric, TEAMS if by == "team" else AGENTS,
        tuple(company[number] for number in chosen[:, 0]),
    )  # fmt: skip


def _cells(
    prepared: Prepared, metric: str, by: Sequence[str], months: Sequence[Month], engine: Engine | None,
    cubes: Cubes | None, scope: str,
) -> Cells:  # fmt: skip
    found = cells(prepared, metric, by, None, months, engine=engine, scope=scope, cubes=cubes)
    # Conversion may pass 100 % of its rows in a cell; it is a share of them all the same.
    if found.metric.unit is not Unit.PERCENT or not (is_proportion(found.metric) or found.metric.name == "conversion"):
        raise NotAShare(found.metric)
    return found


def _companies_of(found: Cells, by: str) -> list[Shown]:
    """Of each unit the company in which most of its rows are."""
    rows = np.zeros((len(found.names[by]), len(found.names["company"])))
    np.add.at(rows, (found.codes[by], found.codes["company"]), found.denominator)
    return [found.names["company"][place] for place in rows.argmax(axis=1)] if rows.size else []


def _with_hits(whole: Cells, hits: Cells) -> Cells:
    """The cells with the numerators of others; whatever these have, those have a cell for, or it is dropped."""
    held = {hits.key(place): int(hits.numerator[place]) for place in range(len(hits))}
    return replace(whole, numerator=np.array([held.get(whole.key(place), 0) for place in range(len(whole))], np.int64))
