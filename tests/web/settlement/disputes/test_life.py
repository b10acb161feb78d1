"""The life of a dispute in both roles: claim, ruling in all its kinds, credit note, withdrawal, escalation."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest
from worlds.uploads import text

from onefloor.agreements.alternatives import NoClause
from onefloor_web.platform.events.models import Event
from onefloor_web.platform.tenancy.scopes import tenant
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.platform.uploads.queries import attachments_of
from onefloor_web.settlement.disputes import actions, problems
from onefloor_web.settlement.disputes.credit_notes import note_of
from onefloor_web.settlement.disputes.models import Answer, Answering, Claim, Dispute, How, State
from onefloor_web.settlement.disputes.money import Wish
from onefloor_web.settlement.statements.issuing import sign_statement
from onefloor_web.settlement.statements.models import Adjustment, Statement
from onefloor_web.settlement.statements.problems import StillDisputed
from web.settlement.disputes.conftest import HALF, MONTH, disputed, line_of, money

NOTHING = Wish()


def events_of(viewer: Viewer, dispute: Dispute) -> list[str]:
    with tenant(viewer):
        rows = Event.objects.filter(about="disputes.dispute", number=dispute.pk).order_by("pk")
        return list(rows.values_list("name", flat=True))


def ruled(viewer: Viewer, dispute: Dispute, kind: Answering, reason: str = "seen", wish: Wish = NOTHING) -> Dispute:
    with tenant(viewer):
        return actions.send_answer(viewer, actions.save_answer(viewer, dispute, kind, reason, wish))


def test_a_claim_is_its_author_s_alone_until_it_is_sent(own: Viewer, north: Viewer, statement: Statement):
    line = line_of(north, statement)
    with tenant(north):
        claim = actions.save_claim(north, line, "CRM down", MONTH, [text("notice.txt", "down")])
        assert claim.effect["line"] == [str(line.amount.quantize(Decimal("0.01"))), "0.00"]
    with tenant(own):
        assert (Claim.objects.filter(line=line).count(), list(attachments_of(claim))) == (0, [])
    with tenant(north):
        dispute = actions.raise_dispute(north, claim)
        assert actions.raise_dispute(north, Claim.objects.get(pk=claim.pk)) == dispute
    with tenant(own):
        assert Claim.objects.get(line=line).reason == "CRM down"
        assert [one.name for one in attachments_of(claim)] == ["notice.txt"]
    assert (dispute.state, dispute.round, dispute.step) == (State.OPEN, 1, 0)
    assert events_of(own, dispute) == ["disputes.raised"]


def test_while_a_line_is_disputed_nobody_signs(own: Viewer, north: Viewer, statement: Statement):
    dispute = disputed(north, line_of(north, statement))
    for viewer in (own, north):
        with tenant(viewer), pytest.raises(StillDisputed):
            sign_statement(viewer, statement)
    with tenant(north):
        actions.withdraw(north, dispute, "a mistake")
    for viewer in (own, north):
        with tenant(viewer):
            sign_statement(viewer, statement)
    with tenant(own):
        statement.refresh_from_db()
    assert statement.state == "locked"


def test_all_is_accepted_and_a_credit_note_rests_on_claim_and_ruling(own: Viewer, north: Viewer, statement: Statement):
    line = line_of(north, statement)
    dispute = ruled(own, disputed(north, line), Answering.ALL, "")
    assert (dispute.state, dispute.how, dispute.due) == (State.ACCEPTED, How.RULING, None)
    with tenant(north):
        (note,) = note_of(dispute)
    assert (note.kind, note.amount, note.author_id) == ("credit_note", -line.amount, own.company)
    assert (note.source["claim"]["reason"], note.source["outcome"]) == ("CRM down", "accepted")
    assert note.booked_in_id is None
    assert events_of(north, dispute) == ["disputes.raised", "disputes.ruled", "disputes.credited"]


def test_a_part_whose_rows_change_nothing_leaves_the_line_as_it_is(own: Viewer, north: Viewer, statement: Statement):
    dispute = disputed(north, line_of(north, statement))
    dispute = ruled(own, dispute, Answering.PART, "restored on the 16th", HALF)
    assert dispute.state == State.PARTLY
    with tenant(own):
        answer = Answer.objects.get(dispute=dispute)
        before, after = (answer.effect["figures"][0], answer.effect["figures"][1])
        assert (before["numerator"], before["denominator"]) == (60, 90)
        assert (after["numerator"], after["denominator"]) == (30, 45)
        assert answer.effect["rows"] == 45
        assert note_of(dispute) == []


def test_a_part_of_an_amount_is_credited(own: Viewer, north: Viewer, statement: Statement):
    dispute = disputed(north, line_of(north, statement), money("12.00"))
    dispute = ruled(own, dispute, Answering.PART, "half of it", money("5.50"))
    with tenant(own):
        assert [note.amount for note in note_of(dispute)] == [Decimal("5.50")]


def test_the_client_disputes_too_and_then_the_vendor_rules(own: Viewer, north: Viewer, statement: Statement):
    dispute = disputed(own, line_of(own, statement, "1"), money("60.00"), "ten test calls")
    assert dispute.claimant_id == own.company
    with tenant(own), pytest.raises(problems.NotYourTurn):
        actions.save_answer(own, dispute, Answering.ALL, "", NOTHING)
    dispute = ruled(north, dispute, Answering.ALL, "")
    with tenant(own):
        (note,) = note_of(dispute)
    assert (note.amount, note.author_id) == (Decimal("-60.00"), north.company)


def test_a_rejection_needs_a_reason_and_moves_nothing(own: Viewer, north: Viewer, statement: Statement):
    dispute = disputed(north, line_of(north, statement))
    with pytest.raises(problems.NoReason):
        ruled(own, dispute, Answering.REJECT, "")
    dispute = ruled(own, dispute, Answering.REJECT, "no outage that day")
    with tenant(own):
        assert (dispute.state, Adjustment.objects.filter(line=dispute.line).count()) == (State.REJECTED, 0)


def test_a_second_round_claims_only_what_was_not_accepted(own: Viewer, north: Viewer, statement: Statement):
    line = line_of(north, statement)
    ruled(own, disputed(north, line, money("12.00")), Answering.PART, "half", money("6.00"))
    with pytest.raises(problems.NothingClaimed):
        disputed(north, line, money("6.00"))
    second = disputed(north, line, money("10.00"))
    assert second.round == 2
    second = ruled(own, second, Answering.ALL, "")
    with tenant(own):
        assert [note.amount for note in note_of(second)] == [Decimal("4.00")]
    with pytest.raises(problems.RoundsUsed):
        disputed(north, line, money("20.00"))


def test_after_the_last_round_it_is_escalated_and_both_have_to_agree(own: Viewer, north: Viewer, issue):
    line = line_of(north, issue("dispute: 5 working days, rounds: 1, escalation: [managers, directors]"))
    dispute = ruled(own, disputed(north, line, money("12.00")), Answering.PART, "half", money("6.00"))
    with tenant(own), pytest.raises(problems.NotYourTurn):
        actions.escalate(own, dispute)
    with tenant(north):
        dispute = actions.escalate(north, dispute, "not enough")
        assert (dispute.state, dispute.step, dispute.answer_id) == (State.ESCALATED, 1, None)
        assert actions.escalate(north, dispute).step == 1
        answer = actions.save_answer(north, dispute, Answering.PART, "meet in between", money("9.00"))
        assert actions.send_answer(north, answer).state == State.ESCALATED
        with pytest.raises(problems.NotYourTurn):
            actions.agree(north, dispute, answer)
    with tenant(own):
        agreed = actions.agree(own, dispute, answer)
        assert actions.agree(own, dispute, answer) == agreed
        assert (agreed.state, agreed.how) == (State.PARTLY, How.AGREEMENT)
        assert [note.amount for note in note_of(agreed)] == [Decimal("6.00"), Decimal("3.00")]


def test_a_question_back_is_read_by_both_and_stops_no_clock(own: Viewer, north: Viewer, statement: Statement):
    dispute = disputed(north, line_of(north, statement))
    with tenant(own):
        actions.say(own, dispute, "Which queue?", question=True)
    with tenant(north):
        actions.say(north, dispute, "All of them.", files=[text("queues.txt", "all")])
        said = [(message.words, message.question) for message in dispute.messages.all()]
        assert said == [("Which queue?", True), ("All of them.", False)]
        dispute_now = Dispute.objects.get(pk=dispute.pk)
    assert dispute_now.due == dispute.due
    assert events_of(own, dispute) == ["disputes.raised", "disputes.asked", "disputes.said"]


def test_a_draft_keeps_what_was_written_until_it_is_written_again(own: Viewer, north: Viewer, statement: Statement):
    dispute = disputed(north, line_of(north, statement))
    with tenant(own):
        first = actions.save_answer(own, dispute, Answering.REJECT, "no", NOTHING)
        again = actions.save_answer(own, dispute, Answering.PART, "some", HALF)
        assert (again.pk, again.kind, again.window) == (first.pk, "part", (HALF.starts, HALF.ends))
    with tenant(north):
        assert Answer.objects.filter(dispute=dispute).count() == 0


@pytest.mark.parametrize(
    ("wish", "problem"),
    [
        (Wish(datetime(2026, 9, 1), datetime(2026, 10, 2)), problems.BadWindow),
        (Wish(datetime(2026, 10, 2), datetime(2026, 10, 1)), problems.BadWindow),
        (Wish(datetime(2026, 10, 1), datetime(2026, 11, 1), ("sales",)), problems.NoRows),
        (HALF, problems.NothingClaimed),
        (money("0"), problems.NothingClaimed),
    ],
)
def test_a_claim_that_comes_to_nothing_is_refused(north: Viewer, statement: Statement, wish: Wish, problem: type):
    with pytest.raises(problem):
        disputed(north, line_of(north, statement), wish)


def test_rows_cannot_be_taken_out_of_a_fee(north: Viewer, statement: Statement):
    with pytest.raises(NoClause):
        disputed(north, line_of(north, statement, "1"), MONTH)


@pytest.mark.parametrize(
    ("claim", "part", "problem"),
    [
        (HALF, MONTH, problems.NothingClaimed),
        (MONTH, Wish(datetime(2026, 10, 1), datetime(2026, 10, 9), ("service",)), None),
        (money("12.00"), money("12.01"), problems.TooMuch),
        (money("12.00"), MONTH, problems.TooMuch),
    ],
)
def test_a_part_lies_within_the_claim(own, north, statement, claim: Wish, part: Wish, problem: type | None):
    def both() -> Dispute:
        return ruled(own, disputed(north, line_of(north, statement), claim), Answering.PART, "some", part)

    if problem is None:
        assert both().state == State.PARTLY
    else:
        with pytest.raises(problem):
            both()
