"""A model as the arrays the kernel reads.

A contact type with shares between companies becomes one queue for each company (independent thinning of a Poisson
process is exact), in which its own groups come first. Groups of a pool are anonymous and cost less; where routing has
to know who has been idle longest across groups, or agents are to be named, pools become agents one by one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from onefloor.planning.simulation.laws import KINDS, Law, constant
from onefloor.planning.simulation.model import Agent, ContactType, Group, Model, Offer, Skill, spread_out

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
FOR_EVER = 1e300
SERVICE, WRAP, PATIENCE, REDIAL, REPEAT, BUSYNESS = range(6)
NEVER_WAITS, REDIALS, REPEATS = range(3)
IN_TIME_LIMIT, SHORT_LIMIT, LONGEST = range(3)


class Tables(NamedTuple):
    """What the kernel reads: V queues, G groups, P intervals, S servers (agents, then one for each pool), E changes.

    ``numbers``: interval, horizon, lines (or FOR_EVER). ``rates`` (V, P) arrivals per time; ``type_of`` (V,) the type
    of a queue. ``law_kind`` (V+1, 6), ``law_at`` (V+1, 6, 2) place in ``values`` and count, ``law_by`` (V+1, 6, 2)
    parameters; the last row holds the busyness of the model. ``shares`` (V, 3), ``limits`` (V, 3) and ``inclusive``
    (V, 2) whether a wait of exactly the first two is inside, ``lets_go`` (V,).
    ``offers`` (V,) how many, ``offer_group``, ``offer_after``, ``offer_rank`` (V, .), ``ties`` (V,) whether ranks tie.
    ``stages`` (V, .) the different delays above 0, rising, then FOR_EVER. ``skills`` (G,) how many, ``skill_queue``,
    ``skill_class``, ``skill_wait`` (G, .). ``single`` (G,) 1: agents one by one. ``server_group``, ``server_pace``
    (S,). ``change_time``, ``change_server``, ``change_by`` (E,) who comes and goes, in order.
    ``transfers`` (V,) how many, ``transfer_queue``, ``transfer_share`` (V, .), ``server_transfers`` (S,) factors on it.
    """

    numbers: Floats
    rates: Floats
    type_of: Ints
    law_kind: Ints
    law_at: Ints
    law_by: Floats
    values: Floats
    shares: Floats
    limits: Floats
    inclusive: Ints
    lets_go: Ints
    offers: Ints
    offer_group: Ints
    offer_after: Floats
    offer_rank: Ints
    ties: Ints
    stages: Floats
    skills: Ints
    skill_queue: Ints
    skill_class: Ints
    skill_wait: Floats
    single: Ints
    server_group: Ints
    server_pace: Floats
    change_time: Floats
    change_server: Ints
    change_by: Ints
    transfers: Ints
    transfer_queue: Ints
    transfer_share: Floats
    server_transfers: Floats


@dataclass(frozen=True, slots=True)
class Queue:
    """One queue of the kernel: a type, or a company's share of it."""

    kind: ContactType
    number: int
    share: float
    offers: tuple[Offer, ...]


@dataclass(frozen=True, slots=True)
class Compiled:
    """A model and its arrays; ``agents`` names the servers that are agents, by number."""

    model: Model
    queues: tuple[Queue, ...]
    tables: Tables
    agents: tuple[str, ...]


def compiled_model(model: Model, *, named: bool = False) -> Compiled:
    """The arrays of a model; with ``named`` every pool becomes agents ``group-001``, ``group-002`` ..."""
    split = named or any(_ties(model, kind) for kind in model.types)
    model = replace(model, groups=tuple(_one_by_one(model, group) if split else group for group in model.groups))
    queues = tuple(queue for number, kind in enumerate(model.types) for queue in _queues(model, kind, number))
    agents = tuple(agent.id for group in model.groups for agent in group.agents)
    return Compiled(model, queues, _tables(model, queues), agents)


def _ties(model: Model, kind: ContactType) -> bool:
    return kind.routing == "longest_idle" and len(model.offers(kind)) > 1


def _one_by_one(model: Model, group: Group) -> Group:
    if not group.staff:
        return group
    sizes = spread_out(group.staff, model.intervals)
    names = (f"{group.id}-{number:03d}" for number in range(1, int(max(sizes)) + 1))
    agents = (Agent(id=name, shift=_present(model, sizes, number)) for number, name in enumerate(names))
    return replace(group, staff=(), agents=tuple(agents))


def _present(model: Model, sizes: tuple[float, ...], number: int) -> tuple[tuple[float, float], ...]:
    """When a pool is larger than ``number``; the last size stays after the horizon."""
    if min(sizes) > number:
        return ()
    edges = [i * model.interval for i in range(len(sizes))] + [FOR_EVER]
    spans: list[tuple[float, float]] = []
    for size, start, end in zip(sizes, edges, edges[1:], strict=False):
        if size > number:
            joined = spans and spans[-1][1] == start
            spans[-1:] = [(spans[-1][0], end)] if joined else [*spans[-1:], (start, end)]
    return tuple(spans)


def _queues(model: Model, kind: ContactType, number: int) -> list[Queue]:
    """The queue of a type, or one for each company that has a share."""
    if not kind.shares:
        return [Queue(kind, number, 1.0, _ordered(model, kind, model.offers(kind)))]
    return [Queue(kind, number, share, _of_company(model, kind, company)) for company, share in kind.shares]


def _of_company(model: Model, kind: ContactType, company: str) -> tuple[Offer, ...]:
    companies = {group.id: group.company for group in model.groups}
    offers = model.offers(kind)
    own = tuple(offer for offer in offers if companies[offer.group] == company)
    if kind.others_after is None:
        return _ordered(model, kind, own)
    others = (o for o in offers if companies[o.group] != company)
    later = tuple(replace(o, after=max(o.after, kind.others_after)) for o in others)
    return _ordered(model, kind, own) + _ordered(model, kind, later)


def _ordered(model: Model, kind: ContactType, offers: tuple[Offer, ...]) -> tuple[Offer, ...]:
    if kind.routing != "least_skilled":
        return offers
    skills = {group.id: len(group.types) for group in model.groups}
    return tuple(sorted(offers, key=lambda offer: skills[offer.group]))


def _tables(model: Model, queues: tuple[Queue, ...]) -> Tables:
    kinds, places, by, values = _laws(model, queues)
    lines = FOR_EVER if model.lines is None else float(model.lines)
    return Tables(
        numbers=np.array([model.interval, model.interval * model.intervals, lines]),
        rates=np.array([_rates(model, queue) for queue in queues]),
        type_of=np.array([queue.number for queue in queues], np.int64),
        law_kind=kinds,
        law_at=places,
        law_by=by,
        values=values,
        shares=np.array([_shares(queue.kind) for queue in queues]),
        limits=np.array([_limits(model, queue.kind) for queue in queues]),
        inclusive=np.array([_inclusive(model, queue.kind) for queue in queues], np.int64),
        lets_go=np.array([queue.kind.leave_when_unstaffed for queue in queues], np.int64),
        **_offers(model, queues),
        **_skills(model, queues),
        **_servers(model),
        **_changes(model),
        **_transfers(queues),
    )


def _rates(model: Model, queue: Queue) -> list[float]:
    means = spread_out(queue.kind.arrivals, model.intervals)
    return [mean * queue.share / model.interval for mean in means]


def _shares(kind: ContactType) -> list[float]:
    redial, repeat = kind.redial, kind.repeat
    return [kind.never_waits, redial.share if redial else 0.0, repeat.share if repeat else 0.0]


def _limits(model: Model, kind: ContactType) -> list[float]:
    rule = model.rule_of(kind)
    return [rule.within, rule.short_limit[0], kind.longest_wait or FOR_EVER]


def _inclusive(model: Model, kind: ContactType) -> list[bool]:
    rule = model.rule_of(kind)
    return [rule.inclusive, rule.short_limit[1]]


def _laws(model: Model, queues: tuple[Queue, ...]) -> tuple[Ints, Ints, Floats, Floats]:
    """Kind, place in the values, parameters of each law; then the values of all empirical laws."""
    one, never = constant(1.0), constant(FOR_EVER)
    rows = [
        [
            queue.kind.service,
            queue.kind.wrap_up or constant(0.0),
            queue.kind.patience or never,
            queue.kind.redial.after if queue.kind.redial else never,
            queue.kind.repeat.after if queue.kind.repeat else never,
            queue.kind.busyness or one,
        ]
        for queue in queues
    ]
    rows.append([one] * BUSYNESS + [model.busyness or one])
    laws: list[Law] = [law for row in rows for law in row]
    starts = np.cumsum([0, *(len(law.values) for law in laws)])
    shape = (len(rows), BUSYNESS + 1)
    kinds = np.array([KINDS.index(law.kind) for law in laws], np.int64).reshape(shape)
    places = np.array([(start, len(law.values)) for start, law in zip(starts, laws, strict=False)], np.int64)
    by = np.array([law.parameters for law in laws]).reshape(*shape, 2)
    values = np.concatenate([np.array(law.values) for law in laws if law.values] or [np.zeros(1)])
    return kinds, places.reshape(*shape, 2), by, values


def _offers(model: Model, queues: tuple[Queue, ...]) -> dict[str, Any]:
    numbers = {group.id: number for number, group in enumerate(model.groups)}
    shape = (len(queues), max(1, *(len(queue.offers) for queue in queues)))
    group, after, rank = np.zeros(shape, np.int64), np.zeros(shape), np.zeros(shape, np.int64)
    delays = [sorted({o.after for o in queue.offers if o.after > 0}) for queue in queues]
    stages = np.full((len(queues), 1 + max(map(len, delays))), FOR_EVER)
    for v, queue in enumerate(queues):
        stages[v, : len(delays[v])] = delays[v]
        for j, offer in enumerate(queue.offers):
            group[v, j], after[v, j] = numbers[offer.group], offer.after
            rank[v, j] = 0 if queue.kind.routing == "longest_idle" else j
    return {
        "offers": np.array([len(queue.offers) for queue in queues], np.int64),
        "offer_group": group,
        "offer_after": after,
        "offer_rank": rank,
        "ties": np.array([_ties(model, queue.kind) for queue in queues], np.int64),
        "stages": stages,
    }


def _skills(model: Model, queues: tuple[Queue, ...]) -> dict[str, Any]:
    served = [_served(group, queues) for group in model.groups]
    shape = (len(model.groups), max(1, *(len(found) for found in served), 1))
    queue, rank, wait = np.zeros(shape, np.int64), np.zeros(shape, np.int64), np.zeros(shape)
    for g, found in enumerate(served):
        for j, (v, skill, after) in enumerate(found):
            queue[g, j], rank[g, j] = v, skill.rank
            wait[g, j] = after if skill.wait is None else skill.wait
    return {
        "skills": np.array([len(found) for found in served], np.int64),
        "skill_queue": queue,
        "skill_class": rank,
        "skill_wait": wait,
    }


def _served(group: Group, queues: tuple[Queue, ...]) -> list[tuple[int, Skill, float]]:
    """The queues a group may take from, with the skill and the wait before; only those that are offered to it."""
    return [
        (v, skill, offer.after)
        for skill in group.types
        for v, queue in enumerate(queues)
        if queue.kind.id == skill.type
        for offer in queue.offers
        if offer.group == group.id
    ]


def _transfers(queues: tuple[Queue, ...]) -> dict[str, Any]:
    """Where the served of each queue go on to; a type with shares between companies takes them in these."""
    parts = [dict(queue.kind.transfers) for queue in queues]
    onward = [[(v, part[to.kind.id] * to.share) for v, to in enumerate(queues) if to.kind.id in part] for part in parts]
    shape = (len(queues), max(1, *map(len, onward)))
    number, part = np.zeros(shape, np.int64), np.zeros(shape)
    for v, found in enumerate(onward):
        for j, (to, share) in enumerate(found):
            number[v, j], part[v, j] = to, share
    counts = np.array([len(found) for found in onward], np.int64)
    return {"transfers": counts, "transfer_queue": number, "transfer_share": part}


def _servers(model: Model) -> dict[str, Any]:
    single = [
        (g, group.pace * agent.pace, agent.transfers) for g, group in enumerate(model.groups) for agent in group.agents
    ]
    pools = [(g, group.pace, 1.0) for g, group in enumerate(model.groups)]
    return {
        "single": np.array([bool(group.agents) for group in model.groups], np.int64),
        "server_group": np.array([g for g, _, _ in single + pools], np.int64),
        "server_pace": np.array([pace for _, pace, _ in single + pools]),
        "server_transfers": np.array([factor for _, _, factor in single + pools]),
    }


def _changes(model: Model) -> dict[str, Any]:
    """Who comes (+) and goes (-) when, in order of time and then of servers; at one time those who go, last."""
    agents = [agent for group in model.groups for agent in group.agents]
    found = [change for number, agent in enumerate(agents) for change in _of_agent(agent, number)]
    for g, group in enumerate(model.groups):
        if group.staff:
            found += _of_pool(model, group, len(agents) + g)
    found.sort(key=lambda change: (change[0], change[2] < 0, change[1]))
    times, servers, by = zip(*found, strict=True) if found else ((), (), ())
    return {
        "change_time": np.array(times, np.float64),
        "change_server": np.array(servers, np.int64),
        "change_by": np.array(by, np.int64),
    }


def _of_agent(agent: Agent, number: int) -> list[tuple[float, int, int]]:
    if not agent.shift:
        return [(0.0, number, 1)]
    spans = agent.at_work()
    ends = [(end, number, -1) for _, end in spans if end < FOR_EVER]
    return [(start, number, 1) for start, _ in spans] + ends


def _of_pool(model: Model, group: Group, server: int) -> list[tuple[float, int, int]]:
    sizes = [0, *(int(size) for size in spread_out(group.staff, model.intervals))]
    steps = ((i * model.interval, server, sizes[i + 1] - sizes[i]) for i in range(model.intervals))
    return [step for step in steps if step[2]]
