"""The days before the planned ones: what they leave to the first of these, and files of them that are refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from rostering_cases import changed, day, planned, problem, roster_of

from onefloor.planning.rostering import files
from onefloor.planning.rostering.checking import breaches
from onefloor.planning.rostering.history import with_history
from onefloor.planning.rostering.problem import History
from onefloor.problems import Problem


def test_the_days_before_bind_the_first_days(tmp_path: Path) -> None:
    before = planned("eeeeeen")
    (tmp_path / "before.csv").write_text(files.csv_text(before, ("own",)))
    after = problem(1, 7, grid=replace(before.problem.grid, first=day(7)))
    bound = with_history(after, tmp_path / "before.csv")
    assert bound.agents[0].history == History(ended=14, days=7, nights=1, off_since_night=0)
    told = [one.rule for one in breaches(bound, roster_of(bound, "e------"))]
    assert told == ["rest", "consecutive_days"]


def test_a_file_of_the_days_before_that_tells_of_planned_days_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "before.csv"
    path.write_text(files.csv_text(planned("eeeeeee"), ("own",)))  # five lines a day
    after = problem(1, 3, grid=replace(planned("eee").problem.grid, first=day(5)))
    with pytest.raises(Problem) as refused:
        with_history(after, path)
    assert refused.value.to("en") == (
        f'{path}:27: "2026-12-05" in column date is not before 2026-12-05, the first day that is planned. before tells '
        "what was worked before the planned days; 10 lines are of others. Name the roster of the days before, take "
        "such lines out, or plan from 2026-12-07 on (--from)."
    )
    assert "不早于计划的第一天 2026-12-05。before 只写计划期之前的上班情况；共有 10 行不是。" in refused.value.to("zh")
    assert with_history(replace(after, grid=replace(after.grid, first=day(7))), path).agents[0].history.days == 7
    changed(path, ",2026-11-30,", ",,")
    with pytest.raises(Problem, match=r'before\.csv:2: "" in column date'):
        with_history(after, path)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (",2026-11-30,", ",9999-12-31,", '"9999-12-31" in column date is not known.'),
        ("true,2026-11-30 ", "true,2026-12-02 ", 'is not after "2026-12-02 '),
        (",2026-11-30,", ",2026-11-28,", "column started does not belong to 2026-11-28 in column date."),
        ("true", "yes", '"yes" in column paid is not known.'),
    ],
)
def test_lines_of_the_days_before_that_contradict_themselves_are_refused(
    tmp_path: Path, before: str, after: str, said: str
) -> None:
    path = tmp_path / "before.csv"
    path.write_text(files.csv_text(planned("e"), ("own",)), encoding="utf-8")
    following = problem(1, 3, grid=replace(planned("eee").problem.grid, first=day(1)))
    assert with_history(following, path).agents[0].history.days == 1
    with pytest.raises(Problem) as refused:
        with_history(following, changed(path, before, after))
    assert said in refused.value.to("en")
    assert f"{path}:2: " in refused.value.to("en")
