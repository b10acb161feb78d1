"""Pages of exclusions: the list of an agreement, one exclusion, and each act on it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from onefloor.problems import Problem
from onefloor_web.agreements.exclusions import actions, shown
from onefloor_web.agreements.exclusions.forms import AnswerForm, DraftForm, WhyForm, initial_of
from onefloor_web.agreements.exclusions.models import Exclusion, State
from onefloor_web.agreements.exclusions.queries import answer_of, state_of
from onefloor_web.agreements.register.models import Agreement
from onefloor_web.agreements.register.queries import signed_version, terms_of
from onefloor_web.platform.accounts.viewers import viewer_for
from onefloor_web.platform.events.queries import line_of
from onefloor_web.platform.jobs.models import Job
from onefloor_web.platform.jobs.models import State as JobState
from onefloor_web.platform.jobs.queries import progress_of
from onefloor_web.platform.pages.blocks import Empty
from onefloor_web.platform.pages.formats import moment, month, say
from onefloor_web.platform.pages.stamps import seen_in
from onefloor_web.platform.pages.tables import Column, Table
from onefloor_web.platform.permissions.page import ViewerRequest, found, page
from onefloor_web.platform.permissions.policy import can, only_visible
from onefloor_web.platform.uploads.queries import attachments_of
from onefloor_web.records.floor.questions import choices

post_or_get = require_http_methods(["GET", "HEAD", "POST"])
COLUMNS = (
    Column(
        gettext_lazy("Number"), lambda one: one.code or _("draft"), sort="number",
        url=lambda one: reverse("exclusion", args=[one.agreement.code, one.pk]),
    ),
    Column(gettext_lazy("What happened"), lambda one: say(one.text)),
    Column(gettext_lazy("Time window"), shown.window, sort="starts"),
    Column(gettext_lazy("State"), lambda one: state_of(one).label),
    Column(gettext_lazy("Proposed by"), lambda one: f"{one.user_name} · {one.author.name}"),
    Column(gettext_lazy("To be answered by"), lambda one: moment(one.answer_by), sort="answer_by"),
)  # fmt: skip


@page("exclusions.view")
@require_safe
def exclusions(request: ViewerRequest, code: str) -> HttpResponse:
    """What was proposed under an agreement, and the drafts of one's own company."""
    agreement = _agreement(request, code)
    rows = only_visible(request.viewer, "exclusions.view", Exclusion.objects.filter(agreement=agreement))
    empty = Empty(
        _("No exclusion yet. Rows of an outage or of force majeure can be taken out of the figures once both agree."),
        _("Propose an exclusion"), reverse("exclusion_new", args=[code]),
    )  # fmt: skip
    table = Table.of(
        request, rows.select_related("agreement", "author", "answer"), COLUMNS, caption=_("Exclusions"), empty=empty,
        order="-number", hidden_caption=True,
    )  # fmt: skip
    may = can(request.viewer, "exclusions.propose") and signed_version(agreement) is not None
    return render(request, "exclusions/exclusions.html", {"agreement": agreement, "table": table, "may_propose": may})


@page("exclusions.propose")
@post_or_get
def new(request: ViewerRequest, code: str) -> HttpResponse:
    """A draft: one's own company's until it is proposed."""
    return _drafted(request, _agreement(request, code, "exclusions.propose"), None)


@page("exclusions.propose")
@post_or_get
def edit(request: ViewerRequest, code: str, number: int) -> HttpResponse:
    """Write a draft anew."""
    one = _one(request, code, number, "exclusions.propose")
    if one.author_id != request.viewer.company or one.given_at is not None:
        return redirect("exclusion", code, one.pk)
    return _drafted(request, one.agreement, one)


@page("exclusions.view")
@require_safe
def exclusion(request: ViewerRequest, code: str, number: int) -> HttpResponse:
    """One exclusion: what, whose turn, what it would do, what happened."""
    return _shown(request, _one(request, code, number, "exclusions.view"))


@page("exclusions.view")
@require_POST
def weighing(request: ViewerRequest, code: str, number: int) -> HttpResponse:
    """Have its effect computed."""
    one = _one(request, code, number, "exclusions.view")
    actions.weigh(request.viewer, one)
    return redirect("exclusion", code, one.pk)


@page("exclusions.propose")
@post_or_get
def proposal(request: ViewerRequest, code: str, number: int) -> HttpResponse:
    """Give it to the other side, after a look at what that means."""
    one = _one(request, code, number, "exclusions.propose")
    if one.author_id != request.viewer.company:
        return redirect("exclusion", code, one.pk)
    if request.method == "POST":
        return _act(request, one, lambda: actions.propose(request.viewer, one, seen=seen_in(request.POST)))
    consequence = _(
        "Proposing is your company's approval. The other company sees rows, figures and evidence, and answers."
    )
    asked = {"title": _("Propose this exclusion?"), "submit": _("Propose"), "consequence": consequence}
    return _confirm(request, one, stamp=actions.stamp(one), **asked)


@page("exclusions.answer")
@post_or_get
def answer(request: ViewerRequest, code: str, number: int) -> HttpResponse:
    """Approve or refuse."""
    one = _one(request, code, number, "exclusions.answer")
    if state_of(one) != State.WAITING:
        return redirect("exclusion", code, one.pk)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        approved = said["verdict"] == "approve"
        return _act(request, one, lambda: actions.answer(request.viewer, one, approved=approved, why=said["why"]))
    locked = shown.locked_words([month(one) for one in actions.locked_months(one)])
    consequence = " ".join(filter(None, [_("The answer is final. Both companies see who gave it and when."), locked]))
    asked = {"title": _("Approve this exclusion?"), "submit": _("Send the answer"), "consequence": consequence}
    return _confirm(request, one, form=form, **asked)


@page("exclusions.propose")
@post_or_get
def withdrawal(request: ViewerRequest, code: str, number: int) -> HttpResponse:
    """Take a proposal back."""
    one = _one(request, code, number, "exclusions.propose")
    if state_of(one) != State.WAITING:
        return redirect("exclusion", code, one.pk)
    form = WhyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _act(request, one, lambda: actions.withdraw(request.viewer, one, why=form.cleaned_data["why"]))
    consequence = _("It stays on record as withdrawn, with this reason, and has no effect.")
    asked = {"title": _("Withdraw this exclusion?"), "submit": _("Withdraw"), "consequence": consequence}
    return _confirm(request, one, form=form, **asked)


@page("exclusions.propose")
@require_POST
def removal(request: ViewerRequest, code: str, number: int) -> HttpResponse:
    """Forget a draft."""
    one = _one(request, code, number, "exclusions.propose")
    if one.author_id == request.viewer.company and one.given_at is None:
        actions.discard(request.viewer, one)
    return redirect("exclusions", code)


@page("exclusions.propose")
@require_POST
def file_removal(request: ViewerRequest, code: str, number: int, attachment: int) -> HttpResponse:
    """Take a file of a draft away."""
    one = _one(request, code, number, "exclusions.propose")
    file = attachments_of(one).filter(pk=attachment, author=request.viewer.company).first()
    if file is None:
        raise Http404
    return _act(request, one, lambda: actions.take_away(one, file))


def _drafted(request: ViewerRequest, agreement: Agreement, one: Exclusion | None) -> HttpResponse:
    version = signed_version(agreement)
    if version is None:
        return redirect("exclusions", agreement.code)
    names = choices(viewer_for(agreement.company_id, name=""))  # what both companies may know
    initial = initial_of(one) if one else {}
    form = DraftForm(terms_of(version.source), names, request.POST or None, request.FILES or None, initial=initial)
    problem: Problem | None = None
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.draft(request.viewer, agreement, form.said(), one, files=form.cleaned_data["files"])
        except Problem as wrong:
            problem = wrong
        else:
            actions.weigh(request.viewer, made)
            return redirect("exclusion", agreement.code, made.pk)
    asked = {"agreement": agreement, "form": form, "one": one, "problem": problem}
    return render(request, "exclusions/draft.html", asked, status=422 if problem else 200)


def _shown(request: ViewerRequest, one: Exclusion, problem: Problem | None = None) -> HttpResponse:
    viewer, state = request.viewer, state_of(one)
    mine = one.author_id == viewer.company
    job = (
        Job.objects.filter(company=viewer.company, kind=actions.WEIGH, key=f"exclusion-{one.pk}")
        .order_by("-pk")
        .first()
    )
    done = job.result if job and job.state == JobState.DONE else None
    answers = not mine or (one.agreement.shadow and one.user_number != viewer.user)
    asked: dict[str, Any] = {
        "one": one, "agreement": one.agreement, "state": state, "turn": shown.turn(one), "pairs": shown.pairs(one),
        "answer": answer_of(one), "corrections": shown.corrections(one), "problem": problem, "mine": mine,
        "effects": shown.effects(one.effect), "again": shown.effects(done) if done and done != one.effect else [],
        "progress": progress_of(viewer, job) if job and job.state != JobState.DONE else None,
        "events": line_of(viewer, one), "files": attachments_of(one),
        "may_change": mine and state == State.DRAFT and can(viewer, "exclusions.propose"),
        "may_withdraw": mine and state == State.WAITING and can(viewer, "exclusions.propose"),
        "may_answer": answers and state == State.WAITING and can(viewer, "exclusions.answer"),
    }  # fmt: skip
    return render(request, "exclusions/exclusion.html", asked)


def _confirm(request: ViewerRequest, one: Exclusion, **asked: Any) -> HttpResponse:
    about = {"pairs": shown.pairs(one), "cancel": actions.page_of(one)}
    return render(request, "pages/confirm.html", {**about, **asked})


def _act(request: ViewerRequest, one: Exclusion, act: Any) -> HttpResponse:
    """Do it; what stands in its way is said on the page of the exclusion as it is now."""
    try:
        act()
    except Problem as problem:
        return _shown(request, _one(request, one.agreement.code, one.pk, "exclusions.view"), problem)
    return redirect("exclusion", one.agreement.code, one.pk)


def _agreement(request: ViewerRequest, code: str, action: str = "exclusions.view") -> Agreement:
    return found(request.viewer, action, Agreement.objects.select_related("company"), code=code)


def _one(request: ViewerRequest, code: str, number: int, action: str) -> Exclusion:
    rows = Exclusion.objects.select_related("agreement__company", "company", "author", "answer__author")
    return found(request.viewer, action, rows, agreement__code=code, pk=number)
