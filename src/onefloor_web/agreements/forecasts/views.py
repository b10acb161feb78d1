"""Pages of locked forecasts: those of an agreement, one version, and each act on it."""

from __future__ import annotations

import csv
import io
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from onefloor.problems import Problem
from onefloor_web.agreements.forecasts import actions, shown
from onefloor_web.agreements.forecasts.forms import FileForm, initial_month
from onefloor_web.agreements.forecasts.models import Lock
from onefloor_web.agreements.forecasts.queries import State, acknowledgement_of, band_of, rows_of, state_of, with_newer
from onefloor_web.agreements.forecasts.reading import HEADS
from onefloor_web.agreements.register.models import Agreement
from onefloor_web.agreements.register.queries import signed_version, signed_versions, zone_of
from onefloor_web.platform.accounts.viewers import viewer_for
from onefloor_web.platform.events.queries import line_of
from onefloor_web.platform.floor import today
from onefloor_web.platform.jobs.models import Job
from onefloor_web.platform.jobs.models import State as JobState
from onefloor_web.platform.jobs.queries import progress_of
from onefloor_web.platform.pages.blocks import Empty
from onefloor_web.platform.pages.downloads import attachment
from onefloor_web.platform.pages.formats import language, moment, month, number
from onefloor_web.platform.pages.tables import Column, Table
from onefloor_web.platform.permissions.page import ViewerRequest, found, page
from onefloor_web.platform.permissions.policy import can, only_visible
from onefloor_web.platform.spreadsheets.files import TYPES, harmless
from onefloor_web.records.floor.questions import choices

if TYPE_CHECKING:
    Upload = UploadedFile[bytes]
else:
    Upload = UploadedFile
post_or_get = require_http_methods(["GET", "HEAD", "POST"])
COLUMNS = (
    Column(
        gettext_lazy("Month"), lambda lock: month(lock.month), sort="month",
        url=lambda lock: reverse("forecast_lock", args=[lock.agreement.code, lock.pk]),
    ),
    Column(gettext_lazy("Version"), lambda lock: number(lock.version), sort="version", number=True),
    Column(gettext_lazy("Contacts"), lambda lock: number(lock.contacts), sort="contacts", number=True),
    Column(gettext_lazy("State"), lambda lock: state_of(lock).label),
    Column(gettext_lazy("Locked"), lambda lock: moment(lock.given_at), sort="given_at"),
    Column(gettext_lazy("Days ahead"), lambda lock: number(lock.horizon), sort="horizon", number=True),
    Column(gettext_lazy("In time"), lambda lock: shown.late(lock) or ("–" if lock.given_at is None else _("yes"))),
    Column(gettext_lazy("To be acknowledged by"), lambda lock: moment(lock.answer_by), sort="answer_by"),
)  # fmt: skip


@page("forecasts.view")
@require_safe
def locks(request: ViewerRequest, code: str) -> HttpResponse:
    """Every version of every month."""
    agreement = _agreement(request, code)
    rows = only_visible(request.viewer, "forecasts.view", Lock.objects.filter(agreement=agreement).defer("content"))
    may = _may_bring(request, agreement)
    step, url = (_("Bring a forecast"), reverse("forecast_lock_new", args=[code])) if may else ("", "")
    words = _(
        "No forecast is locked yet. The client brings a month's forecast and locks it; the vendor acknowledges it."
    )
    shown_rows = with_newer(rows.select_related("agreement", "acknowledgement"))
    table = Table.of(
        request, shown_rows, COLUMNS, caption=_("Locked forecasts"),
        empty=Empty(words, step, url), order="-month", hidden_caption=True,
    )  # fmt: skip
    return render(request, "forecasts/locks.html", {"agreement": agreement, "table": table, "may_bring": may})


@page("forecasts.lock")
@post_or_get
def new(request: ViewerRequest, code: str) -> HttpResponse:
    """Bring a file: every line is accounted for, nothing is locked yet."""
    agreement = _agreement(request, code, "forecasts.lock")
    form = FileForm(request.POST or None, request.FILES or None, initial={"month": initial_month(today())})
    problem = None
    if request.method == "POST" and form.is_valid():
        brought: Upload = form.cleaned_data["file"]
        try:
            made = _brought(request, agreement, form.cleaned_data["month"], brought)
            return redirect("forecast_lock", code, made.pk)
        except Problem as wrong:
            problem = wrong
    return render(request, "forecasts/new.html", {"agreement": agreement, "form": form, "problem": problem})


@page("forecasts.lock")
@require_safe
def template(request: ViewerRequest, code: str) -> HttpResponse:
    """An empty file of the right columns: the first half hour of each queue of the company."""
    agreement = _agreement(request, code, "forecasts.lock")
    queues = choices(viewer_for(agreement.company_id, name="")).get("queue", [])
    first = f"{initial_month(today())}-01 08:00"
    lines = [(first, queue, agreement.company.code, 0) for queue in sorted(queues)]
    return _csv(f"forecast-{code}.csv", [HEADS[language()], *lines])


@page("forecasts.view")
@require_safe
def lock(request: ViewerRequest, code: str, number: int) -> HttpResponse:
    """One version: the grid, the totals, the band, whose turn it is."""
    return _shown(request, _one(request, code, number, "forecasts.view"))


@page("forecasts.view")
@require_safe
def rows(request: ViewerRequest, code: str, number: int) -> HttpResponse:
    """Its rows as a file, which can be brought again as another version."""
    one = _one(request, code, number, "forecasts.view")
    made = [
        (row.at.strftime("%Y-%m-%d %H:%M"), row.queue, one.company.code, row.contacts)
        for row in rows_of(one, zone_of(one.agreement))
    ]
    return _csv(f"forecast-{code}-{one.month}-v{one.version or 0}.csv", [HEADS[language()], *made])


@page("forecasts.lock")
@post_or_get
def locking(request: ViewerRequest, code: str, number: int) -> HttpResponse:
    """The client's act, after a look at what it means."""
    one = _one(request, code, number, "forecasts.lock")
    if state_of(one) != State.DRAFT:
        return redirect("forecast_lock", code, one.pk)
    if request.method == "POST":
        return _act(request, one, lambda: actions.lock_it(request.viewer, one))
    words = _(
        "Locking makes this a new version for %(month)s that nobody can change. The vendor is asked to acknowledge it."
    )
    asked = {
        "title": _("Lock this forecast?"), "submit": _("Lock"), "consequence": words % {"month": month(one.month)},
        "cancel": actions.page_of(one), "pairs": _pairs(one),
    }  # fmt: skip
    return render(request, "pages/confirm.html", asked)


@page("forecasts.acknowledge")
@post_or_get
def acknowledgement(request: ViewerRequest, code: str, number: int) -> HttpResponse:
    """The vendor's act."""
    one = _one(request, code, number, "forecasts.acknowledge")
    if state_of(one) != State.WAITING:
        return redirect("forecast_lock", code, one.pk)
    if request.method == "POST":
        return _act(request, one, lambda: actions.acknowledge(request.viewer, one))
    words = _("From now on this forecast binds both companies: the band of %(month)s is measured against it.")
    asked = {
        "title": _("Acknowledge this forecast?"), "submit": _("Acknowledge"), "pairs": _pairs(one),
        "consequence": words % {"month": month(one.month)}, "cancel": actions.page_of(one),
    }  # fmt: skip
    return render(request, "pages/confirm.html", asked)


@page("forecasts.lock")
@require_POST
def removal(request: ViewerRequest, code: str, number: int) -> HttpResponse:
    """Forget a draft."""
    actions.discard(request.viewer, _one(request, code, number, "forecasts.lock"))
    return redirect("forecast_locks", code)


def _brought(request: ViewerRequest, agreement: Agreement, of: Any, brought: Upload) -> Lock:
    if (brought.size or 0) > actions.LARGEST:  # not read into memory
        raise actions.TooLarge(brought.size or 0)
    return actions.bring(request.viewer, agreement, of, PurePath(brought.name or "").name, bytes(brought.read()))


def _shown(request: ViewerRequest, one: Lock, problem: Problem | None = None) -> HttpResponse:
    viewer, state = request.viewer, state_of(one)
    rows = rows_of(one, zone_of(one.agreement))
    queues = shown.by_queue(rows)
    queue = request.GET.get("queue", "")
    chosen = [row for row in rows if row.queue == queue] if queue else rows
    job = (
        Job.objects.filter(company=viewer.company, kind=actions.LOAD, key=f"forecast-{one.pk}").order_by("-pk").first()
    )
    said = acknowledgement_of(one)
    mine = one.author_id == viewer.company and not (one.agreement.shadow and one.user_number != viewer.user)
    asked = {
        "one": one, "agreement": one.agreement, "state": state, "turn": shown.turn(one), "late": shown.late(one),
        "pairs": shown.pairs(one, band_of(one.agreement, one, rows)), "account": shown.account(one),
        "bad": shown.bad_lines(one), "heat": shown.grid(one, chosen), "days": shown.by_day(chosen), "queues": queues,
        "queue": queue, "problem": problem, "events": line_of(viewer, one),
        "progress": progress_of(viewer, job) if said and job and job.state != JobState.DONE else None,
        "may_lock": state == State.DRAFT and can(viewer, "forecasts.lock") and viewer.client,
        "may_acknowledge": state == State.WAITING and not mine and can(viewer, "forecasts.acknowledge"),
    }  # fmt: skip
    return render(request, "forecasts/lock.html", asked)


def _pairs(one: Lock) -> list[Any]:
    return shown.pairs(one, band_of(one.agreement, one, rows_of(one, zone_of(one.agreement))))


def _act(request: ViewerRequest, one: Lock, act: Any) -> HttpResponse:
    """Do it; what stands in its way is said on the page."""
    try:
        act()
    except Problem as problem:
        return _shown(request, _one(request, one.agreement.code, one.pk, "forecasts.view"), problem)
    return redirect("forecast_lock", one.agreement.code, one.pk)


def _csv(name: str, lines: list[Any]) -> HttpResponse:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerows([[harmless(cell) if isinstance(cell, str) else cell for cell in line] for line in lines])
    return attachment(b"\xef\xbb\xbf" + out.getvalue().encode(), name, TYPES["csv"])


def _may_bring(request: ViewerRequest, agreement: Agreement) -> bool:
    return request.viewer.client and can(request.viewer, "forecasts.lock") and signed_version(agreement) is not None


def _agreement(request: ViewerRequest, code: str, action: str = "forecasts.view") -> Agreement:
    return found(request.viewer, action, Agreement.objects.select_related("company"), code=code)


def _one(request: ViewerRequest, code: str, number: int, action: str) -> Lock:
    rows = Lock.objects.select_related("agreement__company", "company", "author", "acknowledgement__author")
    return found(
        request.viewer, action, rows.prefetch_related(signed_versions("agreement")), agreement__code=code, pk=number
    )
