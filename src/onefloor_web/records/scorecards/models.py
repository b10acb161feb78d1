"""Saved views: a definition under a name, one's own or shared within the company."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from onefloor_web.platform.accounts.models import User
from onefloor_web.platform.tenancy.history import tracked
from onefloor_web.platform.tenancy.models import OwnModel

NAME_LENGTH = 80


@tracked()
class SavedView(OwnModel):
    """A scorecard's address under a name. It holds no figure: everybody reads it in their own scope."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("Name"), max_length=NAME_LENGTH)
    query = models.TextField(_("Definition"))
    shared = models.BooleanField(_("Shared within the company"), default=False)
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["company", "user", "name"], name="saved_view_name_once")]

    def __str__(self) -> str:
        return self.name
