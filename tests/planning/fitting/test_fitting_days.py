"""Factors of days, days that do not count, agents' paces, and who comes back are recovered from draws."""

from __future__ import annotations

import numpy as np
import pytest

from onefloor.language import Text
from onefloor.planning.fitting.busyness import Busyness, busyness
from onefloor.planning.fitting.days import Days, counted
from onefloor.planning.fitting.paces import paces
from onefloor.planning.fitting.returning import calls, returns
from onefloor.planning.fitting.rows import Contacts
from onefloor.planning.fitting.serving import delays, skilled

MEANS = np.array([400.0, 150.0])
WEEK = np.array([1.2, 1.1, 1.0, 1.0, 1.0, 0.8, 0.7])


def drawn(seed: int, shared: float, own: tuple[float, float], days: int = 120, parts: float = 0.0) -> Busyness:
    chance = np.random.default_rng(seed)
    weekday = np.arange(days) % 7 + 1

    def factor(cv: float, *size: int) -> np.ndarray:
        return chance.gamma(1 / cv**2, cv**2, size) if cv else np.ones(size)

    rates = MEANS[:, None] * WEEK[weekday - 1] * factor(shared, days) * np.stack([factor(cv, days) for cv in own])
    counts = chance.poisson(rates[:, :, None] / 48 * factor(parts, 2, days, 48)).astype(float)
    return busyness(Days(np.arange(days), weekday, counts, {}))


def test_shared_and_own_factors_of_a_day_are_told_apart() -> None:
    hits = np.zeros(3)
    for seed in range(60):
        found = drawn(seed, 0.10, (0.05, 0.15))
        estimates = (found.shared, *found.own)
        hits += [
            one is not None and one.low <= cv <= one.high for one, cv in zip(estimates, (0.10, 0.05, 0.15), strict=True)
        ]
    assert (hits / 60 >= 0.8).all()


def test_days_that_differ_by_chance_alone_have_next_to_no_factor() -> None:
    found = [drawn(seed, 0.0, (0.0, 0.0)) for seed in range(20)]
    assert np.mean([one.shared.value for one in found if one.shared]) < 0.02
    assert np.mean([one.low == 0 for busy in found for one in busy.own if one]) >= 0.9
    assert all(0.9 < within < 1.1 for one in found for within in one.within)


def test_half_hours_that_are_busy_by_themselves_show_as_more_than_chance_within_days() -> None:
    assert all(within > 1.5 for within in drawn(1, 0.1, (0.0, 0.0), parts=0.5).within)


def test_few_days_have_no_factor() -> None:
    found = drawn(1, 0.2, (0.1, 0.1), days=20)
    assert (found.shared, found.own) == (None, (None, None))


def contacts(**columns: object) -> Contacts:
    """Contacts of type 0 that were answered at once, as far as nothing else is said."""
    size = max(np.size(column) for column in columns.values())
    plain = dict.fromkeys(Contacts.__dataclass_fields__, 0)
    plain |= {"outcome": 1, "first": 1, "company": 1, "agent": 1, "weekday": 1}
    times = ("wait", "ring", "talk", "hold", "wrap")
    filled = {
        name: np.broadcast_to(np.asarray(value, float if name in times else np.int64), size).copy()
        for name, value in (plain | columns).items()
    }
    return Contacts(**filled)


def test_a_day_far_from_its_weekday_and_days_left_out_do_not_count() -> None:
    chance = np.random.default_rng(1)
    sizes = chance.poisson(100, 70)
    sizes[30], sizes[44] = 30, 100
    day = np.repeat(np.arange(70), sizes)
    found = counted(contacts(day=day, weekday=day % 7 + 1, interval=20), 1, {44: Text("节假日", "holiday")})
    assert sorted(found.out) == [30, 44]
    assert found.out[44].en == "holiday"
    assert "unusual" in found.out[30].en
    assert len(found.days) == 68
    assert found.totals.sum() == sizes.sum() - 130
    assert found.profile(3)[0, 20] == pytest.approx(100, rel=0.1)


def test_with_few_days_none_is_unusual() -> None:
    sizes = [100] * 14 + [5] * 7
    day = np.repeat(np.arange(21), sizes)
    assert counted(contacts(day=day, weekday=day % 7 + 1), 1, {}).out == {}


def test_paces_are_those_that_were_drawn_as_far_as_the_data_know() -> None:
    chance = np.random.default_rng(2)
    true = np.exp(chance.normal(0, 0.1, 60))
    agent, kind = chance.integers(0, 60, 30_000), chance.integers(0, 3, 30_000)
    seconds = chance.gamma(2.0, 0.5, 30_000) * np.array([100, 200, 300])[kind] * true[agent]
    found = paces(agent + 10, kind, seconds)
    assert found.spread == pytest.approx(0.1, abs=0.02)
    assert np.corrcoef(found.factors, true)[0, 1] > 0.9
    assert (found.factors[agent]).mean() == pytest.approx(1.0)
    assert found.of(np.array([999]))[0] == 1.0


def test_paces_of_agents_that_do_not_differ_are_pulled_together() -> None:
    chance = np.random.default_rng(3)
    agent = np.repeat(np.arange(40), 100)
    alone = 0.8 / np.sqrt(100)  # the spread of means of logarithms by chance alone
    spreads = [paces(agent, agent * 0, chance.gamma(2.0, 100.0, 4000)).factors.std() for _ in range(20)]
    assert np.mean(spreads) < alone / 3


DAY = 86_400


def with_customers(share: float, a_day: float, days: int = 42, seed: int = 1) -> tuple[Contacts, np.ndarray]:
    """Customers who call at any hour, give up three times in ten, and then perhaps call again within the hour."""
    chance = np.random.default_rng(seed)
    rows = []
    for day in range(days):
        for person in range(100):
            for at in chance.uniform(28_800, 64_800, chance.poisson(a_day)):
                gives_up = chance.random() < 0.3
                rows.append((DAY * day + at, 2 if gives_up else 1, person + 1))
                if gives_up and chance.random() < share:
                    rows.append((DAY * day + at + chance.exponential(600), 1, person + 1))
    start, outcome, customer = (np.array(column) for column in zip(*sorted(rows), strict=True))
    ms = (1000 * start).astype(np.int64)
    return contacts(start_ms=ms, day=ms // (1000 * DAY), outcome=outcome), customer


@pytest.mark.parametrize(("share", "a_day"), [(0.4, 0.3), (0.4, 1.5), (0.0, 1.5)])
def test_who_calls_again_because_he_was_lost_is_told_from_who_calls_anyway(share: float, a_day: float) -> None:
    seen, customer = with_customers(share, a_day)
    found, codes = calls(seen, customer)
    answer = returns(seen, seen.abandoned, found, codes, 3600.0)
    assert answer.share.low <= share <= answer.share.high
    assert answer.share.high - answer.share.low < 0.2
    assert answer.seen == (share > 0)


def test_customers_nobody_knows_come_back_to_nobody() -> None:
    seen, customer = with_customers(0.4, 1.0, days=10)
    found, codes = calls(seen, np.where(np.arange(len(customer)) % 2 == 0, customer, 0))
    answer = returns(seen, seen.abandoned, found, codes, 3600.0)
    assert answer.events < seen.abandoned.sum()


def test_agents_with_the_same_company_and_types_are_a_group_and_slips_do_not_count() -> None:
    agent = np.repeat([1, 2, 3, 4], 100)
    kind = np.tile(np.arange(100) % 2, 4)
    kind[200:300] = 0
    kind[205] = 1  # one slip of agent 3
    found = skilled(contacts(agent=agent, kind=kind, company=np.where(agent == 4, 2, 1)))
    assert [(one.company, one.types, one.agents) for one in found] == [
        (1, (0, 1), (1, 2)),
        (1, (0,), (3,)),
        (2, (0, 1), (4,)),
    ]


def test_a_company_that_comes_in_later_shows_by_its_shortest_waits() -> None:
    chance = np.random.default_rng(4)
    wait = np.concatenate(
        [np.where(chance.random(1000) < 0.6, 0.0, chance.exponential(30, 1000)), 30 + chance.exponential(20, 400)]
    )
    company = np.repeat([1, 2], [1000, 400])
    (late,) = delays(contacts(wait=wait, company=company), 1)
    assert (late.company, late.n) == (2, 400)
    assert late.seconds == pytest.approx(30, abs=0.5)
    assert delays(contacts(wait=wait[:1000], company=company[:1000]), 1) == []
