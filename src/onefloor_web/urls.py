"""Addresses: plural nouns, ended by a slash."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import include, path

from onefloor_web.platform.permissions.page import PUBLIC, page
from onefloor_web.serving.health import health


@page(PUBLIC)
def home(request: HttpRequest) -> HttpResponse:
    """The first page is Today."""
    return redirect("today")


urlpatterns = [
    path("", home, name="home"),
    path("sign-in/", include("onefloor_web.platform.accounts.sign_in_urls")),
    path("health/", health, name="health"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("onefloor_web.platform.accounts.urls")),
    path("", include("onefloor_web.agreements.drafts.urls")),
    path("", include("onefloor_web.platform.api.urls")),
    path("", include("onefloor_web.platform.companies.urls")),
    path("", include("onefloor_web.platform.demo.urls")),
    path("", include("onefloor_web.platform.pages.urls")),
    path("", include("onefloor_web.platform.privacy.urls")),
    path("", include("onefloor_web.platform.jobs.urls")),
    path("", include("onefloor_web.platform.audit.urls")),
    path("", include("onefloor_web.platform.calendars.urls")),
    path("", include("onefloor_web.platform.notifications.urls")),
    path("", include("onefloor_web.platform.search.urls")),
    path("", include("onefloor_web.platform.uploads.urls")),
    path("", include("onefloor_web.platform.today.urls")),
    path("", include("onefloor_web.settlement.disputes.urls")),
    path("", include("onefloor_web.records.contacts.urls")),
    path("", include("onefloor_web.records.figures.urls")),
    path("", include("onefloor_web.records.imports.urls")),
    path("", include("onefloor_web.records.metrics.urls")),
    path("", include("onefloor_web.records.rosters.urls")),
    path("", include("onefloor_web.records.scorecards.urls")),
    path("", include("onefloor_web.settlement.statements.urls")),
    path("", include("onefloor_web.agreements.signatures.urls")),
    path("", include("onefloor_web.agreements.register.urls")),
    path("", include("onefloor_web.agreements.exclusions.urls")),
    path("", include("onefloor_web.agreements.duties.urls")),
    path("", include("onefloor_web.agreements.forecasts.urls")),
    path("", include("onefloor_web.settlement.what_ifs.urls")),
    path("", include("onefloor_web.trust.requests.urls")),
]
if settings.TIMING:
    from onefloor_web.serving.timing import bare

    urlpatterns.append(path("bare/", bare, name="bare"))

handler400 = "onefloor_web.platform.pages.errors.bad_request"
handler403 = "onefloor_web.platform.pages.errors.forbidden"
handler404 = "onefloor_web.platform.pages.errors.not_found"
handler429 = "onefloor_web.platform.pages.errors.too_many"  # asked by allauth
handler500 = "onefloor_web.serving.unavailable.failed"
