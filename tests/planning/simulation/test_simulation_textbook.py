"""A plain textbook event loop gives the same contacts, to the last bit, for every feature of the simulator."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from textbook_floor import Textbook

from onefloor.planning.simulation.chance import bases_of, streams_of
from onefloor.planning.simulation.kernel import run
from onefloor.planning.simulation.laws import constant, empirical, exponential, gamma, given, lognormal
from onefloor.planning.simulation.memory import COUNTS, ROWS, Room
from onefloor.planning.simulation.model import Agent, ContactType, Group, Model, Offer, Return, Skill
from onefloor.planning.simulation.rows import Contacts
from onefloor.planning.simulation.seats import Seats, seated
from onefloor.planning.simulation.simulating import recorded, recorded_of, runner
from onefloor.planning.simulation.single import run_single
from onefloor.planning.simulation.tables import compiled_model

ORIGINS = ("fresh", "redialled", "repeated", "transferred")


def skills(*types: str, **more: float) -> tuple[Skill, ...]:
    return tuple(Skill(type=name, **more) for name in types)  # type: ignore[arg-type]


CALLS = ContactType(id="a", arrivals=(50.0, 80.0, 0.0, 30.0), service=exponential(120), patience=exponential(60))
OTHERS = ContactType(id="b", arrivals=(40.0,), service=lognormal(150, 0.8), patience=gamma(90, 0.5))
POOL = Group(id="g", company="own", types=skills("a"), staff=(2,))
VENDOR = Group(id="v", company="vendor", types=skills("a", "b"), staff=(1,), pace=1.15)
BOTH = Group(id="w", company="own", types=skills("b", "a"), staff=(2,))
BASE = Model(id="m", horizon=7200.0, interval=1800.0, types=(CALLS,), groups=(POOL,))
TWO = replace(BASE, types=(CALLS, OTHERS), groups=(POOL, VENDOR, BOTH))
ONWARD = replace(
    TWO,
    types=(
        replace(
            CALLS, wrap_up=exponential(20), transfers=(("b", 0.3),), repeat=Return(share=0.2, after=exponential(99))
        ),
        replace(OTHERS, wrap_up=gamma(30, 0.6), transfers=(("a", 0.1),), redial=Return(share=0.4, after=constant(90))),
    ),
    groups=(
        replace(POOL, staff=(), agents=(Agent(id="x", transfers=2.5), Agent(id="y", transfers=0.5))),
        replace(POOL, id="o", company="own", types=skills("b"), staff=(2, 3, 1, 2)),
        replace(VENDOR, types=skills("b")),
    ),
)
SHIFTS = (
    Agent(id="x", pace=0.9, shift=((0.0, 3600.0),), breaks=((600.0, 900.0),)),
    Agent(id="y", shift=((0.0, 2400.0), (3000.0, 7200.0))),
    Agent(id="z", pace=1.3, shift=((1800.0, 7000.0),), breaks=((3000.0, 3300.0), (5000.0, 5600.0))),
)


def types(model: Model, **changes: object) -> Model:
    return replace(model, types=tuple(replace(kind, **changes) for kind in model.types))  # type: ignore[arg-type]


FEATURES = {
    "impatient customers": BASE,
    "nobody leaves": types(BASE, patience=None),
    "wrap-up": types(BASE, wrap_up=gamma(30, 0.7)),
    "gamma service below shape 1": types(BASE, service=gamma(120, 1.7)),
    "empirical service": types(BASE, service=empirical((20.0, 60.0, 90.0, 200.0, 400.0))),
    "times that are given": types(BASE, service=given((90.0, 200.0, 15.0)), wrap_up=given((5.0, 31.0))),
    "constant service and patience": types(BASE, service=constant(100.0), patience=constant(45.0)),
    "some never wait": types(BASE, never_waits=0.3),
    "the queue has a limit": types(BASE, longest_wait=50.0),
    "redials": types(BASE, redial=Return(share=0.6, after=exponential(300))),
    "repeats": types(BASE, repeat=Return(share=0.4, after=lognormal(900, 0.5))),
    "busy and quiet days": replace(types(BASE, busyness=gamma(1.0, 0.4)), busyness=lognormal(1.0, 0.3)),
    "few lines": replace(types(BASE, redial=Return(share=0.5, after=exponential(200))), lines=4),
    "a pool that grows and shrinks": replace(BASE, groups=(replace(POOL, staff=(1, 3, 0, 2)),)),
    "who waits is let go when nobody is there": types(
        replace(BASE, groups=(replace(POOL, staff=(2, 0, 1, 0)),)), leave_when_unstaffed=True
    ),
    "nobody works": replace(BASE, groups=(replace(POOL, staff=(0,)),)),
    "one agent": replace(BASE, groups=(replace(POOL, staff=(1,)),)),
    "nobody calls": types(BASE, arrivals=(0.0,)),
    "shifts and breaks": replace(BASE, groups=(replace(POOL, staff=(), agents=SHIFTS),)),
    "several skills": TWO,
    "classes": replace(
        TWO, groups=(POOL, replace(VENDOR, types=(Skill(type="b", rank=1), Skill(type="a", rank=2))), BOTH)
    ),
    "overflow after a delay": replace(
        TWO,
        types=(
            replace(CALLS, groups=(Offer(group="g"), Offer(group="w", after=20.0), Offer(group="v", after=40.0))),
            OTHERS,
        ),
    ),
    "a least wait of its own": replace(TWO, groups=(POOL, replace(VENDOR, types=skills("a", "b", wait=25.0)), BOTH)),
    "longest idle": types(replace(TWO, groups=(POOL, replace(VENDOR, staff=(3,)), BOTH)), routing="longest_idle"),
    "least skilled first": types(
        replace(TWO, groups=(VENDOR, BOTH, replace(POOL, staff=(3,)))), routing="least_skilled"
    ),
    "shares between companies": types(TWO, shares=(("own", 0.7), ("vendor", 0.3)), others_after=30.0),
    "transfers": ONWARD,
    "transfers to lines of two companies": replace(
        ONWARD, types=(ONWARD.types[0], replace(ONWARD.types[1], shares=(("own", 0.4), ("vendor", 0.6)))), lines=6
    ),
    "shares that are never given away": types(TWO, shares=(("own", 0.5), ("vendor", 0.5))),
}  # fmt: skip
EVERYTHING = replace(
    types(
        TWO,
        wrap_up=exponential(20),
        never_waits=0.1,
        longest_wait=70.0,
        redial=Return(share=0.5, after=exponential(240)),
        repeat=Return(share=0.2, after=gamma(600, 0.6)),
        shares=(("own", 0.7), ("vendor", 0.3)),
        others_after=30.0,
        routing="longest_idle",
        leave_when_unstaffed=True,
    ),
    groups=(
        replace(POOL, staff=(), agents=(SHIFTS[0], SHIFTS[2])),
        replace(VENDOR, staff=(1, 0, 2, 0)),
        replace(BOTH, staff=(2, 1, 1, 0)),
    ),
    busyness=gamma(1.0, 0.3),
    lines=12,
)


def told(found: Contacts) -> list[tuple[object, ...]]:
    agents = (*found.compiled.agents, "")
    return [
        (
            found.compiled.model.types[found.type[i]].id, int(found.customer[i]), ORIGINS[found.origin[i]],
            COUNTS[found.outcome[i]], agents[found.agent[i]], float(found.arrived[i]),
            *((float(found.answered[i]), float(found.ended[i]), float(found.freed[i])) if found.agent[i] >= 0 else ()),
        )
        for i in range(len(found))
    ]  # fmt: skip


def by_hand(model: Model, replication: int) -> list[tuple[object, ...]]:
    done = Textbook(model, seed=7, replication=replication).run()
    names = {"open": "left"}
    return [
        (
            one.line.kind.id, one.customer, one.origin, names.get(one.outcome, one.outcome), one.agent, one.arrived,
            *((one.answered, one.ended, one.freed) if one.agent else ()),
        )
        for one in done
    ]  # fmt: skip


@pytest.mark.parametrize("feature", [*FEATURES, "everything at once"])
def test_a_textbook_loop_gives_the_same_contacts(feature: str) -> None:
    model = FEATURES.get(feature, EVERYTHING)
    for replication in range(3):
        assert told(recorded(model, seed=7, replication=replication)) == by_hand(model, replication)


@pytest.mark.parametrize(
    "feature", ["impatient customers", "nobody leaves", "wrap-up", "some never wait", "the queue has a limit"]
)
def test_one_queue_and_one_pool_need_no_events_and_count_the_same(feature: str) -> None:
    model = replace(FEATURES[feature], groups=(replace(POOL, staff=(4,)),))
    source = runner(compiled_model(model))
    assert source.loop is run_single
    for base in bases_of(4, 5):
        parts, found = source.run(base)
        other = runner(compiled_model(model)).plan.empty.copy()
        parts.of(other, "streams")[:] = streams_of(base, 4)
        run(other.view(np.int64), other.view(np.float64), other)
        for name in ("counts", "served", "by_group"):
            assert parts.of(found.w, name).tolist() == parts.of(other.view(np.int64), name).tolist()
        for name in ("waits", "work"):
            np.testing.assert_allclose(parts.of(found.f, name), parts.of(other.view(np.float64), name), rtol=1e-12)


def test_every_kind_of_pool_grows_when_it_is_full() -> None:
    model = replace(
        BASE,
        types=(replace(CALLS, arrivals=(900.0,), patience=exponential(2000)),),
        groups=(replace(POOL, staff=(2, 3, 2, 1)),),
    )
    small, large = (simulated_in(model, room) for room in (Room(heap=2, slots=1, rows=1), Room(4096, 4096, 16384)))
    assert small == large


def simulated_in(model: Model, room: Room) -> bytes:
    source = runner(compiled_model(model), room)
    parts, found = source.run(bases_of(3, 1)[0])
    rows = parts.of(found.u, "rows")[: int(found.w[ROWS])]
    return b"".join([rows.tobytes(), parts.of(found.w, "counts").tobytes(), parts.of(found.f, "waits").tobytes()])


def test_agents_given_as_arrays_are_those_written_one_by_one() -> None:
    agents = tuple(replace(agent, transfers=0.5 + number) for number, agent in enumerate(SHIFTS))
    groups = [replace(POOL, staff=(), agents=agents[:2]), replace(BOTH, types=skills("b"), staff=(), agents=agents[2:])]
    model = replace(ONWARD, groups=tuple(groups))
    spans = [(number, *span) for number, agent in enumerate(agents) for span in agent.at_work()]
    number, start, end = (np.array(column) for column in zip(*spans, strict=True))
    seats = Seats(
        group=np.array([0, 0, 1]), pace=np.array([agent.pace for agent in agents]) * [1.0, 1.0, BOTH.pace],
        transfers=np.array([agent.transfers for agent in agents]), agent=number, start=start, end=end,
    )  # fmt: skip
    bare = replace(model, groups=tuple(replace(group, agents=()) for group in groups))
    written, given_whole = recorded(model, seed=5), recorded_of(seated(bare, seats), seed=5)
    assert (written.legs().leg > 1).any()
    for name in ("type", "origin", "outcome", "agent", "arrived", "answered", "ended", "freed"):
        assert getattr(written, name).tolist() == getattr(given_whole, name).tolist()


def test_every_outcome_and_origin_occurs_when_everything_is_on() -> None:
    outcomes, origins = set(), set()
    for replication in range(6):
        found = recorded(EVERYTHING, seed=7, replication=replication)
        outcomes |= {COUNTS[outcome] for outcome in np.unique(found.outcome)}
        origins |= {ORIGINS[origin] for origin in np.unique(found.origin)}
    assert outcomes == {"answered", "abandoned", "blocked", "timed_out", "let_go"}
    assert origins == {"fresh", "redialled", "repeated"}


def test_a_customer_who_is_passed_on_has_another_leg_with_another_agent_and_keeps_the_line() -> None:
    for lines in (None, 3):
        found = recorded(replace(ONWARD, lines=lines), seed=7)
        legs = found.legs()
        second = np.flatnonzero(legs.leg == 2)
        first = legs.contact[second]
        assert set(ORIGINS.index("transferred") == found.origin[second]) == {True}
        assert len(second) > 10
        assert (found.arrived[second] == found.ended[first]).all()
        assert (legs.onward[first] == found.type[second]).all()
        assert (found.type[second] != found.type[first]).all()
        assert (found.agent[second] != found.agent[first]).all()
        assert not np.isin(found.outcome[second], [COUNTS.index("blocked")]).any()
        assert (legs.onward != -1).sum() == (legs.leg > 1).sum()


def test_an_agent_who_passes_on_twice_as_often_does() -> None:
    agents = tuple(Agent(id=f"n{number}", transfers=0.5 if number % 2 else 1.5) for number in range(20))
    many = replace(
        ONWARD,
        horizon=720_000.0, interval=180_000.0,
        types=tuple(replace(kind, arrivals=(5_000.0,), repeat=None, redial=None) for kind in ONWARD.types),
        groups=(replace(POOL, staff=(), agents=agents), replace(POOL, id="o", types=skills("b"), staff=(30,))),
    )  # fmt: skip
    found = recorded(many, seed=3)
    onward, fresh = found.legs().onward, (found.type == 0) & (found.outcome == COUNTS.index("answered"))
    for odd, share in ((0, 0.45), (1, 0.15)):
        own = fresh & (found.agent % 2 == odd) & (found.agent < len(agents))
        size = int(own.sum())
        assert abs((onward[own] == 1).mean() - share) < 4 * (share * (1 - share) / size) ** 0.5


def test_who_can_serve_the_other_type_passes_nobody_on() -> None:
    able = replace(ONWARD, groups=(BOTH, VENDOR))
    assert not (recorded(able, seed=7).legs().leg > 1).any()
