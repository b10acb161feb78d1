"""Reminding both companies, once each at 60, 30 and 7 days, that a renewal can still be refused."""

from __future__ import annotations

from typing import Any, Final
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from onefloor.language import Text
from onefloor_web.agreements.register.dates import Date
from onefloor_web.agreements.register.models import Agreement
from onefloor_web.agreements.register.queries import Standing, agreements, standings, terms_of
from onefloor_web.agreements.register.today import near
from onefloor_web.platform.events.actions import about, record
from onefloor_web.platform.events.models import Event
from onefloor_web.platform.floor import now
from onefloor_web.platform.jobs.registry import Progress, Result, periodic
from onefloor_web.platform.tenancy.viewer import Viewer

REMIND, NAME = "agreements.remind", "agreements.renewal_near"
STEPS: Final = (7, 30, 60)


@periodic(REMIND, cron="15 8 * * *", label=_("Remind of renewals"))
def remind(viewer: Viewer, progress: Progress) -> Result:
    """The client's job tells both companies; a vendor's finds nothing to do, so that nobody is told twice."""
    if not viewer.client:
        return {"told": 0}
    told = sum(_remind(viewer, one, date) for one in standings(agreements(viewer)) for date in near(one))
    return {"told": told}


def _remind(viewer: Viewer, standing: Standing, date: Date) -> bool:
    """Tell of a notice date, unless it was told since the last of the steps."""
    days = max(0, (date.at - now()).days)
    step = next((one for one in STEPS if days <= one), None)
    agreement, signed = standing.agreement, standing.signed
    if step is None or signed is None or _was_told(agreement, date, step):
        return False
    local = ZoneInfo(terms_of(signed.source).parties.timezone)
    day = f"{date.at.astimezone(local):%Y-%m-%d %H:%M}"
    name = agreement.name
    what = Text(
        f"{name.zh}：如不续约，最迟须在 {day} 之前通知对方。",
        f"{name.en}: to refuse the renewal, the other company has to be told by {day}.",
    )
    record(
        viewer, NAME, agreement, what, why=_key(date, step), page=reverse("agreement", args=[agreement.code]),
        company=agreement.company_id, shared=True,
    )  # fmt: skip
    return True


def _was_told(agreement: Agreement, date: Date, step: int) -> bool:
    seen: Any = Event.objects.filter(name=NAME, about=about(agreement), number=agreement.pk)
    return bool(seen.filter(why=_key(date, step)).exists())


def _key(date: Date, step: int) -> str:
    """What a reminder is told by: the same date is told once a step."""
    return f"{date.at:%Y-%m-%d}, {step} d"
