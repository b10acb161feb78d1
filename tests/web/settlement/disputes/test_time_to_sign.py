"""Silence accepts nothing that can still be disputed; signing time runs on from the end of the last dispute."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from onefloor_web.platform.tenancy.scopes import tenant
from onefloor_web.platform.today.providers import needs_of
from onefloor_web.settlement.disputes import actions, problems
from onefloor_web.settlement.disputes.models import Answering
from onefloor_web.settlement.statements.events import page_of
from onefloor_web.settlement.statements.issuing import accept_silently
from onefloor_web.settlement.statements.jobs import clocks
from onefloor_web.settlement.statements.objections import signing_until
from web.settlement.disputes.conftest import disputed, line_of, money
from web.settlement.disputes.test_life import ruled

HOUR = timedelta(hours=1)
SILENT = "dispute: 5 working days, rule: 5 working days, unsigned: accepted, rounds: 2"


def accepted(own, statement) -> bool:
    with tenant(own):
        clocks(own, lambda *_: None)
        statement.refresh_from_db()
        return statement.accepted_at is not None


def test_a_ruling_leaves_time_for_the_next_round_and_to_sign(own, north, issue, move):
    statement = issue(SILENT)
    line = line_of(north, statement)
    move(statement.dispute_by - HOUR)
    dispute = disputed(north, line)
    move(dispute.due - HOUR)
    ruled(own, dispute, Answering.REJECT, "no")
    assert not accepted(own, statement)
    with tenant(own):
        until = signing_until([statement])[statement.pk]
        assert [need.url for need in needs_of(own) if need.due == until] == [page_of(statement)]
    assert until > statement.sign_by
    second = disputed(north, line_of(north, statement), money("12.00"))
    assert second.round == 2
    ruled(own, second, Answering.REJECT, "still no")
    with tenant(own):
        last = signing_until([statement])[statement.pk]
    move(last - HOUR)
    assert not accepted(own, statement)
    move(last + HOUR)
    assert accepted(own, statement)
    with tenant(north), pytest.raises(problems.Accepted):
        actions.refuse_claim(north, line_of(north, statement, "1"))


def test_a_long_time_to_dispute_is_not_cut_short_by_silence(own, north, issue, move):
    statement = issue("dispute: 20 working days, unsigned: accepted")
    move(statement.sign_by + HOUR)
    assert not accepted(own, statement)
    disputed(north, line_of(north, statement))


def test_what_both_agreed_on_holds(own, north, issue):
    statement = issue("dispute: 5 working days, rounds: 1, escalation: [managers, directors]")
    dispute = ruled(own, disputed(north, line_of(north, statement), money("12.00")), Answering.REJECT, "no")
    with tenant(north):
        actions.escalate(north, dispute)
    for part in ("8.00", "6.00"):
        ruled(own, dispute, Answering.PART, "part of it", money(part))
    with tenant(north):
        first, second = dispute.answers.filter(step=1).order_by("pk")
        with pytest.raises(problems.Replaced):
            actions.agree(north, dispute, first)
        dispute = actions.agree(north, dispute, second)
        for go_on in (actions.escalate, lambda viewer, one: actions.refuse_claim(viewer, line_of(viewer, statement))):
            with pytest.raises(problems.Agreed):
                go_on(north, dispute)


def test_sql_takes_nothing_further_that_both_agreed_on_or_silence_accepted(own, north, issue, move):
    statement = issue("dispute: 5 working days, unsigned: accepted, rounds: 1, escalation: [managers, directors]")
    dispute = ruled(own, disputed(north, line_of(north, statement), money("12.00")), Answering.REJECT, "no")
    with tenant(north):
        actions.escalate(north, dispute)
    for part in ("8.00", "6.00"):
        ruled(own, dispute, Answering.PART, "part of it", money(part))
    with tenant(north):
        first, second = dispute.answers.filter(step=1).order_by("pk")
    ended = "update disputes_dispute set state = 'partly', how = 'agreement', closed_at = now(), answer_id = {}"
    refused(north, ended.format(first.pk))
    with tenant(north):
        actions.agree(north, dispute, second)
    refused(north, "update disputes_dispute set state = 'escalated', step = 2, how = '', closed_at = null")
    move(statement.dispute_by + HOUR)
    with tenant(own):
        assert accept_silently(own, statement)
    refused(
        own, "update statements_statement set state = 'superseded', superseded_at = now() where accepted_at is not null"
    )


def refused(viewer, written: str) -> None:
    with tenant(viewer), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(written)
