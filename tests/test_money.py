from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefloor.money import plain, rounded, total

fractions = st.fractions(min_value=-(10**12), max_value=10**12, max_denominator=10**9)


@pytest.mark.parametrize(
    ("value", "places", "expected"),
    [
        (Fraction(18_999, 20_000) * 100, 2, "95.00"),  # exactly 94.995: rounds up, though below 95
        (Fraction(-5, 2), 0, "-3"),  # half up is away from zero, as on paper
        (Fraction(1, 3), 4, "0.3333"),
        (0, 2, "0.00"),
        (Fraction(-1, 1000), 2, "0.00"),  # no negative zero on a statement
        (10**30, 2, f"1{'0' * 30}.00"),
    ],
)
def test_half_up_rounds_as_on_paper(value, places, expected):
    assert plain(rounded(value, places)) == expected


@given(fractions, st.integers(0, 6))
def test_rounding_is_off_by_at_most_half_a_unit(value, places):
    assert abs(Fraction(rounded(value, places)) - value) <= Fraction(1, 2 * 10**places)


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=5), st.integers(0, 4))
def test_both_modes_agree_with_the_standard_library(value, places):
    unit = Decimal(1).scaleb(-places)
    with localcontext() as context:
        context.prec = 50
        assert rounded(value, places) == value.quantize(unit, ROUND_HALF_UP)
        assert rounded(value, places, "half_even") == value.quantize(unit, ROUND_HALF_EVEN)


def test_a_total_is_the_exact_sum_of_its_lines():
    assert total([Decimal("1e27"), Decimal("0.01"), Decimal("-0.03")]) == Decimal("999999999999999999999999999.98")


def test_an_empty_statement_totals_zero_with_two_places():
    assert plain(total([])) == "0.00"
