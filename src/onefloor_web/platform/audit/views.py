"""Pages of the audit trail."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from onefloor_web.platform.audit import queries, words
from onefloor_web.platform.audit.queries import Wanted
from onefloor_web.platform.audit.tables import tracked
from onefloor_web.platform.audit.words import Line
from onefloor_web.platform.floor import today
from onefloor_web.platform.pages.formats import NOTHING, day, exact
from onefloor_web.platform.permissions.page import ViewerRequest, page
from onefloor_web.platform.spreadsheets.files import Cell, Sheet, response, travels


@page("audit.view")
@require_safe
def audit(request: ViewerRequest) -> HttpResponse:
    """Who changed what: newest first."""
    wanted = Wanted.of(request.GET)
    found = queries.changes(wanted, most=queries.PER_PAGE + 1)
    shown = found[: queries.PER_PAGE]
    older = str(shown[-1].place) if len(found) > len(shown) else ""
    context = {
        "lines": words.lines(shown),
        "wanted": wanted,
        "tables": tracked().values(),
        "filtered": wanted != Wanted(),
        "older": _with(request, before=older) if older else "",
        "export": _with(request, path="export/"),
    }
    return render(request, "audit/audit.html", context)


@page("audit.view")
@require_safe
def export(request: ViewerRequest) -> HttpResponse:
    """The same as CSV, a line for each field; text that a spreadsheet would run is made harmless."""
    wanted = Wanted.of(request.GET)
    lines = words.lines(queries.changes(wanted, most=queries.MOST))
    heads = [
        _("When"),
        _("Who"),
        _("Of"),
        _("Company"),
        pgettext("database", "Table"),
        _("Number"),
        _("Object"),
        _("Act"),
        pgettext("way", "By"),
    ]
    period = f"{day(wanted.since)} – {day(wanted.until)}" if wanted.since or wanted.until else NOTHING
    about = travels(request.viewer, scope=_("audit trail"), period=period, data_version=NOTHING)
    fields = [_("Field"), _("Before"), _("After")]
    return response(Sheet(_("Audit trail"), about, [*heads, *fields], _rows(lines)), "csv", f"audit-{today()}")


def _rows(lines: Sequence[Line]) -> Iterator[list[Cell]]:
    for line in lines:
        head: list[Cell] = [
            exact(line.at), line.who, line.whose, line.company, line.table, line.number, line.subject, line.act, line.by
        ]  # fmt: skip
        for one in line.differences:
            yield [*head, one.field, one.before, one.after]
        if not line.differences:
            yield [*head, "", "", ""]


def _with(request: ViewerRequest, *, path: str = "", **changes: str) -> str:
    """This page's filter in another address."""
    kept = {key: value for key, value in request.GET.items() if key != "before"} | changes
    return f"{path}?{urlencode(kept)}"
