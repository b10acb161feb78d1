from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone, translation
from hand_made import MINUTE, at, load, new_floor, stay
from world import World, roles_of

from onefloor.facts.quarantine import set_aside
from onefloor.floor import Floor
from onefloor.metrics.cubes import build_cubes
from onefloor.metrics.prepare import prepare
from onefloor_web.platform.accounts import actions
from onefloor_web.platform.jobs.models import Job, State
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.scopes import tenant
from onefloor_web.platform.today.providers import blocks_of, needs_of
from onefloor_web.records.floor import questions
from onefloor_web.records.floor.warming import warm
from onefloor_web.records.imports.models import Import
from onefloor_web.records.imports.models import State as ImportState

FOREIGN = {
    "North": ("HARBOR", "Harbor", "OWNMARKER", "OWNSECRET"),
    "Harbor": ("NORTH", "North", "OWNMARKER", "OWNSECRET"),
}
BLOCKS = {
    Role.VENDOR_MANAGER: ["Delivery, November 2026 so far", "Risks"],
    Role.PROJECT_MANAGER: ["November 2026 so far", "Where we moved", "Asked of the client"],
    Role.LEADER: ["The team's week, 2026-11-16 to 2026-11-19", "In the team today (2)"],
    Role.QA: ["Surveys and evaluations, November 2026 so far"],
    Role.TRAINER: ["Surveys and evaluations, November 2026 so far"],
    Role.PLANNER: ["Contacts offered, Thu 2026-11-19"],
    Role.SIGNATORY: [],
    Role.AGENT: ["The last 4 weeks"],
    Role.EXECUTIVE: ["13 months up to November 2026", "Records"],
    Role.AUDITOR: ["13 months up to November 2026", "Records", "Access log"],
    Role.ADMINISTRATOR: ["Records", "Jobs"],
}


def page(world: World, name: str, role: Role, language: str = "en") -> str:
    browser = world[name].client(role)
    browser.cookies["language"] = language
    answer = browser.get("/today/")
    assert answer.status_code == 200
    return answer.content.decode()


def told(world: World, name: str, role: Role) -> list[str]:
    """The rows that wait for somebody."""
    viewer = world[name].viewer(role)
    with tenant(viewer), translation.override("en"):
        return [str(need.text) for need in needs_of(viewer)]


@pytest.mark.parametrize("name", ["Own", "North"])
def test_each_role_has_its_blocks(world: World, name: str) -> None:
    for role in roles_of(world[name]):
        viewer = world[name].viewer(role)
        with tenant(viewer), translation.override("en"):
            assert (role, [str(block.title) for block in blocks_of(viewer)]) == (role, BLOCKS[role])


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("name", ["North", "Harbor"])
def test_no_role_of_a_vendor_reads_of_another_company(world: World, name: str, language: str) -> None:
    for role in roles_of(world[name]):
        shown = page(world, name, role, language)
        assert (role, [word for word in FOREIGN[name] if word in shown]) == (role, [])


def test_the_client_reads_of_all_companies(world: World) -> None:
    shown = page(world, "Own", Role.VENDOR_MANAGER)
    assert [name for name in ("Own", "North", "Harbor") if f">{name}<" not in shown] == []
    assert "provisional until" in shown
    assert "n 109" in shown


def test_figures_are_those_of_the_core(world: World) -> None:
    viewer = world["North"].viewer(Role.AGENT)
    with tenant(viewer), translation.override("en"):
        readings = blocks_of(viewer)[0].shows["readings"]
        rows = questions.figures(viewer, ["handled_legs"]).rows
    assert readings[0].value == str(rows[0].figures["handled_legs"].numerator)
    assert readings[0].note.startswith("2026-09-25 – 2026-10-22: ")


def test_an_agent_is_compared_with_nobody_else(world: World) -> None:
    shown = page(world, "North", Role.AGENT)
    assert "The last 4 weeks" in shown
    assert f"N2001-{world['North'].marker}" not in shown


def test_the_planners_half_hours_add_up(world: World) -> None:
    viewer = world["Own"].viewer(Role.PLANNER)
    with tenant(viewer), translation.override("en"):
        found = blocks_of(viewer)[0].shows["offered"]
    assert found.total == sum(now for _half, now, _then, _difference in found.rows) == 18
    assert found.total_earlier == 18 + 1  # the customer who called again
    assert (found.newest, found.earlier) == ("2026-11-19", "2026-11-12")


@pytest.fixture
def empty_floor(tmp_path: Path, settings: Any) -> Floor:
    floor = new_floor(tmp_path, "Asia/Shanghai")
    settings.FLOOR = floor.root
    return floor


def test_without_facts_nothing_is_claimed_and_nothing_breaks(world: World, empty_floor: Floor) -> None:
    for name in ("Own", "North"):
        for role in roles_of(world[name]):
            shown = page(world, name, role)
            assert "No facts yet" in shown
            assert "so far" not in shown
            assert "Risks" not in shown


def test_on_the_first_day_the_administrator_is_led_to_the_first_file(world: World, empty_floor: Floor) -> None:
    viewer = world["Own"].viewer(Role.ADMINISTRATOR)
    with tenant(viewer), translation.override("en"):
        block = blocks_of(viewer)[0]
    assert str(block.title) == "First day"
    assert [(step.name, step.done, step.current) for step in block.shows["steps"]] == [
        ("Companies", True, False), ("Roster", True, False), ("First file", False, True),
    ]  # fmt: skip


@pytest.fixture
def gap(tmp_path: Path, settings: Any) -> Floor:
    """Own has records up to 22 November, North none of that day."""
    floor = new_floor(tmp_path, "Asia/Shanghai")
    days = {"1": range(1, 23), "2": range(1, 22)}
    load(
        floor,
        contacts=[contact(floor, agent, day) for agent, held in days.items() for day in held],
        roster=[stay("1", "Own"), stay("2", "North", employment="outsourced")],
    )
    build_cubes(floor, prepare(floor))
    settings.FLOOR = floor.root
    return floor


def contact(floor: Floor, agent: str, day: int) -> dict[str, Any]:
    start = at(floor, f"2026-11-{day:02d} 10:00")
    return {
        "contact": f"{agent}-{day}", "started_ms": start, "queued_ms": start, "answered_ms": start + 5_000,
        "talk_ms": MINUTE, "ended_ms": start + 2 * MINUTE, "queue": "q", "outcome": "answered", "agent": agent,
    }  # fmt: skip


def test_a_missing_file_is_told_to_who_owes_it_and_to_the_clients_manager(world: World, gap: Floor) -> None:
    assert "Records of 2026-11-22 have not come" in told(world, "North", Role.PROJECT_MANAGER)
    assert "North: records of 2026-11-22 have not come" in told(world, "Own", Role.VENDOR_MANAGER)
    for name, role in (("Harbor", Role.PROJECT_MANAGER), ("North", Role.AGENT), ("Own", Role.PLANNER)):
        assert [text for text in told(world, name, role) if "have not come" in text] == []


def test_what_is_loaded_but_not_measured_is_said(world: World, gap: Floor) -> None:
    said = "Figures are those from before the last load"
    assert said not in told(world, "North", Role.PROJECT_MANAGER)
    load(gap, contacts=[contact(gap, "2", 22)])
    assert said in told(world, "North", Role.PROJECT_MANAGER)
    assert said not in told(world, "North", Role.AGENT)


def test_lines_set_aside_wait_for_the_company_that_brought_them(world: World, gap: Floor) -> None:
    line = {"reason": "queue", "raw": "x"}
    load(gap, quarantine=[{**line, "key": str(number)} for number in range(3)])
    held = set_aside(gap)["load"].unique().to_list()
    viewer = world["North"].viewer(Role.PROJECT_MANAGER)
    with tenant(viewer):
        made = Import.objects.create(
            company_id=viewer.company, begun_by_id=viewer.user, begun_name="x", name="late.csv", kind="roster",
            state=ImportState.LOADED, report={"account": {"quarantined": 3}}, loads=held,
        )  # fmt: skip
        rows = {str(need.text): need.url for need in needs_of(viewer)}
    text = next(text for text in rows if "late.csv" in text)
    assert "3" in text
    assert rows[text] == f"/imports/{made.pk}/quarantine/"
    assert [row for row in told(world, "Own", Role.VENDOR_MANAGER) if "late.csv" in row] == []


def test_a_failed_job_waits_for_who_asked_for_it(world: World) -> None:
    viewer = world["North"].viewer(Role.PROJECT_MANAGER)
    with tenant(viewer):
        Job.objects.create(
            company_id=viewer.company, kind="imports.load", subject="late.csv", state=State.FAILED,
            requested_by_id=viewer.user, ended_at=timezone.now(),
        )  # fmt: skip
    assert [row for row in told(world, "North", Role.PROJECT_MANAGER) if "late.csv" in row] == [
        "Failed: Load · late.csv"
    ]
    for name, role in (("North", Role.ADMINISTRATOR), ("Own", Role.ADMINISTRATOR), ("North", Role.PLANNER)):
        assert [row for row in told(world, name, role) if "late.csv" in row] == []
    assert "2 jobs failed in the last 14 days." in page(world, "North", Role.ADMINISTRATOR)
    assert "1 job failed in the last 14 days." in page(world, "Harbor", Role.ADMINISTRATOR), "the world's own"


def test_open_invitations_wait_for_the_companys_administrator(world: World) -> None:
    viewer = world["North"].viewer(Role.ADMINISTRATOR)
    before = [row for row in told(world, "North", Role.ADMINISTRATOR) if "open" in row]
    with tenant(viewer):
        actions.invite(viewer, username="new", name="New", email="new@north.example", language="en")
    assert before == []
    assert "1 invitation is open" in told(world, "North", Role.ADMINISTRATOR)
    assert [row for row in told(world, "Own", Role.ADMINISTRATOR) if "open" in row] == []


def test_a_warmed_process_has_the_first_answers_already(world: World) -> None:
    questions.forget()
    warm()
    kept = len(questions._CACHE)
    assert kept >= 5
    viewer = world["Own"].viewer(Role.VENDOR_MANAGER)
    questions.freshness(viewer)
    assert len(questions._CACHE) == kept


def test_a_floor_without_facts_or_without_a_folder_does_not_keep_a_process_from_starting(
    empty_floor: Floor, tmp_path: Path, settings: Any
) -> None:
    warm()
    settings.FLOOR = tmp_path / "nowhere"
    warm()


def test_what_a_request_cost_is_told_only_when_asked(world: World, settings: Any) -> None:
    assert "Server-Timing" not in world["Own"].client(Role.PLANNER).get("/today/").headers
    settings.MIDDLEWARE = ["onefloor_web.serving.timing.TimingMiddleware", *settings.MIDDLEWARE]
    answer = world["Own"].client(Role.PLANNER).get("/today/", headers={"X-Forget": "answers"})
    total, cpu, db = answer.headers["Server-Timing"].split(", ")
    assert total.startswith("total;dur=")
    assert cpu.startswith("cpu;dur=")
    assert int(db.split('desc="')[1].rstrip('"')) > 5
