"""Lines of one clause and title are lines of their own: each is disputed, ruled on and credited by itself."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from hand_made import load
from world import World

from onefloor.agreements.line_keys import key_of
from onefloor.floor import Floor
from onefloor_web.platform.tenancy.scopes import tenant
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.settlement.disputes.actions import raise_dispute, save_answer, save_claim, send_answer
from onefloor_web.settlement.disputes.clocks import lines_disputed
from onefloor_web.settlement.disputes.models import Answering
from onefloor_web.settlement.disputes.money import Wish, credited
from onefloor_web.settlement.statements.models import Line, Statement
from onefloor_web.settlement.statements.reading import settled_of
from web.settlement.conftest import signed
from web.settlement.disputes.conftest import money
from web.settlement.disputes.test_earned_back_once import OCTOBER, SEPTEMBER, good, lock, run
from web.settlement.hotline import CLAUSES

BOTH = """earn_back:
  - {id: "7.1", title: {zh: 返还, en: Earn-back}, text: {zh: 返还, en: back}, clauses: ["4.2", "4.3"], good_months: 1,
     within: 3}
"""


@pytest.fixture
def october(world: World, own: Viewer, north: Viewer, hotline: Floor) -> Statement:
    """Both clauses missed in September, both come back in October."""
    agreement = signed(world, own, north, "North", BOTH + CLAUSES.replace("<= 600s", "<= 150s"))
    short = {"talk_ms": 5_000, "wrap_ms": 1_000}
    load(hotline, contacts=[{**one, **short} for one in good(hotline, "2026-10")])
    lock(own, north, run(own, agreement, SEPTEMBER))
    return run(own, agreement, OCTOBER)


def test_each_of_two_lines_that_come_back_has_its_own_dispute_and_credit(
    own: Viewer, north: Viewer, october: Statement
) -> None:
    with tenant(north):
        rows = Line.objects.select_related("statement__agreement", "statement__company", "statement__version")
        first, second = rows.filter(statement=october, clause="7.1").order_by("number")
        assert first.title == second.title
        assert (first.key, second.key) == ("7.1|Earn-back|4.2 2026-09", "7.1|Earn-back|4.3 2026-09")
        assert [one.key for one in rows.filter(statement=october)] == [key_of(one) for one in settled_of(october).lines]
        disputes = [
            raise_dispute(north, save_claim(north, line, "too little", money("1.00"))) for line in (first, second)
        ]
        assert lines_disputed(october) == 2
    with tenant(own):
        send_answer(own, save_answer(own, disputes[0], Answering.ALL, "yes", Wish()))
        assert [credited(line) for line in (first, second)] == [Decimal("1.00"), Decimal(0)]
        send_answer(own, save_answer(own, disputes[1], Answering.ALL, "yes", Wish()))
        assert [credited(line) for line in (first, second)] == [Decimal("1.00"), Decimal("1.00")]
    again = run(own, october.agreement, OCTOBER)
    assert again.payable - again.net == 2
    lock(own, north, again)


def test_sql_cannot_take_one_line_for_another(own: Viewer, october: Statement) -> None:
    refused = pytest.raises(DatabaseError, match="generated column")
    with tenant(own), refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("update statements_line set key = 'another' where statement_id = %s", [october.pk])
