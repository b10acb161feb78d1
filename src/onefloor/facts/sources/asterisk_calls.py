"""Calls of an Asterisk ``queue_log``: all events of whole calls become contact legs and rings.

A leg is one visit to one queue: ENTERQUEUE up to its terminal event. Where a line is missing (a log that starts in
the middle of a shift), the visit is put together from the lines that are there: the PBX repeats the seconds of
waiting and talking in its last line. Waiting and talking times are the PBX's own measurements, never differences of
the whole-second times, unless a line does not carry them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from onefloor.facts.identity import Ids, byte_ids, derived_ids
from onefloor.facts.local_time import with_month
from onefloor.periods import Clock

SOURCE: Final = "asterisk-queue-log"
# Call ids of events that belong to no call.
NO_CALL: Final = ("NONE", "REALTIME", "MANAGER", "CLI")
# Terminal events: the outcome, who ended the leg, and where in the parameters the seconds stand (-1: they do not).
# ATTENDEDTRANSFER's places count after its variable beginning.
TERMINAL: Final = {
    "COMPLETEAGENT": ("answered", "agent", 0),
    "COMPLETECALLER": ("answered", "customer", 0),
    "BLINDTRANSFER": ("answered", "transfer", 2),
    "TRANSFER": ("answered", "transfer", 2),
    "ATTENDEDTRANSFER": ("answered", "transfer", 2),
    "ABANDON": ("abandoned", "customer", 2),
    "EXITWITHTIMEOUT": ("timeout", "system", 2),
    "EXITWITHKEY": ("exit_key", "customer", 3),
    "EXITEMPTY": ("queue_empty", "system", 2),
    "WITHDRAW": ("withdrawn", "system", 2),
}
DROPPED: Final = ("SYSCOMPAT", "AGENTDUMP")
RINGS: Final = {"RINGNOANSWER": "no_answer", "RINGCANCELED": "canceled"}
CALL_EVENTS: Final = ("ENTERQUEUE", "CONNECT", *TERMINAL, *DROPPED, *RINGS)
KINDS: Final = {name: number for number, name in enumerate(CALL_EVENTS)}
ENDS: Final = [KINDS[name] for name in TERMINAL]
# The columns of ``events`` that calls are made from.
COLUMNS: Final = ("row_id", "at_ms", "file_start_ms", "file", "line", "call", "queue", "agent", "event", "parameters")
# A single measurement above 11 days is a damaged number.
DURATION: Final = r"^[0-9]{1,6}$"


def is_of_call() -> pl.Expr:
    """Whether an event is one of those that calls are made of."""
    return pl.col("event").is_in(CALL_EVENTS) & ~pl.col("call").is_in(NO_CALL)


@dataclass(frozen=True, slots=True)
class _Calls:
    """Events of whole calls and how they go together; the arrays are by call, then by time.

    The events themselves stay where they are: to move their texts takes longer than all the rest.
    """

    events: pl.DataFrame
    row: Ids  # of each event its row in ``events``
    kind: npt.NDArray[np.uint8]  # KINDS
    call: Ids  # 0, 1, ...
    leg: Ids  # 0, 1, ... over all calls
    group_id: Ids  # of each call
    revision: Ids  # of each call: how many events are known of it


def _calls(events: pl.DataFrame) -> _Calls:
    encoded = events["call"].to_arrow().dictionary_encode()
    call = encoded.indices.to_numpy().astype(np.int64)
    beginning = f"{SOURCE}\n".encode()
    group_id = byte_ids(encoded.dictionary.cast(pa.large_binary()).to_pylist(), beginning)
    row = _in_order(events, call)
    call, revision = call[row], np.bincount(call)
    kind = events["event"].replace_strict(KINDS, return_dtype=pl.UInt8).to_numpy()[row]
    return _Calls(events, row, kind, call, _leg_numbers(call, kind), group_id, revision)


def _in_order(events: pl.DataFrame, call: Ids) -> Ids:
    """The rows of the events by call and time, inside one second as their file has them."""
    one_file = events["file_start_ms"].n_unique() == 1
    if one_file and events["at_ms"].is_sorted() and events["line"].is_sorted():
        row = np.arange(events.height)
    else:
        row = events.select(pl.arg_sort_by("at_ms", "file_start_ms", "line", "row_id")).to_series().to_numpy()
    # one number that holds call and place sorts many times faster than texts
    key = np.sort(call[row] << 32 | np.arange(events.height))
    return np.asarray(row[key & 0xFFFF_FFFF], np.int64)


def legs_and_rings(events: pl.DataFrame, clock: Clock) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The ``contacts`` and ``rings`` of calls, given all events known of them.

    Args:
        events: ``COLUMNS`` of the ``events`` table for which ``is_of_call`` holds, whole calls, any order.
        clock: of the floor's zone.
    """
    if events.is_empty():
        return pl.DataFrame(), pl.DataFrame()
    calls = _calls(events)
    return _legs(calls, clock), _rings(calls, clock)


def _leg_numbers(call: Ids, kind: npt.NDArray[np.uint8]) -> Ids:
    """Of each event, the leg it belongs to, counted 0, 1, ... over all calls.

    A leg begins at ENTERQUEUE, or, where that line is missing, at the call's first line or at an answer or an end
    that follows an end.
    """
    entering, ending = kind == KINDS["ENTERQUEUE"], np.isin(kind, ENDS)
    step = entering | ending | (kind == KINDS["CONNECT"])
    place = np.arange(len(call))
    first = np.diff(call, prepend=-1) != 0
    start = np.maximum.accumulate(np.where(first, place, 0))
    # the step before each event: -1, or that of another call, where its call has none
    before = np.concatenate([[-1], np.maximum.accumulate(np.where(step, place, -1))[:-1]])
    begins = first | (step & (before >= start) & (entering | ending[before]))
    return np.asarray(np.cumsum(begins) - 1, np.int64)


def _of_legs(
    calls: _Calls, chosen: npt.NDArray[np.bool_] | None, columns: Sequence[str], *, last: bool
) -> pl.DataFrame:
    """One row a leg: its first or last event among the chosen ones; a row of nulls where it has none."""
    places = np.arange(len(calls.leg)) if chosen is None else np.flatnonzero(chosen)
    places = places if last else places[::-1]
    found = np.full(calls.leg[-1] + 1, -1, np.int64)
    found[calls.leg[places]] = calls.row[places]  # of several, the one written last stays
    index = pl.Series(found).set(pl.Series(found < 0), None)
    return calls.events.select(pl.col(*columns).gather(pl.lit(index)))


def _legs(calls: _Calls, clock: Clock) -> pl.DataFrame:
    kind, starts = calls.kind, np.flatnonzero(np.diff(calls.leg, prepend=-1))
    call = calls.call[starts]
    enter = _of_legs(calls, kind == KINDS["ENTERQUEUE"], ("at_ms", "queue", "parameters"), last=False)
    connect = _of_legs(calls, kind == KINDS["CONNECT"], ("at_ms", "agent", "parameters"), last=True)
    end = _of_legs(calls, np.isin(kind, ENDS), ("at_ms", "agent", "event", "parameters"), last=False)
    last = _of_legs(calls, None, ("call", "file", "line", "event", "at_ms"), last=True)
    first = _of_legs(calls, None, ("at_ms", "queue", "event", "parameters"), last=False)
    unanswered = np.bincount(calls.leg[kind == KINDS["RINGNOANSWER"]], minlength=len(starts))
    facts = pl.DataFrame({
        "contact": last["call"], "group_id": calls.group_id[call], "revision": calls.revision[call],
        "file": last["file"], "line": last["line"], "leg": _numbers(call), "last_event": last["event"],
        "last_ms": last["at_ms"], "first_ms": first["at_ms"], "first_queue": first["queue"],
        "first_ring_ms": _ring_ms(first),
        "entered_ms": enter["at_ms"], "queue": enter["queue"], "customer": _customer(enter),
        "connected_ms": connect["at_ms"], "agent": connect["agent"],
        "end_ms": end["at_ms"], "end_agent": end["agent"], "end": end["event"],
        "rings_unanswered": unanswered.astype(np.int32), "digest": _digests(calls, starts),
    })  # fmt: skip
    return _finished(_measured(pl.concat([facts, _answer_parts(connect), _end_parts(end)], how="horizontal")), clock)


def _numbers(call: Ids) -> npt.NDArray[np.int32]:
    """The number of each leg in its call, from 1; ``call`` is that of each leg, sorted."""
    place = np.arange(len(call))
    start = np.maximum.accumulate(np.where(np.diff(call, prepend=-1) != 0, place, 0))
    return np.asarray(place - start + 1, np.int32)


def _digests(calls: _Calls, starts: Ids) -> Ids:
    """Of each leg, the sum of its lines' identities, which is what its content follows from."""
    sums = np.add.reduceat(calls.events["row_id"].to_numpy()[calls.row].astype(np.uint64), starts)
    return np.asarray(sums & np.uint64(2**63 - 1)).astype(np.int64)


def _answer_parts(connect: pl.DataFrame) -> pl.DataFrame:
    """What CONNECT carries: seconds waited, and of these rung."""
    parts = pl.col("parts")
    return connect.select(pl.col("parameters").str.split("|").alias("parts")).select(
        _duration(parts.list.get(0, null_on_oob=True)).alias("hold"),
        _duration(parts.list.get(2, null_on_oob=True)).alias("ring"),
    )


def _duration(value: pl.Expr) -> pl.Expr:
    """A parameter as whole seconds; null where it is missing or no number."""
    return pl.when(value.str.contains(DURATION)).then(value).cast(pl.Int64)


def _ring_ms(events: pl.DataFrame) -> pl.Series:
    """Milliseconds of RINGNOANSWER and RINGCANCELED, 0 for every other event."""
    value = pl.col("parameters").str.extract(r"^([0-9]{1,9})(?:\||$)").cast(pl.Int64)
    return events.select(pl.when(pl.col("event").is_in(list(RINGS))).then(value).fill_null(0).alias("ring_ms"))[
        "ring_ms"
    ]


def _customer(enter: pl.DataFrame) -> pl.Series:
    """The customer's keyed hash, which stands in the stored line where the caller's number was."""
    value = pl.col("parameters").str.split("|").list.get(1, null_on_oob=True)
    return enter.select(value.cast(pl.Int64, strict=False).alias("customer"))["customer"]


def _end_parts(end: pl.DataFrame) -> pl.DataFrame:
    """What terminal events carry: seconds waited and talked, and where the call was passed on to."""
    kind, parts = pl.col("event"), pl.col("parts")
    places = {name: place for name, (_, _, place) in TERMINAL.items()}
    link = (kind == "ATTENDEDTRANSFER") & (parts.list.first() == "LINK")
    place = kind.replace_strict(places, default=0, return_dtype=pl.Int64) + link.cast(pl.Int64)
    target = pl.when(kind == "ATTENDEDTRANSFER").then(1 + link.cast(pl.Int64)).otherwise(0)
    split = end.select("event", pl.col("parameters").str.split("|").alias("parts"))
    return split.with_columns(place.alias("place")).select(
        _duration(parts.list.get(pl.col("place"), null_on_oob=True)).alias("waited"),
        _duration(parts.list.get(pl.col("place") + 1, null_on_oob=True)).alias("talked"),
        pl.when(kind.str.ends_with("TRANSFER")).then(parts.list.get(target, null_on_oob=True)).alias("transferred_to"),
    )


def _measured(facts: pl.DataFrame) -> pl.DataFrame:
    """Times, durations and outcome of each leg."""
    outcomes = {name: outcome for name, (outcome, _, _) in TERMINAL.items()}
    ended_by = {name: by for name, (_, by, _) in TERMINAL.items()}
    dropped = pl.col("end").is_null() & pl.col("last_event").is_in(DROPPED)
    facts = facts.with_columns(
        pl.when(dropped)
        .then(pl.lit("failed"))
        .otherwise(pl.col("end").replace_strict(outcomes, default="open", return_dtype=pl.String))
        .alias("outcome"),
        pl.when(dropped)
        .then(pl.lit("system"))
        .otherwise(pl.col("end").replace_strict(ended_by, default=None, return_dtype=pl.String))
        .alias("ended_by"),
        pl.when(dropped).then("last_ms").otherwise("end_ms").alias("ended_ms"),
    )
    answered = pl.col("outcome") == "answered"
    talk = pl.when(answered).then(pl.col("talked") * 1000)
    facts = facts.with_columns(
        pl.coalesce("connected_ms", pl.when(answered).then(pl.col("ended_ms") - talk.fill_null(0))).alias("answered_ms")
    )
    wait = pl.coalesce("hold", "waited") * 1000
    waited_until = pl.coalesce("answered_ms", "ended_ms")
    queued = pl.coalesce("entered_ms", waited_until - wait, pl.col("first_ms") - pl.col("first_ring_ms"))
    return facts.with_columns(queued.alias("queued_ms")).with_columns(
        pl.coalesce(wait, (waited_until - pl.col("queued_ms")).clip(0)).alias("wait_ms"),
        pl.coalesce(talk, pl.when(answered).then((pl.col("ended_ms") - pl.col("answered_ms")).clip(0))).alias(
            "talk_ms"
        ),
        (pl.col("ring") * 1000).alias("ring_ms"),
    )


def _finished(facts: pl.DataFrame, clock: Clock) -> pl.DataFrame:
    """The columns of ``contacts`` that say who and which."""
    someone = pl.coalesce("agent", pl.when(pl.col("outcome") == "answered").then(pl.col("end_agent")))
    facts = facts.with_columns(
        pl.coalesce("queue", "first_queue").alias("queue"),
        pl.when(~someone.is_in(("", "NONE"))).then(someone).alias("agent"),
        pl.col("queued_ms").alias("started_ms"),
        pl.lit("voice").alias("channel"),
        pl.lit("in").alias("direction"),
        *(pl.lit(None, pl.Int64).alias(name) for name in ("hold_ms", "wrap_ms")),
        *(pl.lit(None, pl.String).alias(name) for name in ("skill", "topic", "recording")),
        pl.lit(None, pl.Boolean).alias("sale_eligible"),
    )
    return with_month(with_row_id(facts, "leg"), clock, "started_ms").sort("started_ms", "row_id")


def with_row_id(rows: pl.DataFrame, number: str) -> pl.DataFrame:
    """Rows of a group with their identity, from the group's and their number in it."""
    groups: Ids = rows["group_id"].to_numpy()
    return rows.with_columns(pl.Series("row_id", derived_ids(groups, rows[number].cast(pl.Int64).to_numpy())))


def _rings(calls: _Calls, clock: Clock) -> pl.DataFrame:
    """One row a ring: taken (CONNECT, whose ring time is in seconds) or not (in ms)."""
    places = np.flatnonzero(np.isin(calls.kind, [KINDS[name] for name in ("CONNECT", *RINGS)]))
    call = calls.call[places]
    rings = calls.events.select(pl.all().gather(pl.lit(pl.Series(calls.row[places])))).with_columns(
        pl.Series("group_id", calls.group_id[call]), pl.Series("revision", calls.revision[call])
    )
    rings = rings.filter(~pl.col("agent").is_in(("", "NONE")))
    taken = pl.col("event") == "CONNECT"
    seconds = _duration(pl.col("parameters").str.split("|").list.get(2, null_on_oob=True)).fill_null(0)
    rings = rings.with_columns(_ring_ms(rings)).with_columns(
        pl.when(taken).then(seconds * 1000).otherwise("ring_ms").alias("ring_ms"),
        pl.col("event").replace_strict({**RINGS, "CONNECT": "answered"}, return_dtype=pl.String).alias("outcome"),
        pl.col("row_id").alias("digest"),
        pl.col("call").alias("contact"),
    )
    started = rings.with_columns((pl.col("at_ms") - pl.col("ring_ms")).alias("started_ms"))
    return with_month(started, clock, "started_ms").sort("started_ms", "row_id")
