"""Pages of contacts."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from onefloor.metrics.contacts import Contact, Legs
from onefloor_web.platform.floor import zone
from onefloor_web.platform.pages.addresses import last_offset, page_number
from onefloor_web.platform.pages.blocks import Empty
from onefloor_web.platform.pages.formats import duration, exact
from onefloor_web.platform.pages.tables import Column, Listing, Table
from onefloor_web.platform.permissions.page import ViewerRequest, page
from onefloor_web.platform.privacy.access import asks_purpose, opened, purpose_of
from onefloor_web.platform.privacy.models import Kind
from onefloor_web.records.contacts import story
from onefloor_web.records.contacts.forms import NAMED, SearchForm, month_of
from onefloor_web.records.figures import filters
from onefloor_web.records.figures.freshness import bar
from onefloor_web.records.figures.listing import contact_url, instant, outcome_words, source_words
from onefloor_web.records.figures.viewers import slots as slots_of
from onefloor_web.records.figures.whose import audience_of
from onefloor_web.records.floor import questions
from onefloor_web.records.floor.scopes import NothingToSee

PER_PAGE = 50


@page("contacts.view")
@require_safe
@asks_purpose
def contacts(request: ViewerRequest) -> HttpResponse:
    """Which contacts were there? All hits can be reached, page by page."""
    fresh, form = bar(request.viewer), _form(request)
    context: dict[str, Any] = {"form": form, "freshness": fresh, "zone": str(zone()), "purpose": purpose_of(request)}
    context["audience"] = audience_of(request.viewer)
    found = Legs(0, [])
    if form.is_valid():
        offset = (page_number(request) - 1) * PER_PAGE
        found = questions.search(request.viewer, form.wish, limit=PER_PAGE, offset=offset)
        if found.count and not found.rows:
            last = last_offset(found.count, PER_PAGE)
            found = questions.search(request.viewer, form.wish, limit=PER_PAGE, offset=last)
    if found.rows:
        opened(request, Kind.SEARCH, request.get_full_path(), rows=len(found.rows))
    return render(request, "contacts/contacts.html", context | {"table": _table(request, found)})


@page("contacts.view")
@require_safe
def contact(request: ViewerRequest, code: str) -> HttpResponse:
    """What happened in this contact? One outside the viewer's scope does not exist, whatever the purpose."""
    try:
        found = questions.contact(request.viewer, code)
    except NothingToSee:
        found = None
    if found is None:
        raise Http404
    return _told(request, found)


@asks_purpose
def _told(request: ViewerRequest, found: Contact) -> HttpResponse:
    opened(request, Kind.CONTACT, found.code, rows=len(found.in_scope))
    context = {
        "contact": found,
        "audience": audience_of(request.viewer),
        "legs": story.legs(found, slots_of(request.viewer)),
        "customer": story.customer(found),
        "later": story.later(found),
        "began": exact(found.legs[0]["start_ms"]),
        "purpose": purpose_of(request),
    }
    return render(request, "contacts/contact.html", context)


def _form(request: ViewerRequest) -> SearchForm:
    """What was asked, or for a start the last day with facts."""
    try:
        names = questions.choices(request.viewer)
        through = questions.freshness(request.viewer).reach.through_ms
    except NothingToSee:
        names, through = {name: [] for name in NAMED}, None
    data = {key: request.GET[key] for key in request.GET if key != "page"}
    if not data and through:
        data = month_of(instant(through - 1))
    return SearchForm(data, names, client=request.viewer.client)


def _table(request: ViewerRequest, found: Legs) -> Table:
    columns = [
        Column(_("Entered the queue"), lambda row: exact(row["start_ms"]), url=contact_url, panel=True),
        Column(_("Outcome"), lambda row: outcome_words(row["outcome"])),
        Column(_("Wait"), lambda row: _length(row["wait_ms"]), number=True, unit="m:ss"),
        Column(_("Talk"), lambda row: _talked(row, "talk_ms"), number=True, unit="m:ss"),
        Column(_("Hold"), lambda row: _talked(row, "hold_ms"), number=True, unit="m:ss"),
        Column(_("Wrap"), lambda row: _talked(row, "wrap_ms"), number=True, unit="m:ss"),
        Column(filters.title("queue"), lambda row: row["queue"] or ""),
        Column(filters.title("topic"), lambda row: row["topic"] or ""),
    ]
    if request.viewer.client:
        columns.append(Column(filters.title("company"), lambda row: row["company"] or ""))
    columns.append(Column(filters.title("agent"), lambda row: row["agent"] or ""))
    columns.append(Column(_("Source"), source_words))
    return Table.of(
        request, Listing(found.count, found.rows), columns, caption=_("Contacts"), per_page=PER_PAGE,
        hidden_caption=True, empty=Empty(_("No contact fits. Widen the time, or take a condition off.")),
    )  # fmt: skip


def _length(ms: int) -> str:
    return duration(ms // 1000 * 1000)


def _talked(row: dict[str, Any], part: str) -> str:
    """A leg that nobody answered has no talk and nothing after it."""
    return _length(row[part]) if row["answered"] else ""
