"""Counting a pattern: of each agent how often, out of how many, against peers of the same queue and hour."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeVar

import numpy as np
import polars as pl

from onefloor.insight.guards.peers import Floats, Mask, Peers, Places, against_peers, beyond_own, levelled
from onefloor.insight.guards.rows import Facts, Rows
from onefloor.insight.guards.screening import BUDGET, BUDGET_OF_RATIOS
from onefloor.language import Text
from onefloor.metrics.prepared import Prepared
from onefloor.periods import Month

BUSY = 0.8  # quantile of a queue's half-hourly mean waits from which its queue is long
STRATA: Final = ("queue", "hour")
WHO: Final = ("agent", "company")
T = TypeVar("T")
Counted = pl.DataFrame | Text
"""Cells of ``agent``, ``company``, strata, ``hits`` and ``rows``; or why the facts do not carry the pattern.

With ``special`` (a flag) the special rows are judged against the agent's own others; with ``chance`` that share of the
rows is what an agent who does not care would have, and there are no peers in it.
"""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A way to look better without working better. ``low``: the suspicious side is too few."""

    name: str
    title: Text
    hint: Text
    tally: Callable[[Rows], Counted]
    behind: str  # the metric whose rows hold what was counted
    low: bool = False


@dataclass(frozen=True, slots=True)
class Tallied:
    """A pattern's counts by agent against what is expected of them, at the level of the own company.

    ``agents`` are their names, ``companies`` those of the companies in which most of their rows are. ``refusal`` says
    why the facts do not carry the pattern; there are then no agents. ``budget`` is that of the screen.
    """

    agents: tuple[str, ...]
    peers: Peers
    companies: tuple[str | None, ...]
    refusal: Text | None = None
    budget: float = BUDGET

    def of_companies(self, names: Collection[str]) -> Tallied:
        """The agents of some companies, against the same peers."""
        mask = np.array([one in names for one in self.companies], bool)
        agents, companies = kept(self.agents, mask), kept(self.companies, mask)
        return replace(self, agents=agents, peers=self.peers.chosen(mask), companies=companies)


def kept(values: tuple[T, ...], mask: Mask) -> tuple[T, ...]:
    """Those values for which the mask holds."""
    return tuple(value for value, keep in zip(values, mask.tolist(), strict=True) if keep)


def tallied(
    pattern: Pattern, prepared: Prepared, months: Sequence[Month], scope: str = "", facts: Facts | None = None
) -> Tallied:
    """Count a pattern for every agent.

    Args:
        pattern: what is counted.
        prepared: the measuring tables.
        months: of the rows.
        scope: a predicate of the rows that may be read.
        facts: which rows belong to one contact; patterns that need it are refused without.
    """
    found = pattern.tally(Rows(prepared, months, scope, facts))
    if isinstance(found, Text):
        none = np.zeros(0)
        return Tallied((), Peers(none, none, none, none), (), found)
    frame = found.filter(pl.col("agent") != 0)
    ids = np.unique(frame["agent"].to_numpy())
    names, companies = prepared.names.of("agent"), prepared.names.of("company")
    company = _companies_of(frame, ids.tolist())
    against = expected_of(frame, ids, company)
    people = tuple(names[number] for number in ids.tolist())
    budget = BUDGET_OF_RATIOS if "special" in frame.columns else BUDGET
    return Tallied(people, against, tuple(companies.get(one) for one in company), budget=budget)


def expected_of(frame: pl.DataFrame, ids: Places, company: Sequence[int]) -> Peers:
    """The counts of a pattern against what is expected, at the level of the own company.

    Args:
        frame: as ``Counted``.
        ids: the agents in it, in order.
        company: of each of them.
    """
    group = np.unique(company, return_inverse=True)[1]
    against = _expected(frame, ids)
    return levelled(against, group) if group.max(initial=0) or "chance" in frame.columns else against


def _expected(frame: pl.DataFrame, ids: Places) -> Peers:
    if "chance" in frame.columns:
        return _by_chance(frame, ids)
    if "special" not in frame.columns:
        return _against_peers(frame, ids)
    special, usual = (_against_peers(frame.filter(pl.col("special") == side), ids) for side in (True, False))
    return beyond_own(special, usual)


def _against_peers(frame: pl.DataFrame, ids: Places) -> Peers:
    strata = [name for name in STRATA if name in frame.columns]
    summed = frame.group_by("agent", *strata).agg(pl.col("hits", "rows").cast(pl.Int64).sum()).sort("agent", *strata)
    stratum = np.zeros(len(summed), np.int64)
    for name in strata:
        stratum = stratum * 10_000 + summed[name].to_numpy()
    unit = np.searchsorted(ids, summed["agent"].to_numpy())
    return against_peers(unit, stratum, summed["hits"].to_numpy(), summed["rows"].to_numpy(), len(ids))


def _by_chance(frame: pl.DataFrame, ids: Places) -> Peers:
    """Each agent against a share of its own rows."""
    unit = np.searchsorted(ids, frame["agent"].to_numpy())
    hits, rows, chance = (frame[name].cast(pl.Float64).to_numpy() for name in ("hits", "rows", "chance"))

    def summed(values: Floats) -> Floats:
        return np.bincount(unit, values, len(ids)).astype(float)

    return Peers(summed(hits), summed(rows), summed(rows * chance), summed(rows * chance * (1 - chance)))


def _companies_of(frame: pl.DataFrame, agents: Sequence[int]) -> list[int]:
    """Of each agent the company in which most of its rows are."""
    summed = frame.group_by("agent", "company").agg(pl.col("rows").sum()).sort("rows", "company")
    most = dict(summed.select("agent", "company").iter_rows())
    return [most[agent] for agent in agents]


def counted(rows: pl.LazyFrame, hits: pl.Expr, of: pl.Expr | None = None, *also: str) -> pl.DataFrame:
    """One cell a row: whether it is a hit."""
    held = rows if of is None else rows.filter(of)
    found = hits.cast(pl.Int64).alias("hits"), pl.lit(1, pl.Int64).alias("rows")
    return held.select(*WHO, *STRATA, *also, *found).collect()


def long_queues(rows: Rows, by: Sequence[str]) -> pl.LazyFrame:
    """Of each half hour (of a queue) whether its mean wait is among the longest."""
    legs = rows.of("legs", "day", "interval", "queue", "offered", "wait_ms")
    waits = legs.filter(pl.col("offered").cast(pl.Boolean)).group_by(by).agg(pl.col("wait_ms").mean().alias("wait"))
    edge, mean = pl.col("wait").quantile(BUSY), pl.col("wait").mean()
    if "queue" in by:
        edge, mean = edge.over("queue"), mean.over("queue")
    # Above the mean too: on a quiet floor most half hours have no wait at all.
    long = (pl.col("wait") >= edge) & (pl.col("wait") > mean)
    return waits.with_columns(long.alias("long")).select(*by, "long")
