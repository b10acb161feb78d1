"""The demonstration's last months: locked, one to be signed, one going on; asked for twice they are there once."""

from __future__ import annotations

from typing import Any

from hand_made import load

from onefloor.floor import Floor
from onefloor.metrics.prepare import prepare
from onefloor_web.platform.accounts.models import Assignment, User
from onefloor_web.platform.demo.people import username
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.scopes import tenant
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.settlement.demo import work
from onefloor_web.settlement.statements.models import Statement
from web.settlement.hotline import leg


def untold(done: int, total: int | None = None, note: object = None) -> None:
    """Nobody waits for the progress."""


def test_all_but_the_newest_two_are_signed_by_both(own: Viewer, north: Viewer, agreement: Any, hotline: Floor):
    for company, viewer in (("Own", own), ("North", north)):
        with tenant(viewer):
            assert User.objects.filter(username=username(company, Role.SIGNATORY)).exists()
            assert Assignment.objects.filter(user=viewer.user, role=Role.SIGNATORY).exists()
    load(hotline, contacts=[leg(hotline, "august", "N1", "2026-08-10 09:30", wait=5_000)])
    prepare(hotline)
    with tenant(own):
        before = Statement.objects.filter(agreement=agreement, month="2026-11").count()
        work.settle_last_months(own, untold)
        work.settle_last_months(own, untold)
        rows = Statement.objects.filter(agreement=agreement, month__range=("2026-08", "2026-11")).order_by("month")
        assert [(one.month, one.state) for one in rows] == [
            ("2026-08", "locked"), ("2026-09", "locked"), ("2026-10", "issued"), ("2026-11", "draft"),
        ]  # fmt: skip
    assert before == 1
