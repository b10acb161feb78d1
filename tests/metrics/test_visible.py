from __future__ import annotations

from pathlib import Path

import pytest
from measuring_tables import NAMES, prepared_of, random_tables

from onefloor.findings import Scope
from onefloor.floor import Floor, create_floor
from onefloor.metrics.breakdown import breakdown
from onefloor.metrics.cubes import Cubes, build_cubes
from onefloor.metrics.heat_map import heat_map
from onefloor.metrics.measure import measure
from onefloor.metrics.prepared import Prepared, UnknownName
from onefloor.metrics.rows import rows
from onefloor.metrics.tables import ABSENT, NAMED
from onefloor.metrics.trends import trend
from onefloor.metrics.visible import choices, visible_to
from onefloor.periods import Month

NORTH, SOUTH = (Scope.of_viewer(company).predicate() for company in ("North", "South"))
# By whom a name of the floor is used: no other company may ever read it.
OF_NORTH = {"agent": "1001", "team": "A", "site": "Harbin", "queue": "tax", "topic": "new", "channel": "voice"}
OF_SOUTH = {"agent": "2001", "team": "B", "site": "Xi'an", "queue": "water", "topic": "moved", "channel": "chat"}
NOBODYS = {"company": 0, "agent": 0, "team": 0, "site": 0}


@pytest.fixture(scope="module")
def floor(tmp_path_factory: pytest.TempPathFactory) -> Floor:
    return create_floor(tmp_path_factory.mktemp("visible") / "floor", timezone="UTC")


@pytest.fixture(scope="module")
def prepared(floor: Floor) -> Prepared:
    """Random rows in which every name belongs to one company, and nobody's rows have a queue of both."""
    tables = random_tables(23, 150)
    for table, held in tables.items():
        for row in held:
            names = {1: OF_NORTH, 2: OF_SOUTH}.get(row["company"], NOBODYS)
            row |= {name: name_id for name, name_id in _ids(names).items() if name not in ABSENT[table]}
    return prepared_of(floor.root, tables)


def _ids(names: dict[str, str] | dict[str, int]) -> dict[str, int]:
    return {name: NAMES.id(name, held) if isinstance(held, str) else held for name, held in names.items()}


@pytest.fixture(scope="module")
def cubes(floor: Floor, prepared: Prepared) -> Cubes:
    return build_cubes(floor, prepared)


@pytest.mark.parametrize(("scope", "own", "foreign"), [(NORTH, OF_NORTH, OF_SOUTH), (SOUTH, OF_SOUTH, OF_NORTH)])
def test_a_company_chooses_among_its_own_names_alone(
    prepared: Prepared, cubes: Cubes, scope: str, own: dict[str, str], foreign: dict[str, str]
) -> None:
    for held in (None, cubes):
        found = choices(visible_to(prepared, scope, cubes=held))
        assert {name: found[name] for name in own} == {name: [text] for name, text in own.items()}
        assert len(found["company"]) == 1
        assert not {text for names in found.values() for text in names} & set(foreign.values())


def test_a_name_of_another_company_is_refused_as_one_nobody_has(prepared: Prepared) -> None:
    seen = visible_to(prepared, NORTH)
    for dimension, name in {**OF_SOUTH, "company": "South"}.items():
        with pytest.raises(UnknownName) as foreign:
            measure(seen, ["service_level"], (), {dimension: name}, scope=NORTH)
        with pytest.raises(UnknownName) as invented:
            measure(seen, ["service_level"], (), {dimension: "nobody's"}, scope=NORTH)
        assert str(foreign.value) == str(invented.value).replace("nobody's", name)
        assert not any(other in str(foreign.value).replace(name, "") for other in (*OF_SOUTH.values(), "South"))


def test_whatever_a_vendor_asks_only_its_own_names_come_out(prepared: Prepared, floor: Floor, cubes: Cubes) -> None:
    seen = visible_to(prepared, NORTH)
    last = Month(2026, 12).days.start - 1
    told: set[object] = set()
    for dimension in NAMED:
        told |= {row.key[dimension] for row in measure(seen, ["service_level"], [dimension], scope=NORTH).rows}
        told |= {
            line.key[dimension] for line in trend(seen, ["aht"], last, [dimension], scope=NORTH, cubes=cubes).lines
        }
    for side in ("numerator", "denominator", "others", "excluded"):
        listed = rows(seen, floor, "service_level", side, scope=NORTH, limit=None).rows  # type: ignore[arg-type]
        told |= {row[name] for row in listed for name in NAMED}
    assert not told & {*OF_SOUTH.values(), "South"}
    assert {*OF_NORTH.values(), "North"} <= told


def test_by_company_a_vendor_sees_one_row_and_its_figures_are_those_the_client_sees(prepared: Prepared) -> None:
    everything = measure(prepared, ["service_level", "occupancy"], ["company"]).rows
    own = measure(visible_to(prepared, NORTH), ["service_level", "occupancy"], ["company"], scope=NORTH).rows
    assert own == [row for row in everything if row.key["company"] == "North"]
    assert {row.key["company"] for row in everything} == {"North", "South", None}


def test_counts_of_left_out_rows_and_of_the_week_are_the_companys_own(prepared: Prepared) -> None:
    seen = visible_to(prepared, NORTH)
    by_company = {"company": "North"}
    assert breakdown(seen, "service_level", scope=NORTH) == breakdown(prepared, "service_level", by_company)
    assert heat_map(seen, "aht", scope=NORTH).cells == heat_map(prepared, "aht", by_company).cells


def test_a_leader_sees_the_teams_and_an_agent_itself(prepared: Prepared) -> None:
    leader, stranger = (Scope.of_viewer("North", teams=[team]).predicate() for team in ("A", "B"))
    agent = Scope.of_viewer("North", agents=["1001"]).predicate()
    assert choices(visible_to(prepared, leader))["team"] == ["A"]
    assert choices(visible_to(prepared, agent))["agent"] == ["1001"]
    assert set(map(len, choices(visible_to(prepared, stranger)).values())) == {0}
    assert measure(prepared, ["service_level"], ["team"], scope=stranger).rows == []


def test_the_client_sees_everything(prepared: Prepared) -> None:
    assert Scope.of_viewer(None).predicate() == ""
    assert visible_to(prepared, "") == prepared


def test_agents_that_are_missing_from_the_roster_are_told_to_the_client_alone(prepared: Prepared) -> None:
    from dataclasses import replace

    unknown = replace(prepared, unknown_agents=("9999",))
    assert visible_to(unknown, "").unknown_agents == ("9999",)
    assert visible_to(unknown, NORTH).unknown_agents == ()


def test_a_floor_without_rows_has_nothing_to_choose(tmp_path: Path) -> None:
    assert set(map(len, choices(visible_to(prepared_of(tmp_path, {}), NORTH)).values())) == {0}
