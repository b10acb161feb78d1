"""What the pages say of money and time is what is booked: consequences, bounds, rows, and whose calendar counts."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import translation

from onefloor.working_time import Span
from onefloor_web.platform.tenancy.scopes import tenant
from onefloor_web.settlement.disputes import actions, problems, showing
from onefloor_web.settlement.disputes.credit_notes import note_of
from onefloor_web.settlement.disputes.models import Answering, Claim
from onefloor_web.settlement.disputes.money import Wish
from onefloor_web.settlement.statements.issuing import deadline
from web.settlement.disputes.conftest import HALF, disputed, line_of, money
from web.settlement.disputes.test_life import ruled

NOTHING = Wish()
AMENDED = "amendments:\n  - {from: 2026-11-01, calendar: {holidays: [2026-11-03, 2026-11-04]}"


def test_the_consequence_of_a_ruling_names_the_amount_of_its_credit_note(own, north, statement):
    line = line_of(north, statement)
    ruled(own, disputed(north, line, money("12.00")), Answering.PART, "half", money("6.00"))
    dispute = disputed(north, line, money("10.00"))
    with tenant(own):
        answer = actions.save_answer(own, dispute, Answering.ALL, "", NOTHING)
        said = showing.consequence(dispute, answer).en
        assert "the net moves by +4.00 yuan (+6.00 was credited before)" in said.replace("CNY", "yuan")
        assert "the line becomes \N{MINUS SIGN}6.20" in said
        dispute = actions.send_answer(own, answer)
        assert [note.amount for note in note_of(dispute)] == [Decimal("4.00")]


def test_of_a_share_the_rows_are_counted_and_of_a_mean_both_means_are_said(north, statement):
    with tenant(north), translation.override("en"):
        level = actions.save_claim(north, line_of(north, statement), "CRM down", HALF)
        mean = actions.save_claim(north, line_of(north, statement, "4.3"), "CRM down", HALF)
        assert showing.said(level, "CNY", ()).rows == "45 contacts, 30 of them counted"
        assert re.fullmatch(r"45 contacts: \d+:\d\d with them, \d+:\d\d without", showing.said(mean, "CNY", ()).rows)


def test_no_more_than_the_line_moves_is_claimed_as_an_amount(own, north, statement):
    for viewer, clause, most, over in (
        (north, "4.2", "16.20", "16.21"), (own, "1", "540.00", "540.01"), (north, "4.3", "523.80", "523.81"),
    ):  # fmt: skip
        line = line_of(viewer, statement, clause)
        with tenant(viewer):
            with pytest.raises(problems.BeyondLine):
                actions.save_claim(viewer, line, "a lot", money(over))
            actions.save_claim(viewer, line, "all of it", money(most))


def test_sql_claims_no_more_than_the_line_moves(north, statement):
    line = line_of(north, statement)
    with tenant(north):
        claim = actions.save_claim(north, line, "a lot", money("16.20"))
        claim.amount, claim.effect["net"][1] = Decimal(999_999), "1000522.80"
        Claim.objects.filter(pk=claim.pk).update(amount=claim.amount, effect=claim.effect, given_at=datetime.now(UTC))
        written = f"""insert into disputes_dispute (company_id, statement_id, line_id, round, claimant_id, claim_id,
            state, step, raised_at, raised_by, due, moved_at, how, closed_by) values ({statement.company_id},
            {statement.pk}, {line.pk}, 1, {north.company}, {claim.pk}, 'open', 0, now(), 'x', null, now(), '', '')"""
        refused = pytest.raises(DatabaseError, match="no more than its line")
        with refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(written)


def test_a_clock_runs_by_the_calendar_of_the_day_it_starts(north, issue):
    """October's statement is disputed in November, whose holidays only the terms of November know."""
    statement = issue("dispute: 16 working hours}\n" + AMENDED)
    with tenant(north):
        november = deadline(statement, datetime(2026, 11, 2, 2, tzinfo=UTC), Span(1, "working days"))
        october = deadline(statement, datetime(2026, 10, 26, 2, tzinfo=UTC), Span(1, "working days"))
    assert november == datetime(2026, 11, 5, 10, tzinfo=UTC)
    assert october == datetime(2026, 10, 27, 10, tzinfo=UTC)
