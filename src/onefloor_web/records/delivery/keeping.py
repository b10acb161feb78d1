"""What administrators, auditors and leaders keep an eye on: set-up, failed jobs, openings of records, the team."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from onefloor_web.platform.companies.models import Company, Employment
from onefloor_web.platform.floor import today
from onefloor_web.platform.jobs.models import Job, State
from onefloor_web.platform.pages.blocks import Step
from onefloor_web.platform.permissions.policy import only_visible
from onefloor_web.platform.privacy.queries import accesses
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.records.delivery.reach import newest_day

RECENT: Final = timedelta(days=14)
LOOKED_BACK: Final = timedelta(days=30)


def first_steps(viewer: Viewer) -> list[Step]:
    """Companies, roster, the first file: each with the page where it is done."""
    companies = Company.objects.count() > 1 or not viewer.client
    roster = Employment.objects.filter(company=viewer.company).exists()
    facts = newest_day(viewer) is not None
    steps = (
        (_("Companies"), "companies", companies),
        (_("Roster"), "rosters", roster),
        (_("First file"), "imports", facts),
    )
    todo = next((name for _words, name, done in steps if not done), "")
    return [Step(words, url=reverse(name), done=done, current=name == todo) for words, name, done in steps]


def failed(viewer: Viewer) -> QuerySet[Job]:
    """Jobs the viewer may see that failed in the last two weeks."""
    since = timezone.now() - RECENT
    return only_visible(viewer, "jobs.view", Job.objects.filter(state=State.FAILED, asked_at__gte=since))


def openings(viewer: Viewer) -> dict[str, Any]:
    """How many rows were opened in the last days, in how many openings, and where the log is."""
    since = today() - LOOKED_BACK
    rows = accesses(viewer, {"since": since})
    people = rows.order_by().values("name").distinct().count()
    return {"count": rows.count(), "people": people, "since": since, "url": reverse("accesses")}


def team_today(viewer: Viewer) -> list[Employment]:
    """Who is in the viewer's teams today, by code."""
    rows = only_visible(viewer, "delivery.team", Employment.objects.filter(days__contains=today()))
    return list(rows.select_related("person", "person__named", "team").order_by("team__name", "code"))
