"""A month whose rows retention removed: its figures stay, marked; rows and other groupings say why they are gone."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from hand_made import MINUTE, at, load, stay
from world import World

from onefloor.floor import SETTINGS, Floor, create_floor, open_floor
from onefloor.metrics.kept import run_retention
from onefloor.metrics.prepare import prepare
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.records.figures.address import read

MARK = "rows removed under the retention rule on 2026-12-02; the sum stays"
GONE = "were removed under the retention rule on 2026-12-02."
ENGLISH = {"accept-language": "en"}


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Floor:
    """September to November of two companies, of which September's rows are gone."""
    made = create_floor(tmp_path / "floor", timezone="Europe/Berlin")
    file = made.root / SETTINGS
    file.write_text(file.read_text(encoding="utf-8") + "\n[retention]\ncontacts = 2\n", encoding="utf-8")
    floor = open_floor(made.root)
    starts = [at(floor, f"2026-{month:02}-{day:02} 10:00") for month in (9, 10, 11) for day in range(1, 29)]
    load(floor, roster=[stay("N", "North", team="N one"), stay("O", "Own", team="O one")], contacts=[
        {"contact": f"{agent} {start}", "started_ms": start, "queued_ms": start, "answered_ms": start + 9_000,
         "ended_ms": start + 9_000 + MINUTE, "wait_ms": 9_000, "talk_ms": MINUTE, "outcome": "answered",
         "agent": agent, "queue": "tech"}
        for start in starts for agent in "NO"
    ])  # fmt: skip
    assert run_retention(floor, date(2026, 12, 2))
    prepare(floor)
    monkeypatch.setattr(settings, "FLOOR", floor.root)
    return floor


def text(world: World, name: str, path: str, role: Role = Role.VENDOR_MANAGER) -> tuple[int, str]:
    answer = world[name].client(role).get(path, headers=ENGLISH)
    return answer.status_code, answer.content.decode()


@pytest.mark.parametrize(
    ("name", "role", "equation"),
    [("Own", Role.VENDOR_MANAGER, "56:00 / 56"), ("North", Role.PROJECT_MANAGER, "28:00 / 28")],
)
def test_a_figure_of_the_month_stays_with_its_mark_and_without_a_way_to_rows(
    world: World, served: Floor, name: str, role: Role, equation: str
) -> None:
    status, page = text(world, name, "/figures/aht/2026-09/", role)
    assert status == 200
    assert f"2026-09: {MARK}" in page
    assert equation in page
    assert "Open the rows" not in page
    status, later = text(world, name, "/figures/aht/2026-11/", role)
    assert (status, later.count(MARK)) == (200, 1)  # at the course of thirteen periods, one of which is September
    assert "Open the rows" in later


def test_rows_and_files_of_the_month_say_that_they_are_gone(world: World, served: Floor) -> None:
    status, page = text(world, "Own", "/figures/aht/2026-09/rows/")
    assert status == 410
    assert GONE in page
    assert "Only daily sums stay; there are no rows to list." in page
    assert f'href="{read("aht", "2026-09", {}).url}"' in page
    client = world["Own"].client(Role.VENDOR_MANAGER)
    client.post("/privacy/purpose/", {"purpose": "settlement"})
    assert client.get("/figures/aht/2026-09/rows/export.csv").status_code in (404, 410)
    assert text(world, "Own", "/figures/aht/2026-11/rows/")[0] == 200


def test_a_figure_that_was_not_kept_says_why(world: World, served: Floor) -> None:
    status, page = text(world, "Own", "/figures/aht/2026-09/?where=agent:O")
    assert status == 410
    assert "The daily sums that stay do not tell agent apart." in page


def test_a_scorecard_has_the_sums_with_their_mark(world: World, served: Floor) -> None:
    status, page = text(world, "Own", "/scorecards/delivery/?by=company&period=2026-09&metric=aht")
    assert status == 200
    assert f"2026-09: {MARK}" in page
    assert page.count("1:00") >= 2
    status, later = text(world, "Own", "/scorecards/delivery/?by=company&period=2026-10&metric=aht&compare=before")
    assert (status, later.count(MARK)) == (200, 1)
    assert 'value="2026-09"' in later


@pytest.mark.parametrize("tab", ["table", "charts", "week"])
def test_a_scorecard_by_people_says_why_it_is_empty_and_those_of_later_months_are_whole(
    world: World, served: Floor, tab: str
) -> None:
    by = "" if tab == "week" else "&by=agent"
    status, page = text(world, "Own", f"/scorecards/delivery/?period=2026-09&metric=aht&tab={tab}{by}")
    assert status == 200
    assert GONE in page
    path = f"/scorecards/delivery/?period=2026-10&metric=aht&compare=before&tab={tab}{by}"
    status, later = text(world, "Own", path)
    assert status == 200
    assert (GONE in later) == (tab == "table")  # there is no September to compare with


def test_what_was_answered_before_the_removal_is_not_answered_from_memory(world: World, served: Floor) -> None:
    assert text(world, "Own", "/figures/aht/2026-10/rows/")[0] == 200
    assert run_retention(served, date(2027, 1, 2))
    prepare(served)
    assert text(world, "Own", "/figures/aht/2026-10/rows/")[0] == 410


def test_today_and_the_other_pages_of_figures_open(world: World, served: Floor) -> None:
    assert run_retention(served, date(2027, 3, 2))
    prepare(served)
    for role, name in ((Role.VENDOR_MANAGER, "Own"), (Role.PROJECT_MANAGER, "North"), (Role.PLANNER, "Own")):
        for path in ("/today/", "/scorecards/", "/comparisons/", "/formulas/", "/contacts/"):
            status = world[name].client(role).get(path, headers=ENGLISH, follow=True).status_code
            assert status in (200, 404), (role, path)
