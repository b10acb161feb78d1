"""Published staff scheduling instances: the scorer against known scores, the engine's counters against best known."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from onefloor.planning.rostering.counters import Categories, Counter

ROOT = Path(__file__).parents[3]
with pytest.MonkeyPatch.context() as patch:  # only for this import: benchmarks/web.py would hide tests/web
    patch.syspath_prepend(str(ROOT / "benchmarks"))
    from rosters.published_rules import between_paid, of_category, rows_of_days
    from rosters.staff_instance import read, score, violations
    from rosters.staff_scheduling import Stop, solve

DATA = ROOT.parent / "shared" / "data" / "nrp"
KINDS = Categories((0, 16, 16), (False, False, True))
INSTANCES = ("Instance1", "Instance2", "Instance3", "Instance4")


@pytest.fixture(autouse=True)
def present() -> None:
    if not DATA.exists():
        pytest.skip("the staff scheduling instances are not beside the checkout")


@pytest.mark.parametrize("name", INSTANCES)
def test_known_rosters_have_their_known_scores(name: str) -> None:
    instance = read(DATA / f"{name}.txt")
    expected = json.loads((DATA / "expected.json").read_text())["scores_of_rosters"][name]
    rows = json.loads((DATA / "rosters.json").read_text())[name]
    roster = {person: [sign.replace("-", "") for sign in row.split()] for person, row in rows.items()}
    assert {"hard_violations": violations(instance, roster), **score(instance, roster)} == expected


@pytest.mark.parametrize(
    ("rule", "allowed", "forbidden"),
    [
        (rows_of_days(KINDS, 6, 2, working=True), "-dd--d", "-d-dd-"),
        (rows_of_days(KINDS, 6, 2, working=False), "d--dd-", "d-dd--"),
        (of_category(KINDS, 3, 2, 1), "ndd", "nnd"),
        (between_paid(KINDS, 3, 16, 32), "dd-", "---"),
    ],
)  # fmt: skip
def test_rules_of_the_instances_take_what_they_allow_and_nothing_else(
    rule: Counter, allowed: str, forbidden: str
) -> None:
    found = {}
    for days in (allowed, forbidden):
        value = rule.first
        for day, letter in enumerate(days):
            value = int(rule.step[day, value, "-dn".index(letter)]) if value >= 0 else -1
        found[days] = value >= 0 and bool(rule.ends[value])
    assert found == {allowed: True, forbidden: False}


def test_a_broken_roster_is_told_from_a_lawful_one() -> None:
    instance = read(DATA / "Instance1.txt")
    assert violations(instance, {person: ["D"] * instance.days for person in instance.people}) > 0


@pytest.mark.parametrize(("name", "best"), list(zip(INSTANCES, (607, 828, 1001, 1716), strict=True)))
def test_instances_are_solved_to_their_best_known_and_no_bound_lies_above_it(name: str, best: int) -> None:
    instance = read(DATA / f"{name}.txt")
    found = solve(instance, Stop(60.0, enough=best))
    assert violations(instance, found.roster) == 0
    assert (score(instance, found.roster)["total"], found.cost) == (best, best)
    assert found.bound <= best + 1e-6


def test_equal_seeds_and_rounds_have_equal_rosters() -> None:
    instance = read(DATA / "Instance1.txt")
    assert solve(instance, Stop(None, rounds=3), seed=5) == solve(instance, Stop(None, rounds=3), seed=5)
