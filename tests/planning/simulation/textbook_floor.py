"""The simulation as a textbook would write it: objects, lists and one event list. Slow, and easy to check by reading.

It shares with the real one what chance says (the streams, so that both meet the same customers) and nothing else.
"""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass, field
from itertools import count, pairwise
from typing import Any

import numpy as np

from onefloor.planning.simulation import chance
from onefloor.planning.simulation.laws import Law
from onefloor.planning.simulation.model import Agent, ContactType, Group, Model, Offer

CHANGE, ARRIVAL, OTHER = range(3)  # what comes first when two things happen at one time
NEVER = math.inf


@dataclass
class Caller:
    """One contact, and what became of it."""

    line: Line
    customer: int
    origin: str
    arrived: float
    service: float
    wrap: float
    patience: float
    outcome: str = ""
    agent: str = ""
    answered: float = NEVER
    ended: float = NEVER
    freed: float = NEVER


@dataclass
class Line:
    """A queue: a type, or one company's share of it."""

    kind: ContactType
    number: int
    share: float
    offers: list[Offer]
    waiting: list[Caller] = field(default_factory=list)
    factor: float = 1.0


@dataclass
class Worker:
    """An agent at work, idle or not."""

    name: str
    group: Group
    pace: float
    passes_on: float
    spans: list[tuple[float, float]]
    at_work: bool = False
    busy: bool = False
    idle_since: float = 0.0


class Textbook:
    """A floor that runs until nothing can happen any more; ``done`` are the contacts in order of arrival."""

    def __init__(self, model: Model, seed: int = 1, replication: int = 0) -> None:
        self.model = model
        self.lines = [line for kind in model.types for line in self._lines(kind)]
        for number, line in enumerate(self.lines):
            line.number = number
        base = chance.bases_of(seed, replication + 1)[replication]
        self.bits = chance.streams_of(base, 2 + 2 * len(self.lines)).ravel()
        self.workers = [worker for group in model.groups for worker in self._workers(group)]
        self.idle: list[Worker] = []  # who has been idle longest stands first
        self.events: list[tuple[float, int, int, Any]] = []
        self.order = count()
        self.taken: dict[int, count[int]] = {}  # how many of the values of each law that is given
        self.done: list[Caller] = []
        self.inside = 0

    # who there is

    def _lines(self, kind: ContactType) -> list[Line]:
        company = {group.id: group.company for group in self.model.groups}
        offers = list(kind.groups) or [
            Offer(group=g.id) for g in self.model.groups if any(skill.type == kind.id for skill in g.types)
        ]
        if not kind.shares:
            return [Line(kind, 0, 1.0, self._ordered(kind, offers))]
        found = []
        for name, share in kind.shares:
            own = [offer for offer in offers if company[offer.group] == name]
            others = [offer for offer in offers if company[offer.group] != name]
            later = [] if kind.others_after is None else [
                Offer(group=offer.group, after=max(offer.after, kind.others_after)) for offer in others
            ]  # fmt: skip
            found.append(Line(kind, 0, share, self._ordered(kind, own) + self._ordered(kind, later)))
        return found

    def _ordered(self, kind: ContactType, offers: list[Offer]) -> list[Offer]:
        if kind.routing != "least_skilled":
            return offers
        skills = {group.id: len(group.types) for group in self.model.groups}
        return sorted(offers, key=lambda offer: skills[offer.group])

    def _workers(self, group: Group) -> list[Worker]:
        if group.agents:
            return [Worker(a.id, group, group.pace * a.pace, a.transfers, spans_of(a)) for a in group.agents]
        sizes = list(group.staff) * (self.model.intervals if len(group.staff) == 1 else 1)
        found = []
        for number in range(max(sizes)):
            spans: list[tuple[float, float]] = []
            for interval, size in enumerate(sizes):
                start = interval * self.model.interval
                end = start + self.model.interval if interval < len(sizes) - 1 else NEVER
                if size > number and spans and spans[-1][1] == start:
                    spans[-1] = (spans[-1][0], end)
                elif size > number:
                    spans.append((start, end))
            found.append(Worker(f"{group.id}-{number + 1:03d}", group, group.pace, 1.0, spans))
        return found

    # chance

    def uniform(self, stream: int) -> float:
        return float(chance.uniform(self.bits, 4 * stream))

    def draw(self, law: Law, stream: int) -> float:
        a, b = law.parameters
        if law.kind == "exponential":
            return a * float(chance.exponential(self.bits, 4 * stream))
        if law.kind == "lognormal":
            return math.exp(a + b * float(chance.normal(self.bits, 4 * stream)))
        if law.kind == "gamma":
            return b * float(chance.gamma(self.bits, 4 * stream, a))
        if law.kind == "empirical":
            return float(chance.between(self.bits, 4 * stream, np.array(law.values), 0, len(law.values)))
        if law.kind == "given":
            return law.values[next(self.taken.setdefault(id(law), count())) % len(law.values)]
        return law.mean

    # the run

    def at(self, time: float, rank: int, act: Any) -> None:
        heapq.heappush(self.events, (time, rank, next(self.order), act))

    def run(self) -> list[Caller]:
        self._factors()
        for line in self.lines:
            self._plan_arrival(line, 0.0, self.draw(Law("exponential", 1.0), 2 + 2 * line.number))
        changes = [(s, 0, i, True) for i, worker in enumerate(self.workers) for s, _ in worker.spans]
        changes += [(e, 1, i, False) for i, worker in enumerate(self.workers) for _, e in worker.spans if e < NEVER]
        for time, _, number, comes in sorted(changes):
            self.at(time, CHANGE, lambda now, w=self.workers[number], comes=comes: self._change(w, comes, now))
        while self.events:
            now, _, _, act = heapq.heappop(self.events)
            act(now)
        for line in self.lines:
            for caller in line.waiting:
                caller.outcome = "open"
        return sorted(self.done, key=lambda caller: caller.arrived)

    def _factors(self) -> None:
        common = self.draw(self.model.busyness, 1) if self.model.busyness else 1.0
        own: dict[str, float] = {}
        for line in self.lines:
            if line.kind.id not in own:
                own[line.kind.id] = self.draw(line.kind.busyness, 1) if line.kind.busyness else 1.0
            line.factor = common * own[line.kind.id]

    def _plan_arrival(self, line: Line, now: float, need: float) -> None:
        means = line.kind.arrivals * (self.model.intervals if len(line.kind.arrivals) == 1 else 1)
        width = self.model.interval
        for interval in range(len(means)):
            end = (interval + 1) * width
            rate = means[interval] * line.share / width * (line.factor)
            if end <= now or rate == 0:
                now = max(now, end)
                continue
            gap = 1.0 / rate
            if now + need * gap < end:
                self.at(now + need * gap, ARRIVAL, lambda then, line=line: self._fresh(line, then))
                return
            need -= (end - now) / gap
            now = end

    def _fresh(self, line: Line, now: float) -> None:
        self._plan_arrival(line, now, self.draw(Law("exponential", 1.0), 2 + 2 * line.number))
        self._arrive(line, "fresh", -1, 3 + 2 * line.number, now)

    def _arrive(self, line: Line, origin: str, customer: int, stream: int, now: float) -> None:
        kind = line.kind
        service = self.draw(kind.service, stream)
        wrap = self.draw(kind.wrap_up, stream) if kind.wrap_up else 0.0
        stays = not kind.never_waits or self.uniform(stream) >= kind.never_waits
        patience = self.draw(kind.patience, stream) if kind.patience else NEVER
        caller = Caller(line, customer, origin, now, service, wrap, patience if stays else 0.0)
        self.done.append(caller)
        if customer < 0:
            caller.customer = len(self.done) - 1
        if origin != "transferred" and self.model.lines is not None and self.inside >= self.model.lines:
            return self._lose(caller, "blocked", now)
        self.inside += origin != "transferred"
        worker = self._idle_for(line, 0.0)
        if worker:
            return self._serve(worker, caller, now)
        if kind.leave_when_unstaffed and self._unstaffed(line):
            return self._lose(caller, "let_go", now)
        if caller.patience <= 0:
            return self._lose(caller, "abandoned", now)
        line.waiting.append(caller)
        limit = NEVER if kind.longest_wait is None else kind.longest_wait
        stay, outcome = (limit, "timed_out") if limit < caller.patience else (caller.patience, "abandoned")
        if stay < NEVER:
            self.at(now + stay, OTHER, lambda then: self._give_up(caller, outcome, then))
        for delay in sorted({offer.after for offer in line.offers if 0 < offer.after < stay}):
            self.at(now + delay, OTHER, lambda then, delay=delay: self._overflow(caller, delay, then))
        return None

    def _idle_for(self, line: Line, reach: float) -> Worker | None:
        """Who gets a contact that has waited ``reach``: the longest idle of the first group, or of all groups."""
        groups = [offer.group for offer in line.offers if offer.after <= reach]
        able = [worker for worker in self.idle if worker.group.id in groups]
        if line.kind.routing == "longest_idle":
            return min(able, key=lambda w: (w.idle_since, groups.index(w.group.id)), default=None)
        return min(able, key=lambda worker: groups.index(worker.group.id), default=None)

    def _unstaffed(self, line: Line) -> bool:
        groups = {offer.group for offer in line.offers}
        return not any(worker.at_work for worker in self.workers if worker.group.id in groups)

    def _serve(self, worker: Worker, caller: Caller, now: float) -> None:
        if worker in self.idle:
            self.idle.remove(worker)
        if caller in caller.line.waiting:
            caller.line.waiting.remove(caller)
        worker.busy = True
        caller.outcome, caller.agent, caller.answered = "answered", worker.name, now
        caller.ended = now + caller.service * worker.pace
        caller.freed = caller.ended + caller.wrap * worker.pace
        passed_on = self._passed_on(worker, caller)
        if not passed_on:
            self._maybe_back(caller, "repeated", caller.ended)
        if self.model.lines is not None and not passed_on:
            self.at(caller.ended, OTHER, lambda then: self._hang_up())
        self.at(caller.freed, OTHER, lambda then: self._free(worker, then))

    def _passed_on(self, worker: Worker, caller: Caller) -> bool:
        """The customer joins the line of a type that the agent's group does not serve, as soon as the agent is done."""
        onward = [
            (line, share * line.share)
            for line in self.lines
            for name, share in caller.line.kind.transfers
            if line.kind.id == name
        ]
        left = self.uniform(0) / worker.passes_on if onward else 0.0
        for line, share in onward:
            if line.kind.id in {skill.type for skill in worker.group.types}:
                continue
            left -= share
            if left < 0:
                act = lambda when, to=line: self._arrive(to, "transferred", caller.customer, 0, when)  # noqa: E731
                self.at(caller.ended, OTHER, act)
                return True
        return False

    def _hang_up(self) -> None:
        self.inside -= 1

    def _free(self, worker: Worker, now: float) -> None:
        worker.busy = False
        if worker.at_work:
            self._next(worker, now)

    def _next(self, worker: Worker, now: float) -> None:
        """What an agent does who has nothing to do."""
        choices = []
        for skill in worker.group.types:
            for line in self.lines:
                offers = [offer for offer in line.offers if offer.group == worker.group.id]
                if line.kind.id == skill.type and offers and line.waiting:
                    first = line.waiting[0]
                    wait = offers[0].after if skill.wait is None else skill.wait
                    if now >= first.arrived + wait:
                        choices.append((skill.rank, first.arrived, len(choices), first))
        if choices:
            self._serve(worker, min(choices)[3], now)
        else:
            worker.idle_since = now
            self.idle.append(worker)

    def _give_up(self, caller: Caller, outcome: str, now: float) -> None:
        if caller in caller.line.waiting:
            caller.line.waiting.remove(caller)
            self._lose(caller, outcome, now)

    def _overflow(self, caller: Caller, delay: float, now: float) -> None:
        worker = self._idle_for(caller.line, delay) if caller in caller.line.waiting else None
        if worker:
            self._serve(worker, caller, now)

    def _lose(self, caller: Caller, outcome: str, now: float) -> None:
        caller.outcome, caller.ended, caller.freed = outcome, now, now
        if outcome != "blocked":
            self.inside -= 1
        if outcome != "timed_out":
            self._maybe_back(caller, "redialled", now)

    def _maybe_back(self, caller: Caller, origin: str, now: float) -> None:
        back = caller.line.kind.redial if origin == "redialled" else caller.line.kind.repeat
        if back and self.uniform(0) < back.share:
            then = now + self.draw(back.after, 0)
            if then < self.model.interval * self.model.intervals:
                act = lambda when: self._arrive(caller.line, origin, caller.customer, 0, when)  # noqa: E731
                self.at(then, OTHER, act)

    def _change(self, worker: Worker, comes: bool, now: float) -> None:
        worker.at_work = comes
        if comes and not worker.busy:
            self._next(worker, now)
        if comes:
            return
        if worker in self.idle:
            self.idle.remove(worker)
        for line in self.lines:
            while line.kind.leave_when_unstaffed and line.waiting and self._unstaffed(line):
                self._lose(line.waiting.pop(0), "let_go", now)


def spans_of(agent: Agent) -> list[tuple[float, float]]:
    """When an agent is at work, minute by hand: the shift without the breaks."""
    if not agent.shift:
        return [(0.0, NEVER)]
    edges = sorted({edge for span in (*agent.shift, *agent.breaks) for edge in span})
    found: list[tuple[float, float]] = []
    for start, end in pairwise(edges):
        inside = any(a <= start < b for a, b in agent.shift) and not any(a <= start < b for a, b in agent.breaks)
        if inside and found and found[-1][1] == start:
            found[-1] = (found[-1][0], end)
        elif inside:
            found.append((start, end))
    return found
