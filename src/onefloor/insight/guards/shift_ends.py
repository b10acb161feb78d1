"""The last half hour of a shift: contacts passed on, or ended at once, so as not to stay on longer.

Judged against what the same agent does at other times of the day: who passes on much at any time is another pattern's.
A shift ends where the roster says, else (an agent without shifts) with the last time logged in for two hours.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from onefloor.insight.guards.rows import Rows
from onefloor.insight.guards.short_calls import SHORT_AND_BACK, with_back
from onefloor.insight.guards.tallying import STRATA, WHO, Counted, Pattern, counted
from onefloor.language import Text

LAST_MS = 30 * 60_000
APART_MS = 150 * 60_000  # from one half hour's start to the next: two hours without any end a shift
NO_TIMES = Text(
    "没有班表，也没有坐席状态：不知道班次何时结束。",
    "neither shifts nor agent states are loaded: nobody knows when a shift ends",
)


def shift_ends(rows: Rows) -> pl.LazyFrame:
    """``agent`` and ``end_ms`` of every shift."""
    time = rows.of("agent_time", "agent", "start_ms", "scheduled_ms", "logged_ms").filter(pl.col("agent") != 0)
    rostered = (pl.col("scheduled_ms").max().over("agent") > 0).alias("rostered")
    there = pl.when("rostered").then("scheduled_ms").otherwise("logged_ms").alias("there_ms")
    runs = time.with_columns(rostered).with_columns(there).filter(pl.col("there_ms") > 0).sort("agent", "start_ms")
    gap = pl.col("start_ms").shift(-1).over("agent") - pl.col("start_ms")
    last = runs.filter((gap > APART_MS).fill_null(value=True))
    return last.select("agent", (pl.col("start_ms") + pl.col("there_ms")).alias("end_ms"))


def _at_the_end(rows: Rows, hits: pl.Expr) -> Counted:
    """Answered legs, special where they were over within the last half hour of the agent's shift."""
    ends = shift_ends(rows).sort("end_ms").collect()
    if ends.is_empty():
        return NO_TIMES
    over = (pl.col("start_ms") + pl.col("wait_ms") + pl.col("talk_ms") + pl.col("hold_ms")).alias("at_ms")
    legs = with_back(rows, *WHO, *STRATA, "start_ms", "wait_ms", "hold_ms", "transferred")
    timed = legs.with_columns(over).filter(pl.col("agent") != 0).sort("at_ms")
    joined = timed.join_asof(
        ends.lazy(), left_on="at_ms", right_on="end_ms", by="agent", strategy="forward", check_sortedness=False
    )
    late = (pl.col("end_ms") - pl.col("at_ms") <= LAST_MS).fill_null(value=False).alias("special")
    return counted(joined.with_columns(late), hits, None, "special")


def _transfers(rows: Rows) -> Counted:
    return _at_the_end(rows, pl.col("transferred"))


def _short_calls(rows: Rows) -> Counted:
    return _at_the_end(rows, SHORT_AND_BACK)


SHIFT_ENDS: Final = (
    Pattern(
        "transfers_at_shift_end",
        Text("下班前半小时转接", "transfers in a shift's last half hour"),
        Text(
            "下班前半小时转接比本人其他时间更多，超出同事的差别",
            "passes on more in the last half hour of a shift than at other times, beyond what peers do",
        ),
        _transfers,
        "transfers",
    ),
    Pattern(
        "short_calls_at_shift_end",
        Text("下班前半小时短通话", "short calls in a shift's last half hour"),
        Text(
            "下班前半小时内 15 秒以内结束且客户一小时内再来电的，比本人其他时间更多",
            "ends more within 15 s, the customer back within 1 h, in the last half hour of a shift than at other times",
        ),
        _short_calls,
        "talk_time",
    ),
)
