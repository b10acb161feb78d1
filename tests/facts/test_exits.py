"""A vendor leaves: everything of its own is handed over, deleted and nowhere to be found; nothing else is touched."""

from __future__ import annotations

import json
from datetime import date
from hashlib import sha256
from pathlib import Path

import polars as pl
import pytest

from onefloor.agreements.exit_proof import NotComplete, check_proof, proof_of, sign_proof
from onefloor.agreements.signing import create_keys
from onefloor.facts.exits import Departure, HandoverExists, UnknownCompany, depart, hand_over
from onefloor.facts.kinds import kind
from onefloor.facts.load import load_files
from onefloor.facts.quarantine import quarantined
from onefloor.facts.store import Account, scan
from onefloor.floor import Floor, create_floor, open_floor
from onefloor.metrics.prepare import prepare

TODAY = date(2026, 11, 22)
OWN, FOREIGN = ("agent1001", "王芳"), ("agent2001", "NORTHPERSON")
SETTINGS = '[queues.tax]\ncompany = "North"\n'


@pytest.fixture
def floor(examples: Path, tmp_path: Path) -> Floor:
    create_floor(tmp_path / "floor", timezone="Asia/Shanghai")
    with (tmp_path / "floor" / "floor.toml").open("a") as file:
        file.write(SETTINGS)
    floor = open_floor(tmp_path / "floor")
    (tmp_path / "roster.csv").write_text(
        "agent,name,company,employment,site,team,hired,from,to\n"
        + "".join(f"agent100{i},王芳{i},Own,own,Nanjing,Own 1,2023-03-06,2023-03-06,\n" for i in range(1, 9))
        + "".join(f"agent200{i},NORTHPERSON{i},North,outsourced,Wuxi,N 1,2023-03-06,2023-03-06,\n" for i in range(1, 5))
        + "agent2001,NORTHPERSON1,North,outsourced,Wuxi,N 1,nonsense,2023-03-06,\n"
    )
    log = (examples / "asterisk_run" / "queue_log").read_bytes()
    (tmp_path / "queue_log").write_bytes(log + b"bad|c|tax|agent2002|CONNECT|\nbad|c|tax|agent1002|CONNECT|\n")
    load(floor, "asterisk-queue-log", tmp_path / "queue_log")
    load(floor, "roster", tmp_path / "roster.csv")
    (tmp_path / "roster.csv").write_text((tmp_path / "roster.csv").read_text().rsplit("\n", 2)[0] + "\n")
    load(floor, "roster", tmp_path / "roster.csv")
    prepare(floor)
    return floor


def load(floor: Floor, name: str, *paths: Path) -> Account:
    what = kind(name)
    return load_files(floor, what.source, what.reader, paths)


def found(root: Path, *markers: str) -> list[str]:
    """Every file below a folder that holds one of the texts in its name, its bytes or its Parquet cells."""
    hits = []
    for path in root.rglob("*"):
        if path.is_file():
            cells = str(pl.read_parquet(path, hive_partitioning=False).rows()) if path.suffix == ".parquet" else ""
            data = path.read_bytes().decode("latin-1")
            if any(marker in path.name or marker in data or marker in cells for marker in markers):
                hits.append(str(path.relative_to(root)))
    return hits


def rows_of_others(floor: Floor, table: str) -> pl.DataFrame:
    rows = scan(floor, table).collect()
    return rows.filter(~rows["agent"].str.starts_with("agent2").fill_null(value=False)).sort("row_id")


def test_the_hand_over_holds_all_rows_of_the_company_and_none_of_another(floor: Floor, tmp_path: Path) -> None:
    manifest = hand_over(floor, "North", tmp_path / "out")
    assert json.loads((tmp_path / "out" / "manifest.json").read_text()) == manifest
    for name, stated in manifest["files"].items():
        data = (tmp_path / "out" / name).read_bytes()
        assert (sha256(data).hexdigest(), pl.read_parquet(tmp_path / "out" / name).height) == (
            stated["sha256"],
            stated["rows"],
        )
    assert found(tmp_path / "out", "agent1001", "agent1002", "王芳") == []
    legs = pl.read_parquet(tmp_path / "out" / "contacts.parquet")
    all_legs = scan(floor, "contacts").collect()
    own = all_legs["agent"].str.starts_with("agent2") | (all_legs["agent"].is_null() & (all_legs["queue"] == "tax"))
    assert legs.height == own.sum() > 0
    assert set(manifest["files"]) == {
        f"{table}.parquet" for table in ("contacts", "events", "rings", "agent_states", "roster", "quarantine")
    }


def test_after_the_departure_no_byte_of_the_floor_names_the_vendors_people(floor: Floor) -> None:
    assert found(floor.root, "agent2001", "NORTHPERSON")
    departure = depart(floor, "North", TODAY)
    assert departure.complete
    assert found(floor.root, "agent2001", "agent2002", "agent2003", "agent2004", "NORTHPERSON") == []
    prepare(floor)
    assert found(floor.root, "agent2001", "NORTHPERSON") == []


def test_the_rows_of_others_are_the_same_as_before(floor: Floor) -> None:
    tables = ("contacts", "rings", "agent_states", "roster")
    before = {table: rows_of_others(floor, table) for table in tables}
    depart(floor, "North", TODAY)
    for table in tables:
        after = scan(floor, table).sort("row_id").collect()
        tax = (before[table]["queue"] == "tax") if table == "contacts" else pl.Series([False] * before[table].height)
        lost = before[table].filter(before[table]["agent"].is_null() & tax)
        assert after.equals(before[table].join(lost, on="row_id", how="anti"))
    assert [line["raw"] for line in quarantined(floor).lines] == ["bad|c|tax|agent1002|CONNECT|"]


def test_quarantined_lines_of_the_vendors_own_loads_go_whatever_they_say(floor: Floor) -> None:
    (line,) = [line for line in quarantined(floor, limit=0).lines if "agent1002" in line["raw"]]
    depart(floor, "North", TODAY, loads={line["load"]})
    assert quarantined(floor).total == 0


def test_the_deletion_is_proven_by_signatures_of_both(floor: Floor, tmp_path: Path) -> None:
    departure = depart(floor, "North", TODAY)
    proof = proof_of(floor, departure)
    keys = [create_keys(tmp_path / "keys", name) for name in ("own", "north")]
    for private, _ in keys:
        sign_proof(tmp_path / "proof.dsse.json", proof, private)
    said, checks = check_proof(tmp_path / "proof.dsse.json", [public for _, public in keys])
    assert [(check.name, check.state) for check in checks] == [("own", "valid"), ("north", "valid")]
    assert (said["company"], said["day"], said["found_afterwards"]) == ("North", "2026-11-22", 0)
    assert said["removed"]["contacts"]["rows"] == next(one.rows for one in departure.removed if one.table == "contacts")
    assert {subject["name"] for subject in json.loads(proof)["subject"]} == {
        f"facts/{one.table}" for one in departure.removed
    }


def test_what_a_search_still_finds_cannot_be_proven(floor: Floor) -> None:
    (floor.root / "notes.txt").write_text("call NORTHPERSON1 back")
    departure = depart(floor, "North", TODAY)
    assert departure.traces == ["notes.txt"]
    with pytest.raises(NotComplete, match=r"notes\.txt"):
        proof_of(floor, departure)


def test_a_file_loaded_again_says_that_its_rows_were_removed(floor: Floor, tmp_path: Path) -> None:
    depart(floor, "North", TODAY)
    account = load(floor, "roster", tmp_path / "roster.csv")
    assert account.lines == account.duplicates
    assert "note:removed_since" in account.reasons
    assert found(floor.root, "NORTHPERSON") == []


def test_a_company_that_nobody_knows_is_refused_and_a_full_folder_too(floor: Floor, tmp_path: Path) -> None:
    with pytest.raises(UnknownCompany, match="Known: North, Own"):
        depart(floor, "Nort", TODAY)
    with pytest.raises(HandoverExists):
        hand_over(floor, "North", floor.root)


def test_a_departure_without_rows_removes_nothing() -> None:
    assert Departure("x", TODAY, [], {}, []).complete
