"""A saved view of each company, shared within it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.records.scorecards.models import SavedView

if TYPE_CHECKING:
    from world import Side


def fill(side: Side, viewer: Viewer) -> None:
    """By agent, of the month with records."""
    user = side.users.get(Role.VENDOR_MANAGER) or side.users[Role.PROJECT_MANAGER]
    side.rows["view"] = SavedView.objects.create(
        company_id=viewer.company, user=user, name=f"{side.secret} view", shared=True,
        query="by=agent&period=2026-11&metric=service_level&metric=aht",
    )  # fmt: skip


CASES = {
    "scorecard": lambda side: [{"view": view} for view in ("delivery", "agents", "days", str(side.rows["view"].pk))],
    "scorecard-metrics": lambda side: {"view": str(side.rows["view"].pk)},
    "scorecard-export": lambda side: [{"view": str(side.rows["view"].pk), "kind": kind} for kind in ("csv", "xlsx")],
    "saved-view-sharing": lambda side: {"number": side.rows["view"].pk},
    "saved-view-removal": lambda side: {"number": side.rows["view"].pk},
}
