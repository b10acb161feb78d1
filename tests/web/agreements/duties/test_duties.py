"""The client's duties: due by the clock of the terms, delivered, objected to, resolved; nobody acts for the other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from agreed import agreed, local, wall_clock
from django.db import DatabaseError, connection, transaction
from world import World

from onefloor_web.agreements.duties import actions
from onefloor_web.agreements.duties.models import Duty, Kind, Objected, State
from onefloor_web.agreements.duties.problems import ByAnswering, Meanwhile, NoClock, NotYet, SeatsMissing
from onefloor_web.agreements.duties.queries import standing
from onefloor_web.agreements.register.models import Agreement
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.scopes import tenant
from onefloor_web.platform.tenancy.viewer import Viewer


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


def notice(viewer: Viewer, agreement: Agreement, effect: str = "2026-10-12 00:00") -> Duty:
    with tenant(viewer):
        return actions.open_duty(
            viewer, agreement, "notice", kind=Kind.CHANGE, asked="New tariff", begins_at=local(effect)
        )


def outage(viewer: Viewer, agreement: Agreement, down: str = "2026-11-13 16:00") -> Duty:
    with tenant(viewer):
        return actions.open_duty(viewer, agreement, "uptime", kind=Kind.UPTIME, asked="CRM", begins_at=local(down))


def refused(statement: str) -> str:
    with pytest.raises(DatabaseError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    return str(caught.value)


def test_notice_is_due_working_days_before_with_holidays_and_moved_workdays(own: Viewer, agreement: Agreement):
    # before Monday 12 October: Saturday 10 is worked, then 9, 8, 7, 6; 1 and 2 are holidays
    assert notice(own, agreement).due_at == local("2026-10-06 18:00")


def test_a_system_is_down_from_to_by_the_clock_on_the_wall(
    own: Viewer, agreement: Agreement, clock: Callable[[str], datetime]
):
    clock("2026-11-13 19:00")
    duty = outage(own, agreement)
    assert duty.due_at == local("2026-11-13 20:00")
    with tenant(own):
        done = actions.record_done(own, duty, at=local("2026-11-13 18:30"), note="INC-7")
    assert (standing(done, local("2026-11-20 09:00")).word, done.recorded_by) == ("kept", own.name)


def test_references_are_numbered_and_the_same_occasion_is_the_same_duty(own: Viewer, agreement: Agreement):
    assert [notice(own, agreement).reference, notice(own, agreement, "2026-12-01 00:00").reference] == [
        "notice-1", "notice-2",
    ]  # fmt: skip
    with tenant(own):
        again = [
            actions.open_duty(
                own, agreement, "notice", kind=Kind.CHANGE, asked="x", begins_at=local("2026-12-01 00:00"),
                reference="CR-7",
            ).pk
            for _ in range(2)
        ]  # fmt: skip
    assert len(set(again)) == 1


def test_a_vendor_claims_and_the_client_confirms_or_does_not(north: Viewer, own: Viewer, agreement: Agreement):
    claims = [outage(north, agreement, f"2026-11-1{n} 10:00") for n in (2, 3)]
    assert {one.state for one in claims} == {State.CLAIMED}
    with tenant(own):
        owed = actions.confirm(own, claims[0], owed=True)
        not_owed = actions.confirm(own, claims[1], owed=False, why="The network was North's")
        with pytest.raises(Meanwhile):
            actions.confirm(own, claims[1], owed=True)
    assert (owed.state, not_owed.state, not_owed.ended_why) == (State.OPEN, State.REFUSED, "The network was North's")


def test_training_is_delivered_when_all_seats_are(own: Viewer, agreement: Agreement, clock):
    clock("2026-11-20 10:00")
    with tenant(own):
        duty = actions.open_duty(
            own,
            agreement,
            "training",
            kind=Kind.TRAINING,
            asked="20 new",
            begins_at=local("2026-11-10 09:00"),
            seats=20,
        )
        with pytest.raises(SeatsMissing):
            actions.record_done(own, duty, at=local("2026-11-19 09:00"), seats=15)
        done = actions.record_done(own, duty, at=local("2026-11-19 09:00"), seats=20)
    assert (done.seats_done, done.due_at) == (20, local("2026-11-24 18:00"))


@pytest.mark.parametrize("at", ["2026-11-13 15:00", "2026-11-14 09:01"])
def test_a_delivery_lies_after_what_asked_for_it_and_not_in_the_future(own: Viewer, agreement: Agreement, clock, at):
    clock("2026-11-14 09:00")
    duty = outage(own, agreement)
    with tenant(own), pytest.raises(NotYet):
        actions.record_done(own, duty, at=local(at))


def test_the_same_delivery_twice_is_as_once_and_another_is_told(own: Viewer, agreement: Agreement, clock):
    clock("2026-11-14 09:00")
    duty, at = outage(own, agreement), local("2026-11-13 17:00")
    with tenant(own):
        first = actions.record_done(own, duty, at=at)
        assert actions.record_done(own, duty, at=at).revision == first.revision
        with pytest.raises(Meanwhile):
            actions.record_done(own, duty, at=local("2026-11-13 18:00"))


@pytest.mark.parametrize(
    ("says", "later", "state", "word"),
    [(Objected.NOT_DONE, None, State.OPEN, "missed"), (Objected.LATER, "2026-11-13 21:00", State.DONE, "missed")],
)
def test_an_accepted_objection_makes_the_record_what_the_vendor_says(
    north: Viewer, own: Viewer, agreement: Agreement, clock, says, later, state, word
):
    now = clock("2026-11-16 09:00")
    duty = outage(own, agreement)
    done_at = local(later) if later else None
    with tenant(own):
        actions.record_done(own, duty, at=local("2026-11-13 17:00"))
    with tenant(north):
        objection = actions.object_to(north, duty, says=says, text="It hung until 21:00", done_at=done_at)
        with pytest.raises(Meanwhile):
            actions.object_to(north, duty, says=says, text="again", done_at=done_at)
    with tenant(own):
        actions.resolve(own, objection, accepted=True)
        with pytest.raises(Meanwhile):
            actions.resolve(own, objection, accepted=False, text="no")
        held = Duty.objects.get(pk=duty.pk)
    assert (held.state, held.done_at, standing(held, now).word) == (state, done_at, word)


def test_an_objection_that_is_not_accepted_leaves_the_record(north: Viewer, own: Viewer, agreement: Agreement, clock):
    clock("2026-11-16 09:00")
    duty = outage(own, agreement)
    with tenant(own):
        done = actions.record_done(own, duty, at=local("2026-11-13 17:00"))
    with tenant(north):
        objection = actions.object_to(north, duty, says=Objected.NOT_DONE, text="Still slow")
    with tenant(own):
        actions.resolve(own, objection, accepted=False, text="Slow is not down")
        assert Duty.objects.get(pk=duty.pk).done_at == done.done_at


def test_a_duty_without_a_clock_in_the_terms_is_refused(own: Viewer, agreement: Agreement):
    with tenant(own), pytest.raises(NoClock) as caught:
        actions.open_duty(
            own, agreement, "forecast", kind=Kind.FORECAST, asked="x", begins_at=local("2026-11-02 09:00")
        )
    assert "notice, uptime, training" in caught.value.why.en


def test_what_was_due_cannot_be_withdrawn_by_anybody(own: Viewer, agreement: Agreement):
    duty = outage(own, agreement, "2026-03-02 10:00")
    with tenant(own):
        assert "cannot be withdrawn" in refused(f"update duties_duty set state = 'withdrawn' where id = {duty.pk}")


@pytest.mark.parametrize(
    "change",
    ["state = 'done', done_at = now()", "due_at = now()", "state = 'withdrawn'", "begins_at = now()", "title = '{}'"],
)
def test_sql_as_the_vendor_changes_nothing_that_is_the_clients(
    north: Viewer, own: Viewer, agreement: Agreement, change: str
):
    duty = outage(own, agreement, "2098-11-13 16:00")
    with tenant(north):
        assert refused(f"update duties_duty set {change} where id = {duty.pk}")
        assert "Cannot delete" in refused(f"delete from duties_duty where id = {duty.pk}")


def test_sql_as_the_vendor_resolves_no_objection_and_owes_nothing_for_the_client(
    north: Viewer, own: Viewer, world: World, agreement: Agreement
):
    columns = "company_id, author_id, given_at, objection_id, accepted, text, by"
    objection = world["North"].rows["objection"].pk
    with tenant(north):
        said = refused(
            f"insert into duties_resolution ({columns}) values"
            f" ({north.company}, {north.company}, now(), {objection}, true, '', 'x')"
        )
        assert "only the client" in said
        with pytest.raises(DatabaseError, match="only the client"), transaction.atomic():
            Duty.objects.create(
                company_id=north.company, duty="uptime", title={"zh": "x", "en": "x"}, kind=Kind.UPTIME, reference="X",
                asked="x", basis="within", span="4 hours", begins_at=local("2026-11-02 09:00"),
                due_at=local("2026-11-02 13:00"), opener_id=north.company, opened_by="x",
            )  # fmt: skip


def test_the_other_vendor_never_sees_a_duty(world: World, own: Viewer, agreement: Agreement):
    duty = notice(own, agreement)
    with tenant(world["Harbor"].viewer(Role.PROJECT_MANAGER)):
        assert not Duty.objects.filter(pk=duty.pk).exists()


@pytest.mark.parametrize("change", ["note = 'x'", "done_by = 'x'", "recorded_at = now()", "recorded_by = 'x'"])
def test_sql_rewrites_nothing_of_a_recorded_delivery(
    north: Viewer, own: Viewer, agreement: Agreement, clock, change: str
):
    clock("2026-11-16 09:00")
    duty = outage(own, agreement)
    with tenant(own):
        actions.record_done(own, duty, at=local("2026-11-13 18:30"), note="INC-7")
    for viewer in (north, own):
        with tenant(viewer):
            said = refused(f"update duties_duty set {change}, revision = revision + 1 where id = {duty.pk}")
        assert "what was recorded" in said


def test_sql_as_the_client_delivers_no_earlier_than_it_has_recorded(own: Viewer, agreement: Agreement, clock):
    clock("2026-11-16 09:00")
    duty = outage(own, agreement)
    with tenant(own):
        done = "state = 'done', done_at = '2026-11-13 17:00+08', recorded_at = '2026-11-13 17:00+08'"
        assert "when it is recorded" in refused(
            f"update duties_duty set {done}, revision = revision + 1 where id = {duty.pk}"
        )
        actions.record_done(own, duty, at=local("2026-11-13 21:00"))
        earlier = "done_at = '2026-11-13 17:00+08', revision = revision + 1"
        assert "what was recorded" in refused(f"update duties_duty set {earlier} where id = {duty.pk}")
        back = "state = 'open', done_at = null, revision = revision + 1"
        assert "what was recorded" in refused(f"update duties_duty set {back} where id = {duty.pk}")


def test_sql_tells_nothing_that_the_facts_were_not(north: Viewer, own: Viewer, agreement: Agreement, clock):
    clock("2026-11-16 09:00")
    duty = outage(own, agreement)
    for viewer in (north, own):
        with tenant(viewer):
            assert "with an account" in refused(f"update duties_duty set told = revision where id = {duty.pk}")
            assert "has not changed" in refused(f"update duties_duty set revision = 5 where id = {duty.pk}")


def test_an_answer_is_recorded_where_it_is_given(world: World, own: Viewer):
    with tenant(own), pytest.raises(ByAnswering):
        actions.record_done(own, world["North"].rows["duty"], at=local("2026-11-13 17:00"))
