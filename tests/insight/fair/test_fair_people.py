"""Agents and teams: shrunk, never ranked, and only those whom the asker may see."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict

import numpy as np
import pytest

from onefloor.insight.fair.asked import Asked
from onefloor.insight.fair.comparing import compare
from onefloor.insight.fair.findings import findings, people_finding
from onefloor.insight.fair.funnel import funnel
from onefloor.insight.fair.loading import load
from onefloor.insight.fair.people import People, people
from onefloor.insight.fair.several import limit
from onefloor.insight.fair.shrinking import rank_intervals
from onefloor.insight.finding import Verdict
from onefloor.language import Text
from onefloor.metrics.prepared import Prepared

Maker = Callable[..., Prepared]
POINTS = Text("个百分点", "points")
TEAMS = [
    {"company": company, "agents": 6, "contacts": 80, "team": team, "rate": rate, "queue": queue}
    for company, base in (("Own", 0.8), ("North", 0.6))
    for team in "ABCDEF"
    for queue in ("tax", "water")
    for rate in [base - (0.3 if (company, team) == ("North", "F") else 0.0) + (0.1 if queue == "tax" else 0)]
]


def teams_of(prepared: Prepared, **more: object) -> People:
    asked = Asked(prepared, "fcr", ("Own", "North"), **more)  # type: ignore[arg-type]
    return people(load(asked), "team", np.random.default_rng(1))


@pytest.fixture
def six_teams(floor_of: Maker) -> Prepared:
    """Two companies of six teams; one team of North is thirty points below its company."""
    # People of one team are told apart from those of the next by their place in the company.
    return floor_of(*(one | {"first": 6 * "ABCDEF".index(str(one["team"]))} for one in TEAMS))


def test_the_team_that_is_different_is_flagged_and_no_other(six_teams: Prepared) -> None:
    found = teams_of(six_teams)
    assert [(one.name, one.company) for one in found.ones if one.flagged] == [("F", "North")]
    finding = people_finding(found, load(Asked(six_teams, "fcr", ("Own", "North"))).metric, POINTS)
    assert finding.verdict is Verdict.WORTH_A_LOOK
    assert "1 of 12 teams lie beyond" in finding.sentence.en
    assert "F (North)" in finding.sentence.zh


def test_ordinary_teams_are_nothing_to_look_at(floor_of: Maker) -> None:
    prepared = floor_of(*(one | {"rate": 0.7, "first": 6 * "ABCDEF".index(str(one["team"]))} for one in TEAMS))
    found = teams_of(prepared)
    finding = people_finding(found, load(Asked(prepared, "fcr", ("Own", "North"))).metric, POINTS)
    assert finding.verdict is Verdict.NOTHING_SEEN
    assert finding.sentence.en.startswith("first contact resolution: all 12 teams lie within")


def test_figures_are_drawn_towards_the_company_and_ranks_are_wide(six_teams: Prepared) -> None:
    found = people(load(Asked(six_teams, "fcr", ("Own", "North"))), "agent", np.random.default_rng(1))
    own = [one for one in found.ones if one.company == "Own"]
    assert len(own) == 36
    assert all(abs(one.shrunk) <= abs(one.difference) + 1.5 for one in own)
    assert np.mean([one.ranks[1] - one.ranks[0] for one in own]) > 15  # of 36 places
    assert all(one.low <= one.shrunk <= one.high for one in found.ones)


def test_rows_add_up_to_the_contacts(six_teams: Prepared) -> None:
    found = teams_of(six_teams)
    assert sum(one.rows for one in found.ones) == 12 * 6 * 2 * 80


def test_a_vendor_learns_nothing_of_other_companies(six_teams: Prepared) -> None:
    own_view = {"scope": "company == 'North'"}
    for unit in ("team", "agent"):
        loaded = load(Asked(six_teams, "fcr", ("Own", "North"), **own_view))  # type: ignore[arg-type]
        found = people(loaded, unit, np.random.default_rng(1))  # type: ignore[arg-type]
        assert {one.company for one in found.ones} == {"North"}
        alone = load(Asked(six_teams, "fcr", ("North",)))
        assert [one.rows for one in found.ones] == [
            one.rows
            for one in people(alone, unit, np.random.default_rng(1)).ones  # type: ignore[arg-type]
        ]
    (compared,) = compare(Asked(six_teams, "fcr", ("Own", "North"), **own_view))  # type: ignore[arg-type]
    assert [line.verdict for line in compared.lines] == [Verdict.NOT_COMPARABLE] * 2
    assert (compared.contacts[0], compared.agents[0]) == (0, 0)
    told = json.dumps([finding.as_json() for finding in findings(compared)])
    ours = {name for name, company in load(Asked(six_teams, "fcr", ("Own",))).people}
    theirs = {name for name, company in load(Asked(six_teams, "fcr", ("North",))).people}
    assert not any(f'"{name}"' in told for name in ours - theirs)


def test_a_comparison_names_no_agent(six_teams: Prepared) -> None:
    (compared,) = compare(Asked(six_teams, "fcr", ("Own", "North")))
    told = json.dumps([finding.as_json() for finding in findings(compared)])
    assert not any(name in told for name, _ in load(Asked(six_teams, "fcr", ("Own", "North"))).people)


def test_nobody_to_see_is_an_empty_list(six_teams: Prepared) -> None:
    found = teams_of(six_teams, scope="company == 'South'")
    assert found.ones == ()
    assert asdict(found)["spread"] == 0.0


def test_ordinary_units_stay_inside_the_funnel_that_plain_limits_would_throw_out() -> None:
    """Spiegelhalter's point: with differences of their own, a third is beyond the limits of chance alone."""
    rng = np.random.default_rng(6)
    plain, ours, caught = [], [], []
    for _ in range(100):
        n = rng.integers(200, 6000, 60)
        rate = np.clip(rng.normal(0.25, 0.025, 60), 0.01, 0.99)
        rate[0] = 0.40
        y = rng.binomial(n, rate) / n - 0.25
        found = funnel(y, np.sqrt(0.25 * 0.75 / n))
        plain.append((np.abs(found.z[1:]) > 3.09).mean())
        ours.append((np.abs(found.adjusted[1:]) > 3.09).mean())
        caught.append(found.adjusted[0] > 3.09)
    assert np.mean(plain) > 0.25
    assert np.mean(ours) < 0.03
    assert np.mean(caught) > 0.9


def test_a_league_table_of_equal_error_and_spread_says_little() -> None:
    rng = np.random.default_rng(3)
    low, high = rank_intervals(rng, rng.normal(0, 0.02, 40), np.full(40, 0.02))
    assert 24 < float((high - low).mean()) < 34


def test_rare_events_raise_no_alarm_beyond_the_budget(floor_of: Maker) -> None:
    """Complaints of agents who have few contacts: a normal error would flag whoever has two."""
    prepared = floor_of({"company": "Own", "agents": 150, "contacts": 40, "rate": 0.97}, seed=3)
    found = people(load(Asked(prepared, "complaints_per_10000", ("Own",))), "agent", np.random.default_rng(1))
    plain = np.array([one.difference / one.error for one in found.ones])
    assert (np.abs(plain) > found.limit).sum() > 0
    assert not any(one.flagged for one in found.ones)


def test_the_budget_of_false_alarms_is_kept() -> None:
    rng = np.random.default_rng(9)
    alarms = (np.abs(rng.normal(size=(4000, 84))) > limit(0.1, 84)).sum() / 4000
    assert alarms == pytest.approx(0.1, abs=0.02)
    for budget, looks in ((0.0, 3), (6.0, 3), (0.1, 0)):
        with pytest.raises(ValueError, match="false alarms"):
            limit(budget, looks)
