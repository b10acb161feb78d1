"""Pages of notifications and webhooks."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from onefloor.language import Text
from onefloor_web.platform.events import registry
from onefloor_web.platform.notifications import telling, webhooks
from onefloor_web.platform.notifications.forms import PreferenceForm, WebhookChangeForm, WebhookForm
from onefloor_web.platform.notifications.models import Delivery, Notification, Outcome, Webhook
from onefloor_web.platform.pages.blocks import Empty, Pair
from onefloor_web.platform.pages.conflicts import STAMP, before, changed_meanwhile
from onefloor_web.platform.pages.formats import NOTHING, exact, moment, number, say
from onefloor_web.platform.pages.tables import Column, Table
from onefloor_web.platform.permissions.page import ViewerRequest, found, page
from onefloor_web.platform.permissions.policy import can, only_visible


def words(row: Notification) -> str:
    """What it says, in the reader's language."""
    return say(Text(row.what["zh"], row.what["en"]))


NOTIFICATIONS = (
    Column(_("Notification"), words, url=lambda row: reverse("notification", args=[row.pk])),
    Column(_("When"), lambda row: moment(row.at)),
    Column(_("Read"), lambda row: moment(row.read_at) if row.read_at else gettext("not yet")),
)
NO_NOTIFICATIONS = Empty(_("No notifications yet. What happens to work that concerns you appears here."))
WEBHOOKS = (
    Column(_("Name"), lambda row: row.name, sort="name", url=lambda row: reverse("webhook", args=[row.pk])),
    Column(_("Format"), lambda row: row.get_format_display(), sort="format"),
    Column(_("Address"), lambda row: row.address),
    Column(_("State"), lambda row: gettext("switched off") if row.disabled_at else gettext("on")),
)
DELIVERIES = (
    Column(_("When"), lambda row: exact(row.asked_at), url=lambda row: reverse("delivery", args=[row.pk])),
    Column(_("Event"), lambda row: event_label(row.kind)),
    Column(_("State"), lambda row: row.get_outcome_display()),
    Column(_("Status"), lambda row: number(row.status), number=True),
    Column(_("Attempts"), lambda row: number(row.attempts), number=True),
)
CHANGEABLE = ("name", "address", "chosen")
NO_DELIVERIES = Empty(_("Nothing has been sent yet. Send a test, or wait for the next event."))


def event_label(name: str) -> str:
    """What an event is called."""
    return gettext("test message") if name == webhooks.TEST else str(registry.label(name))


@page("notifications.view")
@require_safe
def notifications(request: ViewerRequest) -> HttpResponse:
    """One's own notifications, newest first."""
    rows = only_visible(request.viewer, "notifications.view", Notification.objects.order_by("-pk"))
    table = Table.of(
        request, rows, NOTIFICATIONS, caption=_("Notifications"), hidden_caption=True, empty=NO_NOTIFICATIONS
    )
    unread = rows.filter(read_at=None).exists()
    return render(request, "notifications/notifications.html", {"table": table, "unread": unread})


@page("notifications.view")
@require_safe
def notification(request: ViewerRequest, number: int) -> HttpResponse:
    """Leads to what it is about, and is read from then on."""
    one = found(request.viewer, "notifications.view", Notification.objects.all(), pk=number)
    telling.mark_read([one.pk], request.viewer)
    return redirect(one.page or "notifications")


@page("notifications.view")
@require_POST
def readings(request: ViewerRequest) -> HttpResponse:
    """All are read."""
    telling.mark_read(None, request.viewer)
    return redirect("notifications")


@page("notifications.view")
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: ViewerRequest) -> HttpResponse:
    """How one wants to be told."""
    viewer = request.viewer
    if viewer.user is None:
        return redirect("notifications")
    form = PreferenceForm(request.POST or None, instance=telling.preference_of(viewer, viewer.user))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, gettext("Saved."))
        return redirect("notification_preferences")
    return render(request, "notifications/preferences.html", {"form": form})


@page("webhooks.view")
@require_safe
def webhook_list(request: ViewerRequest) -> HttpResponse:
    """Where events are sent."""
    rows = only_visible(request.viewer, "webhooks.view", Webhook.objects.all())
    changeable = can(request.viewer, "webhooks.change")
    text = _("No webhooks yet. A webhook sends events of this floor to another program or to a group.")
    empty = Empty(text, _("Add a webhook"), reverse("webhook_new")) if changeable else Empty(text)
    table = Table.of(request, rows, WEBHOOKS, caption=_("Webhooks"), hidden_caption=True, empty=empty, order="name")
    return render(request, "notifications/webhooks.html", {"table": table, "changeable": changeable})


@page("webhooks.change")
@require_http_methods(["GET", "HEAD", "POST"])
def webhook_new(request: ViewerRequest) -> HttpResponse:
    """Add one. Its secret is on the answer to this form and nowhere else."""
    form = WebhookForm(request.POST or None, company=request.viewer.company)
    if request.method == "POST" and form.is_valid():
        webhook, secret = webhooks.make(request.viewer, **form.cleaned_data)
        return render(request, "notifications/made.html", {"webhook": webhook, "secret": secret})
    return render(request, "notifications/new.html", {"form": form})


@page("webhooks.view")
@require_safe
def webhook(request: ViewerRequest, number: int) -> HttpResponse:
    """One address and what was sent there."""
    one = found(request.viewer, "webhooks.view", Webhook.objects.all(), pk=number)
    rows = Delivery.objects.filter(webhook=one).order_by("-pk")
    table = Table.of(request, rows, DELIVERIES, caption=_("Deliveries"), empty=NO_DELIVERIES)
    changeable = can(request.viewer, "webhooks.change", one)
    shown = {"webhook": one, "pairs": _about(one), "table": table, "changeable": changeable}
    return render(request, "notifications/webhook.html", shown)


@page("webhooks.change")
@require_http_methods(["GET", "HEAD", "POST"])
def webhook_change(request: ViewerRequest, number: int) -> HttpResponse:
    """Another name, address or choice of events; what somebody else has changed meanwhile is shown, not overwritten."""
    one = found(request.viewer, "webhooks.change", Webhook.objects.select_for_update(), pk=number)
    now, form = before(one, CHANGEABLE), WebhookChangeForm(request.POST or None, webhook=one)
    back = reverse("webhook", args=[one.pk])
    asked = {"form": form, "webhook": one, "title": gettext("Change %(name)s") % {"name": one.name}, "back": back}
    if not form.is_valid():
        return render(request, "notifications/change.html", {**asked, "stamp": now.stamp, "name": STAMP})
    if clash := changed_meanwhile(request.POST.get(STAMP, ""), now, form):
        return render(request, "pages/conflict.html", {**asked, "clash": clash}, status=409)
    webhooks.change(one, **form.cleaned_data)
    messages.success(request, gettext("Saved."))
    return redirect(back)


@page("webhooks.change")
@require_http_methods(["GET", "HEAD", "POST"])
def webhook_removal(request: ViewerRequest, number: int) -> HttpResponse:
    """Remove it, after a look at what goes with it."""
    one = found(request.viewer, "webhooks.change", Webhook.objects.all(), pk=number)
    if request.method == "POST":
        webhooks.remove(one)
        messages.success(request, gettext('"%(name)s" is removed.') % {"name": one.name})
        return redirect("webhooks")
    asked = {
        "title": gettext("Remove the webhook %(name)s") % {"name": one.name},
        "consequence": gettext(
            "Nothing is sent there any more, and the list of what was sent goes with it. The audit trail keeps who "
            "removed it and when. To stop for a while only, switch it off instead."
        ),
        "submit": gettext("Remove the webhook"),
        "cancel": reverse("webhook", args=[one.pk]),
        "pairs": _about(one),
        "danger": True,
    }
    return render(request, "notifications/removal.html", asked)


@page("webhooks.change")
@require_POST
def tests(request: ViewerRequest, number: int) -> HttpResponse:
    """Send a test."""
    one = found(request.viewer, "webhooks.change", Webhook.objects.all(), pk=number)
    webhooks.send_test(request.viewer, one)
    messages.success(request, gettext("A test message is on its way. Its answer appears below."))
    return redirect("webhook", one.pk)


@page("webhooks.change")
@require_POST
def disabling(request: ViewerRequest, number: int) -> HttpResponse:
    """Switch it off."""
    one = found(request.viewer, "webhooks.change", Webhook.objects.all(), pk=number)
    webhooks.disable(one, request.viewer.name)
    return redirect("webhook", one.pk)


@page("webhooks.change")
@require_POST
def enabling(request: ViewerRequest, number: int) -> HttpResponse:
    """Switch it on again."""
    one = found(request.viewer, "webhooks.change", Webhook.objects.all(), pk=number)
    webhooks.enable(one)
    return redirect("webhook", one.pk)


@page("webhooks.view")
@require_safe
def delivery(request: ViewerRequest, number: int) -> HttpResponse:
    """One message and its answer."""
    one = found(request.viewer, "webhooks.view", Delivery.objects.select_related("webhook"), pk=number)
    changeable = can(request.viewer, "webhooks.change", one.webhook)
    again = changeable and one.outcome != Outcome.WAITING
    return render(request, "notifications/delivery.html", {"delivery": one, "pairs": _log(one), "again": again})


@page("webhooks.change")
@require_POST
def redelivery(request: ViewerRequest, number: int) -> HttpResponse:
    """Send the same content again."""
    one = found(request.viewer, "webhooks.change", Delivery.objects.select_related("webhook"), pk=number)
    again = webhooks.send_again(request.viewer, one)
    return redirect("delivery", again.pk)


def _about(one: Webhook) -> list[Pair]:
    names = [str(registry.label(name)) for name in one.chosen]
    pairs = [
        Pair(_("Format"), one.get_format_display()),
        Pair(_("Address"), f"{one.address}?…" if one.sealed_query else one.address),
        Pair(_("Events"), say(Text("、", ", ")).join(names) if names else _("all")),
        Pair(_("Failures in a row"), number(one.failures)),
    ]
    if one.disabled_at:
        pairs.append(Pair(_("Switched off"), f"{exact(one.disabled_at)} · {one.disabled_why}"))
    return pairs


def _log(one: Delivery) -> list[Pair]:
    return [
        Pair(_("Webhook"), one.webhook.name, reverse("webhook", args=[one.webhook_id])),
        Pair(_("Event"), event_label(one.kind)),
        Pair(_("Message"), one.message),
        Pair(_("State"), one.get_outcome_display()),
        Pair(_("Attempts"), number(one.attempts)),
        Pair(_("Last tried"), exact(one.tried_at)),
        Pair(_("Next try"), exact(one.next_at)),
        Pair(_("Status"), number(one.status)),
        Pair(_("Answer"), one.answer or NOTHING),
    ]
