"""Pages of privacy."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_safe

from onefloor_web.platform.permissions.page import SIGNED_IN, ViewerRequest, page
from onefloor_web.platform.privacy import queries
from onefloor_web.platform.privacy.access import HOLDS_SECONDS, purpose_of, state
from onefloor_web.platform.privacy.forms import AccessFilter, PurposeForm


@page(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def purpose(request: ViewerRequest) -> HttpResponse:
    """What is personal data opened for? The answer holds for half an hour and stands beside each opening."""
    onward = request.POST.get("next") or request.GET.get("next") or ""
    if not url_has_allowed_host_and_scheme(onward, allowed_hosts=None):
        onward = ""
    form = PurposeForm(request.POST or None, initial={"purpose": purpose_of(request)})
    if request.method == "POST" and form.is_valid():
        state(request, form.cleaned_data["purpose"])
        return redirect(onward or "purpose")
    minutes = HOLDS_SECONDS // 60
    return render(request, "privacy/purpose.html", {"form": form, "next": onward, "minutes": minutes})


@page("access.view")
@require_safe
def accesses(request: ViewerRequest) -> HttpResponse:
    """Who opened what, and what for."""
    chosen = AccessFilter(request.GET)
    found = queries.accesses(request.viewer, chosen.chosen())
    return render(request, "privacy/accesses.html", {"filter": chosen, "page": queries.paged(found, request.GET)})
