"""Pages of the client's duties."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from django import forms as django_forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from onefloor.periods import Month
from onefloor.problems import Problem
from onefloor_web.agreements.duties import actions, queries
from onefloor_web.agreements.duties.forms import AnswerForm, DeliveryForm, Filter, ObjectionForm, OpenForm, ReasonForm
from onefloor_web.agreements.duties.models import Duty, Kind, Objected, Objection, State
from onefloor_web.agreements.duties.relief import Said, reliefs
from onefloor_web.agreements.duties.shown import HEAD, OF_ALL, pairs, state_words
from onefloor_web.agreements.duties.silence import then_words
from onefloor_web.agreements.register.models import Agreement
from onefloor_web.platform.events.queries import line_of
from onefloor_web.platform.floor import now, today, zone
from onefloor_web.platform.pages.blocks import Empty
from onefloor_web.platform.pages.formats import month as month_words
from onefloor_web.platform.pages.formats import say
from onefloor_web.platform.pages.tables import Table
from onefloor_web.platform.permissions.page import ViewerRequest, found, page
from onefloor_web.platform.permissions.policy import can

form_page = require_http_methods(["GET", "HEAD", "POST"])
YEARS: Final = (2000, 2199)


@page("duties.view")
@require_safe
def all_duties(request: ViewerRequest) -> HttpResponse:
    """What the client owes, over all agreements the viewer may see."""
    chosen, rows = _chosen(request, queries.duties(request.viewer))
    empty = Empty(
        _("The client owes nothing here. Occasions come from requests, forecasts and the page of an agreement.")
    )
    table = Table.of(
        request, rows, OF_ALL, caption=_("Client duties"), empty=empty, order="-due_at", hidden_caption=True
    )
    found_ = {"agreements": list(queries.agreements(request.viewer)), "filter": chosen, "table": table}
    return render(request, "duties/all.html", found_)


@page("duties.view")
@require_safe
def duties(request: ViewerRequest, code: str) -> HttpResponse:
    """What the client owes under one agreement: kept, missed, and which relief follows."""
    agreement = _agreement(request, "duties.view", code)
    chosen, rows = _chosen(request, queries.duties(request.viewer, agreement))
    month = _month(chosen) or _this_month()
    empty = Empty(
        _("The client owes nothing here. Occasions come from requests, forecasts and the page of an agreement.")
    )
    table = Table.of(request, rows, HEAD, caption=_("Client duties"), empty=empty, order="-due_at", hidden_caption=True)
    return render(request, "duties/duties.html", {
        "agreement": agreement, "filter": chosen, "table": table, "month": month_words(month),
        "reliefs": _reliefs(request, agreement, month),
        "may_open": can(request.viewer, "duties.open") and bool(queries.clocks(agreement, today())),
    })  # fmt: skip


@page("duties.open")
@form_page
def duty_new(request: ViewerRequest, code: str) -> HttpResponse:
    """Name an occasion: the client as owed, a vendor as claimed."""
    agreement = _agreement(request, "duties.open", code)
    form = OpenForm(queries.clocks(agreement, today()), request.POST or None)
    problem = None
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = actions.open_duty(
                request.viewer, agreement, said["duty"], kind=Kind(said["kind"]), asked=said["asked"],
                begins_at=said["begins_at"], seats=said["seats"], reference=said["reference"],
            )  # fmt: skip
            return redirect("duty", made.pk)
        except Problem as refused:
            problem = refused
    return render(request, "duties/new.html", {"agreement": agreement, "form": form, "problem": problem})


@page("duties.view")
@require_safe
def duty(request: ViewerRequest, number: int) -> HttpResponse:
    """One duty: its clock, its delivery, objections, and what happened."""
    viewer, one = request.viewer, _duty(request, "duties.view", number)
    objection = queries.open_objection(one)
    return render(request, "duties/duty.html", {
        "duty": one, "pairs": pairs(one), "state": state_words(one, now()), "events": line_of(viewer, one),
        "objections": one.objections.select_related("resolution", "author"), "objection": objection,
        "may_record": one.state == State.OPEN and one.kind != Kind.ANSWER and can(viewer, "duties.record", one),
        "may_confirm": one.state == State.CLAIMED and can(viewer, "duties.record", one),
        "may_object": one.state == State.DONE and objection is None and can(viewer, "duties.object", one),
        "may_resolve": objection is not None and can(viewer, "duties.record", one),
        "may_withdraw": _may_withdraw(request, one),
        "waits": _waits(one, objection),
    })  # fmt: skip


@page("duties.record")
@form_page
def duty_delivery(request: ViewerRequest, number: int) -> HttpResponse:
    """Record that the client has delivered."""
    one = _duty(request, "duties.record", number)
    form = DeliveryForm(one.seats, request.POST or None, initial={"at": now(), "seats": one.seats})

    def act(said: dict[str, Any]) -> None:
        actions.record_done(
            request.viewer, one, at=said["at"], by=said["by"], note=said["note"], seats=said.get("seats")
        )

    consequence = _("Both companies read it. From now on the figures count this duty by the time entered.")
    return _asked(request, one, form, act, _("Record delivery"), consequence)


@page("duties.record")
@form_page
def duty_confirmation(request: ViewerRequest, number: int) -> HttpResponse:
    """The client says whether it owes what a vendor claims."""
    one = _duty(request, "duties.record", number)

    def act(said: dict[str, Any]) -> None:
        actions.confirm(request.viewer, one, owed=said["accepted"] == "yes", why=said["text"])

    consequence = _("Once confirmed it counts, and cannot be taken back after it was due.")
    return _asked(request, one, AnswerForm(request.POST or None), act, _("Answer the claim"), consequence)


@page("duties.object")
@form_page
def duty_objection(request: ViewerRequest, number: int) -> HttpResponse:
    """The vendor objects to a delivery."""
    one = _duty(request, "duties.object", number)

    def act(said: dict[str, Any]) -> None:
        actions.object_to(request.viewer, one, says=Objected(said["says"]), text=said["text"], done_at=said["done_at"])

    consequence = _("The client reads it and answers. Until then the delivery counts as recorded.")
    return _asked(request, one, ObjectionForm(request.POST or None), act, _("Object to the delivery"), consequence)


@page("duties.record")
@form_page
def duty_resolution(request: ViewerRequest, number: int) -> HttpResponse:
    """The client answers an objection."""
    one = _duty(request, "duties.record", number)
    objection = queries.open_objection(one)
    if objection is None:
        messages.error(request, _("No objection waits here any more."))
        return redirect("duty", one.pk)

    def act(said: dict[str, Any]) -> None:
        actions.resolve(request.viewer, objection, accepted=said["accepted"] == "yes", text=said["text"])

    consequence = _("Where it is accepted, the record becomes what the vendor says, and the figures follow.")
    return _asked(request, one, AnswerForm(request.POST or None), act, _("Answer the objection"), consequence)


@page("duties.open")
@form_page
def duty_withdrawal(request: ViewerRequest, number: int) -> HttpResponse:
    """Take an occasion back."""
    one = _duty(request, "duties.open", number)
    if not _may_withdraw(request, one):
        messages.error(
            request, _("This duty cannot be withdrawn: it was due, is over, or was opened by the other company.")
        )
        return redirect("duty", one.pk)

    def act(said: dict[str, Any]) -> None:
        actions.withdraw(request.viewer, one, why=said["text"])

    consequence = _("It then counts nowhere; the row stays, with the reason.")
    return _asked(request, one, ReasonForm(request.POST or None), act, _("Withdraw the occasion"), consequence)


def _asked(
    request: ViewerRequest, one: Duty, form: django_forms.Form, act: Callable[[dict[str, Any]], None], submit: str,
    consequence: str,
) -> HttpResponse:  # fmt: skip
    """A form, and back to the duty once it is done; a problem stands above what was entered."""
    problem = None
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data)
            return redirect("duty", one.pk)
        except Problem as refused:
            problem = refused
    return render(request, "duties/act.html", {
        "duty": one, "pairs": pairs(one), "form": form, "problem": problem, "submit": submit,
        "consequence": consequence,
    })  # fmt: skip


def _waits(one: Duty, objection: Objection | None) -> str:
    """Whose turn it is, until when, and what then."""
    if one.state == State.CLAIMED:
        return " ".join((_("Waiting for the client: is it owed?"), then_words(one)))
    if objection is not None:
        words = _("Waiting for the client: answer the objection. Until then the delivery counts as recorded.")
        return " ".join((words, then_words(one, objection)))
    if one.state == State.OPEN and one.due_at:
        return _("Waiting for the client: deliver. After the time it is due, it counts as missed.")
    return ""


def _may_withdraw(request: ViewerRequest, one: Duty) -> bool:
    own = one.opener_id == request.viewer.company and one.kind != Kind.ANSWER
    owed = request.viewer.client and one.state == State.OPEN and one.due_at is not None and one.due_at > now()
    in_time = one.state == State.CLAIMED or owed
    return own and in_time and can(request.viewer, "duties.open", one)


def _reliefs(request: ViewerRequest, agreement: Agreement, month: Month) -> list[tuple[Said, str]]:
    return [(one, say(one.words)) for one in reliefs(request.viewer, agreement, month)]


def _chosen(request: ViewerRequest, rows: QuerySet[Duty]) -> tuple[Filter, QuerySet[Duty]]:
    """The filter of the address, and the rows it leaves: those due in the month, or begun in it without a time."""
    chosen = Filter(request.GET)
    month = _month(chosen)
    if month is not None:
        first, last = _edges(month)
        rows = rows.filter(
            Q(due_at__gte=first, due_at__lt=last) | Q(due_at=None, begins_at__gte=first, begins_at__lt=last)
        )
    if chosen.is_valid() and chosen.cleaned_data["state"]:
        rows = queries.counted(rows, chosen.cleaned_data["state"], now())
    return chosen, rows


def _month(chosen: Filter) -> Month | None:
    """The month asked for; None for another word."""
    year, _dash, month = (chosen.cleaned_data.get("month", "") if chosen.is_valid() else "").partition("-")
    if not (year.isascii() and month.isascii() and year.isdigit() and month.isdigit()):
        return None
    fits = YEARS[0] <= int(year) <= YEARS[1] and 1 <= int(month) <= 12
    return Month(int(year), int(month)) if fits else None


def _this_month() -> Month:
    return Month(today().year, today().month)


def _edges(month: Month) -> tuple[datetime, datetime]:
    first, after = (datetime(one.year, one.month, 1, tzinfo=zone()) for one in (month, month.following()))
    return first, after


def _agreement(request: ViewerRequest, action: str, code: str) -> Agreement:
    return found(request.viewer, action, Agreement.objects.select_related("company"), code=code)


def _duty(request: ViewerRequest, action: str, number: int) -> Duty:
    rows = Duty.objects.select_related("company", "agreement", "opener")
    return found(request.viewer, action, rows, pk=number)
