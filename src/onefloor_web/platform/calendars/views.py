"""The page that tells one's own address, and the feed behind it."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from onefloor_web.platform.accounts.viewers import viewer_of
from onefloor_web.platform.calendars.feed import feed
from onefloor_web.platform.calendars.links import address_of, user_of
from onefloor_web.platform.calendars.providers import deadlines_of
from onefloor_web.platform.floor import floor, today
from onefloor_web.platform.pages.formats import moment
from onefloor_web.platform.permissions.page import PUBLIC, SIGNED_IN, ViewerRequest, page
from onefloor_web.platform.tenancy.scopes import tenant


@page(SIGNED_IN)
@require_safe
def calendar(request: ViewerRequest) -> HttpResponse:
    """One's own deadlines, and the address under which a calendar reads them."""
    user = request.user
    assert user.is_authenticated, "the page is for those signed in"
    address = f"{_site(request)}{address_of(user)}"
    rows = [(moment(one.at), one.title, one.url) for one in deadlines_of(request.viewer)]
    return render(request, "calendars/calendar.html", {"address": address, "rows": rows})


@page(PUBLIC)
@require_safe
def calendar_feed(request: HttpRequest, signed: str) -> HttpResponse:
    """The deadlines of the user whose address this is; calendars cannot sign in."""
    user = user_of(signed)
    if user is None:
        raise Http404
    viewer = viewer_of(user, today())
    with tenant(viewer), override(user.language):
        name = _("Deadlines: %(floor)s") % {"floor": floor().name}
        made = feed(
            deadlines_of(viewer), name=name, site=_site(request), host=request.get_host().partition(":")[0],
            made=timezone.now(),
        )  # fmt: skip
    answer = HttpResponse(made, content_type="text/calendar; charset=utf-8")
    answer["Cache-Control"] = "no-store"
    answer["Content-Disposition"] = 'inline; filename="onefloor.ics"'
    return answer


def _site(request: HttpRequest) -> str:
    return str(getattr(settings, "SITE", "") or f"{request.scheme}://{request.get_host()}").rstrip("/")
