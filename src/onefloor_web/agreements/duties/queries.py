"""Reads of duties: which there are, how each stands now, and the clocks of the terms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from onefloor.agreements.terms.procedure import DutyClock
from onefloor_web.agreements.duties.models import Duty, Objection, State
from onefloor_web.agreements.register.models import Agreement
from onefloor_web.agreements.register.queries import in_force
from onefloor_web.platform.permissions.policy import only_visible
from onefloor_web.platform.tenancy.viewer import Viewer

KEPT, MISSED, RUNNING, STOPPED, CLAIMED, OVER = "kept", "missed", "running", "stopped", "claimed", "over"
WORDS: dict[str, Promise] = {
    KEPT: pgettext_lazy("a duty", "kept"),
    MISSED: pgettext_lazy("a duty", "missed"),
    RUNNING: _("not due yet"),
    STOPPED: _("clock stopped"),
    CLAIMED: _("waiting for the client to confirm it"),
    OVER: _("not owed"),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """How a duty stands at a moment: a word of ``WORDS``, and by how much it is or was late."""

    word: str
    late_ms: int = 0

    @property
    def words(self) -> Promise:
        """For people."""
        return WORDS[self.word]


def standing(duty: Duty, at: datetime) -> Standing:
    """Kept or missed; while it is owed, whether there is still time."""
    if duty.state == State.CLAIMED:
        return Standing(CLAIMED)
    if duty.state in (State.REFUSED, State.WITHDRAWN):
        return Standing(OVER)
    if duty.due_at is None:
        return Standing(STOPPED)
    late = int(((duty.done_at or at) - duty.due_at).total_seconds() * 1000)
    if late <= 0:
        return Standing(KEPT if duty.done_at else RUNNING)
    return Standing(MISSED, late)


def duties(viewer: Viewer, agreement: Agreement | None = None) -> QuerySet[Duty]:
    """The duties a viewer may see, of one agreement or of all."""
    rows = only_visible(viewer, "duties.view", Duty.objects.select_related("company", "agreement", "opener"))
    return rows if agreement is None else rows.filter(agreement=agreement)


def agreements(viewer: Viewer) -> QuerySet[Agreement]:
    """The agreements whose duties a viewer may see."""
    return only_visible(viewer, "duties.view", Agreement.objects.select_related("company"))


def counted(rows: QuerySet[Duty], word: str, at: datetime) -> QuerySet[Duty]:
    """Those that stand as a word says, as ``standing`` has it."""
    late = Q(done_at__gt=F("due_at")) | Q(done_at=None, state=State.OPEN, due_at__lt=at)
    wanted = {
        KEPT: Q(state=State.DONE) & ~Q(done_at__gt=F("due_at")),
        MISSED: late,
        RUNNING: Q(state=State.OPEN, due_at__gte=at),
        STOPPED: Q(state=State.OPEN, due_at=None),
        CLAIMED: Q(state=State.CLAIMED),
        OVER: Q(state__in=(State.REFUSED, State.WITHDRAWN)),
    }
    return rows.filter(wanted[word])


def clocks(agreement: Agreement, day: date) -> tuple[DutyClock, ...]:
    """The clocks of the terms in force on a day."""
    terms = in_force(agreement, day)
    return terms.clocks if terms else ()


def open_objection(duty: Duty) -> Objection | None:
    """The objection that waits for the client."""
    return duty.objections.filter(resolution=None).first()
