"""A business event: who did what with which object, when and why."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from onefloor_web.platform.companies.models import NAME_LENGTH, Company
from onefloor_web.platform.tenancy.models import SharedModel
from onefloor_web.platform.tenancy.rls import COMPANY

LABEL_LENGTH, PAGE_LENGTH, WHY_LENGTH = 80, 200, 2000

# Both companies read what is shared: neither writes what the other is to have done, nor that it was earlier.
BY_WHO_ACTS = f"""
    if new.actor_company_id is distinct from {COMPANY} then
        raise exception 'an event is an act of the company that writes it' using errcode = 'insufficient_privilege';
    end if;
    new.at := wall_clock();
    return new;
"""


class Event(SharedModel):
    """One event of the company it concerns; the client sees it too only if it is ``shared``.

    ``about`` and ``number`` name the object, such as ``imports.file`` 17. ``what`` is a text of the core. ``actor`` is
    the number of the user, of whichever company; it is no foreign key, because the two may be of two companies.
    """

    shared = models.BooleanField(default=False)
    name = models.CharField(_("Event"), max_length=LABEL_LENGTH)
    about = models.CharField(max_length=LABEL_LENGTH, blank=True)
    number = models.BigIntegerField(null=True, blank=True)
    subject = models.CharField(_("About"), max_length=PAGE_LENGTH, blank=True)
    what = models.JSONField()
    why = models.CharField(_("Why"), max_length=WHY_LENGTH, blank=True)
    page = models.CharField(max_length=PAGE_LENGTH, blank=True)
    actor = models.BigIntegerField(null=True, blank=True)
    actor_name = models.CharField(_("Who"), max_length=NAME_LENGTH, blank=True)
    actor_company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("When"), auto_now_add=True)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["pk"]
        indexes = [models.Index(fields=["company", "about", "number"], name="event_by_object")]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(name="by_who_acts", when=pgtrigger.Before, operation=pgtrigger.Insert, func=BY_WHO_ACTS),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.pk}"
