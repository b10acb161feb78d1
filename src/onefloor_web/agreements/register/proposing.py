"""Bringing a version in: its text is judged, what it would change is shown, then it is proposed; or ended."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST

from onefloor.agreements.terms.agreement import Agreement as Terms
from onefloor.agreements.terms.agreement import parse_agreement
from onefloor.language import Text
from onefloor.problems import Problem
from onefloor_web.agreements.register import actions, telling
from onefloor_web.agreements.register import differences as differing
from onefloor_web.agreements.register.actions import page_of
from onefloor_web.agreements.register.forms import DeclineForm, ProposeForm, UploadForm, WithdrawForm
from onefloor_web.agreements.register.models import State, Version
from onefloor_web.agreements.register.queries import signed_version, terms_of
from onefloor_web.agreements.register.views import found_version, summary
from onefloor_web.platform.floor import today
from onefloor_web.platform.pages.blocks import Pair
from onefloor_web.platform.pages.formats import say
from onefloor_web.platform.permissions.page import ViewerRequest, found, page

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@page("agreements.propose")
@get_or_post
def upload(request: ViewerRequest) -> HttpResponse:
    """A dry run: the problems of a text with line and remedy, or what it would change. Nothing is kept."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_valid():
        return judged(request, form.cleaned_data["source"], form)
    return render(request, "register/upload.html", {"form": form})


@page("agreements.propose")
@require_POST
def propose(request: ViewerRequest) -> HttpResponse:
    """Propose the text that was looked at; sending it twice proposes it once."""
    form = ProposeForm(request.POST)
    if not form.is_valid():
        return redirect("agreement_upload")
    source, note = form.cleaned_data["source"], form.cleaned_data["note"]
    there = Version.objects.filter(source=source, state=State.PROPOSED, proposer=request.viewer.company).first()
    if there is not None:
        return redirect(page_of(there))
    try:
        made = actions.propose(request.viewer, source, note=Text(note, note) if note else None)
    except Problem as problem:
        return judged(request, source, UploadForm(), problem)
    messages.success(request, _("Version %(n)s is proposed. Both companies can sign it.") % {"n": made.number})
    return redirect(page_of(made))


def judged(request: ViewerRequest, source: str, form: UploadForm, problem: Problem | None = None) -> HttpResponse:
    """The page of a text: what is wrong with it, or what it would change."""
    shown: dict[str, Any] = {"form": form, "source": source}
    try:
        terms = parse_agreement(source)
        if problem is None:
            actions.check(request.viewer, terms)
            return render(request, "register/dry_run.html", shown | dry_run(terms, source))
    except Problem as found_problem:
        problem = problem or found_problem
    shown["form"] = UploadForm(initial={"text": source})
    return render(request, "register/upload.html", shown | {"problem": problem})


def dry_run(terms: Terms, source: str) -> dict[str, Any]:
    """What a good text would change in the version both have signed."""
    signed = Version.objects.filter(agreement__code=terms.code).select_related("agreement").first()
    before = signed_version(signed.agreement) if signed else None
    parts = differing.by_clause(terms_of(before.source) if before else None, terms, today())
    newest = terms.versions[-1]
    return {
        "propose": ProposeForm(initial={"source": source}),
        "pairs": [
            Pair(_("Agreement"), say(terms.parties.title)), Pair(pgettext("agreement", "Code"), terms.code),
            Pair(_("Company"), terms.parties.company), Pair(_("In force from"), newest.start),
        ],
        "before": before,
        "dated": parts,
        "summary": summary(parts),
        "groups": differing.by_line(before.source, source) if before else [],
        "sections": telling.sections(newest) if before is None else [],
        "same": before is not None and before.source == source,
    }  # fmt: skip


@page("agreements.propose")
@get_or_post
def withdrawal(request: ViewerRequest, code: str, number: int) -> HttpResponse:
    """Take back a version that one's own company has proposed, with a reason."""
    row = _waiting(request, code, number)
    if row.state != State.PROPOSED or row.proposer_id != request.viewer.company:
        return redirect(page_of(row))
    return _ended(request, row, WithdrawForm(request.POST or None), actions.withdraw, {
        "title": _("Withdraw version %(n)s of %(name)s?"), "submit": _("Withdraw the version"),
        "done": _("Version %(n)s is withdrawn."),
    })  # fmt: skip


@page("agreements.propose")
@get_or_post
def refusal(request: ViewerRequest, code: str, number: int) -> HttpResponse:
    """Decline a version that the other company has proposed, with a reason."""
    row = _waiting(request, code, number)
    if row.state != State.PROPOSED or row.proposer_id == request.viewer.company:
        return redirect(page_of(row))
    return _ended(request, row, DeclineForm(request.POST or None), actions.decline, {
        "title": _("Decline version %(n)s of %(name)s?"), "submit": _("Decline the version"),
        "done": _("Version %(n)s is declined."),
    })  # fmt: skip


def _waiting(request: ViewerRequest, code: str, number: int) -> Version:
    row = found_version(request, code, number)
    found(request.viewer, "agreements.propose", Version.objects.all(), pk=row.pk)
    return row


def _ended(
    request: ViewerRequest, row: Version, form: Form, act: Callable[..., None], said: dict[str, str]
) -> HttpResponse:
    """Ask once more, with a reason; what stands in its way is said there."""
    words, problem = {"n": row.number, "name": say(row.agreement.name)}, None
    if request.method == "POST" and form.is_valid():
        try:
            act(request.viewer, row, why=form.cleaned_data["why"])
        except actions.Over:  # somebody was faster: the page says how it stands
            return redirect(page_of(row))
        except Problem as found_problem:
            problem = found_problem
        else:
            messages.success(request, said["done"] % words)
            return redirect(page_of(row))
    shown = {
        "title": said["title"] % words,
        "form": form,
        "problem": problem,
        "consequence": _("It can no longer be signed; a signature it has stays with it. The other company is told, "
                          "with the reason. The version in force stays as it is."),
        "submit": said["submit"],
        "cancel": page_of(row),
        "danger": True,
    }  # fmt: skip
    return render(request, "register/confirm.html", shown)
