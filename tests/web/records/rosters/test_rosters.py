"""Rosters out and in: the round trip, whose people a file may name, and which months a move touches."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django_scopes import scopes_disabled
from job_runs import run_waiting
from world import Side, World

from onefloor.facts import roster as core
from onefloor.facts.load import load_files
from onefloor.floor import Floor, create_floor
from onefloor_web.platform import floor as served
from onefloor_web.platform.companies.mirroring import Mirrored, mirror
from onefloor_web.platform.companies.models import Employment, PersonName
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.scopes import bound
from onefloor_web.records.rosters.models import RosterFile

ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}
HEAD = "agent,name,company,employment,site,team,hired,from,to\n"
LINES = """\
N1,Chen Min,North,outsourced,Hefei,N one,2025-01-01,2025-01-01,2026-03-31
N1,Chen Min,North,outsourced,Hefei,N two,2025-01-01,2026-04-01,
N2,Lin Yong,North,outsourced,Hefei,N one,2025-06-01,2025-06-01,
H1,Liu Yang,Harbor,outsourced,Xiamen,H one,2025-01-01,2025-01-01,
M1,Gao Ling,Harbor,outsourced,Xiamen,H one,2025-01-01,2025-01-01,2025-12-31
M1,Gao Ling,North,outsourced,Hefei,N one,2025-01-01,2026-01-01,
O1,Zhao Min,Own,own,Nanjing,O one,2024-01-01,2024-01-01,
"""
UNCHANGED = "All lines are here already."


@pytest.fixture
def hotline(tmp_path: Path, settings, world: World) -> Iterator[Floor]:
    """A floor of its own with a roster of three companies, mirrored."""
    floor = create_floor(tmp_path / "floor", timezone="Asia/Shanghai", name="Hotline")
    file = tmp_path / "roster.csv"
    file.write_text(HEAD + LINES, encoding="utf-8")
    load_files(floor, core.SOURCE, core.read, [file])
    settings.FLOOR = floor.root
    served._opened.cache_clear()
    mirror(floor)
    yield floor
    served._opened.cache_clear()


def bring(client: Client, content: bytes | str, name: str = "roster.csv"):
    """Bring a file and follow to its page."""
    made = content.encode() if isinstance(content, str) else content
    return client.post("/rosters/uploads/", {"file": SimpleUploadedFile(name, made)}, follow=True, **ENGLISH)


def bring_and_load(side: Side, role: Role, content: bytes | str) -> RosterFile:
    client = side.client(role)
    file = bring(client, content).context["file"]
    client.post(f"/rosters/{file.pk}/loading/")
    run_waiting(side.company.pk)
    with bound(company=side.company.pk), scopes_disabled():
        return RosterFile.objects.get(pk=file.pk)


def histories(floor: Floor) -> dict[str, list[tuple[str, str, str | None]]]:
    rows = core.current(floor).sort("agent", "from_day")
    found: dict[str, list[tuple[str, str, str | None]]] = {}
    for agent, company, team, name in rows.select("agent", "company", "team", "name").iter_rows():
        found.setdefault(agent, []).append((company, team, name))
    return found


def employments() -> set[tuple[str, str, str | None, date, date | None]]:
    with bound(client=True), scopes_disabled():
        rows = Employment.objects.values_list("company__code", "code", "team__name", "days")
        return {(company, code, team, days.lower, days.upper) for company, code, team, days in rows}


def codes(page) -> set[str]:
    return {line.agent for line in page.context["table"].page.object_list}


def test_employments_mirror_the_roster_and_a_second_time_changes_nothing(world: World, hotline: Floor) -> None:
    assert employments() == {
        ("North", "N1", "N one", date(2025, 1, 1), date(2026, 4, 1)),
        ("North", "N1", "N two", date(2026, 4, 1), None),
        ("North", "N2", "N one", date(2025, 6, 1), None),
        ("Harbor", "H1", "H one", date(2025, 1, 1), None),
        ("Harbor", "M1", "H one", date(2025, 1, 1), date(2026, 1, 1)),
        ("North", "M1", "N one", date(2026, 1, 1), None),
        ("Own", "O1", "O one", date(2024, 1, 1), None),
    }
    assert mirror(hotline) == Mirrored()


@pytest.mark.parametrize(
    ("name", "on", "seen"),
    [
        ("North", "2026-11-21", {"N1", "N2", "M1"}),
        ("Harbor", "2026-11-21", {"H1"}),
        ("Harbor", "2025-11-21", {"H1", "M1"}),
        ("Own", "2026-11-21", {"N1", "N2", "M1", "H1", "O1"}),
        ("North", "2024-01-01", set()),
    ],
)
def test_each_company_sees_its_own_lines_of_the_day_and_the_client_all(
    world: World, hotline: Floor, name: str, on: str, seen: set[str]
) -> None:
    assert codes(world[name].client(Role.QA).get("/rosters/", {"on": on})) == seen


def test_names_of_a_vendor_are_in_no_page_or_file_of_the_client(world: World, hotline: Floor) -> None:
    client = world["Own"].client(Role.VENDOR_MANAGER)
    for address in ("/rosters/?on=", "/rosters/?on=&q=Chen", "/rosters/file.csv"):
        assert "Chen Min" not in client.get(address).content.decode()
    book = openpyxl.load_workbook(io.BytesIO(client.get("/rosters/file.xlsx").content))
    assert "Chen Min" not in {cell.value for sheet in book for row in sheet.rows for cell in row}


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize(("name", "role"), [("North", Role.PROJECT_MANAGER), ("Own", Role.VENDOR_MANAGER)])
def test_the_unchanged_file_changes_nothing(
    world: World, hotline: Floor, kind: str, language: str, name: str, role: Role
) -> None:
    client = world[name].client(role)
    file = client.get(f"/rosters/file.{kind}", HTTP_ACCEPT_LANGUAGE=language).content
    page = bring(client, file, f"roster.{kind}")
    lines = 4 if name == "North" else 7
    assert page.context["account"] == {
        "lines": lines, "changed": 0, "unchanged": lines, "ignored": 0, "set_aside": 0,
    }  # fmt: skip
    before = histories(hotline)
    bring_and_load(world[name], role, file) if kind == "csv" else None
    assert histories(hotline) == before


def test_a_name_that_a_spreadsheet_would_run_is_made_harmless_and_comes_back_the_same(
    world: World, hotline: Floor
) -> None:
    side = world["North"]
    bring_and_load(
        side, Role.PROJECT_MANAGER, f'{HEAD}N2,"=HYPERLINK(""x"")",North,outsourced,Hefei,N one,,2025-06-01,\n'
    )
    client = side.client(Role.PROJECT_MANAGER)
    file = client.get("/rosters/file.csv", {"q": "N2"}, **ENGLISH).content
    rows = list(csv.reader(io.StringIO(file.decode("utf-8-sig"))))
    assert rows[1][1] == '\'=HYPERLINK("x")'
    assert bring(client, file).context["account"]["changed"] == 0


def test_an_edited_line_is_loaded_and_mirrored_and_others_keep_theirs(world: World, hotline: Floor) -> None:
    side = world["North"]
    edited = f"{HEAD}N2,Lin Yong,North,outsourced,Hefei,N one,2025-06-01,2025-06-01,2026-10-31\n,,,,,,,,\n"
    file = bring_and_load(side, Role.PROJECT_MANAGER, edited)
    assert (file.state, file.account) == (
        "loaded", {"lines": 2, "changed": 1, "unchanged": 0, "ignored": 1, "set_aside": 0},
    )  # fmt: skip
    assert ("North", "N2", "N one", date(2025, 6, 1), date(2026, 11, 1)) in employments()
    assert len(histories(hotline)) == 5


def test_going_back_to_an_earlier_roster_is_a_change_too(world: World, hotline: Floor) -> None:
    side = world["North"]
    line = "N2,Lin Yong,North,outsourced,Hefei,{},2025-06-01,2025-06-01,\n"
    for team in ("N two", "N one", "N two"):
        bring_and_load(side, Role.PROJECT_MANAGER, HEAD + line.format(team))
        assert histories(hotline)["N2"] == [("North", team, "Lin Yong")]


@pytest.mark.parametrize("company", ["Harbor", "Own", "Nowhere"])
def test_a_vendor_may_not_name_another_company_and_is_not_told_whether_there_is_one(
    world: World, hotline: Floor, company: str
) -> None:
    page = bring(world["North"].client(Role.PROJECT_MANAGER), f"{HEAD}X9,,{company},outsourced,,,,2026-01-01,\n")
    assert [(one.number, one.words.en) for one in page.context["findings"].page.object_list] == [
        (2, "The company is not yours: a vendor's file names its own people.")
    ]


def test_another_companys_code_is_refused_without_saying_whose_it_is(world: World, hotline: Floor) -> None:
    before = histories(hotline)
    page = bring(world["North"].client(Role.PROJECT_MANAGER), f"{HEAD}H1,,North,outsourced,,,,2026-01-01,\n")
    said = [one.words.en for one in page.context["findings"].page.object_list]
    assert said == [
        "This code is taken on these days. Choose another; in a move the client ends the old stretch first."
    ]
    assert "Harbor" not in page.content.decode()
    file = page.context["file"]
    world["North"].client(Role.PROJECT_MANAGER).post(f"/rosters/{file.pk}/loading/")
    run_waiting(world["North"].company.pk)
    assert histories(hotline) == before


def test_somebody_who_moved_between_vendors_keeps_the_stretch_nobody_may_see(world: World, hotline: Floor) -> None:
    edited = f"{HEAD}M1,Gao Ling,North,outsourced,Hefei,N two,2025-01-01,2026-01-01,\n"
    bring_and_load(world["North"], Role.PROJECT_MANAGER, edited)
    assert histories(hotline)["M1"] == [("Harbor", "H one", "Gao Ling"), ("North", "N two", "Gao Ling")]


def test_the_client_moves_people_between_vendors_and_keeps_names_it_cannot_see(world: World, hotline: Floor) -> None:
    ended = "N2,,North,outsourced,Hefei,N one,2025-06-01,2025-06-01,2026-10-31\n"
    moved = f"{HEAD}{ended}N2,,Harbor,outsourced,Xiamen,H one,2025-06-01,2026-11-01,\n"
    bring_and_load(world["Own"], Role.VENDOR_MANAGER, moved)
    assert histories(hotline)["N2"] == [("North", "N one", "Lin Yong"), ("Harbor", "H one", None)]
    assert {row for row in employments() if row[1] == "N2"} == {
        ("North", "N2", "N one", date(2025, 6, 1), date(2026, 11, 1)),
        ("Harbor", "N2", "H one", date(2026, 11, 1), None),
    }


def test_one_bad_line_sets_its_person_aside_and_nobody_else(world: World, hotline: Floor) -> None:
    edited = (
        f"{HEAD}N1,Chen Min,North,outsourced,Hefei,N one,2025-01-01,2025-01-01,\n"
        "N1,Chen Min,North,outsourced,Hefei,N two,2025-01-01,31.12.2026,\n"
        "N2,Lin Yong,North,outsourced,Hefei,N two,2025-06-01,2025-06-01,\n"
    )
    page = bring(world["North"].client(Role.PROJECT_MANAGER), edited)
    assert [one.number for one in page.context["findings"].page.object_list] == [2, 3]
    assert [agent for agent, _gone, _come in page.context["differences"]] == ["N2"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", b""),
        ("a.csv", b"nothing,of,use\n1,2,3\n"),
        ("a.xlsx", b"PK\x03\x04broken"),
        ("a.csv", b"x" * (6 << 20)),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_a_reason_and_not_kept(
    world: World, hotline: Floor, name: str, content: bytes
) -> None:
    side = world["North"]
    page = bring(side.client(Role.PROJECT_MANAGER), content, name)
    assert page.status_code == 200
    assert page.context["problem"] is not None or page.context["form"].errors
    with bound(company=side.company.pk), scopes_disabled():
        assert RosterFile.objects.filter(name=name).count() == 0


def test_files_of_another_company_do_not_exist_even_for_the_client(world: World, hotline: Floor) -> None:
    number = world["North"].rows["roster"].pk
    for role in (Role.VENDOR_MANAGER, Role.ADMINISTRATOR):
        client = world["Own"].client(role)
        assert client.get(f"/rosters/{number}/").status_code == 404
        assert client.post(f"/rosters/{number}/loading/").status_code == 404
        assert client.post(f"/rosters/{number}/discarding/").status_code == 404


def test_only_managers_and_administrators_bring_files(world: World, hotline: Floor) -> None:
    client = world["North"].client(Role.QA)
    assert client.get("/rosters/uploads/").status_code == 404
    assert client.post(f"/rosters/{world['North'].rows['roster'].pk}/loading/").status_code == 404


def test_a_double_click_loads_once(world: World, hotline: Floor) -> None:
    side = world["North"]
    client = side.client(Role.PROJECT_MANAGER)
    file = bring(client, f"{HEAD}N9,,North,outsourced,Hefei,N one,,2026-11-01,\n").context["file"]
    for _click in range(2):
        assert client.post(f"/rosters/{file.pk}/loading/").status_code == 302
    run_waiting(side.company.pk)
    rows = core.current(hotline).filter(pl.col("agent") == "N9")
    assert rows["revision"].to_list() == [1]


def test_a_move_by_form_is_a_file_to_check_and_touches_the_days_from_then_on(world: World, hotline: Floor) -> None:
    side = world["North"]
    client = side.client(Role.PROJECT_MANAGER)
    stamp = client.get("/rosters/moves/N2/").context["form"]["stamp"].value()
    entered = {
        "ends": "moves",
        "day": "2026-11-01",
        "form": "outsourced",
        "site": "Hefei",
        "team": "N two",
        "stamp": stamp,
    }
    page = client.post("/rosters/moves/N2/", entered, follow=True, **ENGLISH)
    assert page.context["account"] == {"lines": 2, "changed": 2, "unchanged": 0, "ignored": 0, "set_aside": 0}
    client.post(f"/rosters/{page.context['file'].pk}/loading/")
    run_waiting(side.company.pk)
    assert histories(hotline)["N2"] == [("North", "N one", "Lin Yong"), ("North", "N two", "Lin Yong")]
    stale = client.post("/rosters/moves/N2/", {**entered, "day": "2026-11-10"})
    assert len(stale.context["form"].non_field_errors()) == 1


def test_a_move_by_the_client_keeps_no_name_of_a_vendor_in_its_file_and_the_name_stays(
    world: World, hotline: Floor
) -> None:
    side = world["Own"]
    client = side.client(Role.VENDOR_MANAGER)
    stamp = client.get("/rosters/moves/N2/").context["form"]["stamp"].value()
    entered = {"ends": "moves", "day": "2026-11-01", "form": "outsourced", "site": "Hefei", "team": "N two"}
    page = client.post("/rosters/moves/N2/", {**entered, "stamp": stamp}, follow=True, **ENGLISH)
    assert "Lin Yong" not in page.content.decode()
    with bound(company=side.company.pk), scopes_disabled():
        kept = RosterFile.objects.get(pk=page.context["file"].pk)
    assert b"N2" in bytes(kept.content)
    assert b"Lin Yong" not in bytes(kept.content)
    for other in ("North", "Harbor"):
        assert world[other].client(Role.PROJECT_MANAGER).get(f"/rosters/{kept.pk}/").status_code == 404
    client.post(f"/rosters/{kept.pk}/loading/")
    run_waiting(side.company.pk)
    assert histories(hotline)["N2"] == [("North", "N one", "Lin Yong"), ("North", "N two", "Lin Yong")]
    mirror(hotline)
    with bound(company=world["North"].company.pk), scopes_disabled():
        assert PersonName.objects.get(person__code="N2").name == "Lin Yong"


def test_a_person_of_another_company_cannot_be_moved(world: World, hotline: Floor) -> None:
    assert world["North"].client(Role.PROJECT_MANAGER).get("/rosters/moves/H1/").status_code == 404
