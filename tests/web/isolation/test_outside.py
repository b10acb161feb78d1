"""What leaves by other ways than an answer: notifications, mails, webhooks, jobs, files. Nothing foreign is in it."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import catalogue
import crawl
import pytest
from django.conf import settings
from django.core import mail
from django.db import connection
from job_runs import run_waiting
from world import NAMES, Side, World, roles_of

from onefloor.language import same
from onefloor_web.platform.events import registry as events
from onefloor_web.platform.events.actions import record
from onefloor_web.platform.events.models import Event
from onefloor_web.platform.jobs import registry as kinds_of_jobs
from onefloor_web.platform.jobs.actions import enqueue
from onefloor_web.platform.jobs.models import Job, State
from onefloor_web.platform.notifications import webhooks
from onefloor_web.platform.notifications.models import Delivery, Format, Mail, Notification, Preference
from onefloor_web.platform.permissions.roles import EVERYONE, Role
from onefloor_web.platform.tenancy.scopes import tenant, working_for

MANAGER = {"Own": Role.VENDOR_MANAGER, "North": Role.PROJECT_MANAGER, "Harbor": Role.PROJECT_MANAGER}
# What a parameter of a job names: a row of the world.
ROW_OF = {
    "number": "import", "file": "roster", "notification": "notification", "delivery": "delivery", "exit": "exit",
    "event": "event", "agreement": "agreement", "statement": "statement", "draft": "draft", "head": "head",
}  # fmt: skip
NO_ROW = {"to": "nobody", "corrected": None, "month": "2026-10"}  # parameters that name no row, and what is given
IMAGE = ("companies_employment", "companies_person", "companies_site", "companies_team")
CLOSED = "http://127.0.0.1:9/"  # nobody listens there


@pytest.fixture
def told(world: World, monkeypatch: pytest.MonkeyPatch, mailoutbox: list[Any], settings: Any) -> World:
    """Every company has said something of its own and something the client sees too; everybody was told all ways."""
    monkeypatch.setattr(events, "_KINDS", {})
    events.declare("tests.told", "tests.told", tell=EVERYONE)
    settings.WEBHOOK_NETWORKS = ["127.0.0.0/8"]
    for side in world.sides.values():
        for role in roles_of(side):
            viewer = side.viewer(role)
            with working_for(viewer):
                Preference.objects.update_or_create(
                    user_id=viewer.user, defaults={"company_id": viewer.company, "mail": Mail.AT_ONCE}
                )
        with working_for(side.viewer(Role.ADMINISTRATOR)):
            webhooks.make(side.viewer(Role.ADMINISTRATOR), name="all", form=Format.STANDARD, url=CLOSED, events=[])
    for side in world.sides.values():
        viewer = side.viewer(MANAGER[side.company.code])
        with working_for(viewer):
            record(viewer, "tests.told", side.team, same(f"{side.secret} happened"), why=side.secret, page="/today/")
            shared = {"shared": True} if not viewer.client else {}
            text = f"{side.marker if shared else side.secret} happened"
            record(viewer, "tests.told", side.team, same(text), page="/today/", **shared)
    for side in world.sides.values():
        run_waiting(side.company.pk)
    return world


def text_of_rows(query: str, *parameters: object) -> str:
    """All rows of a query as text, as the bound company sees them."""
    return "\n".join(str(row) for row in catalogue.asked(query, *parameters))


@pytest.mark.parametrize("name", NAMES)
def test_no_notification_speaks_of_another_company(told: World, name: str) -> None:
    side, count = told[name], 0
    for role in roles_of(side):
        viewer = side.viewer(role)
        with tenant(viewer):
            rows = list(Notification.objects.filter(kind="tests.told").values_list("user_id", "what", "page"))
        count += len(rows)
        assert crawl.foreign(str(rows), side, role) == set()
        assert {user for user, _what, _page in rows} <= {viewer.user}
    assert count >= len(roles_of(side))


def test_no_mail_speaks_of_another_company(told: World) -> None:
    addressed = {user.email: (side, role) for side in told.sides.values() for role, user in side.users.items()}
    found = {}
    for one in mail.outbox:
        side, role = addressed[one.to[0]]
        assert len(one.recipients()) == 1
        marks = crawl.foreign(f"{one.subject}\n{one.body}", side, role)
        found |= {one.to[0]: marks} if marks else {}
    assert found == {}
    assert {addressed[one.to[0]][0].company.code for one in mail.outbox} == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_no_message_of_a_webhook_speaks_of_another_company(told: World, name: str) -> None:
    """The payload is the body that is sent; ``test_webhooks.py`` has a real server receive it."""
    side = told[name]
    with tenant(side.viewer(Role.ADMINISTRATOR)):
        bodies = [str(body) for body in Delivery.objects.filter(kind="tests.told").values_list("payload", flat=True)]
    assert [crawl.foreign(body, side, Role.ADMINISTRATOR) for body in bodies] == [set()] * len(bodies)
    assert len(bodies) == (4 if name == "Own" else 2)


@pytest.mark.parametrize("name", NAMES)
def test_no_job_carries_anything_of_another_company(told: World, name: str) -> None:
    side = told[name]
    with tenant(side.viewer(Role.ADMINISTRATOR)):
        jobs = text_of_rows("select params, key, subject, acting, result, problem from jobs_job")
    assert crawl.foreign(jobs, side, Role.ADMINISTRATOR) == set()


def test_the_queue_that_all_workers_read_carries_no_words_at_all(told: World) -> None:
    """Its tables have no walls: they hold numbers of jobs and companies alone."""
    queue = text_of_rows("select args, task_name, queueing_lock, lock from procrastinate_jobs")
    assert queue != ""
    assert crawl.MARK.findall(queue) == []


def parameters(kind: kinds_of_jobs.Kind) -> list[str]:
    """The names of a job's own parameters."""
    found = inspect.signature(kind.run).parameters.values()
    return [one.name for one in found if one.kind is one.KEYWORD_ONLY and one.name not in NO_ROW]


def kinds() -> list[str]:
    """The kinds of jobs of the product that take rows."""
    every = kinds_of_jobs._KINDS
    return sorted(name for name in every if not name.startswith("tests.") and parameters(every[name]))


def test_every_parameter_of_a_job_is_known_here() -> None:
    found = {parameter for name in kinds() for parameter in parameters(kinds_of_jobs.kind(name))}
    assert found <= set(ROW_OF), "say in ROW_OF which row it names, or in NO_ROW that it names none"


def row_of(side: Side, parameter: str) -> int:
    """The number of a row of a company that the parameter may name."""
    if parameter == "event":
        with tenant(side.viewer(Role.ADMINISTRATOR)):
            return Event.objects.filter(company=side.company, shared=False).latest("pk").pk
    return side.rows[ROW_OF[parameter]].pk


def test_no_job_touches_the_row_of_another_company_that_it_is_told(world: World) -> None:
    """However a number came into a job: it works within the walls of whoever asked for it."""
    north, harbor = world["North"], world["Harbor"]
    before = beside_the_roster(harbor)
    viewer = north.viewer(Role.ADMINISTRATOR)
    for name in kinds():
        foreign = {parameter: row_of(harbor, parameter) for parameter in parameters(kinds_of_jobs.kind(name))}
        taken = inspect.signature(kinds_of_jobs.kind(name).run).parameters
        more = {parameter: value for parameter, value in NO_ROW.items() if value and parameter in taken}
        with working_for(viewer):
            job = enqueue(viewer, name, **foreign, **more)
        run_waiting(north.company.pk)
        with tenant(viewer):
            ended = Job.objects.get(pk=job.pk)
        assert crawl.foreign(str((ended.result, ended.problem)), north, Role.ADMINISTRATOR) == set(), name
        assert ended.state in (State.FAILED, State.DONE), name
    assert beside_the_roster(harbor) == before


def beside_the_roster(side: Side) -> dict[str, str]:
    """All rows of a company but the roster's image: new facts renew that of the whole floor, whoever brought them."""
    return {table: rows for table, rows in seen_by(side).items() if not table.startswith(IMAGE)}


def seen_by(side: Side) -> dict[str, str]:
    """All rows of a company by table, as its administrator sees them."""
    with tenant(side.viewer(Role.ADMINISTRATOR)):
        return {
            table: text_of_rows(f"select t::text from {table} t where company_id = %s order by 1", side.company.pk)
            for table in catalogue.with_company()
        }


def test_files_lie_in_the_folder_of_their_company_and_have_no_address(world: World) -> None:
    stranger = world["North"].client(Role.PROJECT_MANAGER)
    files = [file for file in Path(settings.MEDIA_ROOT).rglob("*") if file.is_file()]
    assert files != []
    for file in files:
        within = file.relative_to(settings.MEDIA_ROOT)
        for address in (f"/media/{within}", f"/static/{within}", f"/static/../media/{within}", f"/{within}"):
            assert stranger.get(address).status_code == 404
    for side in world.sides.values():
        folder = Path(settings.MEDIA_ROOT) / str(side.company.pk)
        assert side.rows["import"].folder.is_relative_to(folder)


def test_the_marks_of_others_would_be_found(world: World) -> None:
    """The search of these tests can fail."""
    north = world["North"]
    assert crawl.foreign(world["Harbor"].secret, north, Role.PROJECT_MANAGER) == {world["Harbor"].secret}
    assert crawl.foreign(world["Harbor"].marker, world["Own"], Role.AUDITOR) == set()
    with tenant(north.viewer(Role.ADMINISTRATOR)), connection.cursor() as cursor:
        cursor.execute("select count(*) from jobs_job")
        assert cursor.fetchone()[0] > 0
