"""Pages of companies, sites, teams and people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from django.forms import ModelForm
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from onefloor.language import Text
from onefloor_web.platform.companies import queries
from onefloor_web.platform.companies.forms import CompanyForm, SiteForm, TeamForm
from onefloor_web.platform.companies.models import Company, Employment, Person, Site, Team
from onefloor_web.platform.floor import today
from onefloor_web.platform.pages.addresses import whole
from onefloor_web.platform.pages.blocks import Empty
from onefloor_web.platform.pages.conflicts import STAMP, before, changed_meanwhile
from onefloor_web.platform.pages.formats import day, number
from onefloor_web.platform.pages.marks import company_mark
from onefloor_web.platform.pages.tables import Column, Table
from onefloor_web.platform.permissions.page import ViewerRequest, found, page
from onefloor_web.platform.permissions.policy import can
from onefloor_web.platform.tenancy.happenings import happened
from onefloor_web.platform.tenancy.viewer import Viewer

post_or_get = require_http_methods(["GET", "POST"])
COMPANY_FIELDS, SITE_FIELDS, TEAM_FIELDS = ("name", "second_factor", "shares_names"), ("name",), ("name", "site")


def name_of(person: Person) -> str:
    """The name, where the database shows it."""
    named = getattr(person, "named", None)
    return named.name if named else _("not shared")


def _page_of(code: str) -> str:
    return reverse("person", args=[code])


COMPANIES = (
    Column(
        gettext_lazy("Company"), lambda one: company_mark(one.name, one.slot + 1), sort="name",
        url=lambda one: reverse("company", args=[one.pk]),
    ),
    Column(gettext_lazy("Side"), lambda one: one.get_kind_display(), sort="kind"),
    Column(gettext_lazy("People today"), lambda one: number(one.people) if one.visible_people else "–", number=True),
    Column(gettext_lazy("Names for the client"), lambda one: _("shared") if one.shares_names else _("codes only")),
    Column(gettext_lazy("On the floor since"), lambda one: day(one.joined_on), sort="joined_on"),
)  # fmt: skip
TEAMS = (
    Column(gettext_lazy("Team"), str, sort="name", url=lambda team: reverse("team", args=[team.pk])),
    Column(gettext_lazy("Company"), lambda team: team.company.name, sort="company__name"),
    Column(gettext_lazy("Site"), lambda team: team.site.name if team.site else "–", sort="site__name"),
    Column(gettext_lazy("People today"), lambda team: number(team.people), sort="people", number=True),
)
PEOPLE = (
    Column(pgettext_lazy("person", "Code"), lambda one: one.code, sort="code", url=lambda one: _page_of(one.code)),
    Column(gettext_lazy("Name of the person"), lambda one: name_of(one.person), sort="person__named__name"),
    Column(gettext_lazy("Company"), lambda one: one.company.name, sort="company__name"),
    Column(gettext_lazy("Employment form"), lambda one: one.get_form_display(), sort="form"),
    Column(gettext_lazy("Site"), lambda one: one.site.name if one.site else "–", sort="site__name"),
    Column(gettext_lazy("Team"), lambda one: one.team.name if one.team else "–", sort="team__name"),
    Column(gettext_lazy("There since"), lambda one: day(one.days.lower), sort="days"),
)


@page("companies.view")
@require_safe
def companies(request: ViewerRequest) -> HttpResponse:
    """Which companies work on this floor."""
    rows = list(queries.companies(request.viewer, today()))
    for one in rows:
        one.visible_people = one.pk in request.viewer.visible and can(request.viewer, "people.view")  # type: ignore[attr-defined]
    table = Table.of(
        request, rows, COMPANIES, caption=_("Companies"), empty=Empty(""), order="slot", hidden_caption=True
    )
    return render(request, "companies/companies.html", {"table": table})


@page("companies.view")
@require_safe
def company(request: ViewerRequest, number: int) -> HttpResponse:
    """One company: its sites and teams on a day, and what it shares."""
    one = found(request.viewer, "companies.view", Company.objects.all(), pk=number)
    on = _day(request)
    inside = one.pk in request.viewer.visible and can(request.viewer, "people.view")
    asked = {
        "company": one,
        "on": on,
        "inside": inside,
        "tree": queries.tree(request.viewer, one, on) if inside else [],
        "change": can(request.viewer, "companies.settings", one),
        "trail": one.pk == request.viewer.company and can(request.viewer, "audit.view"),
    }
    return render(request, "companies/company.html", asked)


@page("companies.settings")
@post_or_get
def company_settings(request: ViewerRequest, number: int) -> HttpResponse:
    """What a company shares and asks for; each change says what it does before it is made."""
    one = found(request.viewer, "companies.settings", _locked(request, Company.objects.all()), pk=number)
    return _edited(request, one, COMPANY_FIELDS, CompanyForm, title=_("Settings of %(name)s"), back="company")


@page("people.view")
@require_safe
def teams(request: ViewerRequest) -> HttpResponse:
    """Every team with its people today."""
    rows = queries.teams(request.viewer, today())
    empty = Empty(_("No team yet. Teams come with the roster."), _("Companies"), reverse("companies"))
    table = Table.of(request, rows, TEAMS, caption=_("Teams"), empty=empty, order="name", hidden_caption=True)
    return render(request, "companies/teams.html", {"table": table})


@page("people.view")
@require_safe
def team(request: ViewerRequest, number: int) -> HttpResponse:
    """One team and who is in it on a day."""
    one = found(request.viewer, "people.view", Team.objects.select_related("company", "site"), pk=number)
    on = _day(request)
    rows = queries.people(request.viewer, on, team=one.pk)
    empty = Empty(_("Nobody is in this team on this day."))
    table = Table.of(request, rows, PEOPLE, caption=_("People"), empty=empty, order="code", hidden_caption=True)
    asked = {"team": one, "table": table, "on": on, "change": can(request.viewer, "companies.change", one)}
    return render(request, "companies/team.html", asked)


@page("companies.change")
@post_or_get
def team_change(request: ViewerRequest, number: int) -> HttpResponse:
    """A team's name and site."""
    one = found(request.viewer, "companies.change", _locked(request, Team.objects.all()), pk=number)
    return _edited(
        request, one, TEAM_FIELDS, lambda *args, **kwargs: TeamForm(*args, company=one.company_id, **kwargs),
        title=_("Change %(name)s"), back="team",
    )  # fmt: skip


@page("companies.change")
@post_or_get
def site_change(request: ViewerRequest, number: int) -> HttpResponse:
    """A site's name."""
    one = found(request.viewer, "companies.change", _locked(request, Site.objects.all()), pk=number)
    return _edited(
        request, one, SITE_FIELDS, SiteForm, title=_("Change %(name)s"), back="company", back_number=one.company_id
    )


@page("people.view")
@require_safe
def people(request: ViewerRequest) -> HttpResponse:
    """Who is there on a day."""
    on, wanted = _day(request), request.GET.get("q", "").replace("\0", "").strip()
    of = whole(request.GET.get("company", ""))
    rows = queries.people(request.viewer, on, wanted=wanted, company=of)
    empty = Empty(_("Nobody fits this day and these words."), _("Show everybody of today"), reverse("people"))
    table = Table.of(request, rows, PEOPLE, caption=_("People"), empty=empty, order="code", hidden_caption=True)
    known = Company.objects.filter(pk__in=request.viewer.visible)
    asked = {"table": table, "on": on, "wanted": wanted, "companies": known, "of": of}
    return render(request, "companies/people.html", asked)


@page("people.view")
@require_safe
def person(request: ViewerRequest, code: str) -> HttpResponse:
    """One person: where they worked, in which form, from when until when."""
    rows = queries.persons(request.viewer, code.replace("\0", ""))
    if not rows:
        raise Http404
    stints = [(stint, one.company) for one in rows for stint in one.employments.all()]
    stints.sort(key=lambda stint: stint[0].days.lower or date.min, reverse=True)
    names = [name_of(one) for one in rows if getattr(one, "named", None)]
    own = any(one.company_id == request.viewer.company for one in rows)
    asked = {
        "code": code,
        "name": names[0] if names else "",
        "stints": [_stint(stint, of) for stint, of in stints],
        "move": (own or request.viewer.client) and _may_move(request),
    }
    return render(request, "companies/person.html", asked)


def _stint(stint: Employment, of: Company) -> dict[str, Any]:
    last = stint.days.upper - timedelta(days=1) if stint.days.upper else None
    return {"company": of, "stint": stint, "first": stint.days.lower, "last": last}


def _may_move(request: ViewerRequest) -> bool:
    """The page of moves belongs to the roster, which may not be installed."""
    from onefloor_web.platform.permissions.policy import UnknownAction

    try:
        return can(request.viewer, "rosters.load")
    except UnknownAction:
        return False


def _day(request: ViewerRequest) -> date:
    """The day the address asks for; today without one or with one that is none."""
    try:
        return date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return today()


def _tell(viewer: Viewer, row: Company | Site | Team) -> None:
    """An event of the own company, in whose words the row is called as it is now."""
    if isinstance(row, Company):
        what = Text(f"{viewer.name} 修改了公司设置。", f"{viewer.name} changed the company's settings.")
        happened(viewer, "companies.settings", row, what, page=reverse("company", args=[row.pk]))
    elif isinstance(row, Site):
        what = Text(f"{viewer.name} 修改了职场 {row}。", f"{viewer.name} changed the site {row}.")
        happened(viewer, "companies.site", row, what, page=reverse("company", args=[row.company_id]))
    else:
        what = Text(f"{viewer.name} 修改了班组 {row}。", f"{viewer.name} changed the team {row}.")
        happened(viewer, "companies.team", row, what, page=reverse("team", args=[row.pk]))


def _locked(request: ViewerRequest, rows: Any) -> Any:
    """Rows locked while they are being changed."""
    return rows.select_for_update() if request.method == "POST" else rows


def _edited(
    request: ViewerRequest,
    row: Company | Site | Team,
    fields: Sequence[str],
    form_of: Callable[..., ModelForm[Any]],
    *,
    title: str,
    back: str,
    back_number: int | None = None,
) -> HttpResponse:
    """A form for one row; what somebody else has changed meanwhile is shown, not overwritten."""
    now = before(row, fields)
    form = form_of(request.POST or None, instance=row)
    address = reverse(back, args=[back_number or row.pk])
    asked = {"form": form, "title": title % {"name": row}, "back": address, "stamp": now.stamp, "name": STAMP}
    if not form.is_valid():
        return render(request, "companies/form.html", asked)
    if clash := changed_meanwhile(request.POST.get(STAMP, ""), now, form):
        return render(request, "pages/conflict.html", {**asked, "clash": clash}, status=409)
    form.save()
    _tell(request.viewer, row)
    return redirect(address)
