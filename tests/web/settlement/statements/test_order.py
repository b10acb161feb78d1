"""Months are closed one after another: the chain has one end, and every closed month is in it."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone, translation
from hand_made import load

from onefloor.periods import Month
from onefloor_web.agreements.register.models import Agreement
from onefloor_web.platform.tenancy.scopes import tenant
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.settlement.statements import corrections, today
from onefloor_web.settlement.statements.issuing import accept_silently, sign_statement
from onefloor_web.settlement.statements.jobs import open_months
from onefloor_web.settlement.statements.models import Head, State, Statement
from onefloor_web.settlement.statements.problems import Accepted, ChainWentOn, EarlierOpen, LaterClosed
from onefloor_web.settlement.statements.queries import chains
from onefloor_web.settlement.statements.reading import booked_of
from onefloor_web.settlement.statements.running import run_month
from onefloor_web.settlement.statements.skipped import skipped, skipped_before
from onefloor_web.settlement.statements.today import to_run
from onefloor_web.settlement.statements.views import head_row
from web.settlement.conftest import signed
from web.settlement.hotline import CLAUSES, SILENT, leg

SEPTEMBER, OCTOBER = Month(2026, 9), Month(2026, 10)


def run(own: Viewer, agreement: Agreement, month: Month) -> Statement:
    with tenant(own):
        return run_month(own, agreement, month)


def sign(viewer: Viewer, statement: Statement) -> None:
    with tenant(viewer):
        sign_statement(viewer, statement)


def test_a_month_waits_for_the_one_before_and_is_settled_again_behind_it(own, north, agreement):
    september, october = run(own, agreement, SEPTEMBER), run(own, agreement, OCTOBER)
    with tenant(north):
        assert skipped_before(north, october) == []
    with pytest.raises(EarlierOpen, match="2026-09"):
        sign(north, october)
    for viewer in (own, north):
        sign(viewer, september)
    with pytest.raises(ChainWentOn):
        sign(north, october)
    with tenant(own):
        assert OCTOBER in open_months(agreement)
    again = run(own, agreement, OCTOBER)
    for viewer in (own, north):
        sign(viewer, again)
    with tenant(north):
        chain = list(Statement.objects.filter(agreement=agreement, state=State.LOCKED).order_by("month"))
        assert [(one.month, one.previous_digest) for one in chain] == [("2026-09", ""), ("2026-10", september.digest)]
        there, before = chains(north)
        head = Head.objects.get(statement=again.pk)
        assert before[again.pk] == september
        with translation.override("en"):
            said = [head_row(head, there[again.pk], one)["agrees"] for one in (september, None)]
        assert said == ["as signed", "does not go on from the month before"]


def test_behind_a_closed_month_nothing_is_settled(own, north, agreement):
    october = run(own, agreement, OCTOBER)
    with tenant(north):
        assert skipped_before(north, october) == [SEPTEMBER]
    for viewer in (own, north):
        sign(viewer, october)
    with pytest.raises(LaterClosed, match="2026-10"):
        run(own, agreement, SEPTEMBER)


def test_sql_closes_no_month_out_of_turn(own, north, agreement):
    run(own, agreement, SEPTEMBER)
    october = run(own, agreement, OCTOBER)
    for change in ("state = 'locked', locked_at = now()", "accepted_at = now()"):
        refused = pytest.raises(DatabaseError, match="closed first")
        with tenant(own), refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"update statements_statement set {change} where id = {october.pk}")


def test_what_counts_as_accepted_is_closed(world, own, north, hotline, monkeypatch):
    """No revision; in the chain; late facts are corrected in the next month; both may sign it still."""
    agreement = signed(world, own, north, "North", SILENT)
    september = run(own, agreement, SEPTEMBER)
    monkeypatch.setattr(timezone, "now", lambda: max(september.dispute_by, september.sign_by))
    with tenant(own):
        assert accept_silently(own, september)
    late = [leg(hotline, "late", "N1", "2026-09-10 16:30", wait=60_000)]
    load(hotline, contacts=late)
    with pytest.raises(Accepted):
        run(own, agreement, SEPTEMBER)
    with tenant(own):
        made = corrections.correct(own, september)
        assert [one.line.clause for one in made] == ["1", "4.2"]
    october = run(own, agreement, OCTOBER)
    assert (october.previous_digest, len(booked_of(october))) == (september.digest, 2)
    for viewer in (own, north):
        sign(viewer, october)
        sign(viewer, september)
    with tenant(north):
        assert {one.state for one in Statement.objects.filter(pk__in=[september.pk, october.pk])} == {State.LOCKED}


def test_silence_waits_while_an_earlier_month_is_not_settled(world, own, north, hotline, monkeypatch):
    agreement = signed(world, own, north, "North", SILENT)
    october = run(own, agreement, OCTOBER)
    late = max(october.dispute_by, october.sign_by)
    with tenant(own):
        assert "2026-09" in {need.url.rpartition("=")[2] for need in to_run(own)}
        monkeypatch.setattr(timezone, "now", lambda: late)
        assert accept_silently(own, october) is False
    september = run(own, agreement, SEPTEMBER)
    for viewer in (own, north):
        sign(viewer, september)
    again = run(own, agreement, OCTOBER)
    monkeypatch.setattr(timezone, "now", lambda: max(again.dispute_by, again.sign_by))
    with tenant(own):
        assert accept_silently(own, again)


def test_today_lists_every_skipped_month_and_none_after_an_end(world, own, north, hotline, monkeypatch):
    agreement = signed(world, own, north, "North", f"until: 2026-10-01\n{CLAUSES}")
    monkeypatch.setattr(today, "today", lambda: date(2026, 12, 3))
    with tenant(own):
        found = skipped(own, [agreement], Month(2026, 12))[agreement.pk]
        there = {need.url.rpartition("=")[2] for need in to_run(own)}
    assert found == [SEPTEMBER]
    assert "2026-09" in there
