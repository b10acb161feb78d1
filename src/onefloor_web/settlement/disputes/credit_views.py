"""Pages of credit notes: what was accepted of disputed lines, each with what it rests on."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from onefloor.agreements.adjustments import CREDIT_NOTE
from onefloor.agreements.statement import canonical_json
from onefloor_web.platform.pages.blocks import Empty, Pair
from onefloor_web.platform.pages.downloads import attachment
from onefloor_web.platform.pages.formats import moment, money, say
from onefloor_web.platform.pages.tables import Column, Table
from onefloor_web.platform.permissions.page import ViewerRequest, found, page
from onefloor_web.platform.permissions.policy import only_visible
from onefloor_web.settlement.disputes.events import page_of
from onefloor_web.settlement.disputes.models import Answering
from onefloor_web.settlement.statements.events import page_of as statement_page
from onefloor_web.settlement.statements.models import Adjustment
from onefloor_web.settlement.statements.reading import shown as two_places

EMPTY = Empty(_("No credit notes yet. One is made when a disputed amount is accepted."))
COLUMNS = (
    Column(_("Number"), lambda row: str(row.pk), sort="pk", url=lambda row: reverse("credit_note", args=[row.pk])),
    Column(_("Company"), lambda row: row.company.name, sort="company__name"),
    Column(_("Month"), lambda row: row.line.statement.month, sort="line__statement__month"),
    Column(_("Line"), lambda row: f"{row.line.number} {say(row.line.name)}"),
    Column(
        _("Amount"), lambda row: money(two_places(row.amount), row.line.statement.currency), sort="amount", number=True
    ),
    Column(_("Made"), lambda row: moment(row.made_at), sort="made_at"),
    Column(_("Booked in"), lambda row: row.booked_in.month if row.booked_in else "–"),
)


@page("disputes.view")
@require_safe
def listing(request: ViewerRequest) -> HttpResponse:
    """What was accepted of disputed lines?"""
    rows = only_visible(request.viewer, "disputes.view", _notes())
    table = Table.of(request, rows, COLUMNS, caption=_("Credit notes"), empty=EMPTY, order="-pk", hidden_caption=True)
    return render(request, "disputes/credit_notes.html", {"table": table})


@page("disputes.view")
@require_safe
def credit_note(request: ViewerRequest, number: int) -> HttpResponse:
    """One credit note, and what it rests on."""
    note = found(request.viewer, "disputes.view", _notes(), pk=number)
    return render(request, "disputes/credit_note.html", {"note": note, "pairs": _pairs(note), "said": _said(note)})


@page("disputes.view")
@require_safe
def document(request: ViewerRequest, number: int) -> HttpResponse:
    """What its digest is taken of, byte for byte."""
    note = found(request.viewer, "disputes.view", _notes(), pk=number)
    return attachment(canonical_json(note.source), f"credit-note-{note.pk}.json", "application/json")


def _notes() -> QuerySet[Adjustment]:
    rows = Adjustment.objects.filter(kind=CREDIT_NOTE)
    return rows.select_related(
        "line__statement__agreement", "line__statement__company", "company", "author", "booked_in"
    )


def _said(note: Adjustment) -> list[Pair]:
    """The reasons it rests on: the claim's, and the ruling's where there was one."""
    claim, answer = note.source["claim"], note.source["answer"]
    said = [Pair(gettext("Claim of %(company)s") % {"company": claim["author"]}, claim["reason"])]
    if answer:
        kind, reason = str(Answering(answer["kind"]).label), answer["reason"]
        words = gettext("%(kind)s: %(reason)s") % {"kind": kind, "reason": reason} if reason else kind
        said.append(Pair(gettext("Answer of %(company)s") % {"company": answer["author"]}, words))
    return said


def _pairs(note: Adjustment) -> list[Pair]:
    statement = note.line.statement
    booked = note.booked_in
    return [
        Pair(gettext("Line"), f"{statement.month} · {note.line.number} {say(note.line.name)}", page_of(note.line)),
        Pair(gettext("Amount"), money(two_places(note.amount), statement.currency)),
        Pair(gettext("Company"), note.company.name),
        Pair(gettext("Issued by"), note.author.name),
        Pair(gettext("Made"), moment(note.made_at)),
        Pair(
            gettext("Booked in"),
            booked.month if booked else gettext("not booked yet"),
            statement_page(booked) if booked else "",
        ),
        Pair("SHA-256", note.digest),
    ]
