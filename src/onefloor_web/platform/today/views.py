"""Today."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from onefloor_web.platform.floor import now
from onefloor_web.platform.pages import blocks
from onefloor_web.platform.pages.formats import time_left
from onefloor_web.platform.permissions.page import SIGNED_IN, ViewerRequest, page
from onefloor_web.platform.today.providers import ROWS, Need, blocks_of, needs_of


@page(SIGNED_IN)
@require_safe
def today(request: ViewerRequest) -> HttpResponse:
    """What needs the viewer before anything else, then at most three blocks."""
    at = now()
    rows = [_row(need, at) for need in needs_of(request.viewer)]
    shown = rows if request.GET.get("all") else rows[:ROWS]
    more = len(rows) - len(shown)
    return render(
        request,
        "today/today.html",
        {"rows": shown, "more": more, "all": len(rows), "blocks": blocks_of(request.viewer), "at": at},
    )


def _row(need: Need, at: datetime) -> blocks.Need:
    """The row as it is shown: the time that is left, or by which it is late."""
    if need.due is None:
        return blocks.Need("", need.text, need.act, need.url)
    left, late = time_left(abs(need.due - at)), need.due < at
    clock = _("%(time)s late") % {"time": left} if late else _("%(time)s left") % {"time": left}
    return blocks.Need(clock, need.text, need.act, need.url, late=late)
