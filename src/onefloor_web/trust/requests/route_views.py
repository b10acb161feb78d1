"""Pages of who looks after requests: of one, and of a class."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from onefloor_web.agreements.register.models import Agreement
from onefloor_web.agreements.register.queries import signed_versions
from onefloor_web.platform.accounts.models import User
from onefloor_web.platform.floor import today
from onefloor_web.platform.pages.blocks import Empty
from onefloor_web.platform.pages.formats import say
from onefloor_web.platform.pages.tables import Column, Table
from onefloor_web.platform.permissions.page import ViewerRequest, found, page
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.trust.requests import actions, forms
from onefloor_web.trust.requests.classes import WITHOUT_TERMS, classes_of
from onefloor_web.trust.requests.models import Request, Route
from onefloor_web.trust.requests.permissions import TAKING

form_page = require_http_methods(["GET", "HEAD", "POST"])


@page("requests.answer")
@form_page
def request_handler(request: ViewerRequest, number: int) -> HttpResponse:
    """Hand a request on to somebody of the client."""
    rows = Request.objects.select_related("company", "agreement")
    one = found(request.viewer, "requests.answer", rows, pk=number)
    form = forms.HandlerForm(_people(request.viewer), request.POST or None, initial={"user": one.handler})
    if request.method == "POST" and form.is_valid():
        user = form.cleaned_data["user"]
        actions.hand_on(request.viewer, one, handler=user.pk, name=str(user))
        return redirect("request", one.pk)
    return render(request, "requests/act.html", {
        "one": one, "form": form, "submit": _("Hand on"), "thread": [],
        "consequence": _("The clock does not move. Both companies read who looks after it."),
    })  # fmt: skip


@page("requests.route")
@form_page
def routes(request: ViewerRequest) -> HttpResponse:
    """Who of one's own company is told of new requests, class by class."""
    viewer, kinds = request.viewer, _kinds()
    form = forms.RouteForm(list(kinds.items()), _people(viewer), request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        actions.set_route(viewer, kind=said["kind"], role=said["role"], user=said["user"])
        return redirect("request_routes")
    rows = Route.objects.filter(company=viewer.company).select_related("user")
    columns = (
        Column(gettext_lazy("Class"), lambda one: kinds.get(one.kind, one.kind) or _("all other classes"), sort="kind"),
        Column(gettext_lazy("Looked after by"), lambda one: str(one.user or one.get_role_display())),
    )
    empty = Empty(_("Nobody is named: the client's vendor managers are told of every request."))
    table = Table.of(
        request,
        rows,
        columns,
        caption=_("Who looks after which requests"),
        empty=empty,
        order="kind",
        hidden_caption=True,
    )
    return render(request, "requests/routes.html", {"form": form, "table": table, "rows": rows, "kinds": kinds})


@page("requests.route")
@require_POST
def route_removal(request: ViewerRequest, number: int) -> HttpResponse:
    """Nobody in particular any more."""
    actions.remove_route(request.viewer, found(request.viewer, "requests.route", Route.objects.all(), pk=number))
    return redirect(reverse("request_routes"))


def _people(viewer: Viewer) -> QuerySet[User]:
    """Those of one's own company who may answer requests today."""
    on = today()
    held: dict[str, Any] = {"assignments__role__in": TAKING, "assignments__starts_on__lte": on}
    rows = User.objects.filter(company=viewer.company, is_active=True, **held)
    return rows.exclude(assignments__ends_on__lt=on, assignments__role__in=TAKING).distinct().order_by("name")


def _kinds() -> dict[str, str]:
    """All classes of the agreements the viewer may see, and of those without any."""
    found_ = {one.id: say(one.title) for one in WITHOUT_TERMS}
    for agreement in Agreement.objects.prefetch_related(signed_versions()):
        found_ |= {one.id: say(one.title) for one in classes_of(agreement, today())}
    return found_
