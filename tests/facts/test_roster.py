"""Loading the roster: whole histories, versions, overlaps, both languages."""

from __future__ import annotations

import random
from datetime import date, datetime
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onefloor.facts import roster
from onefloor.facts.load import load_files
from onefloor.facts.sources.records import MissingColumn
from onefloor.facts.store import Account, data_version, scan
from onefloor.floor import Floor, create_floor
from onefloor.periods import day_id

HEADER = "agent,name,company,employment,site,team,hired,from,to"
LI = "1001,Li,Client,own,Harbin,A,2024-03-01,2024-03-01,"
WANG_1 = "2001,Wang,North,outsourced,Dalian,B,2025-01-10,2025-01-10,2026-06-30"
WANG_2 = "2001,Wang,North,outsourced,Dalian,C,2025-01-10,2026-07-01,"


@pytest.fixture
def floor(tmp_path: Path) -> Floor:
    return create_floor(tmp_path / "floor", timezone="Asia/Shanghai")


def load(floor: Floor, path: Path) -> Account:
    return load_files(floor, roster.SOURCE, roster.read, [path])


def stated(floor: Floor, tmp_path: Path, *rows: str, header: str = HEADER, encoding: str = "utf-8") -> Account:
    path = tmp_path / f"roster{len(list(tmp_path.iterdir()))}.csv"
    path.write_bytes("\n".join([header, *rows, ""]).encode(encoding))
    return load(floor, path)


def people(floor: Floor) -> list[tuple[str, str, str, int, int | None]]:
    names = ("agent", "company", "team", "from_day", "until_day")
    return [tuple(row[name] for name in names) for row in roster.current(floor).to_dicts()]  # type: ignore[misc]


def counts(account: Account) -> tuple[int, int, int, int, dict[str, int]]:
    assert account.balanced
    return account.lines, account.loaded, account.duplicates, account.quarantined, account.reasons


def test_the_last_day_is_included_and_stored_exclusive(floor: Floor, tmp_path: Path) -> None:
    account = stated(floor, tmp_path, LI, WANG_1, WANG_2)
    assert counts(account) == (3, 3, 0, 0, {"note:new_version": 2})
    july = day_id(date(2026, 7, 1))
    assert people(floor) == [
        ("1001", "Client", "A", day_id(date(2024, 3, 1)), None),
        ("2001", "North", "B", day_id(date(2025, 1, 10)), july),
        ("2001", "North", "C", july, None),
    ]


def test_agents_a_file_does_not_name_keep_their_rows(floor: Floor, tmp_path: Path) -> None:
    stated(floor, tmp_path, LI)
    stated(floor, tmp_path, WANG_1)
    assert [row[0] for row in people(floor)] == ["1001", "2001"]


def test_a_changed_history_replaces_the_agents_rows_as_a_whole(floor: Floor, tmp_path: Path) -> None:
    stated(floor, tmp_path, LI, WANG_1, WANG_2)
    account = stated(floor, tmp_path, LI, WANG_1.replace("2026-06-30", "2026-05-31"))
    assert counts(account) == (2, 1, 1, 0, {"note:new_version": 1, "note:rows_withdrawn": 2})
    assert people(floor)[1:] == [("2001", "North", "B", day_id(date(2025, 1, 10)), day_id(date(2026, 6, 1)))]


def test_a_history_that_only_lost_a_row_is_a_new_version(floor: Floor, tmp_path: Path) -> None:
    stated(floor, tmp_path, WANG_1, WANG_2)
    account = stated(floor, tmp_path, WANG_1)
    assert counts(account) == (1, 0, 1, 0, {"note:new_version": 1, "note:rows_withdrawn": 1})
    assert len(people(floor)) == 1


def test_the_same_rows_again_change_nothing(floor: Floor, tmp_path: Path) -> None:
    stated(floor, tmp_path, LI, WANG_1, WANG_2)
    before, rows = data_version(floor), people(floor)
    assert counts(stated(floor, tmp_path, WANG_2, LI, WANG_1)) == (3, 0, 3, 0, {})
    assert counts(stated(floor, tmp_path, LI, WANG_1, WANG_2)) == (3, 0, 3, 0, {})
    assert (data_version(floor), people(floor)) == (before, rows)


def test_an_older_state_comes_back_as_a_newer_version_when_the_file_differs(floor: Floor, tmp_path: Path) -> None:
    stated(floor, tmp_path, LI)
    version = data_version(floor)
    stated(floor, tmp_path, LI.replace(",A,", ",B,"))
    assert counts(stated(floor, tmp_path, LI))[1:3] == (0, 1)  # the very same bytes: a load that already happened
    assert [row[2] for row in people(floor)] == ["B"]
    stated(floor, tmp_path, LI, "")
    assert [row[2] for row in people(floor)] == ["A"]
    assert data_version(floor) == version


@pytest.mark.parametrize(
    ("rows", "reasons"),
    [
        ([WANG_1, WANG_2.replace("2026-07-01", "2026-06-30")], {"overlapping_rows": 2}),
        ([WANG_1, WANG_2.replace("North", "South").replace("2026-07-01", "2026-06-01")], {"two_companies_at_once": 2}),
        ([WANG_1.replace("2026-06-30", "2024-06-30")], {"to_before_from": 1}),
        ([WANG_1.replace("outsourced", "loaned")], {"unknown_employment": 1}),
        ([WANG_1.replace("2026-06-30", "2026-06-31")], {"bad_date:to": 1}),
        ([WANG_1.replace("North", "")], {"missing:company": 1}),
        ([WANG_1.replace("2025-01-10,2025-01-10", "2025-01-11,2025-01-10")], {"hired_after_from": 1}),
        ([WANG_1.replace(",B,", ",")], {"wrong_field_count": 1}),
        ([WANG_1, WANG_2.replace("outsourced", "?")], {"history_incomplete": 1, "unknown_employment": 1}),
    ],
)
def test_a_wrong_row_sets_the_agents_history_aside_and_nobody_elses(
    floor: Floor, tmp_path: Path, rows: list[str], reasons: dict[str, int]
) -> None:
    account = stated(floor, tmp_path, LI, *rows)
    assert counts(account) == (1 + len(rows), 1, 0, len(rows), {**reasons, "note:new_version": 1})
    assert [row[0] for row in people(floor)] == ["1001"]
    assert set(reasons) <= set(roster.REMEDIES)
    assert sorted(scan(floor, "quarantine").collect()["raw"]) == sorted(rows)


def test_chinese_headers_words_and_encoding_are_accepted(floor: Floor, tmp_path: Path) -> None:
    header = "坐席工号,姓名,所属公司,用工形式,职场,班组,入职日期,开始,结束"
    account = stated(
        floor,
        tmp_path,
        "1001,李娜,甲方,自有,哈尔滨,一班,2024/3/1,2024年3月1日,",
        "2001,王芳,北方,外包,大连,二班,20250110,20250110,2026/06/30",
        "3001,张伟,南方,劳务派遣,大连,二班,,2025-01-10,",
        header=header, encoding="gb18030",
    )  # fmt: skip
    assert counts(account) == (3, 3, 0, 0, {"note:new_version": 3})
    rows = roster.current(floor)
    assert rows["employment"].to_list() == ["own", "outsourced", "dispatched"]
    assert rows["name"].to_list() == ["李娜", "王芳", "张伟"]
    assert rows["hired_day"].to_list() == [day_id(date(2024, 3, 1)), day_id(date(2025, 1, 10)), None]


def test_a_workbook_with_real_dates_and_numbers_is_the_same_roster(floor: Floor, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADER.split(","))
    sheet.append([1001, "Li", "Client", "own", "Harbin", "A", date(2024, 3, 1), datetime(2024, 3, 1), None])
    book.save(tmp_path / "roster.xlsx")
    assert counts(load(floor, tmp_path / "roster.xlsx"))[:4] == (1, 1, 0, 0)
    assert counts(stated(floor, tmp_path, LI))[:4] == (1, 0, 1, 0)


def test_a_missing_column_is_named(floor: Floor, tmp_path: Path) -> None:
    with pytest.raises(MissingColumn, match='"company"'):
        stated(floor, tmp_path, "1001,own,2026-01-01", header="agent,employment,from")


def test_columns_that_are_not_needed_may_be_absent(floor: Floor, tmp_path: Path) -> None:
    stated(floor, tmp_path, "2026-01-01,own,Client,1001", header="From,Employment,Company,Agent")
    assert people(floor) == [("1001", "Client", None, day_id(date(2026, 1, 1)), None)]


def test_a_hundred_thousand_mutated_rows_are_all_accounted_for(floor: Floor, tmp_path: Path) -> None:
    chance = random.Random(3)
    rows = []
    for i in range(100_000):
        row = f"{i % 40_000},N,{('North', 'South')[i % 2]},own,S,T,,2026-{1 + i % 14:02}-{1 + i % 30:02},"
        at = chance.randrange(len(row))
        rows.append(row if i % 3 else row[:at] + chance.choice([",", '"', "9", "", "\t", "坐"]) + row[at + 1 :])
    account = stated(floor, tmp_path, *rows)
    kept = scan(floor, "quarantine").collect()
    assert account.balanced
    assert kept.height == account.quarantined
    assert account.lines + sum(raw.count("\n") for raw in kept["raw"]) <= 100_000
    assert account.loaded == scan(floor, "roster").select(pl.len()).collect().item() > 5_000
    assert set(account.reasons) - {"note:new_version", "blank"} <= set(roster.REMEDIES)


@settings(max_examples=40)
@given(
    rows=st.lists(
        st.tuples(st.sampled_from("ab"), st.sampled_from("NS"), st.integers(1, 28), st.integers(1, 28)), max_size=5
    )
)
def test_of_one_agent_no_two_loaded_rows_share_a_day(
    rows: list[tuple[str, str, int, int]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = tmp_path_factory.mktemp("overlaps")
    floor = create_floor(root / "floor", timezone="Asia/Shanghai")
    path = root / "roster.csv"
    lines = [f"{agent},,{company},own,,,,2026-01-{first:02},2026-01-{last:02}" for agent, company, first, last in rows]
    path.write_text("\n".join([HEADER, *lines, ""]), encoding="utf-8")
    account = load(floor, path)
    assert account.balanced
    days = [(row[0], day) for row in people(floor) for day in range(row[3], row[4] or 0)]
    assert len(days) == len(set(days))
