"""Changes of webhooks, and the way of a message to them: at once, again with growing pauses, then given up."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from onefloor.language import Text
from onefloor.problems import Problem
from onefloor_web.platform.events import registry
from onefloor_web.platform.events.models import Event
from onefloor_web.platform.jobs.actions import enqueue
from onefloor_web.platform.notifications import addresses, formats, sending
from onefloor_web.platform.notifications.links import absolute, both
from onefloor_web.platform.notifications.models import Delivery, Format, Outcome, Webhook
from onefloor_web.platform.notifications.sealing import Unreadable, new_secret, opened, seal
from onefloor_web.platform.notifications.sending import Answer
from onefloor_web.platform.notifications.telling import tell_roles
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.viewer import Viewer

DELIVER = "webhooks.deliver"
TEST = "webhooks.test"
# About 15 hours in all: long enough for a night's maintenance at the other end.
PAUSES = tuple(timedelta(seconds=seconds) for seconds in (5, 60, 300, 1800, 2 * 3600, 4 * 3600, 8 * 3600))
MOST_FAILURES = 20  # one after another, of whichever messages


def make(
    viewer: Viewer, *, name: str, form: str, url: str, events: Sequence[str], secret: str = ""
) -> tuple[Webhook, str]:
    """A webhook and its secret, which is shown this once. A DingTalk robot brings its own.

    Raises:
        BadAddress: nothing may be sent there.
    """
    addresses.target(url)
    secret = new_secret() if form == Format.STANDARD else secret
    address, query = _parted(url)
    webhook = Webhook.objects.create(
        company_id=viewer.company, name=name, format=form, address=address, chosen=list(events),
        sealed_query=seal(query), sealed_secret=seal(secret),
    )  # fmt: skip
    return webhook, secret


def change(webhook: Webhook, *, name: str, address: str, chosen: Sequence[str], secret: str = "") -> None:
    """Another name, address or choice of events. What is not shown stays: the part after ``?`` while the address is
    the same, and the secret unless a new one is given.

    Raises:
        BadAddress: nothing may be sent there.
    """
    if address != webhook.address:
        addresses.target(address)
        webhook.address, query = _parted(address)
        webhook.sealed_query = seal(query)
    if secret:
        webhook.sealed_secret = seal(secret)
    webhook.name, webhook.chosen = name, list(chosen)
    webhook.save(update_fields=["name", "address", "chosen", "sealed_query", "sealed_secret"])


def remove(webhook: Webhook) -> None:
    """Send nothing there ever again: the address and the log of its deliveries go, the audit trail stays."""
    webhook.delete()


def disable(webhook: Webhook, why: str) -> None:
    """Send nothing there any more."""
    webhook.disabled_at, webhook.disabled_why = timezone.now(), why
    webhook.save(update_fields=["disabled_at", "disabled_why"])


def enable(webhook: Webhook) -> None:
    """Send there again; what was missed can be sent again by hand."""
    webhook.disabled_at, webhook.disabled_why, webhook.failures = None, "", 0
    webhook.save(update_fields=["disabled_at", "disabled_why", "failures"])


def send(viewer: Viewer, webhook: Webhook, kind: str, payload: Mapping[str, Any]) -> Delivery:
    """Have a message sent, as a job."""
    delivery = Delivery.objects.create(
        company_id=webhook.company_id, webhook=webhook, message=f"msg_{secrets.token_hex(12)}", kind=kind,
        payload=dict(payload),
    )  # fmt: skip
    _ask(viewer, delivery)
    return delivery


def send_test(viewer: Viewer, webhook: Webhook) -> Delivery:
    """A message that says that it is a test."""
    title = Text("测试消息", "Test message")
    text = Text(f"Onefloor 可以向“{webhook.name}”发送消息。", f'Onefloor can send to "{webhook.name}".')
    data = {"title": title.as_json(), "text": text.as_json(), "company": viewer.code}
    return send(viewer, webhook, TEST, {"type": TEST, "timestamp": timezone.now().isoformat(), "data": data})


def send_again(viewer: Viewer, delivery: Delivery) -> Delivery:
    """The same content as a message of its own; the first one keeps its log."""
    return send(viewer, delivery.webhook, delivery.kind, delivery.payload)


def wanted_by(webhook: Webhook, name: str) -> bool:
    """Whether it gets events of this name; none named means all."""
    return not webhook.chosen or name in webhook.chosen


def payload_of(event: Event) -> dict[str, Any]:
    """An event as other programs get it: only what the company that receives it sees in its own pages."""
    return {
        "type": event.name,
        "timestamp": event.at.isoformat(),
        "data": {
            "event": event.pk,
            "title": both(registry.label(event.name)).as_json(),
            "text": event.what,
            "company": event.company.code,
            "about": event.about,
            "number": event.number,
            "subject": event.subject,
            "who": event.actor_name,
            "whose": event.actor_company.code,
            "why": event.why,
            "url": absolute(event.page) if event.page else "",
        },
    }


def deliver(viewer: Viewer, delivery: Delivery) -> None:
    """One try; another one is asked for where it failed and is worth it."""
    webhook = delivery.webhook
    if delivery.outcome != Outcome.WAITING:
        return
    if webhook.disabled_at:
        _give_up(delivery, Answer(0, str(_("The webhook is switched off."))))
        return
    answer = attempt(webhook, delivery)
    delivery.attempts, delivery.tried_at = delivery.attempts + 1, timezone.now()
    if formats.taken(webhook.format, answer.status, answer.text):
        _delivered(delivery, answer)
    elif delivery.attempts > len(PAUSES):
        _give_up(delivery, answer)
    else:
        _later(viewer, delivery, answer)
    if delivery.outcome != Outcome.DELIVERED:
        _count_failure(viewer, webhook)


def attempt(webhook: Webhook, delivery: Delivery) -> Answer:
    """Check the address again, sign, send."""
    try:
        query = opened(webhook.sealed_query)
        target = addresses.target(f"{webhook.address}?{query}" if query else webhook.address)
        message = formats.message(
            webhook.format, delivery.payload, number=delivery.message, secret=opened(webhook.sealed_secret),
            at=int(timezone.now().timestamp()),
        )  # fmt: skip
    except (Problem, Unreadable) as error:
        return Answer(0, str(error))
    return sending.post(target, message)


def _ask(viewer: Viewer, delivery: Delivery, after: timedelta | None = None) -> None:
    key = f"{delivery.pk} {delivery.attempts}"
    page = reverse("webhook", args=[delivery.webhook_id])
    enqueue(viewer, DELIVER, key=key, after=after, subject=delivery.webhook.name, page=page, delivery=delivery.pk)


def _delivered(delivery: Delivery, answer: Answer) -> None:
    _write(delivery, answer, Outcome.DELIVERED, None)
    Webhook.objects.filter(pk=delivery.webhook_id).update(failures=0)


def _give_up(delivery: Delivery, answer: Answer) -> None:
    _write(delivery, answer, Outcome.FAILED, None)


def _later(viewer: Viewer, delivery: Delivery, answer: Answer) -> None:
    pause = PAUSES[delivery.attempts - 1]
    _write(delivery, answer, Outcome.WAITING, pause)
    _ask(viewer, delivery, pause)


def _write(delivery: Delivery, answer: Answer, outcome: Outcome, pause: timedelta | None) -> None:
    delivery.status, delivery.answer, delivery.outcome = answer.status or None, answer.text, outcome
    delivery.next_at = timezone.now() + pause if pause else None
    delivery.save(update_fields=["status", "answer", "outcome", "next_at", "attempts", "tried_at"])


def _count_failure(viewer: Viewer, webhook: Webhook) -> None:
    webhook = Webhook.objects.select_for_update().get(pk=webhook.pk)
    webhook.failures += 1
    webhook.save(update_fields=["failures"])
    if webhook.failures >= MOST_FAILURES and not webhook.disabled_at:
        disable(webhook, str(_("%(times)s failures one after another")) % {"times": MOST_FAILURES})
        what = Text(
            f"“{webhook.name}”连续 {MOST_FAILURES} 次发送失败，已停用。",
            f'"{webhook.name}" failed {MOST_FAILURES} times in a row and is switched off.',
        )
        tell_roles(viewer, {Role.ADMINISTRATOR}, "webhooks.disabled", what, reverse("webhook", args=[webhook.pk]))


def _parted(url: str) -> tuple[str, str]:
    """The address to show, and what stands after ``?``."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(query="", fragment="")), parts.query
