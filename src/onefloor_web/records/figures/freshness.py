"""Until when the facts reach, and whose days are missing: the bar above every page of figures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext as _

from onefloor.language import Text
from onefloor.periods import day_of
from onefloor_web.platform.pages.blocks import Freshness, Missing
from onefloor_web.platform.pages.formats import say
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.records.floor import questions

SHOWN_DAYS = 3


def bar(viewer: Viewer, *, final: bool = False) -> Freshness:
    """For the freshness component; ``final`` where nothing on the page can change any more."""
    fresh = questions.freshness(viewer)
    through = fresh.reach.through_ms
    missing = tuple(
        Missing(company, _days(reach.missing)) for company, reach in fresh.reach.companies.items() if reach.missing
    )
    return Freshness(
        None if through is None else datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=through - 1),
        missing,
        final and not fresh.behind,
        behind=fresh.behind,
    )


def _days(days: Sequence[int]) -> str:
    """``2026-11-20``; of many the first, and how many more."""
    listed = say(Text("、", ", ")).join(day_of(day).isoformat() for day in days[:SHOWN_DAYS])
    more = len(days) - SHOWN_DAYS
    return _("%(days)s and %(more)s more") % {"days": listed, "more": more} if more > 0 else listed
