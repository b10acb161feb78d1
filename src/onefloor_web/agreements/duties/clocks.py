"""When a duty is due: by the clock of the terms in force, in the agreement's working time."""

from __future__ import annotations

from datetime import date, datetime

from onefloor.agreements.terms.procedure import DutyClock
from onefloor.working_time import Span
from onefloor_web.agreements.register.instants import moment_of, ms_of
from onefloor_web.agreements.register.models import Agreement
from onefloor_web.agreements.register.queries import in_force, working_time
from onefloor_web.platform.floor import zone


def clock_of(agreement: Agreement, duty: str, day: date) -> DutyClock | None:
    """The clock of a duty under the terms of a day."""
    terms = in_force(agreement, day)
    return next((clock for clock in terms.clocks if clock.duty == duty), None) if terms else None


def span_of(clock: DutyClock) -> Span:
    """Its span, whichever way it counts."""
    span = clock.within or clock.before
    assert span is not None, "the core reads no clock without one"
    return span


def due_of(agreement: Agreement, clock: DutyClock, begins_at: datetime) -> datetime:
    """When it is due: so long after what asks for it, or so long before it takes effect."""
    time = working_time(agreement, begins_at.astimezone(zone()).date())
    start, span = ms_of(begins_at), span_of(clock)
    return moment_of(time.deadline(start, span) if clock.within else time.before(start, span))
