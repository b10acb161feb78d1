"""Who is told of what: each company that sees an event, in its own name and by its own eyes."""

from __future__ import annotations

from django.urls import reverse

from onefloor.language import Text, same
from onefloor_web.platform.accounts.viewers import viewer_for
from onefloor_web.platform.companies.models import Company, Kind
from onefloor_web.platform.events.models import Event
from onefloor_web.platform.events.queries import seen_by
from onefloor_web.platform.events.registry import EVERY, kind, on
from onefloor_web.platform.jobs import registry as jobs
from onefloor_web.platform.jobs.models import Job, State
from onefloor_web.platform.notifications import webhooks
from onefloor_web.platform.notifications.links import both
from onefloor_web.platform.notifications.models import Webhook
from onefloor_web.platform.notifications.telling import tell, tell_roles
from onefloor_web.platform.tenancy.scopes import tenant
from onefloor_web.platform.tenancy.viewer import Viewer

ENDS = {
    State.DONE: Text("已完成", "is done"),
    State.FAILED: Text("没有完成", "did not finish"),
}


@on(EVERY)
def pass_on(viewer: Viewer, event: Event) -> None:
    """Tell the companies an event is for. Each reads it anew behind its own walls: what it does not see is not sent."""
    for company in _audience(event):
        other = viewer_for(company, name="")
        with tenant(other):
            rows = Event.objects.select_related("company", "actor_company").filter(seen_by(other), pk=event.pk)
            if seen := rows.first():
                _tell(other, seen)


@jobs.afterwards
def job_ended(viewer: Viewer, job: Job) -> None:
    """Whoever asked for a job is told that it has ended."""
    if job.requested_by_id and job.state in ENDS and not jobs.kind(job.kind).background:
        subject = same(f" · {job.subject}") if job.subject else same("")
        label = both(jobs.label(job.kind))
        end = ENDS[State(job.state)]
        what = Text(f"{label.zh}{subject.zh}{end.zh}。", f"{label.en}{subject.en} {end.en}.")
        tell(viewer, [job.requested_by_id], "jobs.ended", what, reverse("job", args=[job.pk]))


def _tell(viewer: Viewer, event: Event) -> None:
    knows = event.actor if event.actor_company_id == viewer.company else None
    what = Text(event.what["zh"], event.what["en"])
    if roles := kind(event.name).tell:
        tell_roles(viewer, roles, event.name, what, event.page, but=knows)
    for webhook in Webhook.objects.filter(company=viewer.company, disabled_at=None):
        if webhooks.wanted_by(webhook, event.name):
            webhooks.send(viewer, webhook, event.name, webhooks.payload_of(event))


def _audience(event: Event) -> list[int]:
    companies = {event.company_id}
    if event.shared:
        companies.update(Company.objects.filter(kind=Kind.CLIENT).values_list("pk", flat=True))
    return sorted(companies)
