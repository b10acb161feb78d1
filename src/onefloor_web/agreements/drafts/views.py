"""Pages of drafts: the list, how one begins, what is done with one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from onefloor.problems import Problem
from onefloor_web.agreements.drafts import actions, samples
from onefloor_web.agreements.drafts.forms import CommentForm, StartForm
from onefloor_web.agreements.drafts.models import Comment, Draft, State
from onefloor_web.agreements.drafts.showing import frame, other_company
from onefloor_web.agreements.register.actions import page_of
from onefloor_web.agreements.register.models import Agreement
from onefloor_web.platform.companies.models import Company
from onefloor_web.platform.companies.queries import the_client
from onefloor_web.platform.floor import floor, today
from onefloor_web.platform.pages.blocks import Empty
from onefloor_web.platform.pages.downloads import attachment
from onefloor_web.platform.pages.formats import day, moment, say
from onefloor_web.platform.pages.tables import Column, Table
from onefloor_web.platform.permissions.page import ViewerRequest, found, page
from onefloor_web.platform.permissions.policy import can, only_visible

get_or_post = require_http_methods(["GET", "HEAD", "POST"])
EMPTY = Empty(
    _("No drafts yet. A draft is the text of an agreement or amendment that is still being written."),
    _("Begin a draft"), "/agreements/drafts/new/",
)  # fmt: skip
COLUMNS = (
    Column(_("Draft"), lambda row: row.name, sort="name", url=lambda row: reverse("draft", args=[row.pk])),
    Column(_("Company"), lambda row: row.company.name, sort="company__name"),
    Column(_("Written by"), lambda row: row.author.name, sort="author__name"),
    Column(_("Amends"), lambda row: f"{row.base.agreement.code} v{row.base.number}" if row.base else "–"),
    Column(_("State"), lambda row: row.get_state_display(), sort="state"),
    Column(_("Shared"), lambda row: day(row.given_at) if row.given_at else gettext("no"), sort="given_at"),
    Column(_("Saved at"), lambda row: f"{moment(row.saved_at)} · {row.saved_by}", sort="saved_at"),
)


def rows() -> QuerySet[Draft]:
    """Drafts with what every page shows of them."""
    return Draft.objects.select_related("company", "author", "base__agreement", "version__agreement")


def of_viewer(request: ViewerRequest, number: int, action: str = "drafts.view") -> Draft:
    """The draft of an address; 404 if the viewer may not see it."""
    return found(request.viewer, action, rows(), pk=number)


@page("drafts.view")
@require_safe
def drafts(request: ViewerRequest) -> HttpResponse:
    """What is being written."""
    listed = only_visible(request.viewer, "drafts.view", rows()).defer("text", "base__source", "version__source")
    if request.GET.get("state") != "all":
        listed = listed.filter(state=State.OPEN)
    table = Table.of(request, listed, COLUMNS, caption=_("Drafts"), empty=EMPTY, order="-saved_at", hidden_caption=True)
    may = can(request.viewer, "drafts.change")
    return render(request, "drafts/drafts.html", {"table": table, "may": may, "all": request.GET.get("state") == "all"})


@page("drafts.change")
@get_or_post
def new(request: ViewerRequest) -> HttpResponse:
    """How shall it begin? A sample, an amendment, a copy, a file."""
    companies = Company.objects.all() if request.viewer.client else Company.objects.filter(pk=request.viewer.company)
    agreements = only_visible(request.viewer, "agreements.view", Agreement.objects.all())
    copies = only_visible(request.viewer, "drafts.view", rows())
    initial = {"from": _next_month(), "amends": request.GET.get("amends", ""), "how": request.GET.get("how", "sample")}
    form = StartForm(companies, agreements, copies, request.POST or None, request.FILES or None, initial=initial)
    problem: Problem | None = None
    if form.is_valid():
        try:
            return redirect("draft", _begun(request, form).pk)
        except Problem as one:
            problem = one
    shown = {"form": form, "problem": problem, "samples": samples.SAMPLES}
    return render(request, "drafts/new.html", shown, status=422 if problem else 200)


def _begun(request: ViewerRequest, form: StartForm) -> Draft:
    said, viewer = form.cleaned_data, request.viewer
    if said["how"] == "amendment":
        return actions.amend(viewer, said["amends"], said["from"])
    if said["how"] == "copy":
        return actions.copy(viewer, said["copies"])
    company = said["company"]
    if said["how"] == "file":
        return actions.begin(viewer, company, said["name"] or said["file"].name, form.text)
    client = the_client().code
    text = samples.begun(
        said["sample"], company, client, code=samples.code_for(company, said["sample"]), timezone=floor().timezone,
        currency=floor().currency, starts=str(said["from"]),
    )  # fmt: skip
    title = next(say(one.title) for one in samples.SAMPLES if one.name == said["sample"])
    return actions.begin(viewer, company, said["name"] or f"{company.name} · {title}", text)


def _next_month() -> date:
    now = today()
    return date(now.year + now.month // 12, now.month % 12 + 1, 1)


@page("drafts.view")
@require_safe
def download(request: ViewerRequest, number: int) -> HttpResponse:
    """The text as a file, as it is saved."""
    draft = of_viewer(request, number)
    return attachment(draft.text, f"{draft.code or 'draft'}-{draft.pk}.yaml", "application/yaml; charset=utf-8")


@page("drafts.comment")
@require_POST
def copies(request: ViewerRequest, number: int) -> HttpResponse:
    """A draft of one's own with the same text."""
    if not can(request.viewer, "drafts.change"):
        return redirect("draft", number)
    return redirect("draft", actions.copy(request.viewer, of_viewer(request, number, "drafts.comment")).pk)


@page("drafts.comment")
@require_POST
def comments(request: ViewerRequest, number: int) -> HttpResponse:
    """Say something to a part."""
    draft = of_viewer(request, number, "drafts.comment")
    form = CommentForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        actions.comment(request.viewer, draft, said["part"], said["words"], private=said["private"])
    else:
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    return redirect(f"{reverse('draft', args=[draft.pk])}?part={quote(form.part_named)}#comments")


@page("drafts.change")
@require_POST
def resolution(request: ViewerRequest, number: int, comment: int) -> HttpResponse:
    """A comment of one's own side is settled."""
    one = found(request.viewer, "drafts.change", Comment.objects.all(), pk=comment, draft=number)
    actions.resolve(request.viewer, one)
    return redirect(f"{reverse('draft', args=[number])}?part={quote(one.part)}#comments")


@page("drafts.change")
@get_or_post
def sharing(request: ViewerRequest, number: int) -> HttpResponse:
    """Let the other company read it."""
    draft = of_viewer(request, number, "drafts.change")
    other = other_company(draft)
    title = gettext("Share the draft with %(name)s?") % {"name": other.name}
    consequence = gettext(
        "%(name)s reads the whole text from then on, with every change that is saved, and the comments that are no "
        "notes. It can copy it and comment on it, not change it. Sharing cannot be taken back."
    ) % {"name": other.name}
    if draft.company.is_client:
        return redirect("draft", draft.pk)
    return _confirmed(
        request, draft, lambda: actions.share(request.viewer, draft), title, consequence, gettext("Share")
    )


@page("drafts.change")
@get_or_post
def discarding(request: ViewerRequest, number: int) -> HttpResponse:
    """Give it up."""
    draft = of_viewer(request, number, "drafts.change")
    consequence = gettext(
        "It stays readable for those who can read it now, and can be copied. It does not change again."
    )
    title, submit = gettext("Discard the draft?"), gettext("Discard")
    return _confirmed(
        request, draft, lambda: actions.discard(request.viewer, draft), title, consequence, submit, danger=True
    )


@page("agreements.propose")
@get_or_post
def proposal(request: ViewerRequest, number: int) -> HttpResponse:
    """Have both companies sign it."""
    draft = found(request.viewer, "drafts.change", rows(), pk=number)
    shown: dict[str, Any] = frame(request.viewer, draft, "proposal")
    problem: Problem | None = None
    if request.method == "POST":
        try:
            version = actions.propose(request.viewer, draft, request.POST.get("stamp", ""))
            messages.success(request, gettext("Proposed. Both companies can sign it now."))
            return redirect(page_of(version))
        except Problem as one:
            problem = one
    return render(request, "drafts/proposal.html", {**shown, "problem": problem}, status=422 if problem else 200)


def _confirmed(
    request: ViewerRequest, draft: Draft, act: Callable[[], None], title: str, consequence: str, submit: str, *,
    danger: bool = False,
) -> HttpResponse:  # fmt: skip
    """Ask once, then do it."""
    back = reverse("draft", args=[draft.pk])
    if request.method == "POST":
        try:
            act()
        except Problem as problem:
            messages.error(request, f"{say(problem.what)} {say(problem.remedy)}")
        return redirect(back)
    shown = {"title": title, "consequence": consequence, "submit": submit, "cancel": back, "danger": danger}
    return render(request, "pages/confirm.html", shown)
