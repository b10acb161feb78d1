"""Parts of a change add up, to the last digit, whatever the figures."""

from __future__ import annotations

from fractions import Fraction
from functools import reduce
from operator import mul

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefloor.insight.causes.parts import NoRows, Parts, quotient, rate_and_mix, shapley

WORKED = ({"own": (900, 1000), "vendor": (700, 1000)}, {"own": (920, 1000), "vendor": (2100, 3000)})
names = st.sampled_from("abcdefg")
sums = st.tuples(st.integers(0, 10**9), st.integers(0, 10**6))
side = st.dictionaries(names, sums, min_size=1).filter(lambda held: any(below for _, below in held.values()))


def change(before: dict[str, tuple[int, int]], after: dict[str, tuple[int, int]]) -> Fraction:
    return quotient(after.values()) - quotient(before.values())


def test_nobody_got_worse_and_more_calls_went_to_the_weaker_side() -> None:
    """The worked example: 80.0 to 75.5 %, own +3/400 by its rate, the vendor's rate 0, the rest mix."""
    parts = rate_and_mix(*WORKED)
    assert parts == {
        "own": Parts(Fraction(3, 400), Fraction(-53, 1600)),
        "vendor": Parts(Fraction(0), Fraction(-31, 1600)),
    }
    assert sum(part.total for part in parts.values()) == Fraction(-9, 200)


@given(side, side)
def test_parts_add_up_exactly(before: dict[str, tuple[int, int]], after: dict[str, tuple[int, int]]) -> None:
    parts = rate_and_mix(before, after)
    assert sum((part.total for part in parts.values()), Fraction(0)) == change(before, after)


@given(side, side)
def test_swapping_the_periods_flips_every_sign(
    before: dict[str, tuple[int, int]], after: dict[str, tuple[int, int]]
) -> None:
    there, back = rate_and_mix(before, after), rate_and_mix(after, before)
    assert {name: Parts(-part.rate, -part.mix) for name, part in there.items()} == back


@given(side, side, st.integers(1, 5))
def test_merging_equal_segments_changes_nothing(
    before: dict[str, tuple[int, int]], after: dict[str, tuple[int, int]], times: int
) -> None:
    """Segment a cut into equal pieces, in both periods: the pieces' parts are those of the whole."""
    whole = [
        {name: (above * times, below * times) for name, (above, below) in held.items()} for held in (before, after)
    ]
    cut = [
        {key: value for key, value in held.items() if key != "a"}
        | (
            {f"a{piece}": (held["a"][0] // times, held["a"][1] // times) for piece in range(times)}
            if "a" in held
            else {}
        )
        for held in whole
    ]
    merged, apart = rate_and_mix(*whole), rate_and_mix(*cut)
    pieces = [part for name, part in apart.items() if name.startswith("a")]
    if pieces:
        assert reduce(Parts.__add__, pieces) == merged["a"]
    assert {name: part for name, part in apart.items() if not name.startswith("a")} == {
        name: part for name, part in merged.items() if name != "a"
    }


def test_a_segment_that_appears_or_vanishes_has_only_mix() -> None:
    parts = rate_and_mix({"old": (50, 100), "stays": (80, 100)}, {"new": (10, 100), "stays": (80, 100)})
    assert (parts["old"].rate, parts["new"].rate) == (0, 0)
    assert parts["new"].mix < 0 < -parts["old"].mix or parts["old"].mix > 0


def test_a_growing_poor_segment_lowers_the_total() -> None:
    parts = rate_and_mix(*WORKED)
    assert parts["vendor"].mix < 0


def test_a_period_without_rows_has_no_parts() -> None:
    with pytest.raises(NoRows):
        rate_and_mix({"a": (0, 0)}, {"a": (1, 2)})


fractions = st.fractions(Fraction(1, 100), 100)


@given(st.lists(st.tuples(fractions, fractions), min_size=1, max_size=5))
def test_factors_add_up_exactly_and_flip(pairs: list[tuple[Fraction, Fraction]]) -> None:
    def product(held: dict[str, Fraction]) -> Fraction:
        return reduce(mul, held.values(), Fraction(1))

    before = {str(number): old for number, (old, _) in enumerate(pairs)}
    after = {str(number): new for number, (_, new) in enumerate(pairs)}
    there, back = shapley(before, after, product), shapley(after, before, product)  # type: ignore[arg-type]
    assert sum(there.values()) == product(after) - product(before)
    assert there == {name: -part for name, part in back.items()}


def test_two_factors_share_what_they_do_together() -> None:
    """Das Gupta 1993, two factors: the change of one times the mean of the other."""
    found = shapley(
        {"a": Fraction(2), "b": Fraction(3)}, {"a": Fraction(5), "b": Fraction(7)}, lambda held: held["a"] * held["b"]
    )
    assert found == {"a": Fraction(3 * 5), "b": Fraction(4 * 7, 2)}


def test_a_sum_of_factors_gives_each_its_own_change() -> None:
    before = {"talk": Fraction(200), "hold": Fraction(20), "wrap": Fraction(40)}
    after = {"talk": Fraction(210), "hold": Fraction(15), "wrap": Fraction(40)}
    found = shapley(before, after, lambda held: sum(held.values(), Fraction(0)))
    assert found == {"talk": 10, "hold": -5, "wrap": 0}


def test_more_than_eight_factors_are_refused() -> None:
    nine = {str(number): Fraction(1) for number in range(9)}
    with pytest.raises(ValueError, match="9 factors, at most 8"):
        shapley(nine, nine, lambda _: Fraction(0))
