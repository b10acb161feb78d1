"""What the worker looks after besides the jobs: those of dead workers, and the times of periodic ones."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from croniter import croniter
from django.db import transaction
from django.utils import timezone

from onefloor_web.platform.accounts.viewers import viewer_for
from onefloor_web.platform.floor import zone
from onefloor_web.platform.jobs import queue, registry, within
from onefloor_web.platform.jobs.actions import enqueue
from onefloor_web.platform.jobs.models import MOVING, Due, Job
from onefloor_web.platform.jobs.registry import Schedule
from onefloor_web.platform.jobs.running import give_back
from onefloor_web.platform.permissions.roles import EVERYONE
from onefloor_web.platform.tenancy.scopes import working_for

log = logging.getLogger(__name__)


def keep(patience: float) -> None:
    """Look after everything once; several workers may do so at the same time.

    Args:
        patience: seconds of silence after which a worker is taken for dead.
    """
    companies = within.every_company()
    for company in companies:
        revive(company, patience)
    queue.tidy(patience)
    ask_for_due(companies, timezone.now())


def revive(company: int, patience: float) -> None:
    """Give back the jobs of a company whose worker is gone."""
    with within.company(company):
        for number in queue.lost(company, patience):
            # Another worker may be looking after the same job, or its own may have come back and ended it.
            job = Job.objects.select_for_update(skip_locked=True).filter(pk=number, state__in=MOVING).first()
            if job is not None and number in queue.lost(company, patience):
                log.warning("job %s (%s) had no worker any more", job.pk, job.kind)
                give_back(job)


def ask_for_due(companies: list[int], now: datetime) -> None:
    """Ask for the periodic jobs whose time has come, once for each company."""
    for schedule in registry.schedules():
        due = last_time(schedule.cron, now, zone())
        with transaction.atomic():
            if _is_first_to_see(schedule, due, now):
                for company in companies:
                    _ask(schedule, company, due)


def last_time(cron: str, now: datetime, zone: ZoneInfo) -> datetime:
    """The last moment at or before ``now`` that ``cron`` names on the floor's clock."""
    local = now.astimezone(zone)
    found: datetime = croniter(cron, local + timedelta(microseconds=1), ret_type=datetime).get_prev()
    return found


def _is_first_to_see(schedule: Schedule, due: datetime, now: datetime) -> bool:
    """Whether nobody has asked for this time before, and it is not too late; a new schedule begins with its next."""
    row, new = Due.objects.get_or_create(name=schedule.kind, defaults={"at": due})
    moved = not new and bool(Due.objects.filter(pk=row.pk, at__lt=due).update(at=due))
    return moved and now - due <= schedule.late


def _ask(schedule: Schedule, company: int, due: datetime) -> None:
    viewer = viewer_for(company, name="", roles=frozenset(EVERYONE))
    with working_for(viewer):
        enqueue(viewer, schedule.kind, key=due.isoformat())
