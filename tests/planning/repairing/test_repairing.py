"""Repairs: few changes, lawful, with the cover they promise; swaps; one company's people only."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from rostering_cases import day, problem, roster_of

from onefloor.cli import main
from onefloor.floor import create_floor
from onefloor.planning.repairing import moves
from onefloor.planning.repairing.repair import (
    Change,
    NotWorking,
    Parameters,
    Repair,
    UnknownSkill,
    absent,
    late,
    spike,
    swap,
)
from onefloor.planning.repairing.sentences import as_json, change_words, outcome, shown
from onefloor.planning.repairing.state import OutsideHorizon, Since, State, UnknownAgent, held_ready
from onefloor.planning.rostering.checking import at_desk, breaches
from onefloor.planning.rostering.problem import Costs, Limit, Wish
from onefloor.planning.rostering.scoring import missing, score

TUESDAY = datetime(2026, 12, 1)
ROWS = ("eee----", "eee----", "eee----", "lll----", "lll----", "-------", "-------")


def state(rows: tuple[str, ...] = ROWS, needed: int = 2) -> State:
    made = problem(len(rows), len(rows[0]), needed=needed)
    return held_ready(made, roster_of(made, *rows))


def lost(held: State) -> float:
    """What is missing by the independent count, in cost."""
    made = held.problem
    return float(missing(made, at_desk(made, held.roster()))[0].sum()) * made.costs.missing / made.per_hour


def test_an_absence_is_filled_lawfully_with_few_changes_and_the_cover_is_what_it_says() -> None:
    held = state()
    before = lost(held)
    found = absent(held, ["2004"], TUESDAY.replace(hour=10))
    assert found.lost > 0
    assert found.recovered > 0.9
    assert len(found.changes) == 1
    assert found.changes[0].kind in ("called", "moved")
    assert breaches(held.problem, held.roster()) == []
    assert lost(held) - before == pytest.approx(found.left)


def test_alternatives_are_ranked_and_none_saves_more_than_what_was_chosen() -> None:
    found = absent(state(), ["2004"], TUESDAY.replace(hour=10))
    saved = [change.saved for change in found.alternatives[0]]
    assert saved == sorted(saved, reverse=True)
    assert saved
    assert found.changes[0].saved >= saved[0] - 1e-6


def test_nobody_begins_before_the_notice_and_whoever_has_begun_keeps_the_shift() -> None:
    held = state(("eee----", "eee----", "lll----", "-------"), needed=2)
    found = absent(held, ["2001"], TUESDAY.replace(hour=8, minute=10))
    starts = {shift.id: shift.start for shift in held.problem.shifts}
    assert all(starts[one.after] >= 9 * 60 + 30 for one in found.changes if one.kind != "breaks")
    assert all(one.before == one.after for one in found.changes if one.kind == "breaks")


def test_the_part_of_a_duty_that_was_worked_stays() -> None:
    held = state(("e------",), needed=1)
    task = held.layout.task
    before = moves.missing_weight(task, held.cover, 0, 48)
    found = absent(held, ["2001"], datetime(2026, 11, 30, 15))
    assert found.lost == pytest.approx(moves.missing_weight(task, held.cover, 0, 48) - before)
    assert found.lost == pytest.approx(2 * 0.5 * 8)  # 15:00 to 16:00; the breaks lie before


def test_a_late_agent_is_missed_until_then_only() -> None:
    held, gone = state(), state()
    some = late(held, "2001", TUESDAY.replace(hour=7), TUESDAY.replace(hour=9))
    whole = absent(gone, ["2001"], TUESDAY.replace(hour=7))
    assert 0 < some.lost < whole.lost
    assert held.tours.choice[0, 1] >= 0


def test_a_spike_calls_people_and_reallocates_skills() -> None:
    held = state()
    found = spike(held, "a", TUESDAY.replace(hour=14), TUESDAY.replace(hour=21), 2)
    assert found.lost > found.left >= 0
    assert breaches(held.problem, held.roster()) == []


def test_the_cover_after_many_repairs_is_a_best_one() -> None:
    held = state(("eee-eee", "ell-eee", "eee-lll", "lll-lll", "lll----", "-------", "------e", "e-e-e-e"))
    for number, hour in enumerate((7, 9, 12)):
        absent(held, [f"{2001 + number}"], datetime(2026, 12, 4 + number, hour))
        spike(held, "b", datetime(2026, 12, 4 + number, 16), datetime(2026, 12, 4 + number, 18), 1)
    again = held_ready(held.problem, held.roster())
    again.resume(Since(held.gone, np.argwhere(held.locked).tolist(), held.spikes))
    own = (held.layout.task.demand.need - held.cover.got) @ held.layout.task.demand.weight
    fresh = (again.layout.task.demand.need - again.cover.got) @ held.layout.task.demand.weight
    assert held.gone
    assert own == pytest.approx(fresh)
    assert (again.locked == held.locked).all()


def test_a_swap_is_allowed_where_the_rules_are_kept_and_named_where_not() -> None:
    held = state(("e------", "-l-----", "-------", "eeeeee-", "-----l-"))
    kept = held.roster()
    fine = swap(held, "2001", "2003", 0)
    assert (fine.allowed, fine.cost) == (True, -0.5 * 8 + 0.0)  # company north pays 1.5 instead of 2 an hour
    refused = swap(held, "2001", "2002", 1)
    assert refused.allowed == (not breaches(held.problem, roster_of(held.problem, "el-----", *("-------",) * 4)))
    bad = swap(state(("el-----", "--e----")), "2001", "2002", 2)
    assert [(one.rule, one.agent, one.day) for one in bad.breaches] == [("rest", "2001", day(2))]
    assert (held.roster().shifts == kept.shifts).all()


def test_one_company_sees_only_its_own_people() -> None:
    held = state()
    found = absent(held, ["2004"], TUESDAY.replace(hour=10))
    told = json.dumps(as_json(held.problem, shown(found, ["north"])))
    others = [agent.id for agent in held.problem.agents if agent.company != "north"]
    assert [agent for agent in others if f'"{agent}"' in told] == []


def test_words_say_what_to_do_and_why() -> None:
    held = state()
    change = absent(held, ["2004"], TUESDAY.replace(hour=10)).changes[0]
    words = change_words(held.problem, change)
    assert words.en.startswith(f"{change.agent}: ")
    assert words.en.endswith("within all rules.")


def test_people_and_moments_the_roster_does_not_have_are_refused() -> None:
    with pytest.raises(UnknownAgent):
        absent(state(), ["9999"], TUESDAY)
    with pytest.raises(OutsideHorizon):
        absent(state(), ["2001"], datetime(2027, 1, 1))
    with pytest.raises(NotWorking):
        absent(state(), ["2006"], TUESDAY)
    with pytest.raises(UnknownSkill):
        spike(state(), "c", TUESDAY, TUESDAY.replace(hour=3), 1)


def test_the_command_repairs_what_plan_wrote(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(Path(__file__).parents[3] / "examples" / "rosters", tmp_path / "rules")
    create_floor(tmp_path / "floor", timezone="Asia/Shanghai")
    rules, out = tmp_path / "rules" / "rules.yaml", tmp_path / "r.csv"
    given = ["plan", str(tmp_path / "floor"), str(rules), "--from", "2026-12-01", "--rounds", "1", "--no-picture"]
    assert main([*given, "--out", str(out), "--quiet"]) == 0
    someone = next(line.split(",")[0] for line in out.read_text().splitlines() if ",2026-12-03,late,work" in line)
    capsys.readouterr()
    asked = ["repair", str(out), "--absent", someone, "--at", "2026-12-03 10:15", "--json"]
    assert main([*asked, "--out", str(tmp_path / "after.csv")]) == 0
    told = json.loads(capsys.readouterr().out)
    assert 0 <= told["recovered"] <= 1
    assert f"{someone},own,2026-12-03" not in (tmp_path / "after.csv").read_text()
    assert main([*asked[:2], "--at", "2026-12-03"]) == 2
    assert main([*asked[:4], "--at", "noon"]) == 2
    assert main(["repair", str(tmp_path / "none.csv"), "--absent", "1", "--at", "2026-12-03"]) == 3
    assert main(["repair", str(out), "--swap", "2001,2002", "--at", "2026-12-03"]) in (0, 1)
    out.with_name("r.csv.plan.json").write_text("{}")
    assert main(asked) == 3


def test_a_repair_without_changes_says_why() -> None:
    assert outcome(Repair((), (), 0.0, 0.0)).en == "Nobody is missing; nothing has to change."
    assert outcome(Repair((), (), 8.0, 8.0)).en == "No lawful change saves more than its pay and its disturbance cost."


def test_whoever_leaves_a_night_is_not_called_in_again_and_what_was_worked_counts_for_rest() -> None:
    made = problem(2, 4, needed=2, limits=(Limit(rule="rest", amount=11),))
    held = held_ready(made, roster_of(made, "n---", "----"))
    found = absent(held, ["2001"], TUESDAY.replace(hour=2))
    assert {one.agent for one in found.changes} <= {"2002"}
    again = spike(held, "a", TUESDAY.replace(hour=7), TUESDAY.replace(hour=16), 3)
    assert "2001" not in {one.agent for one in again.changes}
    assert held.roster().shifts[0, 0] == 2  # the night stays for the rules
    later = spike(held, "a", TUESDAY.replace(day=2, hour=7), TUESDAY.replace(day=2, hour=16), 3)
    assert "2001" in {one.agent for one in later.changes}
    assert breaches(made, held.roster()) == []


def test_late_and_then_absent_is_missed_once() -> None:
    held, other, alone = state(), state(), Parameters(most=0)
    late(held, "2001", TUESDAY.replace(hour=7), TUESDAY.replace(hour=9), alone)
    absent(held, ["2001"], TUESDAY.replace(hour=8), alone)
    absent(other, ["2001"], TUESDAY.replace(hour=7), alone)
    assert held.gone == {}
    assert held.roster().shifts[0, 1] == -1
    assert (held.cover.got == other.cover.got).all()
    with pytest.raises(NotWorking):
        absent(held, ["2001"], TUESDAY.replace(hour=10))


def test_somebody_who_left_in_the_middle_is_gone_and_does_not_swap_that_day() -> None:
    held = state()
    absent(held, ["2001"], TUESDAY.replace(hour=10), Parameters(most=0))
    assert held.gone == {(0, 1): [(48 + 20, 48 + 32)]}
    with pytest.raises(NotWorking):
        absent(held, ["2001"], TUESDAY.replace(hour=11))
    assert [one.rule for one in swap(held, "2001", "2006", 1).breaches] == ["away"]
    assert swap(held, "2001", "2006", 0).allowed


def test_nobody_begins_before_a_spike() -> None:
    held = state(("l------", "-------", "-------"), needed=1)
    found = spike(held, "a", TUESDAY.replace(hour=15), TUESDAY.replace(hour=21), 2)
    starts = {shift.id: shift.start for shift in held.problem.shifts}
    assert all(starts[one.after] >= 15 * 60 for one in found.changes)


def test_the_cost_of_a_swap_is_what_the_score_says() -> None:
    wishes = (Wish(day(1), 5.0, "early"), Wish(day(2), 3.0, "early", wanted=False), Wish(day(1), 2.0))
    made = problem(4, 7, limits=(), costs=Costs(fairness=1.0), needed=2)
    made = replace(made, agents=(replace(made.agents[0], wishes=wishes), *made.agents[1:]))
    rows = ["eee----", "-nl----", "l---ee-", "--n----"]
    held = held_ready(made, roster_of(made, *rows))
    for on in range(7):
        swapped = [list(row) for row in rows]
        swapped[0][on], swapped[1][on] = swapped[1][on], swapped[0][on]
        before, after = (score(made, roster_of(made, *("".join(row) for row in one))).total for one in (rows, swapped))
        assert swap(held, "2001", "2002", on).cost == pytest.approx(after - before)


def test_one_change_is_one_change() -> None:
    change = Change("2001", "own", 1, "called", None, "early", (), 1.0)
    assert outcome(Repair((change,), ((),), 4.0, 1.0)).en == "1 change brings back 75 % of the lost cover."
    assert outcome(Repair((change,) * 2, ((),) * 2, 4.0, 1.0)).en == "2 changes bring back 75 % of the lost cover."
