"""The client's time to answer a claim of a duty and an objection to a delivery, and what the terms say of silence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from agreed import TERMS, agreed, local, wall_clock
from django.utils.translation import override
from world import World

from onefloor_web.agreements.duties import actions, jobs
from onefloor_web.agreements.duties.models import Duty, Kind, Objected, Objection, State
from onefloor_web.agreements.duties.silence import answer_by, then_words
from onefloor_web.agreements.register.models import Agreement
from onefloor_web.platform.calendars.providers import deadlines_of
from onefloor_web.platform.events.models import Event
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.scopes import tenant
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.platform.today.providers import needs_of

GRANTED = f"{TERMS}procedure: {{claim: 2 working days, unanswered: granted}}\n"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], datetime]:
    return wall_clock(monkeypatch)


@pytest.fixture
def north(world: World) -> Viewer:
    return world["North"].viewer(Role.PROJECT_MANAGER)


@pytest.fixture
def own(world: World) -> Viewer:
    return world["Own"].viewer(Role.VENDOR_MANAGER)


def claimed(north: Viewer, agreement: Agreement) -> Duty:
    """North says on Friday 13 November that the client owes a system."""
    with tenant(north):
        return actions.open_duty(
            north, agreement, "uptime", kind=Kind.UPTIME, asked="CRM", begins_at=local("2026-11-13 09:30")
        )


def objected(north: Viewer, own: Viewer, agreement: Agreement) -> tuple[Duty, Objection]:
    """The client recorded the system as up again, North says that it was not."""
    with tenant(own):
        duty = actions.open_duty(
            own, agreement, "uptime", kind=Kind.UPTIME, asked="CRM", begins_at=local("2026-11-13 09:30")
        )
        actions.record_done(own, duty, at=local("2026-11-13 09:45"), note="INC-7")
    with tenant(north):
        return duty, actions.object_to(north, duty, says=Objected.NOT_DONE, text="Still down")


def silence(own: Viewer) -> int:
    with tenant(own):
        return int(jobs.silence(own, lambda *_: None)["late"])


def test_a_claim_waits_five_working_days_on_today_and_in_calendars(world: World, north: Viewer, own: Viewer, clock):
    agreement = agreed(world)
    clock("2026-11-13 10:00")
    duty = claimed(north, agreement)
    with tenant(own), override("en"):
        assert answer_by(duty) == local("2026-11-20 18:00")
        assert then_words(duty).endswith("after that both companies are reminded.")
        assert [one.due for one in needs_of(own) if one.url == f"/duties/{duty.pk}/"] == [local("2026-11-20 18:00")]
        assert [one.at for one in deadlines_of(own) if one.key == f"duty-{duty.pk}-claim"] == [
            local("2026-11-20 18:00")
        ]


def test_by_default_both_are_reminded_once(world: World, north: Viewer, own: Viewer, clock):
    agreement = agreed(world)
    clock("2026-11-13 10:00")
    duty = claimed(north, agreement)
    clock("2026-11-20 17:59")
    assert silence(own) == 0
    clock("2026-11-20 18:01")
    assert (silence(own), silence(own), silence(north)) == (1, 0, 0)
    with tenant(own):
        duty.refresh_from_db()
        assert duty.state == State.CLAIMED
        assert Event.objects.filter(name="duties.unanswered", number=duty.pk, shared=True).count() == 1


def test_where_the_terms_say_so_silence_grants_a_claim(world: World, north: Viewer, own: Viewer, clock):
    agreement = agreed(world, more=GRANTED)
    clock("2026-11-13 10:00")
    duty = claimed(north, agreement)
    clock("2026-11-17 18:01")
    assert (silence(own), silence(own)) == (1, 0)
    with tenant(own):
        duty.refresh_from_db()
        assert duty.state == State.OPEN


def test_and_an_objection(world: World, north: Viewer, own: Viewer, clock):
    agreement = agreed(world, more=GRANTED)
    clock("2026-11-13 10:00")
    duty, objection = objected(north, own, agreement)
    with tenant(own):
        assert answer_by(duty, objection) == local("2026-11-17 18:00")
    clock("2026-11-17 18:01")
    assert silence(own) == 1
    with tenant(own):
        duty.refresh_from_db()
        assert (duty.state, duty.done_at) == (State.OPEN, None)
        assert Objection.objects.get(pk=objection.pk).resolution.accepted
