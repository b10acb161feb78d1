"""What the demonstration begins with: a dispute with evidence that waits, and one that ended with a credit note."""

from __future__ import annotations

from decimal import Decimal

import pytest

from onefloor_web.platform.tenancy.scopes import tenant
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.platform.uploads.queries import attachments_of
from onefloor_web.settlement.disputes import demo
from onefloor_web.settlement.disputes.credit_notes import note_of
from onefloor_web.settlement.disputes.models import State
from onefloor_web.settlement.statements.models import Statement
from web.settlement.disputes.conftest import line_of


@pytest.mark.parametrize("ruled", [False, True])
def test_a_credit_is_disputed_with_evidence_and_ruled_on_by_half(own: Viewer, statement: Statement, ruled: bool):
    line = line_of(own, statement)
    with tenant(own):
        dispute = demo.dispute_one(statement, ruled=ruled)
        assert (dispute.line_id, dispute.state) == (line.pk, State.PARTLY if ruled else State.OPEN)
        assert [one.name for one in attachments_of(dispute.claim)] == ["停机通知 outage-notice.txt"]
        assert [one.question for one in dispute.messages.all()] == ([] if ruled else [True])
        assert [note.amount for note in note_of(dispute)] == ([-line.amount / 2] if ruled else [])
        assert line.amount == Decimal("-16.20")


def test_where_lines_are_disputed_already_nothing_is_added(own: Viewer, statement: Statement):
    with tenant(own):
        assert demo.argue() == 0
