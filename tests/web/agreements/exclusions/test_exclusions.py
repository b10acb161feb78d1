"""One side proposes, the other answers; nobody answers for the other, also not in SQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from world import World
from worlds.exclusions import EFFECT
from worlds.uploads import text

from onefloor.agreements.terms.agreement import parse_agreement
from onefloor.periods import Month
from onefloor.problems import Problem
from onefloor_web.agreements.exclusions import actions, queries
from onefloor_web.agreements.exclusions.actions import NoReason, NotSigned, NotWeighed, OneSide, Settled
from onefloor_web.agreements.exclusions.models import Answer, Exclusion, State
from onefloor_web.agreements.register.actions import sign_version
from onefloor_web.agreements.register.models import Agreement
from onefloor_web.platform.events.models import Event
from onefloor_web.platform.notifications.models import Notification
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.scopes import bound, tenant
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.platform.today.providers import needs_of
from onefloor_web.platform.uploads.models import Attachment
from onefloor_web.platform.uploads.queries import attachments_of
from onefloor_web.records.rosters import signed

SAID = {
    "reason": "client_outage", "words": {"zh": "系统中断", "en": "The system was down"}, "note": "",
    "starts": datetime(2026, 10, 14, 2, 0, tzinfo=UTC), "ends": datetime(2026, 10, 14, 3, 30, tzinfo=UTC),
    "where": {}, "clauses": [],
}  # fmt: skip


@pytest.fixture
def north(world: World) -> Viewer:
    return world["North"].viewer(Role.PROJECT_MANAGER)


@pytest.fixture
def own(world: World) -> Viewer:
    return world["Own"].viewer(Role.VENDOR_MANAGER)


@pytest.fixture
def agreement(world: World, own: Viewer) -> Agreement:
    """North's, signed by both; the exclusion of the world is answered, so that the list begins clean."""
    with tenant(world["Own"].viewer(Role.SIGNATORY)):
        sign_version(own, world["North"].rows["version"])
        actions.answer(own, world["North"].rows["exclusion"], approved=False, why="no outage on record")
    return world["North"].rows["agreement"]


def weighed(viewer: Viewer, agreement: Agreement, **said: object) -> Exclusion:
    one = actions.draft(viewer, agreement, {**SAID, **said})
    one.effect = EFFECT
    one.save()
    return one


def proposed(viewer: Viewer, agreement: Agreement, **said: object) -> Exclusion:
    with tenant(viewer):
        return actions.propose(viewer, weighed(viewer, agreement, **said))


def refused(statement: str, *values: object) -> str:
    with pytest.raises(DatabaseError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
    return str(caught.value)


def written(viewer: Viewer, agreement: Agreement) -> dict[str, tuple[bool, list[tuple[str, str]]]]:
    """Whether each exclusion of the composed terms takes effect, and who agreed."""
    with tenant(viewer):
        terms = parse_agreement(queries.composed(agreement))
    return {
        one.id: (one.approved, [(said.party, said.person) for said in one.approvals])
        for one in terms.versions[-1].exclusions
    }


def test_what_both_approved_takes_effect_and_both_read_the_same_text(north: Viewer, own: Viewer, agreement: Agreement):
    one = proposed(north, agreement)
    alone = (False, [("company", north.name)])
    before = written(own, agreement)
    assert (before["X-3"], before["X-1"][0]) == (alone, False)
    with tenant(own):
        answer = actions.answer(own, one, approved=True)
        assert (queries.state_of(Exclusion.objects.get(pk=one.pk)), answer.corrects) == (State.APPROVED, [])
    assert written(own, agreement)["X-3"] == (True, [("company", north.name), ("client", own.name)])
    with tenant(own):
        text = queries.composed(agreement)
    with tenant(north):
        assert queries.composed(agreement) == text


def test_the_client_proposes_as_well(north: Viewer, own: Viewer, agreement: Agreement):
    one = proposed(own, agreement, where={"queue": ["tech"]})
    with tenant(north):
        actions.answer(north, one, approved=True)
    assert written(north, agreement)["X-3"] == (True, [("client", own.name), ("company", north.name)])


def test_a_refused_one_is_listed_without_effect_and_a_withdrawn_one_is_not(
    north: Viewer, own: Viewer, agreement: Agreement
):
    one, other = proposed(north, agreement), proposed(north, agreement)
    with tenant(own):
        with pytest.raises(NoReason):
            actions.answer(own, one, approved=False, why=" ")
        actions.answer(own, one, approved=False, why="no ticket")
        assert Event.objects.filter(name="exclusions.refused", why="no ticket", shared=True).count() == 1
    with tenant(north):
        actions.withdraw(north, other, why="a slip")
        actions.withdraw(north, other, why="again")
        assert Exclusion.objects.get(pk=other.pk).withdrawn_why == "a slip"
    found = written(own, agreement)
    assert (found["X-3"][0], "X-4" in found) == (False, False)


def test_answering_twice_changes_nothing_and_otherwise_is_refused(north: Viewer, own: Viewer, agreement: Agreement):
    one = proposed(north, agreement)
    with tenant(own):
        assert actions.answer(own, one, approved=True) == actions.answer(own, one, approved=True)
        with pytest.raises(Settled):
            actions.answer(own, one, approved=False, why="no")
    with tenant(north), pytest.raises(Settled):
        actions.withdraw(north, one, why="late")


def test_nobody_answers_the_own_proposal(north: Viewer, own: Viewer, agreement: Agreement):
    one = proposed(north, agreement)
    with tenant(north), pytest.raises(OneSide):
        actions.answer(north, one, approved=True)
    with tenant(own), pytest.raises(OneSide):
        actions.withdraw(own, one, why="not mine")


def test_it_is_looked_at_before_it_is_proposed_and_a_changed_draft_again(north: Viewer, agreement: Agreement):
    with tenant(north):
        one = weighed(north, agreement)
        actions.draft(north, agreement, {**SAID, "reason": "waiver"}, one)
        with pytest.raises(NotWeighed):
            actions.propose(north, one)


def test_without_a_signed_agreement_nothing_is_drafted(world: World, north: Viewer):
    with tenant(north), pytest.raises(NotSigned):
        actions.draft(north, world["North"].rows["agreement"], SAID)
    with tenant(north):
        assert queries.composed(world["North"].rows["agreement"]) == ""


def test_what_nobody_answers_in_time_expires(north: Viewer, own: Viewer, agreement: Agreement, monkeypatch):
    one = proposed(north, agreement)
    assert one.answer_by is not None
    later = one.answer_by + timedelta(minutes=1)
    assert queries.state_of(one, later) == State.EXPIRED
    monkeypatch.setattr(timezone, "now", lambda: later)
    with tenant(own), pytest.raises(Settled):
        actions.answer(own, one, approved=True)


def test_the_clock_begins_when_its_last_month_is_over(north: Viewer, agreement: Agreement):
    ends = timezone.now() + timedelta(days=40)
    one = proposed(north, agreement, starts=timezone.now(), ends=ends)
    with tenant(north):
        local = actions.zone_of(agreement)
    last = queries.months_of(one, local)[-1]
    assert one.answer_by is not None
    day = one.answer_by.astimezone(local).date()
    assert (day - datetime(last.following().year, last.following().month, 1).date()).days in range(4, 9)


def test_an_approval_of_a_locked_month_says_what_it_corrects(
    north: Viewer, own: Viewer, agreement: Agreement, monkeypatch
):
    monkeypatch.setattr(signed, "_TELLERS", [lambda company: {Month(2026, 10)} if company == "North" else set()])
    one = proposed(north, agreement)
    with tenant(own):
        answer = actions.answer(own, one, approved=True)
        assert answer.months == [Month(2026, 10)]


def test_a_second_person_answers_for_own_staff(world: World, own: Viewer):
    shadow = world["Own"].rows["agreement"]
    one = proposed(own, shadow)
    second = world["Own"].viewer(Role.SIGNATORY)
    with tenant(own), pytest.raises(OneSide):
        actions.answer(own, one, approved=True)
    with tenant(second):
        actions.answer(second, one, approved=True)
    assert written(own, shadow)["X-3"] == (True, [("client", own.name), ("company", second.name)])


def test_a_draft_is_its_companys_alone(north: Viewer, own: Viewer, agreement: Agreement):
    with tenant(north):
        one = actions.draft(north, agreement, SAID)
        number = one.pk
    with tenant(own):
        assert not Exclusion.objects.filter(pk=one.pk).exists()
    with tenant(north):
        actions.discard(north, one)
        assert not Exclusion.objects.filter(pk=one.pk).exists()
        told = Event.objects.filter(about="exclusions.exclusion", number=number).order_by("pk")
        assert [event.name for event in told] == ["exclusions.drafted", "exclusions.discarded"]
    with tenant(own):
        assert not Event.objects.filter(about="exclusions.exclusion", number=number).exists()


def test_the_other_side_is_told_and_finds_it_on_today(north: Viewer, own: Viewer, agreement: Agreement):
    one = proposed(north, agreement)
    with tenant(own):
        rows = [need for need in needs_of(own) if need.url == actions.page_of(one)]
        assert [need.due for need in rows] == [one.answer_by]
    with tenant(north):
        assert [need for need in needs_of(north) if need.url == actions.page_of(one)] == []
    with bound(company=own.company, client=True, user=own.user), tenant(own):
        assert Notification.objects.filter(user=own.user, kind="exclusions.proposed").exists()


ANSWER = """
    insert into exclusions_answer (company_id, author_id, given_at, exclusion_id, approved, why, answered_on,
                                   user_number, user_name, corrects)
    values (%s, %s, now(), %s, true, '', '2026-11-21', 1, 'x', '[]')
"""


def test_sql_of_the_application_cannot_answer_for_the_other_company(north: Viewer, own: Viewer, agreement: Agreement):
    one = proposed(north, agreement)
    with tenant(north):
        assert "row-level security" in refused(ANSWER, north.company, own.company, one.pk)
        assert "answered by the other side" in refused(ANSWER, north.company, north.company, one.pk)
    draft = proposed(own, agreement)
    with tenant(own):
        assert "answered by the other side" in refused(ANSWER, north.company, own.company, draft.pk)


def test_sql_cannot_change_what_was_given_nor_answer_late(north: Viewer, own: Viewer, agreement: Agreement):
    one = proposed(north, agreement)
    with tenant(north):
        for change in ("ends = ends + interval '1 hour'", "given_at = null", "answer_by = now() - interval '1 day'"):
            assert "stays" in refused(f"update exclusions_exclusion set {change} where id = %s", one.pk)
        assert "Cannot delete" in refused("delete from exclusions_exclusion where id = %s", one.pk)
    with tenant(own):
        assert "only its author" in refused("update exclusions_exclusion set note = 'x' where id = %s", one.pk)
        actions.answer(own, one, approved=True)
        assert "Cannot update" in refused("update exclusions_answer set approved = false where true")
    with tenant(north):
        assert "is answered" in refused("update exclusions_exclusion set withdrawn_at = now() where id = %s", one.pk)
        late = Exclusion.objects.create(
            company=agreement.company, author_id=north.company, agreement=agreement, number=9,
            user_number=1, user_name="x", given_at=timezone.now(), given_on="2026-11-01",
            answer_by=timezone.now() - timedelta(days=1), **SAID,
        )  # fmt: skip
    with tenant(own):
        assert "is over" in refused(ANSWER, north.company, own.company, late.pk)
        assert Answer.objects.filter(exclusion=late).count() == 0


def test_harbor_sees_nothing_of_north(world: World, north: Viewer, agreement: Agreement):
    one = proposed(north, agreement)
    harbor = world["Harbor"].viewer(Role.PROJECT_MANAGER)
    with tenant(harbor):
        assert not Exclusion.objects.filter(pk=one.pk).exists()
    assert replace(harbor, name="").company != north.company


def test_files_are_the_other_companys_once_it_is_proposed_and_stay(north: Viewer, own: Viewer, agreement: Agreement):
    with tenant(north):
        one = actions.draft(north, agreement, SAID, files=[text("log.txt", "down"), text("slip.txt", "not this")])
        again = actions.draft(north, agreement, SAID, one, files=[text("same.txt", "down")])
        kept, slip = attachments_of(again)
        actions.take_away(again, slip)
        again.effect = EFFECT
        again.save()
    with tenant(own):
        assert not attachments_of(one).exists()
    with tenant(north):
        actions.propose(north, again)
        with pytest.raises(Settled):
            actions.take_away(again, kept)
    with tenant(own):
        assert [(file.name, file.path.read_text()) for file in attachments_of(one)] == [("log.txt", "down")]
    for viewer in (own, north):
        with tenant(viewer):
            assert refused("delete from uploads_attachment where id = %s", kept.pk)


def test_a_file_that_is_refused_leaves_no_draft_and_a_discarded_draft_no_file(north: Viewer, agreement: Agreement):
    with tenant(north):
        before = Exclusion.objects.count()
        with pytest.raises(Problem):
            actions.draft(north, agreement, SAID, files=[text("evil.txt", "MZ\x00\x00")])
        assert Exclusion.objects.count() == before
        one = actions.draft(north, agreement, SAID, files=[text("log.txt", "down")])
        actions.discard(north, one)
        assert not Attachment.objects.filter(name="log.txt").exists()
