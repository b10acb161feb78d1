"""Who may do what and when: refusals of the actions, and of the database against raw SQL of the application's role."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from world import World

from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.scopes import tenant
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.settlement.disputes import actions, problems
from onefloor_web.settlement.disputes.credit_notes import note_of
from onefloor_web.settlement.disputes.jobs import deadlines
from onefloor_web.settlement.disputes.models import Answering, Claim, Dispute, How, State
from onefloor_web.settlement.disputes.money import Wish
from onefloor_web.settlement.disputes.objections import page
from onefloor_web.settlement.statements.issuing import sign_statement
from onefloor_web.settlement.statements.models import Statement
from onefloor_web.settlement.statements.objections import objections_to
from web.settlement.disputes.conftest import MONTH, disputed, line_of, money

NOTHING = Wish()


def refused(viewer: Viewer, statement: str) -> str:
    with tenant(viewer), connection.cursor() as cursor:
        with pytest.raises(DatabaseError) as caught, transaction.atomic():
            cursor.execute(statement)
        return str(caught.value)


def work(viewer: Viewer) -> int:
    """The periodic job of a company."""
    with tenant(viewer):
        return deadlines(viewer, lambda *_: None)["moved"]


def now_of(viewer: Viewer, dispute: Dispute) -> Dispute:
    with tenant(viewer):
        return Dispute.objects.get(pk=dispute.pk)


def test_a_claim_in_the_last_second_counts_and_one_after_it_does_not(north: Viewer, statement: Statement, move):
    line = line_of(north, statement)
    with tenant(north):
        claim = actions.save_claim(north, line, "CRM down", MONTH)
    assert statement.dispute_by is not None
    move(statement.dispute_by + timedelta(microseconds=1))
    with tenant(north), pytest.raises(problems.TooLate):
        actions.raise_dispute(north, claim)
    move(statement.dispute_by)
    with tenant(north):
        assert actions.raise_dispute(north, claim).raised_at == statement.dispute_by


def test_a_draft_is_never_sent_by_itself_at_the_deadline(own: Viewer, north: Viewer, statement: Statement, move):
    line = line_of(north, statement)
    with tenant(north):
        actions.save_claim(north, line, "CRM down", MONTH)
    move(statement.dispute_by + timedelta(days=30))
    assert (work(own), work(north)) == (0, 0)
    with tenant(north):
        assert Claim.objects.get(line=line).given_at is None
        assert Dispute.objects.filter(line=line).count() == 0


@pytest.mark.parametrize(("silence", "state"), [("accepted", State.ACCEPTED), ("rejected", State.REJECTED)])
def test_silence_ends_a_dispute_once_as_the_terms_say(own: Viewer, north: Viewer, issue, move, silence, state):
    line = line_of(north, issue(f"dispute: 16 working hours, rule: 8 working hours, silence: {silence}"))
    dispute = disputed(north, line)
    with tenant(own):
        draft = actions.save_answer(own, dispute, Answering.REJECT, "no", NOTHING)
    move(dispute.due - timedelta(microseconds=1))
    assert (work(own), now_of(own, dispute).state) == (0, State.OPEN)
    move(dispute.due)
    assert work(north) == 0  # the one who is silent is the other
    assert (work(own), work(own), work(north)) == (1, 0, 0)
    ended = now_of(own, dispute)
    assert (ended.state, ended.how, ended.closed_at) == (state, How.SILENCE, dispute.due)
    with tenant(own):
        amounts = [note.amount for note in note_of(ended)]
        with pytest.raises(problems.Over):
            actions.send_answer(own, draft)
    assert amounts == ([-line.amount] if state == State.ACCEPTED else [])


def test_silence_takes_it_step_by_step_to_the_last_which_reserves_the_amount_and_stays_there(
    own: Viewer, north: Viewer, issue, move
):
    line = line_of(north, issue("dispute: 16 working hours, rule: 8 working hours, escalation: [managers, directors]"))
    dispute = disputed(north, line)
    steps = []
    for _ in range(4):
        before = now_of(own, dispute)
        move(max(before.due or timezone.now(), timezone.now()))
        steps.append((work(own), now_of(own, dispute).step))
        move(timedelta(days=30))
    assert steps == [(1, 1), (1, 2), (1, 2), (0, 2)]
    assert now_of(own, dispute).state == State.RESERVED


def test_a_ruling_after_its_deadline_is_refused_before_the_job_has_come(own, north, statement: Statement, move):
    dispute = disputed(north, line_of(north, statement))
    with tenant(own):
        draft = actions.save_answer(own, dispute, Answering.ALL, "", NOTHING)
        move(dispute.due + timedelta(seconds=1))
        with pytest.raises(problems.TooLate):
            actions.send_answer(own, draft)


def test_the_terms_limit_the_lines_of_a_statement(own: Viewer, north: Viewer, issue):
    statement = issue("dispute: 16 working hours, disputes: 1")
    dispute = disputed(north, line_of(north, statement))
    with tenant(north):
        actions.withdraw(north, dispute)
    with pytest.raises(problems.LinesUsed):
        disputed(own, line_of(own, statement, "1"), money("6.00"))


def test_only_an_issued_statement_is_disputed_and_a_disputed_line_once_at_a_time(own, north, statement: Statement):
    line = line_of(north, statement)
    dispute = disputed(north, line)
    with pytest.raises(problems.UnderWay):
        disputed(own, line_of(own, statement), money("6.00"))
    with tenant(north):
        actions.withdraw(north, dispute)
    for viewer in (own, north):
        with tenant(viewer):
            sign_statement(viewer, statement)
    with pytest.raises(problems.NotIssued):
        disputed(north, line_of(north, statement))


def test_what_was_decided_is_not_ruled_on_withdrawn_or_spoken_of_again(own, north, statement: Statement):
    dispute = disputed(north, line_of(north, statement))
    with tenant(own):
        first = actions.save_answer(own, dispute, Answering.REJECT, "no", NOTHING)
        ended = actions.send_answer(own, first)
        assert actions.send_answer(own, first).closed_at == ended.closed_at
        with pytest.raises(problems.Over):
            actions.save_answer(own, dispute, Answering.ALL, "", NOTHING)
        with pytest.raises(problems.Over):
            actions.say(own, dispute, "one more thing")
        with pytest.raises(problems.NotYourTurn):
            actions.withdraw(own, dispute)
    with tenant(north), pytest.raises(problems.Over):
        actions.withdraw(north, dispute)


def test_withdrawing_twice_is_withdrawing_once(north: Viewer, statement: Statement):
    dispute = disputed(north, line_of(north, statement))
    with tenant(north):
        assert actions.withdraw(north, dispute).closed_at == actions.withdraw(north, dispute).closed_at


def test_another_vendor_sees_nothing_of_it(world: World, north: Viewer, statement: Statement):
    disputed(north, line_of(north, statement))
    harbor = world["Harbor"].viewer(Role.PROJECT_MANAGER)
    with tenant(harbor):
        found = (Dispute.objects.exclude(company=harbor.company).count(),
                 Claim.objects.exclude(company=harbor.company).count())  # fmt: skip
    assert found == (0, 0)


def test_statements_are_told_what_is_at_issue_and_where_a_line_is_disputed(own, north, statement: Statement):
    line = line_of(north, statement)
    with tenant(north):
        assert page(north, line.statement, line.number).endswith(f"/lines/{line.number}/dispute/")
    dispute = disputed(north, line)
    with tenant(own):
        (found,) = objections_to(own, statement)
        assert (found.line, found.open, found.amount, found.due) == (line.number, True, -line.amount, dispute.due)
        assert page(own, line.statement, line.number) == ""
        ended = actions.send_answer(own, actions.save_answer(own, dispute, Answering.REJECT, "no", NOTHING))
        (found,) = objections_to(own, statement)
        assert (found.open, ended.state) == (False, State.REJECTED)


def test_sql_cannot_change_what_was_sent(own: Viewer, north: Viewer, statement: Statement):
    dispute = disputed(north, line_of(north, statement))
    for change in ("reason = 'x'", "given_at = null", "amount = 1", "effect = '{}'"):
        said = refused(north, f"update disputes_claim set {change} where id = {dispute.claim_id}")
        assert "Cannot update" in said
    assert "only its author" in refused(own, f"update disputes_claim set reason = 'x' where id = {dispute.claim_id}")
    with tenant(own):
        answer = actions.save_answer(own, dispute, Answering.REJECT, "no", NOTHING)
        actions.send_answer(own, answer)
    assert "takes no answer" in refused(own, f"update disputes_answer set kind = 'all' where id = {answer.pk}")
    assert "Cannot update" in refused(own, f"update disputes_answer set given_at = null where id = {answer.pk}")
    assert "only its author" in refused(north, f"update disputes_answer set kind = 'all' where id = {answer.pk}")
    assert refused(own, "delete from disputes_answer")
    assert refused(north, "delete from disputes_claim where given_at is not null")
    assert refused(own, "delete from disputes_dispute")


@pytest.mark.parametrize(
    ("who", "change"),
    [
        ("north", "state = 'accepted', how = 'ruling', closed_at = now()"),
        ("north", "state = 'accepted', how = 'silence', closed_at = now()"),
        ("own", "state = 'withdrawn', how = 'withdrawal', closed_at = now()"),
        ("own", "state = 'rejected', how = 'ruling', closed_at = now()"),
        ("own", "state = 'rejected', how = 'silence', closed_at = now()"),
        ("own", "state = 'escalated', step = 1"),
        ("own", "due = now() + interval '1 year'"),
        ("own", "claimant_id = company_id + 1"),
        ("own", "round = 9"),
    ],
)
def test_sql_cannot_move_a_dispute_but_as_the_rules_say(own, north, statement: Statement, who: str, change: str):
    dispute = disputed(north, line_of(north, statement))
    refused({"own": own, "north": north}[who], f"update disputes_dispute set {change} where id = {dispute.pk}")
    assert now_of(own, dispute).state == State.OPEN


def test_sql_cannot_raise_a_dispute_in_the_other_s_name_nor_answer_one_s_own(own, north, statement: Statement):
    line = line_of(north, statement)
    dispute = disputed(north, line)
    copied = (
        "insert into disputes_dispute (company_id, statement_id, line_id, round, claimant_id, claim_id, state, step,"
        " raised_at, raised_by, moved_at, how, closed_by) select company_id, statement_id, line_id, 2, claimant_id,"
        f" claim_id, 'open', 0, now(), 'x', now(), '', '' from disputes_dispute where id = {dispute.pk}"
    )
    assert "raised by its claimant" in refused(own, copied)
    own_answer = (
        "insert into disputes_answer (company_id, author_id, given_at, reason, starts, ends, queues, effect, saved_at,"
        " saved_by, dispute_id, step, kind) values ({company}, {author}, now(), 'x', '', '', '', '{{}}', now(), 'x',"
        f" {dispute.pk}, 0, 'all')"
    )
    said = refused(north, own_answer.format(company=north.company, author=north.company))
    assert "takes no answer" in said
    said = refused(north, own_answer.format(company=north.company, author=own.company))
    assert "row-level security" in said


def test_sql_cannot_lock_supersede_or_accept_a_disputed_statement(own: Viewer, north: Viewer, statement: Statement):
    disputed(north, line_of(north, statement))
    for change in ("state = 'superseded', superseded_at = now()", "accepted_at = now()"):
        said = refused(own, f"update statements_statement set {change} where id = {statement.pk}")
        assert "is disputed" in said


def test_a_line_s_amount_never_moves(own: Viewer, north: Viewer, statement: Statement):
    line = line_of(north, statement)
    dispute = disputed(north, line)
    with tenant(own):
        actions.send_answer(own, actions.save_answer(own, dispute, Answering.ALL, "", NOTHING))
        statement.refresh_from_db()
        line.refresh_from_db()
        (note,) = note_of(now_of(own, dispute))
    assert note.amount == -line.amount
    assert statement.net == Decimal(statement.document["totals"][-1][1])
