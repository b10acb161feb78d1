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
    """A page in the menu: its name, its URL's name, the action it needs, the letter after ``g``."""

    label: str | Promise
    url: str
    action: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A place of the menu: its pages, the name of its icon, the letter after ``g`` that leads to its first page."""

    label: str | Promise
    icon: str
    items: tuple[Item, ...]


SECTIONS = (
    Section(_("Today"), icon="home", items=(Item(_("Today"), "today", SIGNED_IN, "t"),)),
    Section(
        _("Scorecards"),
        icon="chart-line",
        items=(
            Item(_("Scorecards"), "scorecards", "scorecards.view", "s"),
            Item(_("Comparisons"), "comparisons", "comparisons.view"),
            Item(_("Four formulas"), "formulas", "formulas.view"),
            Item(_("Metrics"), "metrics", "metrics.view", "m"),
        ),
    ),
    Section(
        _("Records"),
        icon="database",
        items=(
            Item(_("Contacts"), "contacts", "contacts.view", "r"),
            Item(_("Roster"), "rosters", "rosters.view", "o"),
            Item(_("Imports"), "imports", "imports.view", "i"),
        ),
    ),
    Section(
        _("Agreements"),
        icon="file-text",
        items=(
            Item(_("Agreements"), "agreements", "agreements.view", "a"),
            Item(_("Drafts"), "drafts", "drafts.view"),
            Item(_("Client duties"), "duties", "duties.view", "d"),
            Item(_("Signing keys"), "keys", "keys.view"),
        ),
    ),
    Section(
        _("Requests"),
        icon="messages",
        items=(
            Item(_("Requests"), "requests", "requests.view", "q"),
            Item(_("Deadlines"), "calendar", SIGNED_IN),
        ),
    ),
    Section(
        _("Settlement"),
        icon="receipt",
        items=(
            Item(_("Statements"), "statements", "statements.view", "b"),
            Item(_("Disputes"), "disputes", "disputes.view"),
            Item(_("Credit notes"), "credit_notes", "disputes.view"),
            Item(_("Corrections"), "statements_adjustments", "statements.view"),
            Item(_("Chain"), "statements_chain", "statements.view"),
            Item(_("What-ifs"), "what_ifs", "what_ifs.view"),
        ),
    ),
    Section(
        _("Settings"),
        icon="settings",
        items=(
            Item(_("Companies"), "companies", "companies.view", "c"),
            Item(_("Teams"), "teams", "people.view"),
            Item(_("People"), "people", "people.view", "p"),
            Item(_("Accounts"), "accounts", "accounts.view", "u"),
            Item(_("Roles"), "roles", "roles.view"),
            Item(_("Tokens"), "tokens", "tokens.view"),
            Item(_("Jobs"), "jobs", "jobs.view", "j"),
            Item(_("Webhooks"), "webhooks", "webhooks.view"),
            Item(_("Audit trail"), "audit", "audit.view"),
            Item(_("Access"), "accesses", "access.view"),
            Item(_("Retention"), "retention", "retention.view"),
            Item(_("Exits"), "exits", "exits.view"),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """An item as one viewer sees it on one page."""

    label: str | Promise
    url: str
    key: str
    current: bool


@dataclass(frozen=True, slots=True)
class Place:
    """A section as one viewer sees it: it leads to its first page, and shows the others while one of them is open."""

    label: str | Promise
    icon: str
    entries: tuple[Entry, ...]

    @property
    def url(self) -> str:
        """Its first page."""
        return self.entries[0].url

    @property
    def key(self) -> str:
        """The letter after ``g`` that leads there."""
        return self.entries[0].key

    @property
    def current(self) -> bool:
        """Whether the page that is shown lies in it."""
        return any(entry.current for entry in self.entries)

    @property
    def opened(self) -> tuple[Entry, ...]:
        """Its pages, if there are several and one is shown."""
        return self.entries if self.current and len(self.entries) > 1 else ()


def menu(viewer: Viewer, path: str) -> list[Place]:
    """The places this viewer may open; ``path`` is that of the page shown."""
    found = [Place(section.label, section.icon, _entries(section, viewer, path)) for section in SECTIONS]
    return [place for place in found if place.entries]


def _entries(section: Section, viewer: Viewer, path: str) -> tuple[Entry, ...]:
    pages = [(item, reverse(item.url)) for item in section.items if allowed(viewer, item)]
    nearest = max((url for _item, url in pages if path.startswith(url)), key=len, default="")
    return tuple(Entry(item.label, url, item.key, url == nearest) for item, url in pages)


def allowed(viewer: Viewer, item: Item) -> bool:
    """Whether the viewer may open the item's page."""
    return item.action == SIGNED_IN or can(viewer, item.action)
