"""Retention: the rules of the floor are shown, run for the client alone, and told to vendors without counts."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from job_runs import run_waiting
from world import World

from onefloor.facts.load import load_files
from onefloor.facts.sources import asterisk
from onefloor.facts.store import scan
from onefloor.floor import SETTINGS, create_floor, open_floor
from onefloor_web.platform.jobs.actions import enqueue
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.privacy import retention
from onefloor_web.platform.tenancy.scopes import tenant

LOG = Path(__file__).parents[4] / "examples" / "asterisk_run" / "queue_log"


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A floor whose contacts were loaded, kept for one month by its rules, more than a month ago."""
    made = create_floor(tmp_path / "floor", timezone="Europe/Berlin")
    load_files(made, asterisk.SOURCE, asterisk.read, [LOG])
    file = made.root / SETTINGS
    file.write_text(file.read_text(encoding="utf-8") + "\n[retention]\ncontacts = 1\n", encoding="utf-8")
    monkeypatch.setattr(settings, "FLOOR", made.root)
    monkeypatch.setattr(retention, "today", lambda: date(2027, 6, 1))
    return open_floor(made.root)


def test_the_page_shows_the_rules_and_what_goes_next(world: World, served) -> None:
    client = world["Own"].client(Role.AUDITOR)
    page = client.get("/privacy/retention/")
    assert [(rule.name, rule.months, str(rule.before)) for rule in page.context["rules"]] == [
        ("contacts", 1, "2027-05")
    ]
    assert page.context["due"] == sorted(
        {str(retention.Month.from_id(m)) for m in scan(served, "contacts").collect()["month"]}
    )


def test_the_client_runs_the_rules_and_the_rows_are_gone(world: World, served) -> None:
    before = scan(served, "contacts").collect().height
    client = world["Own"].client(Role.ADMINISTRATOR)
    assert "btn-danger" in client.get("/privacy/retention/runs/").content.decode()
    client.post("/privacy/retention/runs/")
    run_waiting(world["Own"].company.pk)
    assert scan(served, "contacts").collect().height == 0
    with tenant(world["Own"].viewer(Role.ADMINISTRATOR)):
        assert retention.runs(world["Own"].viewer(Role.ADMINISTRATOR))[0].rows["contacts"] == before


def test_a_vendor_is_told_that_rows_went_but_not_how_many(world: World, served) -> None:
    with tenant(world["Own"].viewer(Role.ADMINISTRATOR)):
        enqueue(world["Own"].viewer(Role.ADMINISTRATOR), retention.JOB)
    run_waiting(world["Own"].company.pk)
    [run] = retention.runs(world["North"].viewer(Role.AUDITOR))
    assert run.rows == {}
    assert "2027-06-01" in world["North"].client(Role.AUDITOR).get("/privacy/retention/").content.decode()


def test_for_a_vendor_the_nightly_job_does_nothing(world: World, served) -> None:
    viewer = world["North"].viewer(Role.ADMINISTRATOR)
    assert retention.retain(viewer, lambda *_args: None) == {}
    assert scan(served, "contacts").collect().height > 0
    assert world["North"].client(Role.ADMINISTRATOR).get("/privacy/retention/runs/").status_code == 404


def test_a_floor_without_rules_says_where_to_write_one(world: World) -> None:
    client = world["Own"].client(Role.AUDITOR)
    client.cookies["language"] = "en"
    assert "[retention] contacts = 24" in client.get("/privacy/retention/").content.decode()
