"""Whose figures a viewer reads, in words, and who else reads them: a person's are never called a company's."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext as _
from ninja import Field, Schema

from onefloor.findings import Scope
from onefloor.language import Text
from onefloor_web.platform.pages.blocks import Audience
from onefloor_web.platform.pages.formats import say
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.records.figures import filters
from onefloor_web.records.figures.filters import Filters
from onefloor_web.records.floor.scopes import NothingToSee, scope_of

INSIDE: Final = ("site", "team", "agent")
WIDER: Final = {"agent": ("company", "site", "employment", "team", "tenure"), "team": ("company", "site", "employment")}
"""Of whom figures would claim to be that are in truth those of one agent, or of some teams."""


class ScopeOut(Schema):
    """Whose figures they are: of all companies, of one, or of only some of its teams or one of its agents."""

    words: str = Field(description="For people", examples=["all companies", "North"])
    company: str | None = Field(description="The company; null for all companies", examples=["North"])
    teams: list[str] = Field(description="The teams the answer is limited to; empty for no such limit")
    agents: list[str] = Field(description="The agents the answer is limited to; empty for no such limit")


def scope_out(viewer: Viewer) -> dict[str, Any]:
    """Whose figures a viewer's are, as an operation answers it."""
    scope = _scope(viewer)
    named = dict(scope.where)
    return {
        "words": scope_words(viewer, ()), "company": scope.company,
        "teams": list(named.get("team", ())), "agents": list(named.get("agent", ())),
    }  # fmt: skip


def limit(viewer: Viewer) -> tuple[str, tuple[str, ...]] | None:
    """What a viewer is limited to within the company: ``team`` or ``agent`` and their names; None for nothing."""
    return next(iter(_scope(viewer).where), None)


def limit_words(viewer: Viewer) -> str:
    """``own contacts of 曹宇``, ``team North 1``; empty for who sees all of the company."""
    found = limit(viewer)
    if found is None:
        return ""
    dimension, names = found
    if dimension == "agent":
        return _("own contacts of %(name)s") % {"name": viewer.name or ", ".join(names)}
    return _("team %(names)s") % {"names": say(Text("、", ", ")).join(names)}


def scope_words(viewer: Viewer, where: Filters) -> str:
    """Whose rows, and which: the limit, the company, the filters."""
    limited = limit_words(viewer)
    alone = viewer.client and not limited
    narrower = tuple(pair for pair in where if alone or pair != ("company", viewer.code))
    companies = [name for dimension, name in where if dimension == "company"]
    named = "" if companies else _("all companies")
    parts = (named if alone else limited, "" if alone else viewer.code, filters.words(narrower))
    return " · ".join(part for part in parts if part)


def row_words(viewer: Viewer, dimension: str, name: str | int | None) -> str:
    """A row's name; where only a part of its rows is in sight, with the words for that part behind it."""
    words = filters.name_words(dimension, name)
    found = limit(viewer)
    return f"{words} ({limit_words(viewer)})" if found and dimension in WIDER[found[0]] else words


def audience_of(viewer: Viewer, where: Filters = ()) -> Audience:
    """Who can read these figures: a vendor's the client too; the client's own, and those of several, the client only.

    A team, site or agent may be a vendor's: where its company is not named, the wider circle is said. A person's
    figures are read by the person, the team's leader and those who look at all of the company's rows.
    """
    companies = {name for dimension, name in where if dimension == "company"}
    inside = not companies and any(dimension in INSIDE for dimension, _name in where)
    of_vendor = not viewer.client or inside or (len(companies) == 1 and companies.isdisjoint({viewer.code, ""}))
    if (limit(viewer) or ("",))[0] == "agent":
        return Audience.PERSON_AND_BOTH if of_vendor else Audience.PERSON_AND_COMPANY
    return Audience.BOTH if of_vendor else Audience.COMPANY


def _scope(viewer: Viewer) -> Scope:
    try:
        return scope_of(viewer)
    except NothingToSee:
        return Scope()
