"""A figure is shown with all that belongs to it, and read as one sentence."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.template import Context, Template
from django.utils import translation

from onefloor_web.platform.pages.figures import LeftOut, Reading
from onefloor_web.platform.pages.marks import Signal, State, company_mark, signal_mark, state_mark
from onefloor_web.platform.pages.sparklines import sparkline

FIGURE = Template("{% load pages %}{% figure reading %}")
MISSED = Reading(
    "服务水平", "78.9", "%", 43_986, state=State.MISSED, target="≥ 80%", gap="−1.1 个百分点", low="78.5", high="79.3",
    signal=Signal(rising=False, good=False), trend=(80.0, None, 79.0, 78.9), provisional=date(2026, 11, 7),
    url="/figures/17/rows/", left_out=(LeftOut(1_180, "系统故障"),),
)  # fmt: skip


@pytest.fixture(autouse=True)
def chinese():
    with translation.override("zh-hans"):
        yield


def shown(reading: Reading) -> str:
    return FIGURE.render(Context({"reading": reading}))


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_a_screen_reader_reads_a_figure_as_one_sentence():
    assert MISSED.spoken == (
        "服务水平，78.9%，样本 43,986，可能范围 78.5–79.3，目标 ≥ 80%，未达标，变差，暂定，2026-11-07 定稿"
    )
    with translation.override("en"):
        assert Reading("FCR", "71.2", "%", 39_015, state=State.MET).spoken == "FCR, 71.2%, sample 39,015, met"


def test_the_page_shows_value_target_gap_sample_range_state_signal_and_what_was_left_out():
    assert words(shown(MISSED)) == (
        "服务水平 78.9 % 未达标 ≥ 80% −1.1 个百分点 变差 n 43,986 可能范围 78.5–79.3 暂定，定稿日 2026-11-07 "
        "剔除的行 1,180 1,180 – 系统故障"
    )


def test_its_value_is_a_link_to_its_rows_named_by_the_sentence():
    assert f'<a href="/figures/17/rows/" aria-label="{MISSED.spoken}">78.9' in shown(MISSED)


def test_a_figure_without_a_value_is_a_dash_with_the_reason():
    few = Reading("服务水平", n=14, state=State.NOT_ASSESSED, note="样本量 14，少于约定的 200，不作考核。")
    assert few.spoken == "服务水平，无数值，样本 14，不作考核，样本量 14，少于约定的 200，不作考核。"
    assert words(shown(few)).startswith(f"服务水平 {few.spoken} — 不作考核 n 14")


def test_what_a_figure_says_is_escaped():
    html = shown(Reading("<script>", "1", n=1, note="<b>", target="<80", url='/"onclick="'))
    assert [part in html for part in ("<script>", "<b>", "<80", '/"onclick')] == [False] * 4


def test_states_and_signals_differ_in_shape_as_well_as_in_word():
    marks = [state_mark(state) for state in State]
    shapes = [re.search(r' d="([^"]+)"', mark).group(1) for mark in marks]
    assert len(set(shapes)) == len(State)
    assert [words(mark) for mark in marks] == ["达标", "未达标", "无法判断", "不作考核"]
    signals = [Signal(rising=True, good=True), Signal(rising=False, good=False), Signal(rising=True)]
    assert [words(signal_mark(signal)) for signal in signals] == ["向好", "变差", "有变化"]


def test_each_of_five_companies_has_a_marker_of_its_own_and_the_sixth_begins_anew():
    marks = [company_mark("North", slot) for slot in range(1, 7)]
    assert len(set(marks[:5])) == 5
    assert marks[5] == marks[0]


def test_a_gap_in_the_course_stays_a_gap():
    course = re.search(r'class="course" d="([^"]+)"', sparkline([1, 2, None, 3, 4])).group(1)
    assert course.count("M") == 2
    assert re.findall(r"M[^L]+L", course) == ["M3.0 25.0L", "M76.5 10.3L"]


def test_a_value_between_two_gaps_is_a_dot():
    assert sparkline([1, 2, None, 3, None, 1, 2]).count('r="1.5"') == 1


def test_provisional_periods_are_dashed_and_the_last_point_is_hollow():
    drawn = sparkline([1, 2, 3, 4], provisional=1)
    assert drawn.count('class="course open"') == 1
    assert 'class="last provisional"' in drawn
    assert 'class="last provisional"' not in sparkline([1, 2, 3, 4])


@pytest.mark.parametrize("values", [[], [None, None], [None, 3, None]])
def test_one_known_value_is_no_course(values: list[float | None]):
    assert sparkline(values) == ""


def test_a_flat_course_is_drawn():
    assert 'd="M3.0 25.0L101.0 25.0"' in sparkline([5, 5])
