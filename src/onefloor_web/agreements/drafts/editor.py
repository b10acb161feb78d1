"""The editor: form and YAML of one draft side by side, what is wrong with it, and what both save."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from onefloor.agreements.rendering.amended import KINDS
from onefloor.agreements.rendering.sentences import kind_of, part_title, part_words
from onefloor.metrics import catalogue
from onefloor.problems import Problem
from onefloor_web.agreements.drafts import actions, editing, fields, showing
from onefloor_web.agreements.drafts.comparing import clash_of_part, clash_of_text
from onefloor_web.agreements.drafts.jobs import KIND, ask, key_of
from onefloor_web.agreements.drafts.models import LONGEST, Draft, State
from onefloor_web.agreements.drafts.parts import forms_of, is_list, section_title, sections
from onefloor_web.agreements.drafts.replaying import shown_replay
from onefloor_web.agreements.drafts.views import of_viewer
from onefloor_web.platform.jobs.models import Job
from onefloor_web.platform.jobs.queries import problem_of, progress_of
from onefloor_web.platform.pages.formats import say
from onefloor_web.platform.permissions.page import ViewerRequest, page
from onefloor_web.platform.permissions.policy import can
from onefloor_web.records.floor import questions
from onefloor_web.records.floor.scopes import NothingToSee


@page("drafts.view")
@require_safe
def draft(request: ViewerRequest, number: int) -> HttpResponse:
    """The editor, at one part; htmx asks for the form of a part alone."""
    one = of_viewer(request, number)
    shown = _editor(request, one, request.GET.get("part", ""))
    part_alone = request.headers.get("HX-Request") and request.GET.get("alone")
    return render(request, "drafts/part_alone.html" if part_alone else "drafts/draft.html", shown)


@page("drafts.change")
@require_POST
def text(request: ViewerRequest, number: int) -> HttpResponse:
    """The YAML as somebody wrote it."""
    one = of_viewer(request, number, "drafts.change")
    try:
        actions.save(request.viewer, one, request.POST.get("text", ""), request.POST.get("stamp", ""))
    except actions.ChangedMeanwhile as changed:
        return _clash(request, changed.draft, clash_of_text(changed.draft, request.POST.get("text", "")))
    except Problem as problem:
        return _answered(request, one, problem=problem)
    return _answered(request, of_viewer(request, number), typed="text")


@page("drafts.change")
@require_POST
def parts(request: ViewerRequest, number: int) -> HttpResponse:
    """A part as its form says it; or a part more, less, or at another place."""
    one = of_viewer(request, number, "drafts.change")
    key, stamp = request.POST.get("part", ""), request.POST.get("stamp", "")
    opened = editing.opened(one)
    if opened is None:
        return _answered(request, one)
    try:
        made, key = _edited(opened, _texts(request.POST), key)
        if stamp != one.digest and made != one.text:
            return _clash(request, one, clash_of_part(one, opened, opened.at(key), _texts(request.POST)))
        actions.save(request.viewer, one, made, one.digest if stamp == one.digest else stamp)
    except actions.ChangedMeanwhile as changed:
        return _clash(
            request, changed.draft, clash_of_part(changed.draft, opened, opened.at(key), _texts(request.POST))
        )
    except Problem as problem:
        return _answered(request, one, key, problem=problem)
    structural = bool({"add", "act", "gone"} & set(request.POST))
    return _answered(request, of_viewer(request, number), key, typed="" if structural else "part")


def _texts(posted: QueryDict) -> dict[str, str]:
    """What was posted, one text a name."""
    return {name: str(posted[name]) for name in posted}


def _edited(opened: editing.Opened, posted: Mapping[str, str], key: str) -> tuple[str, str]:
    """The text after what was asked, and the part to show then."""
    if posted.get("add"):
        section, _, kind = posted["add"].partition(":")
        return editing.added(opened, section, kind) if section in sections() else (opened.text, key)
    part, act = opened.at(key), posted.get("act", "")
    if act == "remove" and part.path:
        return editing.removed(opened, part), part.section
    if act in ("up", "down") and part.single:
        return editing.shifted(opened, part, -1 if act == "up" else 1), key
    return editing.changed(opened, part, posted), key


def _answered(
    request: ViewerRequest, one: Draft, key: str = "", *, typed: str = "", problem: Problem | None = None
) -> HttpResponse:
    """After a save: for htmx what changed beside the place that was typed in, else the page again."""
    key = key or request.POST.get("part", "")
    status = 422 if problem else 200
    if request.headers.get("HX-Request"):
        shown = {**_editor(request, one, key), "problem": problem, "typed": typed}
        return render(request, "drafts/saved.html", shown)
    if problem is None:
        return redirect(f"{reverse('draft', args=[one.pk])}?part={quote(key)}")
    return render(request, "drafts/draft.html", {**_editor(request, one, key), "problem": problem}, status=status)


def _clash(request: ViewerRequest, one: Draft, clash: Any) -> HttpResponse:
    """Both versions side by side; nothing was overwritten."""
    shown = {"clash": clash, "draft": one, "back": reverse("draft", args=[one.pk])}
    if request.headers.get("HX-Request"):
        return render(request, "drafts/clash.html", {**shown, "oob": True})
    return render(request, "drafts/conflict.html", shown, status=409)


def _editor(request: ViewerRequest, one: Draft, key: str) -> dict[str, Any]:
    shown = showing.frame(request.viewer, one, "terms")
    opened = editing.opened(one)
    parts_ = opened.parts if opened else ()
    problems = showing.wrong(shown["checked"], parts_)
    more: dict[str, Any] = {
        "opened": opened,
        "wrong": problems,
        "longest": LONGEST,
        "notes": [say(note) for note in shown["checked"].notes],
        "props": {"nonce": str(getattr(request, "csp_nonce", "")), "url": reverse("draft", args=[one.pk])},
    }
    if opened is not None:
        part = opened.at(key)
        words = editing.words_of(shown["checked"].agreement, part)
        more |= {
            "part": part,
            "part_title": say(part.title),
            "fields": editing.shown_fields(opened, part),
            "words": words,
            "groups": showing.outline(one, parts_, problems),
            "part_problems": [row for row in problems if row.part == part.key],
            "comments": showing.comments_on(one, part.key),
            "addable": _addable(opened),
            "amends": opened.before is not None,
            "locked": opened.before is not None and part.key == "head",
            "suggestions": _suggestions(request) if shown["may_change"] else {},
        }
    return {**shown, **more}


def _addable(opened: editing.Opened) -> list[tuple[str, list[tuple[str, str]]]]:
    """What can be added: by section, each kind with its title."""
    found = []
    for section in sections():
        if is_list(section) or section not in opened.data:
            title = say(section_title(section))
            kinds = fields.kinds_of(forms_of(section))
            found.append(
                (title, [(f"{section}:{kind}", f"{title} · {name}" if kind else title) for kind, name in kinds])
            )
    return found


def _suggestions(request: ViewerRequest) -> dict[str, list[str]]:
    """Names to choose from: those in the viewer's own rows, and the metrics."""
    try:
        known = questions.choices(request.viewer)
    except NothingToSee:
        known = {}
    return {"metrics": sorted(catalogue.names()), **{name: known.get(name, [])[:100] for name in fields.USUAL}}


@page("drafts.view")
@require_safe
def changes(request: ViewerRequest, number: int) -> HttpResponse:
    """What the draft changes in the version in force, by part; of a new agreement, what it says."""
    one = of_viewer(request, number)
    shown = showing.frame(request.viewer, one, "changes")
    agreement = shown["checked"].agreement
    told = showing.changed(one, agreement) if agreement and one.base else []
    all_parts = [] if agreement is None or one.base else _told(agreement.versions[-1])
    kinds = {kind: say(words) for kind, words in KINDS.items()}
    rows = [
        (change, kinds[change.kind], say(section_title(change.section)) if change.section else "") for change in told
    ]
    return render(request, "drafts/changes.html", {**shown, "changes": rows, "said": all_parts})


def _told(terms: Any) -> list[tuple[str, Any, Any, Any]]:
    """Every part with its title, kind and sentence."""
    found = (*terms.parts, *terms.pools, *terms.exclusions, *terms.incidents, *terms.requests, *terms.clocks)
    single = tuple(part for part in (terms.calendar, terms.procedure, terms.renewal) if part is not None)
    return [
        (str(getattr(part, "id", "")), part_title(part), kind_of(part), part_words(part)) for part in (*found, *single)
    ]


@page("drafts.view")
@require_http_methods(["GET", "HEAD", "POST"])
def replays(request: ViewerRequest, number: int) -> HttpResponse:
    """What the draft would have paid in the last twelve months; a job computes it."""
    one = of_viewer(request, number)
    shown = showing.frame(request.viewer, one, "replay")
    may = can(request.viewer, "drafts.comment") and not shown["checked"].problems
    if request.method == "POST" and may:
        ask(request.viewer, one, reverse("draft-replays", args=[one.pk]))
        return redirect("draft-replays", one.pk)
    job = Job.objects.filter(company=request.viewer.company, kind=KIND, key=key_of(one)).order_by("-pk").first()
    more = {
        "job": job,
        "moving": job is not None and job.moving,
        "progress": progress_of(request.viewer, job) if job is not None and job.state != "done" else None,
        "failed": problem_of(job.problem) if job is not None and job.problem else None,
        "replay": shown_replay(job.result) if job is not None and job.state == "done" and job.result else None,
        "may_run": may,
        "open": one.state == State.OPEN,
    }
    return render(request, "drafts/replay.html", {**shown, **more})
