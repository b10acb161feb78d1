"""Published staff scheduling instances: the scorer against known scores, the engine's counters against best known."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
with pytest.MonkeyPatch.context() as patch:  # only for this import: benchmarks/web.py would hide tests/web
    patch.syspath_prepend(str(ROOT / "benchmarks"))
    from rosters.staff_scheduling import read, score, solve, violations

DATA = ROOT.parent / "shared" / "data" / "nrp"
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


def test_a_broken_roster_is_told_from_a_lawful_one() -> None:
    instance = read(DATA / "Instance1.txt")
    assert violations(instance, {person: ["D"] * instance.days for person in instance.people}) > 0


def test_the_first_instance_is_solved_to_its_optimum_and_the_bound_says_so() -> None:
    instance = read(DATA / "Instance1.txt")
    found = solve(instance, seconds=20.0, enough=607)
    assert violations(instance, found.roster) == 0
    assert score(instance, found.roster)["total"] == 607
    assert found.bound <= 607 + 1e-6
