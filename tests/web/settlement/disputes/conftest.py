"""North's statement of October, issued: the service level missed its target in a third of all contacts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from world import World
from worlds.agreements import source_of

from onefloor.floor import Floor
from onefloor.periods import Month
from onefloor_web.agreements.register.actions import decline, propose, sign_version
from onefloor_web.agreements.register.models import Agreement
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.scopes import tenant
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.settlement.disputes.actions import raise_dispute, save_claim
from onefloor_web.settlement.disputes.models import Dispute
from onefloor_web.settlement.disputes.money import Wish
from onefloor_web.settlement.statements.models import Line, Statement
from onefloor_web.settlement.statements.running import run_month
from web.settlement.hotline import CLAUSES

OCTOBER = Month(2026, 10)
PROCEDURE = "procedure: {sign: 5 working days, dispute: 16 working hours}"
MONTH = Wish(datetime(2026, 10, 1), datetime(2026, 11, 1))
HALF = Wish(datetime(2026, 10, 1), datetime(2026, 10, 16))

Issue = Callable[..., Statement]


@pytest.fixture
def north(world: World, hotline: Floor) -> Viewer:
    """North's project manager, who may sign too."""
    viewer = world["North"].viewer(Role.PROJECT_MANAGER)
    return replace(viewer, roles=viewer.roles | {Role.SIGNATORY})


@pytest.fixture
def issue(world: World, own: Viewer, north: Viewer) -> Issue:
    """Settle October under a procedure."""

    def issued(procedure: str = "dispute: 16 working hours") -> Statement:
        more = CLAUSES.replace(PROCEDURE, f"procedure: {{sign: 5 working days, {procedure}}}")
        with tenant(own):
            decline(own, world["North"].rows["version"], why="written anew")
        with tenant(north):
            version = propose(north, source_of(world["North"], more=more).replace("2026-01-01", "2026-10-01"))
            sign_version(north, version)
        with tenant(own):
            sign_version(own, version)
            return run_month(own, Agreement.objects.get(pk=version.agreement_id), OCTOBER)

    return issued


@pytest.fixture
def statement(issue: Issue) -> Statement:
    """Under the procedure nobody wrote down: five working days to rule, silence escalates."""
    return issue()


def line_of(viewer: Viewer, statement: Statement, clause: str = "4.2") -> Line:
    """The line of a clause."""
    with tenant(viewer):
        rows = Line.objects.select_related("statement__agreement", "statement__company", "statement__version")
        return rows.get(statement=statement, clause=clause)


def disputed(viewer: Viewer, line: Line, wish: Wish = MONTH, reason: str = "CRM down") -> Dispute:
    """The line, disputed by the viewer's company."""
    with tenant(viewer):
        return raise_dispute(viewer, save_claim(viewer, line, reason, wish))


def money(text: str) -> Wish:
    """An amount in the claimant's favour."""
    return Wish(amount=Decimal(text))


@pytest.fixture
def move(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], None]:
    """Set the clock: ``move(moment)``, or so long from now."""

    def moved(to: datetime | timedelta) -> None:
        at = timezone.now() + to if isinstance(to, timedelta) else to
        monkeypatch.setattr(timezone, "now", lambda: at)

    return moved
