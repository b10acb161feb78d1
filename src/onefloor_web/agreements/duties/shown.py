"""Duties as pages show them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from onefloor.agreements.terms.procedure import DutyClock
from onefloor.language import Text
from onefloor.working_time import Span
from onefloor_web.agreements.duties.clocks import span_of
from onefloor_web.agreements.duties.models import Basis, Duty, State
from onefloor_web.agreements.duties.queries import MISSED, Standing, standing
from onefloor_web.platform.floor import now
from onefloor_web.platform.pages.blocks import Pair
from onefloor_web.platform.pages.formats import NOTHING, moment, number, say
from onefloor_web.platform.pages.formats import time_left as length
from onefloor_web.platform.pages.tables import Column

COMMA = Text("，", ", ")
HEAD = (
    Column(
        gettext_lazy("Reference"), lambda duty: duty.reference, sort="reference",
        url=lambda duty: reverse("duty", args=[duty.pk]),
    ),
    Column(gettext_lazy("Duty"), lambda duty: say(duty.name), sort="duty"),
    Column(gettext_lazy("What asks for it"), lambda duty: duty.asked),
    Column(gettext_lazy("Due"), lambda duty: moment(duty.due_at), sort="due_at"),
    Column(gettext_lazy("Delivered"), lambda duty: moment(duty.done_at), sort="done_at"),
    Column(gettext_lazy("State"), lambda duty: state_words(duty, now())),
)  # fmt: skip
OF_ALL = (Column(gettext_lazy("Company"), lambda duty: duty.company.name, sort="company__slot"), *HEAD)


def state_words(duty: Duty, at: datetime) -> str:
    """``missed, 3 h late``."""
    found = standing(duty, at)
    return f"{found.words}{say(COMMA)}{late_words(found)}" if found.word == MISSED else str(found.words)


def late_words(found: Standing) -> str:
    """``1 d 4 h late``."""
    return _("%(time)s late") % {"time": length(timedelta(milliseconds=found.late_ms))}


def span_words(clock: DutyClock) -> str:
    """``within 2 working days``, ``10 working days before``."""
    return counted_words(str(span_of(clock)), Basis.WITHIN if clock.within else Basis.BEFORE)


def counted_words(span: str, basis: str) -> str:
    """The same of a span as it was kept: ``16 working hours``."""
    amount, _space, unit = span.partition(" ")
    words = amount_words(Span(int(amount), unit))  # type: ignore[arg-type]
    return _("within %(span)s") % {"span": words} if basis == Basis.WITHIN else _("%(span)s before") % {"span": words}


def amount_words(span: Span) -> str:
    """``16 working hours`` in the reader's language."""
    n = span.amount
    match span.unit:
        case "working hours":
            words = ngettext("%(n)s working hour", "%(n)s working hours", n)
        case "working days":
            words = ngettext("%(n)s working day", "%(n)s working days", n)
        case "hours":
            words = ngettext("%(n)s hour", "%(n)s hours", n)
        case _days:
            words = ngettext("%(n)s day", "%(n)s days", n)
    return words % {"n": number(n)}


def pairs(duty: Duty) -> Sequence[Pair]:
    """What is known of a duty."""
    begun = _("Takes effect") if duty.basis == Basis.BEFORE else pgettext("a duty", "Asked for")
    found = [
        Pair(_("Duty"), say(duty.name)),
        Pair(_("What asks for it"), duty.asked, duty.page),
        Pair(begun, moment(duty.begins_at)),
        Pair(_("Time allowed"), counted_words(duty.span, duty.basis)),
        Pair(_("Due"), moment(duty.due_at) if duty.due_at else _("the clock stands still")),
        Pair(_("Opened by"), f"{duty.opened_by}{say(COMMA)}{duty.opener.name}"),
    ]
    if duty.seats:
        found.append(Pair(_("Seats asked for"), number(duty.seats)))
    if duty.state == State.DONE:
        found += _delivery(duty)
    if duty.ended_why:
        found.append(Pair(_("Why"), duty.ended_why))
    return found


def _delivery(duty: Duty) -> list[Pair]:
    recorded = f"{moment(duty.recorded_at)} {duty.recorded_by}" if duty.recorded_at else NOTHING
    seats = [Pair(_("Seats delivered"), number(duty.seats_done))] if duty.seats_done else []
    return [
        Pair(_("Delivered"), f"{moment(duty.done_at)}{say(COMMA)}{duty.done_by}"),
        *seats,
        Pair(pgettext("a delivery", "Evidence"), duty.note or NOTHING),
        Pair(_("Recorded"), recorded),
    ]
