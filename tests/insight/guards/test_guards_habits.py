"""What agents do at a special time, against what they do themselves otherwise; where the facts do not carry it, why."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from guard_floors import AGENTS, CANNOT, HOUR, LOOK, MONTHS, SEEN, Row, facts_of, floor, legs, refused, told
from measuring_tables import END_OF_NOVEMBER

from onefloor.insight.guards.idle_line import judged_line
from onefloor.insight.guards.patterns import BY_NAME
from onefloor.insight.guards.rows import Facts
from onefloor.insight.guards.screening import BUDGET_OF_RATIOS, screened
from onefloor.insight.guards.simulated_habits import habits, line
from onefloor.insight.guards.tallying import expected_of, tallied
from onefloor.metrics.expressions import neither
from onefloor.metrics.prepared import Prepared
from onefloor.periods import MS_PER_DAY

START = END_OF_NOVEMBER - 30 * MS_PER_DAY
FIRST_DAY = START // MS_PER_DAY


def shifts(**more: int) -> list[Row]:
    """Half hours from nine to one, all of them scheduled, of every agent on 28 days."""
    return [
        {"start_ms": START + day * MS_PER_DAY + 9 * HOUR + half * HOUR // 2, "agent": agent,
         "company": 1 + agent % 2, "scheduled_ms": HOUR // 2, "logged_ms": HOUR // 2, **more}
        for agent in range(1, AGENTS + 1) for day in range(28) for half in range(8)
    ]  # fmt: skip


def at_the_end(row: Row) -> bool:
    """Whether a leg (200 seconds of talk) is over in the last half hour before one o'clock."""
    over = (row["start_ms"] + row["wait_ms"] + row["talk_ms"]) % MS_PER_DAY
    return bool(12.5 * HOUR <= over <= 13 * HOUR)


@pytest.mark.parametrize("rostered", [True, False])
def test_who_passes_contacts_on_at_the_end_of_the_shift_is_named(tmp_path: Path, rostered: bool) -> None:
    """Agent 1 does; agent 2 passes on as much at any time, which is the other pattern's."""
    chance = np.random.default_rng(21)
    rows = legs(lambda chance, agent: {}, rows=400)
    for row in rows:
        share = 0.4 if row["agent"] == 2 or (row["agent"] == 1 and at_the_end(row)) else 0.05
        row["transferred"] = bool(chance.random() < share)
    time = shifts() if rostered else shifts(scheduled_ms=0)
    prepared = floor(tmp_path, legs=rows, agent_time=time)
    assert told(prepared, "transfers_at_shift_end") == (LOOK, ["A01"])
    assert told(prepared, "transfers") == (LOOK, ["A02"])


def test_short_calls_at_the_end_of_the_shift_are_seen(tmp_path: Path) -> None:
    chance = np.random.default_rng(22)
    rows = legs(lambda chance, agent: {}, rows=400)
    back = []
    for row in rows:
        short = row["agent"] == 3 and at_the_end(row) and chance.random() < 0.4
        row["talk_ms"] = 9_000 if short else 200_000
        keys = {name: row[name] for name in ("start_ms", "agent", "company", "queue")}
        back.append(keys | {"identified": True, "gap_any_ms": 600_000 if short else 30 * MS_PER_DAY})
    prepared = floor(tmp_path, legs=rows, contacts=back, agent_time=shifts())
    assert told(prepared, "short_calls_at_shift_end") == (LOOK, ["A03"])


def peaks(leaves: Any) -> tuple[list[Row], list[Row]]:
    """Waits that grow long at ten and at twelve; agents who leave with the chance ``leaves(agent, half)``."""
    chance = np.random.default_rng(23)
    waits = legs(lambda chance, agent: {}, rows=200)
    for row in waits:
        row["wait_ms"] = 300_000 if row["start_ms"] % MS_PER_DAY // (HOUR // 2) in (20, 24) else 2_000
    time = shifts(required_ms=HOUR // 2)
    for row in time:
        out = chance.random() < leaves(row["agent"], row["start_ms"] % MS_PER_DAY // (HOUR // 2))
        row["paused_ms"] = 25 * 60_000 if out else 0
    return waits, time


def test_who_leaves_as_peaks_begin_is_named(tmp_path: Path) -> None:
    """Agent 1 leaves then; agent 2 takes as many pauses, at any time."""
    waits, time = peaks(lambda agent, half: 0.4 if agent == 2 or (agent == 1 and half in (20, 24)) else 0.04)
    assert told(floor(tmp_path, legs=waits, agent_time=time), "leaving_as_peaks_begin") == (LOOK, ["A01"])


def test_without_shifts_nobody_left_who_should_have_been_there(tmp_path: Path) -> None:
    prepared = floor(tmp_path, legs=legs(lambda chance, agent: {}), agent_time=shifts(required_ms=0))
    assert refused(prepared, "leaving_as_peaks_begin").startswith("no shifts are loaded")


def surveyed(root: Path, invites: Any, unhappy: Any, share: float = 1.0) -> tuple[Prepared, Facts]:
    """Contacts of which a quarter call again; ``invites(agent, again)`` and ``unhappy(again)`` are chances."""
    chance = np.random.default_rng(24)
    rows = legs(lambda chance, agent: {}, rows=240)
    contacts, surveys, named = [], [], []
    for place, row in enumerate(rows, 1):
        again = bool(chance.random() < 0.25)
        keys = {name: row[name] for name in ("start_ms", "agent", "company", "queue")}
        contacts.append(keys | {"identified": True, "gap_topic_ms": MS_PER_DAY if again else 30 * MS_PER_DAY})
        if chance.random() < invites(row["agent"], again):
            answered = bool(chance.random() < share)
            score = (1 if chance.random() < unhappy(again) else 5) if answered else None
            surveys.append(keys | {"responded": answered, "score": score})
            named.append(place)
    facts = facts_of(
        contacts=[{"row_id": place, "contact": f"c{place}"} for place in range(1, len(rows) + 1)],
        surveys=[{"row_id": number, "contact": f"c{place}"} for number, place in enumerate(named, 1)],
    )
    return floor(root, legs=rows, contacts=contacts, surveys=surveys), facts


def test_who_does_not_invite_the_dissatisfied_is_named(tmp_path: Path) -> None:
    """Agent 1 spares those who will call again; agent 2 invites few of everybody, which is the other pattern's."""

    def invites(agent: int, again: bool) -> float:
        return 0.12 if agent == 2 else 0.05 if agent == 1 and again else 0.5

    prepared, facts = surveyed(tmp_path, invites, lambda again: 0.6 if again else 0.1)
    assert told(prepared, "dissatisfied_not_invited", facts) == (LOOK, ["A01"])
    assert told(prepared, "few_invitations") == (LOOK, ["A02"])


def test_nobody_is_spared_where_all_are_invited_alike(tmp_path: Path) -> None:
    prepared, facts = surveyed(tmp_path, lambda agent, again: 0.5, lambda again: 0.6 if again else 0.1)
    assert told(prepared, "dissatisfied_not_invited", facts) == (SEEN, [])


def test_who_is_spared_needs_links_answers_and_a_prediction(tmp_path: Path) -> None:
    def alike(agent: int, again: bool) -> float:
        return 0.5

    unlike, facts = surveyed(tmp_path / "a", alike, lambda again: 0.3)
    assert refused(unlike, "dissatisfied_not_invited", facts).startswith("what is seen of a contact does not tell")
    few, linked = surveyed(tmp_path / "b", alike, lambda again: 0.6 if again else 0.1, share=0.02)
    assert refused(few, "dissatisfied_not_invited", linked).endswith("surveys were answered, and it takes 200")
    nameless = facts_of(
        contacts=[{"row_id": 1, "contact": "c1"}],
        surveys=[{"row_id": 1, "contact": None}, {"row_id": 2, "contact": "x"}],
    )
    assert refused(few, "dissatisfied_not_invited", nameless).startswith("surveys do not name their contact")


def states_of(root: Path, dodges: float, *, by_lot: bool = False) -> tuple[Prepared, Facts]:
    """Agent states of a queue with a longest-idle line; agent 1 goes not-ready when next with the chance ``dodges``."""
    spells = line(np.random.default_rng(25), AGENTS, 20, 1, dodges, by_lot=by_lot)
    states = []
    for place, spell in enumerate(spells.iter_rows(named=True)):
        code, start, end = f"A{spell['agent']:02d}", START + spell["started_ms"], START + spell["ended_ms"]
        then = "talk" if spell["taken"] else "paused"
        both = [("available", start, max(end, start + 1)), (then, max(end, start + 1), max(end, start + 1) + 10_000)]
        states += [
            {"agent": code, "state": state, "started_ms": begin, "ended_ms": over, "group_id": 2 * place + part,
             "revision": 0}
            for part, (state, begin, over) in enumerate(both)
        ]  # fmt: skip
    one = [{"start_ms": START + agent, "agent": agent, "company": 1, "queue": 1, "answered": True}
           for agent in range(1, AGENTS + 1)]  # fmt: skip
    days = [{"start_ms": START + day * MS_PER_DAY, "agent": agent, "company": 1, "logged_ms": HOUR // 2}
            for agent in range(1, AGENTS + 1) for day in range(20)]  # fmt: skip
    return floor(root, legs=one, agent_time=days), facts_of(agent_states=states)


HEAD = "leaving_the_head_of_the_line"


def test_who_leaves_the_head_of_the_line_is_named(tmp_path: Path) -> None:
    assert told(*_named(states_of(tmp_path, 0.2))) == (LOOK, ["A01"])


def test_honest_pauses_leave_no_head_of_a_line(tmp_path: Path) -> None:
    assert told(*_named(states_of(tmp_path, 0.0))) == (SEEN, [])


def _named(held: tuple[Prepared, Facts]) -> tuple[Prepared, str, Facts]:
    return held[0], HEAD, held[1]


def test_where_contacts_go_by_lot_there_is_no_line_to_leave(tmp_path: Path) -> None:
    prepared, facts = states_of(tmp_path, 0.2, by_lot=True)
    assert refused(prepared, HEAD, facts).startswith("contacts do not go to whoever waited longest")


def test_a_replaced_revision_of_a_state_does_not_count(tmp_path: Path) -> None:
    prepared, facts = states_of(tmp_path, 0.2)
    newest = facts("agent_states", ("agent", "state", "started_ms", "ended_ms", "group_id", "revision")).collect()
    older = newest.with_columns(revision=-newest["revision"] - 1, state=newest["state"].str.replace("paused", "talk"))
    both = facts_of(agent_states=[*older.to_dicts(), *newest.to_dicts()])
    once, twice = (tallied(BY_NAME[HEAD], prepared, MONTHS, "", one).peers for one in (facts, both))
    assert once.observed.tolist() == twice.observed.tolist()


def test_days_that_are_left_out_are_not_looked_at(tmp_path: Path) -> None:
    """On one day agent 1 had to pass on everything; and of states nothing of that day is read."""
    rows = legs(lambda chance, agent: {"transferred": chance.random() < 0.05}, rows=120)
    for row in rows:
        if row["agent"] == 1 and row["start_ms"] < START + 8 * MS_PER_DAY:
            row["transferred"] = True
    prepared = floor(tmp_path / "legs", legs=rows)
    without = neither(f"day < {FIRST_DAY + 8}")
    assert told(prepared, "transfers") == (LOOK, ["A01"])
    assert told(prepared, "transfers", scope=without) == (SEEN, [])
    held, facts = states_of(tmp_path / "states", 0.0)
    whole, some = (tallied(BY_NAME[HEAD], held, MONTHS, scope, facts).peers for scope in ("", f"day >= {FIRST_DAY}"))
    assert whole.rows.tolist() == some.rows.tolist()
    less = tallied(BY_NAME[HEAD], held, MONTHS, f"day < {FIRST_DAY + 1} or day >= {FIRST_DAY + 11}", facts).peers
    assert 0 < less.rows.sum() < 0.7 * whole.rows.sum()


def test_a_screen_too_few_agents_are_on_cannot_be_told(tmp_path: Path) -> None:
    rows = [row for row in legs(lambda chance, agent: {}, rows=60) if row["agent"] < 4]
    assert told(floor(tmp_path, legs=rows, agent_time=shifts()), "transfers_at_shift_end") == (CANNOT, [])


@pytest.mark.parametrize(
    ("rate", "rows", "factor"), [(0.055, (180, 1_800), 4.0), (0.04, (180, 1_200), 4.0), (0.3, (450, 1_350), 0.3)]
)
def test_habits_are_found_and_honest_floors_are_quiet(rate: float, rows: tuple[float, float], factor: float) -> None:
    """Three of 200 do it more often at the special time; all differ honestly at any time and then."""
    rng, floors, low = np.random.default_rng(26), 10, factor < 1
    honest = [screened(habits(rng, 200, rate, rows), low=low, budget=BUDGET_OF_RATIOS) for _ in range(floors)]
    planted = [
        screened(habits(rng, 200, rate, rows, 3, factor), low=low, budget=BUDGET_OF_RATIOS) for _ in range(floors)
    ]
    assert sum(bool(one is not None and one.flagged.any()) for one in honest) <= 2
    named = sum(int(one.flagged.sum()) for one in planted if one)
    right = sum(int(one.flagged[:3].sum()) for one in planted if one)
    assert right >= 0.9 * named
    assert right >= 0.5 * 3 * floors


def test_a_line_of_honest_people_names_nobody_and_dodgers_are_found() -> None:
    rng, alarms, found = np.random.default_rng(27), 0, 0
    for dodges in (0.0, 0.1):
        for _ in range(4):
            spells = line(rng, 30, 20, 2, dodges)
            frame = judged_line(spells)
            ids = np.unique(frame["agent"].to_numpy())
            seen = screened(expected_of(frame, ids, [1] * len(ids)))
            assert seen is not None
            alarms += int(seen.flagged[2:].sum()) + (int(seen.flagged[:2].sum()) if not dodges else 0)
            found += int(seen.flagged[:2].sum()) if dodges else 0
    assert (alarms <= 1, found >= 7) == (True, True)
