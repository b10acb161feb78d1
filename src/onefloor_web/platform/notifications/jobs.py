"""Jobs of notifications: mails, deliveries, and what is removed after a time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from onefloor_web.platform.accounts.models import User
from onefloor_web.platform.accounts.viewers import viewer_of
from onefloor_web.platform.floor import today
from onefloor_web.platform.jobs.actions import enqueue
from onefloor_web.platform.jobs.registry import Progress, job, periodic
from onefloor_web.platform.notifications import mails, webhooks
from onefloor_web.platform.notifications.models import Delivery, Mail, Notification, Outcome
from onefloor_web.platform.notifications.telling import MAIL, preference_of
from onefloor_web.platform.tenancy.viewer import Viewer

SUMMARY = "notifications.summary"
KEPT_NOTIFICATIONS, KEPT_DELIVERIES = timedelta(days=90), timedelta(days=30)


@job(MAIL, label=_("Mail a notification"), background=True)
def mail(viewer: Viewer, progress: Progress, *, notification: int) -> None:
    """One mail; none for what has been read or removed meanwhile."""
    row = Notification.objects.select_related("user").filter(pk=notification, read_at=None).first()
    if row is not None and row.user.is_active and row.user.email:
        mails.one(row, row.user)


@periodic("notifications.daily", cron="30 8 * * *", label=_("The mails of the morning"), late=timedelta(hours=4))
def daily(viewer: Viewer, progress: Progress) -> dict[str, Any]:
    """A job for each user, so that one mail that fails is tried again alone."""
    users = User.objects.filter(company=viewer.company, is_active=True).exclude(email="")
    chosen = list(users.select_related("person"))
    for user in chosen:
        enqueue(viewer_of(user, today()), SUMMARY, key=f"{today()} {user.pk}")
    return {"asked": len(chosen)}


@job(SUMMARY, label=_("The mail of the morning"), background=True)
def summary(viewer: Viewer, progress: Progress) -> dict[str, Any]:
    """The mail of one user, who sees in it what Today shows."""
    user = User.objects.filter(pk=viewer.user or 0).first()
    if user is None or preference_of(viewer, user.pk).mail == Mail.NEVER:
        return {"sent": False}
    return {"sent": mails.daily(viewer, user)}


@job(webhooks.DELIVER, label=_("Send to a webhook"), background=True)
def deliver(viewer: Viewer, progress: Progress, *, delivery: int) -> dict[str, Any]:
    """One try at one delivery."""
    row = Delivery.objects.select_for_update(of=("self",)).select_related("webhook").filter(pk=delivery).first()
    if row is None:
        return {"outcome": "removed"}
    webhooks.deliver(viewer, row)
    return {"outcome": row.outcome, "status": row.status}


@periodic("notifications.tidy", cron="40 3 * * *", label=_("Remove notifications and deliveries of long ago"))
def tidy(viewer: Viewer, progress: Progress) -> dict[str, Any]:
    """Remove what has been kept long enough."""
    now = timezone.now()
    notifications = Notification.objects.filter(company=viewer.company, at__lt=now - KEPT_NOTIFICATIONS)
    deliveries = Delivery.objects.filter(company=viewer.company, asked_at__lt=now - KEPT_DELIVERIES)
    ended = deliveries.exclude(outcome=Outcome.WAITING)
    return {"notifications": notifications.delete()[0], "deliveries": ended.delete()[0]}
