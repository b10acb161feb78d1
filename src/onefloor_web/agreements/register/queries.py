"""Reads of agreements: which version holds, and the terms as the core reads them."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from onefloor.agreements.terms.agreement import Agreement as Terms
from onefloor.agreements.terms.agreement import parse_agreement
from onefloor.agreements.terms.procedure import Calendar, Procedure
from onefloor.agreements.terms.version import Terms as Version_
from onefloor.periods import Month
from onefloor.working_time import WorkingTime
from onefloor_web.agreements.register.models import Agreement, State, Version


def signed_version(agreement: Agreement) -> Version | None:
    """The newest version both have signed: its text holds every earlier one and every amendment with its date."""
    return agreement.versions.filter(state=State.SIGNED).order_by("-number").first()


def waiting_version(agreement: Agreement) -> Version | None:
    """The version that waits for signatures."""
    return agreement.versions.filter(state=State.PROPOSED).first()


@lru_cache(maxsize=64)
def terms_of(source: str) -> Terms:
    """The core's reading of a text; texts never change, so each is read once a process."""
    return parse_agreement(source)


def in_force(agreement: Agreement, day: date) -> Version_ | None:
    """The terms that hold on a day; None before the first and after the last."""
    version = signed_version(agreement)
    month = Month(day.year, day.month)
    if version is None:
        return None
    terms = terms_of(version.source)
    return terms.terms_for(month) if terms.in_force(month) else None


def working_time(agreement: Agreement, day: date) -> WorkingTime:
    """The working calendar of an agreement on a day: in which hours its clocks run."""
    version = signed_version(agreement)
    terms = in_force(agreement, day)
    zone = terms_of(version.source).parties.timezone if version else "UTC"
    return ((terms.calendar if terms else None) or Calendar()).working_time(zone)


def procedure(agreement: Agreement, day: date) -> Procedure:
    """Until when each side has to act under the terms of a day."""
    terms = in_force(agreement, day)
    return (terms.procedure if terms else None) or Procedure()
