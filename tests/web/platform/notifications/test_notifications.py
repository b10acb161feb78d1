"""Notifications: in the pages, by mail at once outside quiet hours, and by the mail of the morning."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.utils import timezone
from job_runs import run_waiting
from world import World

from onefloor.language import Text
from onefloor_web.platform.events import registry
from onefloor_web.platform.events.actions import record
from onefloor_web.platform.jobs import house
from onefloor_web.platform.jobs.actions import enqueue
from onefloor_web.platform.jobs.models import Due, Job
from onefloor_web.platform.notifications import telling
from onefloor_web.platform.notifications.models import Mail, Notification, Preference
from onefloor_web.platform.permissions.roles import MANAGERS, Role
from onefloor_web.platform.tenancy.scopes import tenant, working_for
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.platform.today import providers
from onefloor_web.platform.today.providers import Need

WHAT = Text("北方已签署", "North has signed")


@pytest.fixture(autouse=True)
def kinds(world: World, monkeypatch):
    """One event that managers are told of, nothing that needs anybody, and nothing told while the world was made."""
    for side in world.sides.values():
        for role in side.users:
            with working_for(side.viewer(role)):
                Notification.objects.exclude(kind="worlds.told").delete()
    monkeypatch.setattr(registry, "_KINDS", {})
    monkeypatch.setattr(providers, "_NEEDS", [])
    registry.declare("tests.signed", "tests.signed", tell=MANAGERS)


def sign(world: World, name: str, role: Role, **more) -> None:
    viewer = world[name].viewer(role)
    with working_for(viewer):
        record(viewer, "tests.signed", None, WHAT, page="/today/", **more)


def own(viewer: Viewer) -> list[str]:
    with tenant(viewer):
        return list(Notification.objects.filter(user=viewer.user, kind="tests.signed").values_list("kind", flat=True))


def wish(viewer: Viewer, **how) -> None:
    with working_for(viewer):
        Preference.objects.create(company_id=viewer.company, user_id=viewer.user, **how)


def told(world: World) -> set[str]:
    """Who has a notification: ``company role``."""
    return {f"{name} {role}" for name, side in world.sides.items() for role in side.users if own(side.viewer(role))}


def test_the_roles_of_both_companies_are_told_of_what_both_see(world: World):
    sign(world, "North", Role.ADMINISTRATOR, shared=True)
    assert told(world) == {"Own vendor_manager", "North project_manager"}


def test_what_is_a_company_s_own_is_told_to_that_company(world: World):
    sign(world, "North", Role.ADMINISTRATOR)
    assert told(world) == {"North project_manager"}


def test_nobody_is_told_what_they_did_themselves(world: World):
    sign(world, "North", Role.PROJECT_MANAGER, shared=True)
    assert told(world) == {"Own vendor_manager"}


def test_who_asked_for_a_job_is_told_of_its_end(world: World):
    viewer = world["North"].viewer(Role.LEADER)
    with working_for(viewer):
        enqueue(viewer, "tests.write", text="x", subject="file 1")
        enqueue(viewer, "tests.refuse", text="y")
    run_waiting(viewer.company)
    with tenant(viewer):
        texts = list(Notification.objects.filter(kind="jobs.ended").order_by("pk").values_list("what__en", flat=True))
    assert texts == ["Write · file 1 is done.", "Refuse did not finish."]


def test_the_bell_counts_and_the_page_marks_as_read(world: World):
    sign(world, "North", Role.ADMINISTRATOR)
    client, viewer = world["North"].client(Role.PROJECT_MANAGER), world["North"].viewer(Role.PROJECT_MANAGER)
    page = client.get("/notifications/").content.decode()
    assert "通知：1 条未读" in page
    assert WHAT.zh in page
    with tenant(viewer):
        number = Notification.objects.get().pk
    assert client.get(f"/notifications/{number}/").headers["Location"] == "/today/"
    assert "条未读" not in client.get("/notifications/").content.decode()


def test_all_are_read_at_once(world: World):
    for _ in range(3):
        sign(world, "North", Role.ADMINISTRATOR)
    client = world["North"].client(Role.PROJECT_MANAGER)
    assert client.post("/notifications/readings/").status_code == 302
    assert "条未读" not in client.get("/notifications/").content.decode()


def test_another_user_s_notification_does_not_exist(world: World):
    sign(world, "North", Role.ADMINISTRATOR)
    with tenant(world["North"].viewer(Role.PROJECT_MANAGER)):
        number = Notification.objects.get().pk
    for name, role in (("North", Role.LEADER), ("North", Role.ADMINISTRATOR), ("Own", Role.VENDOR_MANAGER)):
        client = world[name].client(role)
        assert client.get(f"/notifications/{number}/").status_code == 404
        assert WHAT.zh not in client.get("/notifications/").content.decode()


def test_a_mail_at_once_for_those_who_want_it_in_their_language(world: World):
    viewer = world["North"].viewer(Role.PROJECT_MANAGER)
    wish(viewer, mail=Mail.AT_ONCE)
    user = world["North"].users[Role.PROJECT_MANAGER]
    user.language = "en"
    with working_for(viewer):
        user.save(update_fields=["language"])
    sign(world, "North", Role.ADMINISTRATOR)
    run_waiting(viewer.company)
    assert [(one.to, one.subject.endswith("North has signed")) for one in mail.outbox] == [([user.email], True)]


def test_what_has_been_read_meanwhile_is_not_mailed(world: World):
    viewer = world["North"].viewer(Role.PROJECT_MANAGER)
    wish(viewer, mail=Mail.AT_ONCE)
    sign(world, "North", Role.ADMINISTRATOR)
    with working_for(viewer):
        telling.mark_read(None, viewer)
    run_waiting(viewer.company)
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("at", "hours"), [(time(21, 59), 0), (time(22), 9), (time(23), 8), (time(1), 6), (time(6, 30), 0.5), (time(7), 0)]
)
def test_quiet_hours_reach_over_midnight(at: time, hours: float):
    preference = Preference(quiet_from=time(22), quiet_until=time(7))
    moment = datetime.combine(datetime(2026, 11, 21).date(), at, tzinfo=UTC)
    assert telling.quiet_for(preference, moment) == timedelta(hours=hours)


def test_in_quiet_hours_the_mail_waits_for_their_end(world: World, monkeypatch):
    viewer = world["North"].viewer(Role.PROJECT_MANAGER)
    wish(viewer, mail=Mail.AT_ONCE, quiet_from=time(22), quiet_until=time(7))
    monkeypatch.setattr(telling, "now", lambda: datetime(2026, 11, 21, 23, tzinfo=UTC))
    sign(world, "North", Role.ADMINISTRATOR)
    with tenant(viewer):
        job = Job.objects.get(kind=telling.MAIL)
    assert abs(job.not_before - timezone.now() - timedelta(hours=8)) < timedelta(minutes=1)


def morning(world: World) -> None:
    """Half past eight on the floor's clock, and a worker that has the time."""
    due = house.last_time("30 8 * * *", timezone.now(), ZoneInfo("Asia/Shanghai"))
    Due.objects.update_or_create(name="notifications.daily", defaults={"at": due - timedelta(days=1)})
    for side in world.sides.values():
        with working_for(side.viewer(Role.ADMINISTRATOR)):
            enqueue(side.viewer(Role.ADMINISTRATOR), "notifications.daily")
        run_waiting(side.company.pk)


def test_the_mail_of_the_morning_has_the_rows_of_today_of_its_reader_alone(world: World):
    providers.needs(
        lambda viewer: (
            [Need(f"{viewer.code} needs you", "/x/", "Open", timezone.now() - timedelta(days=1, hours=2))]
            if Role.PROJECT_MANAGER in viewer.roles
            else []
        )
    )
    morning(world)
    assert {tuple(one.to) for one in mail.outbox} == {
        (world[name].users[Role.PROJECT_MANAGER].email,) for name in ("North", "Harbor")
    }
    north = next(one for one in mail.outbox if "north" in one.to[0])
    assert "North needs you" in north.body
    assert "已超时 1 天 2 小时" in north.body
    assert "Harbor" not in north.body


def test_no_mail_in_the_morning_where_nothing_waits_or_nobody_wants_one(world: World):
    morning(world)
    assert mail.outbox == []
    sign(world, "North", Role.ADMINISTRATOR)
    wish(world["North"].viewer(Role.PROJECT_MANAGER), mail=Mail.NEVER)
    morning(world)
    assert mail.outbox == []


def test_the_form_of_wishes_keeps_and_refuses(world: World):
    client = world["North"].client(Role.PROJECT_MANAGER)
    at = "/notifications/preferences/"
    assert client.get(at).status_code == 200
    half = client.post(at, {"mail": "at_once", "quiet_from": "22:00", "quiet_until": ""})
    assert "免打扰时段需要同时填写开始和结束" in half.content.decode()
    assert client.post(at, {"mail": "at_once", "quiet_from": "22:00", "quiet_until": "07:00"}).status_code == 302
    with tenant(world["North"].viewer(Role.PROJECT_MANAGER)):
        kept = Preference.objects.get()
    assert (kept.mail, kept.quiet_from, kept.quiet_until) == ("at_once", time(22), time(7))
