"""What stands beside an agreement on its page: lists of other features, each with how many wait in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from onefloor_web.agreements.register.models import Agreement
from onefloor_web.platform.tenancy.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Link:
    """A list of an agreement: its name, its address, what is in it in words."""

    title: str
    page: str
    words: str


Giving: TypeAlias = Callable[[Viewer, Agreement], Link | None]
_LISTS: Final[list[Giving]] = []


def beside(give: Giving) -> Giving:
    """Register a list; it gives None where the viewer may not see it."""
    _LISTS.append(give)
    return give


def links(viewer: Viewer, agreement: Agreement) -> list[Link]:
    """What the viewer finds beside an agreement."""
    return [link for give in _LISTS if (link := give(viewer, agreement)) is not None]
