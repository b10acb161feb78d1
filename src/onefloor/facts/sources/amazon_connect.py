"""Amazon Connect contact records: one record a contact, delivered at least once, chained by their ids.

Layout: Amazon Connect administrator guide, "Data model for Amazon Connect contact records". Times are UTC, durations
whole seconds. ``lines`` of the account counts records; unknown fields are ignored.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl
import pyarrow as pa

from onefloor.facts.exchange import gone_before
from onefloor.facts.files import Progress
from onefloor.facts.identity import Ids, customer_ids, stable_id, stable_ids
from onefloor.facts.local_time import days_between_without, local_days, with_month
from onefloor.facts.schemas import CONTACTS
from onefloor.facts.sources.json_values import Value, values
from onefloor.facts.sources.known import CONFLICT, DUPLICATE, LOAD, OLDER, Known, with_digests
from onefloor.facts.sources.moments import FIRST_MS, LAST_MS
from onefloor.facts.store import Account, Load, scan
from onefloor.floor import Floor

SOURCE: Final = "amazon-connect"
BLOCK: Final = 20_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CHANNELS: Final = {"VOICE": "voice", "CHAT": "chat", "TASK": "task", "EMAIL": "email", "SMS": "sms"}
_ENDED_BY: Final = {"CUSTOMER_DISCONNECT": "customer", "AGENT_DISCONNECT": "agent"}
# How a contact ended that waited and was never connected; every other reason is the customer's leaving.
_UNANSWERED: Final = {"CONTACT_FLOW_DISCONNECT": "withdrawn", "API": "withdrawn", "EXPIRED": "timeout"}
_LONGEST_S = 10**9

Row = dict[str, Any]


class _Fault(Exception):
    """A record that cannot be loaded, for this reason."""


def read(floor: Floor, path: Path, load: Load, account: Account, progress: Progress) -> None:
    """Read one file of contact records into ``contacts``; see ``facts.load.Reader``."""
    reading = _Reading(floor, path, load, account)
    found, size, done = values(path), path.stat().st_size, 0
    while block := list(islice(found, BLOCK)):
        reading.block(block)
        done += sum(len(value.raw) + 1 for value in block)
        progress(min(done, size), size)
    if reading.days:
        account.reason("note:days_without_records", days_between_without(np.concatenate(reading.days)))
    progress(size, size)


class _Reading:
    """One file on its way in."""

    def __init__(self, floor: Floor, path: Path, load: Load, account: Account) -> None:
        self.floor, self.path, self.load, self.account = floor, path, load, account
        self.known = Known.of(floor, "contacts", SOURCE)
        self.legs = _known_legs(floor)
        self.gone_before = gone_before(floor, "contacts")
        self.aside: list[Row] = []
        self.days: list[Ids] = []
        """Local days that have records, of every block."""

    def block(self, block: list[Value]) -> None:
        """Account for a block of records."""
        self.account.lines += len(block)
        rows, raws = [], []
        for value in block:
            row = self._row(value)
            if row is not None:
                rows.append(row)
                raws.append(value)
        if rows:
            self._loaded(rows, raws)
        if self.aside:
            self.load.add("quarantine", pl.DataFrame(self.aside).to_arrow())
            self.aside = []

    def _row(self, value: Value) -> Row | None:
        reason = value.fault
        if reason is None:
            try:
                if value.content.get("InitiationMethod") == "MONITOR":
                    self.account.ignored += 1
                    self.account.reason("monitor")
                    return None
                return {**leg_of(value.content), "line": value.line}
            except _Fault as fault:
                reason = str(fault)
        self._quarantine(value, reason)
        return None

    def _quarantine(self, value: Value, reason: str) -> None:
        self.account.quarantined += 1
        self.account.reason(reason)
        raw = value.raw.encode("utf-8", "replace").decode()
        made = {"load": self.load.id, "source": SOURCE, "file": self.path.name}
        self.aside.append({**made, "line": value.line, "reason": reason, "raw": raw})

    def _loaded(self, rows: list[Row], raws: list[Value]) -> None:
        facts = self._facts(rows)
        kept = facts["month"] >= self.gone_before
        past = facts.height - int(kept.sum())
        self.account.ignored += past
        self.account.reason("past_retention", past)
        facts, raws = facts.filter(kept), [value for value, stays in zip(raws, kept, strict=True) if stays]
        self.days.append(np.unique(local_days(self.floor.clock, facts["started_ms"].to_numpy())))
        verdicts = self.known.settle(facts)
        for value, verdict in zip(raws, verdicts["verdict"], strict=True):
            if verdict == CONFLICT:
                self._quarantine(value, CONFLICT)
        counts = dict(verdicts["verdict"].value_counts().iter_rows())
        self.account.loaded += counts.get(LOAD, 0)
        self.account.duplicates += counts.get(DUPLICATE, 0) + counts.get(OLDER, 0)
        self.account.reason(OLDER, counts.get(OLDER, 0))
        new = facts.filter(verdicts["verdict"] == LOAD)
        replaced = verdicts["replaced"].drop_nulls()
        self.account.reason("note:replaced", len(replaced))
        self.account.reason("note:chain_incomplete", int(new["guessed"].sum()))
        self.account.reason("note:queue_duration_differs", int(new["differs"].sum()))
        self.load.count_content(new["content"].to_numpy())
        self.load.count_content(-replaced.to_numpy())
        self.load.add("contacts", new.select(CONTACTS.names).to_arrow())

    def _facts(self, rows: list[Row]) -> pl.DataFrame:
        """Rows as facts. ``leg`` stays out of the digest: it depends on which part of a chain came first."""
        facts = pl.DataFrame(rows, schema=_SHAPE)
        ids = stable_ids(f"{SOURCE}\x1f{name}" for name in facts["id"])
        numbers = facts["number"]
        customers = pl.Series(customer_ids(numbers.fill_null(""), self.floor.customer_key()), dtype=pl.Int64)
        facts = facts.with_columns(
            pl.Series("row_id", ids, dtype=pl.Int64),
            pl.Series("group_id", ids, dtype=pl.Int64),
            customers.set(numbers.is_null(), None).alias("customer"),
            pl.lit(SOURCE).alias("source"),
            pl.lit(self.path.name).alias("file"),
            pl.lit(self.load.id).alias("load"),
        )
        facts = with_digests(with_month(facts, self.floor.clock, "started_ms"), _CONTENT)
        legs = self._numbered(facts)
        return facts.with_columns(
            pl.Series("leg", [leg for leg, _ in legs], dtype=pl.Int32),
            pl.Series("guessed", [guessed for _, guessed in legs], dtype=pl.Boolean),
            pl.lit(None, pl.Int32).alias("rings_unanswered"),
        )

    def _numbered(self, facts: pl.DataFrame) -> list[tuple[int, bool]]:
        """The place of each record in its chain; 2 and a note where the record before it has not been seen."""
        previous = dict(zip(facts["row_id"], facts["previous"], strict=True))
        return [self._leg(row_id, previous) for row_id in facts["row_id"]]

    def _leg(self, row_id: int, previous: dict[int, str | None]) -> tuple[int, bool]:
        path: list[int] = []
        at = row_id
        while at in previous and previous[at] is not None and at not in path:
            path.append(at)
            at = stable_id(f"{SOURCE}\x1f{previous[at]}")
        guessed = at not in previous and at not in self.legs
        leg = 1 if guessed or at in previous else self.legs[at]
        for passed in reversed(path):
            leg += 1
            self.legs[passed] = leg
        self.legs.setdefault(row_id, leg)
        return leg, guessed


def _known_legs(floor: Floor) -> dict[int, int]:
    rows = scan(floor, "contacts").filter(pl.col("source") == SOURCE).select("row_id", "leg").collect()
    return dict(rows.iter_rows())


def readable(record: Row) -> bool:
    """Whether a record can be loaded, or is one that is ignored."""
    try:
        return record.get("InitiationMethod") == "MONITOR" or bool(leg_of(record))
    except _Fault:
        return False


def leg_of(record: Row) -> Row:
    """One contact record as a leg, times in epoch ms, durations in ms.

    Raises:
        _Fault: the record cannot be loaded; the reason names the field.
    """
    queue, agent = _section(record, "Queue"), _section(record, "Agent")
    identity = _name(record, "ContactId")
    if identity is None:
        raise _Fault("missing:ContactId")
    queued, answered = _time(queue, "EnqueueTimestamp"), _time(agent, "ConnectedToAgentTimestamp")
    began, ended = _time(record, "InitiationTimestamp"), _time(record, "DisconnectTimestamp")
    dequeued, after = _time(queue, "DequeueTimestamp"), _time(agent, "AfterContactWorkStartTimestamp")
    started = queued if queued is not None else began
    if started is None:
        raise _Fault("missing:InitiationTimestamp")
    ended = ended if ended is not None else after
    stated, measured = _duration(queue, "Duration"), _span(queued, answered if answered is not None else dequeued)
    wait = stated if stated is not None else measured
    transferred = answered is not None and _time(record, "TransferCompletedTimestamp") is not None
    recording, endpoint = _section(record, "Recording"), _section(record, "CustomerEndpoint")
    row = {
        "id": identity,
        "revision": _time(record, "LastUpdateTimestamp") or 0,
        "contact": _name(record, "InitialContactId") or identity,
        "previous": _name(record, "PreviousContactId"),
        "number": _name(endpoint, "Address"),
        "channel": _CHANNELS.get(_name(record, "Channel") or "", "other"),
        "direction": _direction(record),
        "started_ms": started,
        "queued_ms": queued,
        "answered_ms": answered,
        "ended_ms": ended,
        "wait_ms": None if queued is None else wait,
        "talk_ms": _duration(agent, "AgentInteractionDuration") if answered is not None else None,
        "hold_ms": _duration(agent, "CustomerHoldDuration") if answered is not None else None,
        "wrap_ms": _duration(agent, "AfterContactWorkDuration") if answered is not None else None,
        "outcome": _outcome(record, queued, answered, ended),
        "ended_by": _ended_by(record, ended, transferred=transferred),
        "transferred_to": (_name(record, "NextContactId") or "external") if transferred else None,
        "queue": (_name(queue, "Name") or _name(queue, "ARN")) if queued is not None else None,
        "topic": _topic(record),
        "agent": _name(agent, "Username") if answered is not None else None,
        "recording": _name(recording, "Location"),
        "differs": stated is not None and measured is not None and abs(stated - measured) > 1000,
    }
    _check_order(row)
    return row


def _section(record: Row, name: str) -> Row:
    found = record.get(name)
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise _Fault(f"bad_type:{name}")
    return found


def _name(section: Row, name: str) -> str | None:
    found = section.get(name)
    if found is None or found == "":
        return None
    if not isinstance(found, str):
        raise _Fault(f"bad_type:{name}")
    return found.encode("utf-8", "replace").decode()


def _time(section: Row, name: str) -> int | None:
    text = _name(section, name)
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
        ms = (moment - _EPOCH) // timedelta(milliseconds=1)
    except (ValueError, TypeError, OverflowError):
        raise _Fault(f"bad_time:{name}") from None
    if not FIRST_MS <= ms < LAST_MS:
        raise _Fault(f"bad_time:{name}")
    return ms


def _duration(section: Row, name: str) -> int | None:
    seconds = section.get(name)
    if seconds is None:
        return None
    if isinstance(seconds, bool) or not isinstance(seconds, int) or seconds > _LONGEST_S:
        raise _Fault(f"bad_duration:{name}")
    if seconds < 0:
        raise _Fault(f"negative:{name}")
    return seconds * 1000


def _span(start: int | None, end: int | None) -> int | None:
    return None if start is None or end is None else max(0, end - start)


def _direction(record: Row) -> str:
    method, channel = _name(record, "InitiationMethod"), _name(record, "Channel")
    if method in ("OUTBOUND", "EXTERNAL_OUTBOUND") or (method == "API" and channel == "VOICE"):
        return "out"
    return "in"


def _outcome(record: Row, queued: int | None, answered: int | None, ended: int | None) -> str:
    if answered is not None:
        return "answered"
    if queued is None:
        return "before_queue" if ended is not None else "open"
    if _name(record, "NextContactId") is not None:
        return "withdrawn"
    return _UNANSWERED.get(_name(record, "DisconnectReason") or "", "abandoned") if ended is not None else "open"


def _ended_by(record: Row, ended: int | None, *, transferred: bool) -> str | None:
    if ended is None:
        return None
    return "transfer" if transferred else _ENDED_BY.get(_name(record, "DisconnectReason") or "", "system")


def _topic(record: Row) -> str | None:
    topic = _section(record, "Attributes").get("topic")
    return _name({"topic": topic}, "topic") if isinstance(topic, str) else None


def _check_order(row: Row) -> None:
    for earlier, later in (("queued", "answered"), ("answered", "ended"), ("started", "ended")):
        first, last = row[f"{earlier}_ms"], row[f"{later}_ms"]
        if first is not None and last is not None and last < first:
            raise _Fault(f"{later}_before_{earlier}")


def _shape() -> Iterator[tuple[str, pl.DataType]]:
    # Not from an empty_table(): making one has Arrow load pandas, where it is installed, at each start.
    schema = dict(pl.DataFrame(pa.Table.from_batches([], CONTACTS)).schema)
    made = {"row_id", "group_id", "digest", "source", "file", "load", "month", "leg", "customer", "rings_unanswered"}
    for name in CONTACTS.names:
        if name not in made:
            yield name, schema[name]
    yield from (("id", pl.String()), ("previous", pl.String()), ("number", pl.String()), ("differs", pl.Boolean()))


_SHAPE: Final = dict(_shape())
_CONTENT: Final = [
    "row_id",
    *(name for name in _SHAPE if name not in ("line", "revision", "id", "number", "differs")),
]
