"""A token of each company's administrator."""

from world import Side

from onefloor_web.platform.api import actions
from onefloor_web.platform.api.queries import offered
from onefloor_web.platform.tenancy.viewer import Viewer

CASES = {"token_revocation": lambda side: {"number": side.rows["token"].pk}}


def fill(side: Side, viewer: Viewer) -> None:
    """``side.rows["secret of token"]`` is what a program sends."""
    name = f"{side.secret} token"
    side.rows["token"], side.rows["secret of token"] = actions.make(viewer, name=name, actions=offered(viewer), days=30)
