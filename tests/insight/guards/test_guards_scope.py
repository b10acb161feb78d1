"""Whose rows are read, whose people are named, and which rows a finding lists."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from guard_floors import (
    MONTHS,
    floor,
    legs,
    pair_of,
    selling_floor,
)

from onefloor.insight.guards.judging import judged, pair_findings
from onefloor.insight.guards.outside import (
    Contract,
    bunching_finding,
    lag_findings,
    pulled_finding,
    watermelon_finding,
)
from onefloor.insight.guards.pairing import paired
from onefloor.insight.guards.patterns import BY_NAME, stretched
from onefloor.insight.guards.promises import written
from onefloor.insight.guards.screen_findings import pattern_finding, stretched_finding
from onefloor.insight.guards.tallying import tallied
from onefloor.metrics import catalogue


def test_one_companys_answer_names_none_of_anothers_people(tmp_path: Path) -> None:
    """Agents 1 (South) and 2 (North) pass on half of their contacts; North is told of agent 2 alone, among its 15."""
    rows = legs(lambda chance, agent: {"transferred": chance.random() < (0.5 if agent < 3 else 0.05)}, rows=120)
    counted = tallied(BY_NAME["transfers"], floor(tmp_path, legs=rows), MONTHS)
    both = pattern_finding(BY_NAME["transfers"], counted, MONTHS)
    assert {one["name"] for one in both.details["flagged"]} == {"A01", "A02"}
    north = counted.of_companies(["North"])
    assert north.agents == tuple(f"A{number:02d}" for number in range(2, 31, 2))
    assert set(north.companies) == {"North"}
    assert north.peers.expected.tolist() == counted.peers.expected[1::2].tolist()  # peers stay those of the floor


def test_who_may_see_one_company_reads_no_row_of_another(tmp_path: Path) -> None:
    prepared, scope = selling_floor(tmp_path, 0.3), "company == 'North'"
    pair = paired(prepared, "conversion", "fcr:within=7d", "agent", MONTHS, scope=scope)
    whole = paired(prepared, "conversion", "fcr:within=7d", "agent", MONTHS)
    assert set(pair.company) == {"North"}
    assert whole.of_companies(["North"]).names == pair.names
    assert pair.group is None
    assert whole.group is not None
    for pattern in BY_NAME.values():
        assert set(tallied(pattern, prepared, MONTHS, scope).companies) <= {"North"}
    assert set(stretched(prepared, MONTHS, scope).companies) <= {"North"}
    assert [one.agents for one in lag_findings(prepared, MONTHS)] == [2, 2, 2]
    assert [one.agents for one in lag_findings(prepared, MONTHS, scope)] == [1, 1, 1]
    contract = Contract("South", tuple(written(["service_level>=80"])))
    assert watermelon_finding(prepared, contract, MONTHS, scope=scope).contacts == 0
    assert bunching_finding(prepared, "South", MONTHS, 60_000, scope).contacts == 0
    assert pulled_finding(prepared, "South", MONTHS, date(2026, 11, 15), scope).contacts == 0


def test_one_company_is_told_of_itself_and_not_of_the_floor(tmp_path: Path) -> None:
    seen = judged(pair_of(14, 60, 6), (0.02, 0.02))
    said = pair_findings(seen, MONTHS, provisional=False, companies=["North"])[0].sentence
    assert said.en.startswith("Within North")
    assert said.zh.startswith("North 内部")


def test_every_finding_lists_its_rows(tmp_path: Path) -> None:
    prepared = selling_floor(tmp_path, 0.0)
    found = [pattern_finding(one, tallied(one, prepared, MONTHS), MONTHS) for one in BY_NAME.values()]
    found += [stretched_finding(stretched(prepared, MONTHS), MONTHS), *lag_findings(prepared, MONTHS)]
    found.append(bunching_finding(prepared, "North", MONTHS, 60_000))
    found.append(pulled_finding(prepared, "North", MONTHS, date(2026, 11, 15)))
    found.append(watermelon_finding(prepared, Contract("North", tuple(written(["service_level>=80"]))), MONTHS))
    for finding in found:
        assert finding.behind
        for one in finding.behind:
            catalogue.metric(one.metric)
            assert (one.first, one.last) == (MONTHS[0], MONTHS[-1])
