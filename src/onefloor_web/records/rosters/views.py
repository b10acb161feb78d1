"""Pages of the roster: who belongs where on a day, files out and in."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from onefloor.problems import Problem
from onefloor_web.platform.companies.mirroring import EPOCH
from onefloor_web.platform.companies.models import Form
from onefloor_web.platform.floor import floor, today
from onefloor_web.platform.pages.blocks import Empty
from onefloor_web.platform.pages.downloads import attachment
from onefloor_web.platform.pages.formats import day, language, moment, month, number, say
from onefloor_web.platform.pages.tables import Column, Table
from onefloor_web.platform.permissions.page import ViewerRequest, found, page
from onefloor_web.platform.permissions.policy import can, only_visible
from onefloor_web.platform.spreadsheets.files import TYPES, Sheet, as_xlsx, travels
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.records.rosters import loading
from onefloor_web.records.rosters.changes import Difference, Finding, Side
from onefloor_web.records.rosters.lines import FORMS, HEADS, Line, as_csv, cells, current, of_agent
from onefloor_web.records.rosters.loading import seen, shown
from onefloor_web.records.rosters.models import RosterFile, State

post_or_get = require_http_methods(["GET", "POST"])
if TYPE_CHECKING:
    Upload = UploadedFile[bytes]
else:
    Upload = UploadedFile
MOST_SHOWN = 200

LINES = (
    Column(
        pgettext_lazy("person", "Code"),
        lambda line: line.agent,
        sort="agent",
        url=lambda line: reverse("person", args=[line.agent]),
    ),
    Column(gettext_lazy("Name of the person"), lambda line: line.name or _("not shared"), sort="name"),
    Column(gettext_lazy("Company"), lambda line: line.company, sort="company"),
    Column(gettext_lazy("Employment form"), lambda line: say(FORMS[line.form]), sort="form"),
    Column(gettext_lazy("Site"), lambda line: line.site or "–", sort="site"),
    Column(gettext_lazy("Team"), lambda line: line.team or "–", sort="team"),
    Column(gettext_lazy("First day"), lambda line: day(line.first), sort="from_day"),
    Column(gettext_lazy("Last day"), lambda line: day(line.last) if line.last else "–", sort="until_day"),
)
FILES = (
    Column(gettext_lazy("File"), str, sort="name", url=lambda file: reverse("roster", args=[file.pk])),
    Column(gettext_lazy("Came"), lambda file: moment(file.came_at), sort="came_at"),
    Column(gettext_lazy("Brought by"), lambda file: file.user or "–"),
    Column(gettext_lazy("State"), lambda file: file.get_state_display()),
    Column(gettext_lazy("Lines"), lambda file: number(file.account.get("lines")) if file.account else "–", number=True),
    Column(
        gettext_lazy("New or changed"),
        lambda file: number(file.account.get("changed")) if file.account else "–",
        number=True,
    ),
    Column(
        gettext_lazy("Set aside"),
        lambda file: number(file.account.get("set_aside")) if file.account else "–",
        number=True,
    ),
    Column(gettext_lazy("Digest"), lambda file: file.digest[:12]),
)
FINDINGS = (
    Column(gettext_lazy("Line"), lambda finding: number(finding.number), sort="number", number=True),
    Column(pgettext_lazy("person", "Code"), lambda finding: finding.agent or "–", sort="agent"),
    Column(gettext_lazy("Why, and what to do"), lambda finding: say(finding.words)),
)


class Filter(forms.Form):
    """Which lines."""

    q = forms.CharField(label=gettext_lazy("Code or name"), required=False)
    on = forms.DateField(
        label=gettext_lazy("On this day"), required=False, input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    company = forms.ChoiceField(label=gettext_lazy("Company"), required=False)
    team = forms.CharField(label=gettext_lazy("Team"), required=False)

    def __init__(self, companies: Sequence[str], *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self.fields["company"].choices = [("", _("all")), *((code, code) for code in companies)]  # type: ignore[attr-defined]


class FileForm(forms.Form):
    """A file to bring."""

    file = forms.FileField(
        label=gettext_lazy("Roster file"),
        help_text=gettext_lazy("CSV or XLSX, as downloaded here. It states the whole history of each person it names."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
    )


class MoveForm(forms.Form):
    """What changes for one person, and from when."""

    ends = forms.ChoiceField(
        label=gettext_lazy("What happens"), widget=forms.RadioSelect, initial="moves",
        choices=[
            ("moves", gettext_lazy("moves: from that day on as below")),
            ("ends", gettext_lazy("leaves: that day is the last")),
        ],
    )  # fmt: skip
    day = forms.DateField(
        label=gettext_lazy("Day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
    )
    form = forms.ChoiceField(label=gettext_lazy("Employment form"), choices=Form.choices)
    site = forms.CharField(label=gettext_lazy("Site"), required=False, max_length=120)
    team = forms.CharField(label=gettext_lazy("Team"), required=False, max_length=120)
    stamp = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, held: Sequence[Line], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.held = held

    def clean_day(self) -> date:
        """A day of the last stretch: what came before is history, which a roster file can correct."""
        on: date = self.cleaned_data["day"]
        if on < self.held[-1].first or (self.held[-1].last and on > self.held[-1].last):
            raise forms.ValidationError(
                _("Choose a day of the last stretch, from %(first)s on. Earlier days are corrected by a roster file.")
                % {"first": day(self.held[-1].first)}
            )
        return on

    def clean(self) -> dict[str, Any]:
        """Nobody else may have changed the person meanwhile."""
        said = super().clean() or {}
        if said.get("stamp") != stamp(self.held):
            raise forms.ValidationError(
                _("The roster of this person was changed meanwhile; above is how it stands now. Open the page again.")
            )
        return said


def stamp(lines: Sequence[Line]) -> str:
    """A digest of what the form showed."""
    return hashlib.sha256(repr(lines).encode()).hexdigest()[:16]


def moved(held: Sequence[Line], said: Mapping[str, Any]) -> list[Line]:
    """The whole history with its last stretch ended, or ended and followed by another."""
    last, on = held[-1], (said["day"] - EPOCH).days
    if said["ends"] == "ends":
        return [*held[:-1], replace(last, until_day=on + 1)]
    new = replace(last, from_day=on, form=said["form"], site=said["site"] or None, team=said["team"] or None)
    before = [replace(last, until_day=on)] if last.from_day < on else []
    return [*held[:-1], *before, new]


def chosen(lines: Sequence[Line], *, wanted: str, on: date | None, company: str, team: str) -> list[Line]:
    """Lines that fit every part of a filter."""
    word = wanted.casefold()
    return [
        line
        for line in lines
        if (not word or word in line.agent.casefold() or word in (line.name or "").casefold())
        and (on is None or line.on(on))
        and company in ("", line.company)
        and team in ("", line.team or "")
    ]


@page("rosters.view")
@require_safe
def rosters(request: ViewerRequest) -> HttpResponse:
    """Who belongs where."""
    side = loading.side_of(request.viewer)
    form, lines = _filtered(request, side)
    empty = Empty(_("No line of the roster fits this day and these words."), _("Show the whole roster"), "?on=")
    table = Table.of(request, lines, LINES, caption=_("Roster"), empty=empty, order="agent", hidden_caption=True)
    asked = {"table": table, "form": form, "query": request.GET.urlencode(), "heads": HEADS[language()]}
    return render(request, "rosters/rosters.html", {**asked, "may_load": can(request.viewer, "rosters.load")})


@page("rosters.view")
@require_safe
def download(request: ViewerRequest, kind: str) -> HttpResponse:
    """The lines as a file that can be edited and brought back."""
    side = loading.side_of(request.viewer)
    _form, lines = _filtered(request, side, on=None)
    name = f"roster-{request.viewer.code}-{today().isoformat()}.{kind}"
    made = as_csv(lines, language()) if kind == "csv" else _workbook(request.viewer, lines)
    return attachment(made, name, TYPES[kind])


@page("rosters.view")
@require_safe
def versions(request: ViewerRequest) -> HttpResponse:
    """Who brought which file when."""
    rows = only_visible(request.viewer, "rosters.view", RosterFile.objects.defer("content").select_related("user"))
    empty = Empty(_("No roster file has come by this page yet."), _("Bring a roster file"), reverse("roster_upload"))
    table = Table.of(
        request, rows, FILES, caption=_("Roster files"), empty=empty, order="-came_at", hidden_caption=True
    )
    return render(request, "rosters/versions.html", {"table": table})


@page("rosters.load")
@post_or_get
def upload(request: ViewerRequest) -> HttpResponse:
    """Bring a file: it is judged first, nothing is loaded yet."""
    form = FileForm(request.POST or None, request.FILES or None)
    problem = None
    if form.is_valid():
        brought: Upload = form.cleaned_data["file"]
        try:
            file = loading.keep(request.viewer, PurePath(brought.name or "").name, _content(brought))
            return redirect("roster", file.pk)
        except Problem as found_problem:
            problem = found_problem
    return render(request, "rosters/upload.html", {"form": form, "problem": problem})


@page("rosters.load")
@post_or_get
def move(request: ViewerRequest, code: str) -> HttpResponse:
    """Another team, site or form for one person from a day on, or the last day: a roster file, checked as any."""
    side = loading.side_of(request.viewer)
    held = [line for line in of_agent(current(floor()), code) if line.company in side.may]
    if not held:
        raise Http404
    last = held[-1]
    initial = {"team": last.team, "site": last.site, "form": last.form, "stamp": stamp(held)}
    form = MoveForm(held, request.POST or None, initial=initial)
    if form.is_valid():
        # a name that is not shared stays out of the file too; a line without one leaves the name there is
        content = as_csv(moved([shown(side, line) for line in held], form.cleaned_data), "en", guard=False)
        file = loading.keep(request.viewer, f"{code}.csv", content)
        return redirect("roster", file.pk)
    asked = {"form": form, "code": code, "lines": [_words(shown(side, line)) for line in held]}
    return render(request, "rosters/move.html", asked)


@page("rosters.view")
@require_safe
def roster(request: ViewerRequest, number: int) -> HttpResponse:
    """One file: the account of every line, what would change, what is set aside and why."""
    file = _file(request, number, "rosters.view")
    asked = {"file": file, "may_load": can(request.viewer, "rosters.load") and file.state == State.CHECKED}
    if file.state == State.CHECKED:
        change = loading.planned(request.viewer, floor(), file)
        moving, staying = loading.months(request.viewer, floor(), change)
        asked |= {
            "account": change.account,
            "differences": [_told(one) for one in change.differences[:MOST_SHOWN]],
            "more": max(0, len(change.differences) - MOST_SHOWN),
            "people": len(change.differences),
            "moving": [month(one) for one in moving],
            "staying": [month(one) for one in staying],
            "findings": _findings(request, change.findings),
        }
    return render(request, "rosters/roster.html", {"account": file.account, **asked})


@page("rosters.load")
@require_POST
def load(request: ViewerRequest, number: int) -> HttpResponse:
    """Have it loaded."""
    file = _file(request, number, "rosters.load", lock=True)
    if file.state == State.CHECKED:
        loading.ask_to_load(request.viewer, file, reverse("roster", args=[file.pk]))
    return redirect("roster", file.pk)


@page("rosters.load")
@require_POST
def discard(request: ViewerRequest, number: int) -> HttpResponse:
    """Forget it."""
    file = _file(request, number, "rosters.load", lock=True)
    if file.state == State.CHECKED:
        loading.discard(file)
    return redirect("roster_versions")


def _filtered(request: ViewerRequest, side: Side, on: date | None = date.max) -> tuple[Filter, list[Line]]:
    """The filter and its lines; without a day in the address those of today, or of ``on`` where that is None."""
    asked = request.GET.copy()
    if "on" not in asked and on is not None:
        asked["on"] = today().isoformat()
    form = Filter(sorted(side.may), asked)
    said = form.cleaned_data if form.is_valid() else {}
    lines = chosen(
        seen(floor(), side), wanted=said.get("q", ""), on=said.get("on"), company=said.get("company", ""),
        team=said.get("team", ""),
    )  # fmt: skip
    return form, lines


def _workbook(viewer: Viewer, lines: Sequence[Line]) -> bytes:
    about = travels(viewer, scope=viewer.code, period=_("whole roster"), data_version=today().isoformat())
    rows = [cells(line, language()) for line in lines]
    return as_xlsx(Sheet(_("Roster"), about, HEADS[language()], rows))


def _content(brought: Upload) -> bytes:
    """The bytes; a file beyond the limit is not read into memory."""
    if (brought.size or 0) > loading.LARGEST:
        raise loading.TooLarge(brought.size or 0)
    return bytes(brought.read())


def _file(request: ViewerRequest, number: int, action: str, *, lock: bool = False) -> RosterFile:
    rows = RosterFile.objects.select_for_update() if lock else RosterFile.objects.select_related("user")
    return found(request.viewer, action, rows, pk=number)


def _findings(request: ViewerRequest, findings: Sequence[Finding]) -> Table | None:
    if not findings:
        return None
    empty = Empty(_("No line is set aside."))
    return Table.of(request, findings, FINDINGS, caption=_("Lines set aside"), empty=empty, order="number")


def _told(one: Difference) -> tuple[str, list[str], list[str]]:
    """A person's code, the lines that go and those that come, in words."""
    return one.agent, [_words(line) for line in one.gone], [_words(line) for line in one.come]


def _words(line: Line) -> str:
    days = f"{day(line.first)} –" + (f" {day(line.last)}" if line.last else "")
    parts = (line.name, line.company, say(FORMS[line.form]), line.site, line.team, days)
    return " · ".join(part for part in parts if part)
