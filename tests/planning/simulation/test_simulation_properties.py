"""What must hold for any floor."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onefloor.planning.simulation import simulating
from onefloor.planning.simulation.chance import JUMP, LONG_JUMP, bases_of, jumped, next_bits, streams_of
from onefloor.planning.simulation.laws import empirical, exponential, gamma, lognormal
from onefloor.planning.simulation.model import ContactType, Group, Model, Offer, Return, Rule, Skill
from onefloor.planning.simulation.report import lines
from onefloor.planning.simulation.result import Result
from onefloor.planning.simulation.simulating import (
    BadParameters,
    Parameters,
    TooMuchToKeep,
    TooMuchWaits,
    recorded,
    simulate,
)
from onefloor.planning.solving import Stop

LAWS = st.one_of(
    st.builds(exponential, st.floats(1, 600)),
    st.builds(lognormal, st.floats(1, 600), st.floats(0.1, 2)),
    st.builds(gamma, st.floats(1, 600), st.floats(0.1, 2)),
    st.builds(empirical, st.lists(st.floats(0.5, 600), min_size=1, max_size=5).map(tuple)),
)
RETURNS = st.none() | st.builds(lambda share, after: Return(share=share, after=after), st.floats(0, 0.7), LAWS)


@st.composite
def floors(draw: st.DrawFn) -> Model:
    """Small floors of any kind."""
    count, crews = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    groups = tuple(
        Group(
            id=f"g{g}", company="own" if g else "vendor", pace=draw(st.floats(0.5, 2)),
            types=tuple(Skill(type=f"t{k}", rank=draw(st.integers(1, 2))) for k in range(count)),
            staff=tuple(draw(st.lists(st.integers(0, 4), min_size=4, max_size=4))),
        )
        for g in range(crews)
    )  # fmt: skip
    types = tuple(
        ContactType(
            id=f"t{k}", arrivals=tuple(draw(st.lists(st.floats(0, 40), min_size=4, max_size=4))),
            service=draw(LAWS), wrap_up=draw(st.none() | LAWS), patience=draw(st.none() | LAWS),
            never_waits=draw(st.floats(0, 1)), redial=draw(RETURNS), repeat=draw(RETURNS),
            longest_wait=draw(st.none() | st.floats(1, 500)), leave_when_unstaffed=draw(st.booleans()),
            routing=draw(st.sampled_from(["priority", "longest_idle", "least_skilled"])),
            groups=tuple(Offer(group=f"g{g}", after=draw(st.sampled_from([0.0, 20.0, 60.0]))) for g in range(crews)),
        )
        for k in range(count)
    )  # fmt: skip
    lines = draw(st.none() | st.integers(0, 12))
    return Model(id="any", horizon=3600.0, interval=900.0, lines=lines, types=types, groups=groups)


@settings(max_examples=60, deadline=None)
@given(floors(), st.integers(0, 2**31))
def test_every_contact_ends_in_exactly_one_way(model: Model, seed: int) -> None:
    found = simulate(model, Parameters(2, threads=1), seed=seed)
    ends = ("answered", "abandoned", "timed_out", "let_go", "blocked", "left")
    total = sum(found.count(name) for name in ends)
    assert total.tolist() == found.count("offered").tolist()
    assert found.served[..., 0].sum() == found.by_group[..., 0].sum() == found.count("answered").sum()
    assert (found.counts >= 0).all()
    assert (found.waits >= 0).all()


@settings(max_examples=40, deadline=None)
@given(floors(), st.integers(0, 2**31))
def test_contacts_one_by_one_add_up_to_the_counts(model: Model, seed: int) -> None:
    one_by_one = recorded(model, seed)
    assert (one_by_one.ended >= one_by_one.arrived).all()
    served = one_by_one.agent >= 0
    for agent in np.unique(one_by_one.agent[served]):
        own = np.flatnonzero(one_by_one.agent == agent)
        order = own[np.argsort(one_by_one.answered[own])]
        assert (one_by_one.answered[order][1:] >= one_by_one.freed[order][:-1]).all()


def bytes_of(found: Result) -> bytes:
    names = ("counts", "waits", "served", "by_group", "work")
    return b"".join(getattr(found, name).tobytes() for name in names)


FLOOR = Model(
    id="floor", horizon=7200.0, interval=1800.0,
    types=(
        ContactType(id="a", arrivals=(90.0,), service=lognormal(200, 1), patience=exponential(90),
                    redial=Return(share=0.4, after=exponential(300)), wrap_up=exponential(30)),
        ContactType(id="b", arrivals=(60.0,), service=gamma(150, 0.7), patience=exponential(120)),
    ),
    groups=(
        Group(id="g", company="own", types=(Skill(type="a"),), staff=(8,)),
        Group(id="h", company="vendor", types=(Skill(type="b"), Skill(type="a")), staff=(10,)),
    ),
)  # fmt: skip


def test_one_thread_and_two_give_the_same_bytes() -> None:
    results = [bytes_of(simulate(FLOOR, Parameters(20, threads=threads), seed=3)) for threads in (1, 2)]
    assert results[0] == results[1]


def test_more_replications_begin_with_those_of_fewer_whatever_the_batch() -> None:
    few, many = simulate(FLOOR, Parameters(7, batch=7)), simulate(FLOOR, Parameters(20, batch=3))
    assert many.counts[:7].tolist() == few.counts.tolist()


def test_it_stops_once_it_is_precise_enough() -> None:
    found = simulate(FLOOR, Parameters(2000, precision=0.01, batch=10))
    level = found.service_level()
    assert level is not None
    assert (level.high - level.low) / 2 <= 0.01
    assert found.replications < 2000


def test_it_stops_after_the_rounds_that_are_allowed() -> None:
    assert simulate(FLOOR, Parameters(1000, batch=10), stop=Stop(rounds=2)).replications == 20


def test_other_staffing_meets_the_same_customers() -> None:
    seen = []
    for staff in (3, 12):
        found = recorded(FLOOR.with_staff({"g": staff}), seed=9)
        fresh = found.origin == 0
        seen.append((found.type[fresh].tolist(), found.arrived[fresh].tolist()))
    assert seen[0] == seen[1]


def test_another_rate_of_one_type_changes_no_arrival_of_the_other() -> None:
    seen = []
    for rate in (60.0, 75.0):
        found = recorded(replace(FLOOR, types=(replace(FLOOR.types[0], arrivals=(rate,)), FLOOR.types[1])), seed=9)
        seen.append(found.arrived[found.type == 1].tolist())
    assert seen[0] == seen[1]


def test_with_one_skill_more_agents_never_mean_longer_waits_on_average() -> None:
    one = replace(FLOOR, types=FLOOR.types[1:], groups=(replace(FLOOR.groups[0], types=(Skill(type="b"),)),))
    waits = [
        simulate(one.with_staff({"g": staff}), Parameters(60, threads=1)).speed_of_answer() for staff in range(3, 10)
    ]
    values = [one.value for one in waits if one is not None]
    assert values == sorted(values, reverse=True)


def test_two_skills_in_a_chain_do_almost_as_well_as_all_skills() -> None:
    """Wallace and Whitt (2005), "A staffing algorithm for call centers with skill-based routing", section 5."""

    def floor(skills: int) -> Model:
        types = tuple(
            ContactType(
                id=f"t{k}", arrivals=(200.0,), service=exponential(180), patience=exponential(180),
                groups=tuple(Offer(group=f"g{(k - i) % 6}") for i in range(skills)),
            )
            for k in range(6)
        )  # fmt: skip
        groups = tuple(
            Group(
                id=f"g{g}", staff=(12,),
                types=tuple(Skill(type=f"t{(g + i) % 6}", rank=1 + (i > 0)) for i in range(skills)),
            )
            for g in range(6)
        )  # fmt: skip
        return Model(id="chain", horizon=36_000.0, interval=3_600.0, types=types, groups=groups)

    levels = [simulate(floor(skills), Parameters(40, threads=1)).service_level() for skills in (1, 2, 6)]
    one, two, all_skills = (level.value for level in levels if level is not None)
    assert two - one > 4 * (all_skills - two) > 0


def test_the_order_of_types_and_groups_means_nothing_where_priorities_are_equal() -> None:
    turned = replace(FLOOR, types=FLOOR.types[::-1], groups=FLOOR.groups[::-1])
    turned = replace(turned, types=tuple(replace(t, groups=FLOOR.offers(t)) for t in turned.types))
    one, two = (simulate(model, Parameters(300, threads=1)).service_level() for model in (FLOOR, turned))
    assert one is not None
    assert two is not None
    assert one.low < two.value < one.high


def test_a_wait_of_exactly_the_limit_is_in_time_only_if_the_rule_says_so() -> None:
    kind = ContactType(id="a", arrivals=(400.0,), service=exponential(100), patience=exponential(50))
    offered_later = replace(kind, groups=(Offer(group="g", after=20.0),))
    floor = replace(FLOOR, types=(offered_later,), groups=(replace(FLOOR.groups[0], staff=(200,)),))
    shares = []
    for inclusive in (True, False):
        rule = Rule(within=20.0, inclusive=inclusive, formula="F2")
        level = simulate(replace(floor, rule=rule), Parameters(3, threads=1)).service_level()
        assert level is not None
        shares.append(level.value)
    assert shares == [1.0, 0.0]


def test_lines_of_groups_and_companies_add_up_and_are_those_of_one_company_only() -> None:
    found = simulate(FLOOR, Parameters(5, threads=1))
    told = lines(found, ("type", "interval", "group", "company"))
    answered = {by: sum(one.answered.value for one in told if one.by == by) for by in ("all", "type", "interval")}
    answered |= {by: sum(one.answered.value for one in told if one.by == by) for by in ("group", "company")}
    assert [round(value, 6) for value in answered.values()] == [round(answered["all"], 6)] * 5
    whole = found.occupancy()
    assert whole is not None
    assert 0 < whole.low < whole.value < whole.high < 1
    alone = lines(found, ("type", "interval", "group"), companies=("vendor",))
    assert [(one.by, one.name) for one in alone] == [("company", "vendor"), ("group", "h")]
    assert alone == [one for one in told if one.name in ("vendor", "h")][::-1]


def test_nobody_calls_nobody_works_and_one_agent() -> None:
    quiet = simulate(replace(FLOOR, types=tuple(replace(t, arrivals=(0.0,)) for t in FLOOR.types)), Parameters(3))
    assert quiet.service_level() is None
    assert quiet.count("offered").tolist() == [0.0, 0.0, 0.0]
    empty = simulate(FLOOR.with_staff({"g": 0, "h": 0}), Parameters(3))
    assert empty.count("answered").sum() == 0
    assert empty.occupancy() is None
    one = simulate(FLOOR.with_staff({"g": 1, "h": 0}), Parameters(3))
    assert one.count("answered").sum() > 0


def test_more_than_memory_holds_is_refused() -> None:
    with pytest.raises(TooMuchToKeep):
        simulate(FLOOR, Parameters(10_000_000))


def test_a_queue_without_end_is_refused_and_not_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(simulating, "MOST_ROOM", 1 << 12)
    endless = replace(FLOOR, types=(replace(FLOOR.types[1], patience=None, arrivals=(3000.0,)),))
    with pytest.raises(TooMuchWaits):
        simulate(endless, Parameters(1, threads=1))


@pytest.mark.parametrize("wrong", [{"replications": 0}, {"threads": 0}, {"precision": 0.0}, {"precision": -1.0}])
def test_no_replications_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(BadParameters):
        Parameters(**wrong)  # type: ignore[arg-type]


def test_streams_are_as_far_apart_as_their_jumps_say() -> None:
    """The generator is linear over bits: its step as a matrix, squared 128 and 192 times, must do what a jump does."""
    step = np.zeros((256, 256), np.uint8)
    for bit in range(256):
        state = np.zeros(4, np.uint64)
        state[bit // 64] = np.uint64(1) << np.uint64(bit % 64)
        next_bits(state, 0)
        step[:, bit] = bits_of(state)
    power, base = step.astype(np.float32), bases_of(11, 2)
    for squarings in range(1, 193):
        power = np.mod(power @ power, 2)
        if squarings == 128:
            assert (power @ bits_of(base[0]) % 2 == bits_of(jumped(base[0], JUMP))).all()
    assert (power @ bits_of(base[0]) % 2 == bits_of(jumped(base[0], LONG_JUMP))).all()
    assert streams_of(base[0], 2)[1].tolist() == jumped(base[0], JUMP).tolist()
    assert base[1].tolist() == jumped(base[0], LONG_JUMP).tolist()


def bits_of(state: np.ndarray) -> np.ndarray:
    return np.unpackbits(state.view(np.uint8), bitorder="little").astype(np.float32)
