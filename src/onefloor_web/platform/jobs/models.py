"""A job: what was asked for, by whom, how far it is, what came of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from onefloor_web.platform.accounts.models import User
from onefloor_web.platform.companies.models import NAME_LENGTH
from onefloor_web.platform.tenancy.classes import Tenancy
from onefloor_web.platform.tenancy.models import OwnModel

KIND_LENGTH, KEY_LENGTH, SUBJECT_LENGTH = 80, 200, 200


class State(models.TextChoices):
    """Where a job is."""

    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")


MOVING = (State.WAITING, State.RUNNING)


class Job(OwnModel):
    """One job of one company.

    ``key`` says what it is about: only one job of a kind and key waits or runs at a time. ``acting`` holds the roles
    and the limits of the viewer where no user stands behind it. ``problem`` and each of ``earlier`` are problems of
    the core (what, why, remedy; both languages) with the moment, and for a fault its reference.
    """

    kind = models.CharField(_("Kind"), max_length=KIND_LENGTH)
    key = models.CharField(max_length=KEY_LENGTH, blank=True)
    subject = models.CharField(_("About"), max_length=SUBJECT_LENGTH, blank=True)
    page = models.CharField(max_length=SUBJECT_LENGTH, blank=True)
    params = models.JSONField(default=dict)
    state = models.CharField(_("State"), max_length=10, choices=State, default=State.WAITING)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(null=True, blank=True)
    note = models.JSONField(null=True, blank=True)
    result = models.JSONField(null=True, blank=True)
    problem = models.JSONField(null=True, blank=True)
    earlier = models.JSONField(default=list)
    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    requested_name = models.CharField(_("Asked for by"), max_length=NAME_LENGTH, blank=True)
    acting = models.JSONField(default=dict)
    asked_at = models.DateTimeField(_("Asked for at"), auto_now_add=True)
    not_before = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(_("Started at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("Ended at"), null=True, blank=True)
    cancel_asked_at = models.DateTimeField(null=True, blank=True)
    cancel_asked_by = models.CharField(max_length=NAME_LENGTH, blank=True)
    attempts = models.PositiveSmallIntegerField(_("Attempts"), default=0)
    interruptions = models.PositiveSmallIntegerField(default=0)
    queued_as = models.BigIntegerField(null=True, blank=True)

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["company", "state", "-id"], name="job_by_state"),
            models.Index(fields=["company", "kind", "-id"], name="job_by_kind"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="job_state_known"),
            models.UniqueConstraint(
                fields=["company", "kind", "key"], condition=Q(state__in=MOVING) & ~Q(key=""), name="job_key_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def moving(self) -> bool:
        """Whether it waits or runs."""
        return self.state in MOVING


class Due(models.Model):
    """Until which moment a periodic job has been asked for: what makes it run once, whoever looks first."""

    tenancy = Tenancy.SYSTEM
    name = models.CharField(max_length=KIND_LENGTH, primary_key=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("time of a periodic job")
        verbose_name_plural = _("times of periodic jobs")

    def __str__(self) -> str:
        return f"{self.name} {self.at}"
