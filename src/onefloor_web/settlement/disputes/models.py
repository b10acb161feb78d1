"""A dispute, and what each side has to say in it: the claim, answers, messages.

The dispute itself is seen and moved by both; who may move it, and when, the database holds (``rules``). What somebody
says is a row of the own company: a draft until it is sent, and never changed afterwards.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from onefloor_web.platform.companies.models import NAME_LENGTH, Company
from onefloor_web.platform.tenancy.history import tracked
from onefloor_web.platform.tenancy.models import AuthoredModel, SharedModel
from onefloor_web.settlement.disputes import rules
from onefloor_web.settlement.statements.models import DIGITS, PLACES, Line, Statement

REASON_LENGTH, MESSAGE_LENGTH, QUEUES_LENGTH = 4_000, 2_000, 400


class State(models.TextChoices):
    """How far a dispute has come."""

    OPEN = "open", pgettext_lazy("dispute", "disputed")
    ESCALATED = "escalated", pgettext_lazy("dispute", "escalated")
    ACCEPTED = "accepted", pgettext_lazy("dispute", "accepted")
    PARTLY = "partly", pgettext_lazy("dispute", "accepted in part")
    REJECTED = "rejected", pgettext_lazy("dispute", "rejected")
    WITHDRAWN = "withdrawn", pgettext_lazy("dispute", "withdrawn")
    RESERVED = "reserved", pgettext_lazy("dispute", "reserved")


UNDER_WAY = (State.OPEN, State.ESCALATED)
"""While one of these, nobody signs."""
RULED = (State.ACCEPTED, State.PARTLY, State.REJECTED)


class How(models.TextChoices):
    """By what it ended."""

    RULING = "ruling", _("by a ruling")
    AGREEMENT = "agreement", _("by agreement")
    SILENCE = "silence", _("by silence past the deadline")
    WITHDRAWAL = "withdrawal", _("by withdrawal")
    RESERVED = "reserved", _("at the last step without agreement")


class Answering(models.TextChoices):
    """What an answer does with a claim."""

    ALL = "all", _("accept all")
    PART = "part", _("accept part")
    REJECT = "reject", _("reject")


class Asking(AuthoredModel):
    """What is asked for or granted: rows of a time window, or an amount; with what it comes to, as the core settles it.

    ``amount`` > 0 is owed to the company of the statement in addition. ``effect`` is ``Alternative.as_json`` of the
    core. ``starts`` and ``ends`` are local times of the agreement's zone, without one.
    """

    reason = models.CharField(_("Reason"), max_length=REASON_LENGTH, blank=True)
    starts = models.CharField(_("From"), max_length=16, blank=True)
    ends = models.CharField(_("Until"), max_length=16, blank=True)
    queues = models.CharField(_("Queues"), max_length=QUEUES_LENGTH, blank=True)
    amount = models.DecimalField(_("Amount"), max_digits=DIGITS, decimal_places=PLACES, null=True)
    effect: models.JSONField[Any, Any] = models.JSONField(default=dict)
    saved_at = models.DateTimeField(_("Draft saved"))
    saved_by = models.CharField(_("Draft saved by"), max_length=NAME_LENGTH)

    class Meta:
        abstract = True

    @property
    def by_rows(self) -> bool:
        """Whether it is about rows, not about an amount."""
        return bool(self.starts)

    @property
    def window(self) -> tuple[datetime, datetime]:
        """Its first moment, and the one after its last."""
        return datetime.fromisoformat(self.starts), datetime.fromisoformat(self.ends)

    @property
    def named_queues(self) -> tuple[str, ...]:
        """Queues it is limited to; none for all."""
        return tuple(name for name in self.queues.split("\n") if name)

    @property
    def moves(self) -> Decimal:
        """What the net would move by."""
        before, after = self.effect["net"]
        return Decimal(after) - Decimal(before)


@tracked()
class Claim(Asking):
    """What one company has to say against a line. Until it is sent there is no dispute."""

    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="claims")

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["author", "line"], condition=Q(given_at=None), name="claim_one_draft"),
            models.CheckConstraint(condition=~Q(starts="") | Q(amount__isnull=False), name="claim_for_something"),
            models.CheckConstraint(condition=Q(given_at=None) | ~Q(reason=""), name="claim_has_a_reason"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="sent_stays", operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__given_at__isnull=False),
            ),
            pgtrigger.ReadOnly(name="about_its_line", fields=["line"]),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"claim {self.pk}"


@tracked()
class Dispute(SharedModel):
    """One round about one line, between the claimant and the other company.

    ``step`` is 0 until it is escalated, then the number of the step. ``due`` is until when it waits. ``answer`` is the
    one it ended by. ``moved_at`` is when it came to where it is.
    """

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="disputes")
    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="disputes")
    round = models.PositiveSmallIntegerField(_("Round"))
    claimant = models.ForeignKey(Company, verbose_name=_("Claimant"), on_delete=models.PROTECT, related_name="+")
    claim = models.OneToOneField(Claim, on_delete=models.PROTECT, related_name="dispute")
    state = models.CharField(_("State"), max_length=10, choices=State, default=State.OPEN)
    step = models.PositiveSmallIntegerField(_("Step of escalation"), default=0)
    raised_at = models.DateTimeField(_("Raised"))
    raised_by = models.CharField(_("Raised by"), max_length=NAME_LENGTH)
    due = models.DateTimeField(_("To be answered by"), null=True)
    moved_at = models.DateTimeField()
    answer = models.ForeignKey("Answer", on_delete=models.PROTECT, null=True, related_name="+")
    how = models.CharField(_("Ended"), max_length=10, choices=How, blank=True)
    closed_at = models.DateTimeField(_("Ended at"), null=True)
    closed_by = models.CharField(_("Ended by"), max_length=NAME_LENGTH, blank=True)

    class Meta:
        verbose_name = _("dispute")
        verbose_name_plural = _("disputes")
        ordering = ["-raised_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["line", "round"], name="dispute_round_once"),
            models.UniqueConstraint(fields=["line"], condition=Q(state__in=UNDER_WAY), name="dispute_one_open"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="dispute_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=UNDER_WAY, closed_at=None, how="")
                | ~Q(state__in=UNDER_WAY) & Q(closed_at__isnull=False) & Q(how__in=How.values),
                name="dispute_ended_somehow",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="beginning_stays",
                fields=["statement", "line", "round", "claimant", "claim", "raised_at", "raised_by"],
            ),
            pgtrigger.FSM(
                name="state_goes_on", field="state",
                transitions=[
                    *((State.OPEN, end) for end in (*RULED, State.WITHDRAWN, State.ESCALATED)),
                    *((State.ESCALATED, end) for end in (*RULED, State.WITHDRAWN)),
                    (State.PARTLY, State.ESCALATED), (State.REJECTED, State.ESCALATED),
                    (State.ESCALATED, State.RESERVED),
                    *((State.RESERVED, end) for end in (*RULED, State.WITHDRAWN)),
                ],
            ),
            pgtrigger.Trigger(name="raised", when=pgtrigger.Before, operation=pgtrigger.Insert, func=rules.RAISED),
            pgtrigger.Trigger(name="moved", when=pgtrigger.Before, operation=pgtrigger.Update, func=rules.MOVED),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.statement_id} #{self.line_id} {self.round}"

    @property
    def under_way(self) -> bool:
        """Whether somebody has still to act."""
        return self.state in UNDER_WAY

    @property
    def reserved(self) -> bool:
        """Whether it stays at issue though the month may be signed; a new revision of that begins anew."""
        return self.state == State.RESERVED and self.statement.current

    @property
    def at_issue(self) -> bool:
        """Whether both can still settle it."""
        return self.under_way or self.reserved


@tracked()
class Answer(Asking):
    """What a side answers: a ruling while the dispute is open; once it is escalated, a proposal the other may take."""

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="answers")
    step = models.PositiveSmallIntegerField()
    kind = models.CharField(_("Answer"), max_length=6, choices=Answering)

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["author", "dispute"], condition=Q(given_at=None), name="answer_one_draft"),
            models.CheckConstraint(condition=Q(kind__in=Answering.values), name="answer_kind_known"),
            models.CheckConstraint(
                condition=Q(given_at=None) | ~Q(reason="") | Q(kind=Answering.ALL), name="answer_has_a_reason"
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="sent_stays", operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__given_at__isnull=False),
            ),
            pgtrigger.ReadOnly(name="about_its_dispute", fields=["dispute"]),
            pgtrigger.Trigger(
                name="in_turn", when=pgtrigger.Before, operation=pgtrigger.Update | pgtrigger.Insert,
                func=rules.ANSWERED,
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"answer {self.pk}"


@tracked()
class Message(AuthoredModel):
    """One message of the thread; a question back shows the other side that it is asked. The clock runs on."""

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="messages")
    words = models.CharField(_("Message"), max_length=MESSAGE_LENGTH)
    question = models.BooleanField(_("This is a question"), default=False)
    made_by = models.CharField(_("Written by"), max_length=NAME_LENGTH)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["pk"]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(name="while_open", when=pgtrigger.Before, operation=pgtrigger.Insert, func=rules.SAID),
        ]

    def __str__(self) -> str:
        return self.words[:80]
