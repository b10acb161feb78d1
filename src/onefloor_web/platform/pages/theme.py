"""Light, dark, or as the system: a cookie, so that the server sends the right page at once and nothing flashes."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from onefloor_web.platform.permissions.page import PUBLIC, page

THEMES = ("auto", "light", "dark")
COOKIE = "theme"
YEAR = 365 * 24 * 3600


def theme_of(request: HttpRequest) -> str:
    """The chosen theme; ``auto`` without a choice."""
    chosen = request.COOKIES.get(COOKIE, "")
    return chosen if chosen in THEMES else THEMES[0]


@page(PUBLIC)
@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Keep the choice and go back to the page it was made on."""
    wanted, back = request.POST.get("theme", ""), request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    answer = HttpResponseRedirect(back if safe else "/")
    if wanted in THEMES:
        answer.set_cookie(COOKIE, wanted, max_age=YEAR, secure=settings.TLS, httponly=True, samesite="Lax")
    return answer
