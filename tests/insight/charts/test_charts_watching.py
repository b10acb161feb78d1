"""Watching a floor: from measuring tables to sentences and pictures."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from measuring_tables import prepared_of

from onefloor.cli import main
from onefloor.cli.insight.charts import days_off
from onefloor.insight.charts.alarms import DEFAULT, Run
from onefloor.insight.charts.chart import Change, Chart, Era, Unit
from onefloor.insight.charts.findings import findings
from onefloor.insight.charts.picture import picture
from onefloor.insight.charts.sentences import changed, screen_words, title, unowned_words
from onefloor.insight.charts.series import GroupedByTime, NoSeries, Series, last_final
from onefloor.insight.charts.unowned import NotByCompany
from onefloor.insight.charts.watching import (
    Asked,
    BaseIsJudged,
    NewBase,
    NoDays,
    NoForecast,
    NoReason,
    Watched,
    eras,
    new_base,
    watch,
)
from onefloor.insight.charts.words import amount
from onefloor.insight.finding import Estimate, Verdict
from onefloor.insight.pictures import save
from onefloor.language import Language
from onefloor.metrics import catalogue
from onefloor.metrics.metric import Better
from onefloor.metrics.prepared import Prepared
from onefloor.periods import MS_PER_DAY, Month, Period, day_id

NOVEMBER = Month(2026, 11).days
WILD = NOVEMBER.start + 16  # a Tuesday
BASE = Period(NOVEMBER.start - 91, NOVEMBER.start)


def legs() -> list[dict[str, object]]:
    """Four months of 40 calls a day in two queues; on 17 November water's queue loses its callers until two o'clock."""
    chance = np.random.default_rng(31)
    return [leg(chance, day, number) for day in range(BASE.start, NOVEMBER.end) for number in range(80)]


def leg(chance: np.random.Generator, day: int, number: int) -> dict[str, object]:
    queue, hour = ("tax", "water")[number % 2], 8 + number // 8
    broken = day == WILD and queue == "water" and hour < 14
    lost = bool(chance.random() < (0.95 if broken else 0.2))
    start = day * MS_PER_DAY + hour * 3_600_000
    how = {"offered": True, "answered": not lost, "abandoned": lost, "wait_ms": 10_000, "first": True, "inbound": True}
    return {"start_ms": start, "queue": queue, "company": "North", **how}


@pytest.fixture(scope="module")
def floor(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    return prepared_of(tmp_path_factory.mktemp("charts"), {"legs": legs()})


@pytest.fixture(scope="module")
def watched(floor: Prepared) -> Watched:
    return watch(floor, Asked("abandonment", NOVEMBER, by=("queue",), base=BASE))


def test_the_day_the_queue_and_the_hours_are_named(watched: Watched) -> None:
    tax, water = findings(watched)
    assert (tax.verdict, water.verdict) == (Verdict.STEADY, Verdict.SIGNAL)
    assert re.fullmatch(
        r"On 17 November 2026 abandonment rate \(water\) was about \d\d\.\d points higher than usual for a Tuesday "
        r"\(worse\), most of all 08:00-13:30; otherwise it only wobbled\.",
        water.sentence.en,
    )
    assert water.sentence.zh.startswith("2026年11月17日，放弃率（water）比星期二的通常水平高约 ")
    assert water.estimate is not None
    assert water.estimate.low > 0
    assert (water.agents, water.contacts) == (30, 1200)
    assert water.behind[0].as_json()["where"] == {"queue": ["water"]}


def test_findings_are_plain_data(watched: Watched) -> None:
    told = json.loads(json.dumps([one.as_json() for one in findings(watched)]))
    assert told[1]["details"]["changes"][0]["first"] == "2026-11-17"
    assert told[1]["details"]["limits"]["en"].endswith(" %")
    assert len(told[1]["details"]["points"]) == 30
    assert told[1]["details"]["points"][16]["value"] > told[1]["details"]["points"][16]["high"]
    assert told[1]["details"]["base"] == ["2026-08-02", "2026-10-31"]
    assert screen_words(watched, findings(watched)).en == (
        "2 charts: 1 with a signal, 1 steady, 0 that cannot be judged."
    )


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_charts_are_drawn(watched: Watched, tmp_path: Path, language: Language) -> None:
    drawing = picture(watched)
    assert drawing is not None
    svg, _ = save(drawing, tmp_path / "watch", language)
    assert svg.stat().st_size > 10_000


def test_a_group_that_began_too_late_cannot_be_judged(floor: Prepared) -> None:
    early = Month(2026, 8).days
    watched = watch(floor, Asked("abandonment", early))
    (one,) = findings(watched)
    assert picture(watched) is None
    assert one.verdict is Verdict.CANNOT_TELL
    assert "fewer than 20 usable points" in one.reasons[0].en


def test_what_was_narrowed_is_said_and_its_rows_are_asked_for(floor: Prepared) -> None:
    asked = Asked("abandonment", NOVEMBER, by=("queue",), where={"company": "North", "queue": ["water"]}, base=BASE)
    (one,) = findings(watch(floor, asked))
    assert one.about.en == "abandonment rate (North, water)"
    assert one.behind[0].where == {"company": ("North",), "queue": ("water",)}
    assert one.verdict is Verdict.SIGNAL
    assert "08:00-13:30" in one.sentence.en


def test_limits_set_anew_are_drawn_with_their_reason(floor: Prepared, tmp_path: Path) -> None:
    moved = NewBase(NOVEMBER.start - 60, "moved house")
    watched = watch(floor, Asked("abandonment", NOVEMBER, by=("queue",), rebased=(moved,)))
    assert "Limits were set anew because: moved house." in [text.en for text in findings(watched)[0].assumptions]
    drawing = picture(watched)
    assert drawing is not None
    assert save(drawing, tmp_path / "anew", "en")[0].stat().st_size > 5_000


def test_rare_events_are_drawn_by_what_lies_between_them(tmp_path: Path) -> None:
    chance = np.random.default_rng(32)
    days = range(NOVEMBER.start - 182, NOVEMBER.end)
    contacts = [{"start_ms": day * MS_PER_DAY + number} for day in days for number in range(10)]
    complaints = [
        {"start_ms": day * MS_PER_DAY}
        for day in days
        for _ in range(int(chance.poisson(0.2 if day < NOVEMBER.start else 2.0)))
    ]
    rare = prepared_of(tmp_path, {"contacts": contacts, "complaints": complaints})
    watched = watch(rare, Asked("complaints_per_10000", NOVEMBER))
    (one,) = findings(watched)
    assert (watched.charts[0].unit, one.verdict) == (Unit.GAP, Verdict.SIGNAL)
    assert "per 10,000 higher than usual (worse)" in one.sentence.en
    assert "次/万次（变差）" in one.sentence.zh
    drawing = picture(watched)
    assert drawing is not None
    assert save(drawing, tmp_path / "rare", "zh")[0].stat().st_size > 5_000


def test_a_quantity_has_a_chart_too(floor: Prepared) -> None:
    (one,) = watch(floor, Asked("offered_contacts", NOVEMBER)).charts
    assert set(one.values) == {80.0}
    assert one.refused is not None


def test_a_chart_is_of_final_days_only(floor: Prepared) -> None:
    early = Prepared(
        floor.root, floor.files, floor.names, floor.clock, (NOVEMBER.start + 20) * MS_PER_DAY, floor.data_version
    )
    assert last_final(early, catalogue.metric("abandonment")) == NOVEMBER.start + 20
    assert last_final(early, catalogue.metric("fcr:within=7d")) < NOVEMBER.start + 14
    (one,) = watch(early, Asked("abandonment", NOVEMBER, base=BASE)).charts
    assert one.days.max() == NOVEMBER.start + 19


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        (Asked("wait_percentile:p=90", NOVEMBER), NoSeries),
        (Asked("abandonment", NOVEMBER, by=("day",)), GroupedByTime),
        (Asked("abandonment", NOVEMBER, base=Period(NOVEMBER.start - 30, NOVEMBER.start + 1)), BaseIsJudged),
        (Asked("abandonment", NOVEMBER, expect="forecast"), NoForecast),
        (Asked("abandonment", Month(2027, 11).days), NoDays),
    ],
)
def test_what_cannot_be_watched_says_why(floor: Prepared, asked: Asked, problem: type[Exception]) -> None:
    with pytest.raises(problem):
        watch(floor, asked)


@pytest.mark.parametrize("text", ["2026-09-01", "2026-09-01=", "soon=new procedure", ""])
def test_new_limits_without_a_date_or_a_reason_are_refused(text: str) -> None:
    with pytest.raises(NoReason, match="new procedure"):
        new_base(text)


def test_a_dated_decision_ends_one_era_and_begins_another() -> None:
    start = NOVEMBER.start
    asked = Asked("aht", Period(start, start + 120), rebased=(NewBase(start + 10, "moved"), NewBase(start - 400, "x")))
    first, second = eras(asked)
    assert (first.judged, first.reason) == (Period(start, start + 10), "x")
    assert (second.base, second.judged) == (Period(start + 10, start + 66), Period(start + 66, start + 120))
    assert second.reason == "moved"


def of(metric: str, size: float, *, first: int, last: int, going_on: bool) -> tuple[Chart, Change]:
    days = np.arange(first, first + 60)
    ones = np.ones(60)
    one = Series(catalogue.metric(metric), {"company": "North"}, days, ones, ones)
    change = Change(
        Run(0, last - first, size > 0, lasting=last > first), first, last, (first, first),
        Estimate(size, size - 0.001, size + 0.001), 100, last - first + 1, going_on,
    )  # fmt: skip
    made = Chart(
        one, Unit.DAY, days, ones, ones, ones, ones, ones, days < 0, days > 0, DEFAULT, changes=(change,),
        by_weekday=True, eras=(Era(Period(0, 1), Period(1, 2)),),
    )  # fmt: skip
    return made, change


@given(
    st.sampled_from(["service_level", "abandonment", "aht", "occupancy", "complaints_per_10000"]),
    st.floats(0.01, 0.9),
    st.booleans(),
    st.integers(20_000, 21_000),
    st.integers(0, 50),
    st.booleans(),
)
def test_a_sentence_is_true_of_its_numbers_in_both_languages(
    metric: str, size: float, up: bool, first: int, length: int, going_on: bool
) -> None:
    one, change = of(metric, size if up else -size, first=first, last=first + length, going_on=going_on and length > 0)
    said = changed(one, change)
    assert (" higher than " in said.en, " lower than " in said.en) == (up, not up)
    assert ("高约" in said.zh, "低约" in said.zh) == (up, not up)
    assert ("Since" in said.en, said.zh.startswith("自")) == (change.going_on, change.going_on)
    better = catalogue.metric(metric).better
    good = None if better is Better.WITHIN else up == (better is Better.HIGHER)
    assert ("(better)" in said.en, "变好" in said.zh) == (good is True, good is True)
    assert ("(worse)" in said.en, "变差" in said.zh) == (good is False, good is False)
    number = amount(size * {"aht": 1 / 1000, "complaints_per_10000": 10_000}.get(metric, 100))
    assert f" {number} " in said.en
    assert f" {number} " in said.zh
    assert title(one).en in said.en
    assert said.en.count(".") >= 1
    assert said.zh.endswith("。")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, examples: Path) -> Path:
    root = tmp_path_factory.mktemp("cli") / "floor"
    assert main(["init", str(root), "--timezone", "Asia/Shanghai", "--quiet"]) == 0
    assert main(["load", str(root), "asterisk-queue-log", str(examples / "asterisk_run/queue_log"), "--quiet"]) == 0
    return root


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    capsys.readouterr()
    code = main([str(one) for one in arguments])
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def test_a_floor_without_a_whole_day_is_told_so(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "watch", small, "--metric", "abandonment", "--no-picture", "--lang", "zh")
    assert (code, "没有已确定的数据" in err) == (3, True)
    code, _, err = run(capsys, "watch", small, "--metric", "abandonment", "--json")
    assert (code, json.loads(err)["problem"]) == (3, "NoDays")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--budget", "0"], "must be above 0"),
        (["--rebase", "2026-09-01"], "does not say since when and why"),
        (["--holidays", "absent.txt"], "was not found"),
        (["--from", "last month"], "is not a period"),
        (["--by", "weekday"], "cannot be split"),
        (["--where", "queue"], "cannot be read"),
    ],
)
def test_bad_input_is_a_problem_with_a_remedy(
    small: Path, capsys: pytest.CaptureFixture[str], given: list[str], said: str
) -> None:
    code, _, err = run(capsys, "watch", small, "--metric", "abandonment", "--no-picture", *given)
    assert code in (2, 3)
    assert said in err
    assert "remedy:" in err


def test_holidays_are_a_date_a_line(small: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    good, bad = tmp_path / "good.txt", tmp_path / "bad.txt"
    good.write_text("# 2026\n2026-10-01  National Day\n- 2026-10-02\n\n2026-10-03,x\n", encoding="utf-8")
    bad.write_text("2026-10-01\n1 October\n", encoding="utf-8")
    command = ["watch", small, "--metric", "abandonment", "--no-picture", "--holidays"]
    assert days_off(good) == frozenset(day_id(date(2026, 10, day)) for day in (1, 2, 3))
    code, _, err = run(capsys, *command, bad)
    assert (code, f"{bad}:2" in err) == (3, True)


# -- rows that are nobody's ------------------------------------------------------------------------------------------


def test_what_is_given_up_before_anybody_answers_is_no_companys_and_charts_are_not_by_company(
    unowned_floor: Prepared,
) -> None:
    found = watch(unowned_floor, Asked("abandonment", NOVEMBER, by=("company", "queue"), base=BASE))
    assert [dict(one.series.key) for one in found.charts] == [{"queue": "tax"}, {"queue": "water"}]
    (why,) = unowned_words(found)
    assert re.match(r"Not by company: \d+\.\d % of the rows of abandonment rate are nobody's", why.en)
    assert re.match(r"未按公司区分：放弃率所计的行有 \d+\.\d % 不归任何公司", why.zh)
    assert all(why in one.assumptions for one in findings(found))


def test_one_company_is_not_watched_by_what_is_given_up(unowned_floor: Prepared) -> None:
    with pytest.raises(NotByCompany, match="rows are nobody's"):
        watch(unowned_floor, Asked("abandonment", NOVEMBER, where={"company": "North"}, base=BASE))


def test_companies_whose_rows_are_all_somebodys_have_charts(floor: Prepared) -> None:
    found = watch(floor, Asked("abandonment", NOVEMBER, by=("company",), base=BASE))
    assert [dict(one.series.key) for one in found.charts] == [{"company": "North"}]
    assert unowned_words(found) == ()


@pytest.fixture(scope="module")
def unowned_floor(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    rows = [one | {"company": ""} if one["abandoned"] else one for one in legs()]
    return prepared_of(tmp_path_factory.mktemp("unowned"), {"legs": rows})
