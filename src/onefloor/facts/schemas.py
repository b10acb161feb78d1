"""The fact tables and their columns.

Every fact carries:

==========  ============================================================================================
row_id      int64, identity of the row (a 63-bit hash of its source's own key); the same row has the same id
group_id    int64, identity of what one revision replaces as a whole (a call, an agent's day); often ``row_id``
revision    int64; of a group only the rows with the highest revision count
digest      int64, hash of the content: the same row sent again has the same digest
source      kind of the source system, such as ``asterisk-queue-log``
file, line  where the row came from (line of the last line that made it, counted from 1)
load        id of the load that wrote it
month       int32, ``year * 100 + month`` of the row's time in the floor's zone; the partition
==========  ============================================================================================

Times are epoch ms UTC, durations ms, both int64. Names are text; customers are keyed 63-bit hashes.
"""

from __future__ import annotations

from typing import Final

import pyarrow as pa

ms, text, count, flag = pa.int64(), pa.string(), pa.int32(), pa.bool_()

PROVENANCE: Final = [
    pa.field("row_id", pa.int64(), nullable=False),
    pa.field("group_id", pa.int64(), nullable=False),
    pa.field("revision", pa.int64(), nullable=False),
    pa.field("digest", pa.int64(), nullable=False),
    pa.field("source", text, nullable=False),
    pa.field("file", text, nullable=False),
    pa.field("line", pa.int64(), nullable=False),
    pa.field("load", text, nullable=False),
    pa.field("month", pa.int32(), nullable=False),
]

# How a contact leg ended. `offered` legs entered a queue; only then can they be answered, abandoned and so on.
OUTCOMES: Final = {
    "answered": 1,
    "abandoned": 2,  # the customer left while waiting
    "exit_key": 3,  # left by a key, such as for a call-back
    "timeout": 4,  # the queue's time limit
    "queue_empty": 5,  # nobody reachable: the queue let the customer go
    "withdrawn": 6,  # taken out by a system
    "failed": 7,  # answered but dropped for technical reasons
    "before_queue": 8,  # ended in the voice menu: never offered
    "open": 9,  # no end seen yet
}
CHANNELS: Final = ("voice", "chat", "email", "sms", "task", "other")
DIRECTIONS: Final = ("in", "out", "internal")
ENDED_BY: Final = ("customer", "agent", "transfer", "system")
# What an agent was doing. `available` waits for a contact; `paused` carries a reason; `wrap` is after-call work.
STATES: Final = {"available": 1, "ringing": 2, "talk": 3, "hold": 4, "wrap": 5, "paused": 6}
# What a shift asks for at a time. `work` wants the agent on the floor, the others elsewhere but paid, except `break`
# with paid = false. `leave` is approved absence.
ACTIVITIES: Final = ("work", "break", "training", "coaching", "meeting", "leave")
EMPLOYMENT: Final = ("own", "dispatched", "outsourced")

CONTACTS: Final = pa.schema([
    *PROVENANCE,
    pa.field("contact", text, nullable=False),      # the source's id of the contact
    pa.field("leg", count, nullable=False),         # 1, 2, ... within the contact
    pa.field("channel", text, nullable=False),      # CHANNELS
    pa.field("direction", text, nullable=False),    # DIRECTIONS
    pa.field("started_ms", ms, nullable=False),     # the leg's time: it entered the queue, else it began
    pa.field("queued_ms", ms),                      # null: never entered a queue
    pa.field("answered_ms", ms),
    pa.field("ended_ms", ms),                       # null while open
    pa.field("wait_ms", ms),                        # queue entry to answer or end; ring time included
    pa.field("ring_ms", ms),                        # ringing of the agent who answered
    pa.field("rings_unanswered", count),            # ring attempts of this leg that nobody took
    pa.field("talk_ms", ms),                        # without hold
    pa.field("hold_ms", ms),
    pa.field("wrap_ms", ms),                        # after-call work; null where the source does not know
    pa.field("outcome", text, nullable=False),      # OUTCOMES
    pa.field("ended_by", text),                     # ENDED_BY
    pa.field("transferred_to", text),               # not null: the agent passed the contact on
    pa.field("queue", text),
    pa.field("skill", text),
    pa.field("topic", text),
    pa.field("agent", text),                        # who answered, as the source writes it
    pa.field("customer", pa.int64()),               # keyed hash; null: not identified
    pa.field("sale_eligible", flag),                # null: the source does not say
    pa.field("recording", text),
])  # fmt: skip

# One line of an Asterisk queue log, unchanged: calls and agent states are derived from all of them.
EVENTS: Final = pa.schema([
    *PROVENANCE,
    pa.field("at_ms", ms, nullable=False),
    pa.field("file_start_ms", ms, nullable=False),  # first event of its file: orders files inside one second
    pa.field("call", text, nullable=False),
    pa.field("queue", text, nullable=False),
    pa.field("agent", text, nullable=False),
    pa.field("event", text, nullable=False),
    pa.field("parameters", text, nullable=False),   # the rest of the line, '|' kept, caller numbers as hashes
])  # fmt: skip

# A ring that the agent did not take. Kept apart from legs: one leg may ring many agents.
RINGS: Final = pa.schema([
    *PROVENANCE,
    pa.field("contact", text, nullable=False),
    pa.field("started_ms", ms, nullable=False),
    pa.field("ring_ms", ms, nullable=False),
    pa.field("outcome", text, nullable=False),      # "answered", "no_answer" or "canceled" (the customer left)
    pa.field("queue", text),
    pa.field("agent", text, nullable=False),
])  # fmt: skip

AGENT_STATES: Final = pa.schema([
    *PROVENANCE,
    pa.field("agent", text, nullable=False),
    pa.field("state", text, nullable=False),        # STATES
    pa.field("reason", text),
    pa.field("queue", text),
    pa.field("started_ms", ms, nullable=False),
    pa.field("ended_ms", ms, nullable=False),       # half-open; never across local midnight
])  # fmt: skip

SURVEYS: Final = pa.schema([
    *PROVENANCE,
    pa.field("contact", text),
    pa.field("started_ms", ms, nullable=False),     # when the contact was
    pa.field("invited_ms", ms, nullable=False),
    pa.field("answered_ms", ms),                    # null: invited, not answered
    pa.field("score", count),                       # 1-5; null without an answer
    pa.field("resolved", flag),                     # the customer's own word, if asked
    pa.field("queue", text), pa.field("topic", text), pa.field("agent", text), pa.field("channel", text),
])  # fmt: skip

SALES: Final = pa.schema([
    *PROVENANCE,
    pa.field("contact", text),
    pa.field("started_ms", ms, nullable=False),     # when it was sold
    pa.field("product", text),
    pa.field("accepted", flag, nullable=False),
    pa.field("cancelled_ms", ms),
    pa.field("complained_ms", ms),
    pa.field("amount_minor", pa.int64()),           # in the currency's smallest unit
    pa.field("queue", text), pa.field("topic", text), pa.field("agent", text), pa.field("channel", text),
])  # fmt: skip

COMPLAINTS: Final = pa.schema([
    *PROVENANCE,
    pa.field("contact", text),
    pa.field("started_ms", ms, nullable=False),     # when the contact was that the complaint is about
    pa.field("received_ms", ms, nullable=False),
    pa.field("justified", flag),                    # null: not judged yet
    pa.field("queue", text), pa.field("topic", text), pa.field("agent", text), pa.field("channel", text),
])  # fmt: skip

# One scored contact. Per family: null = no critical item of the family applied, else whether one failed.
EVALUATIONS: Final = pa.schema([
    *PROVENANCE,
    pa.field("contact", text),
    pa.field("started_ms", ms, nullable=False),     # when the contact was
    pa.field("scored_ms", ms, nullable=False),
    pa.field("customer_critical_failed", flag),
    pa.field("business_critical_failed", flag),
    pa.field("compliance_critical_failed", flag),
    pa.field("score_hundredths", count),            # 8750 = 87.50 points
    pa.field("rater", text),
    pa.field("queue", text), pa.field("topic", text), pa.field("agent", text), pa.field("channel", text),
])  # fmt: skip

SHIFTS: Final = pa.schema([
    *PROVENANCE,
    pa.field("agent", text, nullable=False),
    pa.field("activity", text, nullable=False),     # ACTIVITIES
    pa.field("paid", flag, nullable=False),
    pa.field("started_ms", ms, nullable=False),
    pa.field("ended_ms", ms, nullable=False),
])  # fmt: skip

FORECASTS: Final = pa.schema([
    *PROVENANCE,
    pa.field("started_ms", ms, nullable=False),     # start of the interval
    pa.field("minutes", count, nullable=False),
    pa.field("queue", text),
    pa.field("company", text),                      # whose share it is; null: the whole queue
    pa.field("contacts", pa.int64(), nullable=False),
    pa.field("locked_ms", ms, nullable=False),      # when both sides had acknowledged it
])  # fmt: skip

# Duties the client owes: a forecast, an answer, a notice, training, uptime. Each has a clock.
DUTIES: Final = pa.schema([
    *PROVENANCE,
    pa.field("company", text, nullable=False),      # to which vendor it is owed
    pa.field("duty", text, nullable=False),
    pa.field("reference", text, nullable=False),
    pa.field("started_ms", ms, nullable=False),     # when it was due
    pa.field("done_ms", ms),                        # null: not done
])  # fmt: skip

# Dated rows of the roster; `until_day` is exclusive and null while open. A person's newest version counts as a whole.
ROSTER: Final = pa.schema([
    *PROVENANCE,
    pa.field("agent", text, nullable=False),
    pa.field("name", text),
    pa.field("company", text, nullable=False),
    pa.field("employment", text, nullable=False),   # EMPLOYMENT
    pa.field("site", text), pa.field("team", text),
    pa.field("hired_day", count),
    pa.field("from_day", count, nullable=False),
    pa.field("until_day", count),
])  # fmt: skip

# Lines that could not be read, as they were. Personal data in them stays with the client, like the facts.
QUARANTINE: Final = pa.schema([
    pa.field("load", text, nullable=False),
    pa.field("source", text, nullable=False),
    pa.field("file", text, nullable=False),
    pa.field("line", pa.int64(), nullable=False),
    pa.field("reason", text, nullable=False),
    pa.field("raw", text, nullable=False),
])  # fmt: skip

# How a file was written whose lines were set aside: what is needed to read a single line of it again.
LAYOUTS: Final = pa.schema([
    pa.field("load", text, nullable=False),
    pa.field("file", text, nullable=False),
    pa.field("header", text, nullable=False),       # JSON list of the columns
    pa.field("delimiter", text, nullable=False),
    pa.field("quote", text, nullable=False),
])  # fmt: skip

# One row a line that left quarantine: `load` took it in, it had been set aside by `of_load`.
MENDINGS: Final = pa.schema([
    pa.field("load", text, nullable=False),
    pa.field("of_load", text, nullable=False),
    pa.field("file", text, nullable=False),
    pa.field("line", pa.int64(), nullable=False),
])  # fmt: skip

# One row a load: the report, and what makes loading the same bytes again a non-event.
LOADS: Final = pa.schema([
    pa.field("load", text, nullable=False),         # digest of kind, options and bytes
    pa.field("source", text, nullable=False),
    pa.field("files", text, nullable=False),        # JSON list
    pa.field("lines", pa.int64(), nullable=False),
    pa.field("loaded", pa.int64(), nullable=False),
    pa.field("duplicates", pa.int64(), nullable=False),
    pa.field("ignored", pa.int64(), nullable=False),
    pa.field("quarantined", pa.int64(), nullable=False),
    pa.field("reasons", text, nullable=False),      # JSON object
    pa.field("content", text, nullable=False),      # order-free digest of what was loaded (hex)
])  # fmt: skip

TABLES: Final = {
    "contacts": CONTACTS,
    "events": EVENTS,
    "rings": RINGS,
    "agent_states": AGENT_STATES,
    "surveys": SURVEYS,
    "sales": SALES,
    "complaints": COMPLAINTS,
    "evaluations": EVALUATIONS,
    "shifts": SHIFTS,
    "forecasts": FORECASTS,
    "duties": DUTIES,
    "roster": ROSTER,
    "quarantine": QUARANTINE,
    "layouts": LAYOUTS,
    "mendings": MENDINGS,
    "loads": LOADS,
}
PARTITIONED: Final = frozenset(set(TABLES) - {"quarantine", "layouts", "mendings", "loads", "roster"})
