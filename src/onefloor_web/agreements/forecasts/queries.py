"""Reads of locked forecasts: their rows, the band of the terms, how far each has come."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from onefloor.agreements.terms.around import Forecast
from onefloor.agreements.volume import edges
from onefloor_web.agreements.forecasts.models import Acknowledgement, Lock
from onefloor_web.agreements.register.models import Agreement
from onefloor_web.agreements.register.queries import in_force
from onefloor_web.platform.tenancy.viewer import Viewer


class State(models.TextChoices):
    """How far a lock has come; it follows from its dates and the acknowledgement."""

    DRAFT = "draft", pgettext_lazy("forecast", "not locked yet")
    WAITING = "waiting", pgettext_lazy("forecast", "locked, to be acknowledged")
    ACKNOWLEDGED = "acknowledged", pgettext_lazy("forecast", "acknowledged by both")
    SUPERSEDED = "superseded", pgettext_lazy("forecast", "superseded by a newer version")


NEWER = "has_newer"


@dataclass(frozen=True, slots=True)
class Row:
    """The contacts of a queue in a half hour; ``at`` is its local beginning."""

    at: datetime
    queue: str
    contacts: int


@dataclass(frozen=True, slots=True)
class Band:
    """The band of the terms around the forecast: its width, its edges in whole contacts.

    ``locked`` are the contacts that the band's scope counts; ``in_terms`` where the terms state the month's number
    themselves, so that a lock does not move the band.
    """

    width: Fraction
    locked: int
    lower: int
    upper: int
    in_terms: int | None


def acknowledgement_of(lock: Lock) -> Acknowledgement | None:
    """The vendor's word, if it is there."""
    return getattr(lock, "acknowledgement", None)


def state_of(lock: Lock) -> State:
    """How far it has come."""
    if lock.given_at is None:
        return State.DRAFT
    if acknowledgement_of(lock):
        return State.ACKNOWLEDGED
    return State.SUPERSEDED if _has_newer(lock) else State.WAITING


def with_newer(rows: QuerySet[Lock]) -> QuerySet[Lock]:
    """The rows with whether a newer version of their month is locked, read at once for all."""
    newer = Lock.objects.filter(
        agreement=OuterRef("agreement"), month=OuterRef("month"), version__gt=OuterRef("version")
    )
    return rows.annotate(**{NEWER: Exists(newer)})


def _has_newer(lock: Lock) -> bool:
    """Whether a newer version of its month is locked: that one is to be acknowledged instead."""
    if (read := lock.__dict__.get(NEWER)) is not None:
        return bool(read)
    return Lock.objects.filter(agreement=lock.agreement_id, month=lock.month, version__gt=lock.version).exists()


def rows_of(lock: Lock, local: ZoneInfo) -> list[Row]:
    """Its rows, in order of intervals and queues."""
    found = []
    for line in lock.content.splitlines():
        at, rest = line.split(",", 1)
        queue, contacts = rest.rsplit(",", 1)
        found.append(Row(datetime.fromtimestamp(int(at) / 1000, local), queue, int(contacts)))
    return found


def band_of(agreement: Agreement, lock: Lock, rows: Iterable[Row]) -> Band | None:
    """The band's edges under the terms of the month; None where they have no band."""
    month = lock.of_month
    terms = in_force(agreement, date(month.year, month.month, 1))
    if terms is None or terms.forecast is None or terms.forecast.band is None:
        return None
    counted = sum(row.contacts for row in rows if _in_scope(terms.forecast, row))
    lower, upper = edges(terms.forecast, counted)
    stated = dict(terms.forecast.locked).get(month)
    return Band(terms.forecast.band, counted, lower or 0, upper or 0, stated)


def unanswered() -> QuerySet[Lock]:
    """What is locked, and still to be acknowledged: the newest version of each month."""
    rows = Lock.objects.filter(given_at__isnull=False, acknowledgement=None).defer("content")
    return with_newer(rows).filter(**{NEWER: False})


def waiting_for(viewer: Viewer) -> QuerySet[Lock]:
    """What the viewer's company has to acknowledge, soonest first; on own staff's agreement a second person does."""
    other = ~Q(author=viewer.company) | Q(agreement__shadow=True) & ~Q(user_number=viewer.user or 0)
    return unanswered().filter(other).select_related("agreement").order_by("answer_by", "pk")


def is_late(lock: Lock) -> bool:
    """Whether the time to acknowledge it is over."""
    return state_of(lock) == State.WAITING and bool(lock.answer_by) and lock.answer_by < timezone.now()  # type: ignore[operator]


def _in_scope(forecast: Forecast, row: Row) -> bool:
    """Whether the band counts a row. A scope of anything but queues cannot be told of a forecast, and counts all."""
    queues = dict(forecast.scope.where).get("queue")
    return queues is None or row.queue in queues
