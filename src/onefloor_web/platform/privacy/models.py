"""Each opening of personal data, with its purpose; rows of this table are never changed."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from onefloor_web.platform.accounts.models import User
from onefloor_web.platform.tenancy.clock import is_now
from onefloor_web.platform.tenancy.history import tracked
from onefloor_web.platform.tenancy.models import SharedModel
from onefloor_web.platform.tenancy.rls import CLIENT, COMPANY

TEXT_LENGTH = 300
WAIT_DAYS = 14  # after the hand-over the vendor's receipt is not needed any more

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


BEGUN_BY_THE_CLIENT = f"""
    if not {CLIENT} or new.stage <> 'preparing' or new.handed_over_at is not null or new.received_at is not null
       or new.received_by <> '' or new.deleted_at is not null or new.proof <> '' or new.manifest is not null then
        raise exception 'the client begins an exit, with the hand-over' using errcode = 'insufficient_privilege';
    end if;
    new.started_at := wall_clock();
    return new;
"""

# Each step says what is its own, when it is done: the client hands over and deletes, the vendor alone confirms. Without
# its word it has its time before anything is deleted.
STEPS = f"""
    if new.stage = 'handed_over' and old.stage = 'preparing' then
        if not {CLIENT} or not coalesce({is_now("new.handed_over_at")}, false) then
            raise exception 'the client hands over, now' using errcode = 'insufficient_privilege';
        end if;
    elsif new.manifest is distinct from old.manifest or new.handed_over_at is distinct from old.handed_over_at then
        raise exception 'what was handed over stays' using errcode = 'check_violation';
    end if;
    if new.stage = 'received' and old.stage = 'handed_over' then
        if new.company_id is distinct from {COMPANY} or not coalesce({is_now("new.received_at")}, false) then
            raise exception 'the vendor confirms its receipt, now' using errcode = 'insufficient_privilege';
        end if;
    elsif (new.received_at, new.received_by) is distinct from (old.received_at, old.received_by) then
        raise exception 'the receipt stays' using errcode = 'check_violation';
    end if;
    if new.stage = 'deleted' and old.stage <> 'deleted' then
        if not {CLIENT} or new.proof = '' or not coalesce({is_now("new.deleted_at")}, false)
           or old.stage = 'handed_over' and old.handed_over_at > wall_clock() - interval '{WAIT_DAYS} days' then
            raise exception 'the client deletes what was received, with proof'
                using errcode = 'insufficient_privilege';
        end if;
    elsif (new.deleted_at, new.proof) is distinct from (old.deleted_at, old.proof) then
        raise exception 'the proof stays' using errcode = 'check_violation';
    end if;
    return new;
"""


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
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="beginning_stays", fields=["company", "started_at", "started_by"]),
            pgtrigger.FSM(
                name="goes_on", field="stage",
                transitions=[
                    (Stage.PREPARING, Stage.HANDED_OVER), (Stage.HANDED_OVER, Stage.RECEIVED),
                    (Stage.HANDED_OVER, Stage.DELETED), (Stage.RECEIVED, Stage.DELETED),
                ],
            ),
            pgtrigger.Trigger(
                name="begun_by_the_client", when=pgtrigger.Before, operation=pgtrigger.Insert, func=BEGUN_BY_THE_CLIENT
            ),
            pgtrigger.Trigger(name="steps", when=pgtrigger.Before, operation=pgtrigger.Update, func=STEPS),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.company_id} {self.stage}"
