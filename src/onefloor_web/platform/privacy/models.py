"""Each opening of personal data, with its purpose; rows of this table are never changed."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from onefloor_web.platform.accounts.models import User
from onefloor_web.platform.tenancy.history import tracked
from onefloor_web.platform.tenancy.models import SharedModel
from onefloor_web.platform.tenancy.rls import COMPANY

TEXT_LENGTH = 300

# The client reads a vendor's openings and does not write them.
BY_WHO_OPENS = f"""
    if new.company_id is distinct from {COMPANY} then
        raise exception 'an opening is written by the company that opens' using errcode = 'insufficient_privilege';
    end if;
    new.at := wall_clock();
    return new;
"""


class Purpose(models.TextChoices):
    """What personal data may be opened for."""

    SETTLEMENT = "settlement", _("Settlement check")
    QUALITY = "quality", _("Quality and coaching")
    COMPLAINT = "complaint", _("Complaint or request of a customer")
    DISPUTE = "dispute", _("Dispute between the companies")
    IMPORT = "import", _("Bringing files in")
    FAULT = "fault", _("Search for a fault in the data")
    AUDIT = "audit", _("Audit")


class Kind(models.TextChoices):
    """What was opened."""

    CONTACT = "contact", _("One contact")
    ROWS = "rows", _("Rows behind a figure")
    SEARCH = "search", _("Search for contacts")
    PREVIEW = "preview", _("First lines of a file that is not loaded yet")
    EXPORT = "export", _("Rows taken out as a file")
    QUARANTINE = "quarantine", _("Lines as they came, in quarantine")


class Access(SharedModel):
    """One opening: by whom, of what, what for. The client sees all, a vendor those of its own people."""

    user = models.ForeignKey(User, verbose_name=_("Who"), on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(_("Who"), max_length=TEXT_LENGTH)
    kind = models.CharField(_("What"), max_length=12, choices=Kind)
    subject = models.CharField(_("Which"), max_length=TEXT_LENGTH)
    rows = models.PositiveIntegerField(_("Rows"))
    purpose = models.CharField(_("What for"), max_length=12, choices=Purpose)
    at = models.DateTimeField(_("When"), auto_now_add=True)

    class Meta:
        verbose_name = _("access")
        verbose_name_plural = _("accesses")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["company", "-at"], name="access_by_company")]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=Kind.values), name="access_kind_known"),
            models.CheckConstraint(condition=models.Q(purpose__in=Purpose.values), name="access_purpose_known"),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="by_who_opens", when=pgtrigger.Before, operation=pgtrigger.Insert, func=BY_WHO_OPENS
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.kind} {self.subject}"


class Stage(models.TextChoices):
    """How far an exit has come."""

    PREPARING = "preparing", _("Hand-over in preparation")
    HANDED_OVER = "handed_over", _("Handed over")
    RECEIVED = "received", _("Receipt confirmed")
    DELETED = "deleted", _("Deleted, with proof")


@tracked()
class Exit(SharedModel):
    """A vendor leaves: its rows are handed over, it confirms the receipt, they are deleted, the deletion is proven."""

    stage = models.CharField(_("State"), max_length=12, choices=Stage, default=Stage.PREPARING)
    started_at = models.DateTimeField(_("Started"), auto_now_add=True)
    started_by = models.CharField(_("Started by"), max_length=TEXT_LENGTH)
    manifest = models.JSONField(null=True)
    handed_over_at = models.DateTimeField(_("Handed over"), null=True)
    received_at = models.DateTimeField(_("Receipt confirmed"), null=True)
    received_by = models.CharField(_("Confirmed by"), max_length=TEXT_LENGTH, blank=True)
    deleted_at = models.DateTimeField(_("Deleted"), null=True)
    proof = models.TextField(blank=True)

    class Meta:
        verbose_name = _("exit")
        verbose_name_plural = _("exits")
        ordering = ["-started_at"]
        constraints = [
            models.CheckConstraint(condition=models.Q(stage__in=Stage.values), name="exit_stage_known"),
            models.UniqueConstraint(
                fields=["company"], condition=~models.Q(stage=Stage.DELETED), name="exit_once_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company_id} {self.stage}"
