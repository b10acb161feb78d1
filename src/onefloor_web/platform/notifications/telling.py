"""Telling users: a row for each in their pages, and a mail at once for those who want it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

from onefloor.language import Text
from onefloor_web.platform.accounts.models import Assignment, User
from onefloor_web.platform.floor import now, today
from onefloor_web.platform.jobs.actions import enqueue
from onefloor_web.platform.notifications.models import Mail, Notification, Preference
from onefloor_web.platform.tenancy.scopes import bound
from onefloor_web.platform.tenancy.viewer import Viewer

MAIL = "notifications.mail"


def tell_roles(
    viewer: Viewer, roles: Collection[str], kind: str, what: Text, page: str, *, but: int | None = None
) -> None:
    """Tell all users of the viewer's company who hold one of the roles today; ``but`` is who knows already."""
    on = today()
    held = Assignment.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=on), company=viewer.company, role__in=roles, starts_on__lte=on
    )
    tell(viewer, sorted(set(held.values_list("user_id", flat=True)) - {but}), kind, what, page)


def tell(viewer: Viewer, users: Iterable[int], kind: str, what: Text, page: str) -> None:
    """Tell users of the viewer's company.

    Rows of a person are written in nobody's name: the walls let a user write only to the own list.
    """
    with bound(company=viewer.company, client=viewer.client):
        found = list(User.objects.filter(pk__in=list(users), company=viewer.company, is_active=True))
        made = [
            Notification.objects.create(company_id=viewer.company, user=user, kind=kind, what=what.as_json(), page=page)
            for user in found
        ]
        _mail_at_once(viewer, made)


def preference_of(viewer: Viewer, user: int) -> Preference:
    """How a user wants to be told."""
    return Preference.objects.filter(user=user).first() or Preference(company_id=viewer.company, user_id=user)


def quiet_for(preference: Preference, at: datetime) -> timedelta:
    """How long it is still quiet for this user, on the floor's clock; nothing outside the quiet hours."""
    begin, end = preference.quiet_from, preference.quiet_until
    if begin is None or end is None or not _between(at.time(), begin, end):
        return timedelta(0)
    until = datetime.combine(at.date(), end, tzinfo=at.tzinfo)
    if until <= at:
        until = datetime.combine(at.date() + timedelta(days=1), end, tzinfo=at.tzinfo)
    return until - at


def mark_read(rows: Iterable[int] | None, viewer: Viewer) -> int:
    """Mark one's own notifications as read: these, or all."""
    unread = Notification.objects.filter(user=viewer.user, read_at=None)
    chosen = unread if rows is None else unread.filter(pk__in=list(rows))
    return chosen.update(read_at=timezone.now())


def _mail_at_once(viewer: Viewer, made: list[Notification]) -> None:
    nobody = replace(viewer, user=None, name="", roles=frozenset(), teams=(), agent=None)
    wish = {one.user_id: one for one in Preference.objects.filter(user__in=[row.user_id for row in made])}
    for row in made:
        preference = wish.get(row.user_id)
        if preference and preference.mail == Mail.AT_ONCE and row.user.email:
            after = quiet_for(preference, now()) or None
            enqueue(nobody, MAIL, key=str(row.pk), after=after, notification=row.pk)


def _between(at: time, begin: time, end: time) -> bool:
    """Whether a time of day lies between two, also over midnight."""
    return begin <= at < end if begin < end else at >= begin or at < end
