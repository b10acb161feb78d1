"""Requests and what is said about them.

The request itself is one row in which both companies read the same; its triggers let only the client ask back and
answer, and only the asker raise, reply, accept, send back and withdraw, also in SQL. What each side says is its own.
"""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from onefloor.language import Text
from onefloor_web.agreements.register.models import Agreement
from onefloor_web.platform.accounts.models import User
from onefloor_web.platform.companies.models import NAME_LENGTH
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.clock import SOON, is_now
from onefloor_web.platform.tenancy.history import tracked
from onefloor_web.platform.tenancy.models import AuthoredModel, OwnModel, SharedModel

CLASS_LENGTH, SUBJECT_LENGTH, TEXT_LENGTH, LINK_LENGTH = 64, 120, 8000, 500


class State(models.TextChoices):
    """How far a request has come, and so whose turn it is."""

    OPEN = "open", _("waiting for an answer")
    ASKED = "asked", _("asked back")
    ANSWERED = "answered", _("answered")
    ACCEPTED = "accepted", pgettext_lazy("a request", "accepted")
    UNSOLVED = "unsolved", _("closed without a solution")
    WITHDRAWN = "withdrawn", _("withdrawn")


MOVING = (State.OPEN, State.ASKED, State.ANSWERED)
WHO_MAY = """
    if coalesce(nullif(current_setting('app.company', true), '')::bigint, 0) <> new.company_id then
        if tg_op = 'INSERT' or coalesce(current_setting('app.client', true), '') <> 'on' then
            raise exception 'only the asking company may do this' using errcode = 'insufficient_privilege';
        elsif new.state <> old.state and new.state not in ('asked', 'answered') then
            raise exception 'only the asking company may do this' using errcode = 'insufficient_privilege';
        end if;
    elsif tg_op = 'UPDATE' and new.state <> old.state and new.state in ('asked', 'answered')
          and coalesce(current_setting('app.client', true), '') <> 'on' then
        raise exception 'only the client asks back and answers' using errcode = 'insufficient_privilege';
    end if;
    if tg_op = 'UPDATE' and new.state = old.state and (
        new.due_at is distinct from old.due_at or new.rest_ms is distinct from old.rest_ms or new.rounds <> old.rounds
    ) then
        raise exception 'the clock of request % moves only with its state', old.id using errcode = 'check_violation';
    end if;
    return new;
"""

# Only a question back stops the clock, where the class says so and it is not over, with no more left than there is; it
# runs on with no less than was left; an answer that was in time and is sent back leaves the client what time it takes.
CLOCK = f"""
    if new.due_at is not distinct from old.due_at and new.rest_ms is not distinct from old.rest_ms then
        return new;
    end if;
    if old.due_at is null and new.due_at is not null and old.state = 'asked' and new.state in ('open', 'answered')
       and new.due_at >= wall_clock() - {SOON} + old.rest_ms * interval '1 millisecond' then
        return new;
    end if;
    if old.due_at is not null and new.due_at is null and new.state = 'asked' and old.pauses
       and old.due_at >= wall_clock() - {SOON} and new.rest_ms >= 0
       and new.rest_ms * interval '1 millisecond' <= old.due_at - wall_clock() + {SOON} then
        return new;
    end if;
    if old.due_at > old.answered_at and old.state in ('answered', 'accepted') and new.state = 'open'
       and new.due_at >= wall_clock() - {SOON} then
        return new;
    end if;
    raise exception 'the clock of request % does not move so', old.id using errcode = 'check_violation';
"""
# A request is answered and closed when somebody does it. An answer that was in time and is sent back is owed from now.
WHEN = f"""
    if (case when new.state = 'answered' and old.state <> 'answered'
                then not coalesce({is_now("new.answered_at")}, false)
            when new.state = 'open' and old.state in ('answered', 'accepted') then new.answered_at is not null
            else new.answered_at is distinct from old.answered_at end)
       or (case when new.state = old.state then new.closed_at is distinct from old.closed_at
            when new.state in ('accepted', 'unsolved', 'withdrawn')
                then not coalesce({is_now("new.closed_at")}, false)
            else new.closed_at is not null end) then
        raise exception 'request % is answered and closed when it is', old.id using errcode = 'check_violation';
    end if;
    if new.state = 'open' and old.state in ('answered', 'accepted') and old.due_at > old.answered_at
       and not coalesce(new.due_at >= wall_clock() - {SOON}, false) then
        raise exception 'request % is owed from now', old.id using errcode = 'check_violation';
    end if;
    return new;
"""
# The duty is delivered by the answer and owed again when that is sent back, as long as the request says.
ANSWER_OF_DUTY = """
create or replace function requests_answer_of_duty() returns trigger language plpgsql as $$
declare
    asked requests_request;
begin
    select * into asked from requests_request r
        where 'R-' || r.id = new.reference and r.company_id = new.company_id and r.duty = new.duty;
    if not found then
        return new;
    end if;
    if (case when new.state = 'done' then asked.state <> 'answered' or asked.answered_at is distinct from new.done_at
            else asked.rounds < new.reopened or asked.due_at is distinct from new.due_at end) then
        raise exception 'duty % goes as its request does', old.id using errcode = 'check_violation';
    end if;
    return new;
end $$;
create trigger requests_answer_of_duty before update on duties_duty for each row
when (old.kind = 'answer' and (old.state = 'open' and new.state = 'done'
    or old.state = 'done' and new.state = 'open' and new.reopened > old.reopened))
execute function requests_answer_of_duty();
"""
# The clock of the duty runs on as that of its request does.
CLOCK_OF_DUTY = f"""
create or replace function requests_clock_of_duty() returns trigger language plpgsql as $$
declare
    asked requests_request;
begin
    select * into asked from requests_request r
        where 'R-' || r.id = new.reference and r.company_id = new.company_id and r.duty = new.duty;
    if found and new.due_at is distinct from asked.due_at and not coalesce(
        new.due_at >= wall_clock() - {SOON} + asked.rest_ms * interval '1 millisecond', false) then
        raise exception 'duty % runs on as its request does', old.id using errcode = 'check_violation';
    end if;
    return new;
end $$;
create trigger requests_clock_of_duty before update on duties_duty for each row
when (old.kind = 'answer' and old.due_at is null and new.due_at is not null)
execute function requests_clock_of_duty();
"""


@tracked()
class Request(SharedModel):
    """One request of ``company``, which the client answers.

    ``due_at`` is the end of the client's clock; while it stands still that is null, ``rest_ms`` is what is left of it
    (in working time where the span is in working time) and ``stopped_at`` and ``stopped_by`` say since when and by
    whom. ``turn`` grows with every act: who acts says which turn was seen.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, null=True, related_name="request_rows")
    kind = models.CharField(_("Class"), max_length=CLASS_LENGTH)
    title = models.JSONField(_("Title"))
    duty = models.CharField(_("Duty"), max_length=CLASS_LENGTH)
    span = models.CharField(_("Time allowed"), max_length=40)
    pauses = models.BooleanField(_("A question back stops the clock"))
    subject = models.CharField(_("Subject"), max_length=SUBJECT_LENGTH)
    state = models.CharField(_("State"), max_length=10, choices=State, default=State.OPEN)
    raised_at = models.DateTimeField(_("Raised"))
    raised_by = models.CharField(_("Raised by"), max_length=NAME_LENGTH)
    raiser = models.BigIntegerField(null=True)
    due_at = models.DateTimeField(_("Due"), null=True)
    rest_ms = models.BigIntegerField(_("Left of the clock, ms"), null=True)
    stopped_at = models.DateTimeField(_("Clock stopped"), null=True)
    stopped_by = models.CharField(_("Stopped by"), max_length=NAME_LENGTH, blank=True)
    answered_at = models.DateTimeField(_("Answered"), null=True)
    closed_at = models.DateTimeField(_("Closed"), null=True)
    rounds = models.PositiveSmallIntegerField(_("Sent back"), default=0)
    handler = models.BigIntegerField(null=True)
    handler_name = models.CharField(_("Handled by"), max_length=NAME_LENGTH, blank=True)
    turn = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("request")
        verbose_name_plural = _("requests")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["company", "state", "due_at"], name="request_by_state")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="request_state_known"),
            models.CheckConstraint(condition=Q(rounds__lte=1), name="request_sent_back_once"),
            models.CheckConstraint(
                condition=Q(due_at__isnull=False, rest_ms=None) | Q(due_at=None, rest_ms__isnull=False),
                name="request_clock_runs_or_stands",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="request_stays",
                fields=[
                    "company", "agreement", "kind", "title", "duty", "span", "pauses", "subject", "raised_at",
                    "raised_by", "raiser",
                ],
            ),
            pgtrigger.FSM(
                name="state_goes_on", field="state",
                transitions=[
                    (State.OPEN, State.ASKED), (State.ASKED, State.OPEN), (State.OPEN, State.ANSWERED),
                    (State.ASKED, State.ANSWERED), (State.ANSWERED, State.ACCEPTED), (State.ANSWERED, State.OPEN),
                    (State.ANSWERED, State.UNSOLVED), (State.ACCEPTED, State.OPEN), (State.OPEN, State.WITHDRAWN),
                    (State.ASKED, State.WITHDRAWN),
                ],
            ),
            pgtrigger.Trigger(
                name="who_may", when=pgtrigger.Before, operation=pgtrigger.Insert | pgtrigger.Update, func=WHO_MAY
            ),
            pgtrigger.Trigger(
                name="clock_keeps_time", when=pgtrigger.Before, operation=pgtrigger.Update, func=CLOCK
            ),
            pgtrigger.Trigger(name="written_when_it_is", when=pgtrigger.Before, operation=pgtrigger.Update, func=WHEN),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """``R-88``: what people call it, and its reference among the duties."""
        return f"R-{self.pk}"

    @property
    def name(self) -> Text:
        """Its class in both languages."""
        return Text(self.title["zh"], self.title["en"])


class Said(models.TextChoices):
    """What somebody has said."""

    REQUEST = "request", _("request")
    NOTE = "note", _("note")
    QUESTION = "question", _("question back")
    REPLY = "reply", _("reply")
    ANSWER = "answer", _("answer")
    BACK = "back", _("sent back")
    REOPENED = "reopened", _("reopened")
    CLOSED = "closed", _("closing words")


@tracked()
class Message(AuthoredModel):
    """One thing said about a request, by its author's company; it stays as it was said."""

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="messages")
    kind = models.CharField(_("Kind"), max_length=10, choices=Said)
    text = models.TextField(_("Text"), max_length=TEXT_LENGTH)
    link = models.CharField(_("Knowledge"), max_length=LINK_LENGTH, blank=True)
    by = models.CharField(_("Who"), max_length=NAME_LENGTH)

    class Meta:
        verbose_name = _("message about a request")
        verbose_name_plural = _("messages about requests")
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=Q(kind__in=Said.values), name="message_kind_known")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.request_id} {self.kind}"


@tracked()
class Route(OwnModel):
    """Who of a company looks after requests of a class (empty: of all others): a role, or one person."""

    kind = models.CharField(_("Class"), max_length=CLASS_LENGTH, blank=True)
    role = models.CharField(_("Role"), max_length=20, choices=Role.choices, blank=True)
    user = models.ForeignKey(
        User,
        verbose_name=pgettext_lazy("who looks after requests", "Person"),
        on_delete=models.CASCADE,
        null=True,
        related_name="+",
    )

    class Meta:
        verbose_name = _("who looks after requests")
        verbose_name_plural = _("who looks after requests")
        ordering = ["kind"]
        constraints = [
            models.UniqueConstraint(fields=["company", "kind"], name="route_once_a_class"),
            models.CheckConstraint(
                condition=(Q(user=None) & ~Q(role="")) | (Q(user__isnull=False) & Q(role="")),
                name="route_role_or_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.role or self.user_id}"
