"""Whose rows a viewer may look at: the client all, a vendor its own, a leader the teams, an agent itself."""

from __future__ import annotations

from typing import Final

from onefloor.findings import Scope
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.viewer import Viewer

COMPANY_WIDE: Final = frozenset(
    {
        Role.VENDOR_MANAGER, Role.PROJECT_MANAGER, Role.QA, Role.TRAINER, Role.PLANNER, Role.SIGNATORY, Role.EXECUTIVE,
        Role.AUDITOR,
    }
)  # fmt: skip


class NoViewer(TypeError):
    """A question without anybody who asks it: a mistake of ours, never of a user."""


class NothingToSee(PermissionError):
    """A viewer whose roles give no rows at all: pages answer as if there was nothing there."""


def scope_of(viewer: Viewer | None) -> Scope:
    """The rows a viewer may look at.

    Work in the background and tokens (no user) have the rows of their company. Of several roles the widest counts.

    Raises:
        NoViewer: nobody asks.
        NothingToSee: the viewer's roles give no rows.
    """
    if not isinstance(viewer, Viewer):
        raise NoViewer("every question to the floor says who asks")
    company = None if viewer.client else viewer.code
    if viewer.user is None or viewer.roles & COMPANY_WIDE:
        return Scope.of_viewer(company)
    if Role.LEADER in viewer.roles and viewer.teams:
        return Scope.of_viewer(viewer.code, teams=viewer.teams)
    if Role.AGENT in viewer.roles and viewer.agent:
        return Scope.of_viewer(viewer.code, agents=[viewer.agent])
    raise NothingToSee(f"{viewer.name or viewer.user} holds no role that looks at rows")
