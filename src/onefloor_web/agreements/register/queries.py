"""Reads of agreements: which version holds, and the terms as the core reads them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, QuerySet

from onefloor.agreements.terms.agreement import Agreement as Terms
from onefloor.agreements.terms.agreement import parse_agreement
from onefloor.agreements.terms.procedure import Calendar, Procedure
from onefloor.agreements.terms.version import Terms as Version_
from onefloor.periods import Month
from onefloor.working_time import WorkingTime
from onefloor_web.agreements.register.models import Agreement, State, Version
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
    """How an agreement stands: the version both have signed, the one that waits, and who has still to sign it."""

    agreement: Agreement
    signed: Version | None
    waiting: Version | None
    missing: tuple[Company, ...]


def agreements(viewer: Viewer) -> QuerySet[Agreement]:
    """The agreements a viewer may see."""
    return only_visible(viewer, "agreements.view", Agreement.objects.select_related("company"))


def standings(wanted: Iterable[Agreement]) -> list[Standing]:
    """How agreements stand, in their order; three queries however many there are."""
    listed = list(wanted)
    open_ = Version.objects.filter(agreement__in=listed).exclude(state=State.WITHDRAWN).order_by("number")
    newest = {(version.agreement_id, version.state): version for version in open_}
    waiting = [version.pk for (_agreement, state), version in newest.items() if state == State.PROPOSED]
    found = Signature.objects.filter(about=VERSION, number__in=waiting).values_list("number", "signer_id")
    signed = {(number, signer) for number, signer in found}
    client = Company.objects.filter(kind=Kind.CLIENT).first()
    return [
        _standing(one, newest.get((one.pk, State.SIGNED)), newest.get((one.pk, State.PROPOSED)), signed, client)
        for one in listed
    ]


def _standing(
    agreement: Agreement, signed: Version | None, waiting: Version | None, by: set[tuple[int, int]],
    client: Company | None,
) -> Standing:  # fmt: skip
    for version in (signed, waiting):
        if version is not None:
            version.agreement = agreement
    if waiting is None:
        return Standing(agreement, signed, None, ())
    missing = tuple(one for one in signers(agreement, client) if (waiting.pk, one.pk) not in by)
    return Standing(agreement, signed, waiting, missing)


def signers(agreement: Agreement, client: Company | None = None) -> list[Company]:
    """The companies that have to sign it: the client, and the one it is with."""
    client = client or Company.objects.filter(kind=Kind.CLIENT).first()
    first = [client] if client is not None else []
    return first if agreement.company == client else [*first, agreement.company]


def story(viewer: Viewer, versions: Iterable[Version], *more: Agreement) -> list[blocks.Event]:
    """What happened to versions of an agreement, oldest first; at most the latest 200 events."""
    rows = Event.objects.filter(seen_by(viewer), about=VERSION, number__in=[version.pk for version in versions])
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
    """The terms that hold on a day; None before the first and after the last."""
    return _terms_on(signed_version(agreement), day)


def _terms_on(version: Version | None, day: date) -> Version_ | None:
    month = Month(day.year, day.month)
    if version is None:
        return None
    terms = terms_of(version.source)
    return terms.terms_for(month) if terms.in_force(month) else None


def zone_of(agreement: Agreement) -> ZoneInfo:
    """The zone of an agreement's days; the floor's until it is signed, which it has to be the same as."""
    version = signed_version(agreement)
    return ZoneInfo(terms_of(version.source).parties.timezone) if version else zone()


def working_time(agreement: Agreement, day: date) -> WorkingTime:
    """The working calendar of an agreement on a day: in which hours its clocks run."""
    version = signed_version(agreement)
    terms = _terms_on(version, day)
    zone = terms_of(version.source).parties.timezone if version else "UTC"
    return ((terms.calendar if terms else None) or Calendar()).working_time(zone)


def procedure(agreement: Agreement, day: date) -> Procedure:
    """Until when each side has to act under the terms of a day."""
    terms = in_force(agreement, day)
    return (terms.procedure if terms else None) or Procedure()
