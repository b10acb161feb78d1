"""Exclusions and the answers to them. What was proposed is never changed; whoever proposed does not answer.

A proposal is its author's company's word: a draft until it is given, then read by the other side, which answers with
a row of its own. Who is whose is held by the database, also against SQL of the application's role.
"""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from onefloor.language import Text
from onefloor.periods import Month
from onefloor_web.agreements.register.models import Agreement
from onefloor_web.platform.companies.models import NAME_LENGTH
from onefloor_web.platform.tenancy.history import tracked
from onefloor_web.platform.tenancy.models import AuthoredModel

WORDS_LENGTH, NOTE_LENGTH, WHY_LENGTH = 600, 4_000, 2_000
PREFIX = "X-"


class Reason(models.TextChoices):
    """Why rows are taken out; the words are the core's."""

    CLIENT_OUTAGE = "client_outage", _("Outage of the client's systems")
    FORCE_MAJEURE = "force_majeure", _("Force majeure")
    WRONG_KNOWLEDGE = "wrong_knowledge", _("Wrong knowledge from the client")
    WAIVER = "waiver", _("Waived by both parties")


class State(models.TextChoices):
    """How far a proposal has come; it follows from its dates and the answer to it."""

    DRAFT = "draft", pgettext_lazy("exclusion", "draft")
    WAITING = "waiting", pgettext_lazy("exclusion", "waiting for approval")
    APPROVED = "approved", pgettext_lazy("exclusion", "approved by both")
    REFUSED = "refused", pgettext_lazy("exclusion", "refused")
    EXPIRED = "expired", pgettext_lazy("exclusion", "expired without an answer")
    WITHDRAWN = "withdrawn", pgettext_lazy("exclusion", "withdrawn")


# What was given stays; it can only be withdrawn, once, and only while nobody has answered.
GIVEN_STAYS = """
    if old.given_at is null then return new; end if;
    if (to_jsonb(new) - 'withdrawn_at' - 'withdrawn_why') is distinct from
       (to_jsonb(old) - 'withdrawn_at' - 'withdrawn_why') or old.withdrawn_at is not null then
        raise exception 'exclusion % was given and stays', old.id using errcode = 'check_violation';
    end if;
    if new.withdrawn_at is not null and exists (
        select 1 from exclusions_answer a where a.exclusion_id = old.id) then
        raise exception 'exclusion % is answered', old.id using errcode = 'check_violation';
    end if;
    return new;
"""

# The lock makes an answer and a withdrawal wait for each other. Own staff's agreement is the client's with itself:
# there a second person answers.
ANSWERED_BY_THE_OTHER = """
    declare asked exclusions_exclusion%rowtype;
    begin
    select * into asked from exclusions_exclusion e where e.id = new.exclusion_id for update;
    if not found or asked.given_at is null or asked.withdrawn_at is not null then
        raise exception 'there is nothing to answer' using errcode = 'check_violation';
    end if;
    if asked.company_id <> new.company_id
       or (asked.author_id = new.author_id and not exists (
           select 1 from companies_company c where c.id = asked.company_id and c.kind = 'client'))
       or (asked.author_id = new.author_id and asked.user_number = new.user_number) then
        raise exception 'exclusion % is answered by the other side', asked.id using errcode = 'insufficient_privilege';
    end if;
    if new.given_at is null or now() > asked.answer_by then
        raise exception 'the time to answer exclusion % is over', asked.id using errcode = 'check_violation';
    end if;
    return new;
    end;
"""


@tracked()
class Exclusion(AuthoredModel):
    """Rows of a time window that are to count in no figure. ``number`` counts those of an agreement that were given.

    ``starts`` and ``ends`` are minutes of the agreement's zone (half-open), ``where`` names by dimension, ``clauses``
    numbers of clauses, none for all. ``effect`` is what the author saw before proposing: rows and figures with and
    without, see ``effects``.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="exclusions")
    number = models.PositiveIntegerField(_("Number"), null=True)
    reason = models.CharField(_("Reason"), max_length=20, choices=Reason)
    words = models.JSONField(_("What happened"))
    starts = models.DateTimeField(_("From"))
    ends = models.DateTimeField(_("Until"))
    where: models.JSONField[Any, Any] = models.JSONField(_("Whose rows"), default=dict)
    clauses: models.JSONField[Any, Any] = models.JSONField(_("Clauses"), default=list)
    note = models.TextField(_("Evidence for it"), max_length=NOTE_LENGTH, blank=True)
    effect: models.JSONField[Any, Any] = models.JSONField(_("Effect"), null=True)
    made_at = models.DateTimeField(_("Drafted"), auto_now_add=True)
    user_number = models.BigIntegerField()  # of whichever company, so no foreign key
    user_name = models.CharField(_("Proposed by"), max_length=NAME_LENGTH)
    given_on = models.DateField(_("Proposed on"), null=True)
    answer_by = models.DateTimeField(_("To be answered by"), null=True)
    withdrawn_at = models.DateTimeField(_("Withdrawn since"), null=True)
    withdrawn_why = models.CharField(_("Why"), max_length=WHY_LENGTH, blank=True)

    class Meta:
        verbose_name = _("exclusion")
        verbose_name_plural = _("exclusions")
        ordering = ["agreement", "number", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="exclusion_numbered"),
            models.CheckConstraint(condition=Q(reason__in=Reason.values), name="exclusion_reason_known"),
            models.CheckConstraint(condition=Q(starts__lt=models.F("ends")), name="exclusion_ends_after_start"),
            models.CheckConstraint(
                condition=Q(given_at=None, number=None, given_on=None, answer_by=None, withdrawn_at=None)
                | Q(given_at__isnull=False, number__isnull=False, given_on__isnull=False, answer_by__isnull=False),
                name="exclusion_given_whole",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="given_never_deleted", operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__given_at__isnull=False),
            ),
            pgtrigger.Trigger(
                name="given_stays", when=pgtrigger.Before, operation=pgtrigger.Update, func=GIVEN_STAYS
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.code or f"{self.agreement_id}"

    @property
    def code(self) -> str:
        """Its id in the terms: ``X-3``; empty while it is a draft."""
        return f"{PREFIX}{self.number}" if self.number else ""

    @property
    def text(self) -> Text:
        """What happened, in both languages."""
        return Text(self.words["zh"], self.words["en"])


@tracked()
class Answer(AuthoredModel):
    """The other side's answer, once and for good. ``corrects`` are months that were locked by then.

    What both have signed of those months stays; an approval leads to a correction in the next open month.
    """

    exclusion = models.OneToOneField(Exclusion, on_delete=models.PROTECT, related_name="answer")
    approved = models.BooleanField(_("Approved"))
    why = models.CharField(_("Why"), max_length=WHY_LENGTH, blank=True)
    answered_on = models.DateField(_("Answered on"))
    user_number = models.BigIntegerField()  # of whichever company, so no foreign key
    user_name = models.CharField(_("Answered by"), max_length=NAME_LENGTH)
    corrects: models.JSONField[Any, Any] = models.JSONField(_("Locked months it corrects"), default=list)

    class Meta:
        verbose_name = _("answer to an exclusion")
        verbose_name_plural = _("answers to exclusions")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(approved=True) | ~Q(why=""), name="exclusion_refused_with_reason"),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="by_the_other", when=pgtrigger.Before, operation=pgtrigger.Insert, func=ANSWERED_BY_THE_OTHER
            ),
        ]

    def __str__(self) -> str:
        return f"{self.exclusion_id} {self.approved}"

    @property
    def months(self) -> list[Month]:
        """The locked months it corrects."""
        return [Month.parse(month) for month in self.corrects]
