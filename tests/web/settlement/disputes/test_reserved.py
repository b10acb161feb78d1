"""At its last step a dispute holds up no month: the amount is reserved, and credited later as both agree."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone, translation
from hand_made import load
from world import World

from onefloor.agreements.history import read_chain
from onefloor.agreements.verify import verify
from onefloor.floor import Floor
from onefloor.periods import Month
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.scopes import tenant
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.settlement.disputes.actions import agree, keep_time, save_answer, say, send_answer
from onefloor_web.settlement.disputes.events import page_of
from onefloor_web.settlement.disputes.models import Answering, Dispute, State
from onefloor_web.settlement.disputes.today import disputes as to_settle
from onefloor_web.settlement.statements.acts import _consequence
from onefloor_web.settlement.statements.events import page_of as to
from onefloor_web.settlement.statements.issuing import sign_statement
from onefloor_web.settlement.statements.models import Adjustment, Statement
from onefloor_web.settlement.statements.objections import at_issue, objections_to, open_lines
from onefloor_web.settlement.statements.problems import StillDisputed
from onefloor_web.settlement.statements.reading import bundle_of
from onefloor_web.settlement.statements.running import run_month
from web.settlement.disputes.conftest import disputed, line_of, money
from web.settlement.hotline import leg

OCTOBER, NOVEMBER = Month(2026, 10), Month(2026, 11)


def escalated(own: Viewer, north: Viewer, statement: Statement, move: Callable[[Any], None]) -> Dispute:
    """At its only step, because nobody ruled."""
    dispute = disputed(north, line_of(north, statement), money("16.20"))
    move(timedelta(days=20))
    with tenant(own):
        assert keep_time(own, dispute, timezone.now())
        return Dispute.objects.select_related("statement").get(pk=dispute.pk)


@pytest.fixture
def reserved(own: Viewer, north: Viewer, statement: Statement, move: Callable[[Any], None]) -> Dispute:
    dispute = escalated(own, north, statement, move)
    with tenant(own), pytest.raises(StillDisputed):
        sign_statement(own, statement)
    move(timedelta(days=20))
    with tenant(own):
        assert keep_time(own, dispute, timezone.now())
        assert not keep_time(own, dispute, timezone.now())
        return Dispute.objects.select_related("statement").get(pk=dispute.pk)


def test_both_sign_with_the_amount_reserved_and_credit_later_what_they_agree_on(
    reserved: Dispute, own: Viewer, north: Viewer, hotline: Floor
) -> None:
    statement = reserved.statement
    assert reserved.state == State.RESERVED
    for viewer in (own, north):
        with tenant(viewer):
            sign_statement(viewer, statement)
    with tenant(north):
        statement = Statement.objects.get(pk=statement.pk)
        assert statement.state == "locked"
        found = objections_to(north, statement)
        assert (open_lines(found), at_issue(found)) == ([], Decimal("16.20"))
        assert [need.url for need in to_settle(north)]
        say(north, reserved, "shall we share it?")
        half = save_answer(north, reserved, Answering.PART, "half each", money("8.10"))
        send_answer(north, half)
    with tenant(own):
        ended = agree(own, reserved, half)
        assert (ended.state, ended.how) == (State.PARTLY, "agreement")
        note = Adjustment.objects.get(kind="credit_note", line__statement=statement)
        assert note.booked_in is None
        load(hotline, contacts=[leg(hotline, "n", "N1", "2026-12-01 09:00", wait=5_000)])
        november = run_month(own, statement.agreement, NOVEMBER)
        note.refresh_from_db()
        assert note.booked_in == november
        assert verify(bundle_of(november)).differences == []
        [since] = read_chain(bundle_of(november) / "history.json")[OCTOBER].since
        assert (since.clause, f"{since.credit:.2f}") == ("4.2", "8.10")


def test_the_pages_and_the_signature_say_what_is_reserved(
    world: World, reserved: Dispute, own: Viewer, north: Viewer
) -> None:
    line, client = line_of(north, reserved.statement), world["North"].client(Role.PROJECT_MANAGER)
    pages = [client.get(page, headers={"accept-language": "en"}) for page in (page_of(line), to(line.statement))]
    assert [page.status_code for page in pages] == [200, 200]
    assert "金额已保留" in pages[0].text or "The amount is reserved" in pages[0].text
    assert "金额保留" in pages[1].text or "reserved" in pages[1].text
    with tenant(own), translation.override("en"):
        said = _consequence(own, line.statement, "1", first=False)
    assert f"Line {line.number} stays disputed: 16.20" in said


def test_a_new_revision_of_the_month_begins_anew(reserved: Dispute, own: Viewer, north: Viewer, hotline: Floor) -> None:
    load(hotline, contacts=[leg(hotline, "late", "N1", "2026-10-10 16:30", wait=60_000)])
    with tenant(own):
        again = run_month(own, reserved.statement.agreement, OCTOBER)
        assert again.pk != reserved.statement_id
        assert not Dispute.objects.get(pk=reserved.pk).at_issue
    assert disputed(north, line_of(north, again), money("1.00")).round == reserved.round + 1


@pytest.mark.parametrize("who", ["own", "north"])
def test_sql_reserves_nothing_before_its_time(own: Viewer, north: Viewer, statement: Statement, who: str) -> None:
    dispute = disputed(north, line_of(north, statement), money("1.00"))
    viewer = {"own": own, "north": north}[who]
    refused = pytest.raises(DatabaseError)
    with tenant(viewer), refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "update disputes_dispute set state = 'reserved', how = 'reserved', moved_at = now(), closed_at = now(), "
            "due = null where id = %s",
            [dispute.pk],
        )
