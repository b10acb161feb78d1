"""Notifications of one user, how each wants them, and the addresses a company has named with what was sent there."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from onefloor_web.platform.companies.models import NAME_LENGTH
from onefloor_web.platform.tenancy.history import tracked
from onefloor_web.platform.tenancy.models import OwnModel, PersonModel

LABEL_LENGTH, PAGE_LENGTH, ADDRESS_LENGTH, ANSWER_LENGTH = 80, 200, 500, 2000


class Notification(PersonModel):
    """Something one user should know: ``what`` is a text of the core, ``page`` where it leads."""

    kind = models.CharField(max_length=LABEL_LENGTH)
    what = models.JSONField()
    page = models.CharField(max_length=PAGE_LENGTH, blank=True)
    at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["user", "-id"], condition=Q(read_at=None), name="notification_unread")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Mail(models.TextChoices):
    """How mail comes."""

    DAILY = "daily", _("one mail a day, at 08:30, if something needs me")
    AT_ONCE = "at_once", _("a mail for each notification, and the daily one")
    NEVER = "never", _("no mail")


class Preference(PersonModel):
    """How a user wants to be told; without a row, as the defaults say."""

    mail = models.CharField(_("Mail"), max_length=10, choices=Mail, default=Mail.DAILY)
    quiet_from = models.TimeField(_("Quiet from"), null=True, blank=True)
    quiet_until = models.TimeField(_("Quiet until"), null=True, blank=True)

    class Meta:
        verbose_name = _("way of being notified")
        verbose_name_plural = _("ways of being notified")
        constraints = [
            models.UniqueConstraint(fields=["user"], name="preference_one_a_user"),
            models.CheckConstraint(condition=Q(mail__in=Mail.values), name="preference_mail_known"),
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_until=None)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False) & ~Q(quiet_from=models.F("quiet_until")),
                name="preference_quiet_has_two_ends",
            ),
        ]

    def __str__(self) -> str:
        return self.mail


class Format(models.TextChoices):
    """What an address understands."""

    STANDARD = "standard", _("Standard Webhooks (signed JSON)")
    WECOM = "wecom", _("WeCom group robot")
    DINGTALK = "dingtalk", _("DingTalk group robot")


@tracked(without=["sealed_secret", "sealed_query", "failures"])
class Webhook(OwnModel):
    """An address of the company's own that events are sent to.

    The secret, and the part of the address after ``?`` (where robots have their key), are kept sealed.
    """

    name = models.CharField(_("Name"), max_length=NAME_LENGTH)
    format = models.CharField(_("Format"), max_length=10, choices=Format, default=Format.STANDARD)
    address = models.CharField(_("Address"), max_length=ADDRESS_LENGTH)
    sealed_query = models.TextField(blank=True)
    sealed_secret = models.TextField(blank=True)
    chosen = models.JSONField(_("Events"), default=list)
    failures = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField(auto_now_add=True)
    disabled_at = models.DateTimeField(_("Switched off at"), null=True, blank=True)
    disabled_why = models.CharField(_("Why"), max_length=NAME_LENGTH, blank=True)

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(format__in=Format.values), name="webhook_format_known"),
            models.UniqueConstraint(fields=["company", "name"], name="webhook_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Outcome(models.TextChoices):
    """How a delivery went."""

    WAITING = "waiting", _("waiting")
    DELIVERED = "delivered", _("delivered")
    FAILED = "failed", _("failed")


class Delivery(OwnModel):
    """One message to one address, with what was answered last."""

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    message = models.CharField(max_length=40)
    kind = models.CharField(_("Event"), max_length=LABEL_LENGTH)
    payload = models.JSONField()
    outcome = models.CharField(_("State"), max_length=10, choices=Outcome, default=Outcome.WAITING)
    attempts = models.PositiveSmallIntegerField(_("Attempts"), default=0)
    status = models.PositiveSmallIntegerField(_("Status"), null=True, blank=True)
    answer = models.CharField(_("Answer"), max_length=ANSWER_LENGTH, blank=True)
    asked_at = models.DateTimeField(_("When"), auto_now_add=True)
    tried_at = models.DateTimeField(_("Last tried"), null=True, blank=True)
    next_at = models.DateTimeField(_("Next try"), null=True, blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["webhook", "-id"], name="delivery_by_webhook")]
        constraints = [
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="delivery_outcome_known"),
        ]

    def __str__(self) -> str:
        return self.message
