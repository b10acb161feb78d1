"""Pages of retention and of a vendor's exit."""

from __future__ import annotations

import json
from base64 import b64decode
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from onefloor.language import Text
from onefloor_web.platform.companies.models import Company, Kind
from onefloor_web.platform.events.queries import line_of
from onefloor_web.platform.jobs.actions import enqueue
from onefloor_web.platform.jobs.models import Job
from onefloor_web.platform.jobs.queries import progress_of
from onefloor_web.platform.pages.blocks import Empty, Event
from onefloor_web.platform.pages.downloads import attachment
from onefloor_web.platform.pages.formats import day, moment, number, say
from onefloor_web.platform.pages.tables import Column, Table
from onefloor_web.platform.permissions.page import ViewerRequest, found, page
from onefloor_web.platform.permissions.policy import can, only_visible
from onefloor_web.platform.privacy import exits, retention
from onefloor_web.platform.privacy.access import asks_purpose, opened
from onefloor_web.platform.privacy.forms import ConfirmExit, NewExit
from onefloor_web.platform.privacy.models import WAIT_DAYS, Exit, Stage
from onefloor_web.platform.privacy.models import Kind as Opening

COLUMNS = (
    Column(_("Vendor"), lambda row: row.company.name, url=lambda row: reverse("exit", args=[row.pk])),
    Column(_("State"), lambda row: row.get_stage_display(), sort="stage"),
    Column(_("Started"), lambda row: moment(row.started_at), sort="started_at"),
    Column(_("Started by"), lambda row: row.started_by),
    Column(_("Deleted"), lambda row: moment(row.deleted_at), sort="deleted_at"),
)
NONE = Empty(_("No vendor is leaving. At an exit its rows are handed over, then deleted, and the deletion is proven."))


@page("retention.view")
@require_safe
def rules(request: ViewerRequest) -> HttpResponse:
    """How long rows stay."""
    shown = {
        "rules": retention.rules(),
        "due": [str(month) for month in retention.due_now()],
        "runs": [
            (day(run.day), [(table, number(rows)) for table, rows in run.rows.items()])
            for run in retention.runs(request.viewer)
        ],
        "may_run": can(request.viewer, "retention.run") and request.viewer.client,
    }
    return render(request, "privacy/retention.html", shown)


@page("retention.run")
@require_http_methods(["GET", "HEAD", "POST"])
def run(request: ViewerRequest) -> HttpResponse:
    """Run the rules now: asked once more, because rows that went cannot come back."""
    if not request.viewer.client:
        raise Http404
    if request.method == "POST":
        job = enqueue(request.viewer, retention.JOB, key="now", page=reverse("retention"))
        return redirect("job", job.pk)
    due = "、".join(str(month) for month in retention.due_now())
    said = gettext("Rows of contacts of these months are removed for good: %(months)s. Daily sums stay.") % {
        "months": due
    }
    shown = {
        "title": gettext("Remove rows past their months now?"),
        "consequence": said if due else gettext("No month of contacts is due; rows of other tables may be."),
        "submit": gettext("Remove them"),
        "cancel": reverse("retention"),
        "danger": True,
    }
    return render(request, "pages/confirm.html", shown)


@page("exits.view")
@require_safe
def exits_list(request: ViewerRequest) -> HttpResponse:
    """Which vendors are leaving, or have left."""
    rows = only_visible(request.viewer, "exits.view", Exit.objects.select_related("company"))
    table = Table.of(request, rows, COLUMNS, caption=_("Exits"), empty=NONE, order="-started_at", hidden_caption=True)
    may_start = request.viewer.client and can(request.viewer, "exits.change")
    return render(request, "privacy/exits.html", {"table": table, "may_start": may_start})


@page("exits.change")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: ViewerRequest) -> HttpResponse:
    """Begin an exit: the rows are put together, nothing is deleted yet."""
    if not request.viewer.client:
        raise Http404
    leaving = Exit.objects.exclude(stage=Stage.DELETED).values("company")
    form = NewExit(request.POST or None)
    form.fields["company"].queryset = Company.objects.filter(kind=Kind.VENDOR).exclude(pk__in=leaving)  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        return redirect("exit", exits.begin(request.viewer, form.cleaned_data["company"]).pk)
    return render(request, "privacy/new_exit.html", {"form": form})


@page("exits.view")
@require_safe
def exit_page(request: ViewerRequest, number: int) -> HttpResponse:
    """One exit: what was handed over, what comes next, the proof."""
    one = _exit(request, "exits.view", number)
    job = Job.objects.filter(key=exits.key_of(one)).order_by("-pk").first()
    shown = {
        "exit": one,
        "events": [Event(one.started_at, _("The exit was started"), one.started_by), *line_of(request.viewer, one)],
        "files": _files(one),
        "there": exits.package(one).exists(),
        "progress": progress_of(request.viewer, job) if job and one.stage != Stage.DELETED else None,
        "may_receive": one.stage == Stage.HANDED_OVER and can(request.viewer, "exits.receive", one),
        "may_delete": request.viewer.client and can(request.viewer, "exits.change", one) and exits.may_delete(one),
        "waits": one.stage == Stage.HANDED_OVER and not exits.may_delete(one),
        "days": WAIT_DAYS,
        "proof": _proof(one),
    }
    return render(request, "privacy/exit.html", shown)


@page("exits.view")
@require_safe
def package(request: ViewerRequest, number: int) -> HttpResponseBase:
    """The rows that are handed over, for the vendor and the client."""
    one = _exit(request, "exits.view", number)
    if not exits.package(one).exists():
        raise Http404
    return _taken_out(request, one)


@asks_purpose
def _taken_out(request: ViewerRequest, one: Exit) -> HttpResponseBase:
    path = exits.package(one)
    rows = sum(about["rows"] for about in (one.manifest or {}).get("files", {}).values())
    opened(request, Opening.EXPORT, path.name, rows=rows)
    return FileResponse(path.open("rb"), as_attachment=True, filename=f"onefloor-exit-{one.pk}.zip")


@page("exits.view")
@require_safe
def proof(request: ViewerRequest, number: int) -> HttpResponse:
    """The signed proof, as ``onefloor`` and any other reader of DSSE checks it."""
    one = _exit(request, "exits.view", number)
    if not one.proof:
        raise Http404
    return attachment(one.proof, f"exit-{one.pk}.dsse.json", "application/json")


@page("exits.receive")
@require_POST
def receipt(request: ViewerRequest, number: int) -> HttpResponse:
    """The vendor confirms that it has everything."""
    one = _exit(request, "exits.receive", number)
    exits.receive(request.viewer, one)
    messages.success(request, gettext("The receipt is confirmed. The client may delete the rows now."))
    return redirect("exit", one.pk)


@page("exits.change")
@require_http_methods(["GET", "HEAD", "POST"])
def deletion(request: ViewerRequest, number: int) -> HttpResponse:
    """Delete: the vendor's name has to be written, because nothing brings the rows back."""
    one = _exit(request, "exits.change", number)
    if not exits.may_delete(one):
        return redirect("exit", one.pk)
    form = ConfirmExit(request.POST or None, name=one.company.name)
    if request.method == "POST" and form.is_valid():
        exits.ask(request.viewer, exits.DELETE, one)
        return redirect("exit", one.pk)
    shown = {
        "title": gettext("Delete all rows of %(vendor)s?") % {"vendor": one.company.name},
        "form": form,
        "consequence": gettext("All its rows, names and files are deleted for good; its users cannot sign in any more. "
                          "Issued statements, files given as evidence, sums and the audit trail stay. "
                          "A proof is signed."),
        "reasons": [say(text) for text in exits.open_with(one.company)],
        "submit": gettext("Delete for good"),
        "cancel": reverse("exit", args=[one.pk]),
        "danger": True,
    }  # fmt: skip
    return render(request, "pages/confirm.html", shown)


def _exit(request: ViewerRequest, action: str, pk: int) -> Exit:
    return found(request.viewer, action, Exit.objects.select_related("company"), pk=pk)


def _files(one: Exit) -> list[tuple[str, str, str]]:
    files = (one.manifest or {}).get("files", {})
    return [(name, number(about["rows"]), about["sha256"]) for name, about in sorted(files.items())]


def _proof(one: Exit) -> dict[str, Any] | None:
    """What the proof says, in the reader's language."""
    if not one.proof:
        return None
    said = json.loads(b64decode(json.loads(one.proof)["payload"]))["predicate"]
    removed = {table: about["rows"] for table, about in said["removed"].items()} | said["removed_elsewhere"]
    return {
        "removed": [(name, number(rows)) for name, rows in sorted(removed.items())],
        "stays": [say(Text(text["zh"], text["en"])) for text in said["stays"]],
    }
