"""What is said of a bench: whole sentences in both languages, no chance that nobody can promise, and the same bytes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onefloor.insight.attrition.histories import histories
from onefloor.insight.attrition.leavers import known
from onefloor.insight.finding import Verdict
from onefloor.insight.pictures import save
from onefloor.metrics.prepared import UnknownName
from onefloor.periods import Period
from onefloor.planning.bench.asking import Asked, Held, class_plan, need_of, skills_asked, triage
from onefloor.planning.bench.findings import plan_finding, triage_findings
from onefloor.planning.bench.people import bench
from onefloor.planning.bench.picture import broken, picture
from onefloor.planning.bench.plan_file import BenchFile, ClassTerms, SkillTerms
from onefloor.planning.bench.problem import Parameters

TODAY = 20_454


def held(people: int, leavers: int, skilled: int) -> Held:
    """So many people there, of whom some hold the skill "tech", after some have left within a year."""
    rows: list[dict[str, Any]] = []
    for number in range(people + leavers):
        left = number >= people
        hired = TODAY - 400 - 7 * (number % 90)
        until = TODAY - 1 - (number * 37) % 350 if left else None
        rows.append(
            {"agent": f"a{number}", "company": "North", "employment": "outsourced", "hired_day": hired,
             "from_day": hired, "until_day": until}
        )  # fmt: skip
    seen = histories(rows, Period(TODAY - 360, TODAY))
    found = known(seen, ("company",))
    skills = {one.agent: {"tech"} for one in found.stints[:skilled]}
    return Held(seen, found, bench(found, skills), TODAY, {})


def asked(need: int | None, most: int = 40, futures: int = 200, **more: Any) -> Asked:
    terms = BenchFile(bench="t", classes=ClassTerms(most=most), skills=(SkillTerms(skill="tech", need=need),))
    return Asked(file=terms, parameters=Parameters(most=most, futures=futures), **more)


@given(st.integers(5, 60), st.integers(0, 60), st.integers(0, 60), st.none() | st.integers(0, 80), st.integers(7, 200))
@settings(max_examples=40, deadline=None)
def test_whatever_the_bench_whole_sentences_are_said_in_both_languages(
    people: int, leavers: int, skilled: int, need: int | None, days: int
) -> None:
    found, question = held(people, leavers, min(skilled, people)), asked(need, days=days)
    plan = class_plan(found, question, "tech")
    one = plan_finding(found, question, "tech", plan, said=need_of(found, question, "tech")[1])
    ranked = triage_findings(found, triage(found, question, ["tech"]))
    for told in (one, *ranked):
        assert told.sentence.zh.endswith("。")
        assert told.sentence.en.endswith(".")
        assert not re.search(r"nan|inf\b|None|  |(?<![.\d])100\.0 %|(?<![.\d])0\.0 %", told.sentence.en)
        assert (told.verdict is Verdict.CANNOT_TELL) == (leavers < 10)
        assert told.as_json()
    if leavers >= 10:
        assert (one.verdict is Verdict.NOTHING_SEEN) == (not plan.size and not plan.unmet and not plan.too_late)


def test_a_plan_says_who_there_is_what_threatens_and_which_classes() -> None:
    found, question = held(60, 30, 30), asked(30, futures=2000)
    plan = class_plan(found, question, "tech")
    told = plan_finding(found, question, "tech", plan, said=True)
    assert told.sentence.en.startswith("tech: 30 people now, 30 needed. Without training the chance of too few is ")
    begun = [one for one in plan.classes if one.size]
    assert all(f"{one.size} on {found.date_of(one.begins)}" in told.sentence.en for one in begun)
    assert told.estimate is not None
    assert told.estimate.high <= 5
    assert [one["size"] for one in told.details["classes"]] == [one.size for one in plan.classes]


def test_full_classes_that_do_not_help_say_until_when() -> None:
    found, question = held(60, 30, 20), asked(60, most=2)
    told = plan_finding(found, question, "tech", class_plan(found, question, "tech"), said=True)
    assert "Even with full classes" in told.sentence.en
    assert "即使开满" in told.sentence.zh


def test_a_skill_that_nobody_holds_or_names_is_refused() -> None:
    with pytest.raises(UnknownName):
        skills_asked(held(10, 10, 5), asked(3), ["cooking"])
    assert skills_asked(held(10, 10, 5), asked(3), ["TECH"]) == ["tech"]


def test_equal_plans_give_equal_pictures(tmp_path: Path) -> None:
    found, question = held(60, 30, 30), asked(30)
    bytes_of = []
    for name in ("one", "two"):
        plan = class_plan(found, question, "tech")
        files = save(picture("tech", found, plan), tmp_path / name, "zh")
        bytes_of.append([file.read_bytes() for file in files])
    assert bytes_of[0] == bytes_of[1]
    assert np.frombuffer(bytes_of[0][1], dtype=np.uint8).size > 10_000


def test_what_classes_do_is_drawn_with_a_gap_on_the_day_each_is_ready() -> None:
    """A line over the gap would show people weeks before they are there."""
    found, question = held(60, 30, 30), asked(30)
    plan = class_plan(found, question, "tech")
    days = plan.problem.days
    ready = [one.ready for one in plan.classes if one.size]
    assert len(ready) > 1
    at, heads = broken(plan, 100.0 + days, plan.heads)
    gaps = np.flatnonzero(np.isnan(heads[0]))
    assert at[gaps].tolist() == [100.0 + day for day in ready]
    assert (np.diff(at) >= 0).all()
    for gap, day in zip(gaps, ready, strict=True):
        assert heads[:, gap - 1].tolist() == plan.heads[:, days < day][:, -1].tolist()
        assert heads[:, gap + 1].tolist() == plan.heads[:, days >= day][:, 0].tolist()
