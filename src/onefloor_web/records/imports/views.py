"""Pages of the wizard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from onefloor.facts.detecting import Fit
from onefloor.facts.kinds import NAMES, TABLE
from onefloor.facts.trial import preview
from onefloor.problems import Problem, Problems
from onefloor_web.platform.floor import floor
from onefloor_web.platform.jobs.models import Job
from onefloor_web.platform.jobs.queries import problem_of, progress_of
from onefloor_web.platform.pages.blocks import Empty
from onefloor_web.platform.pages.formats import moment, number, say
from onefloor_web.platform.pages.tables import Column, Table
from onefloor_web.platform.permissions.page import ViewerRequest, found, page
from onefloor_web.platform.permissions.policy import can, only_visible
from onefloor_web.platform.privacy.access import asks_purpose, opened, purpose_of
from onefloor_web.platform.privacy.models import Kind
from onefloor_web.records.imports import actions, shown
from onefloor_web.records.imports.forms import FileForm, PlaceForm
from onefloor_web.records.imports.mapping_form import MappingForm, TextForm, content_of, plain_words, text_of
from onefloor_web.records.imports.models import Import, State
from onefloor_web.records.imports.reading import NoKindChosen, fits_of, kinds_for, reader_of, strangers, without_folders
from onefloor_web.records.imports.steps import rail, step_of

EMPTY = Empty(
    _("No imports yet. A file that is brought in appears here with the account of its lines."),
    _("Import a file"), "/imports/new/",
)  # fmt: skip
COLUMNS = (
    Column(_("File"), lambda row: row.name, sort="name", url=lambda row: reverse("import", args=[row.pk])),
    Column(_("Kind"), lambda row: shown.kind_name(row.kind), sort="kind"),
    Column(_("State"), lambda row: row.get_state_display(), sort="state"),
    Column(_("Lines"), lambda row: _count(row, "lines"), number=True),
    Column(_("Loaded"), lambda row: _count(row, "loaded") if row.report else "", number=True),
    Column(_("Set aside"), lambda row: _count(row, "quarantined"), number=True),
    Column(_("Begun by"), lambda row: row.begun_name, sort="begun_name"),
    Column(_("Begun at"), lambda row: moment(row.begun_at), sort="begun_at"),
)


def of_viewer(request: ViewerRequest, number_: int, action: str = "imports.view") -> Import:
    """The import of an address; 404 if it is another company's."""
    return found(request.viewer, action, Import.objects.all(), pk=number_)


@page("imports.view")
@require_safe
def imports(request: ViewerRequest) -> HttpResponse:
    """What was brought in, and what became of it."""
    rows = only_visible(request.viewer, "imports.view", Import.objects.exclude(state=State.DISCARDED))
    table = Table.of(request, rows, COLUMNS, caption=_("Imports"), empty=EMPTY, order="-begun_at", hidden_caption=True)
    return render(request, "imports/imports.html", {"table": table, "may": can(request.viewer, "imports.change")})


@page("imports.change")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: ViewerRequest) -> HttpResponse:
    """Which file? An upload, or the new files of a folder or object store."""
    by_place = request.method == "POST" and "place" in request.POST
    files = FileForm(request.POST, request.FILES) if request.method == "POST" and not by_place else FileForm()
    place = PlaceForm(request.POST if by_place else None)
    problem: Problem | None = None
    try:
        if by_place and place.is_valid():
            return redirect("import-kind", actions.begin_with_place(request.viewer, place.cleaned_data["place"]).pk)
        if files.is_bound and files.is_valid():
            return redirect("import-kind", actions.begin_with_files(request.viewer, files.cleaned_data["files"]).pk)
    except Problem as error:
        problem = error
    shown_ = {"files": files, "place": place, "roots": floor().import_roots, "problem": problem}
    return render(request, "imports/new.html", {**shown_, "steps": rail(None, "import-new")}, status=_status(problem))


@page("imports.view")
@require_safe
def at_its_step(request: ViewerRequest, number: int) -> HttpResponse:
    """The page it is at."""
    made = of_viewer(request, number)
    return redirect(step_of(made), made.pk)


@page("imports.view")
@require_http_methods(["GET", "HEAD", "POST"])
def kind(request: ViewerRequest, number: int) -> HttpResponse:
    """What kind of file is it? Detected, and changeable."""
    made = of_viewer(request, number, "imports.change" if request.method == "POST" else "imports.view")
    if made.state == State.LOADED:
        return redirect("import-report", made.pk)
    if made.state == State.FETCHING:
        return _page(request, made, "kind", "import-kind", {})
    every, problem = _fits(made)
    fits = [fit for fit in every if fit.kind in kinds_for(request.viewer)]
    theirs = None if fits else next((NAMES[fit.kind] for fit in every), None)
    if request.method == "POST":
        chosen = request.POST.get("kind", "")
        if chosen in kinds_for(request.viewer):
            look = next((fit for fit in fits if fit.kind == chosen), None)
            answer = _done(
                request, lambda: actions.describe(request.viewer, made, chosen, look), "import-mapping", made
            )
            if isinstance(answer, HttpResponse):
                return answer
            problem = answer
        else:
            problem = problem or NoKindChosen(theirs)
    best = made.kind or (fits[0].kind if fits else "")
    offered = [(name, _fit_words(name, fits)) for name in kinds_for(request.viewer)]
    more = {"offered": offered, "chosen": best, "problem": problem, "fits": fits, "client": request.viewer.client,
            "theirs": say(theirs) if theirs else ""}  # fmt: skip
    return _page(request, made, "kind", "import-kind", more, status=_status(problem))


@page("imports.view")
@require_http_methods(["GET", "HEAD", "POST"])
def mapping(request: ViewerRequest, number: int) -> HttpResponse:
    """Does it read right? The mapping beside the first rows as they would be loaded."""
    made = of_viewer(request, number, "imports.change" if request.method == "POST" else "imports.view")
    if not made.open or not made.kind:
        return redirect("import", made.pk)
    problem: Problem | None = None
    header = _header(made)
    if request.method == "POST":
        form = _form(request, made, header)
        if made.kind != TABLE or form.is_valid():
            answer = _done(request, lambda: _mapped(request, made, form, header), _next(request), made)
            if isinstance(answer, HttpResponse):
                return answer
            problem = _of_the_form(answer) if isinstance(form, MappingForm) else answer
            made.refresh_from_db()
    else:
        form = _form(request, made, header, bound=False)
    more = {"form": form, "as_text": isinstance(form, TextForm), "problem": problem, "table": made.kind == TABLE}
    shown_page = _mapping if request.method == "POST" else asks_purpose(_mapping)  # what was sent is not lost
    return shown_page(request, made, more)


def _mapping(request: ViewerRequest, made: Import, more: dict[str, Any]) -> HttpResponse:
    return _page(request, made, "mapping", "import-mapping", {**more, **_preview(request, made)})


@page("imports.view")
@require_POST
def shown_preview(request: ViewerRequest, number: int) -> HttpResponse:
    """The first rows with the form as it stands now, which is not kept."""
    made = of_viewer(request, number)
    form = _form(request, made, _header(made))
    if made.kind == TABLE and not form.is_valid():
        return render(request, "imports/preview.html", {"made": made, "incomplete": True})
    if made.open and form.is_valid():
        made.mapping = _text(form)
    return render(request, "imports/preview.html", {"made": made, **_preview(request, made)})


@page("imports.view")
@require_http_methods(["GET", "HEAD", "POST"])
def trial(request: ViewerRequest, number: int) -> HttpResponse:
    """What would happen? The account of every line, and what to do about those that would be set aside."""
    made = of_viewer(request, number, "imports.change" if request.method == "POST" else "imports.view")
    problem: Problem | None = None
    if request.method == "POST":
        answer = _done(request, lambda: actions.try_it(request.viewer, made), "import-dry-run", made)
        if isinstance(answer, HttpResponse):
            return answer
        problem = answer
    if made.state in (State.LOADED, State.DISCARDED) or not made.kind:
        return redirect("import", made.pk) if made.state != State.DISCARDED else redirect("imports")
    return _page(request, made, "dry_run", "import-dry-run", {"problem": problem, **_account(made.tried)})


@page("imports.change")
@require_POST
def load(request: ViewerRequest, number: int) -> HttpResponse:
    """Load what was tried."""
    made = of_viewer(request, number, "imports.change")
    answer = _done(request, lambda: actions.load_it(request.viewer, made), "import-report", made)
    return answer if isinstance(answer, HttpResponse) else redirect("import", made.pk)


@page("imports.view")
@require_safe
def report(request: ViewerRequest, number: int) -> HttpResponse:
    """What became of every line."""
    made = of_viewer(request, number)
    job = _job(made)
    if made.state != State.LOADED and (job is None or job.kind != "imports.load"):
        return redirect("import", made.pk)
    step = "import-report" if made.state == State.LOADED else "import-load"
    onward = {
        "sees_rosters": can(request.viewer, "rosters.view"),
        "sees_figures": can(request.viewer, "scorecards.view"),
    }
    more = {**_account(made.report), **onward, "strangers": strangers(made) if made.state == State.LOADED else []}
    return _page(request, made, "report", step, more)


@page("imports.change")
@require_POST
def removal(request: ViewerRequest, number: int) -> HttpResponse:
    """Give the import up."""
    made = of_viewer(request, number, "imports.change")
    answer = _done(request, lambda: actions.discard(made), "imports", None)
    if isinstance(answer, HttpResponse):
        messages.success(request, gettext("%(name)s is discarded. Nothing of it was loaded.") % {"name": made.name})
        return answer
    return redirect("import", made.pk)


def _page(
    request: HttpRequest, made: Import, name: str, step: str, more: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    viewer = request.viewer  # type: ignore[attr-defined]
    job = _job(made)
    context = {
        "made": made,
        "steps": rail(made, step),
        "kind_name": shown.kind_name(made.kind),
        "may": can(viewer, "imports.change"),
        "job": job,
        "moving": job is not None and job.moving,
        "progress": progress_of(viewer, job) if job is not None and job.state != "done" else None,
        "failed": problem_of(job.problem) if job is not None and job.problem else None,
        **more,
    }
    return render(request, f"imports/{name}.html", context, status=status)


def _job(made: Import) -> Job | None:
    return Job.objects.filter(pk=made.job).first() if made.job else None


def _account(kept: dict[str, Any] | None) -> dict[str, Any]:
    if not kept:
        return {}
    account = kept["account"]
    return {
        "account": account,
        "because": shown.because(account),
        "problems": shown.problems(kept.get("problems", [])),
        "new_names": {plain_words(name): names for name, names in kept.get("new_names", {}).items()},
        "all_known": account["lines"] > 0 and account["lines"] == account["duplicates"],
        "files": kept["files"] if len(kept["files"]) > 1 else [],
        "removed_since": account["reasons"].get("note:removed_since", 0),
    }


def _done(request: HttpRequest, act: Callable[[], object], onward: str, made: Import | None) -> HttpResponse | Problem:
    """Do it and go on; a problem is shown where it arose, one of time as a message."""
    try:
        with without_folders():
            act()
    except actions.NotNow as problem:
        messages.error(request, f"{say(problem.what)} {say(problem.remedy)}")
        return redirect("import", made.pk) if made else redirect("imports")
    except Problem as problem:
        return problem
    return redirect(onward, made.pk) if made and onward != "imports" else redirect(onward)


def _fits(made: Import) -> tuple[list[Fit], Problem | None]:
    try:
        return fits_of(made), None
    except Problem as problem:
        return [], problem


def _fit_words(name: str, fits: list[Fit]) -> str:
    fit = next((fit for fit in fits if fit.kind == name), None)
    return say(fit.words) if fit else shown.kind_name(name)


def _header(made: Import) -> list[str]:
    look = next((fit.look for fit in _fits(made)[0] if fit.look), None) if made.kind == TABLE else None
    return list(look.header) if look else []


def _form(request: HttpRequest, made: Import, header: list[str], *, bound: bool = True) -> MappingForm | TextForm:
    """The mapping as a form, or as text where that is asked for or the only way."""
    data = request.POST if bound else None
    if made.kind != TABLE or "text" in (data or {}) or request.GET.get("as") == "text":
        return TextForm(data, initial={"text": made.mapping})
    return MappingForm(data, header=header, content=content_of(made.mapping))


def _of_the_form(problem: Problem) -> Problem:
    """Without lines of the text, which whoever fills the form does not see."""
    for one in problem.problems if isinstance(problem, Problems) else [problem]:
        one.where = None
    return problem


def _text(form: MappingForm | TextForm) -> str:
    return str(form.cleaned_data["text"]) if isinstance(form, TextForm) else text_of(form.made())


def _mapped(request: ViewerRequest, made: Import, form: MappingForm | TextForm, header: list[str]) -> None:
    if made.kind == TABLE:
        text = _text(form)
        if isinstance(form, MappingForm) and form.cleaned_data["target"] != form.content["target"]:
            text = actions.guess(request.viewer, made, header, form.cleaned_data["target"]).text
        actions.map_columns(made, text)
        made.refresh_from_db()
        if "keep" in request.POST and actions.keep_mapping(request.viewer, made, header):
            messages.success(request, gettext("The mapping is kept for the next file with these columns."))
        content_of(made.mapping)
        if "try" in request.POST:
            actions.keep_mapping(request.viewer, made, header)
    if "try" in request.POST:
        actions.try_it(request.viewer, made)


def _next(request: HttpRequest) -> str:
    return "import-dry-run" if "try" in request.POST else "import-mapping"


def _preview(request: ViewerRequest, made: Import) -> dict[str, Any]:
    """The first rows as they would be loaded, or why they cannot be read; seeing them is logged."""
    if purpose_of(request) is None:
        return {"no_purpose": True}
    try:
        with without_folders():
            reader = reader_of(request.viewer, made)
            found_ = preview(floor(), reader, made.paths[0], rows=8)
    except Problem as problem:
        return {"preview_problem": problem}
    opened(request, Kind.PREVIEW, made.name, rows=len(found_.rows))
    return {
        "rows": shown.preview_rows(found_, shown.times_of(reader.mapping)),
        "hours": shown.hours_chart(found_.hours) if sum(found_.hours) else "",
        "hours_words": shown.hours_words(found_.hours) if found_.table in ("contacts", "events") else "",
        "hours_table": [(hour, number(count)) for hour, count in enumerate(found_.hours) if count],
        "sample": number(found_.account.lines),
    }


def _count(made: Import, name: str) -> str:
    account = made.account()
    return number(account[name]) if account else ""


def _status(problem: Problem | None) -> int:
    return 200 if problem is None else 422
