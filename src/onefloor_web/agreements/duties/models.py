"""The client's duties: one row per occasion, in which both companies read the same.

Only the client says that it has delivered, only the vendor objects, and only the client resolves the objection. The
triggers hold this also against SQL. What is said in an objection and its resolution belongs to whoever said it.
"""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from onefloor.language import Text
from onefloor_web.agreements.register.models import Agreement
from onefloor_web.platform.companies.models import NAME_LENGTH, Company
from onefloor_web.platform.tenancy.clock import SOON, is_now
from onefloor_web.platform.tenancy.history import tracked
from onefloor_web.platform.tenancy.models import AuthoredModel, SharedModel

DUTY_LENGTH, TEXT_LENGTH, PAGE_LENGTH = 64, 2000, 200


class Kind(models.TextChoices):
    """What the client delivers."""

    ANSWER = "answer", _("answer to a request")
    FORECAST = "forecast", _("forecast")
    CHANGE = "change", _("notice of a product change")
    UPTIME = "uptime", _("a system that is down")
    TRAINING = "training", _("training seats")
    OTHER = "other", _("something else")


class State(models.TextChoices):
    """How far a duty has come."""

    CLAIMED = "claimed", _("waiting for the client to confirm it")
    OPEN = "open", _("owed")
    DONE = "done", pgettext_lazy("a duty", "delivered")
    REFUSED = "refused", _("not owed")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Basis(models.TextChoices):
    """Which way the clock counts."""

    WITHIN = "within", _("at most so long after it was asked for")
    BEFORE = "before", _("at least so long before it takes effect")


AS_CLIENT = "coalesce(current_setting('app.client', true), '') = 'on'"

# A vendor claims, withdraws its claim, starts the clock of its own request again, and once sends an answer back. What
# it says was due already the client confirms first.
WHO_MAY = f"""
    if tg_op = 'INSERT' and new.kind = 'answer'
       and new.company_id is distinct from nullif(current_setting('app.company', true), '')::bigint then
        raise exception 'an answer is owed to who asked for it' using errcode = 'insufficient_privilege';
    end if;
    if {AS_CLIENT} then return new; end if;
    if tg_op = 'INSERT' then
        if new.state = 'claimed'
           or (new.kind = 'answer' and new.state = 'open' and new.due_at >= wall_clock() - {SOON}) then
            return new;
        end if;
    elsif new.state = old.state and new.done_at is not distinct from old.done_at then
        return new;
    elsif old.state = 'claimed' and new.state = 'withdrawn' then
        return new;
    elsif old.kind = 'answer' and old.state = 'open' and new.state = 'withdrawn' then
        return new;
    elsif old.kind = 'answer' and old.state = 'done' and new.state = 'open' and new.reopened = old.reopened + 1 then
        return new;
    end if;
    raise exception 'only the client says what it has delivered or owes' using errcode = 'insufficient_privilege';
"""
# When a duty is due stays. Only that of an answer stops, for a question back, and runs on; and an answer that was given
# in time and is sent back is owed later. Nothing is delivered tomorrow.
CLOCK = f"""
    if new.done_at > wall_clock() + {SOON} and new.done_at is distinct from old.done_at then
        raise exception 'duty % is not delivered yet', old.id using errcode = 'check_violation';
    end if;
    if new.due_at is not distinct from old.due_at
       or old.kind = 'answer' and new.state = 'open' and (
           old.state = 'open' and old.due_at is null and new.due_at >= wall_clock() - {SOON}
           or old.state = 'open' and new.due_at is null and {AS_CLIENT} and old.due_at >= wall_clock() - {SOON}
           or old.state = 'done' and old.due_at > old.done_at and new.due_at >= wall_clock() - {SOON}) then
        return new;
    end if;
    raise exception 'when duty % is due does not move so', old.id using errcode = 'check_violation';
"""
# What was delivered is recorded once, by the client; an answer is delivered when it is given. From there it moves as an
# objection says that the client has accepted, or is sent back. The facts are told what there is, with an account.
RECORDED = f"""
    if new.told <> old.told then
        if new.told <> old.revision or not exists (
            select 1 from duties_telling t where t.company_id = old.company_id and {is_now("t.at")}) then
            raise exception 'duty % is told with an account of its lines', old.id using errcode = 'check_violation';
        end if;
    end if;
    if (to_jsonb(new) - 'told' - 'revision') is distinct from (to_jsonb(old) - 'told' - 'revision') then
        if new.revision <> old.revision + 1 or new.told <> old.told then
            raise exception 'a change of duty % is its next revision', old.id using errcode = 'check_violation';
        end if;
    elsif new.revision <> old.revision then
        raise exception 'duty % has not changed', old.id using errcode = 'check_violation';
    end if;
    if old.state = 'open' and new.state = 'done' then
        if not coalesce({is_now("new.recorded_at")}, false)
           or old.kind = 'answer' and not coalesce({is_now("new.done_at")}, false) then
            raise exception 'duty % is recorded when it is recorded', old.id using errcode = 'check_violation';
        end if;
        return new;
    end if;
    if old.state = 'done' and new.state = 'open' and new.reopened = old.reopened + 1 and not {AS_CLIENT}
       and (new.done_by, new.note, new.recorded_at, new.recorded_by, new.seats_done) is not distinct from
           ('', '', old.recorded_at, old.recorded_by, old.seats_done) then
        return new;
    end if;
    if (new.done_by, new.note, new.recorded_at, new.recorded_by, new.seats_done) is distinct from
       (old.done_by, old.note, old.recorded_at, old.recorded_by, old.seats_done)
       or new.reopened <> old.reopened or (new.done_at is distinct from old.done_at and not exists (
           select 1 from duties_objection o join duties_resolution r on r.objection_id = o.id
           where o.duty_id = old.id and r.accepted and o.done_at is not distinct from new.done_at
           and o.id = (select max(n.id) from duties_objection n where n.duty_id = old.id))) then
        raise exception 'what was recorded of duty % stays', old.id using errcode = 'check_violation';
    end if;
    return new;
"""
TOLD_NOW = """
    new.at := wall_clock();
    return new;
"""
NOT_AFTER_IT_WAS_DUE = """
    if old.due_at is not null and old.due_at <= wall_clock() then
        raise exception 'duty % was due already and cannot be withdrawn', old.id using errcode = 'check_violation';
    end if;
    return new;
"""
BY_THE_CLIENT = f"""
    if not ({AS_CLIENT}) then
        raise exception 'only the client resolves an objection' using errcode = 'insufficient_privilege';
    end if;
    return new;
"""


@tracked()
class Duty(SharedModel):
    """One occasion on which the client owes ``company`` something.

    ``begins_at`` is when it was asked for (or a system went down), with basis ``before`` when it takes effect.
    ``due_at`` follows from the terms then in force and is null while the clock of its request stands still.
    ``revision`` grows with each change, ``told`` is the one that the facts have.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, null=True, related_name="duty_rows")
    duty = models.CharField(_("Duty"), max_length=DUTY_LENGTH)
    title = models.JSONField(_("Title"))
    kind = models.CharField(_("Kind"), max_length=10, choices=Kind)
    reference = models.CharField(_("Reference"), max_length=DUTY_LENGTH)
    asked = models.CharField(_("What asks for it"), max_length=TEXT_LENGTH)
    page = models.CharField(max_length=PAGE_LENGTH, blank=True)
    basis = models.CharField(_("Way of counting"), max_length=6, choices=Basis)
    span = models.CharField(_("Time allowed"), max_length=40)
    begins_at = models.DateTimeField(_("Asked for, or takes effect"))
    due_at = models.DateTimeField(_("Due"), null=True)
    seats = models.PositiveIntegerField(_("Seats asked for"), null=True)
    state = models.CharField(_("State"), max_length=10, choices=State, default=State.OPEN)
    done_at = models.DateTimeField(_("Delivered"), null=True)
    done_by = models.CharField(_("Delivered by"), max_length=NAME_LENGTH, blank=True)
    seats_done = models.PositiveIntegerField(_("Seats delivered"), null=True)
    note = models.CharField(pgettext_lazy("a delivery", "Evidence"), max_length=TEXT_LENGTH, blank=True)
    recorded_at = models.DateTimeField(_("Recorded"), null=True)
    recorded_by = models.CharField(_("Recorded by"), max_length=NAME_LENGTH, blank=True)
    opener = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    opened_by = models.CharField(_("Opened by"), max_length=NAME_LENGTH)
    opened_at = models.DateTimeField(_("Opened"), auto_now_add=True)
    ended_why = models.CharField(_("Why"), max_length=TEXT_LENGTH, blank=True)
    reopened = models.PositiveSmallIntegerField(_("Sent back"), default=0)
    revision = models.PositiveIntegerField(_("Revision"), default=1)
    told = models.PositiveIntegerField(_("Revision among the facts"), default=0)

    class Meta:
        verbose_name = _("duty of the client")
        verbose_name_plural = _("duties of the client")
        ordering = ["-begins_at", "-pk"]
        indexes = [models.Index(fields=["company", "state", "due_at"], name="duty_by_state")]
        constraints = [
            models.UniqueConstraint(fields=["company", "duty", "reference"], name="duty_reference_once"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="duty_state_known"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="duty_kind_known"),
            models.CheckConstraint(condition=Q(basis__in=Basis.values), name="duty_basis_known"),
            models.CheckConstraint(
                condition=Q(state=State.DONE, done_at__isnull=False) | (~Q(state=State.DONE) & Q(done_at=None)),
                name="duty_done_has_its_time",
            ),
            models.CheckConstraint(condition=Q(due_at__isnull=False) | Q(kind=Kind.ANSWER), name="duty_has_a_clock"),
            models.CheckConstraint(condition=Q(reopened__lte=1), name="duty_sent_back_once"),
            models.CheckConstraint(condition=Q(told__lte=F("revision")), name="duty_told_what_there_is"),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="occasion_stays",
                fields=[
                    "company", "agreement", "duty", "title", "kind", "reference", "asked", "page", "basis", "span",
                    "begins_at", "seats", "opener", "opened_by", "opened_at",
                ],
            ),
            pgtrigger.FSM(
                name="state_goes_on", field="state",
                transitions=[
                    (State.CLAIMED, State.OPEN), (State.CLAIMED, State.REFUSED), (State.CLAIMED, State.WITHDRAWN),
                    (State.OPEN, State.DONE), (State.OPEN, State.WITHDRAWN), (State.DONE, State.OPEN),
                ],
            ),
            pgtrigger.Trigger(
                name="who_may", when=pgtrigger.Before, operation=pgtrigger.Insert | pgtrigger.Update, func=WHO_MAY
            ),
            pgtrigger.Trigger(
                name="clock_keeps_time", when=pgtrigger.Before, operation=pgtrigger.Update, func=CLOCK
            ),
            pgtrigger.Trigger(
                name="written_once", when=pgtrigger.Before, operation=pgtrigger.Update, func=RECORDED
            ),
            pgtrigger.Trigger(
                name="withdrawn_in_time", when=pgtrigger.Before, operation=pgtrigger.Update, func=NOT_AFTER_IT_WAS_DUE,
                condition=pgtrigger.Q(old__state=State.OPEN, new__state=State.WITHDRAWN),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.reference

    @property
    def name(self) -> Text:
        """Its title in both languages."""
        return Text(self.title["zh"], self.title["en"])


class Objected(models.TextChoices):
    """What a vendor holds against a recorded delivery."""

    NOT_DONE = "not_done", _("it was not delivered")
    LATER = "later", _("it was delivered later")


@tracked()
class Objection(AuthoredModel):
    """The vendor holds that a delivery did not happen, or happened at another time."""

    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="objections")
    says = models.CharField(_("Objection"), max_length=10, choices=Objected)
    done_at = models.DateTimeField(_("Delivered, as the vendor has it"), null=True)
    text = models.CharField(_("Reason"), max_length=TEXT_LENGTH)
    by = models.CharField(_("Who"), max_length=NAME_LENGTH)

    class Meta:
        verbose_name = _("objection to a delivery")
        verbose_name_plural = _("objections to deliveries")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(says__in=Objected.values), name="objection_known"),
            models.CheckConstraint(condition=Q(author=F("company")), name="objection_of_the_vendor"),
            models.CheckConstraint(
                condition=Q(says=Objected.LATER, done_at__isnull=False) | Q(says=Objected.NOT_DONE, done_at=None),
                name="objection_says_when",
            ),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.duty_id} {self.says}"


@tracked()
class Resolution(AuthoredModel):
    """The client's answer to an objection: accepted, or not, with its reason."""

    objection = models.OneToOneField(Objection, on_delete=models.PROTECT, related_name="resolution")
    accepted = models.BooleanField(_("Accepted"))
    text = models.CharField(_("Reason"), max_length=TEXT_LENGTH, blank=True)
    by = models.CharField(_("Who"), max_length=NAME_LENGTH)

    class Meta:
        verbose_name = _("answer to an objection")
        verbose_name_plural = _("answers to objections")
        ordering = ["pk"]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="by_the_client", when=pgtrigger.Before, operation=pgtrigger.Insert, func=BY_THE_CLIENT
            ),
        ]

    def __str__(self) -> str:
        return f"{self.objection_id} {self.accepted}"


@tracked()
class Telling(SharedModel):
    """Duties were written among the facts of the floor: which load, and the account of its lines."""

    load = models.CharField(_("Load"), max_length=DUTY_LENGTH)
    account = models.JSONField(_("account"))
    at = models.DateTimeField(_("When"), auto_now_add=True)

    class Meta:
        verbose_name = _("duties among the facts")
        verbose_name_plural = _("duties among the facts")
        ordering = ["-pk"]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(name="told_now", when=pgtrigger.Before, operation=pgtrigger.Insert, func=TOLD_NOW),
        ]

    def __str__(self) -> str:
        return self.load
