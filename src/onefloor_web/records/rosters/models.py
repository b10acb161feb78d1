"""Roster files that came by the web: who brought which, when, and what became of every line."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from onefloor_web.platform.accounts.models import User
from onefloor_web.platform.tenancy.history import tracked
from onefloor_web.platform.tenancy.models import OwnModel

LONGEST_NAME = 200


class State(models.TextChoices):
    """Where a file is."""

    CHECKED = "checked", _("checked, not loaded")
    LOADING = "loading", _("being loaded")
    LOADED = "loaded", _("loaded")
    DISCARDED = "discarded", _("discarded")


@tracked(without=["content"])
class RosterFile(OwnModel):
    """One file as it came. ``account`` counts its lines once it is loaded: new, unchanged, ignored, set aside."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(_("File"), max_length=LONGEST_NAME)
    digest = models.CharField(_("Digest"), max_length=64)
    content = models.BinaryField()
    came_at = models.DateTimeField(_("Came"), auto_now_add=True)
    state = models.CharField(_("State"), max_length=10, choices=State, default=State.CHECKED)
    loaded_at = models.DateTimeField(_("Loaded"), null=True)
    account = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("roster file")
        verbose_name_plural = _("roster files")
        ordering = ["-came_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=State.values), name="roster_file_state_known"),
        ]

    def __str__(self) -> str:
        return self.name
