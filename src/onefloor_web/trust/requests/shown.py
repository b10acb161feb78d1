"""Requests as pages show them, in the same words for both companies: waiting for whom, until when, and what then."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from onefloor.language import Text
from onefloor.periods import MS_PER_HOUR
from onefloor_web.agreements.duties.relief import clauses_about
from onefloor_web.agreements.register.queries import in_force
from onefloor_web.platform.companies.models import Company
from onefloor_web.platform.floor import now, today
from onefloor_web.platform.pages.blocks import Pair
from onefloor_web.platform.pages.formats import NOTHING, duration_words, moment, say, time_left
from onefloor_web.platform.pages.tables import Column
from onefloor_web.trust.requests.actions import span_of
from onefloor_web.trust.requests.forms import span_words
from onefloor_web.trust.requests.models import Request, State
from onefloor_web.trust.requests.queries import WAITING_FOR_ASKER

MINUTE = 60_000
SEMICOLON = Text("；", "; ")


def columns(client: Company, *, companies: bool) -> tuple[Column, ...]:
    """The columns of the board; with the asking company where there may be several."""
    of = (Column(gettext_lazy("Company"), lambda one: one.company.name, sort="company__slot"),) if companies else ()
    return (
        Column(
            gettext_lazy("Number"), lambda one: one.code, sort="pk",
            url=lambda one: reverse("request", args=[one.pk]),
        ),
        Column(gettext_lazy("Subject"), lambda one: one.subject, sort="subject"),
        *of,
        Column(gettext_lazy("Class"), lambda one: say(one.name), sort="kind"),
        Column(gettext_lazy("Waiting for"), lambda one: turn_of(one, client) or one.get_state_display(), sort="state"),
        Column(gettext_lazy("Due"), lambda one: until(one, now()), sort="due_at"),
        Column(gettext_lazy("Looked after by"), lambda one: one.handler_name or NOTHING, sort="handler_name"),
    )  # fmt: skip


def turn_of(request: Request, client: Company) -> str:
    """The name of the company whose turn it is; nothing once it is over."""
    if request.state == State.OPEN:
        return client.name
    return request.company.name if request.state in WAITING_FOR_ASKER else ""


def until(request: Request, at: datetime) -> str:
    """``2026-11-24 18:00``, with how late it is, or since when the clock stands still."""
    if request.state not in (State.OPEN, State.ASKED):
        return NOTHING
    if request.due_at is None:
        return _("clock stopped, %(left)s left") % {"left": rest_words(request)}
    if request.due_at < at:
        return _("%(when)s, %(time)s late") % {"when": moment(request.due_at), "time": time_left(at - request.due_at)}
    return moment(request.due_at)


def rest_words(request: Request) -> str:
    """What is left of a clock that stands still: ``14 h 20 min``."""
    rest = request.rest_ms or 0
    return duration_words(rest // MINUTE * MINUTE if rest < 1000 * MS_PER_HOUR else rest // MS_PER_HOUR * MS_PER_HOUR)


def sentence(request: Request, client: Company, at: datetime) -> str:
    """Waiting for whom, until when, then what: the same for both companies."""
    asker = request.company.name
    match request.state:
        case State.OPEN if request.due_at and request.due_at < at:
            return _("Waiting for %(client)s: answer, %(time)s late.") % {
                "client": client.name, "time": time_left(at - request.due_at),
            }  # fmt: skip
        case State.OPEN:
            return _("Waiting for %(client)s: answer until %(when)s.") % {
                "client": client.name, "when": moment(request.due_at),
            }  # fmt: skip
        case State.ASKED if request.stopped_at:
            return _(
                "Waiting for %(asker)s: reply to the question back. %(who)s stopped the clock on %(when)s; %(left)s"
                " of it are left and run on with the reply."
            ) % {
                "asker": asker, "who": request.stopped_by, "when": moment(request.stopped_at),
                "left": rest_words(request),
            }  # fmt: skip
        case State.ASKED:
            return _("Waiting for %(asker)s: reply to the question back. The clock runs on until %(when)s.") % {
                "asker": asker, "when": moment(request.due_at),
            }  # fmt: skip
        case State.ANSWERED:
            return _("Waiting for %(asker)s: accept the answer, or send it back. No clock runs.") % {"asker": asker}
        case _over:
            return str(request.get_state_display())


def consequences(request: Request) -> list[Text]:
    """What the agreement says of late answers: the clauses in force about the duty."""
    if request.agreement is None:
        return []
    terms = in_force(request.agreement, today())
    if terms is None:
        return []
    return [
        Text(f"{one.id} {one.title.zh}：{one.text.zh}", f"{one.id} {one.title.en}: {one.text.en}")
        for one in clauses_about(terms.duties, request.duty)
    ]


def pairs(request: Request, client: Company) -> list[Pair]:
    """What is known of a request."""
    counted = _("a question back stops the clock") if request.pauses else _("a question back does not stop the clock")
    found = [
        Pair(_("Class"), say(request.name)),
        Pair(_("Company"), request.company.name),
        Pair(_("Raised"), f"{moment(request.raised_at)} {request.raised_by}"),
        Pair(_("Time allowed"), f"{span_words(span_of(request))}{say(SEMICOLON)}{counted}"),
        Pair(_("Due"), until(request, now()) if request.answered_at is None else moment(request.due_at)),
        Pair(_("Looked after by"), f"{client.name} {request.handler_name}".strip()),
    ]
    if request.answered_at:
        late = request.due_at is not None and request.answered_at > request.due_at
        words = _("%(at)s, after the deadline") if late else "%(at)s"
        found.append(Pair(_("Answered"), words % {"at": moment(request.answered_at)}))
    if request.agreement:
        found.append(Pair(_("Agreement"), say(request.agreement.name)))
    return found
