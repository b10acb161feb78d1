"""What somebody tried: other terms, the months, and what came of it. Its author's company's until it is shared."""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from onefloor.periods import Month
from onefloor_web.agreements.register.models import DIGEST_LENGTH, Agreement
from onefloor_web.platform.companies.models import NAME_LENGTH
from onefloor_web.platform.tenancy.history import tracked
from onefloor_web.platform.tenancy.models import AuthoredModel

TITLE_LENGTH, MONTH_LENGTH, LONGEST = 120, 7, 40_000


@tracked(without=["change", "found"])
class WhatIf(AuthoredModel):
    """A replay of months under an amendment: ``change`` is its YAML, ``found`` the core's replay, null until it ran.

    ``terms_digest`` is that of the composed terms it was compared with. Once shared nothing of it changes: the other
    company reads it, and goes on with a copy.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="what_ifs")
    name = models.CharField(_("Name"), max_length=TITLE_LENGTH)
    first = models.CharField(_("First month"), max_length=MONTH_LENGTH)
    last = models.CharField(_("Last month"), max_length=MONTH_LENGTH)
    change = models.TextField(_("Other terms"), max_length=LONGEST)
    found: models.JSONField[Any, Any] = models.JSONField(null=True)
    terms_digest = models.CharField(_("Digest of the terms"), max_length=DIGEST_LENGTH, blank=True)
    ran_at = models.DateTimeField(_("Computed at"), null=True)
    made_at = models.DateTimeField(_("Begun"), auto_now_add=True)
    user_name = models.CharField(_("Begun by"), max_length=NAME_LENGTH)

    class Meta:
        verbose_name = _("what-if")
        verbose_name_plural = _("what-ifs")
        ordering = ["-pk"]
        triggers = [
            pgtrigger.Protect(
                name="shared_never_deleted", operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__given_at__isnull=False),
            ),
            pgtrigger.Protect(
                name="shared_stays", operation=pgtrigger.Update, condition=pgtrigger.Q(old__given_at__isnull=False)
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    @property
    def months(self) -> list[Month]:
        """The months, oldest first."""
        found = [Month.parse(self.first)]
        while found[-1].id < Month.parse(self.last).id:
            found.append(found[-1].following())
        return found
