"""Pages of jobs."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from onefloor_web.platform.jobs import actions, queries, registry
from onefloor_web.platform.jobs.models import Job, State
from onefloor_web.platform.pages.blocks import Empty, Pair
from onefloor_web.platform.pages.formats import exact, moment, number
from onefloor_web.platform.pages.tables import Column, Table
from onefloor_web.platform.permissions.page import ViewerRequest, found, page

EMPTY = Empty(
    _("No jobs yet. Work that takes longer than a page, such as loading a file, appears here with its progress.")
)
NO_HITS = Empty(_("No job fits this filter."))
COLUMNS = (
    Column(_("Job"), queries.title, url=lambda job: reverse("job", args=[job.pk])),
    Column(_("State"), lambda job: job.get_state_display(), sort="state"),
    Column(_("Done"), lambda job: done(job), number=True),
    Column(_("Asked for by"), lambda job: job.requested_name or gettext("the floor's clock"), sort="requested_name"),
    Column(_("Asked for at"), lambda job: moment(job.asked_at), sort="asked_at"),
    Column(_("Ended at"), lambda job: moment(job.ended_at), sort="ended_at"),
)


def done(job: Job) -> str:
    """The share that is done, in percent: one job counts lines, another bytes. Nothing for one that knows no end."""
    return f"{number(100 * job.done // job.total)}%" if job.total else ""


@page("jobs.view")
@require_safe
def jobs(request: ViewerRequest) -> HttpResponse:
    """What is running, what came of it."""
    wanted = queries.Wanted.of(request.GET)
    rows = queries.jobs(request.viewer, wanted)
    empty = Empty(NO_HITS.text, _("Show all"), reverse("jobs")) if wanted != queries.Wanted() else EMPTY
    table = Table.of(request, rows, COLUMNS, caption=_("Jobs"), hidden_caption=True, empty=empty)
    shown = {"table": table, "wanted": wanted, "states": State.choices, "kinds": registry.kinds()}
    return render(request, "jobs/jobs.html", shown)


@page("jobs.view")
@require_safe
def job(request: ViewerRequest, number: int) -> HttpResponse:
    """One job: its progress, why it failed, who asked for it."""
    one = found(request.viewer, "jobs.view", Job.objects.all(), pk=number)
    return render(
        request,
        "jobs/job.html",
        {
            "job": one,
            "title": queries.title(one),
            "progress": queries.progress_of(request.viewer, one),
            "problem": queries.problem_of(one.problem),
            "earlier": queries.earlier(one),
            "pairs": _pairs(one),
        },
    )


@page("jobs.view")
@require_safe
def progress(request: ViewerRequest, number: int) -> HttpResponse:
    """The job's row alone, asked for every two seconds; its end loads the job's own page anew."""
    one = found(request.viewer, "jobs.view", Job.objects.all(), pk=number)
    shown = {"progress": queries.progress_of(request.viewer, one)}
    response = render(request, "jobs/progress.html", shown)
    at = request.headers.get("HX-Current-URL", "").split("?")[0]
    if not one.moving and at.endswith(reverse("job", args=[one.pk])):
        response["HX-Refresh"] = "true"
    return response


@page("jobs.change")
@require_POST
def cancellation(request: ViewerRequest, number: int) -> HttpResponse:
    """Cancel it."""
    one = actions.cancel(request.viewer, found(request.viewer, "jobs.change", Job.objects.all(), pk=number))
    return redirect("job", one.pk)


@page("jobs.change")
@require_POST
def attempts(request: ViewerRequest, number: int) -> HttpResponse:
    """Try it again."""
    one = actions.retry(request.viewer, found(request.viewer, "jobs.change", Job.objects.all(), pk=number))
    return redirect("job", one.pk)


def _pairs(job: Job) -> list[Pair]:
    pairs = [
        Pair(_("Asked for by"), job.requested_name or _("the floor's clock")),
        Pair(_("Asked for at"), exact(job.asked_at)),
        Pair(_("Started at"), exact(job.started_at)),
        Pair(_("Ended at"), exact(job.ended_at)),
        Pair(_("Attempts"), number(job.attempts)),
    ]
    if job.not_before and job.state == State.WAITING:
        pairs.append(Pair(_("Not before"), exact(job.not_before)))
    if job.cancel_asked_at:
        pairs.append(Pair(_("Cancelled by"), f"{job.cancel_asked_by} · {exact(job.cancel_asked_at)}"))
    return pairs
