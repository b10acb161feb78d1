"""Drafts and the comments on them: rows of their author's company, read by the other one once they are given."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from onefloor_web.agreements.register.models import CODE_LENGTH, DIGEST_LENGTH, Version
from onefloor_web.platform.companies.models import NAME_LENGTH
from onefloor_web.platform.tenancy.history import tracked
from onefloor_web.platform.tenancy.models import AuthoredModel

NAME, PART, COMMENT = 200, 120, 4_000
LONGEST = 100_000
"""Characters of a draft. Forty clauses with their words in both languages take a third of it."""


class State(models.TextChoices):
    """What became of a draft."""

    OPEN = "open", _("being written")
    PROPOSED = "proposed", _("proposed for signature")
    DISCARDED = "discarded", _("discarded")


# A comment speaks of clauses: it may reach the other company only where the draft itself has. A policy does not stop
# a trigger's look at the draft: it runs as whoever writes, who sees it.
NOT_BEFORE_ITS_DRAFT = """
    if new.given_at is not null and not exists (
        select 1 from drafts_draft d where d.id = new.draft_id and d.given_at is not null) then
        raise exception 'a comment is not given before its draft' using errcode = 'check_violation';
    end if;
    return new;
"""


@tracked(without=["text"])
class Draft(AuthoredModel):
    """The whole text of an agreement as somebody wants it; an amendment is the text in force with one entry more.

    ``base`` is the version it amends. ``saved_by`` and ``saved_at`` say whose text stands here.
    """

    name = models.CharField(_("Name"), max_length=NAME)
    code = models.CharField(_("Code of the agreement"), max_length=CODE_LENGTH, blank=True)
    base = models.ForeignKey(Version, on_delete=models.PROTECT, null=True, related_name="+")
    text = models.TextField()
    digest = models.CharField(_("Digest"), max_length=DIGEST_LENGTH)
    state = models.CharField(_("State"), max_length=10, choices=State, default=State.OPEN)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(_("Begun"), auto_now_add=True)
    made_by = models.CharField(_("Begun by"), max_length=NAME_LENGTH)
    saved_at = models.DateTimeField(_("Saved at"))
    saved_by = models.CharField(_("Saved by"), max_length=NAME_LENGTH)

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        ordering = ["-saved_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=State.values), name="draft_state_known"),
            models.CheckConstraint(
                condition=models.Q(state=State.PROPOSED, version__isnull=False)
                | ~models.Q(state=State.PROPOSED) & models.Q(version__isnull=True),
                name="draft_proposed_as",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.FSM(
                name="state_goes_on", field="state",
                transitions=[(State.OPEN, State.PROPOSED), (State.OPEN, State.DISCARDED)],
            ),
            pgtrigger.Protect(
                name="closed_stays", operation=pgtrigger.Update, condition=pgtrigger.Q(old__state__df=State.OPEN)
            ),
            pgtrigger.Protect(
                name="given_stays", operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__given_at__isnull=False, new__given_at__df=pgtrigger.F("old__given_at")),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


@tracked()
class Comment(AuthoredModel):
    """What one company says to a part of a draft: a note of its own until it is given; resolved by its own side."""

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="comments")
    part = models.CharField(_("Part"), max_length=PART, blank=True)
    words = models.CharField(_("Comment"), max_length=COMMENT)
    private = models.BooleanField(_("Note for one's own company"), default=False)
    made_at = models.DateTimeField(_("Made"), auto_now_add=True)
    made_by = models.CharField(_("Made by"), max_length=NAME_LENGTH)
    resolved_at = models.DateTimeField(_("Resolved"), null=True)
    resolved_by = models.CharField(_("Resolved by"), max_length=NAME_LENGTH, blank=True)

    class Meta:
        verbose_name = _("comment on a draft")
        verbose_name_plural = _("comments on drafts")
        ordering = ["made_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(private=False) | models.Q(given_at__isnull=True), name="comment_note_stays_private"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="words_stay", fields=["draft", "part", "words", "private", "made_at", "made_by"]
            ),
            pgtrigger.Protect(
                name="given_stays", operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__given_at__isnull=False, new__given_at__df=pgtrigger.F("old__given_at")),
            ),
            pgtrigger.Trigger(
                name="not_before_draft", when=pgtrigger.Before, operation=pgtrigger.Update | pgtrigger.Insert,
                func=NOT_BEFORE_ITS_DRAFT,
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.words[:PART]
