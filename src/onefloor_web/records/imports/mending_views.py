"""Fix once, retry: unknown words, lines that were set aside, corrections, and the lines as they were."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from onefloor.facts.quarantine import Quarantined, quarantined
from onefloor.facts.reasons import reason_words
from onefloor.problems import Problem
from onefloor_web.platform.floor import floor
from onefloor_web.platform.jobs.models import Job
from onefloor_web.platform.jobs.queries import progress_of
from onefloor_web.platform.pages.addresses import page_number
from onefloor_web.platform.pages.downloads import attachment
from onefloor_web.platform.pages.formats import number, say
from onefloor_web.platform.permissions.page import ViewerRequest, page
from onefloor_web.platform.permissions.policy import can
from onefloor_web.platform.privacy.access import asks_purpose, opened
from onefloor_web.platform.privacy.models import Kind
from onefloor_web.records.imports import actions, shown
from onefloor_web.records.imports.forms import LineForm, WordsForm
from onefloor_web.records.imports.jobs import open_problems
from onefloor_web.records.imports.models import Import, State
from onefloor_web.records.imports.views import of_viewer

PER_PAGE = 50
PLACE: Final = ("load", "file", "line")


@page("imports.change")
@require_POST
def words(request: ViewerRequest, number: int) -> HttpResponse:
    """Say once what a word means; then the dry run, or the lines that were set aside, are tried again."""
    made, form = of_viewer(request, number, "imports.change"), WordsForm(request.POST)
    onward = "import-quarantine" if made.state == State.LOADED else "import-dry-run"
    if not form.is_valid() or not (form.cleaned_data["meaning"] or form.cleaned_data["nothing"]):
        messages.error(request, gettext("Nothing was said of what the word means. Choose or write it."))
        return redirect(onward, made.pk)
    data = form.cleaned_data
    try:
        actions.know_word(request.viewer, made, data["column"], data["word"], data["meaning"] or None)
        if made.state == State.LOADED:
            actions.mend_it(request.viewer, made)
        else:
            actions.try_it(request.viewer, made)
    except Problem as problem:
        messages.error(request, f"{say(problem.what)} {say(problem.remedy)}")
    except KeyError:
        raise Http404 from None
    return redirect(onward, made.pk)


@page("imports.view")
@require_safe
def quarantine(request: ViewerRequest, number: int) -> HttpResponse:
    """Which lines could not be read, and what helps?"""
    return _quarantine(request, _loaded(request, number))


@asks_purpose
def _quarantine(request: ViewerRequest, made: Import) -> HttpResponse:
    reason, mended = request.GET.get("reason") or None, request.GET.get("mended") == "1"
    at = page_number(request)
    found = quarantined(
        floor(), loads=made.loads, reason=reason, mended=mended, offset=(at - 1) * PER_PAGE, limit=PER_PAGE
    )
    opened(request, Kind.QUARANTINE, made.name, rows=len(found.lines))
    job = Job.objects.filter(pk=made.job).first() if made.job else None
    context = {
        "made": made,
        "lines": _lines(made, found, (at - 1) * PER_PAGE),
        "first": (at - 1) * PER_PAGE + 1,
        "last": (at - 1) * PER_PAGE + len(found.lines),
        "total": found.total,
        "problems": shown.problems(_problems(request, made)),
        "reason": reason,
        "mended": mended,
        "earlier": at - 1,
        "later": at + 1 if at * PER_PAGE < found.total else 0,
        "may": can(request.viewer, "imports.change"),
        "progress": progress_of(request.viewer, job) if job is not None and job.kind == "imports.mend" else None,
        "again": (made.report or {}).get("mended"),
    }
    return render(request, "imports/quarantine.html", context)


@page("imports.view")
@require_safe
def lines(request: ViewerRequest, number: int) -> HttpResponse:
    """The open lines as they were, as a file."""
    return _file(request, _loaded(request, number))


@asks_purpose
def _file(request: ViewerRequest, made: Import) -> HttpResponse:
    found = quarantined(floor(), loads=made.loads, limit=0)
    opened(request, Kind.EXPORT, made.name, rows=found.total)
    text = "".join(f"{line['raw']}\n" for line in found.lines)
    return attachment(text.encode("utf-8", "surrogatepass"), f"lines-{made.pk}.txt", "text/plain; charset=utf-8")


@page("imports.change")
@require_http_methods(["GET", "HEAD", "POST"])
def line(request: ViewerRequest, number: int, nth: int) -> HttpResponse:
    """One line, to be corrected by hand; once it is sent the list answers, whatever came of it."""
    made = _loaded(request, number, "imports.change")
    found = quarantined(floor(), loads=made.loads, offset=nth, limit=1)
    said = request.POST if request.method == "POST" else request.GET
    placed = request.method == "POST" or any(name in said for name in PLACE)
    if found.lines and (not placed or _place(found.lines[0]) == _said(said)):
        return _line(request, made, found.lines[0])
    if not placed:
        raise Http404
    messages.error(request, gettext("This line was mended meanwhile."))
    return redirect("import-quarantine", made.pk)


@asks_purpose
def _line(request: ViewerRequest, made: Import, one: dict[str, Any]) -> HttpResponse:
    form = LineForm(request.POST or None, initial={"text": one["raw"]})
    opened(request, Kind.QUARANTINE, f"{made.name} {one['file']}:{one['line']}", rows=1)
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"].rstrip("\r\n")
        try:
            actions.mend_it(request.viewer, made, [(one["load"], one["file"], one["line"], text)])
        except Problem as problem:
            messages.error(request, f"{say(problem.what)} {say(problem.remedy)}")
        return redirect("import-quarantine", made.pk)
    shown_line = {"made": made, "line": one, "form": form, "why": say(reason_words(one["reason"]))}
    return render(request, "imports/line.html", shown_line)


@page("imports.change")
@require_POST
def mendings(request: ViewerRequest, number: int) -> HttpResponse:
    """Try the open lines again, with the mapping as it is now."""
    made = _loaded(request, number, "imports.change")
    try:
        actions.mend_it(request.viewer, made)
    except Problem as problem:
        messages.error(request, f"{say(problem.what)} {say(problem.remedy)}")
    return redirect("import-quarantine", made.pk)


def _loaded(request: ViewerRequest, number_: int, action: str = "imports.view") -> Import:
    made = of_viewer(request, number_, action)
    if made.state != State.LOADED:
        raise Http404
    return made


def _problems(request: ViewerRequest, made: Import) -> list[dict[str, Any]]:
    try:
        return open_problems(made, request.viewer)
    except Problem:
        return []  # a mapping that was kept by an earlier version: the lines are listed all the same


def _place(one: dict[str, Any]) -> dict[str, str]:
    """What tells a line from others, for its address: the next line must not open in its place."""
    return {name: str(one[name]) for name in PLACE}


def _said(sent: QueryDict) -> dict[str, str]:
    return {name: sent.get(name, "") for name in PLACE}


def _lines(made: Import, found: Quarantined, before: int) -> list[dict[str, Any]]:
    return [
        {
            **one,
            "why": say(reason_words(one["reason"])),
            "at": f"{one['file']}:{number(one['line'])}",
            "url": f"{reverse('import-line', args=[made.pk, before + nth])}?{urlencode(_place(one), errors='replace')}",
        }
        for nth, one in enumerate(found.lines)
    ]
