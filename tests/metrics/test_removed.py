"""Months whose rows retention removed: the same integers as before, or a clear refusal; never a silent nothing."""

from __future__ import annotations

import random
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from hand_made import HOUR, MINUTE, at, load, new_floor, stay

from onefloor.findings import Figure
from onefloor.floor import Floor
from onefloor.metrics import catalogue
from onefloor.metrics.breakdown import breakdown, formulas, left_out
from onefloor.metrics.cubes import GRAIN, build_cubes
from onefloor.metrics.dimensions import NotGroupable
from onefloor.metrics.heat_map import heat_map
from onefloor.metrics.kept import run_retention
from onefloor.metrics.measure import as_json, measure
from onefloor.metrics.prepare import prepare
from onefloor.metrics.prepared import Prepared
from onefloor.metrics.removed import RowsRemoved
from onefloor.metrics.rows import rows
from onefloor.metrics.tables import ABSENT
from onefloor.metrics.trends import trend
from onefloor.metrics.visible import choices, visible_to
from onefloor.periods import Month, Period, day_id

RULES = """
[retention]
contacts = 2
surveys = 2
sales = 2
complaints = 3
agent_states = 2
shifts = 2
forecasts = 2
"""
TODAY = date(2026, 12, 2)
AUGUST, SEPTEMBER, OCTOBER, NOVEMBER = (Month(2026, month) for month in (8, 9, 10, 11))
OLD = (AUGUST, SEPTEMBER)
NAMES = ("company", "employment", "site", "team", "queue", "skill")
GROUPINGS = [
    [], *([name] for name in GRAIN), *map(list, combinations(NAMES, 2)), ["company", "team", "day"], ["queue", "week"],
]  # fmt: skip
ADDITIVE = [name for name in catalogue.names() if catalogue.metric(name).additive]


def grown(folder: Path, seed: int) -> Floor:
    """Four months of facts drawn at random, some of queues and teams that only the oldest month has."""
    floor, chance = new_floor(folder, "Europe/Berlin", RULES), random.Random(seed)
    first, last = at(floor, "2026-08-01 00:00"), at(floor, "2026-12-01 00:00") - 1
    agents = {"1": ("North", "a"), "2": ("North", "b"), "3": ("South", "a"), "4": ("Gone", "gone")}
    load(floor, roster=[
        stay(agent, company, until="2026-09-01" if team == "gone" else None, team=team, site=f"at {team}")
        for agent, (company, team) in agents.items()
    ])  # fmt: skip
    moments = [*(chance.randrange(first, last) for _ in range(300)), *(last - HOUR, at(floor, "2026-08-31 23:59"))]
    families = {
        "contacts": contact, "surveys": survey, "sales": sale, "complaints": complaint, "shifts": shift,
        "agent_states": state, "forecasts": forecast, "rings": ring,
    }  # fmt: skip
    load(floor, **{t: [row for moment in moments for row in made(chance, moment)] for t, made in families.items()})
    return floor


def about(chance: random.Random, moment: int) -> dict[str, Any]:
    queue = chance.choice(["tax", "water"]) if moment % 7 else "old"
    return {"key": f"{moment} {chance.random()}", "started_ms": moment, "queue": queue, "agent": chance.choice("1234")}


def contact(chance: random.Random, moment: int) -> list[dict[str, Any]]:
    wait, talk = chance.randrange(40_000), chance.randrange(9 * MINUTE)
    row = {"contact": str(moment), "queued_ms": moment, "wait_ms": wait, "customer": chance.randrange(30)}
    if chance.random() < 0.2:
        return [about(chance, moment) | row | {"agent": None, "ended_ms": moment + wait}]
    answered = {"outcome": "answered", "answered_ms": moment + wait, "talk_ms": talk, "ended_ms": moment + wait + talk}
    return [about(chance, moment) | row | answered]


def survey(chance: random.Random, moment: int) -> list[dict[str, Any]]:
    score = chance.choice([None, 1, 4, 5])
    row = {"contact": str(moment), "started_ms": moment, "invited_ms": moment, "key": f"survey {moment}"}
    return [row | {"score": score, "answered_ms": score and moment + HOUR}] if chance.random() < 0.4 else []


def sale(chance: random.Random, moment: int) -> list[dict[str, Any]]:
    return [about(chance, moment) | {"accepted": chance.random() < 0.5, "amount_minor": 5}] if moment % 3 else []


def complaint(chance: random.Random, moment: int) -> list[dict[str, Any]]:
    return [about(chance, moment) | {"received_ms": moment + HOUR, "justified": True}] if moment % 5 == 0 else []


def shift(chance: random.Random, moment: int) -> list[dict[str, Any]]:
    times = {"started_ms": moment, "ended_ms": moment + HOUR, "agent": chance.choice("1234")}
    return [times | {"activity": "work", "key": f"shift {moment}"}] if moment % 2 else []


def state(chance: random.Random, moment: int) -> list[dict[str, Any]]:
    times = {"started_ms": moment, "ended_ms": moment + MINUTE // 2, "agent": chance.choice("1234")}
    return [times | {"state": chance.choice(["talk", "available", "paused"]), "key": f"state {moment}"}]


def forecast(_chance: random.Random, moment: int) -> list[dict[str, Any]]:
    start = moment - moment % (HOUR // 2)
    return [{"key": f"forecast {start}", "started_ms": start, "queue": "tax", "contacts": 2}] if moment % 4 else []


def ring(chance: random.Random, moment: int) -> list[dict[str, Any]]:
    return [about(chance, moment) | {"contact": str(moment), "ring_ms": 900}]


Figures = dict[tuple[object, ...], dict[str, tuple[int, int]]]


def figures(prepared: Prepared, by: list[str], **more: Any) -> Figures:
    names = [name for name in ADDITIVE if not {d for t in catalogue.metric(name).tables for d in ABSENT[t]} & set(by)]
    found = measure(prepared, names, by, months=list(OLD), **more)
    return {
        tuple(row.key.values()): {name: (one.numerator, one.denominator) for name, one in row.figures.items()}
        for row in found.rows
    }


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> tuple[Floor, Prepared]:
    floor = grown(tmp_path_factory.mktemp("removed"), 1)
    run_retention(floor, TODAY)
    return floor, prepare(floor)


@pytest.mark.parametrize("seed", range(4))
def test_every_figure_and_grouping_that_was_kept_is_the_same_after_the_removal(tmp_path: Path, seed: int) -> None:
    floor = grown(tmp_path, seed)
    prepared = prepare(floor)
    narrow = {"where": {"queue": ["tax", "old"]}, "scope": "company == 'North' or company == 'Gone'"}
    limited = [name for name in ADDITIVE if catalogue.metric(name).tables == ("legs",)]
    before = [figures(prepared, by) for by in GROUPINGS]
    narrowed = measure(prepared, limited, ["team"], months=list(OLD), **narrow)  # type: ignore[arg-type]
    accounts = [breakdown(prepared, name, months=list(OLD)) for name in ADDITIVE]
    reasons = left_out(prepared, limited, ["company"], months=list(OLD))
    sides = formulas(prepared, months=[AUGUST])
    assert {one.table for one in run_retention(floor, TODAY)} >= {"contacts", "rings", "surveys", "shifts"}
    after = prepare(floor)
    assert [month.id for month in after.months] == [OCTOBER.id, NOVEMBER.id]
    assert [month.id for month in after.months_with_sums] == [m.id for m in (*OLD, OCTOBER, NOVEMBER)]
    assert [figures(after, by) for by in GROUPINGS] == before
    assert [figures(after, by, cubes=build_cubes(floor, after)) for by in GROUPINGS] == before
    again = measure(after, limited, ["team"], months=list(OLD), **narrow)  # type: ignore[arg-type]
    assert [(row.key, row.figures) for row in again.rows] == [(row.key, row.figures) for row in narrowed.rows]
    assert [breakdown(after, name, months=list(OLD)) for name in ADDITIVE] == accounts
    assert left_out(after, limited, ["company"], months=list(OLD)) == reasons
    assert formulas(after, months=[AUGUST]) == sides


def test_a_later_run_leaves_kept_sums_as_they_are_and_keeps_those_of_the_next_month(tmp_path: Path) -> None:
    floor = grown(tmp_path, 7)
    run_retention(floor, TODAY)
    before = figures(prepare(floor), ["company", "queue"])
    october = measure(prepare(floor), ADDITIVE, ["month"], months=[OCTOBER]).rows[0].figures
    run_retention(floor, date(2027, 1, 2))
    after = prepare(floor)
    assert figures(after, ["company", "queue"]) == before
    kept = measure(after, ADDITIVE, ["month"], months=[OCTOBER]).rows[0].figures
    assert {n: (f.numerator, f.denominator) for n, f in kept.items()} == {
        n: (f.numerator, f.denominator) for n, f in october.items()
    }


def test_a_figure_says_which_months_rest_on_sums_alone(old: tuple[Floor, Prepared]) -> None:
    found = measure(old[1], ["aht"], months=[SEPTEMBER, OCTOBER])
    assert found.removed is not None
    assert found.removed.words.en == "2026-09: rows removed under the retention rule on 2026-12-02; the sum stays"
    assert as_json(found)["removed"] == {"months": ["2026-09"], "day": "2026-12-02"}
    assert measure(old[1], ["aht"], months=[OCTOBER]).removed is None
    assert found.rows[0].figures["aht"].denominator != 0


@pytest.mark.parametrize(
    ("asked", "by", "why"),
    [
        ("aht", ["agent"], "The daily sums that stay do not tell agent apart."),
        ("aht", ["interval"], "The daily sums that stay do not tell interval apart."),
        ("service_level:within=33s", [], "This definition is not among the sums that were kept."),
    ],
)
def test_what_was_not_kept_is_refused_with_the_reason(
    old: tuple[Floor, Prepared], asked: str, by: list[str], why: str
) -> None:
    with pytest.raises(RowsRemoved, match="2026-09 were removed under the retention rule on 2026-12-02") as refused:
        measure(old[1], [asked], by, months=[SEPTEMBER])
    assert refused.value.why is not None
    assert refused.value.why.en == why
    assert measure(old[1], [asked], by, months=[OCTOBER]).rows


def test_quantiles_and_the_week_are_refused_too(old: tuple[Floor, Prepared]) -> None:
    for name in set(catalogue.names()) - set(ADDITIVE):
        with pytest.raises(RowsRemoved):
            measure(old[1], [name], months=[SEPTEMBER])
    with pytest.raises(RowsRemoved):
        heat_map(old[1], "aht", months=[SEPTEMBER])


def test_rows_are_not_listed_where_some_are_gone(old: tuple[Floor, Prepared]) -> None:
    floor, prepared = old
    with pytest.raises(RowsRemoved, match="2026-09") as refused:
        rows(prepared, floor, "aht", months=[SEPTEMBER, OCTOBER])
    assert refused.value.why is not None
    assert refused.value.why.en == "Only daily sums stay; there are no rows to list."
    assert rows(prepared, floor, "aht", months=[OCTOBER]).count


def test_a_trend_has_kept_figures_and_gaps_where_the_sums_do_not_say_it(tmp_path: Path) -> None:
    floor = grown(tmp_path, 3)
    last = NOVEMBER.days.end - 1
    by_company = trend(prepare(floor), ["aht", "service_level:within=33s"], last, ["company"], periods=4)
    by_agent = trend(prepare(floor), ["aht"], last, ["agent"], periods=4)
    weeks = trend(prepare(floor), ["aht"], last, ["agent"], unit="week", periods=12)
    run_retention(floor, TODAY)
    prepared = prepare(floor)
    after = trend(prepared, ["aht", "service_level:within=33s"], last, ["company"], periods=4)
    assert after.removed is not None
    assert after.removed.months == OLD
    lines = {line.key["company"]: line.figures for line in after.lines}
    for line in by_company.lines:
        now = lines[line.key["company"]]
        assert [pair(one) for one in now["aht"]] == [pair(one) for one in line.figures["aht"]]
        assert [one is None for one in now["service_level:within=33s"]][:2] == [True, True]
    later = trend(prepared, ["aht"], last, ["agent"], periods=4)
    before = {line.key["agent"]: line.figures["aht"] for line in by_agent.lines}
    assert later.lines
    for line in later.lines:
        assert line.figures["aht"] == (None, None, *before[line.key["agent"]][2:])
    whole = trend(prepared, ["aht"], last, ["agent"], unit="week", periods=12)
    first = weeks.periods.index("2026-W41")  # October begins on a Thursday: its first whole week is the next
    known = {line.key["agent"]: line.figures["aht"] for line in weeks.lines}
    for line in whole.lines:
        assert set(line.figures["aht"][:first]) == {None}
        assert line.figures["aht"][first:] == known[line.key["agent"]][first:]


def pair(figure: Figure | None) -> tuple[int, int] | None:
    return None if figure is None else (figure.numerator, figure.denominator)


def test_names_that_only_sums_have_can_be_asked_for_and_are_seen_by_their_own_company(
    old: tuple[Floor, Prepared],
) -> None:
    prepared = old[1]
    found = measure(prepared, ["aht"], ["team"], {"team": "gone"}, [AUGUST])
    assert [row.key for row in found.rows] == [{"team": "gone"}]
    assert choices(visible_to(prepared, "company == 'Gone'"))["company"] == ["Gone"]
    assert "gone" in choices(visible_to(prepared, "company == 'Gone'"))["team"]
    assert "gone" not in choices(visible_to(prepared, "company == 'South'"))["team"]
    seen = visible_to(prepared, "company == 'Gone'")
    own = measure(seen, ["aht"], ["team"], None, [AUGUST], scope="company == 'Gone'")
    assert [row.key for row in own.rows] == [{"team": "gone"}]


def test_a_span_of_days_adds_kept_sums_and_rows(tmp_path: Path) -> None:
    floor = grown(tmp_path, 5)
    span = Period(day_id(date(2026, 9, 10)), day_id(date(2026, 10, 10)))
    asked = [name for name in ADDITIVE if catalogue.metric(name).tables == ("legs",)]
    before = measure(prepare(floor), asked, months=span)
    run_retention(floor, TODAY)
    after = measure(prepare(floor), asked, months=span)
    assert len(asked) > 5
    assert after.rows == before.rows


def test_removed_facts_are_other_facts(tmp_path: Path) -> None:
    floor = grown(tmp_path, 6)
    before = prepare(floor).data_version
    run_retention(floor, TODAY)
    assert prepare(floor).data_version != before


def test_nothing_goes_while_the_sums_lack_what_came_meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    floor = grown(tmp_path, 8)
    from onefloor.metrics import kept

    write = kept.keep_sums

    def slow(*args: Any, **more: Any) -> Any:
        done = write(*args, **more)
        load(floor, contacts=contact(random.Random(1), at(floor, "2026-08-20 12:00")))
        return done

    monkeypatch.setattr(kept, "keep_sums", slow)
    assert run_retention(floor, TODAY) == []
    monkeypatch.undo()
    counted = figures(prepare(floor), [])
    assert run_retention(floor, TODAY)
    assert figures(prepare(floor), []) == counted


def test_a_dimension_that_a_metric_does_not_have_is_refused_as_ever(old: tuple[Floor, Prepared]) -> None:
    with pytest.raises(NotGroupable):
        trend(old[1], ["occupancy"], NOVEMBER.days.end - 1, ["queue"])
