"""The cheapest division is the one that trying all of them finds."""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onefloor.insight.sourcing import tables
from onefloor.insight.sourcing.comparing import Decision
from onefloor.insight.sourcing.costs import outcome
from onefloor.insight.sourcing.inputs import at_mid, inputs_of
from onefloor.insight.sourcing.mixing import best_mix
from onefloor.insight.sourcing.reading import parse_sourcing
from onefloor.insight.sourcing.terms import Sourcing

Make = Callable[..., Sourcing]


def option(fixed: int, rate: int, **more: Any) -> dict[str, Any]:
    lines = [("month", str(fixed)), ("contact", f"{rate / 100:.2f}")]
    return {"costs": [{"item": "telephony", "per": per, "amount": amount} for per, amount in lines], **more}


@settings(max_examples=25)
@given(
    fixed=st.tuples(st.integers(0, 9000), st.integers(0, 9000)),
    rate=st.tuples(st.integers(100, 300), st.integers(100, 300)),
    minimum=st.integers(0, 9000),
    most=st.sampled_from(["40%", "70%", "100%"]),
)
def test_no_division_within_the_bounds_costs_less(
    make: Make, fixed: tuple[int, int], rate: tuple[int, int], minimum: int, most: str
) -> None:
    price = {"kind": "contact", "rate": "0.5", "minimum": str(minimum)}
    own, north = option(fixed[0], rate[0]), option(fixed[1], rate[1], price=[price], most=most)
    shares = [{"own": f"{100 - n}%", "north": f"{n}%"} for n in range(0, int(most[:-1]) + 1, 5)]
    mixes = [{"id": f"m{n}", "title": "M", "shares": share} for n, share in enumerate(shares)]
    sourcing = make(own, north, mixes=mixes)
    values = at_mid(inputs_of(sourcing))
    cheapest = min(outcome(sourcing, mix["id"], values, 6).per_resolved()[0] for mix in mixes)
    found = best_mix(sourcing, 6)
    assert found is not None
    stated = {"id": "best", "title": "B", "shares": {name: f"{float(share):.0%}" for name, share in found.shares}}
    whole = make(own, north, mixes=[stated])
    assert outcome(whole, "best", values, 6).per_resolved()[0] == pytest.approx(cheapest, rel=1e-12)
    assert dict(found.shares).get("north", 0) <= Fraction(most.rstrip("%")) / 100


def test_a_least_share_is_kept(make: Make) -> None:
    found = best_mix(make(option(0, 300, least="35%"), option(0, 100)), 6)
    assert found is not None
    assert found.shares == (("own", Fraction(35, 100)), ("north", Fraction(65, 100)))


def test_bounds_that_leave_nothing_leave_nothing(make: Make, run: Callable[..., Decision]) -> None:
    sourcing = make(option(0, 300, most="30%"), option(0, 100, most="30%"))
    assert best_mix(sourcing, 6) is None
    decision = run(sourcing)
    assert decision.best is None
    assert tables.best(decision).en == (
        "No division of options whose items are all stated keeps within the law and the bounds."
    )


def test_many_options_are_divided_more_coarsely(as_data: Callable[..., dict[str, Any]]) -> None:
    file = as_data(option(0, 300), option(0, 200))
    more = [{**file["options"][1], "id": f"v{n}"} for n in range(5)]
    found = best_mix(parse_sourcing(json.dumps({**file, "options": [*file["options"], *more]})), 2)
    assert found is not None
    assert "own" not in dict(found.shares)


def test_the_best_mix_is_told_with_its_cost(make: Make, run: Callable[..., Decision]) -> None:
    decision = run(make(option(0, 300, least="50%"), option(0, 100)))
    assert tables.best(decision).en == (
        "The cheapest division within the law and the bounds: 50 % Own, 50 % North, 2.50 CNY a resolved contact."
    )
    assert tables.best(decision).zh == "在法律与上下限之内最省的组合：Own 50%、North 50%，每件已解决诉求 2.50 CNY。"
