"""What gaming leaves behind in the measuring tables: of each agent, queue and hour how often, out of how many.

The source does not say who hung up: a short call counts when the same customer is back within the hour, which is what
the agent who hangs up causes. Invitations to surveys are counted per handled contact: who suppresses, invites few.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from onefloor.insight.guards.before_peaks import BEFORE_PEAKS
from onefloor.insight.guards.idle_line import HEAD_OF_LINE
from onefloor.insight.guards.peers import Floats
from onefloor.insight.guards.rows import Rows
from onefloor.insight.guards.shift_ends import SHIFT_ENDS
from onefloor.insight.guards.short_calls import SHORT_AND_BACK, with_back
from onefloor.insight.guards.tallying import STRATA, WHO, Pattern, counted, kept, long_queues
from onefloor.insight.guards.uninvited import UNINVITED
from onefloor.language import Text
from onefloor.metrics.prepared import Prepared
from onefloor.periods import Month

LEAST_BUSY = 20  # contacts of an agent in long queues, and in others, before its after-call work is compared
AWAY = 0.5  # share of a required half hour that an agent is missing to count as away


def _short_calls(rows: Rows) -> pl.DataFrame:
    return counted(with_back(rows, *WHO, *STRATA), SHORT_AND_BACK)


def _transfers(rows: Rows) -> pl.DataFrame:
    legs = rows.of("legs", *WHO, *STRATA, "answered", "transferred")
    return counted(legs, pl.col("transferred"), pl.col("answered").cast(pl.Boolean))


def _unanswered(rows: Rows) -> pl.DataFrame:
    rings = rows.of("rings", *WHO, *STRATA, "taken", "canceled")
    return counted(rings, ~pl.col("taken").cast(pl.Boolean), ~pl.col("canceled").cast(pl.Boolean))


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
    long = long_queues(rows, ("day", "interval"))
    required = time.filter(pl.col("required_ms") > 0).join(here, on=["agent", "day"]).join(long, on=["day", "interval"])
    away = (pl.col("absent_ms") > AWAY * pl.col("required_ms")).cast(pl.Int64)
    busy = required.filter(pl.col("long")).select(*WHO, "hour", away.alias("hits"), pl.lit(1, pl.Int64).alias("rows"))
    return busy.collect()


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
    *SHIFT_ENDS,
    BEFORE_PEAKS,
    HEAD_OF_LINE,
    UNINVITED,
)


@dataclass(frozen=True, slots=True)
class Stretched:
    """Of each agent how much longer its after-call work is in long queues than in others, against its peers.

    ``logarithm`` is log(long / other) minus that of the own company's agents, ``error`` its chance variance.
    ``few`` has the company of each agent with too little of either.
    """

    agents: tuple[str, ...]
    logarithm: Floats
    error: Floats
    companies: tuple[str | None, ...]
    few: tuple[str | None, ...] = ()

    def of_companies(self, names: Collection[str]) -> Stretched:
        """The agents of some companies."""
        mask = np.array([one in names for one in self.companies], bool)
        few = tuple(one for one in self.few if one in names)
        return Stretched(
            kept(self.agents, mask), self.logarithm[mask], self.error[mask], kept(self.companies, mask), few
        )


def stretched(prepared: Prepared, months: Sequence[Month], scope: str = "") -> Stretched:
    """After-call work that grows when the queue is long: a way to be out of reach."""
    rows = Rows(prepared, months, scope)
    columns = (*WHO, "queue", "day", "interval", "answered", "wrap_ms")
    legs = rows.of("legs", *columns)
    long = long_queues(rows, ("queue", "day", "interval"))
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
    few = sums.unique("agent", keep="first", maintain_order=True).join(both, on="agent", how="anti")
    error = both["var"] / both["n"] + both["var_calm"] / both["n_calm"]
    return Stretched(
        tuple(names[number] for number in both["agent"].to_list()),
        (both["mean"] - both["mean_calm"]).to_numpy().astype(float),
        error.to_numpy().astype(float),
        tuple(companies.get(number) for number in both["company"].to_list()),
        tuple(companies.get(number) for number in few["company"].to_list()),
    )


BY_NAME: Final[Mapping[str, Pattern]] = {pattern.name: pattern for pattern in PATTERNS}
