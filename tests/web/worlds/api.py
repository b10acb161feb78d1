"""A token of each company's administrator, and one of its manager."""

from collections.abc import Callable

from world import Side

from onefloor_web.platform.api import actions
from onefloor_web.platform.api.queries import offered
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.scopes import tenant
from onefloor_web.platform.tenancy.viewer import Viewer


def numbered(row: str) -> Callable[[Side], dict[str, int]]:
    return lambda side: {"number": side.rows[row].pk}


CASES = {
    "token_revocation": numbered("token"),
    "api:job": numbered("job"),
    "api:job_cancellation": numbered("job"),
    "api:one_import": numbered("import"),
    "api:webhook": numbered("webhook"),
    "api:webhook_deliveries": numbered("webhook"),
}


def fill(side: Side, viewer: Viewer) -> None:
    """``side.rows["secret of token"]`` is what a program sends."""
    name = f"{side.secret} token"
    side.rows["token"], side.rows["secret of token"] = actions.make(viewer, name=name, actions=offered(viewer), days=30)
    manager = side.viewer(Role.VENDOR_MANAGER if viewer.client else Role.PROJECT_MANAGER)
    with tenant(manager):
        _token, side.rows["secret of manager"] = actions.make(manager, name=name, actions=offered(manager), days=30)
