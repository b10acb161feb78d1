"""Verdicts come from intervals, never from points."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefloor.insight.finding import WORDS, Estimate, Verdict, judged
from onefloor.metrics.metric import Better

ends = st.floats(-50, 50)


@pytest.mark.parametrize(
    ("low", "high", "margin", "better", "verdict"),
    [
        (-5.8, -0.4, 1, Better.HIGHER, Verdict.WORSE),
        (-5.8, -0.4, 1, Better.LOWER, Verdict.BETTER),
        (0.4, 5.8, 1, Better.HIGHER, Verdict.BETTER),
        (0.4, 5.8, 1, Better.LOWER, Verdict.WORSE),
        (-0.6, 0.8, 1, Better.HIGHER, Verdict.NO_DIFFERENCE),
        (0.2, 0.8, 1, Better.HIGHER, Verdict.NO_DIFFERENCE),  # sure, and too small to matter
        (-0.6, 1.8, 1, Better.HIGHER, Verdict.CANNOT_TELL),
        (-9, 9, 1, Better.HIGHER, Verdict.CANNOT_TELL),
        (3, 9, 1, Better.WITHIN, Verdict.CANNOT_TELL),
        (0, 0, 0, Better.HIGHER, Verdict.CANNOT_TELL),
    ],
)
def test_a_verdict_follows_from_the_interval_and_the_margin(
    low: float, high: float, margin: float, better: Better, verdict: Verdict
) -> None:
    assert judged(Estimate((low + high) / 2, low, high), margin, better) is verdict


@given(ends, ends, st.floats(0, 5))
def test_who_is_worse_from_here_is_better_from_there(one: float, other: float, margin: float) -> None:
    found = Estimate((one + other) / 2, min(one, other), max(one, other))
    swapped = {Verdict.WORSE: Verdict.BETTER, Verdict.BETTER: Verdict.WORSE}
    verdict = judged(found, margin, Better.HIGHER)
    assert judged(-found, margin, Better.HIGHER) is swapped.get(verdict, verdict)
    assert judged(found, margin, Better.LOWER) is swapped.get(verdict, verdict)


def test_an_interval_has_its_ends_in_order() -> None:
    with pytest.raises(ValueError, match=r"from 2 to 1"):
        Estimate(1.5, 2, 1)


def test_every_verdict_has_words_in_both_languages() -> None:
    assert all(verdict in WORDS and verdict.words.zh != verdict.words.en for verdict in Verdict)
