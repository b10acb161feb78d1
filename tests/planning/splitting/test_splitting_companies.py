from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from onefloor.planning.splitting.problem import BadSplit, Company, Split
from onefloor.planning.splitting.sentences import sentences
from onefloor.planning.splitting.solving import NoSplit, solve

OWN = Company("own", {"tech": 80.0, "water": 80.0})
NORTH = Company("north", {"tech": 60.0, "water": 70.0}, seats=3)
HARBOR = Company("harbor", {"water": 50.0}, most_hours=2.0)
NEED = {"tech": (4.0, 2.0), "water": (2.0, 3.0)}


def test_a_small_split_by_hand() -> None:
    found = solve(Split(NEED, (OWN, NORTH, HARBOR), hours=1.0))
    # Harbor works 2 hours of water; north's 6 seat-hours go where they save most: 5 on tech (20 each), 1 on water (10).
    assert found.cost == pytest.approx(2 * 50 + 5 * 60 + 1 * 70 + 3 * 80)
    assert found.hours.tolist() == [3.0, 6.0, 2.0]


def test_whole_people_cost_as_much_as_trying_everything() -> None:
    rng = np.random.default_rng(7)
    for _ in range(8):
        need = tuple(float(n) for n in rng.integers(0, 4, 2))
        prices = rng.integers(30, 90, 3).astype(float)
        companies = (Company("a", {"x": prices[0]}, paid_at_least=float(rng.integers(0, 4))),
                     Company("b", {"x": prices[1]}, seats=2, guaranteed=float(rng.integers(0, 2))),
                     Company("c", {"x": prices[2]}, most_hours=3.0))  # fmt: skip
        asked = Split({"x": need}, companies, hours=1.0, whole=True)
        assert solve(asked).cost == pytest.approx(by_trial(asked), abs=1e-6)


def test_hours_committed_in_one_skill_are_not_worked_off_in_another() -> None:
    dear = Company("dear", {"tax": 90.0, "water": 90.0}, paid_at_least=3.0, paid_for=("tax",), idle_price=50.0)
    asked = Split({"tax": (1.0, 1.0), "water": (2.0, 2.0)}, (Company("cheap", {"tax": 40.0, "water": 40.0}), dear),
                  hours=1.0)  # fmt: skip
    found = solve(asked)
    # An hour of tax costs 90 rather than 40 and 50 for one not worked: both ways cost as much, and none of water is.
    assert (found.cost, found.work[1, 1].sum()) == (6 * 40.0 + 3 * 50.0, 0.0)
    for idle_price in (60.0, 45.0):
        each = solve(replace(asked, companies=(asked.companies[0], replace(dear, idle_price=idle_price))))
        assert each.cost == pytest.approx(min(
            tax * 90 + (2 - tax) * 40 + water * 90 + (4 - water) * 40 + (3 - tax) * idle_price
            for tax in range(3) for water in range(5)
        ))  # fmt: skip


def test_a_commitment_is_not_kept_by_guaranteed_people_who_cost_less() -> None:
    dear = Company("dear", {"tax": 90.0}, paid_at_least=3.0, idle_price=120.0, guaranteed=1.0)
    found = solve(Split({"tax": (0.0, 0.0)}, (dear,), hours=1.0))
    assert (found.cost, found.idle.tolist(), found.spare.tolist()) == (360.0, [3.0], [2.0])


def by_trial(asked: Split) -> float:
    a, b, c = asked.companies
    least = np.inf
    for work in product(range(5), repeat=6):
        each = np.array(work).reshape(3, 2)
        over = np.maximum(0, b.guaranteed - each[1])
        if (each.sum(axis=0) < asked.need[0]).any() or (each[1] + over > b.seats).any() or each[2].sum() > c.most_hours:
            continue
        idle = max(0.0, a.paid_at_least - each[0].sum()) * a.prices["x"]
        price = [one.prices["x"] for one in asked.companies]
        least = min(least, float(each.sum(axis=1) @ price) + idle + over.sum() * b.prices["x"])
    return least


def test_the_price_of_a_limit_is_what_widening_it_saves() -> None:
    asked = Split(NEED, (OWN, NORTH, HARBOR), hours=1.0)
    found = solve(asked)
    prices = {(one.kind, one.company): one for one in found.binding}
    wider = Split(NEED, (OWN, NORTH, replace(HARBOR, most_hours=2.01)), hours=1.0)
    assert (solve(wider).cost - found.cost) / 0.01 == pytest.approx(prices["most_hours", "harbor"].price)
    assert prices["seats", "north"].intervals == 2
    more = Split({**NEED, "tech": (4.01, 2.0)}, (OWN, NORTH, HARBOR), hours=1.0)
    assert (solve(more).cost - found.cost) / 0.01 == pytest.approx(found.marginal[0, 0])


def test_committed_hours_are_worked_before_cheaper_ones_are_bought() -> None:
    dear = Company("dear", {"tech": 90.0}, paid_at_least=3.0)
    found = solve(Split({"tech": (2.0, 2.0)}, (Company("cheap", {"tech": 40.0}), dear), hours=1.0))
    assert found.hours.tolist() == [1.0, 3.0]
    none = solve(Split({"tech": (1.0, 0.0)}, (Company("cheap", {"tech": 40.0}), dear), hours=1.0))
    assert (none.idle.tolist(), none.cost) == ([0.0, 2.0], 270.0)


def test_what_is_told_as_idle_is_what_is_paid_and_not_worked() -> None:
    """Hours that are paid by guarantee and by commitment cost the same: which the programme takes says nothing."""
    need = {"tech": (3.0, 0.0, 1.0)}
    own = Company("own", {"tech": 80.0}, guaranteed=2.0)
    harbor = Company("harbor", {"tech": 71.0}, seats=3.0, guaranteed=2.0, paid_at_least=30.0)
    found = solve(Split(need, (own, harbor), hours=1.0))
    prices = np.array([80.0, 71.0])
    assert (found.hours + found.idle) @ prices == pytest.approx(found.cost)
    assert found.costs == pytest.approx((found.hours + found.idle) * prices)
    assert found.over == pytest.approx(np.maximum(2.0 - found.work.sum(axis=1), 0))
    assert found.idle[0] == pytest.approx(found.spare[0])
    told = [text.en for text in sentences(found)]
    assert any(f"{found.idle[0]:.1f} of them of guaranteed agents whom nobody needs." in text for text in told)


def test_shares_hold_and_their_price_is_told_by_the_point() -> None:
    companies = (Company("cheap", {"tech": 40.0}, most_share=0.6), Company("dear", {"tech": 90.0}))
    found = solve(Split({"tech": (10.0,)}, companies, hours=1.0))
    assert found.shares.round(6).tolist() == [0.6, 0.4]
    assert [(b.kind, b.company, round(b.price, 6)) for b in found.binding] == [("most_share", "cheap", -5.0)]


def test_closed_companies_work_nothing() -> None:
    need = {"tech": (2.0, 2.0), "water": (0.0, 0.0)}
    asked = Split(need, (OWN, replace(NORTH, guaranteed=1.0)), hours=1.0, open={"north": (False, True)})
    assert solve(asked).work[1].sum(axis=0).tolist() == [0.0, 2.0]


def test_limits_that_cannot_all_be_kept_are_named_and_no_others() -> None:
    with pytest.raises(NoSplit) as caught:
        solve(Split({"tech": (4.0,), "water": (1.0,)}, (NORTH, HARBOR), hours=1.0))
    assert set(caught.value.conflict) == {("need", "tech"), ("seats", "north")}


def test_an_agreed_share_does_not_tell_a_company_how_much_the_others_work() -> None:
    """A share of 20 % that is said to bind would: hours / 20 % are those of all."""
    free = replace(NORTH, seats=9.0)
    dear = replace(free, prices={"tech": 99.0, "water": 99.0})
    for north in (replace(free, most_share=0.5), replace(dear, least_share=0.2)):
        found = solve(Split(NEED, (OWN, north), hours=1.0))
        assert [one.kind for one in found.binding] == ["most_share" if north.most_share < 1 else "least_share"]
        told = str(found.as_json(("north",))) + str(sentences(found, ("north",)))
        assert "share" not in told
        assert "份额" not in told
        assert "%" not in told


def test_nothing_of_another_company_is_told_where_one_is_asked_for() -> None:
    found = solve(Split(NEED, (OWN, NORTH, HARBOR), hours=1.0))
    told = str(found.as_json(("north",))) + str(sentences(found, ("north",)))
    assert "north" in told
    assert not any(word in told for word in ("own", "harbor", "marginal", "total"))
    assert "harbor" in str(found.as_json())


@pytest.mark.parametrize(
    "make",
    [
        lambda: Split({}, (OWN,)),
        lambda: Split({"tech": (1.0,), "water": (1.0, 2.0)}, (OWN,)),
        lambda: Split({"tech": (float("nan"),), "water": (1.0,)}, (OWN,)),
        lambda: Split({"tech": (-1.0,), "water": (1.0,)}, (OWN,)),
        lambda: Split(NEED, (OWN, OWN)),
        lambda: Split(NEED, ()),
        lambda: Split(NEED, (Company("x", {"gas": 1.0}), OWN)),
        lambda: Split(NEED, (HARBOR,)),
        lambda: Split(NEED, (replace(OWN, least_share=0.7, most_share=0.6),)),
        lambda: Split(NEED, (replace(OWN, seats=-1.0),)),
        lambda: Split(NEED, (replace(OWN, prices={"tech": float("inf"), "water": 1.0}),)),
        lambda: Split(NEED, (OWN, replace(HARBOR, paid_for=("tech",)))),
        lambda: Split(NEED, (OWN,), hours=0.0),
        lambda: Split(NEED, (OWN,), open={"own": (True,)}),
    ],
)
def test_questions_that_cannot_be_answered_are_refused(make: object) -> None:
    with pytest.raises(BadSplit):
        make()  # type: ignore[operator]
