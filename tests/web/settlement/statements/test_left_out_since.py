"""An exclusion that both approve after a month was settled: open months are settled again, locked ones corrected."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import override
from hand_made import load
from job_runs import run_waiting
from world import World

from onefloor.periods import Month
from onefloor_web.agreements.exclusions import actions
from onefloor_web.agreements.exclusions.models import Exclusion
from onefloor_web.platform.events.models import Event
from onefloor_web.platform.jobs.models import Job
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.scopes import tenant
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.platform.today.providers import needs_of
from onefloor_web.settlement.statements import corrections, objections
from onefloor_web.settlement.statements.issuing import sign_statement
from onefloor_web.settlement.statements.left_out_since import approved_since, terms_since
from onefloor_web.settlement.statements.models import CURRENT, Adjustment, State, Statement
from onefloor_web.settlement.statements.reading import bundle_of
from onefloor_web.settlement.statements.running import run_month
from web.settlement.hotline import leg

SHANGHAI, OCTOBER = ZoneInfo("Asia/Shanghai"), Month(2026, 10)
FROM, TO = datetime(2026, 10, 1, tzinfo=SHANGHAI), datetime(2026, 10, 31, tzinfo=SHANGHAI)
LATE_HOURS = {
    "reason": "client_outage", "words": {"zh": "系统中断", "en": "The system was down"}, "where": {},
    "starts": FROM, "ends": TO, "clauses": ["4.2"], "note": "ticket 7",
}  # fmt: skip


@pytest.fixture
def statement(own: Viewer, agreement: Any) -> Statement:
    """October of North, issued: the service level was missed."""
    with tenant(own):
        return run_month(own, agreement, OCTOBER)


def locked(own: Viewer, north: Viewer, statement: Statement) -> Statement:
    for viewer in (north, own):
        with tenant(viewer):
            sign_statement(viewer, statement)
    return statement


def approved(own: Viewer, north: Viewer, agreement: Any) -> Exclusion:
    """Every contact of October is taken out of the service level."""
    with tenant(north):
        one = actions.draft(north, agreement, LATE_HOURS)
        Exclusion.objects.filter(pk=one.pk).update(effect={"data_version": "x", "currency": "CNY", "months": []})
        one = actions.propose(north, one)
    with tenant(own):
        actions.answer(own, one, approved=True)
        return Exclusion.objects.get(pk=one.pk)


def line(own: Viewer, statement: Statement) -> Decimal:
    with tenant(own):
        return Decimal(statement.lines.get(clause="4.2").amount)


def test_an_issued_month_is_settled_again_with_it(own, north, agreement, statement):
    assert line(own, statement) < 0
    with tenant(own):
        assert approved_since([statement]) == {statement.pk: []}
    one = approved(own, north, agreement)
    with tenant(own):
        assert approved_since([statement]) == {statement.pk: [one.code]}
    run_waiting(own.company)
    with tenant(own):
        now = Statement.objects.get(agreement=agreement, month="2026-10", state__in=CURRENT)
        assert (now.revision, now.state, line(own, now)) == (statement.revision + 1, State.ISSUED, 0)
        assert approved_since([now]) == {now.pk: []}


def test_a_locked_month_stays_and_is_corrected(own, north, agreement, statement, hotline):
    credit = line(own, locked(own, north, statement))
    before = contents(statement)
    one = approved(own, north, agreement)
    run_waiting(own.company)
    with tenant(own):
        statement.refresh_from_db()
        (made,) = Adjustment.objects.filter(line__statement=statement)
        assert (made.amount, made.before, made.after, made.line.clause) == (-credit, credit, 0, "4.2")
        assert one.code in made.reason["en"]
        assert "Facts" not in made.reason["en"]
        assert Event.objects.filter(name="statements.corrected").count() == 1
        assert corrections.correct(own, statement) == []
    assert (contents(statement), statement.state) == (before, State.LOCKED)
    load(hotline, contacts=[leg(hotline, "late", "N1", "2026-10-05 10:30", wait=60_000)])
    with tenant(own):
        made = corrections.correct(own, statement)
        assert [(one.line.clause, one.amount) for one in made if one.line.clause == "4.2"] == []
        assert all("facts came or changed" in one.reason["en"] for one in made)


def test_a_month_that_is_disputed_waits_and_today_asks_for_it(
    own, north, agreement, statement, world: World, monkeypatch
):
    monkeypatch.setattr(objections, "_CONTESTING", [lambda rows: [(one.pk, 2) for one in rows]])
    one = approved(own, north, agreement)
    with tenant(own):
        assert not Job.objects.filter(kind="settlement.run").exists()
    manager = world["Own"].viewer(Role.VENDOR_MANAGER)
    with tenant(manager), override("en"):
        texts = [need.text for need in needs_of(manager)]
    assert f"Statement of North, October 2026: settle again, {one.code} are approved since" in texts


def test_signed_meanwhile_it_is_corrected_all_the_same(own, north, agreement, statement):
    approved(own, north, agreement)
    credit = line(own, locked(own, north, statement))
    with tenant(own):
        (made,) = corrections.correct(own, statement)
    assert made.amount == -credit


def test_without_any_the_terms_are_those_of_the_bundle_byte_for_byte(own, north, agreement, statement):
    with tenant(own):
        assert terms_since(statement) == (bundle_of(statement) / "agreement.yaml").read_bytes()


def contents(statement: Statement) -> dict[str, bytes]:
    folder = bundle_of(statement)
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
