"""What Today says of agreements: a version to sign, a key to make for it, a renewal that can still be refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from onefloor_web.agreements.register.dates import NOTICE, Date, coming, dates_of, sign_by
from onefloor_web.agreements.register.models import Agreement, Version
from onefloor_web.agreements.register.queries import Standing, agreements, standings
from onefloor_web.agreements.signatures.queries import intents_of, key_in_use
from onefloor_web.platform.floor import now
from onefloor_web.platform.pages.formats import say
from onefloor_web.platform.permissions.policy import can
from onefloor_web.platform.permissions.roles import MANAGERS
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.platform.today.providers import Need, needs

NEAR: Final = timedelta(days=60)
"""So long before the last moment of a notice Today begins to speak of it."""


@needs
def to_sign(viewer: Viewer) -> Iterator[Need]:
    """Versions that wait for the viewer's own company: for those who may sign, and without a key for who makes one."""
    signs, makes = can(viewer, "documents.sign"), can(viewer, "keys.change")
    if not (signs or makes):
        return
    waiting = [one.waiting for one in standings(_own(viewer)) if _waits_for(viewer, one)]
    if not waiting:
        return
    keyed = key_in_use(viewer) is not None
    if makes and not keyed:
        yield Need(_("Make the signing key: a version waits for it"), reverse("key_new"), _("Make the key"))
    if signs and keyed:
        yield from (_need(one) for one in waiting if one is not None and not _confirmed_by(viewer, one))


@needs
def renewals(viewer: Viewer) -> Iterator[Need]:
    """Renewals that can be refused for some weeks still."""
    if viewer.roles & MANAGERS and can(viewer, "agreements.view"):
        for one in standings(agreements(viewer)):
            yield from (_refusal(date) for date in near(one))


def near(standing: Standing) -> list[Date]:
    """The notice dates of an agreement that come soon."""
    at = now()
    return [one for one in coming(dates_of(standing), at) if one.kind == NOTICE and one.at - at <= NEAR]


def _own(viewer: Viewer) -> QuerySet[Agreement]:
    """Who makes keys need not read agreements: that one waits is all that is told."""
    return Agreement.objects.select_related("company") if can(viewer, "keys.change") else agreements(viewer)


def _refusal(date: Date) -> Need:
    return Need(date.text, reverse("agreement", args=[date.agreement.code]), _("Open"), date.at)


def _waits_for(viewer: Viewer, one: Standing) -> bool:
    return one.waiting is not None and any(company.pk == viewer.company for company in one.missing)


def _confirmed_by(viewer: Viewer, version: Version) -> bool:
    """Whether this person has confirmed as the first of two: then another one is waited for."""
    return any(intent.user_id == viewer.user for intent in intents_of(version))


def _need(version: Version) -> Need:
    words = {"n": version.number, "name": say(version.agreement.name)}
    url = reverse("version_signatures", args=[version.agreement.code, version.number])
    return Need(_("Sign version %(n)s of %(name)s") % words, url, _("Sign"), sign_by(version))
