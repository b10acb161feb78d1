"""Pages of companies, sites, teams and people."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from onefloor_web.platform.companies import queries
from onefloor_web.platform.companies.models import Company
from onefloor_web.platform.permissions.page import ViewerRequest, found, page


@page("companies.view")
@require_safe
def companies(request: ViewerRequest) -> HttpResponse:
    """Which companies work on this floor."""
    return render(request, "companies/companies.html", {"companies": queries.companies(request.viewer)})


@page("companies.view")
@require_safe
def company(request: ViewerRequest, number: int) -> HttpResponse:
    """One company."""
    one = found(request.viewer, "companies.view", Company.objects.all(), pk=number)
    return render(request, "companies/company.html", {"company": one})
