"""A vendor loads records of its own people, and can neither add to nor replace those of another company."""

from __future__ import annotations

from pathlib import Path

import pytest

from onefloor.facts.kinds import Kind, kind
from onefloor.facts.load import load_files
from onefloor.facts.mending import mend
from onefloor.facts.ownership import NotYourRows, limited
from onefloor.facts.sources.reading_mappings import read_mapping
from onefloor.facts.store import Account, data_version
from onefloor.floor import Floor, create_floor, open_floor

ROSTER = "agent,name,company,employment,site,team,hired,from,to\n"
OWN = "1001,A,Own,own,,,,2026-01-01,\n"
NORTH = "2001,B,North,outsourced,,,,2026-01-01,2026-06-30\n2002,C,North,outsourced,,,,2026-01-01,\n"
MAPPING = """
name: north-calls
target: contacts
identity: [id]
columns:
  queued_ms: {column: begin, format: "%Y-%m-%d"}
  outcome: {column: result, words: {answered: answered, abandoned: abandoned}}
  queue: queue
  agent: agent
"""


@pytest.fixture
def floor(tmp_path: Path) -> Floor:
    create_floor(tmp_path / "floor", timezone="Asia/Shanghai")
    with (tmp_path / "floor" / "floor.toml").open("a") as file:
        file.write('[queues.own]\ncompany = "Own"\n')
    floor = open_floor(tmp_path / "floor")
    load(floor, kind("roster"), tmp_path, ROSTER + OWN + NORTH)
    return floor


def load(floor: Floor, what: Kind, folder: Path, text: str) -> Account:
    (folder / "file").write_text(text)
    return load_files(floor, what.source, what.reader, [folder / "file"], options=what.options)


def calls(folder: Path) -> Kind:
    (folder / "m.yaml").write_text(MAPPING)
    return limited(kind("table", read_mapping(folder / "m.yaml")), "North")


def table(*rows: str) -> str:
    return "\n".join(["id;begin;result;queue;agent", *rows, ""])


def test_rows_of_the_vendors_people_load(floor: Floor, tmp_path: Path) -> None:
    rows = ("1;2026-06-30;answered;q;2001", "2;2026-11-21;answered;q;2002", "3;2026-11-21;abandoned;q;")
    assert load(floor, calls(tmp_path), tmp_path, table(*rows)).loaded == 3


@pytest.mark.parametrize(
    "row",
    [
        "9;2026-11-21;answered;q;1001",  # somebody else's agent
        "9;2026-11-21;answered;q;9999",  # nobody's agent
        "9;2026-07-01;answered;q;2001",  # on a day after leaving
        "9;2026-11-21;abandoned;own;",  # a queue of another company
    ],
)
def test_one_row_of_another_company_refuses_the_whole_file(floor: Floor, tmp_path: Path, row: str) -> None:
    before = data_version(floor)
    with pytest.raises(NotYourRows, match=r"file:3: 1 lines are about another company"):
        load(floor, calls(tmp_path), tmp_path, table("1;2026-11-21;answered;q;2002", row))
    assert data_version(floor) == before


@pytest.mark.parametrize("row", ["1001,X,North,outsourced,,,,2026-01-01,\n", "3001,X,Own,own,,,,2026-01-01,\n"])
def test_a_vendors_roster_can_neither_take_people_over_nor_name_another_company(
    floor: Floor, tmp_path: Path, row: str
) -> None:
    people = limited(kind("roster"), "North")
    with pytest.raises(NotYourRows):
        load(floor, people, tmp_path, ROSTER + NORTH + row)
    assert load(floor, people, tmp_path, ROSTER + NORTH + "2003,D,North,outsourced,,,,2026-11-01,\n").loaded == 1


def test_a_line_that_is_mended_is_held_to_the_same(floor: Floor, tmp_path: Path) -> None:
    what = calls(tmp_path)
    assert load(floor, what, tmp_path, table("1;2026-11-21;lost;q;1001")).quarantined == 1
    (tmp_path / "m.yaml").write_text(MAPPING.replace("abandoned: abandoned", "lost: abandoned"))
    with pytest.raises(NotYourRows):
        mend(floor, limited(kind("table", read_mapping(tmp_path / "m.yaml")), "North"))


def test_logs_of_the_pbx_are_the_clients() -> None:
    with pytest.raises(ValueError, match="asterisk"):
        limited(kind("asterisk-queue-log"), "North")
