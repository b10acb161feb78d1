"""Mails: one for a notification, and the one of 08:30 with what needs the reader."""

from __future__ import annotations

from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import timezone, translation

from onefloor.language import Text
from onefloor_web.platform.accounts.models import User
from onefloor_web.platform.floor import floor, now, zone
from onefloor_web.platform.notifications.links import absolute
from onefloor_web.platform.notifications.models import Notification
from onefloor_web.platform.pages.formats import moment, say, time_left
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.platform.today.providers import ROWS, Need, needs_of


def one(notification: Notification, user: User) -> None:
    """A mail of one notification."""
    with translation.override(user.language), timezone.override(zone()):
        what = say(Text(notification.what["zh"], notification.what["en"]))
        rows = {"what": what, "at": moment(notification.at), "url": absolute(notification.page)}
        _send(user, f"{floor().name}: {what}", render_to_string("notifications/mail_one.txt", rows))


def daily(viewer: Viewer, user: User) -> bool:
    """The mail of the day, if there is anything in it: the rows that Today shows, and how much is unread."""
    with translation.override(user.language), timezone.override(zone()):
        needs = needs_of(viewer)
        unread = Notification.objects.filter(user=user, read_at=None).count()
        if not needs and not unread:
            return False
        shown = {
            "rows": [(_clock(need), str(need.text), absolute(need.url)) for need in needs[:ROWS]],
            "more": max(len(needs) - ROWS, 0),
            "unread": unread,
            "today": absolute("/today/"),
            "floor": floor().name,
        }
        subject = render_to_string("notifications/mail_daily_subject.txt", {**shown, "count": len(needs)})
        _send(user, " ".join(subject.split()), render_to_string("notifications/mail_daily.txt", shown))
        return True


def _clock(need: Need) -> str:
    """How long it may still wait, or how late it is."""
    if need.due is None:
        return ""
    left = need.due - now()
    late = left.total_seconds() < 0
    return say(Text("已超时 {0}", "{0} late") if late else Text("剩余 {0}", "{0} left")).format(time_left(left))


def _send(user: User, subject: str, text: str) -> None:
    send_mail(subject.replace("\n", " "), text, None, [user.email])
