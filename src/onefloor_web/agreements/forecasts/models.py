"""Locks of forecasts and their acknowledgements. A lock is never changed; another one is a new version.

The client locks, the vendor acknowledges: two rows of two authors, which the database holds apart.
"""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from onefloor.periods import Month
from onefloor_web.agreements.register.models import DIGEST_LENGTH, Agreement
from onefloor_web.platform.companies.models import NAME_LENGTH
from onefloor_web.platform.tenancy.history import tracked
from onefloor_web.platform.tenancy.models import AuthoredModel

MONTH_LENGTH, FILE_LENGTH = 7, 200

BY_THE_CLIENT = """
    if current_setting('app.client', true) is distinct from 'on' then
        raise exception 'the client locks forecasts' using errcode = 'insufficient_privilege';
    end if;
    if tg_op = 'UPDATE' and old.given_at is not null then
        raise exception 'lock % is given and stays', old.id using errcode = 'check_violation';
    end if;
    return new;
"""

# Own staff's agreement is the client's with itself: there a second person acknowledges. Only the newest version of a
# month is acknowledged: nobody chooses among several.
ACKNOWLEDGED_BY_THE_OTHER = """
    declare asked forecasts_lock%rowtype;
    begin
    select * into asked from forecasts_lock l where l.id = new.lock_id for update;
    if not found or asked.given_at is null or new.given_at is null then
        raise exception 'there is nothing to acknowledge' using errcode = 'check_violation';
    end if;
    if asked.company_id <> new.company_id
       or (asked.author_id = new.author_id and not exists (
           select 1 from companies_company c where c.id = asked.company_id and c.kind = 'client'))
       or (asked.author_id = new.author_id and asked.user_number = new.user_number) then
        raise exception 'lock % is acknowledged by the other side', asked.id using errcode = 'insufficient_privilege';
    end if;
    if exists (select 1 from forecasts_lock l where l.agreement_id = asked.agreement_id and l.month = asked.month
               and l.version > asked.version) then
        raise exception 'a newer version than % is locked', asked.id using errcode = 'check_violation';
    end if;
    return new;
    end;
"""


@tracked(without=["content"])
class Lock(AuthoredModel):
    """One version of the forecast of a month: the client's own until it is locked.

    ``content`` are canonical lines ``interval,queue,contacts`` (epoch ms), ``digest`` is their SHA-256. ``account``
    says of every line of the file what became of it. ``horizon`` are the days from the lock to the month's first day;
    ``late_since`` is set where the terms wanted it earlier.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="forecast_locks")
    month = models.CharField(_("Month"), max_length=MONTH_LENGTH)
    version = models.PositiveIntegerField(_("Version"), null=True)
    file = models.CharField(_("File"), max_length=FILE_LENGTH)
    content = models.TextField()
    digest = models.CharField(_("Digest"), max_length=DIGEST_LENGTH)
    contacts = models.BigIntegerField(_("Contacts"))
    account: models.JSONField[Any, Any] = models.JSONField(_("Lines"))
    made_at = models.DateTimeField(_("Brought"), auto_now_add=True)
    user_number = models.BigIntegerField()  # of whichever company, so no foreign key
    user_name = models.CharField(_("Locked by"), max_length=NAME_LENGTH)
    horizon = models.IntegerField(_("Days ahead"), null=True)
    late_since = models.DateTimeField(_("Late since"), null=True)
    answer_by = models.DateTimeField(_("To be acknowledged by"), null=True)

    class Meta:
        verbose_name = _("locked forecast")
        verbose_name_plural = _("locked forecasts")
        ordering = ["agreement", "month", "version", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "month", "version"], name="lock_numbered"),
            models.CheckConstraint(condition=Q(contacts__gte=0), name="lock_not_negative"),
            models.CheckConstraint(
                condition=Q(given_at=None, version=None, horizon=None, answer_by=None, late_since=None)
                | Q(given_at__isnull=False, version__isnull=False, horizon__isnull=False, answer_by__isnull=False),
                name="lock_given_whole",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="given_never_deleted", operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__given_at__isnull=False),
            ),
            pgtrigger.Trigger(
                name="by_the_client", when=pgtrigger.Before, operation=pgtrigger.Update | pgtrigger.Insert,
                func=BY_THE_CLIENT,
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.month} v{self.version}" if self.version else self.month

    @property
    def of_month(self) -> Month:
        """Its month."""
        return Month.parse(self.month)


@tracked()
class Acknowledgement(AuthoredModel):
    """The vendor's word that it knows a lock. ``loaded_at`` is when its rows stood among the facts."""

    lock = models.OneToOneField(Lock, on_delete=models.PROTECT, related_name="acknowledgement")
    user_number = models.BigIntegerField()  # of whichever company, so no foreign key
    user_name = models.CharField(_("Acknowledged by"), max_length=NAME_LENGTH)
    loaded_at = models.DateTimeField(_("Among the facts since"), null=True)

    class Meta:
        verbose_name = _("acknowledgement of a forecast")
        verbose_name_plural = _("acknowledgements of forecasts")
        ordering = ["pk"]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="stays", exclude=["loaded_at"]),
            pgtrigger.Trigger(
                name="by_the_other", when=pgtrigger.Before, operation=pgtrigger.Insert, func=ACKNOWLEDGED_BY_THE_OTHER
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lock_id} {self.user_name}"
