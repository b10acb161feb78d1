"""Pages of requests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from onefloor.problems import Problem
from onefloor_web.platform.companies.queries import the_client
from onefloor_web.platform.events.queries import line_of
from onefloor_web.platform.floor import now, today
from onefloor_web.platform.pages.blocks import Empty
from onefloor_web.platform.pages.tables import Table
from onefloor_web.platform.permissions.page import ViewerRequest, found, page
from onefloor_web.platform.permissions.policy import can
from onefloor_web.trust.requests import actions, forms, queries, shown
from onefloor_web.trust.requests.classes import classes_of
from onefloor_web.trust.requests.models import Request, State

form_page = require_http_methods(["GET", "HEAD", "POST"])
Said = dict[str, Any]


@page("requests.view")
@require_safe
def board(request: ViewerRequest) -> HttpResponse:
    """All requests, in the same words for both companies: waiting for whom, until when."""
    chosen, rows = _chosen(request)
    client = the_client()
    empty = Empty(_("No request fits. What the client has to decide, explain or mend is raised here and gets a clock."))
    table = Table.of(
        request, rows, shown.columns(client, companies=request.viewer.client), caption=_("Requests"), empty=empty,
        order="due_at", hidden_caption=True,
    )  # fmt: skip
    may = {"may_raise": can(request.viewer, "requests.raise"), "may_route": can(request.viewer, "requests.route")}
    return render(request, "requests/board.html", {"filter": chosen, "table": table, **may})


@page("requests.raise")
@form_page
def request_new(request: ViewerRequest) -> HttpResponse:
    """Raise a request; its clock runs from now."""
    viewer, agreements = request.viewer, queries.agreements(request.viewer)
    wanted = request.POST.get("agreement") or request.GET.get("agreement") or ""
    agreement = next((one for one in agreements if str(one.pk) == wanted), agreements[0] if agreements else None)
    form = forms.RaiseForm(agreements, classes_of(agreement, today()), request.POST or None, request.FILES or None)
    problem = None
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = actions.raise_request(
                viewer, said.get("agreement", agreement), said["kind"], subject=said["subject"], text=said["text"],
                files=said["attached"],
            )  # fmt: skip
            return redirect("request", made.pk)
        except Problem as refused:
            problem = refused
    return render(request, "requests/new.html", {"form": form, "problem": problem, "client": the_client()})


@page("requests.view")
@require_safe
def one_request(request: ViewerRequest, number: int) -> HttpResponse:
    """One request: whose turn it is, what was said, what follows, what happened."""
    one, client = _one(request, "requests.view", number), the_client()
    return render(request, "requests/request.html", {
        "one": one, "client": client, "sentence": shown.sentence(one, client, now()),
        "consequences": shown.consequences(one), "pairs": shown.pairs(one, client), "thread": queries.thread(one),
        "events": line_of(request.viewer, one), "acts": _acts(request, one),
    })  # fmt: skip


@page("requests.answer")
@form_page
def request_question(request: ViewerRequest, number: int) -> HttpResponse:
    """The client asks back."""
    one = _one(request, "requests.answer", number)
    stops = _("The clock stands still until the reply.") if one.pauses else _("The clock runs on.")

    def act(said: Said) -> None:
        actions.ask_back(request.viewer, one, said["turn"], said["text"], said["attached"])

    return _asked(request, one, forms.SayForm, act, _("Ask back"), stops, (State.OPEN,))


@page("requests.raise")
@form_page
def request_reply(request: ViewerRequest, number: int) -> HttpResponse:
    """The asker replies."""
    one = _one(request, "requests.raise", number)

    def act(said: Said) -> None:
        actions.reply(request.viewer, one, said["turn"], said["text"], said["attached"])

    said = _("The client's clock runs on with what was left.")
    return _asked(request, one, forms.SayForm, act, _("Reply"), said, (State.ASKED,))


@page("requests.answer")
@form_page
def request_answer(request: ViewerRequest, number: int) -> HttpResponse:
    """The client answers."""
    one = _one(request, "requests.answer", number)

    def act(said: Said) -> None:
        actions.answer(request.viewer, one, said["turn"], said["text"], link=said["link"], files=said["attached"])

    said = _("The clock ends now. The asker accepts the answer, or sends it back once.")
    return _asked(request, one, forms.AnswerForm, act, _("Answer"), said, (State.OPEN, State.ASKED))


@page("requests.raise")
@form_page
def request_acceptance(request: ViewerRequest, number: int) -> HttpResponse:
    """The asker accepts."""
    one = _one(request, "requests.raise", number)

    def act(said: Said) -> None:
        actions.accept(request.viewer, one, said["turn"], said["text"])

    said = _("This ends the request. It can be reopened once.")
    return _asked(request, one, forms.AcceptForm, act, _("Accept the answer"), said, (State.ANSWERED,))


@page("requests.raise")
@form_page
def request_return(request: ViewerRequest, number: int) -> HttpResponse:
    """The asker sends the answer back, or reopens what it accepted."""
    one = _one(request, "requests.raise", number)

    def act(said: Said) -> None:
        actions.send_back(request.viewer, one, said["turn"], said["text"], said["attached"])

    words = _("Reopen") if one.state == State.ACCEPTED else _("Send the answer back")
    said = _("Possible once. The client's clock runs on with what was left when it answered.")
    return _asked(request, one, forms.SayForm, act, words, said, (State.ANSWERED, State.ACCEPTED))


@page("requests.raise")
@form_page
def request_closing(request: ViewerRequest, number: int) -> HttpResponse:
    """The asker ends it without a solution."""
    one = _one(request, "requests.raise", number)

    def act(said: Said) -> None:
        actions.close_unsolved(request.viewer, one, said["turn"], said["text"])

    said = _("This ends the request; both companies read why.")
    return _asked(request, one, forms.WordsForm, act, _("Close without a solution"), said, (State.ANSWERED,))


@page("requests.raise")
@form_page
def request_withdrawal(request: ViewerRequest, number: int) -> HttpResponse:
    """The asker withdraws it."""
    one = _one(request, "requests.raise", number)

    def act(said: Said) -> None:
        actions.withdraw(request.viewer, one, said["turn"], said["text"])

    said = _("This ends the request. If it was overdue already, it stays a missed duty.")
    return _asked(request, one, forms.WordsForm, act, _("Withdraw the request"), said, (State.OPEN, State.ASKED))


@page("requests.view")
@form_page
def request_note(request: ViewerRequest, number: int) -> HttpResponse:
    """Either side adds something; the clock does not move."""
    action = "requests.answer" if request.viewer.client else "requests.raise"
    one = _one(request, action, number)

    def act(said: Said) -> None:
        actions.note(request.viewer, one, said["text"], said["attached"])

    said = _("Both companies read it. The clock does not move.")
    return _asked(request, one, forms.SayForm, act, _("Add a note"), said, tuple(State))


def _asked(
    request: ViewerRequest, one: Request, form_class: type[django_forms.Form], act: Callable[[Said], None], submit: str,
    consequence: str, states: tuple[State, ...],
) -> HttpResponse:  # fmt: skip
    """A form about a request that is in one of some states, and back to it once it is done."""
    if one.state not in states:
        messages.error(request, _("The request has moved on; this is how it stands now."))
        return redirect("request", one.pk)
    form = form_class(request.POST or None, request.FILES or None, initial={"turn": one.turn})
    problem = None
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data)
            return redirect("request", one.pk)
        except Problem as refused:
            problem = refused
    client = the_client()
    return render(request, "requests/act.html", {
        "one": one, "form": form, "problem": problem, "submit": submit, "consequence": consequence,
        "sentence": shown.sentence(one, client, now()), "thread": queries.thread(one)[-3:],
    })  # fmt: skip


def _acts(request: ViewerRequest, one: Request) -> list[tuple[str, str]]:
    """What the viewer may do now, the most likely first: the name of its address and its words."""
    answers, asks = (can(request.viewer, action, one) for action in ("requests.answer", "requests.raise"))
    acts = [*(_acts_of_client(one) if answers else []), *(_acts_of_asker(one) if asks else [])]
    return [*acts, ("request_note", _("Add a note"))] if answers or asks else []


def _acts_of_client(one: Request) -> list[tuple[str, str]]:
    back = [("request_question", _("Ask back"))] if one.state == State.OPEN else []
    if one.state in (State.OPEN, State.ASKED):
        return [("request_answer", _("Answer")), *back, ("request_handler", _("Hand on"))]
    return []


def _acts_of_asker(one: Request) -> list[tuple[str, str]]:
    back = [("request_return", _("Send the answer back"))] if not one.rounds else []
    reopen = [("request_return", _("Reopen"))] if not one.rounds else []
    return {
        State.OPEN: [("request_withdrawal", _("Withdraw the request"))],
        State.ASKED: [("request_reply", _("Reply")), ("request_withdrawal", _("Withdraw the request"))],
        State.ANSWERED: [
            ("request_acceptance", _("Accept the answer")), *back,
            ("request_closing", _("Close without a solution")),
        ],
        State.ACCEPTED: reopen,
    }.get(State(one.state), [])  # fmt: skip


def _chosen(request: ViewerRequest) -> tuple[forms.Filter, QuerySet[Request]]:
    """The filter of the address and the rows it leaves; those that are not over without a wish."""
    chosen = forms.Filter(request.GET)
    said = chosen.cleaned_data if chosen.is_valid() else {}
    rows = queries.requests(request.viewer)
    wanted = {
        "mine": queries.waiting_for(request.viewer), "late": queries.late(now()), "over": ~queries.moving(),
        "all": Q(),
    }  # fmt: skip
    rows = rows.filter(wanted.get(said.get("state") or "moving", queries.moving()))
    if word := said.get("q"):
        number = word.upper().removeprefix("R-")
        by_number = Q(pk=int(number)) if number.isascii() and number.isdigit() and len(number) < 15 else Q(pk__in=[])
        rows = rows.filter(Q(subject__icontains=word) | by_number)
    return chosen, rows


def _one(request: ViewerRequest, action: str, number: int) -> Request:
    rows = Request.objects.select_related("company", "agreement")
    return found(request.viewer, action, rows, pk=number)
