"""The menu: the same order for everybody; an item without a right is absent."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from onefloor_web.platform.permissions.page import SIGNED_IN
from onefloor_web.platform.permissions.policy import can
from onefloor_web.platform.tenancy.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Item:
    """A page in the menu: its name, its URL's name, the action it needs, the key after ``g``."""

    label: str | Promise
    url: str
    action: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Pages under one heading."""

    label: str | Promise
    icon: str
    items: tuple[Item, ...]


SECTIONS = (
    Section(_("Today"), "home", (Item(_("Today"), "today", SIGNED_IN, "t"),)),
    Section(
        _("Settings"),
        "settings",
        (
            Item(_("Companies"), "companies", "companies.view", "c"),
            Item(_("Access"), "accesses", "access.view"),
        ),
    ),
)


def menu(viewer: Viewer) -> list[tuple[Section, list[tuple[Item, str]]]]:
    """The sections this viewer may open, each with its items and their addresses."""
    found = [
        (section, [(item, reverse(item.url)) for item in section.items if allowed(viewer, item)])
        for section in SECTIONS
    ]
    return [(section, items) for section, items in found if items]


def allowed(viewer: Viewer, item: Item) -> bool:
    """Whether the viewer may open the item's page."""
    return item.action == SIGNED_IN or can(viewer, item.action)
