"""The clock of a request, and of the duty it feeds: what each side may write of it, also in SQL."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from agreed import agreed, local, wall_clock
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from world import World

from onefloor_web.agreements.duties.actions import confirm
from onefloor_web.agreements.duties.models import State as DutyState
from onefloor_web.agreements.register.models import Agreement
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.scopes import tenant
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.trust.requests import actions
from onefloor_web.trust.requests.models import Request

MONDAY = "2026-11-16 10:00"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], datetime]:
    return wall_clock(monkeypatch)


@pytest.fixture
def agreement(world: World) -> Agreement:
    return agreed(world)


@pytest.fixture
def north(world: World) -> Viewer:
    return world["North"].viewer(Role.LEADER)


@pytest.fixture
def own(world: World) -> Viewer:
    return world["Own"].viewer(Role.VENDOR_MANAGER)


@pytest.fixture
def request_(north: Viewer, agreement: Agreement, clock: Callable[[str], datetime]) -> Request:
    """16 working hours from Monday at ten."""
    clock(MONDAY)
    with tenant(north):
        return actions.raise_request(north, agreement, "problem", subject="Refunds", text="Which rule?")


def refused(viewer: Viewer, statement: str) -> str:
    with tenant(viewer), pytest.raises(DatabaseError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    return str(caught.value)


DUTY = (
    "insert into duties_duty (company_id, duty, title, kind, reference, asked, page, basis, span, begins_at, due_at,"
    " state, done_by, note, recorded_by, opener_id, opened_by, opened_at, ended_why, reopened, revision, told)"
    " values ({company}, 'answer', '{{}}', 'answer', 'R-0', 'x', '', 'within', '16 working hours',"
    " now() - interval '9 days', {due}, '{state}', '', '', '', {opener}, 'x', now(), '', 0, 1, 0)"
)


def test_a_vendor_does_not_write_that_an_answer_is_late_already(north: Viewer, own: Viewer, agreement: Agreement):
    late = {"company": north.company, "opener": north.company, "due": "now() - interval '1 day'"}
    assert "only the client" in refused(north, DUTY.format(**late, state="open"))
    with tenant(north), connection.cursor() as cursor:
        cursor.execute(DUTY.format(**late, state="claimed"))
    assert "owed to who asked" in refused(own, DUTY.format(**late, state="open"))


def test_what_was_due_before_it_stood_here_the_client_confirms(north: Viewer, own: Viewer, agreement: Agreement):
    with tenant(north):
        asked = timezone.now() - timedelta(days=30)
        made = actions.raise_request(north, agreement, "problem", subject="Old", text="Asked by mail", at=asked)
        duty = actions.duty_of(made)
    assert duty.state == DutyState.CLAIMED
    with tenant(own):
        assert confirm(own, duty, owed=True).state == DutyState.OPEN
        assert actions.answer(own, made, made.turn, "Here it is").state == "answered"


@pytest.mark.parametrize(
    "change",
    [
        "due_at = due_at + interval '1 year'", "due_at = null", "due_at = due_at - interval '1 hour'",
        "state = 'done', done_at = '2099-01-01'",
    ],
)  # fmt: skip
def test_neither_side_moves_when_an_answer_is_due(north: Viewer, own: Viewer, request_: Request, change: str):
    with tenant(north):
        duty = actions.duty_of(request_)
    for viewer in (north,) if change == "due_at = null" else (north, own):
        refused(viewer, f"update duties_duty set {change} where id = {duty.pk}")


@pytest.mark.parametrize(
    "change",
    [
        "due_at = due_at + interval '1 year'", "due_at = null, rest_ms = 2000000000",
        "due_at = due_at + interval '1 day'", "due_at = null, rest_ms = -1",
    ],
)  # fmt: skip
def test_a_question_back_leaves_no_more_than_there_is(own: Viewer, request_: Request, change: str):
    asked = f"update requests_request set state = 'asked', {change} where id = {request_.pk}"
    assert "does not move so" in refused(own, asked)


def test_a_clock_that_is_over_does_not_stop(own: Viewer, request_: Request, clock: Callable[[str], datetime]):
    clock("2026-12-16 10:00")
    stopped = f"update requests_request set state = 'asked', due_at = null, rest_ms = 1 where id = {request_.pk}"
    assert "does not move so" in refused(own, stopped)


def test_it_runs_on_with_no_less_than_was_left(
    north: Viewer, own: Viewer, request_: Request, clock: Callable[[str], datetime]
):
    with tenant(own):
        asked = actions.ask_back(own, request_, 1, "Which plan?")
        duty = actions.duty_of(asked)
    at = clock("2026-11-16 11:00")
    soon = (at + timedelta(hours=1)).isoformat()
    on = f"update requests_request set state = 'open', rest_ms = null, due_at = '{soon}' where id = {asked.pk}"
    assert "does not move so" in refused(north, on)
    runs = f"update duties_duty set due_at = '{soon}', revision = revision + 1 where id = {duty.pk}"
    assert "runs on as its request" in refused(north, runs)
    with tenant(north):
        replied = actions.reply(north, asked, 2, "The blue one")
        assert replied.due_at == actions.duty_of(replied).due_at
        assert replied.due_at > local("2026-11-16 11:00") + timedelta(hours=16)


@pytest.fixture
def late(own: Viewer, request_: Request, clock: Callable[[str], datetime]) -> Request:
    """Due on Tuesday, answered on Friday."""
    clock("2026-11-20 10:00")
    with tenant(own):
        return actions.answer(own, request_, request_.turn, "Rule 5.")


def test_the_client_does_not_rewrite_a_late_answer(own: Viewer, late: Request):
    duty = "update duties_duty set done_at = due_at - interval '1 hour', revision = revision + 1"
    assert "what was recorded" in refused(own, f"{duty} where reference = '{late.code}'")
    asked = f"update requests_request set answered_at = due_at - interval '1 hour' where id = {late.pk}"
    assert "answered and closed when it is" in refused(own, asked)


@pytest.mark.parametrize("at", ["due_at - interval '1 hour'", "now()"])
def test_the_client_records_no_answer_that_it_has_not_given(own: Viewer, request_: Request, clock, at: str):
    clock("2026-11-20 10:00")
    done = f"state = 'done', done_at = {at}, recorded_at = wall_clock(), revision = revision + 1"
    assert refused(own, f"update duties_duty set {done} where reference = '{request_.code}'")
    now = done.replace(at, "wall_clock()")
    assert "as its request does" in refused(own, f"update duties_duty set {now} where reference = '{request_.code}'")


def test_the_asker_sends_no_answer_back_that_makes_it_late(
    north: Viewer, own: Viewer, request_: Request, clock: Callable[[str], datetime]
):
    with tenant(own):
        answered = actions.answer(own, request_, request_.turn, "Rule 5.")
    clock("2026-11-20 10:00")
    duty = "state = 'open', done_at = null, done_by = '', note = '', reopened = 1, revision = revision + 1"
    assert "as its request does" in refused(north, f"update duties_duty set {duty} where reference = '{answered.code}'")
    asked = "state = 'open', answered_at = null, closed_at = null, rounds = 1, turn = turn + 1"
    assert "owed from now" in refused(north, f"update requests_request set {asked} where id = {answered.pk}")
