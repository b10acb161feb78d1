"""Tokens of programs, and how often they were used lately."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from onefloor_web.platform.accounts.models import User
from onefloor_web.platform.companies.models import NAME_LENGTH
from onefloor_web.platform.tenancy.classes import Tenancy
from onefloor_web.platform.tenancy.history import tracked
from onefloor_web.platform.tenancy.models import OwnModel

DIGEST_LENGTH, PREFIX_LENGTH, KEY_LENGTH = 64, 8, 80


@tracked(without=["digest", "used_at"])
class Token(OwnModel):
    """What a program shows instead of a password. Kept is a keyed hash only; it acts for the user who made it.

    ``actions`` are actions of the policy. The token may do those of them that the roles of its user allow on that day.
    """

    user = models.ForeignKey(User, verbose_name=_("Owner"), on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("Name"), max_length=NAME_LENGTH)
    prefix = models.CharField(_("Begins with"), max_length=PREFIX_LENGTH)
    digest = models.CharField(max_length=DIGEST_LENGTH, unique=True)
    actions = models.JSONField(_("May do"), default=list)
    made_at = models.DateTimeField(_("Made at"), auto_now_add=True)
    expires_at = models.DateTimeField(_("Valid until"))
    used_at = models.DateTimeField(_("Last used"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("Revoked at"), null=True, blank=True)
    revoked_by = models.CharField(_("Revoked by"), max_length=NAME_LENGTH, blank=True)

    class Meta:
        verbose_name = _("token")
        verbose_name_plural = _("tokens")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "name"], condition=Q(revoked_at=None), name="token_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Hit(models.Model):
    """A request of a token or user, or a failed one of an address (as a hash); gone when it no longer counts."""

    tenancy = Tenancy.SYSTEM
    key = models.CharField(max_length=KEY_LENGTH)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("request counted")
        verbose_name_plural = _("requests counted")
        indexes = [models.Index(fields=["key", "at"], name="hit_by_key")]

    def __str__(self) -> str:
        return f"{self.key} {self.at}"
