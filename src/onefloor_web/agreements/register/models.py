"""Agreements and their versions. A version's text is never changed; it is signed, or withdrawn and written anew."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from onefloor.language import Text
from onefloor_web.platform.companies.models import NAME_LENGTH, Company
from onefloor_web.platform.tenancy.history import tracked
from onefloor_web.platform.tenancy.models import AuthoredModel, SharedModel

CODE_LENGTH, DIGEST_LENGTH = 64, 64


# Which company the agreement is with says whether it is a shadow one, nothing else does: a flag that could be set would
# make one signature enough.
AS_ITS_COMPANY = """
    if new.shadow is distinct from (
        select c.kind = 'client' from companies_company c where c.id = new.company_id) then
        raise exception 'an agreement is a shadow one where it is the client''s with itself'
            using errcode = 'check_violation';
    end if;
    return new;
"""


@tracked()
class Agreement(SharedModel):
    """A contract between the client and ``company``; a shadow one, for own staff, is the client's with itself."""

    code = models.SlugField(pgettext_lazy("agreement", "Code"), max_length=CODE_LENGTH, unique=True)
    title = models.JSONField(_("Title"))
    shadow = models.BooleanField(_("Shadow statement of own staff"), default=False)
    made_at = models.DateTimeField(_("Registered"), auto_now_add=True)

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering = ["code"]
        triggers = [
            pgtrigger.ReadOnly(name="agreement_stays", fields=["company", "code", "shadow"]),
            pgtrigger.Trigger(
                name="as_its_company", when=pgtrigger.Before, operation=pgtrigger.Insert, func=AS_ITS_COMPANY
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def name(self) -> Text:
        """Its title in both languages."""
        return Text(self.title["zh"], self.title["en"])


# Notice counts from the moment it is given, and its author cannot choose that.
GIVEN_NOW = """
    if new.given_at is null or abs(extract(epoch from clock_timestamp() - new.given_at)) > 300 then
        raise exception 'notice is given at the moment it is written' using errcode = 'check_violation';
    end if;
    return new;
"""


class State(models.TextChoices):
    """How far a version has come."""

    PROPOSED = "proposed", _("waiting for signatures")
    SIGNED = "signed", _("signed by both")
    WITHDRAWN = "withdrawn", _("withdrawn")
    DECLINED = "declined", _("declined")


OVER = (State.WITHDRAWN, State.DECLINED)
"""A version that never held, and never will."""

# Who has proposed a version takes it back; the other company declines to sign it, and says why. A word that was said
# stays.
ENDED = """
    if tg_op = 'INSERT' then
        if new.state <> 'proposed' or new.signed_at is not null or length(new.signed_digest) <> 64
           or new.proposer_id is distinct from nullif(current_setting('app.company', true), '')::bigint then
            raise exception 'a version is proposed by its proposer' using errcode = 'insufficient_privilege';
        end if;
        return new;
    end if;
    if new.state = old.state then
        if new.ended_why <> old.ended_why or new.signed_at is distinct from old.signed_at then
            raise exception 'what was said of version % stays', old.id using errcode = 'check_violation';
        end if;
        return new;
    end if;
    if new.state = 'withdrawn'
       and old.proposer_id is distinct from nullif(current_setting('app.company', true), '')::bigint then
        raise exception 'its proposer withdraws version %', old.id using errcode = 'insufficient_privilege';
    end if;
    if new.state = 'declined' and (new.ended_why = ''
       or old.proposer_id is not distinct from nullif(current_setting('app.company', true), '')::bigint) then
        raise exception 'the other company declines version %, with a reason', old.id
            using errcode = 'insufficient_privilege';
    end if;
    return new;
"""

# A version counts as signed only where the signatures are, and under this version's words: also for SQL that says
# otherwise. The client's agreement with itself needs the client's alone. Versions of before have no digest of them.
SIGNED_BY_BOTH = """
    if (select count(distinct s.signer_id) from signatures_signature s
        where s.about = 'register.version' and s.number = new.id and new.signed_digest in ('', s.digest))
       < (case when exists (
           select 1 from companies_company c where c.id = new.company_id and c.kind = 'client') then 1 else 2 end) then
        raise exception 'version % is not signed by both', new.id using errcode = 'check_violation';
    end if;
    return new;
"""


@tracked(without=["source"])
class Version(SharedModel):
    """The whole text of an agreement as of one amendment: ``source`` is its YAML, byte for byte what is signed.

    ``digest`` is the SHA-256 of the text, ``signed_digest`` that of the payload that is signed, which names it.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("Version"))
    starts = models.DateField(_("In force from"))
    source = models.TextField()
    digest = models.CharField(_("Digest"), max_length=DIGEST_LENGTH)
    signed_digest = models.CharField(_("Digest of what is signed"), max_length=DIGEST_LENGTH, default="", blank=True)
    note = models.JSONField(_("What it changes"), default=dict)
    state = models.CharField(_("State"), max_length=10, choices=State, default=State.PROPOSED)
    proposed_at = models.DateTimeField(_("Proposed"), auto_now_add=True)
    proposed_by = models.CharField(_("Proposed by"), max_length=NAME_LENGTH)
    proposer = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(_("Signed"), null=True)
    ended_why = models.CharField(_("Why"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering = ["agreement", "number"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="version_numbered"),
            models.UniqueConstraint(
                fields=["agreement"], condition=models.Q(state=State.PROPOSED), name="version_one_proposed"
            ),
            models.CheckConstraint(condition=models.Q(state__in=State.values), name="version_state_known"),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="text_stays", exclude=["state", "signed_at", "ended_why"]),
            pgtrigger.FSM(
                name="state_goes_on", field="state",
                transitions=[(State.PROPOSED, end) for end in (State.SIGNED, *OVER)],
            ),
            pgtrigger.Trigger(
                name="ended_by_whom", when=pgtrigger.Before, operation=pgtrigger.Update | pgtrigger.Insert, func=ENDED
            ),
            pgtrigger.Trigger(
                name="signed_by_both", when=pgtrigger.Before, operation=pgtrigger.Update | pgtrigger.Insert,
                condition=pgtrigger.Q(new__state=State.SIGNED), func=SIGNED_BY_BOTH,
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.agreement_id} v{self.number}"


@tracked()
class Notice(AuthoredModel):
    """One side's word that the agreement is not renewed, for good; ``ends`` is the first day it no longer holds.

    It counts while the signed terms still come to that end: an amendment with other dates makes it void.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="notices")
    ends = models.DateField(_("Ends"))
    why = models.CharField(_("Why"), max_length=2000, blank=True)
    user_number = models.BigIntegerField()  # of whichever company, so no foreign key
    user_name = models.CharField(_("Given by"), max_length=NAME_LENGTH)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["pk"]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(name="given_now", when=pgtrigger.Before, operation=pgtrigger.Insert, func=GIVEN_NOW),
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.ends}"
