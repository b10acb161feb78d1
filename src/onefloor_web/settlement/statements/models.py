"""Statements, their lines, and what is booked beside them. Nothing that was computed is ever changed.

A statement goes draft -> issued -> locked, or is superseded by the next revision of its month. The database holds it:
only the client's own work makes revisions, only both signatures lock one, and nothing of a locked or superseded one
moves, also not by SQL of the application's role.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from onefloor.language import Text
from onefloor.periods import Month
from onefloor_web.agreements.register.models import CODE_LENGTH, DIGEST_LENGTH, Agreement, Version
from onefloor_web.platform.companies.models import NAME_LENGTH, Company
from onefloor_web.platform.tenancy.clock import is_now, is_past
from onefloor_web.platform.tenancy.history import tracked
from onefloor_web.platform.tenancy.models import OwnModel, SharedModel
from onefloor_web.settlement.statements import rules

MONTH_LENGTH, KIND_LENGTH = 7, 20
DIGITS, PLACES = 24, 4  # of money: more places than any currency has; shown as the core writes it


class State(models.TextChoices):
    """How far a statement has come."""

    DRAFT = "draft", pgettext_lazy("statement", "provisional")
    ISSUED = "issued", pgettext_lazy("statement", "issued, to be signed")
    LOCKED = "locked", pgettext_lazy("statement", "locked")
    SUPERSEDED = "superseded", pgettext_lazy("statement", "superseded")


CURRENT = (State.DRAFT, State.ISSUED, State.LOCKED)

# Revisions are made by the client's work, as drafts: a vendor cannot write its own statement. Only the client's own
# agreement has shadow statements, because one signature is enough for them.
MADE_BY_THE_CLIENT = """
    if current_setting('app.client', true) is distinct from 'on' or new.state <> 'draft' then
        raise exception 'a statement begins as a draft of the client''s work' using errcode = 'check_violation';
    end if;
    if new.unsigned is null then
        raise exception 'a statement says what silence means' using errcode = 'check_violation';
    end if;
    if new.shadow is distinct from (
        select a.shadow and c.kind = 'client' from register_agreement a join companies_company c on c.id = a.company_id
        where a.id = new.agreement_id and a.company_id = new.company_id) then
        raise exception 'a shadow statement is of the client''s own agreement' using errcode = 'check_violation';
    end if;
    return new;
"""

# What has been signed by whom is what its state says; a shadow statement needs the client's signature alone.
LOCKED_BY_BOTH = """
    if (select count(distinct s.signer_id) from signatures_signature s
        where s.about = 'statements.statement' and s.number = new.id
          and s.digest = encode(sha256(new.payload), 'hex'))
       < (case when exists (
              select 1 from companies_company c where c.id = new.company_id and c.kind = 'client') then 1 else 2 end)
       or new.locked_at is null then
        raise exception 'statement % is not signed by both', new.id using errcode = 'check_violation';
    end if;
    return new;
"""

# Over is over; and what was once said of an issued one stays said. Its clocks begin when it is issued, the time to sign
# is never shortened, and silence is consent only once that is over, where the terms take it so.
STAYS = f"""
    if old.state in ('locked', 'superseded') then
        raise exception 'statement % is %', old.id, old.state using errcode = 'check_violation';
    end if;
    if (old.issued_at is not null and new.issued_at is distinct from old.issued_at)
       or (old.dispute_by is not null and new.dispute_by is distinct from old.dispute_by)
       or (old.sign_by is not null and (new.sign_by is null or new.sign_by < old.sign_by))
       or (new.sign_by > old.sign_by and current_setting('app.client', true) is distinct from 'on')
       or (old.accepted_at is not null and new.accepted_at is distinct from old.accepted_at) then
        raise exception 'dates of statement % stay', old.id using errcode = 'check_violation';
    end if;
    if old.accepted_at is not null and new.state = 'superseded' then
        raise exception 'statement % counts as accepted', old.id using errcode = 'check_violation';
    end if;
    if new.state in ('issued', 'superseded') and new.state <> old.state
       and current_setting('app.client', true) is distinct from 'on' then
        raise exception 'the client issues and supersedes' using errcode = 'insufficient_privilege';
    end if;
    if new.state = 'issued' and old.state = 'draft' and (not coalesce({is_now("new.issued_at")}, false)
       or new.dispute_by < new.issued_at or new.sign_by < new.issued_at) then
        raise exception 'the clocks of statement % begin when it is issued', old.id using errcode = 'check_violation';
    end if;
    if new.accepted_at is distinct from old.accepted_at and (
       current_setting('app.client', true) is distinct from 'on' or new.state <> 'issued'
       or not {is_past("old.sign_by")} or not {is_past("old.dispute_by")}
       or not {is_now("new.accepted_at")} or coalesce(old.unsigned, 'accepted') <> 'accepted') then
        raise exception 'statement % is not accepted by silence', old.id using errcode = 'check_violation';
    end if;
    return new;
"""

# A line joins its statement while that is being made.
WITH_ITS_DRAFT = """
    if current_setting('app.client', true) is distinct from 'on'
       or (select s.state from statements_statement s where s.id = new.statement_id) is distinct from 'draft' then
        raise exception 'a line comes with its draft' using errcode = 'check_violation';
    end if;
    return new;
"""


@tracked(without=["payload", "document"])
class Statement(SharedModel):
    """One revision of the statement of one agreement and month.

    ``digest`` and ``manifest_digest`` are the SHA-256 of ``statement.json`` and ``manifest.json``, ``terms_digest`` of
    the agreement's text with its approved exclusions, ``payload`` the bytes that are signed. ``document`` is the core's
    statement without its lines. ``net`` is the sum of the lines, ``payable`` that and all adjustments booked in it.
    ``unsigned`` is what the terms take silence for (null: it was made before that was written down); ``accepted_at`` is
    set where that is consent: payable, though not signed.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="statements")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    month = models.CharField(_("Month"), max_length=MONTH_LENGTH)
    revision = models.PositiveIntegerField(_("Revision"))
    state = models.CharField(_("State"), max_length=12, choices=State, default=State.DRAFT)
    shadow = models.BooleanField(_("Shadow statement of own staff"), default=False)
    terms_digest = models.CharField(_("Digest of the terms"), max_length=DIGEST_LENGTH)
    digest = models.CharField(_("Digest"), max_length=DIGEST_LENGTH)
    manifest_digest = models.CharField(_("Digest of the bundle"), max_length=DIGEST_LENGTH)
    payload = models.BinaryField()
    document = models.JSONField()
    net = models.DecimalField(_("Net"), max_digits=DIGITS, decimal_places=PLACES)
    payable = models.DecimalField(_("Payable"), max_digits=DIGITS, decimal_places=PLACES)
    currency = models.CharField(_("Currency"), max_length=3)
    data_version = models.CharField(_("Data version"), max_length=DIGEST_LENGTH)
    facts_through = models.DateTimeField(_("Facts through"), null=True)
    provisional = models.BooleanField(_("Provisional"))
    previous = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    previous_digest = models.CharField(_("Digest of the month before"), max_length=DIGEST_LENGTH, blank=True)
    run_at = models.DateTimeField(_("Computed"), auto_now_add=True)
    run_by = models.CharField(_("Run by"), max_length=NAME_LENGTH)
    issued_at = models.DateTimeField(_("Issued"), null=True)
    dispute_by = models.DateTimeField(_("To be disputed by"), null=True)
    sign_by = models.DateTimeField(_("To be signed by"), null=True)
    unsigned = models.CharField(_("Nobody signs in time"), max_length=10, null=True)
    accepted_at = models.DateTimeField(_("Counts as accepted since"), null=True)
    locked_at = models.DateTimeField(_("Locked"), null=True)
    superseded_at = models.DateTimeField(_("Superseded"), null=True)

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        ordering = ["-month", "agreement", "-revision"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "month", "revision"], name="statement_numbered"),
            models.UniqueConstraint(
                fields=["agreement", "month"], condition=Q(state__in=CURRENT), name="statement_one_current"
            ),
            models.CheckConstraint(condition=Q(state__in=State.values), name="statement_state_known"),
            models.CheckConstraint(
                condition=Q(provisional=False) | Q(state__in=[State.DRAFT, State.SUPERSEDED]),
                name="statement_final_if_issued",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="content_stays",
                exclude=["state", "issued_at", "dispute_by", "sign_by", "accepted_at", "locked_at", "superseded_at"],
            ),
            pgtrigger.FSM(
                name="state_goes_on", field="state",
                transitions=[
                    (State.DRAFT, State.ISSUED), (State.DRAFT, State.SUPERSEDED),
                    (State.ISSUED, State.LOCKED), (State.ISSUED, State.SUPERSEDED),
                ],
            ),
            pgtrigger.Trigger(
                name="made_by_the_client", when=pgtrigger.Before, operation=pgtrigger.Insert, func=MADE_BY_THE_CLIENT
            ),
            pgtrigger.Trigger(
                name="locked_by_both", when=pgtrigger.Before, operation=pgtrigger.Update,
                condition=pgtrigger.Q(new__state=State.LOCKED), func=LOCKED_BY_BOTH,
            ),
            pgtrigger.Trigger(
                name="adds_up", when=pgtrigger.Before, operation=pgtrigger.Update,
                condition=pgtrigger.Q(new__state__in=[State.ISSUED, State.LOCKED]), func=rules.ADDS_UP,
            ),
            pgtrigger.Trigger(
                name="begun_in_turn", when=pgtrigger.Before, operation=pgtrigger.Insert, func=rules.IN_TURN
            ),
            pgtrigger.Trigger(
                name="closed_in_turn", when=pgtrigger.Before, operation=pgtrigger.Update, func=rules.IN_TURN,
                condition=pgtrigger.Q(old__accepted_at=None)
                & (pgtrigger.Q(new__state=State.LOCKED) | pgtrigger.Q(new__accepted_at__isnull=False)),
            ),
            pgtrigger.Trigger(name="over_is_over", when=pgtrigger.Before, operation=pgtrigger.Update, func=STAYS),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.month} r{self.revision}"

    @property
    def period(self) -> Month:
        """Its month."""
        return Month.parse(self.month)

    @property
    def folder(self) -> Path:
        """What the core wrote of it: ``statement.json``, ``.pdf``, ``.xlsx``, ``bundle/`` ..."""
        place = Path("statements") / str(self.agreement_id) / self.month / str(self.revision)
        return Path(settings.MEDIA_ROOT) / str(self.company_id) / place

    @property
    def current(self) -> bool:
        """Whether it is the one of its month that counts."""
        return self.state in CURRENT


class Line(SharedModel):
    """One line of a statement; ``document`` is the core's line, word for word."""

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="lines")
    number = models.PositiveIntegerField(_("Line"))
    clause = models.CharField(_("Clause"), max_length=CODE_LENGTH)
    kind = models.CharField(_("Kind"), max_length=KIND_LENGTH)
    key = models.GeneratedField(  # as ``onefloor.agreements.line_keys.key_of`` gives it
        expression=RawSQL(rules.LINE_KEY, ()),  # nosec B611 - a constant
        output_field=models.TextField(),
        db_persist=True,
    )
    title = models.JSONField(_("Title"))
    words = models.JSONField(_("In words"))
    outcome = models.CharField(_("Outcome"), max_length=KIND_LENGTH)
    amount = models.DecimalField(_("Amount"), max_digits=DIGITS, decimal_places=PLACES)
    document = models.JSONField()

    class Meta:
        verbose_name = pgettext_lazy("statement", "line")
        verbose_name_plural = pgettext_lazy("statement", "lines")
        ordering = ["statement", "number"]
        constraints = [models.UniqueConstraint(fields=["statement", "number"], name="line_numbered")]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="with_its_draft", when=pgtrigger.Before, operation=pgtrigger.Insert, func=WITH_ITS_DRAFT
            ),
        ]

    def __str__(self) -> str:
        return f"{self.statement_id} #{self.number}"

    @property
    def name(self) -> Text:
        """Its title in both languages."""
        return Text(self.title["zh"], self.title["en"])


class Adjustment(SharedModel):
    """Money beside the lines: a credit note lowers or raises a line, a correction follows facts that came late.

    ``source`` is what it rests on (a ruling, the two computations compared) as canonical data, ``digest`` its SHA-256.
    ``amount`` > 0 is owed to the company in addition. It is booked into the next revision of the month of its line,
    or, where that is locked, of the next month that is not.
    """

    class Kind(models.TextChoices):
        """What it is."""

        CREDIT_NOTE = "credit_note", _("credit note")
        CORRECTION = "correction", _("correction")

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="adjustments")
    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="adjustments")
    kind = models.CharField(_("Kind"), max_length=KIND_LENGTH, choices=Kind)
    amount = models.DecimalField(_("Amount"), max_digits=DIGITS, decimal_places=PLACES)
    before = models.DecimalField(
        pgettext_lazy("correction", "Before"), null=True, max_digits=DIGITS, decimal_places=PLACES
    )
    after = models.DecimalField(
        pgettext_lazy("correction", "After"), null=True, max_digits=DIGITS, decimal_places=PLACES
    )
    reason = models.JSONField(_("Reason"))
    source = models.JSONField()
    digest = models.CharField(_("Digest"), max_length=DIGEST_LENGTH)
    author = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(pgettext_lazy("adjustment", "Made"), auto_now_add=True)
    made_by = models.CharField(pgettext_lazy("adjustment", "Made by"), max_length=NAME_LENGTH)
    booked_in = models.ForeignKey(
        Statement, verbose_name=_("Booked in"), on_delete=models.PROTECT, null=True, related_name="adjustments"
    )

    class Meta:
        verbose_name = _("adjustment")
        verbose_name_plural = _("adjustments")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="adjustment_moves_money"),
            models.CheckConstraint(
                condition=Q(kind="credit_note", before=None, after=None)
                | Q(kind="correction", amount=models.F("after") - models.F("before")),
                name="adjustment_adds_up",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="content_stays", exclude=["booked_in"]),
            pgtrigger.Trigger(
                name="by_its_author", when=pgtrigger.Before, operation=pgtrigger.Insert, func=rules.WRITTEN
            ),
            pgtrigger.Trigger(name="booked_once", when=pgtrigger.Before, operation=pgtrigger.Update, func=rules.BOOKED),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def why(self) -> Text:
        """Its reason in both languages."""
        return Text(self.reason["zh"], self.reason["en"])


class Head(OwnModel):
    """The head of the chain as one company keeps it: what both signed, so that neither can change it unnoticed.

    ``signatures`` are ``{"signer", "key", "signature", "at"}``; ``mailed`` the addresses it was sent to.
    """

    stays_at_exit = True  # evidence of what was signed; holds no personal data
    agreement = models.CharField(pgettext_lazy("agreement", "Code"), max_length=CODE_LENGTH)
    statement = models.BigIntegerField()  # of whichever company, so no foreign key
    month = models.CharField(_("Month"), max_length=MONTH_LENGTH)
    revision = models.PositiveIntegerField(_("Revision"))
    digest = models.CharField(_("Digest"), max_length=DIGEST_LENGTH)
    manifest_digest = models.CharField(_("Digest of the bundle"), max_length=DIGEST_LENGTH)
    previous_digest = models.CharField(_("Digest of the month before"), max_length=DIGEST_LENGTH, blank=True)
    signatures: models.JSONField[Any, Any] = models.JSONField(default=list)
    mailed: models.JSONField[Any, Any] = models.JSONField(default=list)
    at = models.DateTimeField(_("Kept since"), auto_now_add=True)

    class Meta:
        verbose_name = _("head of the chain")
        verbose_name_plural = _("heads of the chain")
        ordering = ["agreement", "month"]
        constraints = [models.UniqueConstraint(fields=["company", "statement"], name="head_one_a_company")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.agreement} {self.month}"
