"""What is corrected after an agreement's end gets a statement of its own: adjustments alone, signed, in the chain."""

from __future__ import annotations

from datetime import date

import pytest
from hand_made import load
from world import World

from onefloor.agreements.terms.agreement import NotInForce
from onefloor.agreements.verify import verify
from onefloor.floor import Floor
from onefloor.periods import Month
from onefloor_web.platform.tenancy.scopes import tenant
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.settlement.statements import corrections, jobs, running
from onefloor_web.settlement.statements.issuing import sign_statement
from onefloor_web.settlement.statements.jobs import open_months
from onefloor_web.settlement.statements.models import State, Statement
from onefloor_web.settlement.statements.reading import bundle_of
from onefloor_web.settlement.statements.running import run_month
from web.settlement.conftest import signed
from web.settlement.hotline import CLAUSES, leg

OCTOBER, NOVEMBER, DECEMBER = Month(2026, 10), Month(2026, 11), Month(2026, 12)
TERMS = f"until: 2026-11-01\n{CLAUSES.replace('sign: 5 working days', 'sign: 9 working days')}"


def test_what_is_corrected_after_the_end_is_booked_signed_and_verified(
    world: World, own: Viewer, north: Viewer, hotline: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    agreement = signed(world, own, north, "North", TERMS)
    for module in (jobs, running):
        monkeypatch.setattr(module, "today", lambda: date(2026, 11, 21))
    with tenant(own):
        october = run_month(own, agreement, OCTOBER)
        with pytest.raises(NotInForce):
            run_month(own, agreement, NOVEMBER)
    for viewer in (north, own):
        with tenant(viewer):
            sign_statement(viewer, october)
    with tenant(own):
        assert open_months(agreement) == []
    load(hotline, contacts=[leg(hotline, "late", "N1", "2026-10-10 16:30", wait=60_000)])
    with tenant(own):
        october.refresh_from_db()
        made = corrections.correct(own, october)
        assert made
        assert open_months(agreement) == [NOVEMBER]
        last = run_month(own, agreement, NOVEMBER)
        assert (last.state, last.net, last.payable) == (State.ISSUED, 0, sum(one.amount for one in made))
        assert [(line.kind, line.amount) for line in last.lines.all()] == [("note", 0)]
        assert last.previous_digest == october.digest
        assert last.sign_by == october.sign_by  # issued a moment later, by the clocks of the last month in force
        found = verify(bundle_of(last))
        assert found.differences == []
        assert run_month(own, agreement, NOVEMBER) == last
    for viewer in (north, own):
        with tenant(viewer):
            sign_statement(viewer, last)
    with tenant(own):
        last = Statement.objects.get(pk=last.pk)
        assert last.state == State.LOCKED
        assert not {one.pk for one in made} & {one.pk for one in corrections.open_corrections(own)}
        assert corrections.correct(own, last) == []
        assert corrections.correct(own, october) == []
        with pytest.raises(NotInForce):
            run_month(own, agreement, DECEMBER)
