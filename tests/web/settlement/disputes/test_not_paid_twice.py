"""Rows that a ruling credited are not paid by late facts as well: line and credit come to what goes further."""

from __future__ import annotations

import shutil
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from hand_made import load

from onefloor.agreements.verify import verify
from onefloor.floor import Floor
from onefloor_web.platform.tenancy.scopes import tenant
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.settlement.disputes.credit_notes import note_of
from onefloor_web.settlement.disputes.models import Answering, Dispute
from onefloor_web.settlement.statements import corrections
from onefloor_web.settlement.statements.issuing import sign_statement
from onefloor_web.settlement.statements.models import Adjustment, Line, Statement
from onefloor_web.settlement.statements.reading import booked_of, bundle_of
from onefloor_web.settlement.statements.running import run_month
from web.settlement.disputes.conftest import OCTOBER, disputed, line_of
from web.settlement.disputes.test_life import ruled
from web.settlement.hotline import leg

CREDIT = Decimal("16.20")


@pytest.fixture
def dispute(own: Viewer, north: Viewer, statement: Statement) -> Dispute:
    """All of the service level's credit was given back."""
    return ruled(own, disputed(north, line_of(north, statement)), Answering.ALL, "")


def come(hotline: Floor, count: int, *, wait: int = 1_000, name: str = "late") -> None:
    """So many contacts of October come late; 40 answered in time make the target."""
    rows = [
        leg(hotline, f"{name}-{n}", "N1", f"2026-10-{1 + n % 28:02d} {11 + n // 28}:30", wait=wait)
        for n in range(count)
    ]
    load(hotline, contacts=rows)


def again(own: Viewer, statement: Statement) -> Statement:
    with tenant(own):
        return run_month(own, statement.agreement, OCTOBER)


def signed(own: Viewer, north: Viewer, statement: Statement) -> Statement:
    for viewer in (north, own):
        with tenant(viewer):
            sign_statement(viewer, statement)
    with tenant(own):
        return Statement.objects.select_related("agreement", "company", "version").get(pk=statement.pk)


def level(own: Viewer, statement: Statement) -> Decimal:
    with tenant(own):
        return Line.objects.get(statement=statement, clause="4.2").amount


def test_settled_again_the_line_covers_the_credit(own, north, statement, dispute, hotline):
    come(hotline, 70)
    made = again(own, statement)
    assert level(own, made) == 0
    assert (made.net, made.payable) == (Decimal("960.00"), Decimal("960.00"))
    assert [one.amount for one in booked_of(made)] == [CREDIT, -CREDIT]
    assert "16.20" in booked_of(made)[1].reason.en
    assert verify(bundle_of(made)).differences == []
    with tenant(north):
        assert [note.amount for note in note_of(dispute)] == [CREDIT, -CREDIT]
    assert again(own, made) == made


def test_a_line_that_moves_back_is_credited_again(own, north, statement, dispute, hotline):
    come(hotline, 70)
    made = again(own, statement)
    come(hotline, 90, wait=60_000, name="slow")
    later = again(own, made)
    assert level(own, later) < -CREDIT
    assert later.payable == later.net + CREDIT
    assert [one.amount for one in booked_of(later)] == [CREDIT, -CREDIT, CREDIT]


def test_a_line_that_gets_worse_leaves_the_credit_whole(own, north, statement, dispute, hotline):
    come(hotline, 3, wait=60_000)
    made = again(own, statement)
    assert level(own, made) < -CREDIT
    assert made.payable == made.net + CREDIT


def test_late_facts_after_signing_do_not_pay_it_once_more(own, north, statement, dispute, hotline):
    locked = signed(own, north, statement)
    come(hotline, 70)
    with tenant(own):
        made = corrections.correct(own, locked)
        assert [(one.line.clause, one.amount) for one in made] == [("1", Decimal("420.00"))]
        assert corrections.correct(own, locked) == []


def test_late_facts_that_worsen_the_line_are_corrected_beside_its_credit(own, north, statement, dispute, hotline):
    locked = signed(own, north, statement)
    come(hotline, 3, wait=60_000)
    with tenant(own):
        one = next(one for one in corrections.correct(own, locked) if one.line.clause == "4.2")
    assert (one.before, one.after) == (Decimal(0), one.amount)
    assert one.amount == Decimal("-0.54")
    assert "16.20 that rulings credited" in one.why.en
    assert one.source["credit"] == {
        "ruling": one.source["credit"]["ruling"], "credited": "16.20", "moved": "-0.54", "covered": "0.00",
    }  # fmt: skip


def test_facts_that_come_back_to_those_signed_take_the_correction_back(
    own, north, statement, hotline, settings, tmp_path
):
    before = shutil.copytree(hotline.root, tmp_path / "before")
    locked = signed(own, north, statement)
    come(hotline, 3, wait=60_000)
    with tenant(own):
        first = corrections.correct(own, locked)
        assert first
        settings.FLOOR = before
        second = corrections.correct(own, locked)
        assert {one.line_id: one.amount for one in second} == {one.line_id: -one.amount for one in first}
        assert corrections.correct(own, locked) == []


def test_nobody_takes_a_credit_back_in_sql(own, north, statement, dispute):
    """Neither for itself nor without a draft that the lines of now are in."""
    written = """insert into statements_adjustment (company_id, agreement_id, line_id, kind, amount, reason, source,
        digest, author_id, made_at, made_by) select company_id, agreement_id, line_id, kind, {}, reason,
        source || '{{"set_off": {{}}}}', digest, nullif(current_setting('app.company', true), '')::bigint, now(), ''
        from statements_adjustment where kind = 'credit_note'"""
    for viewer, amount in ((own, "-16.20"), (own, "1.00"), (north, "-1.00"), (north, "16.20")):
        with tenant(viewer), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(written.format(amount))
    with tenant(own):
        assert Adjustment.objects.filter(line=dispute.line).count() == 1
