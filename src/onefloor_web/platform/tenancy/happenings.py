"""What happens in the parts below the events: they say it here, and whoever keeps events is told.

happened(viewer, "accounts.closed", user, Text("...", "..."), page="/accounts/7/")
"""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Model

from onefloor.language import Text
from onefloor_web.platform.tenancy.viewer import Viewer

Keeper = Callable[[Viewer, str, Model, Text, str], None]
_KEEPERS: list[Keeper] = []


def keeper(function: Keeper) -> Keeper:
    """Have a function told of everything, in the transaction in which it happens."""
    _KEEPERS.append(function)
    return function


def happened(viewer: Viewer, name: str, subject: Model, what: Text, *, page: str) -> None:
    """Say what a viewer did with an object of the own company; ``page`` is the object's."""
    for keep in _KEEPERS:
        keep(viewer, name, subject, what, page)
