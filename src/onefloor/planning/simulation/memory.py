"""Where the kernel finds everything: one block of 64-bit words, seen as integers, as floats and as bits.

One block has two reasons: a compiled function that is handed three arrays is compiled once and called for nothing, and
what belongs together (a waiting contact, an agent, a queue) lies together. A *place* is the number of a record's first
word; the names below are words from there. The first words of the block are its own record: sizes, places, state.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import prod
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from onefloor.planning.simulation.tables import Tables

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bits = NDArray[np.uint64]

# The block itself.
(
    QUEUES, GROUPS, INTERVALS, CHANGES, AT_QUEUES, AT_GROUPS, AT_CHANGES, AT_STREAMS, AT_HEAP, AT_ROWS, AT_COMING,
    AT_BUSYNESS, AT_VALUES, HEAP_ROOM, ROW_ROOM, WIDTH, HORIZON, MOST_LINES,
    HEAP, FREE, LINES, ROWS, CHANGE, STATUS, HEADER,
) = range(25)  # fmt: skip
# A queue: a contact type, or a company's share of it.
(
    HEAD, TAIL, INTERVAL, NUMBER, TYPE, OFFERS, AT_OFFERS, AT_STAGES, TIES, LETS_GO, AT_GAPS, AT_RATES, AT_COUNTS,
    AT_WAITS, AT_SERVED, ARRIVALS, ATTRIBUTES, NEVER_WAITS, REDIALS, REPEATS, IN_TIME_LIMIT, SHORT_LIMIT, LONGEST,
    IN_TIME_TIE, SHORT_TIE, TRANSFERS, AT_TRANSFERS, LAWS,
) = range(28)  # fmt: skip
LAW_KIND, LAW_AT, LAW_COUNT, LAW_A, LAW_B, LAW_SIZE = range(6)
LAW_TAKEN = LAW_B  # of values that are given: the number of the next one
SERVICE, WRAP, PATIENCE, REDIAL, REPEAT, BUSYNESS = (LAWS + i * LAW_SIZE for i in range(6))
QUEUE_SIZE: Final = LAWS + 6 * LAW_SIZE
OFFER_GROUP, OFFER_AFTER, OFFER_RANK, OFFER_SIZE = range(4)
TRANSFER_QUEUE, TRANSFER_SHARE, TRANSFER_SIZE = range(3)
# A group, what it serves, and its agents (of a pool: one server for all).
IDLE, PRESENT, IDLE_HEAD, IDLE_TAIL, SINGLE, POOL, SKILLS, AT_SKILLS, AT_BY, AT_WORK, GROUP_NUMBER, GROUP_SIZE = range(
    12
)
SKILL_QUEUE, SKILL_CLASS, SKILL_WAIT, SKILL_SIZE = range(4)
STATE, SEAT_BEFORE, SEAT_NEXT, SINCE, SEAT_GROUP, PACE, SEAT_NUMBER, PASSES_ON, SEAT_SIZE = range(9)
CHANGE_TIME, CHANGE_SERVER, CHANGE_BY, CHANGE_SIZE = range(4)
# A contact that waits, an event, a contact that is recorded.
(
    ARRIVED, SERVICE_TIME, WRAP_TIME, SLOT_QUEUE, COLUMN, USES, BEFORE, NEXT, STAGE, LEAVES, CUSTOMER, ORIGIN,
) = range(12)  # fmt: skip
SLOT_SIZE: Final = 16
TIME, LOAD, EVENT_SIZE = range(3)
ROW_FIELDS: Final = (
    "customer", "queue", "origin", "outcome", "interval", "server", "arrived", "answered", "ended", "freed",
)  # fmt: skip
ROW_SIZE: Final = len(ROW_FIELDS)

# Counts of contacts by queue and interval of arrival.
OFFERED, ANSWERED, IN_TIME, ABANDONED, SHORT, WAITED, TIMED_OUT, LET_GO, BLOCKED, LEFT, RETURNED, COUNTED = range(12)
COUNTS: Final = (
    "offered", "answered", "in_time", "abandoned", "short", "waited", "timed_out", "let_go", "blocked", "left",
    "returned",
)  # fmt: skip
OF_ANSWERED, OF_LOST = range(2)  # sums of waits
TALK, AFTER = range(2)  # work of groups: with the customer, after it
DONE, FULL_HEAP, FULL_SLOTS, FULL_ROWS = range(4)  # how a run ended
OFF, READY, BUSY, LEAVING = range(4)  # states of an agent
FRESH, REDIALLED, REPEATED, TRANSFERRED = range(4)  # why a contact came
NONE: Final = -1
RETURNS, FACTORS, OF_QUEUES = 0, 1, 2  # streams
# The payload of an event: its kind, then a server; or a slot and its uses; or a queue, an origin and a customer.
COMPLETION, GIVES_UP, OVERFLOW, COMES_BACK, LINE_FREE = range(5)
KIND_SHIFT, PLACE_SHIFT, USES_BITS, PLACE_BITS = 58, 24, (1 << 24) - 1, (1 << 34) - 1
QUEUE_SHIFT, ORIGIN_SHIFT, QUEUE_BITS, CUSTOMER_BITS = 42, 40, (1 << 16) - 1, (1 << 40) - 1


@dataclass(frozen=True, slots=True)
class Room:
    """How many events, waiting contacts and recorded contacts there is room for."""

    heap: int = 2048
    slots: int = 1024
    rows: int = 0

    def more(self, status: int) -> Room:
        """Twice the room of what was full."""
        return Room(
            self.heap * (1 + (status == FULL_HEAP)),
            self.slots * (1 + (status == FULL_SLOTS)),
            self.rows * (1 + (status == FULL_ROWS)),
        )


class Block(NamedTuple):
    """The words of the block: as integers, floats and bits, the same memory."""

    w: Ints
    f: Floats
    u: Bits


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the parts of a block lie."""

    place: dict[str, int] = field(default_factory=dict)
    shape: dict[str, tuple[int, ...]] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Words of the block."""
        return max(self.place[name] + prod(shape) for name, shape in self.shape.items())

    def of(self, words: NDArray[Any], name: str) -> NDArray[Any]:
        """A part of a block, as a view."""
        shape = self.shape[name]
        return words[self.place[name] : self.place[name] + prod(shape)].reshape(shape)


def layout(tables: Tables, room: Room) -> Layout:
    """The parts of a block, each beginning at a multiple of eight words (a line of the cache)."""
    queues, intervals = tables.rates.shape
    groups, servers = len(tables.single), len(tables.server_group)
    shapes: dict[str, tuple[int, ...]] = {
        "header": (HEADER,),
        "coming": (queues,),
        "streams": (2 + 2 * queues, 4),
        "heap": (room.heap + 1, EVENT_SIZE),
        "groups": (groups, GROUP_SIZE),
        "queues": (queues + 1, QUEUE_SIZE),
        "offers": (queues, tables.offer_group.shape[1], OFFER_SIZE),
        "skills": (groups, tables.skill_queue.shape[1], SKILL_SIZE),
        "stages": tables.stages.shape,
        "transfers": (queues, tables.transfer_queue.shape[1], TRANSFER_SIZE),
        "servers": (servers, SEAT_SIZE),
        "slots": (room.slots, SLOT_SIZE),
        "gaps": (queues, intervals),
        "rates": (queues, intervals),
        "counts": (queues, intervals, COUNTED),
        "waits": (queues, intervals, 2),
        "served": (queues, groups, 2),
        "by_group": (groups, intervals, 2),
        "work": (groups, intervals + 1, 2),
        "changes": (len(tables.change_time), CHANGE_SIZE),
        "values": (len(tables.values),),
        "rows": (room.rows, ROW_SIZE),
    }
    found, at = Layout(), 0
    for name, shape in shapes.items():
        found.place[name], found.shape[name] = at, shape
        at += -(-prod(shape) // 8) * 8
    return found


def block(tables: Tables, room: Room, streams: Bits) -> tuple[Layout, Block]:
    """An empty floor before its first event; ``streams`` (2 + 2 queues, 4)."""
    parts = layout(tables, room)
    words = np.zeros(parts.size + 8, np.uint64)
    found = Block(words.view(np.int64), words.view(np.float64), words)
    _header(tables, room, parts, found)
    _queues(tables, parts, found)
    _groups(tables, parts, found)
    _servers(tables, parts, found)
    _slots(parts, found)
    parts.of(found.u, "streams")[:] = streams
    parts.of(found.f, "stages")[:] = tables.stages
    parts.of(found.f, "rates")[:] = tables.rates
    parts.of(found.f, "values")[:] = tables.values
    return parts, found


def _header(tables: Tables, room: Room, parts: Layout, to: Block) -> None:
    w, f, place = to.w, to.f, parts.place
    w[QUEUES], w[GROUPS], w[INTERVALS] = len(tables.offers), len(tables.single), tables.rates.shape[1]
    w[CHANGES], w[HEAP_ROOM], w[ROW_ROOM] = len(tables.change_time), room.heap, room.rows
    f[WIDTH], f[HORIZON], f[MOST_LINES] = tables.numbers
    w[AT_QUEUES], w[AT_GROUPS], w[AT_CHANGES] = place["queues"], place["groups"], place["changes"]
    w[AT_STREAMS], w[AT_HEAP], w[AT_ROWS] = place["streams"], place["heap"], place["rows"]
    w[AT_COMING], w[AT_VALUES] = place["coming"], place["values"]
    w[AT_BUSYNESS] = place["queues"] + len(tables.offers) * QUEUE_SIZE
    w[FREE] = place["slots"] if room.slots else NONE


def _row(parts: Layout, name: str, number: int) -> int:
    """The place of one row of a part."""
    return parts.place[name] + number * prod(parts.shape[name][1:])


def _queues(tables: Tables, parts: Layout, to: Block) -> None:
    w, f = parts.of(to.w, "queues"), parts.of(to.f, "queues")
    for v in range(len(tables.offers)):
        w[v, [HEAD, TAIL, NUMBER]] = NONE, NONE, v
        w[v, [AT_OFFERS, AT_STAGES]] = _row(parts, "offers", v), _row(parts, "stages", v)
        w[v, [AT_GAPS, AT_RATES]] = _row(parts, "gaps", v), _row(parts, "rates", v)
        w[v, [AT_COUNTS, AT_WAITS, AT_SERVED]] = [_row(parts, name, v) for name in ("counts", "waits", "served")]
        w[v, [ARRIVALS, ATTRIBUTES]] = [_row(parts, "streams", OF_QUEUES + 2 * v + i) for i in range(2)]
    last = len(tables.offers)
    w[:last, TYPE], w[:last, OFFERS], w[:last, TIES] = tables.type_of, tables.offers, tables.ties
    w[:last, LETS_GO], w[:last, IN_TIME_TIE : SHORT_TIE + 1] = tables.lets_go, tables.inclusive
    f[:last, NEVER_WAITS : REPEATS + 1], f[:last, IN_TIME_LIMIT : LONGEST + 1] = tables.shares, tables.limits
    for law in range(6):
        first = LAWS + law * LAW_SIZE
        w[:, first + LAW_KIND] = tables.law_kind[:, law]
        w[:, first + LAW_AT] = tables.law_at[:, law, 0] + parts.place["values"]
        w[:, first + LAW_COUNT] = tables.law_at[:, law, 1]
        f[:, first + LAW_A : first + LAW_B + 1] = tables.law_by[:, law]
    offers, after = parts.of(to.w, "offers"), parts.of(to.f, "offers")
    offers[..., OFFER_GROUP] = parts.place["groups"] + tables.offer_group * GROUP_SIZE
    offers[..., OFFER_RANK], after[..., OFFER_AFTER] = tables.offer_rank, tables.offer_after
    w[:last, TRANSFERS], w[:last, AT_TRANSFERS] = tables.transfers, [_row(parts, "transfers", v) for v in range(last)]
    onward, share = parts.of(to.w, "transfers"), parts.of(to.f, "transfers")
    onward[..., TRANSFER_QUEUE] = parts.place["queues"] + tables.transfer_queue * QUEUE_SIZE
    share[..., TRANSFER_SHARE] = tables.transfer_share


def _groups(tables: Tables, parts: Layout, to: Block) -> None:
    w, groups = parts.of(to.w, "groups"), len(tables.single)
    w[:, [IDLE_HEAD, IDLE_TAIL]] = NONE
    w[:, SINGLE], w[:, SKILLS], w[:, GROUP_NUMBER] = tables.single, tables.skills, np.arange(groups)
    first_pool = len(tables.server_group) - groups
    for g in range(groups):
        w[g, AT_SKILLS], w[g, POOL] = _row(parts, "skills", g), _row(parts, "servers", first_pool + g)
        w[g, AT_BY], w[g, AT_WORK] = _row(parts, "by_group", g), _row(parts, "work", g)
    skills, wait = parts.of(to.w, "skills"), parts.of(to.f, "skills")
    skills[..., SKILL_QUEUE] = parts.place["queues"] + tables.skill_queue * QUEUE_SIZE
    skills[..., SKILL_CLASS], wait[..., SKILL_WAIT] = tables.skill_class, tables.skill_wait


def _servers(tables: Tables, parts: Layout, to: Block) -> None:
    w, f = parts.of(to.w, "servers"), parts.of(to.f, "servers")
    w[:, SEAT_GROUP] = parts.place["groups"] + tables.server_group * GROUP_SIZE
    w[:, SEAT_NUMBER], f[:, PACE], f[:, PASSES_ON] = np.arange(len(w)), tables.server_pace, tables.server_transfers
    changes, times = parts.of(to.w, "changes"), parts.of(to.f, "changes")
    times[:, CHANGE_TIME], changes[:, CHANGE_BY] = tables.change_time, tables.change_by
    changes[:, CHANGE_SERVER] = parts.place["servers"] + tables.change_server * SEAT_SIZE


def _slots(parts: Layout, to: Block) -> None:
    """The free slots, each with the place of the next one."""
    w = parts.of(to.w, "slots")
    if len(w):
        w[:, NEXT] = parts.place["slots"] + np.arange(1, len(w) + 1) * SLOT_SIZE
        w[-1, NEXT] = NONE
