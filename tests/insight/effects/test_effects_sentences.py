"""Sentences are true of their numbers, in both languages."""

from __future__ import annotations

import re

import pytest
from designs import action
from hypothesis import given
from hypothesis import strategies as st

from onefloor.insight.effects import sentences
from onefloor.insight.finding import Estimate, Verdict, judged
from onefloor.insight.numbers import signed, size
from onefloor.language import Text
from onefloor.metrics import catalogue
from onefloor.metrics.metric import Metric

METRICS = [catalogue.metric(name) for name in ("fcr:within=7d", "complaints_per_10000", "aht")]
SIZES = st.floats(-40, 40).map(lambda value: round(value, 2))


@st.composite
def estimates(draw: st.DrawFn) -> Estimate:
    value, half = draw(SIZES), draw(st.floats(0.1, 20))
    return Estimate(value, value - half, value + half)


@given(estimates(), st.sampled_from(METRICS), st.floats(0, 10), st.one_of(st.just(float("nan")), SIZES), st.booleans())
def test_a_sentence_says_the_verdict_the_direction_and_the_numbers(
    shown: Estimate, metric: Metric, margin: float, spreadsheet: float, blocked: bool
) -> None:
    verdict = Verdict.CANNOT_TELL if blocked else judged(shown, margin, metric.better)
    said = sentences.sentence(action(), metric, verdict, shown, spreadsheet, margin, blocked=blocked)
    sure = verdict is Verdict.CANNOT_TELL and not shown.low <= 0 <= shown.high
    changed = verdict in (Verdict.BETTER, Verdict.WORSE) or (sure and not blocked)
    for text in (said.zh, said.en):
        assert signed(shown.low) in text
        assert signed(shown.high) in text
        assert "None" not in text
        assert "nan" not in text
    if changed:
        assert ("raised" in said.en, "提高" in said.zh) == (shown.value > 0,) * 2
        assert ("lowered" in said.en, "降低" in said.zh) == (shown.value < 0,) * 2
        assert f"by {size(shown.value)} " in said.en
        assert f" {size(shown.value)} " in said.zh
    else:
        assert not re.search("raised|lowered", said.en)
        assert not re.search("提高|降低", said.zh)
    if verdict in (Verdict.BETTER, Verdict.WORSE):
        assert f": {verdict.words.en}." in said.en
        assert f"：{verdict.words.zh}。" in said.zh
    else:
        assert not re.search("(?<!no )better|worse", said.en)
        assert not re.search("更好|更差", said.zh)
    untold = verdict is Verdict.CANNOT_TELL and not changed
    assert ("cannot be told" in said.en, "无法判断" in said.zh) == (untold,) * 2
    assert ("no better side" in said.en, "没有好坏方向" in said.zh) == (sure and not blocked,) * 2
    assert ("cannot be relied on" in said.en, "靠不住" in said.zh) == (sure and blocked,) * 2
    assert ("no difference that matters" in said.en) == (verdict is Verdict.NO_DIFFERENCE)
    assert ("没有带来值得在意的差别" in said.zh) == (verdict is Verdict.NO_DIFFERENCE)


@given(SIZES, SIZES)
def test_what_would_have_come_by_itself_is_before_and_after_less_the_effect(value: float, spreadsheet: float) -> None:
    shown, itself = Estimate(value, value - 1, value + 1), spreadsheet - value
    said = sentences.sentence(action(), METRICS[0], Verdict.CANNOT_TELL, shown, spreadsheet, 2.0)
    assert f"Before/after shows {signed(spreadsheet)}; " in said.en
    assert f"前后对比显示 {signed(spreadsheet)}；" in said.zh
    part = itself * spreadsheet > 0 and abs(itself) <= abs(spreadsheet)
    assert (f"about {size(itself)} points of it would have come by itself." in said.en) == part
    assert (f"其中约 {size(itself)} 个百分点没有它也会自行发生。" in said.zh) == part
    assert (f"without it {signed(itself)} points were to be expected." in said.en) == (not part)
    assert (f"没有它，预计变化 {signed(itself)} 个百分点。" in said.zh) == (not part)


def test_the_sentence_reads_as_people_speak() -> None:
    said = sentences.sentence(action(), METRICS[0], Verdict.BETTER, Estimate(2.1, 0.3, 3.9), 6.0, 1.0)
    assert said == Text(
        "“帮扶”使一次性解决率提高 2.1 个百分点（+0.3 至 +3.9）：更好。"
        "前后对比显示 +6.0；其中约 3.9 个百分点没有它也会自行发生。",
        '"Help" raised first contact resolution by 2.1 points (+0.3 to +3.9): better. '
        "Before/after shows +6.0; about 3.9 points of it would have come by itself.",
    )


def test_a_figure_without_a_better_side_changed_for_sure_and_is_not_judged() -> None:
    shown = Estimate(-20.0, -25.0, -15.0)
    said = sentences.sentence(action(), METRICS[2], Verdict.CANNOT_TELL, shown, float("nan"), 5)
    low, high = signed(-25), signed(-15)
    assert said == Text(
        f"“帮扶”使平均处理时长降低 20.0 秒（{low} 至 {high}）；该指标没有好坏方向，不作好坏判断。",
        f'"Help" lowered average handling time by 20.0 s ({low} to {high}); this figure has no better side, '
        "so that is no verdict.",
    )


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        (Verdict.BETTER, "more of the helped stayed"),
        (Verdict.WORSE, "fewer of the helped stayed"),
        (Verdict.CANNOT_TELL, "no difference can be told"),
    ],
)
def test_who_stayed_is_told_with_the_counts(verdict: Verdict, words: str) -> None:
    said = sentences.staying(action(), verdict, (9, 12, 30, 40))
    assert said.en == f'Of 12 who got "Help" 9 are still seen at the end, of 40 others 30: {words}.'
