"""Who games is named from the measuring tables; who does not is not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from guard_floors import (
    AGENTS,
    CANNOT,
    HOUR,
    LOOK,
    MONTHS,
    SEEN,
    floor,
    legs,
    told,
)
from measuring_tables import END_OF_NOVEMBER

from onefloor.insight.finding import Verdict
from onefloor.insight.guards.patterns import BY_NAME, stretched
from onefloor.insight.guards.screen_findings import pattern_finding, stretched_finding
from onefloor.insight.guards.tallying import tallied
from onefloor.periods import MS_PER_DAY


@pytest.mark.parametrize(("share", "expected"), [(0.5, (LOOK, ["A01"])), (0.05, (SEEN, []))])
def test_who_passes_contacts_on_is_named(tmp_path: Path, share: float, expected: tuple[Verdict, list[str]]) -> None:
    rows = legs(lambda chance, agent: {"transferred": chance.random() < (share if agent == 1 else 0.05)})
    assert told(floor(tmp_path, legs=rows), "transfers") == expected


def test_short_calls_count_only_when_the_customer_is_back(tmp_path: Path) -> None:
    """Agent 1 hangs up on a quarter; agent 2 is as short, but nobody calls again."""
    rows = legs(lambda chance, agent: {"talk_ms": 9_000 if agent < 3 and chance.random() < 0.25 else 200_000})
    back = [
        {"start_ms": row["start_ms"], "agent": row["agent"], "queue": row["queue"], "identified": True,
         "gap_any_ms": 600_000 if row["agent"] == 1 and row["talk_ms"] < 15_000 else 30 * MS_PER_DAY}
        for row in rows
    ]  # fmt: skip
    assert told(floor(tmp_path, legs=rows, contacts=back), "short_calls") == (LOOK, ["A01"])


def test_who_lets_it_ring_is_named(tmp_path: Path) -> None:
    rows = legs(lambda chance, agent: {})
    chance = np.random.default_rng(2)
    rings = [
        {name: row[name] for name in ("start_ms", "agent", "queue")}
        | {"taken": bool(chance.random() > (0.4 if row["agent"] == 1 else 0.03)), "canceled": False}
        for row in rows
    ]
    assert told(floor(tmp_path, rings=rings), "unanswered_rings") == (LOOK, ["A01"])


def test_who_invites_few_is_named(tmp_path: Path) -> None:
    rows = legs(lambda chance, agent: {}, rows=120)
    kept = [{name: row[name] for name in ("start_ms", "agent", "queue")} for row in rows]
    chance = np.random.default_rng(3)
    asked = [row for row in kept if chance.random() < (0.08 if row["agent"] == 1 else 0.4)]
    assert told(floor(tmp_path, contacts=kept, surveys=asked), "few_invitations") == (LOOK, ["A01"])


def test_who_is_away_when_queues_are_long_is_named(tmp_path: Path) -> None:
    """Waits are long at nine; agent 1 is missing then, everybody else only now and then."""
    chance = np.random.default_rng(4)
    waits = legs(lambda chance, agent: {})
    for row in waits:
        row["wait_ms"] = 300_000 if row["start_ms"] % MS_PER_DAY < 10 * HOUR else 2_000
    time = [
        {"start_ms": END_OF_NOVEMBER - 30 * MS_PER_DAY + day * MS_PER_DAY + 9 * HOUR + half * HOUR // 2, "agent": agent,
         "required_ms": HOUR // 2, "logged_ms": HOUR // 2,
         "absent_ms": HOUR // 2 if half < 2 and chance.random() < (0.6 if agent == 1 else 0.05) else 0}
        for agent in range(1, AGENTS + 1) for day in range(28) for half in range(8)
    ]  # fmt: skip
    assert told(floor(tmp_path, legs=waits, agent_time=time), "away_at_peaks") == (LOOK, ["A01"])


@pytest.mark.parametrize(("factor", "expected"), [(3.0, (LOOK, ["A01"])), (1.0, (SEEN, []))])
def test_who_stretches_after_call_work_in_long_queues_is_named(
    tmp_path: Path, factor: float, expected: tuple[Verdict, list[str]]
) -> None:
    rows = legs(lambda chance, agent: {"wrap_ms": int(30_000 * np.exp(chance.normal(0, 0.4)))}, rows=120)
    for row in rows:
        busy = row["start_ms"] // (HOUR // 2) % 4 == 0
        row["wait_ms"] = 300_000 if busy else 2_000
        if busy and row["agent"] == 1:
            row["wrap_ms"] = int(row["wrap_ms"] * factor)
    finding = stretched_finding(stretched(floor(tmp_path, legs=rows), MONTHS), MONTHS)
    assert (finding.verdict, [one["name"] for one in finding.details["flagged"]]) == expected


WITHOUT_ROWS = {
    "transfers_at_shift_end": "neither shifts nor agent states are loaded",
    "short_calls_at_shift_end": "neither shifts nor agent states are loaded",
    "leaving_as_peaks_begin": "no shifts are loaded",
    "leaving_the_head_of_the_line": "no agent states are loaded",
    "dissatisfied_not_invited": "surveys do not name their contact",
}


@pytest.mark.parametrize("name", BY_NAME)
def test_a_floor_without_rows_cannot_be_told(tmp_path: Path, name: str) -> None:
    finding = pattern_finding(BY_NAME[name], tallied(BY_NAME[name], floor(tmp_path, legs=[]), MONTHS), MONTHS)
    assert finding.verdict is CANNOT
    assert finding.reasons[0].en.startswith(WITHOUT_ROWS.get(name, "rows enough: 0 agents"))


def test_how_far_out_the_furthest_is_stands_beside_the_names(tmp_path: Path) -> None:
    rows = legs(lambda chance, agent: {"transferred": chance.random() < (0.5 if agent == 1 else 0.05)})
    finding = pattern_finding(
        BY_NAME["transfers"], tallied(BY_NAME["transfers"], floor(tmp_path, legs=rows), MONTHS), MONTHS
    )
    (one,) = finding.details["flagged"]
    assert finding.estimate is not None
    assert (finding.estimate.value, finding.estimate.low, finding.estimate.high) == (
        one["ratio"],
        one["low"],
        one["high"],
    )
    assert 1 < one["low"] < 10 < one["high"]
    assert finding.estimate.level == pytest.approx(1 - 2 * 0.05 / AGENTS)


def test_what_nobody_does_has_no_ratio(tmp_path: Path) -> None:
    """Nobody passes anything on: a ratio to next to nothing would be any number."""
    prepared = floor(tmp_path, legs=legs(lambda chance, agent: {"transferred": False}))
    finding = pattern_finding(BY_NAME["transfers"], tallied(BY_NAME["transfers"], prepared, MONTHS), MONTHS)
    assert (finding.verdict, finding.estimate) == (SEEN, None)
