"""What agents were doing, from an Asterisk ``queue_log``: membership, pauses, rings and talk, one state at a time.

An agent is logged in while member of at least one queue (or logged in to an agent pool), and paused while paused in
all of them. Talk and rings lie over that; of overlapping ones the busiest counts. Nothing is made up: a state ends
with the log, and a login without any later sign of it counts for a week at most.

The states of a day depend only on the lines from eight days before it to two days after it. That is what makes the
order in which files are loaded irrelevant: whoever adds a line derives the days within its reach anew.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from onefloor.facts.identity import Ids, derived_ids, stable_ids
from onefloor.facts.local_time import local_days, months_of_days
from onefloor.facts.sources.asterisk_calls import SOURCE
from onefloor.periods import MS_PER_DAY, MS_PER_HOUR, Clock

POOL: Final = ("AGENTLOGIN", "AGENTCALLBACKLOGIN", "AGENTLOGOFF", "AGENTCALLBACKLOGOFF")
STATE_EVENTS: Final = ("ADDMEMBER", "REMOVEMEMBER", "PAUSE", "UNPAUSE", *POOL)
# The columns of ``events`` that states are made from.
COLUMNS: Final = ("row_id", "at_ms", "file_start_ms", "file", "line", "queue", "agent", "event", "parameters")
# There is no wrap-up event. Pauses with one of these reasons (case does not matter) are after-call work.
AFTER_CALL: Final = ("wrapup", "wrap-up", "wrap up", "acw", "aftercall", "after-call", "after call", "after call work",
                     "aftercallwork", "后处理", "话后", "话后处理", "事后处理")  # fmt: skip
LOGIN_LASTS_MS: Final = 7 * MS_PER_DAY
SILENCE_MS: Final = MS_PER_DAY
LONGEST_TALK_MS: Final = MS_PER_DAY
LONGEST_RING_MS: Final = MS_PER_HOUR
DAYS_BEFORE: Final = 8
DAYS_AFTER: Final = 2
# Busiest first.
ORDER: Final = ("talk", "wrap", "ringing", "paused", "available")
TALK, WRAP, RINGING, PAUSED, AVAILABLE = range(5)


def days_reached(days: Ids) -> Ids:
    """The days whose states may change when lines of these days are added."""
    return np.unique(np.concatenate([days + shift for shift in range(-1, 9)])) if len(days) else days


def days_needed(days: Ids) -> Ids:
    """The days whose lines decide the states of these days."""
    return np.unique(np.concatenate([days + shift for shift in range(-DAYS_BEFORE, DAYS_AFTER + 1)]))


def states(
    events: pl.DataFrame, legs: pl.DataFrame, rings: pl.DataFrame, times_ms: Ids, days: Ids, clock: Clock
) -> pl.DataFrame:
    """Agent states of some days: ``agent, day, state, reason, started_ms, ended_ms, file, line``.

    Args:
        events: the lines of ``STATE_EVENTS`` in the days needed.
        legs: current ``contacts`` that ended then.
        rings: current ``rings`` of then.
        times_ms: when the log had any line at all, sorted.
        days: local day ids to give back.
        clock: of the floor's zone.
    """
    parts = [_membership(events, times_ms), _talk(legs), _ringing(rings)]
    intervals = pl.concat(parts).filter(pl.col("started_ms") < pl.col("ended_ms"))
    if intervals.is_empty():
        return intervals.with_columns(pl.col("state").cast(pl.String), pl.lit(0, pl.Int64).alias("day"))
    return _by_day(_busiest(intervals), days, clock)


def _intervals(frame: pl.DataFrame, state: pl.Expr, started: pl.Expr, ended: pl.Expr, reason: pl.Expr) -> pl.DataFrame:
    """Intervals of agents; a state stands as its place in ``ORDER``."""
    return frame.select(
        "agent", state.cast(pl.Int8).alias("state"), reason.alias("reason"), started.alias("started_ms"),
        ended.alias("ended_ms"), "file", "line",
    )  # fmt: skip


def _talk(legs: pl.DataFrame) -> pl.DataFrame:
    """Talk ends with the leg and lasted as long as the PBX says; a call without an end gives none."""
    spoken = legs.filter(pl.col("talk_ms").is_not_null() & pl.col("agent").is_not_null())
    start = pl.col("ended_ms") - pl.col("talk_ms").clip(0, LONGEST_TALK_MS)
    return _intervals(spoken, pl.lit(TALK), start, pl.col("ended_ms"), pl.lit(None, pl.String))


def _ringing(rings: pl.DataFrame) -> pl.DataFrame:
    end = pl.col("started_ms") + pl.col("ring_ms")
    start = end - pl.col("ring_ms").clip(0, LONGEST_RING_MS)
    return _intervals(rings, pl.lit(RINGING), start, end, pl.lit(None, pl.String))


def _membership(events: pl.DataFrame, times_ms: Ids) -> pl.DataFrame:
    """Available, paused and wrap intervals of each agent, from running counts of queues and paused queues."""
    changes = _changes(events)
    counts = changes.group_by("agent", "at_ms", maintain_order=True).agg(
        pl.col("queues", "paused", "pools").sum(), pl.col("reason").drop_nulls().last(), pl.col("file", "line").last()
    )
    counts = counts.with_columns(
        pl.col("queues", "paused", "pools").cum_sum().over("agent"),
        pl.col("reason").forward_fill().over("agent"),
        pl.col("at_ms").shift(-1).over("agent").alias("next_ms"),
    )
    counts = counts.filter(pl.col("next_ms").is_not_null() & ((pl.col("queues") > 0) | (pl.col("pools") > 0)))
    covered = pl.Series("covered_ms", _log_ends(times_ms, counts["at_ms"].to_numpy()), dtype=pl.Int64)
    away = (pl.col("queues") > 0) & (pl.col("paused") == pl.col("queues"))
    after_call = pl.col("reason").str.strip_chars().str.to_lowercase().is_in(AFTER_CALL)
    state = pl.when(away & after_call).then(pl.lit(WRAP)).when(away).then(pl.lit(PAUSED))
    return _intervals(
        counts.with_columns(covered),
        state.otherwise(pl.lit(AVAILABLE)),
        pl.col("at_ms"),
        pl.min_horizontal("next_ms", "covered_ms"),
        pl.when(away).then(pl.col("reason").fill_null("")),
    )


def _changes(events: pl.DataFrame) -> pl.DataFrame:
    """Every change of an agent's place in one queue as differences of counts, by agent and time.

    A PAUSE or UNPAUSE row of a queue shows that the agent is its member; PAUSEALL is only the heading of such rows
    and is not counted. Without a sign for ``LOGIN_LASTS_MS`` the place is given up.
    """
    kind = pl.col("event")
    gone = kind.is_in(("REMOVEMEMBER", "AGENTLOGOFF", "AGENTCALLBACKLOGOFF"))
    resting = (kind == "PAUSE") | ((kind == "ADDMEMBER") & (pl.col("parameters") == "PAUSED"))
    own = events.filter(~pl.col("agent").is_in(("", "NONE"))).with_columns(
        kind.is_in(POOL).alias("pool"),
        pl.when(kind.is_in(POOL)).then(pl.lit("")).otherwise("queue").alias("queue"),
        pl.when(gone).then(0).when(resting).then(2).otherwise(1).alias("status"),
        pl.when(kind == "PAUSE").then("parameters").when(resting).then(pl.lit("")).alias("reason"),
    )
    own = own.filter(pl.col("pool") | ~pl.col("queue").is_in(("", "NONE")))
    own = own.sort("agent", "queue", "pool", "at_ms", "file_start_ms", "line", "row_id")
    place = ("agent", "queue", "pool")
    following = pl.col("at_ms").shift(-1).over(place)
    lapses = (following.is_null() | (following > pl.col("at_ms") + LOGIN_LASTS_MS)) & (pl.col("status") > 0)
    lapsed = own.filter(lapses).with_columns(
        pl.col("at_ms") + LOGIN_LASTS_MS,
        pl.lit(0, own.schema["status"]).alias("status"),
        pl.lit(None, pl.String).alias("reason"),
    )
    rows = pl.concat([own, lapsed]).sort(*place, "at_ms", maintain_order=True)
    before = pl.col("status").shift(1).over(place).fill_null(0)
    member = (pl.col("status") > 0).cast(pl.Int64) - (before > 0).cast(pl.Int64)
    paused = (pl.col("status") == 2).cast(pl.Int64) - (before == 2).cast(pl.Int64)
    return rows.select(
        "agent", "at_ms", "file_start_ms", "reason", "file", "line",
        pl.when("pool").then(0).otherwise(member).alias("queues"),
        pl.when("pool").then(0).otherwise(paused).alias("paused"),
        pl.when("pool").then(member).otherwise(0).alias("pools"),
    ).sort("agent", "at_ms", "file_start_ms", "line", maintain_order=True)  # fmt: skip


def _log_ends(times_ms: Ids, at_ms: Ids) -> Ids:
    """For each instant, the last line before the log falls silent for more than ``SILENCE_MS``."""
    last = np.append(np.diff(times_ms) > SILENCE_MS, True)
    ends = times_ms[last]
    found = np.searchsorted(ends, at_ms)
    return np.asarray(ends[np.minimum(found, len(ends) - 1)]) if len(ends) else at_ms


def _busiest(intervals: pl.DataFrame) -> pl.DataFrame:
    """Overlapping intervals as one sequence per agent; neighbours with the same state and reason are one."""
    agent, state = _numbered_texts(intervals["agent"]), intervals["state"].to_numpy()
    # every interval makes two marks, where it starts and where it ends, in the order of agent and time
    at = np.concatenate([intervals["started_ms"].to_numpy(), intervals["ended_ms"].to_numpy()])
    key = np.tile(agent, 2) << 42 | at  # one key sorts faster than two; 42 bits of ms reach beyond the year 2100
    order = pl.DataFrame({"key": key}).select(pl.arg_sort_by("key", maintain_order=True)).to_series().to_numpy()
    interval, starts = order % len(agent), order < len(agent)
    at, agent, state = at[order], agent[interval], state[interval]
    busiest = _running(state, starts)
    # what a mark leads to lasts until the next one of the same agent
    until = np.append(at[1:], 0)
    lasting = np.append(agent[1:] == agent[:-1], False) & (busiest < len(ORDER)) & (at < until)
    place = np.arange(len(order))
    base = starts & np.isin(state, (WRAP, PAUSED, AVAILABLE))
    source = interval[np.maximum.accumulate(np.where(starts, place, 0))]
    reasoned = interval[np.maximum.accumulate(np.where(base, place, 0))]
    pieces = pl.DataFrame({
        "agent": agent, "state": busiest, "started_ms": at, "ended_ms": until, "source": source, "reasoned": reasoned,
    }).filter(pl.Series(lasting))  # fmt: skip
    return _merged(pieces, intervals)


def _numbered_texts(texts: pl.Series) -> Ids:
    """Equal texts as equal numbers from 0."""
    return np.asarray(texts.to_arrow().dictionary_encode().indices.to_numpy(), np.int64)


def _running(state: npt.NDArray[np.int8], starts: npt.NDArray[np.bool_]) -> npt.NDArray[np.int8]:
    """The busiest state that holds after each mark; beyond ``ORDER`` where none does."""
    step = np.where(starts, 1, -1).astype(np.int32)
    busiest = np.full(len(state), len(ORDER), np.int8)
    for code in reversed(range(len(ORDER))):
        # all of an agent's intervals end before the next agent's begin, so the sum need not start anew
        busiest[np.cumsum(np.where(state == code, step, 0)) > 0] = code
    return busiest


def _merged(pieces: pl.DataFrame, intervals: pl.DataFrame) -> pl.DataFrame:
    """Pieces with their agent, state and reason; those that continue one another joined.

    Args:
        pieces: by agent and time; ``source`` is the row of the interval that began last, ``reasoned`` that of the
            membership or pause that began last.
        intervals: what they were cut from.
    """
    agent, state, started, ended = (pieces[name].to_numpy() for name in ("agent", "state", "started_ms", "ended_ms"))
    reasons = intervals["reason"].fill_null("")
    away = np.isin(state, (WRAP, PAUSED))
    reason = np.where(away, _numbered_texts(reasons)[pieces["reasoned"].to_numpy()], -1)
    same = (agent[1:] == agent[:-1]) & (state[1:] == state[:-1]) & (reason[1:] == reason[:-1])
    first = np.flatnonzero(np.append(True, ~(same & (started[1:] == ended[:-1]))))[: len(agent)]
    last = np.append(first[1:], len(agent))[: len(first)] - 1
    source, reasoned = (
        pl.Series(pieces[name].to_numpy()[rows]) for name, rows in (("source", last), ("reasoned", first))
    )
    return pl.DataFrame({
        "state": pl.Series(ORDER).gather(pl.Series(state[first])),
        "reason": reasons.gather(reasoned).set(pl.Series(~away[first]), None),
        "started_ms": started[first], "ended_ms": ended[last],
        "file": intervals["file"].gather(source), "line": intervals["line"].gather(source),
        "agent": intervals["agent"].gather(source),
    })  # fmt: skip


def _by_day(merged: pl.DataFrame, days: Ids, clock: Clock) -> pl.DataFrame:
    """Cut at local midnights; only the wanted days."""
    first = local_days(clock, merged["started_ms"].to_numpy())
    final = local_days(clock, merged["ended_ms"].to_numpy() - 1)
    pieces = merged.with_columns(
        pl.int_ranges(pl.Series(first), pl.Series(final) + 1, dtype=pl.Int64).alias("day")
    ).explode("day", empty_as_null=False)
    pieces = pieces.filter(pl.col("day").is_in(pl.Series(days).implode()))
    known = np.unique(np.append(days, days + 1))
    midnights = np.array([clock.start_of_day_ms(int(day)) for day in known])
    place = np.searchsorted(known, pieces["day"].to_numpy())  # the next one is the day after: it is known too
    return pieces.with_columns(
        pl.max_horizontal("started_ms", pl.Series(midnights[place])),
        pl.min_horizontal("ended_ms", pl.Series(midnights[place + 1])),
    )


def as_rows(found: pl.DataFrame, replaced: pl.DataFrame, lines_in_reach: pl.DataFrame) -> pl.DataFrame:
    """The derived states as rows of ``agent_states``.

    Args:
        found: what ``states`` gave, each agent's in the order of time.
        replaced: ``agent, day, started_ms`` of days that have rows already; one for which nothing is found any more
            gets an empty interval (it starts and ends at once), which replaces what was there.
        lines_in_reach: ``day, revision``: how many lines decide a day. It only grows, and while it does not, the
            states cannot differ: the newest derivation wins, whatever the order of loading.
    """
    rows = pl.concat([found, _emptied(replaced, found)], how="diagonal")
    rows = rows.join(lines_in_reach, on="day", maintain_order="left")
    rows = _numbered(_with_kind(rows))
    group, kind, started, ended = (rows[name].to_numpy() for name in ("group_id", "kind", "started_ms", "ended_ms"))
    return rows.with_columns(
        pl.Series("row_id", derived_ids(group, rows["number"].to_numpy())),
        pl.Series("digest", derived_ids(derived_ids(group ^ kind, started), ended - started)),
        pl.Series("month", months_of_days(rows["day"].to_numpy())),
        pl.lit(None, pl.String).alias("queue"),
    )


def _emptied(replaced: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """Agents' days of which nothing is left: one empty interval each."""
    gone = replaced.join(found.select("agent", "day").unique(), on=["agent", "day"], how="anti")
    return gone.with_columns(
        pl.col("started_ms").alias("ended_ms"),
        pl.lit("available").alias("state"),
        pl.lit("").alias("file"),
        pl.lit(0, pl.Int64).alias("line"),
    )


def _numbered(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with the identity of their agent's day and their number in it."""
    groups = rows.select("agent", "day").unique(maintain_order=True)
    ids = stable_ids(f"{SOURCE}\n{agent}\n{day}" for agent, day in groups.iter_rows())
    rows = rows.join(groups.with_columns(pl.Series("group_id", ids)), on=["agent", "day"], maintain_order="left")
    return rows.with_columns(pl.int_range(pl.len(), dtype=pl.Int64).over("group_id").alias("number"))


def _with_kind(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with the identity of their state and reason."""
    kinds = rows.select("state", "reason").unique(maintain_order=True)
    ids = stable_ids(f"{state}\n{'' if reason is None else reason}" for state, reason in kinds.iter_rows())
    kinds = kinds.with_columns(pl.Series("kind", ids))
    return rows.join(kinds, on=["state", "reason"], nulls_equal=True, maintain_order="left")
