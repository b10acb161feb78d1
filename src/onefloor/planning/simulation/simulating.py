"""Running replications of a model, over threads, until there are enough."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onefloor.language import Text
from onefloor.planning.simulation.chance import bases_of, jumped_bases, streams_of
from onefloor.planning.simulation.memory import DONE, ROWS, STATUS, Block, Floats, Ints, Layout, Room, block
from onefloor.planning.simulation.model import Model
from onefloor.planning.simulation.result import Result, room_for
from onefloor.planning.simulation.rows import Contacts, contacts_of
from onefloor.planning.simulation.tables import Compiled, compiled_model
from onefloor.planning.solving import Clock, Progress, Step, Stop, silent
from onefloor.problems import Problem

MOST_ROOM = 1 << 24
MOST_CELLS = 20_000_000  # of replications, types (or groups) and intervals; each takes some ninety bytes
Words = NDArray[np.uint64]


class TooMuchWaits(Problem):
    """More contacts wait, or more events are open, than the kernel can hold."""

    def __init__(self, model: Model) -> None:
        super().__init__(
            Text(f"模型“{model.id}”的队列超过一千六百万。", f'In the model "{model.id}" more than 16 million wait.'),
            remedy=Text(
                "请增加坐席、减少到达量，或为客户设定耐心（patience）。",
                "Staff more agents, let fewer contacts come, or give customers a patience.",
            ),
        )


class TooMuchToKeep(Problem):
    """The counts of all replications would not fit into memory."""

    def __init__(self, cells: int) -> None:
        super().__init__(
            Text(
                f"结果过大：次数×类型×时段为{cells:,}。",
                f"Too much to keep: replications x types x intervals is {cells:,}.",
            ),
            remedy=Text(
                f"请减少模拟次数或加长时段，使其不超过{MOST_CELLS:,}。",
                f"Ask for fewer replications or longer intervals, {MOST_CELLS:,} at most.",
            ),
        )


class BadParameters(Problem):
    """Numbers of replications or threads that nothing can be run with."""

    def __init__(self) -> None:
        super().__init__(
            Text(
                "重复次数和线程数至少为1，精度大于0。", "Replications and threads are 1 or more, a precision above 0."
            ),
            remedy=Text("请例如写 --replications 200。", "Write --replications 200, say."),
        )


@dataclass(frozen=True, slots=True)
class Parameters:
    """How much is run.

    ``replications`` at most; with ``precision`` no more than it takes until half the 95 % interval of the whole
    service level is that small (a share: 0.005 is half a point), looked at after each ``batch``. ``threads`` None: as
    many as there are processors. The result is the same for any number of threads.

    Raises:
        BadParameters: a number below 1, or a precision of 0 or less.
    """

    replications: int = 200
    threads: int | None = None
    precision: float | None = None
    batch: int = 50

    def __post_init__(self) -> None:
        counts = (self.replications, self.batch, 1 if self.threads is None else self.threads)
        if min(counts) < 1 or (self.precision is not None and not self.precision > 0):
            raise BadParameters


@dataclass(frozen=True, slots=True)
class Plan:
    """An empty floor to copy: how much room it has, where its parts lie, its words."""

    room: Room
    parts: Layout
    empty: Words


@dataclass(slots=True)
class Runner:
    """A compiled model, the loop that runs it, and a plan, which is replaced when a replication needs more room."""

    compiled: Compiled
    loop: Callable[[Ints, Floats, Words], None]
    plan: Plan

    def run(self, base: Words, words: Words | None = None) -> tuple[Layout, Block]:
        """One replication, whose streams begin at ``base``; in the ``words`` of an earlier one if there are any.

        Raises:
            TooMuchWaits: its queue does not fit into any room.
        """
        streams = streams_of(base, 2 + 2 * len(self.compiled.queues))
        while True:
            plan = self.plan  # whole, whatever another thread does to the runner
            words = np.empty_like(plan.empty) if words is None or words.size != plan.empty.size else words
            words[:] = plan.empty
            plan.parts.of(words, "streams")[:] = streams
            found = Block(words.view(np.int64), words.view(np.float64), words)
            self.loop(*found)
            status = int(found.w[STATUS])
            if status == DONE:
                return plan.parts, found
            self._grow(plan, status)

    def _grow(self, full: Plan, status: int) -> None:
        if full is not self.plan:  # another thread has grown it meanwhile
            return
        room = full.room.more(status)
        if max(room.heap, room.slots, room.rows) > MOST_ROOM:
            raise TooMuchWaits(self.compiled.model)
        self.plan = _plan(self.compiled, room)


def runner(compiled: Compiled, room: Room | None = None) -> Runner:
    """What runs replications of a compiled model; with room for an event of each agent at least."""
    # The loops are imported where they are needed: a light command does not wait for machine code.
    from onefloor.planning.simulation.single import fits, run_single

    agents = len(compiled.agents) + int(np.maximum(compiled.tables.change_by, 0).sum())
    wanted = room or Room(heap=max(Room().heap, 2 * agents))
    plan = _plan(compiled, wanted)
    if fits(compiled.tables, wanted.heap):
        return Runner(compiled, run_single, plan)
    from onefloor.planning.simulation.kernel import run

    return Runner(compiled, run, plan)


def _plan(compiled: Compiled, room: Room) -> Plan:
    parts, empty = block(compiled.tables, room, np.zeros((2 + 2 * len(compiled.queues), 4), np.uint64))
    return Plan(room, parts, empty.u)


def simulate(
    model: Model,
    parameters: Parameters | None = None,
    seed: int = 1,
    stop: Stop | None = None,
    *,
    clock: Clock = time.monotonic,
    progress: Progress = silent,
) -> Result:
    """Replications of a model.

    Args:
        model: what is simulated.
        parameters: how many replications, over how many threads, to what precision.
        seed: which chance; equal seeds give equal bytes, and the first replications of more are those of fewer.
        stop: ends early by seconds or rounds (batches); what is done by then is the result.
        clock: seconds; for ``stop`` alone.
        progress: told after each batch.

    Raises:
        TooMuchWaits: a queue grew beyond 16 million.
        TooMuchToKeep: so many replications of so many intervals do not fit into memory.
    """
    wanted, limit, began = parameters or Parameters(), stop or Stop(), clock()
    cells = wanted.replications * max(len(model.types), len(model.groups)) * model.intervals
    if cells > MOST_CELLS:
        raise TooMuchToKeep(cells)
    source = runner(compiled_model(model))
    found, done = room_for(source.compiled, seed, wanted.replications), 0
    for number, bases in enumerate(_batches(wanted, seed), 1):
        _run_all(source, bases, found, done, wanted.threads)
        done += len(bases)
        seconds = clock() - began
        progress(Step(seconds, number))
        if limit.reached(seconds, number) or _precise(found.first(done), wanted.precision):
            break
    return found.first(done)


def _batches(wanted: Parameters, seed: int) -> Iterator[Words]:
    """Where the replications begin, batch by batch."""
    done, base = 0, bases_of(seed, 1)
    while done < wanted.replications:
        size = min(wanted.batch, wanted.replications - done)
        bases = jumped_bases(base[0], size + 1)
        yield bases[:size]
        base, done = bases[size:], done + size


def _run_all(source: Runner, bases: Words, into: Result, first: int, threads: int | None) -> None:
    """Replications, each noted in its own place; a thread takes the next one when it is done with the last."""
    waiting = iter(list(enumerate(bases, first)))

    def work() -> None:
        words = None
        for number, base in waiting:
            parts, found = source.run(base, words)
            into.note(number, source.compiled, parts, found)
            words = found.u

    count = min(threads or os.cpu_count() or 1, len(bases))
    if count == 1:
        work()
        return
    with ThreadPoolExecutor(count) as pool:
        for done in [pool.submit(work) for _ in range(count)]:
            done.result()


def _precise(found: Result, precision: float | None) -> bool:
    if precision is None or found.replications < 2:
        return False
    level = found.service_level()
    return level is not None and (level.high - level.low) / 2 <= precision


def recorded(model: Model, seed: int = 1, replication: int = 0) -> Contacts:
    """Every contact of one replication, with agents named: pools become agents one by one.

    Raises:
        TooMuchWaits: a queue grew beyond 16 million.
    """
    return recorded_of(compiled_model(model, named=True), seed, replication)


def recorded_of(compiled: Compiled, seed: int = 1, replication: int = 0) -> Contacts:
    """Every contact of one replication of a compiled model.

    Raises:
        TooMuchWaits: a queue grew beyond 16 million.
    """
    expected = sum(queue.sum() for queue in compiled.tables.rates) * compiled.tables.numbers[0]
    at_work = int(np.cumsum(compiled.tables.change_by).max(initial=0))
    room = Room(heap=max(Room().heap, 2 * at_work), rows=1024 + int(1.25 * expected))
    parts, found = runner(compiled, room).run(bases_of(seed, replication + 1)[replication])
    return contacts_of(compiled, parts.of(found.u, "rows")[: int(found.w[ROWS])])
