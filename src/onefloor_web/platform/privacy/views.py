"""Pages of privacy."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from onefloor_web.platform.pages.blocks import Empty
from onefloor_web.platform.pages.formats import exact, number
from onefloor_web.platform.pages.menu import menu
from onefloor_web.platform.pages.tables import Column, Table
from onefloor_web.platform.permissions.page import SIGNED_IN, ViewerRequest, page
from onefloor_web.platform.privacy import queries
from onefloor_web.platform.privacy.access import HOLDS_SECONDS, purpose_of, state
from onefloor_web.platform.privacy.forms import AccessFilter, PurposeForm

COLUMNS = (
    Column(_("When"), lambda row: exact(row.at), sort="at"),
    Column(_("Who"), lambda row: row.name, sort="name"),
    Column(_("Company"), lambda row: row.company.name, sort="company__slot"),
    Column(_("What for"), lambda row: row.get_purpose_display(), sort="purpose"),
    Column(_("What"), lambda row: row.get_kind_display(), sort="kind"),
    Column(_("Which"), lambda row: row.subject),
    Column(_("Rows"), lambda row: number(row.rows), sort="rows", number=True),
)
NOBODY = Empty(_("Nobody has opened personal data here. Each opening appears at once."))


@page(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def purpose(request: ViewerRequest) -> HttpResponse:
    """What is personal data opened for? The answer holds for half an hour and stands beside each opening."""
    onward = request.POST.get("next") or request.GET.get("next") or ""
    if not url_has_allowed_host_and_scheme(onward, allowed_hosts=None):
        onward = ""
    form = PurposeForm(request.POST or None, initial={"purpose": purpose_of(request), "next": onward})
    if request.method == "POST" and form.is_valid():
        state(request, form.cleaned_data["purpose"])
        return redirect(onward or "purpose")
    # The menu of where one was going: other pages of that section ask for no purpose.
    shown = {"form": form, "minutes": HOLDS_SECONDS // 60, "menu": menu(request.viewer, onward or request.path)}
    return render(request, "privacy/purpose.html", shown)


@page("access.view")
@require_safe
def accesses(request: ViewerRequest) -> HttpResponse:
    """Who opened what, and what for."""
    chosen = AccessFilter(request.GET)
    rows = queries.accesses(request.viewer, chosen.chosen())
    table = Table.of(request, rows, COLUMNS, caption=_("Accesses"), empty=NOBODY, order="-at", hidden_caption=True)
    return render(request, "privacy/accesses.html", {"filter": chosen, "table": table})
