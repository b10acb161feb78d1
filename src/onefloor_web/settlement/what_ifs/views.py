"""Pages of what-ifs: the list, one replay, and each act on it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from onefloor.language import Text
from onefloor.periods import Month
from onefloor.problems import Problem
from onefloor_web.agreements.register.models import Agreement, Version
from onefloor_web.agreements.register.models import State as VersionState
from onefloor_web.platform.floor import today
from onefloor_web.platform.jobs.models import Job
from onefloor_web.platform.jobs.models import State as JobState
from onefloor_web.platform.jobs.queries import progress_of
from onefloor_web.platform.pages.blocks import Empty
from onefloor_web.platform.pages.formats import moment, month, say
from onefloor_web.platform.pages.tables import Column, Table
from onefloor_web.platform.permissions.page import ViewerRequest, found, page
from onefloor_web.platform.permissions.policy import can, only_visible
from onefloor_web.platform.spreadsheets.files import Sheet, response, travels
from onefloor_web.settlement.statements.models import State as StatementState
from onefloor_web.settlement.statements.models import Statement
from onefloor_web.settlement.what_ifs import actions, shown
from onefloor_web.settlement.what_ifs.forms import DraftForm, WhatIfForm
from onefloor_web.settlement.what_ifs.models import WhatIf
from onefloor_web.settlement.what_ifs.terms import amendment, fields_of

post_or_get = require_http_methods(["GET", "HEAD", "POST"])
COLUMNS = (
    Column(gettext_lazy("Name"), lambda one: one.name, sort="name", url=lambda one: reverse("what_if", args=[one.pk])),
    Column(gettext_lazy("Agreement"), lambda one: one.agreement.code, sort="agreement__code"),
    Column(gettext_lazy("Months"), lambda one: f"{one.first} – {one.last}", sort="first"),
    Column(gettext_lazy("Company"), lambda one: one.author.name),
    Column(gettext_lazy("Difference"), lambda one: shown.total(one.found) if one.found else "–", number=True),
    Column(gettext_lazy("Computed at"), lambda one: moment(one.ran_at), sort="ran_at"),
)


@page("what_ifs.view")
@require_safe
def what_ifs(request: ViewerRequest) -> HttpResponse:
    """What was tried, and agreements to try other terms of."""
    rows = only_visible(request.viewer, "what_ifs.view", WhatIf.objects.select_related("agreement", "author"))
    words = _("Nothing was tried yet. Choose an agreement, change some terms, and past months are settled again.")
    table = Table.of(
        request, rows, COLUMNS, caption=_("What-ifs"), empty=Empty(words), order="-ran_at", hidden_caption=True
    )
    signed = Version.objects.filter(agreement=OuterRef("pk"), state=VersionState.SIGNED)
    agreements = Agreement.objects.filter(Exists(signed)) if can(request.viewer, "what_ifs.change") else []
    return render(request, "what_ifs/what_ifs.html", {"table": table, "agreements": agreements})


@page("what_ifs.change")
@post_or_get
def new(request: ViewerRequest, code: str) -> HttpResponse:
    """Other terms of an agreement."""
    agreement = found(request.viewer, "what_ifs.change", Agreement.objects.select_related("company"), code=code)
    return _tried(request, agreement, None)


@page("what_ifs.change")
@post_or_get
def edit(request: ViewerRequest, number: int) -> HttpResponse:
    """Other terms again; one's own that is not shared."""
    one = _one(request, number, "what_ifs.change")
    if one.author_id != request.viewer.company or one.given_at is not None:
        return redirect("what_if", one.pk)
    return _tried(request, one.agreement, one)


@page("what_ifs.view")
@require_safe
def what_if(request: ViewerRequest, number: int) -> HttpResponse:
    """What came of it."""
    return _shown(request, _one(request, number, "what_ifs.view"))


@page("what_ifs.view")
@require_safe
def rows(request: ViewerRequest, number: int) -> HttpResponse:
    """Every clause of every month as a file."""
    one = _one(request, number, "what_ifs.view")
    result = one.found or {"data_version": "", "clauses": [], "months": []}
    about = travels(
        request.viewer, scope=f"{one.agreement.code}: {one.name}", period=f"{one.first} – {one.last}",
        data_version=result["data_version"],
    )  # fmt: skip
    heads = [_("Month"), _("Clause"), _("Title"), _("As signed"), _("New"), _("Difference")]
    lines = [
        _cells(line, line["clause"], say(Text(line["title"]["zh"], line["title"]["en"]))) for line in result["clauses"]
    ]
    nets = [_cells(line, "", _("Net")) for line in result["months"]]
    return response(Sheet(one.name, about, heads, [*lines, *nets]), "csv", f"what-if-{one.pk}")


@page("what_ifs.change")
@post_or_get
def sharing(request: ViewerRequest, number: int) -> HttpResponse:
    """Let the other company read it, after a look at what that means."""
    one = _one(request, number, "what_ifs.change")
    if one.author_id != request.viewer.company or one.given_at is not None:
        return redirect("what_if", one.pk)
    if request.method == "POST":
        try:
            actions.share(request.viewer, one)
        except Problem as problem:
            return _shown(request, one, problem)
        return redirect("what_if", one.pk)
    asked = {
        "title": _("Share this what-if?"), "submit": _("Share"), "cancel": actions.page_of(one),
        "consequence": _(
            "The other company reads terms and amounts from now on, and can copy them. It cannot be taken back."
        ),
    }  # fmt: skip
    return render(request, "pages/confirm.html", asked)


@page("what_ifs.change")
@require_POST
def copy(request: ViewerRequest, number: int) -> HttpResponse:
    """The same as one's own, to go on with."""
    return redirect("what_if", actions.copy(request.viewer, _one(request, number, "what_ifs.change")).pk)


@page("what_ifs.change")
@post_or_get
def drafting(request: ViewerRequest, number: int) -> HttpResponse:
    """The terms as a draft amendment of one's own company, once it is said from when they shall hold."""
    one = _one(request, number, "what_ifs.change")
    if one.found is None or not can(request.viewer, "drafts.change"):
        return redirect("what_if", one.pk)
    begins = Month(today().year, today().month).following()
    form = DraftForm(request.POST or None, initial={"starts": date(begins.year, begins.month, 1)})
    if form.is_valid():
        try:
            return redirect("draft", actions.draft(request.viewer, one, form.cleaned_data["starts"]).pk)
        except Problem as problem:
            return _shown(request, one, problem)
    asked = {
        "title": _("Make it a draft amendment?"), "form": form, "submit": _("Make it a draft amendment"),
        "cancel": actions.page_of(one),
        "consequence": _(
            "A draft of the next version begins with these terms. Your company alone sees it until it is shared; "
            "nothing holds before both companies have signed it."
        ),
    }  # fmt: skip
    return render(request, "pages/confirm.html", asked)


@page("what_ifs.change")
@require_POST
def removal(request: ViewerRequest, number: int) -> HttpResponse:
    """Forget one's own that is not shared."""
    one = _one(request, number, "what_ifs.change")
    if one.author_id == request.viewer.company and one.given_at is None:
        actions.discard(request.viewer, one)
    return redirect("what_ifs")


def _tried(request: ViewerRequest, agreement: Agreement, one: WhatIf | None) -> HttpResponse:
    try:
        fields = fields_of(actions.signed_terms(agreement)[1])
    except actions.NotSigned:
        return redirect("what_ifs")
    form = WhatIfForm(fields, request.POST or None, initial=_initial(one))
    problem = None
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            change = said["change"].strip() or amendment(agreement.code, fields, said)
            wanted = {"name": said["name"], "first": said["first"], "last": said["last"], "change": change}
            made = actions.try_terms(request.viewer, agreement, **wanted, one=one)
            return redirect("what_if", made.pk)
        except Problem as wrong:
            problem = wrong
    asked = {"agreement": agreement, "form": form, "one": one, "problem": problem}
    return render(request, "what_ifs/edit.html", asked)


def _initial(one: WhatIf | None) -> dict[str, Any]:
    if one is not None:
        return {"name": one.name, "first": one.first, "last": one.last, "change": one.change}
    before = Month(today().year, today().month).shifted(-1)
    return {"first": str(before.shifted(-11)), "last": str(before)}


def _shown(request: ViewerRequest, one: WhatIf, problem: Problem | None = None) -> HttpResponse:
    viewer, result = request.viewer, one.found
    mine, open_ = one.author_id == viewer.company, one.given_at is None
    job = Job.objects.filter(company=viewer.company, kind=actions.RUN, key=f"what-if-{one.pk}").order_by("-pk").first()
    wanted = request.GET.get("month", "")
    asked: dict[str, Any] = {
        "one": one, "agreement": one.agreement, "problem": problem, "mine": mine,
        "progress": progress_of(viewer, job) if job and job.state != JobState.DONE else None,
        "may_change": mine and open_ and can(viewer, "what_ifs.change"),
        "may_draft": result is not None and can(viewer, "what_ifs.change") and can(viewer, "drafts.change"),
        "may_copy": not mine and can(viewer, "what_ifs.change"),
    }  # fmt: skip
    if result:
        asked |= {
            "drawing": shown.drawing(result), "sentence": shown.sentence(result), "months": shown.months(result),
            "clauses": shown.clauses(result), "left_out": shown.left_out(result), "currency": result["currency"],
            "month": month(wanted) if wanted in {row["month"] for row in result["months"]} else "",
            "why": shown.of_month(result, wanted), "otherwise": shown.otherwise(result, _locked_nets(one)),
        }  # fmt: skip
    return render(request, "what_ifs/what_if.html", asked)


def _locked_nets(one: WhatIf) -> dict[str, Decimal]:
    """What both have signed for, by month."""
    rows = Statement.objects.filter(agreement=one.agreement_id, state=StatementState.LOCKED)
    return dict(rows.values_list("month", "net"))


def _cells(line: dict[str, str], clause: str, title: str) -> list[Any]:
    return [line["month"], clause, title, *(Decimal(line[side]) for side in ("signed", "new", "difference"))]


def _one(request: ViewerRequest, number: int, action: str) -> WhatIf:
    rows = WhatIf.objects.select_related("agreement__company", "author")
    return found(request.viewer, action, rows, pk=number)
