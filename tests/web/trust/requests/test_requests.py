"""The life of a request between two companies: whose turn it is, what the clock says, and who may do what."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from agreed import agreed, local, wall_clock
from django.db import DatabaseError, connection, transaction
from world import World

from onefloor_web.agreements.duties.models import Duty
from onefloor_web.agreements.duties.models import State as DutyState
from onefloor_web.agreements.duties.queries import standing
from onefloor_web.agreements.register.models import Agreement
from onefloor_web.platform.events.models import Event
from onefloor_web.platform.notifications.models import Notification
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.scopes import tenant
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.trust.requests import actions, queries
from onefloor_web.trust.requests.models import Message, Request, Route, State
from onefloor_web.trust.requests.problems import Meanwhile, NoSuchClass, SentBackBefore

FRIDAY, DUE = "2026-11-13 16:00", "2026-11-17 14:00"  # 16 working hours over a weekend


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], datetime]:
    return wall_clock(monkeypatch)


@pytest.fixture
def north(world: World) -> Viewer:
    return world["North"].viewer(Role.PROJECT_MANAGER)


@pytest.fixture
def own(world: World) -> Viewer:
    return world["Own"].viewer(Role.VENDOR_MANAGER)


@pytest.fixture
def agreement(world: World) -> Agreement:
    return agreed(world)


@pytest.fixture
def request_(north: Viewer, agreement: Agreement, clock: Callable[[str], datetime]) -> Request:
    clock(FRIDAY)
    with tenant(north):
        return actions.raise_request(north, agreement, "problem", subject="Refund rule", text="Who refunds?")


def the_duty(viewer: Viewer, request: Request) -> Duty:
    with tenant(viewer):
        return actions.duty_of(request)


def refused(statement: str) -> str:
    with pytest.raises(DatabaseError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    return str(caught.value)


def test_a_request_gets_the_clock_of_its_class_over_the_weekend(north: Viewer, request_: Request):
    assert (request_.state, request_.due_at) == (State.OPEN, local(DUE))
    duty = the_duty(north, request_)
    assert (duty.duty, duty.reference, duty.due_at, duty.state) == ("answer", request_.code, local(DUE), DutyState.OPEN)


def test_a_question_back_stops_the_clock_and_the_reply_lets_it_run_on(
    north: Viewer, own: Viewer, request_: Request, clock: Callable[[str], datetime]
):
    asked = clock("2026-11-16 10:00")  # 3 of 16 working hours are used
    with tenant(own):
        held = actions.ask_back(own, request_, request_.turn, "Which tariff?")
    assert (held.state, held.due_at, held.rest_ms) == (State.ASKED, None, 13 * 3_600_000)
    assert (held.stopped_at, held.stopped_by) == (asked, own.name)
    duty = the_duty(north, held)
    assert standing(duty, local("2026-12-01 09:00")).word == "stopped"
    clock("2026-11-18 17:00")
    with tenant(north):
        held = actions.reply(north, held, held.turn, "The old one.")
    assert (held.state, held.due_at, held.stopped_at) == (State.OPEN, local("2026-11-20 12:00"), None)
    assert the_duty(north, held).due_at == local("2026-11-20 12:00")


def test_where_the_class_says_so_the_clock_runs_on_while_a_question_is_open(
    north: Viewer, own: Viewer, agreement: Agreement, clock: Callable[[str], datetime]
):
    clock(FRIDAY)
    with tenant(north):
        made = actions.raise_request(north, agreement, "defect", subject="CRM down", text="No login")
    with tenant(own):
        held = actions.ask_back(own, made, made.turn, "Since when?")
    assert (held.state, held.due_at, held.stopped_by) == (State.ASKED, local("2026-11-13 20:00"), "")


def test_an_answer_in_time_keeps_the_duty_and_the_asker_accepts(
    north: Viewer, own: Viewer, request_: Request, clock: Callable[[str], datetime]
):
    at = clock("2026-11-17 13:00")
    with tenant(own):
        held = actions.answer(own, request_, 1, "North does.", link="https://kb.example/refunds")
    duty = the_duty(own, held)
    assert (duty.state, duty.done_at, standing(duty, at).word) == (DutyState.DONE, at, "kept")
    with tenant(north):
        held = actions.accept(north, held, held.turn, "Thank you")
        assert [one.message.kind for one in queries.thread(held)] == ["request", "answer", "closed"]
        assert not queries.requests(north).filter(queries.moving(), pk=held.pk).exists()
    assert (held.state, held.closed_at) == (State.ACCEPTED, at)


def test_an_answer_is_sent_back_once_with_what_was_left_of_the_clock(
    north: Viewer, own: Viewer, request_: Request, clock: Callable[[str], datetime]
):
    clock("2026-11-16 10:00")
    with tenant(own):
        held = actions.answer(own, request_, 1, "Look it up.")
    clock("2026-11-19 17:00")
    with tenant(north):
        held = actions.send_back(north, held, held.turn, "Where?")
    assert (held.state, held.due_at) == (State.OPEN, local("2026-11-23 12:00"))  # 13 hours: 1 + 9 + 3
    duty = the_duty(north, held)
    assert (duty.state, duty.done_at, duty.due_at) == (DutyState.OPEN, None, local("2026-11-23 12:00"))
    with tenant(own):
        held = actions.answer(own, held, held.turn, "In chapter 4.")
    with tenant(north):
        with pytest.raises(SentBackBefore):
            actions.send_back(north, held, held.turn, "Again")
        assert actions.close_unsolved(north, held, held.turn, "No use").state == State.UNSOLVED


def test_an_accepted_request_is_reopened_once(
    north: Viewer, own: Viewer, request_: Request, clock: Callable[[str], datetime]
):
    clock("2026-11-17 13:30")
    with tenant(own):
        held = actions.answer(own, request_, 1, "Yes.")
    with tenant(north):
        held = actions.accept(north, held, held.turn)
    clock("2026-11-23 09:00")
    with tenant(north):
        held = actions.send_back(north, held, held.turn, "It came back.")
        assert (held.state, held.due_at, held.closed_at) == (State.OPEN, local("2026-11-23 09:30"), None)


def test_a_late_answer_that_is_sent_back_is_late_still(
    north: Viewer, own: Viewer, request_: Request, clock: Callable[[str], datetime]
):
    clock("2026-11-18 10:00")
    with tenant(own):
        held = actions.answer(own, request_, 1, "Late.")
    with tenant(north):
        held = actions.send_back(north, held, held.turn, "Not that.")
    assert held.due_at == local(DUE)


def test_an_answer_while_the_clock_stands_still_is_in_time(
    own: Viewer, request_: Request, clock: Callable[[str], datetime]
):
    clock("2026-11-16 10:00")
    with tenant(own):
        held = actions.ask_back(own, request_, 1, "Which?")
    at = clock("2026-12-07 09:00")
    with tenant(own):
        held = actions.answer(own, held, held.turn, "Found it myself.")
    duty = the_duty(own, held)
    assert (duty.due_at, standing(duty, at).word) == (local("2026-12-08 13:00"), "kept")


def test_of_two_answers_at_once_the_second_is_told_how_it_stands(own: Viewer, request_: Request):
    with tenant(own):
        actions.answer(own, request_, 1, "First")
        with pytest.raises(Meanwhile) as caught:
            actions.answer(own, request_, 1, "Second")
        assert Message.objects.filter(request=request_, kind="answer").count() == 1
    assert "answered" in caught.value.what.en


def test_a_double_click_acts_once(north: Viewer, own: Viewer, request_: Request):
    with tenant(own):
        held = actions.ask_back(own, request_, 1, "Which?")
    with tenant(north):
        actions.reply(north, held, held.turn, "That one")
        with pytest.raises(Meanwhile):
            actions.reply(north, held, held.turn, "That one")
        assert Message.objects.filter(request=request_, kind="reply").count() == 1


@pytest.mark.parametrize("late", [False, True])
def test_a_withdrawn_request_counts_only_if_it_was_late(
    north: Viewer, request_: Request, clock: Callable[[str], datetime], late: bool
):
    clock("2026-11-18 10:00" if late else "2026-11-16 10:00")
    with tenant(north):
        held = actions.withdraw(north, request_, 1, "Solved")
        duty = actions.duty_of(held)
    assert (held.state, duty.state) == (State.WITHDRAWN, DutyState.OPEN if late else DutyState.WITHDRAWN)


def test_a_class_that_the_terms_do_not_have_is_refused(north: Viewer, agreement: Agreement):
    with tenant(north), pytest.raises(NoSuchClass) as caught:
        actions.raise_request(north, agreement, "authority", subject="x", text="x")
    assert "problem, defect" in caught.value.remedy.en


def test_without_an_agreement_a_sensible_set_of_classes_holds(world: World, clock: Callable[[str], datetime]):
    harbor = world["Harbor"].viewer(Role.LEADER)
    clock(FRIDAY)
    with tenant(harbor):
        made = actions.raise_request(harbor, None, "authority", subject="x", text="x")
        assert (made.due_at, made.duty) == (local("2026-11-16 15:00"), "answer")


def test_new_requests_go_to_whoever_looks_after_their_class(
    world: World, north: Viewer, own: Viewer, agreement: Agreement
):
    qa = world["Own"].users["qa"]
    with tenant(own):
        Route.objects.create(company_id=own.company, kind="problem", user=qa)
    with tenant(north):
        made = actions.raise_request(north, agreement, "problem", subject="Routed", text="x")
        other = actions.raise_request(north, agreement, "defect", subject="Not routed", text="x")
    with tenant(world["Own"].viewer(Role.QA)):
        made.refresh_from_db()
        assert (made.handler, made.handler_name) == (qa.pk, str(qa))
        assert [row.page for row in Notification.objects.filter(kind="requests.raised")] == [f"/requests/{made.pk}/"]
    with tenant(own):
        pages = [row.page for row in Notification.objects.filter(kind="requests.raised", user=own.user)]
    assert pages == [f"/requests/{other.pk}/"]


def test_both_companies_read_the_same_story_and_the_other_vendor_none(world: World, own: Viewer, request_: Request):
    with tenant(own):
        actions.answer(own, request_, 1, "Yes.")
    seen = {}
    for name in ("Own", "North", "Harbor"):
        viewer = world[name].viewer(Role.EXECUTIVE)
        with tenant(viewer):
            rows = Event.objects.filter(about="requests.request", number=request_.pk)
            seen[name] = [row.name for row in rows]
            assert Request.objects.filter(pk=request_.pk).exists() == (name != "Harbor")
    both = ["requests.raised", "requests.answered"]
    assert seen == {"Own": both, "North": both, "Harbor": []}


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("state = 'answered', turn = 2", "only the client"),
        ("state = 'asked', turn = 2", "only the client"),
        ("due_at = now()", "does not move so"),
        ("subject = 'x'", "occasion|Cannot update|request_stays"),
        ("state = 'accepted'", "Invalid transition|state_goes_on|transition"),
    ],
)
def test_sql_as_the_vendor_does_nothing_for_the_client(north: Viewer, request_: Request, change: str, why: str):
    with tenant(north):
        said = refused(f"update requests_request set {change} where id = {request_.pk}")
    assert any(part in said for part in why.split("|")), said


def test_sql_as_the_client_does_nothing_for_the_vendor(own: Viewer, request_: Request):
    with tenant(own):
        assert "only the asking company" in refused(
            f"update requests_request set state = 'withdrawn' where id = {request_.pk}"
        )
        assert "Cannot delete" in refused(f"delete from requests_request where id = {request_.pk}")
        assert refused(f"update requests_message set text = 'x' where request_id = {request_.pk}")
