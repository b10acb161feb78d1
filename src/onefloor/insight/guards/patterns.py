"""What gaming leaves behind in the measuring tables: of each agent, queue and hour how often, out of how many.

The source does not say who hung up: a short call counts when the same customer is back within the hour, which is what
the agent who hangs up causes. Invitations to surveys are counted per handled contact: who suppresses, invites few.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

import numpy as np
import polars as pl

from onefloor.insight.guards.peers import Floats, Mask, Peers, against_peers, levelled
from onefloor.insight.guards.rows import Rows
from onefloor.language import Text
from onefloor.metrics.prepared import Prepared
from onefloor.periods import Month

SHORT_MS = 15_000
BACK_MS = 3_600_000
BUSY = 0.8  # quantile of a queue's half-hourly mean waits from which its queue is long
LEAST_BUSY = 20  # contacts of an agent in long queues, and in others, before its after-call work is compared
AWAY = 0.5  # share of a required half hour that an agent is missing to count as away
STRATA: Final = ("queue", "hour")
T = TypeVar("T")
WHO: Final = ("agent", "company")


@dataclass(frozen=True, slots=True)
class Pattern:
    """A way to look better without working better. ``low``: the suspicious side is too few."""

    name: str
    title: Text
    hint: Text
    tally: Callable[[Rows], pl.DataFrame]
    behind: str  # the metric whose rows hold what was counted
    low: bool = False


@dataclass(frozen=True, slots=True)
class Tallied:
    """A pattern's counts by agent against peers of the same queue and hour, at the level of the own company.

    ``agents`` are their names, ``companies`` those of the companies in which most of their rows are.
    """

    agents: tuple[str, ...]
    peers: Peers
    companies: tuple[str | None, ...]

    def of_companies(self, names: Collection[str]) -> Tallied:
        """The agents of some companies, against the same peers."""
        mask = np.array([one in names for one in self.companies], bool)
        return Tallied(_kept(self.agents, mask), self.peers.chosen(mask), _kept(self.companies, mask))


def _kept(values: tuple[T, ...], mask: Mask) -> tuple[T, ...]:
    return tuple(value for value, keep in zip(values, mask.tolist(), strict=True) if keep)


def tallied(pattern: Pattern, prepared: Prepared, months: Sequence[Month], scope: str = "") -> Tallied:
    """Count a pattern for every agent; ``scope`` is a predicate of the rows that may be read."""
    frame = pattern.tally(Rows(prepared, months, scope)).filter(pl.col("agent") != 0)
    strata = [name for name in STRATA if name in frame.columns]
    summed = frame.group_by("agent", *strata).agg(pl.col("hits", "rows").cast(pl.Int64).sum()).sort("agent", *strata)
    ids, unit = np.unique(summed["agent"].to_numpy(), return_inverse=True)
    stratum = np.zeros(len(summed), np.int64)
    for name in strata:
        stratum = stratum * 10_000 + summed[name].to_numpy()
    found = against_peers(unit, stratum, summed["hits"].to_numpy(), summed["rows"].to_numpy(), len(ids))
    names, companies = prepared.names.of("agent"), prepared.names.of("company")
    company = _companies_of(frame, ids.tolist())
    group = np.unique(company, return_inverse=True)[1]
    level = levelled(found, group) if group.max(initial=0) else found
    return Tallied(tuple(names[number] for number in ids.tolist()), level, tuple(companies.get(one) for one in company))


def _companies_of(frame: pl.DataFrame, agents: Sequence[int]) -> list[int]:
    """Of each agent the company in which most of its rows are."""
    summed = frame.group_by("agent", "company").agg(pl.col("rows").sum()).sort("rows", "company")
    most = dict(summed.select("agent", "company").iter_rows())
    return [most[agent] for agent in agents]


def _counted(rows: pl.LazyFrame, hits: pl.Expr, of: pl.Expr | None = None) -> pl.DataFrame:
    kept = rows if of is None else rows.filter(of)
    return kept.select(*WHO, *STRATA, hits.cast(pl.Int64).alias("hits"), pl.lit(1, pl.Int64).alias("rows")).collect()


def _short_calls(rows: Rows) -> pl.DataFrame:
    legs = rows.of("legs", "row_id", *WHO, *STRATA, "answered", "talk_ms")
    back = rows.of("contacts", "row_id", "gap_any_ms").filter(pl.col("gap_any_ms") <= BACK_MS)
    back = back.select("row_id", pl.lit(value=True).alias("back"))
    joined = legs.filter(pl.col("answered").cast(pl.Boolean)).join(back, on="row_id", how="left")
    return _counted(joined, (pl.col("talk_ms") < SHORT_MS) & pl.col("back").fill_null(value=False))


def _transfers(rows: Rows) -> pl.DataFrame:
    legs = rows.of("legs", *WHO, *STRATA, "answered", "transferred")
    return _counted(legs, pl.col("transferred"), pl.col("answered").cast(pl.Boolean))


def _unanswered(rows: Rows) -> pl.DataFrame:
    rings = rows.of("rings", *WHO, *STRATA, "taken", "canceled")
    return _counted(rings, ~pl.col("taken").cast(pl.Boolean), ~pl.col("canceled").cast(pl.Boolean))


def _invitations(rows: Rows) -> pl.DataFrame:
    surveys = rows.of("surveys", *WHO, *STRATA)
    contacts = rows.of("contacts", *WHO, *STRATA)
    asked = surveys.select(*WHO, *STRATA, pl.lit(1, pl.Int64).alias("hits"), pl.lit(0, pl.Int64).alias("rows"))
    handled = contacts.select(*WHO, *STRATA, pl.lit(0, pl.Int64).alias("hits"), pl.lit(1, pl.Int64).alias("rows"))
    parts = [part.collect() for part in (asked, handled)]
    summed = pl.concat([part.cast(dict.fromkeys(part.columns, pl.Int64)) for part in parts])
    return summed.group_by(*WHO, *STRATA).agg(pl.col("hits", "rows").sum()).filter(pl.col("rows") > 0)


def _away_at_peaks(rows: Rows) -> pl.DataFrame:
    """Required half hours in which somebody who works that day is missing, while the floor's queues are long."""
    columns = (*WHO, "day", "interval", "hour", "required_ms", "absent_ms", "logged_ms")
    time = rows.of("agent_time", *columns)
    here = time.group_by("agent", "day").agg(pl.col("logged_ms").sum().alias("of_day")).filter(pl.col("of_day") > 0)
    long = _long_queues(rows, ("day", "interval"))
    required = time.filter(pl.col("required_ms") > 0).join(here, on=["agent", "day"]).join(long, on=["day", "interval"])
    away = (pl.col("absent_ms") > AWAY * pl.col("required_ms")).cast(pl.Int64)
    busy = required.filter(pl.col("long")).select(*WHO, "hour", away.alias("hits"), pl.lit(1, pl.Int64).alias("rows"))
    return busy.collect()


def _long_queues(rows: Rows, by: Sequence[str]) -> pl.LazyFrame:
    """Of each half hour (of a queue) whether its mean wait is among the longest."""
    legs = rows.of("legs", "day", "interval", "queue", "offered", "wait_ms")
    waits = legs.filter(pl.col("offered").cast(pl.Boolean)).group_by(by).agg(pl.col("wait_ms").mean().alias("wait"))
    edge, mean = pl.col("wait").quantile(BUSY), pl.col("wait").mean()
    if "queue" in by:
        edge, mean = edge.over("queue"), mean.over("queue")
    # Above the mean too: on a quiet floor most half hours have no wait at all.
    long = (pl.col("wait") >= edge) & (pl.col("wait") > mean)
    return waits.with_columns(long.alias("long")).select(*by, "long")


PATTERNS: Final = (
    Pattern(
        "short_calls",
        Text("短通话后一小时内重复来电", "short calls, the customer back within the hour"),
        Text("15 秒内结束且同一客户一小时内再来电", "ended within 15 s and the same customer called again within 1 h"),
        _short_calls,
        "talk_time",
    ),
    Pattern(
        "transfers",
        Text("转接过多", "transfers"),
        Text("转接次数高于同队列同时段的同事", "passes on more contacts than peers in the same queue and hour"),
        _transfers,
        "transfers",
    ),
    Pattern(
        "unanswered_rings",
        Text("振铃不接", "rings nobody took"),
        Text("振铃不接多于同队列同时段的同事", "lets more rings go than peers in the same queue and hour"),
        _unanswered,
        "ring_no_answer",
    ),
    Pattern(
        "away_at_peaks",
        Text("高峰离席", "away at peaks"),
        Text("排队最长时应在岗而不在岗", "missing from required half hours when queues are longest"),
        _away_at_peaks,
        "absence",
    ),
    Pattern(
        "few_invitations",
        Text("满意度邀请过少", "few invitations to surveys"),
        Text("邀请率低于同队列同时段的同事", "invites fewer customers than peers in the same queue and hour"),
        _invitations,
        "response_rate",
        low=True,
    ),
)


@dataclass(frozen=True, slots=True)
class Stretched:
    """Of each agent how much longer its after-call work is in long queues than in others, against its peers.

    ``logarithm`` is log(long / other) minus that of the own company's agents, ``error`` its chance variance.
    """

    agents: tuple[str, ...]
    logarithm: Floats
    error: Floats
    companies: tuple[str | None, ...]

    def of_companies(self, names: Collection[str]) -> Stretched:
        """The agents of some companies."""
        mask = np.array([one in names for one in self.companies], bool)
        return Stretched(_kept(self.agents, mask), self.logarithm[mask], self.error[mask], _kept(self.companies, mask))


def stretched(prepared: Prepared, months: Sequence[Month], scope: str = "") -> Stretched:
    """After-call work that grows when the queue is long: a way to be out of reach."""
    rows = Rows(prepared, months, scope)
    columns = (*WHO, "queue", "day", "interval", "answered", "wrap_ms")
    legs = rows.of("legs", *columns)
    long = _long_queues(rows, ("queue", "day", "interval"))
    taken = legs.filter(pl.col("answered").cast(pl.Boolean) & (pl.col("wrap_ms") > 0) & (pl.col("agent") != 0))
    logs = taken.join(long, on=["queue", "day", "interval"]).with_columns(pl.col("wrap_ms").log().alias("log"))
    mean = pl.col("log").mean().over("company", "queue", "long")
    own = logs.with_columns((pl.col("log") - mean).alias("rest")).group_by("agent", "long")
    sums = own.agg(
        pl.len().alias("n"),
        pl.col("rest").mean().alias("mean"),
        pl.col("rest").var().alias("var"),
        pl.col("company").mode().min().alias("company"),
    ).collect()
    busy, calm = (sums.filter(pl.col("long") == side) for side in (True, False))
    both = (
        busy.join(calm, on="agent", suffix="_calm").filter(pl.min_horizontal("n", "n_calm") >= LEAST_BUSY).sort("agent")
    )
    names, companies = prepared.names.of("agent"), prepared.names.of("company")
    error = both["var"] / both["n"] + both["var_calm"] / both["n_calm"]
    return Stretched(
        tuple(names[number] for number in both["agent"].to_list()),
        (both["mean"] - both["mean_calm"]).to_numpy().astype(float),
        error.to_numpy().astype(float),
        tuple(companies.get(number) for number in both["company"].to_list()),
    )


BY_NAME: Final[Mapping[str, Pattern]] = {pattern.name: pattern for pattern in PATTERNS}
