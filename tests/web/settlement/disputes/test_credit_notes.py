"""Nobody writes money beside the lines that nothing rests on: credit notes and corrections in SQL of both companies."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from world import World

from onefloor.agreements.adjustments import digest_of
from onefloor.agreements.statement import canonical_json
from onefloor_web.platform.tenancy.scopes import tenant
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.settlement.disputes import actions
from onefloor_web.settlement.disputes.credit_notes import note_of, source_of
from onefloor_web.settlement.disputes.models import Answer, Answering, Dispute
from onefloor_web.settlement.disputes.money import Wish
from onefloor_web.settlement.statements.issuing import sign_statement
from onefloor_web.settlement.statements.models import Adjustment, Line, Statement
from web.settlement.disputes.conftest import MONTH, disputed, line_of, money

NOTHING = Wish()
INSERT = (
    "insert into statements_adjustment (company_id, agreement_id, line_id, kind, amount, before, after, reason, source,"
    ' digest, author_id, made_at, made_by) values (%s, %s, %s, %s, %s, %s, %s, \'{"zh": "x", "en": "x"}\', %s, %s, %s,'
    " now(), 'x')"
)


def written(viewer: Viewer, line: Line, source: Any, amount: str, **other: Any) -> str:
    """What the database says to an adjustment of this company's; nothing where it takes it."""
    statement = line.statement
    given = {"agreement": statement.agreement_id, "kind": "credit_note", "author": viewer.company, **other}
    values = [
        statement.company_id, given["agreement"], line.pk, given["kind"], Decimal(amount), other.get("before"),
        other.get("after"), canonical_json(source).decode(), digest_of(source), given["author"],
    ]  # fmt: skip
    with tenant(viewer):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(INSERT, values)
        except DatabaseError as refusal:
            return str(refusal)
    return ""


def taken_back(viewer: Viewer, line: Line, source: Any, amount: str, **other: Any) -> str:
    """The same, undone."""
    with transaction.atomic():
        said = written(viewer, line, source, amount, **other)
        transaction.set_rollback(True)
    return said


def ended(viewer: Viewer, dispute: Dispute, kind: Answering, wish: Wish = NOTHING) -> Dispute:
    """The dispute after the viewer's ruling."""
    with tenant(viewer):
        return actions.send_answer(viewer, actions.save_answer(viewer, dispute, kind, "a reason", wish))


def resting_on(viewer: Viewer, dispute: Dispute) -> Any:
    """What a credit note over this dispute names."""
    with tenant(viewer):
        return source_of(dispute, dispute.answer)


def without_notes(viewer: Viewer, dispute: Dispute, state: str, how: str, answer: Answer | None) -> Dispute:
    """A dispute that its company has ended in SQL, so that no credit note was written with it."""
    with tenant(viewer):
        with connection.cursor() as cursor:
            cursor.execute(
                "update disputes_dispute set state = %s, how = %s, answer_id = %s, due = null,"
                " moved_at = wall_clock(), closed_at = wall_clock() where id = %s",
                [state, how, answer and answer.pk, dispute.pk],
            )  # fmt: skip
        rows = Dispute.objects.select_related("statement", "line", "claim__author", "claimant", "answer__author")
        return rows.get(pk=dispute.pk)


def given(viewer: Viewer, dispute: Dispute, kind: Answering, wish: Wish = NOTHING) -> Answer:
    """An answer that was sent, and moved nothing."""
    with tenant(viewer):
        answer = actions.save_answer(viewer, dispute, kind, "a reason", wish)
        with connection.cursor() as cursor:
            cursor.execute("update disputes_answer set given_at = now() where id = %s", [answer.pk])
        return Answer.objects.select_related("author").get(pk=answer.pk)


@pytest.mark.parametrize("amount", ["16.20", "-16.20", "1000000"])
def test_without_a_ruling_neither_company_writes_itself_a_credit_note(own, north, statement: Statement, amount: str):
    line = line_of(north, statement)
    dispute = disputed(north, line)
    with tenant(north):
        waiting = {**source_of(Dispute.objects.get(pk=dispute.pk), None), "outcome": "accepted", "by": "ruling"}
    for viewer in (own, north):
        for source in ({"why": "I want it"}, waiting, {"dispute": 0}):
            assert "rests on the newest ruling" in written(viewer, line, source, amount)


@pytest.mark.parametrize("kind", [Answering.REJECT, Answering.PART, Answering.ALL])
def test_after_the_ruling_and_its_note_there_is_no_second_one(own, north, statement: Statement, kind: Answering):
    line = line_of(north, statement)
    dispute = ended(own, disputed(north, line), kind, money("6.00"))
    with tenant(own):
        notes = note_of(dispute)
    source = resting_on(own, dispute)
    assert len(notes) == (0 if kind == Answering.REJECT else 1)
    for viewer in (own, north):
        for amount in ("6.00", "16.20", "10.20", "-6.00"):
            assert written(viewer, line, source, amount) != ""


def test_a_credit_note_is_over_what_the_ruling_says_and_written_by_who_ruled(own, north, statement: Statement):
    line = line_of(north, statement)
    dispute = disputed(north, line)
    ruled = without_notes(own, dispute, "partly", "ruling", given(own, dispute, Answering.PART, money("6.00")))
    source = resting_on(own, ruled)
    assert "for whose act" in written(north, line, source, "6.00")
    assert "written by its author" in written(north, line, source, "6.00", author=own.company)
    for amount in ("5.99", "16.20", "-6.00"):
        assert "over what the ruling says" in written(own, line, source, amount)
    for forged in (
        {**source, "claim": {**source["claim"], "reason": "another"}}, {**source, "outcome": "accepted"},
        {**source, "answer": {**source["answer"], "reason": "another"}}, {**source, "statement": "0" * 64},
    ):  # fmt: skip
        assert "names what it rests on" in written(own, line, forged, "6.00")
    other = line_of(own, statement, "1")
    assert "rests on the newest ruling" in written(own, other, source, "6.00")
    assert written(own, line, source, "6.00") == ""
    assert "over what the ruling says" in written(own, line, source, "6.00")


def test_a_part_beyond_the_claim_or_against_the_claimant_is_no_credit(own, north, statement: Statement):
    line = line_of(north, statement)
    for amount in ("30.00", "-6.00"):
        with transaction.atomic():
            dispute = disputed(north, line, money("16.20"))
            ruled = without_notes(own, dispute, "partly", "ruling", given(own, dispute, Answering.PART, money(amount)))
            assert "over what the ruling says" in written(own, line, resting_on(own, ruled), amount)
            transaction.set_rollback(True)


def test_silence_is_credited_for_the_silent_company_and_an_agreement_for_the_one_that_agrees(own, north, issue, move):
    line = line_of(north, issue("dispute: 16 working hours, rule: 8 working hours, silence: accepted"))
    waiting = disputed(north, line)
    move(waiting.due)
    silent = without_notes(own, waiting, "accepted", "silence", None)
    source = resting_on(own, silent)
    assert "for whose act" in taken_back(north, line, source, "16.20")
    assert taken_back(own, line, source, "16.20") == ""
    fee = line_of(own, silent.statement, "1")
    dispute = disputed(own, fee, money("6.00"))
    move(dispute.due)
    with tenant(north), connection.cursor() as cursor:
        cursor.execute(
            "update disputes_dispute set state = 'escalated', step = 1, moved_at = due where id = %s", [dispute.pk]
        )
    agreed = without_notes(own, dispute, "accepted", "agreement", given(north, dispute, Answering.ALL))
    source = resting_on(own, agreed)
    assert "for whose act" in taken_back(north, fee, source, "-6.00")
    assert taken_back(own, fee, source, "-6.00") == ""


def test_an_earlier_ruling_is_not_used_again_after_a_later_one(own, north, issue):
    line = line_of(north, issue("dispute: 16 working hours, rounds: 2"))
    first = ended(own, disputed(north, line), Answering.PART, money("6.00"))
    ended(own, disputed(north, line), Answering.PART, money("10.00"))
    source = resting_on(own, first)
    for amount in ("6.00", "-4.00"):
        assert "rests on the newest ruling" in written(own, line, source, amount)


def test_after_both_have_signed_nothing_is_credited_nor_taken_further(own, north, statement: Statement):
    line = line_of(north, statement)
    dispute = disputed(north, line)
    ruled = without_notes(own, dispute, "partly", "ruling", given(own, dispute, Answering.PART, money("6.00")))
    for viewer in (own, north):
        with tenant(viewer):
            sign_statement(viewer, statement)
    assert "rests on the newest ruling" in written(own, line, resting_on(own, ruled), "6.00")
    with tenant(north), pytest.raises(DatabaseError, match="not escalated now"), transaction.atomic():
        Dispute.objects.filter(pk=dispute.pk).update(state="escalated", step=1, closed_at=None, how="")


def test_a_credit_note_stays_with_its_agreement_and_its_booking(own, north, world: World, statement: Statement):
    line = line_of(north, statement)
    dispute = ended(own, disputed(north, line, MONTH), Answering.ALL)
    with tenant(own):
        (note,) = note_of(dispute)
        other = Statement.objects.filter(company_id=north.company).exclude(agreement=note.agreement_id)
        drafts = [*other.filter(state="draft"), *Statement.objects.filter(pk=statement.pk)]
        for target in drafts:
            with pytest.raises(DatabaseError, match="booked into a draft"), transaction.atomic():
                Adjustment.objects.filter(pk=note.pk).update(booked_in=target)
    elsewhere = world["Harbor"].rows["agreement"].pk
    assert "line of its agreement" in written(own, line, {"why": "x"}, "6.00", agreement=elsewhere)


def test_a_correction_is_the_clients_and_rests_on_a_locked_line(own, north, statement: Statement):
    line = line_of(own, statement)
    source = {
        "statement": statement.digest,
        "locked": {"data_version": statement.data_version, "line": line.document},
        "now": {"data_version": "f" * 64, "line": line.document},
        "differences": [],
    }
    after = line.amount + 6
    moved = {"kind": "correction", "before": line.amount, "after": after}
    assert "rests on a locked line" in written(own, line, source, "6.00", **moved)
    for viewer in (own, north):
        with tenant(viewer):
            sign_statement(viewer, statement)
    assert "the client's work" in written(north, line, source, "6.00", **moved)
    for forged in (
        {**source, "statement": "0" * 64}, {**source, "now": source["locked"]},
        {**source, "locked": {**source["locked"], "line": {**line.document, "amount": "0.00"}}}, {},
    ):  # fmt: skip
        assert "rests on a locked line" in written(own, line, forged, "6.00", **moved)
    again = {**moved, "before": line.amount - 1, "after": line.amount + 5}
    assert "begins at what the line came to so far" in written(own, line, source, "6.00", **again)
    assert written(own, line, json.loads(canonical_json(source)), "6.00", **moved) == ""
    assert "begins at what the line came to so far" in written(own, line, source, "6.00", **moved)
