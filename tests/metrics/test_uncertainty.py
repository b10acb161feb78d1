from __future__ import annotations

from fractions import Fraction

import pytest

from onefloor.findings import Figure
from onefloor.metrics import catalogue
from onefloor.metrics.uncertainty import (
    DAYS_FROM,
    Range,
    by_days,
    enough,
    limits,
    range_of,
    share_limits,
    student,
    wilson,
)
from onefloor.money import rounded

SHARE, MEAN = catalogue.metric("service_level"), catalogue.metric("aht")


@pytest.mark.parametrize(
    ("hits", "rows", "low", "high"),
    [
        # Newcombe 1998, Statistics in Medicine 17, table I, method 3 (score, no continuity correction)
        (81, 263, "0.2553", "0.3662"),
        (15, 148, "0.0624", "0.1605"),
        (0, 20, "0.0000", "0.1611"),
        (1, 29, "0.0061", "0.1718"),
    ],
)
def test_the_range_of_a_share_is_the_published_one(hits: int, rows: int, low: str, high: str) -> None:
    assert [str(rounded(end, 4)) for end in wilson(hits, rows)] == [low, high]


def test_limits_are_those_of_the_handbook() -> None:
    # NIST/SEMATECH e-Handbook, 6.3.2.2: flow rates of ten batches; it rounds the mean moving range before dividing
    flow = [Fraction(text) for text in ["49.6", "47.6", "49.9", "51.3", "47.8", "51.2", "52.6", "52.4", "53.6", "52.1"]]
    found = limits(flow)
    assert found is not None
    assert [str(rounded(end, 3)) for end in (found.low, found.centre, found.high)] == ["45.816", "50.810", "55.804"]
    assert [found.signal(Fraction(value)) for value in (45, 46, 55, 56)] == ["down", None, None, "up"]


@pytest.mark.parametrize(
    ("freedom", "quantile"),
    [
        (6, "2.447"),
        (7, "2.365"),
        (9, "2.262"),
        (12, "2.179"),
        (20, "2.086"),
        (30, "2.042"),
        (60, "2.000"),
        (120, "1.980"),
    ],
)
def test_the_quantile_is_the_one_of_the_tables(freedom: int, quantile: str) -> None:
    assert str(rounded(student(freedom), 3)) == quantile


def test_equal_denominators_give_the_interval_of_a_plain_mean() -> None:
    # The mean of 8 values is 5 and their standard deviation 2.13809: 5 -/+ 2.365 x 2.13809 / sqrt(8)
    days = [Figure(value, 1) for value in (2, 4, 4, 4, 5, 5, 7, 9)]
    assert [str(rounded(end, 4)) for end in by_days(days)] == ["3.2122", "6.7878"]


def test_a_quotient_of_sums_has_a_range_only_with_days_enough() -> None:
    days = [Figure(1000 + 10 * day, 10) for day in range(DAYS_FROM)]
    whole = sum(days[1:], days[0])
    assert range_of(MEAN, whole) is None
    assert range_of(MEAN, whole, days[1:]) is None
    assert range_of(MEAN, whole, [*days[1:], Figure(0, 0)]) is None
    found = range_of(MEAN, whole, days)
    assert found is not None
    assert found.holds(MEAN.exact(whole) or Fraction(0))


def test_a_share_needs_no_days_and_has_the_unit_of_its_metric() -> None:
    low, high = wilson(81, 263)
    assert range_of(SHARE, Figure(81, 263)) == Range(low * 100, high * 100)
    assert range_of(SHARE, Figure(0, 0)) is None
    assert range_of(catalogue.metric("offered_contacts"), Figure(5, 1)) is None


def test_fourteen_contacts_are_too_few_and_a_quantity_is_never() -> None:
    assert [enough(SHARE, Figure(1, n)) for n in (14, 29, 30)] == [False, False, True]
    assert not enough(SHARE, Figure(100, 199), 200)
    assert enough(MEAN, Figure(9, 1))
    assert not enough(MEAN, Figure(0, 0))
    assert enough(catalogue.metric("offered_contacts"), Figure(0, 1))


def test_nothing_is_judged_before_there_are_periods_enough() -> None:
    assert limits([Fraction(1)] * 5) is None
    found = limits([Fraction(1)] * 6)
    assert found is not None
    assert (found.low, found.high) == (1, 1)


def shares(*hits: int, rows: int) -> list[Figure]:
    return [Figure(one, rows) for one in hits]


def test_limits_of_shares_of_as_many_rows_are_those_of_individual_values() -> None:
    earlier = shares(496, 476, 499, 513, 478, 512, 526, 524, 536, 521, rows=1000)  # the handbook's, as shares
    found = share_limits(earlier, Figure(0, 1000))
    assert found is not None
    assert [str(rounded(end * 100, 3)) for end in (found.low, found.centre, found.high)] == [
        "45.816", "50.810", "55.804",
    ]  # fmt: skip


def test_fewer_rows_allow_for_more_by_chance() -> None:
    earlier = shares(80, 82, 78, 81, 79, 80, rows=100)
    many, few = (share_limits(earlier, Figure(0, rows)) for rows in (400, 25))
    assert many is not None
    assert few is not None
    assert (few.high - few.centre, few.centre - few.low) == pytest.approx(
        (4 * (many.high - many.centre), 4 * (many.centre - many.low))
    )


@pytest.mark.parametrize("hits", [(99, 60, 99, 60, 99, 60), (1, 40, 1, 40, 1, 40), (100,) * 6, (0,) * 6])
def test_no_limit_of_a_share_lies_below_nothing_or_above_the_whole(hits: tuple[int, ...]) -> None:
    found = share_limits(shares(*hits, rows=100), Figure(0, 40))
    assert found is not None
    assert 0 <= found.low <= found.centre <= found.high <= 1
    assert found.bounded == (len(set(hits)) > 1)
