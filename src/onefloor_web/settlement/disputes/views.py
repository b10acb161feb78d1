"""Pages of disputes: the list, and one line's dispute with everything that can be done there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.db.models import Model
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from onefloor.problems import Problem
from onefloor_web.platform.events.queries import line_of as story_of
from onefloor_web.platform.pages.blocks import Empty
from onefloor_web.platform.pages.formats import moment, money, number, say
from onefloor_web.platform.pages.stamps import seen_in
from onefloor_web.platform.pages.tables import Column, Table
from onefloor_web.platform.permissions.page import ViewerRequest, page
from onefloor_web.platform.permissions.policy import can
from onefloor_web.platform.uploads import actions as uploads
from onefloor_web.platform.uploads.models import Attachment
from onefloor_web.platform.uploads.queries import attachments_by_row
from onefloor_web.settlement.disputes import actions, credit_notes, showing
from onefloor_web.settlement.disputes.clocks import rounds_before
from onefloor_web.settlement.disputes.events import page_of
from onefloor_web.settlement.disputes.forms import AnswerForm, AskingForm, ClaimForm, MessageForm, WhyForm, initial_of
from onefloor_web.settlement.disputes.models import Answer, Answering, Asking, Claim, Dispute, State
from onefloor_web.settlement.disputes.money import Wish, direction_of, may_claim_rows
from onefloor_web.settlement.disputes.queries import disputes, line_at, proposals_of, waiting_words
from onefloor_web.settlement.statements.events import page_of as statement_page
from onefloor_web.settlement.statements.models import Adjustment, Line
from onefloor_web.settlement.statements.reading import shown as two_places

get_or_post = require_http_methods(["GET", "HEAD", "POST"])
REFUSED = 409
EMPTY = Empty(_("No line of a statement was disputed. A line is disputed on the page of its statement."))
COLUMNS = (
    Column(_("Month"), lambda row: row.statement.month, sort="statement__month", url=lambda row: page_of(row.line)),
    Column(_("Company"), lambda row: row.company.name, sort="company__name"),
    Column(_("Line"), lambda row: f"{row.line.number} {say(row.line.name)}"),
    Column(_("Claimant"), lambda row: row.claimant.name),
    Column(_("Round"), lambda row: number(row.round), number=True),
    Column(_("State"), lambda row: row.get_state_display(), sort="state"),
    Column(_("Waiting for"), lambda row: say(waiting_words(row)) or "–"),
    Column(_("Until"), lambda row: moment(row.due) if row.due else "–", sort="due"),
)


@page("disputes.view")
@require_safe
def listing(request: ViewerRequest) -> HttpResponse:
    """Which lines are disputed?"""
    table = Table.of(
        request, disputes(request.viewer), COLUMNS, caption=_("Disputes"), empty=EMPTY, order="due", hidden_caption=True
    )
    return render(request, "disputes/disputes.html", {"table": table})


@page("disputes.view")
@get_or_post
def dispute(request: ViewerRequest, month: str, code: str, number: str) -> HttpResponse:
    """One line: claim beside answer, the money under each choice, the thread, what happened."""
    line = _line(request, month, code, number)
    now = _latest(request, line)
    if request.method == "POST":
        return _save(request, line, now)
    return _shown(request, line, now)


@page("disputes.change")
@get_or_post
def claim_sending(request: ViewerRequest, month: str, code: str, number: str) -> HttpResponse:
    """Send the claim: asked once more."""
    line = _line(request, month, code, number)
    claim = actions.claim_draft(request.viewer, line)
    if claim is None:
        return redirect(page_of(line))
    if request.method == "POST":
        seen = seen_in(request.POST)
        return _done(
            request, line, lambda: actions.raise_dispute(request.viewer, claim, seen=seen),
            gettext("The claim was sent."),
        )  # fmt: skip
    shown = {
        "title": gettext("Dispute this line?"),
        "consequence": gettext("The other company reads the claim and its files, and its time to rule begins. "
                          "The claim cannot be changed any more; it can be withdrawn."),
        "submit": gettext("Send the claim"),
        "cancel": page_of(line),
        "stamp": actions.stamp(claim),
    }  # fmt: skip
    return render(request, "pages/confirm.html", shown)


@page("disputes.change")
@get_or_post
def answer_sending(request: ViewerRequest, month: str, code: str, number: str) -> HttpResponse:
    """Send the ruling or the proposal: its consequence in words first."""
    line, now = _with_dispute(request, month, code, number)
    answer = actions.answer_draft(request.viewer, now)
    if answer is None:
        return redirect(page_of(line))
    if request.method == "POST":
        seen = seen_in(request.POST)
        return _done(
            request, line, lambda: actions.send_answer(request.viewer, answer, seen=seen), gettext("It was sent.")
        )
    ruling = now.state == State.OPEN
    shown = {
        "title": gettext("Send the ruling?") if ruling else gettext("Send the proposal?"),
        "consequence": say(showing.consequence(now, answer)),
        "submit": gettext("Send the ruling") if ruling else gettext("Send the proposal"),
        "cancel": page_of(line),
        "stamp": actions.stamp(answer),
    }
    return render(request, "pages/confirm.html", shown)


@page("disputes.change")
@get_or_post
def agreement(request: ViewerRequest, month: str, code: str, number: str, answer: str) -> HttpResponse:
    """Agree to what the other side has proposed: asked once more."""
    line, now = _with_dispute(request, month, code, number)
    proposed = next((one for one in proposals_of(now) if one.pk == int(answer)), None)
    if proposed is None and not now.answers.filter(pk=answer).exists():
        raise Http404
    if proposed is None:
        return redirect(page_of(line))
    if request.method == "POST":
        return _done(request, line, lambda: actions.agree(request.viewer, now, proposed), gettext("Both have agreed."))
    shown = {
        "title": gettext("Agree to this proposal?"),
        "consequence": say(showing.consequence(now, proposed)),
        "submit": gettext("Agree"),
        "cancel": page_of(line),
    }
    return render(request, "pages/confirm.html", shown)


@page("disputes.change")
@get_or_post
def withdrawal(request: ViewerRequest, month: str, code: str, number: str) -> HttpResponse:
    """Take one's own dispute back."""
    line, now = _with_dispute(request, month, code, number)
    said = gettext("The line stands as issued, but for what was accepted before. This round counts as used.")
    return _with_reason(
        request, line, actions.withdraw, now, gettext("Withdraw the dispute?"), said, gettext("Withdraw the dispute")
    )


@page("disputes.change")
@get_or_post
def escalation(request: ViewerRequest, month: str, code: str, number: str) -> HttpResponse:
    """Take a decided dispute to the next step."""
    line, now = _with_dispute(request, month, code, number)
    said = gettext("It is then decided as the agreement says, and both companies have to agree. Nobody signs before.")
    return _with_reason(
        request, line, actions.escalate, now, gettext("Escalate the dispute?"), said, gettext("Escalate")
    )


@page("disputes.change")
@require_POST
def message(request: ViewerRequest, month: str, code: str, number: str) -> HttpResponse:
    """Write into the thread."""
    line, now = _with_dispute(request, month, code, number)
    form = MessageForm(request.POST, request.FILES)
    if not form.is_valid():
        return _shown(request, line, now, message=form)
    data = form.cleaned_data
    return _done(
        request, line,
        lambda: actions.say(
            request.viewer, now, data["words"], question=data["question"], files=data["attached"]
        ),
        gettext("The message was sent."),
    )  # fmt: skip


@page("disputes.change")
@require_POST
def file_removal(request: ViewerRequest, month: str, code: str, number: str, attachment: str) -> HttpResponse:
    """Take a file of an unsent draft away."""
    line = _line(request, month, code, number)
    now = _latest(request, line)
    drafts = [actions.claim_draft(request.viewer, line), actions.answer_draft(request.viewer, now) if now else None]
    files = attachments_by_row([drafts[0]] if drafts[0] else []) | attachments_by_row([drafts[1]] if drafts[1] else [])
    one = next((file for group in files.values() for file in group if file.pk == int(attachment)), None)
    if one is None:
        raise Http404
    uploads.remove(one)
    return redirect(page_of(line))


def _save(request: ViewerRequest, line: Line, now: Dispute | None) -> HttpResponse:
    """Keep the draft of a claim or an answer; the second button goes on to sending it."""
    if not can(request.viewer, "disputes.change"):
        raise Http404
    answering = now is not None and now.at_issue
    kind: type[AskingForm] = AnswerForm if answering else ClaimForm
    form = kind(request.POST, request.FILES, rows=may_claim_rows(line))
    if not form.is_valid():
        return _shown(request, line, now, asking=form)
    data = form.cleaned_data
    try:
        if answering and now is not None:
            choice = Answering(data["kind"])
            wish = form.wish if choice == Answering.PART else Wish()
            actions.save_answer(request.viewer, now, choice, data["reason"], wish, data["files"])
        else:
            actions.save_claim(request.viewer, line, data["reason"], form.wish, data["files"])
    except Problem as problem:
        return _shown(request, line, now, asking=form, problem=problem)
    if request.POST.get("act") == "send":
        return redirect(f"{page_of(line)}{'answer' if answering else 'claim'}/sending/")
    messages.success(request, gettext("The draft is saved. Only your company sees it; it is never sent by itself."))
    return redirect(page_of(line))


def _shown(
    request: ViewerRequest,
    line: Line,
    now: Dispute | None,
    *,
    asking: AskingForm | None = None,
    message: MessageForm | None = None,
    problem: Problem | None = None,
) -> HttpResponse:
    """The page, with a form as it was sent where something is wrong with it."""
    viewer, may = request.viewer, can(request.viewer, "disputes.change")
    draft_claim = actions.claim_draft(viewer, line) if may else None
    draft_answer = actions.answer_draft(viewer, now) if may and now else None
    given = list(now.answers.filter(given_at__isnull=False).select_related("author")) if now else []
    currency = line.statement.currency
    claim = now.claim if now and (now.at_issue or not draft_claim) else draft_claim
    answers = [*given, *([draft_answer] if draft_answer else [])]
    files = attachments_by_row([claim] if claim else []) | attachments_by_row(answers)
    shown = {
        "line": line, "statement": line.statement, "dispute": now, "clock": showing.clock_of(now) if now else None,
        "round": showing.rounds_words(now) if now else "", "statement_url": statement_page(line.statement),
        "claim": showing.said(claim, currency, files[claim]) if claim else None,
        "answers": [showing.said(one, currency, files[one]) for one in given],
        "choices": showing.choices(line, claim, answers), "notes": _notes(now),
        "messages_": _thread(now), "events": story_of(viewer, now) if now else [], "problem": problem,
        "base": page_of(line), "draft_claim": draft_claim, "draft_answer": draft_answer,
        "draft_files": _drafted(files, draft_claim or draft_answer),
        "earlier": list(rounds_before(line)[1:]) if now else [],
        **_forms(request, line, now, draft_claim, draft_answer, asking, message),
    }  # fmt: skip
    bad = problem or (asking and asking.errors) or (message and message.errors)
    return render(request, "disputes/dispute.html", shown, status=_status(problem) if bad else 200)


def _forms(
    request: ViewerRequest,
    line: Line,
    now: Dispute | None,
    claim: Claim | None,
    answer: Answer | None,
    asking: AskingForm | None,
    message: MessageForm | None,
) -> dict[str, Any]:
    """What the viewer can do now; nothing that cannot be done is offered."""
    viewer, may = request.viewer, can(request.viewer, "disputes.change")
    going = now is not None and now.at_issue
    answers = going and may and now is not None and (now.state != State.OPEN or now.claimant_id != viewer.company)
    claims = may and not going and _may(lambda: actions.refuse_claim(viewer, line))
    made: AskingForm | None = asking
    if made is None and (answers or claims):
        claimant = now.claimant_id if answers and now else viewer.company
        drafted: Asking | None = answer if answers else claim
        kind: type[AskingForm] = AnswerForm if answers else ClaimForm
        made = kind(initial=initial_of(drafted, direction_of(line.statement, claimant)), rows=may_claim_rows(line))
    own = may and now is not None and now.claimant_id == viewer.company
    return {
        "anew": claims and now is not None and claim is None and asking is None,
        "form": made, "answering": bool(answers), "claiming": claims,
        "message_form": (message or MessageForm()) if may and going else None,
        "may_withdraw": own and going,
        "may_escalate": own and not going and now is not None and _may(lambda: actions.refuse_escalation(now)),
        "proposals": [
            (one.pk, one.author.name) for one in (proposals_of(now) if going and now and now.step else [])
            if may and one.author_id != viewer.company
        ][:1],
    }  # fmt: skip


def _drafted(files: Mapping[Model, list[Attachment]], draft: Asking | None) -> list[Attachment]:
    return files.get(draft, []) if draft else []


def _notes(now: Dispute | None) -> list[tuple[Adjustment, str]]:
    """The credit notes of a dispute, with their amounts as they are written."""
    notes = credit_notes.note_of(now) if now else []
    return [(note, money(two_places(note.amount), note.line.statement.currency)) for note in notes]


def _thread(now: Dispute | None) -> list[tuple[Any, list[Attachment]]]:
    if now is None:
        return []
    rows = list(now.messages.select_related("author"))
    files = attachments_by_row(rows)
    return [(row, files[row]) for row in rows]


def _with_reason(
    request: ViewerRequest,
    line: Line,
    act: Callable[..., Dispute],
    now: Dispute,
    title: str,
    said: str,
    submit: str,
) -> HttpResponse:
    form = WhyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return _done(request, line, lambda: act(request.viewer, now, form.cleaned_data["why"]), gettext("It is done."))
    shown = {"title": title, "form": form, "consequence": said, "submit": submit, "cancel": page_of(line)}
    return render(request, "pages/confirm.html", shown)


def _done(request: ViewerRequest, line: Line, act: Callable[[], object], told: str) -> HttpResponse:
    """Do it and go back to the page; a refusal is shown there, with what was written kept as a draft."""
    try:
        act()
    except Problem as problem:
        return _shown(request, line, _latest(request, line), problem=problem)
    messages.success(request, told)
    return redirect(page_of(line))


def _may(check: Callable[[], object]) -> bool:
    try:
        check()
    except Problem:
        return False
    return True


def _status(problem: Problem | None) -> int:
    return REFUSED if problem else 200


def _line(request: ViewerRequest, month: str, code: str, number: str) -> Line:
    line = line_at(request.viewer, month, code, int(number))
    if line is None:
        raise Http404
    return line


def _latest(request: ViewerRequest, line: Line) -> Dispute | None:
    """The newest round about the line."""
    newest = rounds_before(line).first()
    return disputes(request.viewer).filter(pk=newest.pk).first() if newest else None


def _with_dispute(request: ViewerRequest, month: str, code: str, number: str) -> tuple[Line, Dispute]:
    line = _line(request, month, code, number)
    now = _latest(request, line)
    if now is None:
        raise Http404
    return line, now
