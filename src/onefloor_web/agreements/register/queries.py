"""Reads of agreements: which version holds, and the terms as the core reads them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, QuerySet

from onefloor.agreements.terms.agreement import Agreement as Terms
from onefloor.agreements.terms.agreement import parse_agreement
from onefloor.agreements.terms.procedure import Calendar, Procedure
from onefloor.agreements.terms.renewing import end_of
from onefloor.agreements.terms.version import Terms as Version_
from onefloor.periods import Month
from onefloor.working_time import WorkingTime
from onefloor_web.agreements.register.instants import ms_of
from onefloor_web.agreements.register.models import OVER, Agreement, Notice, State, Version
from onefloor_web.agreements.signatures.models import Signature
from onefloor_web.platform.companies.models import Company, Kind
from onefloor_web.platform.events.actions import about
from onefloor_web.platform.events.models import Event
from onefloor_web.platform.events.queries import MOST, seen_by, shown
from onefloor_web.platform.floor import zone
from onefloor_web.platform.pages import blocks
from onefloor_web.platform.permissions.policy import only_visible
from onefloor_web.platform.tenancy.viewer import Viewer

VERSION = "register.version"
SIGNED = "versions_signed"  # where lists keep what was read for all their agreements at once


@dataclass(frozen=True, slots=True)
class Standing:
    """How an agreement stands: the version both have signed, the one that waits, who has still to sign it, and the
    notice that ends it."""

    agreement: Agreement
    signed: Version | None
    waiting: Version | None
    missing: tuple[Company, ...]
    notice: Notice | None = None


def agreements(viewer: Viewer) -> QuerySet[Agreement]:
    """The agreements a viewer may see."""
    return only_visible(viewer, "agreements.view", Agreement.objects.select_related("company"))


def standings(wanted: Iterable[Agreement]) -> list[Standing]:
    """How agreements stand, in their order; as many queries however many there are."""
    listed = list(wanted)
    open_ = Version.objects.filter(agreement__in=listed).exclude(state__in=OVER).order_by("number")
    newest = {(version.agreement_id, version.state): version for version in open_}
    waiting = [version.pk for (_agreement, state), version in newest.items() if state == State.PROPOSED]
    found = Signature.objects.filter(about=VERSION, number__in=waiting).values_list("number", "signer_id")
    signed = {(number, signer) for number, signer in found}
    client = Company.objects.filter(kind=Kind.CLIENT).first() if waiting else None
    notices = _notices([one for one in listed if _renews(newest.get((one.pk, State.SIGNED)))])
    return [
        _standing(
            one, newest.get((one.pk, State.SIGNED)), newest.get((one.pk, State.PROPOSED)), signed, client, notices
        )
        for one in listed
    ]


def _standing(
    agreement: Agreement, signed: Version | None, waiting: Version | None, by: set[tuple[int, int]],
    client: Company | None, notices: Iterable[Notice],
) -> Standing:  # fmt: skip
    for version in (signed, waiting):
        if version is not None:
            version.agreement = agreement
    own = [one for one in notices if one.agreement_id == agreement.pk]
    notice = _that_ends(terms_of(signed.source), own) if signed else None
    if waiting is None:
        return Standing(agreement, signed, None, (), notice)
    missing = tuple(one for one in signers(agreement, client) if (waiting.pk, one.pk) not in by)
    return Standing(agreement, signed, waiting, missing, notice)


def signers(agreement: Agreement, client: Company | None = None) -> list[Company]:
    """The companies that have to sign it: the client, and the one it is with."""
    client = client or Company.objects.filter(kind=Kind.CLIENT).first()
    first = [client] if client is not None else []
    return first if agreement.company == client else [*first, agreement.company]


def story(viewer: Viewer, versions: Iterable[Version], *more: Agreement) -> list[blocks.Event]:
    """What happened to versions of an agreement, oldest first; at most the latest 200 events."""
    numbers: Any = versions.values("pk") if isinstance(versions, QuerySet) else [version.pk for version in versions]
    rows = Event.objects.filter(seen_by(viewer), about=VERSION, number__in=numbers)
    for one in more:
        rows = rows | Event.objects.filter(seen_by(viewer), about=about(one), number=one.pk)
    latest = list(rows.select_related("actor_company").order_by("-pk")[:MOST])
    return [shown(event) for event in reversed(latest)]


def signed_version(agreement: Agreement) -> Version | None:
    """The newest version both have signed: its text holds every earlier one and every amendment with its date."""
    if (read := agreement.__dict__.get(SIGNED)) is not None:
        return read[0] if read else None
    return agreement.versions.filter(state=State.SIGNED).order_by("-number").first()


def signed_versions(*path: str) -> Prefetch[str, QuerySet[Version], str]:
    """For ``prefetch_related`` of lists: the signed versions of the agreements at a path, read at once for all."""
    rows = Version.objects.filter(state=State.SIGNED).order_by("-number")
    return Prefetch("__".join((*path, "versions")), rows, to_attr=SIGNED)


def waiting_version(agreement: Agreement) -> Version | None:
    """The version that waits for signatures."""
    return agreement.versions.filter(state=State.PROPOSED).first()


@lru_cache(maxsize=64)
def terms_of(source: str) -> Terms:
    """The core's reading of a text; texts never change, so each is read once a process."""
    return parse_agreement(source)


def in_force(agreement: Agreement, day: date) -> Version_ | None:
    """The terms that hold on a day; None before the first and after the last, renewals and notices counted."""
    return _terms_on(agreement, signed_version(agreement), day)


def notice_of(agreement: Agreement) -> Notice | None:
    """The notice that ends the terms both have signed, if one was given."""
    version = signed_version(agreement)
    return _that_ends(terms_of(version.source), _notices([agreement])) if version and _renews(version) else None


def _terms_on(agreement: Agreement, version: Version | None, day: date) -> Version_ | None:
    month = Month(day.year, day.month)
    if version is None:
        return None
    terms = terms_of(version.source)
    if not terms.in_force(month):
        return None
    found = terms.terms_for(month)
    return None if _was_ended(agreement, terms, found, date(month.year, month.month, 1)) else found


def _was_ended(agreement: Agreement, terms: Terms, found: Version_, first: date) -> bool:
    """Whether terms that would be renewed ended by a notice before a month."""
    if found.until is None or first < found.until:
        return False
    notice = _that_ends(terms, _notices([agreement]))
    return notice is not None and notice.ends <= first


def _renews(version: Version | None) -> bool:
    return version is not None and terms_of(version.source).versions[-1].renewal is not None


def _notices(agreements: Sequence[Agreement]) -> list[Notice]:
    if not agreements:
        return []
    return list(Notice.objects.filter(agreement__in=agreements).select_related("author").order_by("pk"))


def _that_ends(terms: Terms, notices: Iterable[Notice]) -> Notice | None:
    """The first notice that counts: whose end is the one that the terms give for the moment it was given at."""
    last, local = terms.versions[-1], terms.parties.timezone
    if last.renewal is None:
        return None
    return next((one for one in notices if one.ends == end_of(last, local, _ms(one.given_at))), None)


def _ms(at: datetime | None) -> int:
    assert at is not None, "a notice is given at once"
    return ms_of(at)


def zone_of(agreement: Agreement) -> ZoneInfo:
    """The zone of an agreement's days; the floor's until it is signed, which it has to be the same as."""
    version = signed_version(agreement)
    return ZoneInfo(terms_of(version.source).parties.timezone) if version else zone()


def working_time(agreement: Agreement, day: date) -> WorkingTime:
    """The working calendar of an agreement on a day: in which hours its clocks run."""
    version = signed_version(agreement)
    terms = _terms_on(agreement, version, day)
    zone = terms_of(version.source).parties.timezone if version else "UTC"
    return ((terms.calendar if terms else None) or Calendar()).working_time(zone)


def procedure(agreement: Agreement, day: date) -> Procedure:
    """Until when each side has to act under the terms of a day."""
    terms = in_force(agreement, day)
    return (terms.procedure if terms else None) or Procedure()
