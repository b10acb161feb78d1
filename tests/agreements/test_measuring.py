"""The interval of a share, edges of bands, and what only a share of counted rows can have."""

from __future__ import annotations

from fractions import Fraction

import pytest

from onefloor.agreements.clauses.verdict import inside, upper_included
from onefloor.agreements.terms.values import Edge
from onefloor.metrics.catalogue import metric
from onefloor.metrics.uncertainty import is_proportion, wilson
from onefloor.money import rounded


@pytest.mark.parametrize(
    ("hits", "rows", "low", "high"),
    [
        (112, 150, "67.2", "81.0"), (90, 150, "52.0", "67.5"), (1778, 2114, "82.5", "85.6"),
        (0, 10, "0.0", "27.8"), (10, 10, "72.2", "100.0"),
    ],
)  # fmt: skip
def test_the_wilson_interval(hits: int, rows: int, low: str, high: str) -> None:
    assert [str(rounded(end * 100, 1)) for end in wilson(hits, rows)] == [low, high]


def test_the_interval_of_huge_counts_is_narrow_and_holds_the_share() -> None:
    low, high = wilson(10**17, 3 * 10**17)
    assert low < Fraction(1, 3) < high
    assert high - low < Fraction(1, 10**7)


def test_only_shares_of_counted_rows_have_an_interval() -> None:
    names = ("csat", "service_level", "abandonment", "aht", "occupancy", "handled_contacts", "complaints_per_10000")
    assert [name for name in names if is_proportion(metric(name))] == ["csat", "service_level", "abandonment"]


def edge(value: int) -> Edge:
    return Edge(Fraction(value), "", str(value))


@pytest.mark.parametrize(
    ("name", "value", "within"),
    [
        ("service_level", 80, True), ("service_level", 90, False),
        ("abandonment", 80, False), ("abandonment", 90, True),
        ("duty_late", 80, True), ("duty_late", 90, False),
    ],
)  # fmt: skip
def test_an_edge_belongs_to_the_better_side_and_counts_begin_at_theirs(name: str, value: int, within: bool) -> None:
    assert inside(Fraction(value), edge(80), edge(90), upper=upper_included(metric(name))) is within
