"""Nobody writes the clocks of a dispute to its own advantage, also not in SQL."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from onefloor_web.platform.tenancy.scopes import tenant
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.settlement.disputes import actions
from onefloor_web.settlement.disputes.jobs import deadlines
from onefloor_web.settlement.disputes.models import Claim, Dispute, State
from onefloor_web.settlement.statements.models import Statement
from web.settlement.disputes.conftest import MONTH, disputed, line_of


def refused(viewer: Viewer, statement: str) -> str:
    with tenant(viewer), pytest.raises(DatabaseError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    return str(caught.value)


def raising(claim: Claim, **said: str) -> str:
    """SQL that raises a dispute with a claim; ``said`` is written instead of what is right."""
    line = claim.line
    right = {
        "company_id": line.company_id, "statement_id": line.statement_id, "line_id": line.pk, "round": 1,
        "claimant_id": claim.author_id, "claim_id": claim.pk, "state": "'open'", "step": 0, "raised_at": "now()",
        "raised_by": "'x'", "due": "now() + interval '5 days'", "moved_at": "now()", "how": "''", "closed_by": "''",
    }  # fmt: skip
    row = {**right, **said}
    return f"insert into disputes_dispute ({', '.join(row)}) values ({', '.join(map(str, row.values()))})"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"due": "now() - interval '1 day'"}, "begins when it is raised"),
        ({"raised_at": "now() - interval '9 days'"}, "begins when it is raised"),
        ({"raised_at": "'2020-01-01'", "moved_at": "'2020-01-01'"}, "begins when it is raised"),
        ({"moved_at": "now() + interval '9 days'"}, "begins when it is raised"),
        ({"round": "2"}, "counted one by one"),
        ({"round": "9"}, "counted one by one"),
    ],
)  # fmt: skip
def test_a_dispute_begins_when_it_is_raised(north: Viewer, statement: Statement, said: dict[str, str], told: str):
    with tenant(north):
        claim = actions.save_claim(north, line_of(north, statement), "CRM down", MONTH)
        Claim.objects.filter(pk=claim.pk).update(given_at=claim.saved_at)
    assert told in refused(north, raising(claim, **said))


def test_silence_counts_from_the_terms_also_where_less_was_written(own: Viewer, north: Viewer, issue):
    statement = issue("dispute: 16 working hours, rule: 16 working hours, silence: accepted")
    with tenant(north):
        claim = actions.save_claim(north, line_of(north, statement), "CRM down", MONTH)
        Claim.objects.filter(pk=claim.pk).update(given_at=claim.saved_at)
        with connection.cursor() as cursor:
            cursor.execute(raising(claim, due="now()"))
    with tenant(own):
        assert deadlines(own, lambda *_: None) == {"moved": 0}
        assert Dispute.objects.get(claim=claim).state == State.OPEN


@pytest.mark.parametrize("who", ["own", "north"])
@pytest.mark.parametrize(
    "change",
    [
        "state = 'escalated', step = 1, moved_at = '2099-01-01', due = null",
        "state = 'escalated', step = 1, moved_at = now(), due = null",
        "state = 'accepted', how = 'silence', moved_at = '2099-01-01', closed_at = '2099-01-01', due = null",
        "state = 'accepted', how = 'silence', moved_at = now(), closed_at = '2099-01-01', due = null",
        "moved_at = '2020-01-01'",
    ],
)
def test_nobody_writes_that_the_time_is_over(own: Viewer, north: Viewer, statement: Statement, who: str, change: str):
    dispute = disputed(north, line_of(north, statement))
    refused({"own": own, "north": north}[who], f"update disputes_dispute set {change} where id = {dispute.pk}")


def test_who_takes_back_or_rules_does_not_date_it_back(own: Viewer, north: Viewer, statement: Statement):
    """The time for the next round runs from the end of this one."""
    dispute = disputed(north, line_of(north, statement))
    back = "moved_at = now() - interval '30 days', closed_at = now() - interval '30 days', due = null"
    told = refused(
        north, f"update disputes_dispute set state = 'withdrawn', how = 'withdrawal', {back} where id = {dispute.pk}"
    )
    assert "moves when it is moved" in told
