"""Sentences are true of their numbers, in both languages, whatever the numbers are."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from onefloor.insight.fair import refusals
from onefloor.insight.fair.comparing import at_level
from onefloor.insight.fair.comparison import Comparison, Hidden, Kind, Line
from onefloor.insight.fair.findings import findings
from onefloor.insight.fair.gap import Gap
from onefloor.insight.fair.planning import Slice
from onefloor.insight.fair.sentences import detectable_words, sentence, slice_words
from onefloor.insight.finding import Verdict
from onefloor.insight.numbers import number, signed
from onefloor.metrics import catalogue
from onefloor.metrics.metric import Better

METRICS = {"fcr": 100.0, "repeat_rate": 100.0, "aht": 0.001, "complaints_per_10000": 10_000.0}
WORDS = {
    "worse": (Verdict.WORSE, "更差"),
    "better": (Verdict.BETTER, "更好"),
}
finite = st.floats(-40, 40).map(lambda x: round(x, 6))


@st.composite
def comparisons(draw: st.DrawFn) -> Comparison:
    """A comparison with any numbers that could come out of one."""
    name = draw(st.sampled_from(sorted(METRICS)))
    metric, factor = catalogue.metric(name), METRICS[name]
    value, error = draw(finite) / factor, draw(st.floats(1e-4, 20)) / factor
    agents = draw(st.integers(9, 900)), draw(st.integers(5, 900))
    ours = abs(draw(finite)) / factor + 1e-6
    gap = Gap(value, error, min(agents) - 1, ours + value, ours, 0.1, 0.05, agents, (9_000, 4_000))
    margin = draw(st.sampled_from([0.0, 1.0, 5.0]))
    few = refusals.few_agents("North", agents[1])
    found = () if few is None else (few,)
    kind = draw(st.sampled_from(list(Kind)))
    plain = Line(kind, Verdict.CANNOT_TELL, gap, detectable=3.2, overlap=0.93, hidden=Hidden(1.4, 1.1, 0.2, 0.1))
    line = replace(at_level(plain, draw(st.sampled_from([0.95, 0.975])), factor, margin, metric, found), refusals=found)
    raw = (ours * factor, ours * factor + draw(finite))
    agreed, adjusted = draw(st.booleans()), draw(st.sampled_from([("queue", "month"), ("hour", "month")]))
    return Comparison(
        metric, "Own", "North", raw, (9_000, 4_000), agents, margin, agreed, adjusted, (line,), factor
    )  # fmt: skip


def line_of(comparison: Comparison) -> Line:
    return comparison.lines[0]


@given(comparisons())
def test_the_verdict_word_of_a_sentence_is_the_verdict(comparison: Comparison) -> None:
    line, said = line_of(comparison), sentence(comparison, line_of(comparison))
    for english, (verdict, chinese) in WORDS.items():
        assert (f": {english}." in said.en) == (line.verdict is verdict)
        assert (f"：{chinese}。" in said.zh) == (line.verdict is verdict)
    assert ("it cannot be told" in said.en) == ("无法判断" in said.zh) == (line.verdict is Verdict.CANNOT_TELL)
    assert ("no difference that matters" in said.en) == (line.verdict is Verdict.NO_DIFFERENCE)
    assert ("没有值得在意的差别" in said.zh) == (line.verdict is Verdict.NO_DIFFERENCE)


@given(comparisons())
def test_lower_and_higher_are_the_sign_of_the_estimate(comparison: Comparison) -> None:
    line = line_of(comparison)
    assume(line.verdict in (Verdict.WORSE, Verdict.BETTER))
    assert line.estimate is not None
    said = sentence(comparison, line)
    of_estimate, of_raw = said.en.split(". The raw")[0], said.en.partition("The raw")[2]
    lower = line.estimate.value < 0
    assert ("lower than Own's would be" in of_estimate, "higher than Own's would be" in of_estimate) == (
        lower,
        not lower,
    )
    assert (f"比 Own {'低' if lower else '高'}") in said.zh
    if "same" not in of_raw:
        assert ("lower" in of_raw) == (comparison.raw_gap < 0)
    assert (line.verdict is Verdict.WORSE) == (lower == (comparison.metric.better is Better.HIGHER))


@given(comparisons())
def test_kinds_of_contacts_are_named_only_where_the_metric_knows_them(comparison: Comparison) -> None:
    line, said = line_of(comparison), sentence(comparison, line_of(comparison))
    if line.kind is not Kind.SAME_HALF_HOUR:
        known = "queue" in comparison.adjusted
        assert ("same kind of contacts" in said.en, "同类话务" in said.zh) == (known, known)
        assert ("with the same experience" in said.en) == ("同等司龄" in said.zh) == (line.kind is Kind.SAME_EXPERIENCE)


@given(comparisons())
def test_both_languages_say_the_same_numbers(comparison: Comparison) -> None:
    for text in (sentence(comparison, line_of(comparison)), detectable_words(comparison)):
        plain = (text.zh, text.en.replace("per 10,000", ""))
        numbers = [sorted(re.findall(r"[+−-]?\d[\d,.]*\d|\d", said)) for said in plain]
        assert numbers[0] == numbers[1]


@given(comparisons())
def test_the_interval_that_is_said_is_the_interval(comparison: Comparison) -> None:
    line = line_of(comparison)
    assert line.estimate is not None
    said = sentence(comparison, line)
    if line.verdict in (Verdict.WORSE, Verdict.BETTER):
        near, far = sorted((abs(line.estimate.low), abs(line.estimate.high)))
        assert f"({number(near)} to {number(far)} " in said.en
        assert number(abs(line.estimate.value)) in said.zh
    else:
        assert f"between {signed(line.estimate.low)} and {signed(line.estimate.high)}" in said.en
        assert f"{signed(line.estimate.low)} 至 {signed(line.estimate.high)}" in said.zh


@given(st.floats(-2000, 2000).filter(lambda x: x == 0 or abs(x) > 1e-7))
def test_a_number_keeps_its_sign_and_is_never_shown_as_nothing(value: float) -> None:
    shown = float(number(value).replace(",", ""))
    assert (shown > 0) == (value > 0)
    assert (shown < 0) == (value < 0)
    assert abs(shown - value) <= (0.5 if abs(value) >= 1000 else 0.05) + 1e-9


@given(comparisons())
def test_a_finding_is_plain_data(comparison: Comparison) -> None:
    import json

    (found,) = findings(comparison)
    told = json.loads(json.dumps(found.as_json()))
    assert told["verdict"] == line_of(comparison).verdict.value
    assert told["details"]["detectable"] == 3.2
    assert {"zh", "en"} == set(told["sentence"])
    assert all(text["zh"] and text["en"] for text in told["assumptions"])


@pytest.mark.parametrize(
    ("found", "english", "chinese"),
    [
        (Slice(2.0, 3400, 0.8, (40, 42)), "let a lot send 3,400 contacts to each", "各分 3,400 件话务"),
        (
            Slice(0.5, None, 0.8, (40, 42)),
            "no number of contacts shows 0.5 points; 0.8 is the least",
            "再多话务也看不出 0.5",
        ),
    ],
)
def test_a_fair_slice_is_said_with_its_size(found: Slice, english: str, chinese: str) -> None:
    metric = catalogue.metric("fcr")
    lines = (Line(Kind.AS_DELIVERED, Verdict.NOT_COMPARABLE),)
    comparison = Comparison(metric, "Own", "North", (70.0, 65.0), (1, 1), (40, 42), 1.0, True, (), lines, slice=found)
    words = slice_words(comparison)
    assert words is not None
    assert english in words.en
    assert chinese in words.zh
