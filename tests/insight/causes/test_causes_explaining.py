"""Explaining a floor: from measuring tables to a sentence, a waterfall and what happened at the same time."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from measuring_tables import NAMES, prepared_of

from onefloor.cli import main
from onefloor.insight.causes.dividing import ExactParts
from onefloor.insight.causes.events import (
    BadEvent,
    Event,
    UnreadableEvents,
    at_the_same_time,
    read_events,
)
from onefloor.insight.causes.explaining import (
    Explained,
    NothingToCompare,
    Question,
    SamePeriod,
    SearchedByTime,
    explain,
)
from onefloor.insight.causes.findings import finding, verdict
from onefloor.insight.causes.parts import Parts
from onefloor.insight.causes.picture import picture, steps
from onefloor.insight.causes.search import Search
from onefloor.insight.causes.sentences import load_words, signed, told
from onefloor.insight.causes.staffing import load
from onefloor.insight.cells import NotAdditive, row_size
from onefloor.insight.charts.unowned import NotByCompany
from onefloor.insight.charts.words import amount
from onefloor.insight.finding import Estimate, Verdict
from onefloor.insight.pictures import save
from onefloor.language import Language
from onefloor.metrics import catalogue
from onefloor.metrics.prepared import Names, Prepared
from onefloor.periods import MS_PER_DAY, Month, Period, day_id, day_of
from onefloor.problems import MissingFile

AUGUST, SEPTEMBER, OCTOBER = (Month(2026, month).days for month in (8, 9, 10))
AGENTS = 40
HOUR = 3_600_000


def legs(chance: np.random.Generator) -> list[dict[str, object]]:
    """Three months of 100 calls a day; from October on South passes on the calls of movers three times as often."""
    rows: list[dict[str, object]] = []
    for day in range(AUGUST.start, OCTOBER.end):
        for number in range(100):
            agent = int(chance.integers(1, AGENTS + 1))
            company, topic = ("North", "South")[agent % 2], ("new", "moved")[int(chance.random() < 0.4)]
            often = 0.45 if day >= OCTOBER.start and (company, topic) == ("South", "moved") else 0.15
            rows.append(
                {
                    "start_ms": day * MS_PER_DAY + (8 + number % 10) * HOUR, "agent": agent, "company": company,
                    "topic": topic, "queue": "tax", "team": ("A", "B")[agent // 20 % 2], "offered": True,
                    "answered": True, "transferred": bool(chance.random() < often), "first": True, "inbound": True,
                    "talk_ms": 200_000, "hold_ms": 20_000, "wrap_ms": 40_000, "handle_ms": 260_000, "wait_ms": 5_000,
                }
            )  # fmt: skip
    return rows


def shifts() -> list[dict[str, object]]:
    """Forty people a day in August and September, thirty-two in October, of whom one in eight stays away."""
    return [
        {
            "start_ms": day * MS_PER_DAY + 9 * HOUR, "agent": agent + 1, "scheduled_ms": 8 * HOUR,
            "worked_ms": 7 * HOUR if day >= OCTOBER.start else 8 * HOUR,
        }
        for day in range(AUGUST.start, OCTOBER.end)
        for agent in range(32 if day >= OCTOBER.start else AGENTS)
    ]  # fmt: skip


@pytest.fixture(scope="module")
def floor(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    tables = {"legs": legs(np.random.default_rng(41)), "agent_time": shifts()}
    made = prepared_of(tmp_path_factory.mktemp("causes"), tables)
    return replace(made, names=Names({**NAMES.ids, "agent": {str(1000 + one): one for one in range(1, AGENTS + 1)}}))


@pytest.fixture(scope="module")
def answer(floor: Prepared) -> Explained:
    events = (Event(day_id(day_of(OCTOBER.start)), "new form"), Event(AUGUST.start, "long ago"))
    return explain(floor, Question("transfers", SEPTEMBER, OCTOBER, events=events))


def test_the_cause_is_named_with_its_own_figures(answer: Explained) -> None:
    assert [dict(one.conditions) for one in answer.found.segments] == [{"company": "South", "topic": "moved"}]
    said = told(answer)
    assert said.en.startswith("From 2026-09 to 2026-10 transfer rate rose ")
    assert " of it is company South, topic moved, which rose from " in said.en
    assert "来自所属公司South、业务类型moved，其自身由 " in said.zh


def test_it_says_who_bore_out_what_is_named(floor: Prepared, answer: Explained) -> None:
    assert "borne out by days and by agents as well" in _assumed(answer)
    nameless = {name: one for name, one in floor.names.ids["agent"].items() if one > 1}  # nobody in 1 row of 40
    few = replace(floor, names=Names({**floor.names.ids, "agent": nameless}))
    lacking = explain(few, Question("transfers", SEPTEMBER, OCTOBER))
    assert lacking.found.segments
    assert "borne out by days as well, each counted as one; agents were not asked" in _assumed(lacking)
    quiet = explain(floor, Question("transfers", AUGUST, SEPTEMBER))
    assert not quiet.found.segments
    assert "borne out" not in _assumed(quiet)


def test_days_that_are_cut_off_are_not_counted(floor: Prepared) -> None:
    cut = replace(floor, watermark_ms=(OCTOBER.end - 10) * MS_PER_DAY)
    found = explain(cut, Question("transfers", SEPTEMBER, OCTOBER))
    assert found.cut
    assert finding(found).agents == 30 + 21


def _assumed(answer: Explained) -> str:
    return " ".join(text.en for text in finding(answer).assumptions)


def test_the_parts_are_the_change(answer: Explained) -> None:
    assert sum(answer.segments, answer.rest + answer.mix) == answer.exact
    assert sum((part.total for part in answer.mixes.values()), Fraction(0)) == answer.exact
    assert sum(old for old, _ in answer.shares.values()) == sum(new for _, new in answer.shares.values()) == 1
    drawn = [answer.exact.numerator / answer.exact.denominator * 100]
    assert sum(step.size for step in steps(answer)) == pytest.approx(drawn[0])
    assert len(steps(answer)) <= 5


def test_the_finding_is_plain_data_with_rows_of_both_months(answer: Explained) -> None:
    one = finding(answer)
    told_ = json.loads(json.dumps(one.as_json()))
    assert one.verdict is Verdict.SIGNAL
    assert [row["months"] for row in told_["rows"]] == ["2026-09..2026-09", "2026-10..2026-10"]
    assert told_["rows"][0]["where"] == {"company": ["South"], "topic": ["moved"]}
    assert told_["details"]["segments"][0]["conditions"] == {"company": "South", "topic": "moved"}
    assert Fraction(told_["details"]["change"]["exact"]) == answer.exact
    assert [reason.en for reason in one.reasons] == ["At the same time: 1 October 2026, new form"]


def test_swapping_the_months_flips_every_sign(floor: Prepared, answer: Explained) -> None:
    back = explain(floor, Question("transfers", OCTOBER, SEPTEMBER))
    assert (back.exact, back.mix, back.rest) == (-answer.exact, -answer.mix, -answer.rest)
    assert back.segments == tuple(-part for part in answer.segments)


def test_what_was_narrowed_is_said_and_its_rows_are_asked_for(floor: Prepared) -> None:
    one = finding(
        explain(floor, Question("transfers", SEPTEMBER, OCTOBER, where={"company": ["South"], "queue": "tax"}))
    )
    assert one.about.en == "transfer rate (South, tax)"
    assert one.sentence.zh.startswith("2026-10 与 2026-09 相比，转接率（South、tax）上升 ")
    assert one.behind[0].where == {"company": ("South",), "queue": ("tax",), "topic": ("moved",)}


def test_months_in_which_nothing_happened_name_nothing(floor: Prepared) -> None:
    quiet = explain(floor, Question("transfers", AUGUST, SEPTEMBER))
    assert verdict(quiet) is Verdict.STEADY
    assert quiet.found.segments == ()
    assert "nothing stands out" in told(quiet).en
    assert "没有突出的部分" in told(quiet).zh


def test_means_are_explained_by_their_parts_too(floor: Prepared) -> None:
    found = explain(floor, Question("aht", SEPTEMBER, OCTOBER))
    assert found.exact == 0
    assert sum(found.components.values(), Fraction(0)) == 0
    assert "did not change" in told(found).en
    assert "没有变化" in told(found).zh


def test_fewer_people_present_are_a_heavier_load(floor: Prepared) -> None:
    found = load(floor, SEPTEMBER, OCTOBER)
    assert found is not None
    assert sum(found.parts.values()) == found.after - found.before
    assert found.factors[1]["presence"] == Fraction(7, 8)
    assert found.parts["rostered"] > found.parts["presence"] > 0
    assert "rostered hours −20.0 %" in load_words(found).en
    assert "到岗率 −12.5 %" in load_words(found).zh
    assert load(floor, SEPTEMBER, OCTOBER, {"queue": "tax"}) is None


def test_waits_are_not_looked_for_among_those_who_answer(floor: Prepared) -> None:
    assert explain(floor, Question("service_level", SEPTEMBER, OCTOBER)).among == ("company", "queue", "topic", "hour")
    assert "team" in explain(floor, Question("aht", SEPTEMBER, OCTOBER)).among


def test_companies_are_not_told_apart_where_rows_are_nobodys(tmp_path: Path) -> None:
    rows = [
        one | {"company": ""} if number % 20 == 0 else one for number, one in enumerate(legs(np.random.default_rng(3)))
    ]
    lost = prepared_of(tmp_path, {"legs": rows})
    found = explain(lost, Question("service_level", SEPTEMBER, OCTOBER, among=("company", "topic")))
    assert (found.by, found.among) == (("queue",), ("topic",))
    assert "Not by company: 5.0 % of the rows of service level are nobody's" in _assumed(found)
    with pytest.raises(NotByCompany, match="cannot be told for one company: 5"):
        explain(lost, Question("service_level", SEPTEMBER, OCTOBER, where={"company": "South"}))
    assert explain(lost, Question("aht", SEPTEMBER, OCTOBER), scope="company == 'South'").unowned is None


def test_the_load_is_told_with_what_waits_make(floor: Prepared) -> None:
    said = finding(explain(floor, Question("service_level", SEPTEMBER, OCTOBER))).reasons
    assert said[0].en.startswith("Handling time for each hour present went up from ")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_waterfall_is_drawn(answer: Explained, tmp_path: Path, language: Language) -> None:
    svg, _ = save(picture(answer), tmp_path / "explain", language)
    assert svg.stat().st_size > 5_000


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        (Question("wait_percentile:p=90", SEPTEMBER, OCTOBER), NotAdditive),
        (Question("offered_contacts", SEPTEMBER, OCTOBER), NotAdditive),
        (Question("transfers", SEPTEMBER, Period(SEPTEMBER.start, OCTOBER.end)), SamePeriod),
        (Question("transfers", SEPTEMBER, Month(2027, 5).days), NothingToCompare),
        (Question("transfers", Month(2025, 5).days, OCTOBER), NothingToCompare),
        (Question("transfers", SEPTEMBER, OCTOBER, among=("company", "day")), SearchedByTime),
    ],
)
def test_what_cannot_be_explained_says_why(floor: Prepared, asked: Question, problem: type[Exception]) -> None:
    with pytest.raises(problem):
        explain(floor, asked)


def test_days_that_are_not_final_are_left_out(floor: Prepared) -> None:
    early = replace(floor, watermark_ms=(OCTOBER.start + 20) * MS_PER_DAY)
    found = explain(early, Question("transfers", SEPTEMBER, OCTOBER))
    assert found.cut
    assert found.after[1] == 2000
    assert any("left out" in text.en for text in finding(found).assumptions)


def test_too_few_rows_tell_nothing(floor: Prepared) -> None:
    one_day = Period(OCTOBER.start, OCTOBER.start + 1)
    found = explain(floor, Question("transfers", SEPTEMBER, one_day, where={"topic": "moved", "company": "South"}))
    assert (verdict(found), found.change) == (Verdict.CANNOT_TELL, None)
    assert "too few rows" in told(found).en
    assert "样本太少" in told(found).zh


def made(metric: str, before: Fraction, after: Fraction, rest: Fraction, *, moved: bool) -> Explained:
    """An answer with nothing but a rest and a mix."""
    exact = float(after - before)
    half = abs(exact) / 2 if moved else abs(exact) + 1
    mix = after - before - rest
    parts = ExactParts((), rest, mix, {("North",): Parts(rest, mix)}, {("North",): (Fraction(1, 2), Fraction(3, 4))})
    rows = 1000 * row_size(catalogue.metric(metric))
    return Explained(
        asked=Question(metric, SEPTEMBER, OCTOBER),
        metric=catalogue.metric(metric),
        by=("company",),
        among=("company",),
        before=(before.numerator * rows, before.denominator * rows),
        after=(after.numerator * rows, after.denominator * rows),
        change=Estimate(exact, exact - half, exact + half),
        found=Search((), 10, 4.0, 1.0),
        exact_parts=parts,
        components={},
        load=None,
        events=(),
        cut=False,
        days=61,
    )


rates = st.fractions(Fraction(1, 100), Fraction(99, 100), max_denominator=500)


@given(st.sampled_from(["service_level", "abandonment", "occupancy"]), rates, rates, rates, st.booleans())
def test_a_sentence_is_true_of_its_numbers_in_both_languages(
    metric: str, before: Fraction, after: Fraction, part: Fraction, moved: bool
) -> None:
    exact = after - before
    one = made(metric, before, after, exact * part, moved=moved)
    said = told(one)
    assert (" rose " in said.en, " fell " in said.en) == (exact > 0, exact < 0)
    assert ("上升" in said.zh, "下降" in said.zh) == (exact > 0, exact < 0)
    if exact:
        size = amount(float(exact) * 100)
        assert f" {size} points" in said.en
        assert f" {size} 个百分点" in said.zh
    loud = moved and exact != 0
    assert ("nothing stands out" in said.en and "beyond chance" in said.en) == (not loud)
    if loud and abs(one.mix) * 10 >= abs(exact):
        assert f"the mix of contacts ({signed(float(one.mix) * 100)})" in said.en
        assert f"业务构成的变化（{signed(float(one.mix) * 100)}）" in said.zh


def test_events_are_read_from_tables_and_lists(tmp_path: Path) -> None:
    table, listed = tmp_path / "events.csv", tmp_path / "events.yaml"
    table.write_text("date,what\n2026-10-05,notice to customers\n2026-10-01,new form\n", encoding="utf-8")
    listed.write_text("- date: 2026-10-01\n  what: new form\n- {date: '2026-10-05', what: notice to customers}\n")
    events = [Event(OCTOBER.start, "new form"), Event(OCTOBER.start + 4, "notice to customers")]
    assert read_events(table) == read_events(listed) == events
    assert at_the_same_time(events, SEPTEMBER, OCTOBER) == events
    assert at_the_same_time(events, AUGUST, SEPTEMBER) == []


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("absent.csv", None, MissingFile),
        ("e.csv", "date,what\nyesterday,new form\n", BadEvent),
        ("e.csv", "date,what\n2026-10-01,\n", BadEvent),
        ("e.yaml", "- 2026-10-01\n", UnreadableEvents),
        ("e.yaml", "a: [", UnreadableEvents),
        ("e.csv", b"\xff\xfe\x00", UnreadableEvents),
    ],
)
def test_events_that_cannot_be_read_say_why(
    tmp_path: Path, name: str, text: str | bytes | None, problem: type[Exception]
) -> None:
    path = tmp_path / name
    if text is not None:
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(problem):
        read_events(path)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--month", "2026-11", "--against", "2026-11"], "share days"),
        (["--month", "2026-11"], "Nothing is final"),
        (["--month", "November"], "is not a period"),
        (["--month", "2026-11", "--events", "absent.csv"], "was not found"),
        (["--month", "2026-11", "--depth", "4"], "--depth"),
    ],
)
def test_bad_input_is_a_problem_with_a_remedy(
    tmp_path: Path, examples: Path, capsys: pytest.CaptureFixture[str], given: list[str], said: str
) -> None:
    main(["init", str(tmp_path / "f"), "--timezone", "Asia/Shanghai", "--quiet"])
    main(["load", str(tmp_path / "f"), "asterisk-queue-log", str(examples / "asterisk_run/queue_log"), "--quiet"])
    capsys.readouterr()
    code = main(["explain", str(tmp_path / "f"), "--metric", "abandonment", "--no-picture", *given])
    err = capsys.readouterr().err
    assert code in (2, 3)
    assert said in err
    assert "remedy:" in err
