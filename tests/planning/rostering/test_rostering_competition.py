"""The nurse rostering competition's small set: sizes and the published solution's cost, part by part."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
with pytest.MonkeyPatch.context() as patch:  # only for this import: benchmarks/web.py would hide tests/web
    patch.syspath_prepend(str(ROOT / "benchmarks"))
    from rosters.nurse_competition import Instance, Roster, read, read_roster, score, violations

DATA = ROOT.parent / "shared" / "data" / "inrc2_n005w4"
WEEKS = (5, 3, 1, 0)
Expected = dict[str, dict[str, object]]


@pytest.fixture
def expected() -> Expected:
    if not DATA.exists():
        pytest.skip("the competition's files are not beside the checkout")
    told: Expected = json.loads((DATA / "expected.json").read_text())
    return told


def instance(weeks: tuple[int, ...] = WEEKS) -> Instance:
    return read(DATA / "Sc-n005w4.txt", DATA / "H0-n005w4-1.txt", [DATA / f"WD-n005w4-{week}.txt" for week in weeks])


def solution(held: Instance) -> Roster:
    folder = DATA / "Solution_H_1-WD_5-3-1-0"
    return read_roster(held, [folder / f"Sol-n005w4-{week}-{place}.txt" for place, week in enumerate(WEEKS)])


def test_every_week_file_asks_for_what_it_is_known_to_ask_for(expected: Expected) -> None:
    for number, told in expected["requirement_totals_by_week_file"].items():
        held = instance((int(number),))
        assert {
            "minimum": sum(least for least, _ in held.wanted.values()),
            "optimal": sum(most for _, most in held.wanted.values()),
            "shift_off_requests": len(held.unwanted),
        } == told


def test_the_published_solution_costs_what_it_is_known_to_cost_part_by_part(expected: Expected) -> None:
    held, known = instance(), expected["score"]
    assert violations(held, solution(held)) == {"under_staffing": 0, "skill": 0, "succession": 0}
    assert score(held, solution(held)) == {**known["soft"], "total": known["total"]}  # type: ignore[dict-item]


def test_what_the_rules_forbid_is_told(expected: Expected) -> None:
    held = instance()
    roster = {name: list(row) for name, row in solution(held).items()}
    roster["Sara"] = [("Night", "HeadNurse"), ("Early", "Nurse"), *[None] * 26]
    broken = violations(held, roster)
    assert broken["skill"] == 1
    assert broken["succession"] == 1
    assert broken["under_staffing"] > 0
    assert expected["nurses"] == len(held.nurses)  # type: ignore[comparison-overlap]
