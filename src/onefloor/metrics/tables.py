"""The measuring tables: narrow integer columns, derived from facts, one Parquet file a month.

Names are ids (see ``Names``); id 0 means "none". Every table has these dimensions, 0 where they do not apply::

    start_ms  int64   the row's instant
    day       int32   local day id           month int32 202611     week int32 202647 (ISO)
    weekday   int8    1 = Monday             hour  int8  0-23       interval int16  half hour of the local day, 0-47
    agent company employment site team tenure queue skill topic channel   int32 ids

Company, employment form, site, team and tenure are those of the agent's roster row on that day; without an agent,
the company the queue is dedicated to (``floor.toml``), else 0: nobody's.
"""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from onefloor.language import Text
from onefloor.periods import MS_PER_DAY

i64, i32, i16, i8, flag = pa.int64(), pa.int32(), pa.int16(), pa.int8(), pa.bool_()

NAMED: Final = (
    "agent", "company", "employment", "site", "team", "tenure", "queue", "skill", "topic", "channel",
)  # fmt: skip
TIMED: Final = ("day", "month", "week", "weekday", "hour", "interval")
DIMENSIONS: Final = (*NAMED, *TIMED)

# Tenure bands by completed days since hiring: upper bound (exclusive) and name.
TENURE_BANDS: Final = (
    (30, "0-29 d"), (90, "30-89 d"), (180, "90-179 d"), (365, "180-364 d"), (730, "1-2 y"), (10**9, "2 y+"),
)  # fmt: skip

COMMON: Final = [
    pa.field("row_id", i64),
    pa.field("start_ms", i64),
    pa.field("day", i32), pa.field("month", i32), pa.field("week", i32),
    pa.field("weekday", i8), pa.field("hour", i8), pa.field("interval", i16),
    *(pa.field(name, i32) for name in NAMED),
]  # fmt: skip

LEGS: Final = pa.schema([
    *COMMON,
    pa.field("inbound", flag), pa.field("first", flag),         # the contact's first leg
    pa.field("offered", flag),                                  # it entered a queue
    pa.field("answered", flag), pa.field("abandoned", flag),
    pa.field("outcome", i8),                                    # facts.schemas.OUTCOMES
    pa.field("transferred", flag),
    pa.field("sale_eligible", flag),                            # answered, and the source does not forbid an offer
    pa.field("wait_ms", i64), pa.field("ring_ms", i64), pa.field("talk_ms", i64),
    pa.field("hold_ms", i64), pa.field("wrap_ms", i64),
    pa.field("handle_ms", i64),                                 # talk + hold + wrap
    pa.field("rings_unanswered", i32),
    # Against the locked forecast of the row's company, queue and interval, in millionths rounded up, so that
    # `> limit` is exact; 0 without a forecast. A forecast of 0 makes every contact a surplus: (n + 1) million.
    pa.field("nth_ppm", i64),                                   # this row's place in the interval / forecast
    pa.field("interval_ppm", i64),                              # the interval's offered legs / forecast
    pa.field("nth_in_month", i64),                              # place among its company's offered legs of the month
])  # fmt: skip

# One row a contact that somebody answered, dated and owned by its last answered leg (topic and queue of its first).
CONTACTS: Final = pa.schema([
    *COMMON,
    pa.field("identified", flag),                               # the customer is known
    pa.field("customer", i64),                                  # keyed hash; 0 unknown
    pa.field("end_ms", i64),
    # end of this contact to the start of the same customer's next offered contact, at most NO_REPEAT_MS
    pa.field("gap_topic_ms", i64), pa.field("gap_any_ms", i64),
])  # fmt: skip
LOOKAHEAD_DAYS: Final = 31
# Stands for every longer gap, and for none: beyond any window that may be asked for. Not null, because a column that
# may be missing costs every engine a third more to read and compare.
NO_REPEAT_MS: Final = LOOKAHEAD_DAYS * MS_PER_DAY + 1

# One row per agent and half hour in which the agent was logged in or scheduled. All columns ms; overlaps are merged,
# the busiest state wins: talk, hold, wrap, ringing, paused, available.
AGENT_TIME: Final = pa.schema([
    *COMMON,
    *(
        pa.field(name, i64)
        for name in (
            "logged_ms", "available_ms", "ringing_ms", "talk_ms", "hold_ms", "wrap_ms", "paused_ms",
            "productive_ms",           # available + ringing + talk + hold + wrap
            "paid_ms",                 # paid shift time; logged_ms where the agent has no shifts that day
            "scheduled_ms",            # shift time of every activity but leave
            "required_ms",             # shift time with activity work
            "adherent_ms",             # in the right state at the right time
            "worked_ms",               # logged in at all, capped by nothing
            "absent_ms",               # required, but not logged in
            "productive_adherent_ms",  # productive during required time
        )
    ),
])  # fmt: skip

RINGS: Final = pa.schema([*COMMON, pa.field("ring_ms", i64), pa.field("taken", flag), pa.field("canceled", flag)])
SURVEYS: Final = pa.schema([*COMMON, pa.field("responded", flag), pa.field("score", i8), pa.field("resolved", flag)])
SALES: Final = pa.schema([
    *COMMON,
    pa.field("accepted", flag),
    pa.field("cancelled_after_ms", i64),    # null: not cancelled
    pa.field("complained_after_ms", i64),   # null: no complaint
    pa.field("amount_minor", i64),
])  # fmt: skip
COMPLAINTS: Final = pa.schema([*COMMON, pa.field("justified", flag), pa.field("received_after_ms", i64)])
EVALUATIONS: Final = pa.schema([
    *COMMON,
    *(
        pa.field(f"{family}_{what}", flag)
        for family in ("customer", "business", "compliance")
        for what in ("applies", "failed")
    ),
    pa.field("score_hundredths", i32),
])  # fmt: skip
# One row per agent and day on the roster; a leaver's last day carries `left`.
PEOPLE: Final = pa.schema([
    *COMMON,
    pa.field("joined", flag), pa.field("left", flag),
    pa.field("left_early", flag),           # left within 90 days of hiring
    pa.field("hired", flag),                # the person's first day anywhere on the floor
])  # fmt: skip
# One row per locked forecast interval that has passed; company 0 = the whole queue.
FORECASTS: Final = pa.schema([
    *COMMON,
    pa.field("forecast", i64), pa.field("actual", i64), pa.field("missed_by", i64),     # |actual - forecast|
    pa.field("within_tenth", flag),         # 10 * missed_by <= actual
])  # fmt: skip
DUTIES: Final = pa.schema([
    *COMMON,
    pa.field("duty", i32),                  # a named dimension of this table only
    pa.field("done", flag), pa.field("late_ms", i64),   # done after due (0: in time); null: not done
])  # fmt: skip

# The columns that may be missing; the others never are, and no engine has to ask.
MISSABLE: Final = frozenset((
    "score", "resolved", "cancelled_after_ms", "complained_after_ms", "justified", "received_after_ms",
    "score_hundredths", "late_ms",
))  # fmt: skip


def _sealed(schema: pa.Schema) -> pa.Schema:
    return pa.schema([field.with_nullable(field.name in MISSABLE) for field in schema])


MEASURING: Final = {
    "legs": _sealed(LEGS),
    "contacts": _sealed(CONTACTS),
    "agent_time": _sealed(AGENT_TIME),
    "rings": _sealed(RINGS),
    "surveys": _sealed(SURVEYS),
    "sales": _sealed(SALES),
    "complaints": _sealed(COMPLAINTS),
    "evaluations": _sealed(EVALUATIONS),
    "people": _sealed(PEOPLE),
    "forecasts": _sealed(FORECASTS),
    "duties": _sealed(DUTIES),
}

# Dimensions that mean nothing for a table (always 0 there); grouping by them is refused with this in mind.
ABSENT: Final = {
    "legs": (),
    "contacts": (),
    "agent_time": ("queue", "skill", "topic", "channel"),
    "rings": ("topic", "channel"),  # a ring's facts do not say on which channel it came
    "surveys": (),
    "sales": (),
    "complaints": (),
    "evaluations": (),
    "people": ("queue", "skill", "topic", "channel", "hour", "interval"),
    "forecasts": ("agent", "employment", "site", "team", "tenure", "channel"),
    "duties": ("agent", "employment", "site", "team", "tenure", "queue", "skill", "topic", "channel"),
}

TITLES: Final = {
    "agent": Text("坐席", "agent"),
    "company": Text("所属公司", "company"),
    "employment": Text("用工形式", "employment form"),
    "site": Text("职场", "site"),
    "team": Text("班组", "team"),
    "tenure": Text("司龄", "tenure"),
    "queue": Text("队列", "queue"),
    "skill": Text("技能", "skill"),
    "topic": Text("业务类型", "topic"),
    "channel": Text("渠道", "channel"),
    "day": Text("日期", "day"),
    "month": Text("账期", "month"),
    "week": Text("周", "week"),
    "weekday": Text("星期", "weekday"),
    "hour": Text("小时", "hour"),
    "interval": Text("时段", "interval"),
}
