"""How far the facts reach, as every role may know it: it holds no row of anybody."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from onefloor.language import Text
from onefloor.periods import Month, day_id, day_of
from onefloor_web.platform.floor import zone
from onefloor_web.platform.pages import formats
from onefloor_web.platform.permissions.policy import can
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.records.figures import spans
from onefloor_web.records.figures.freshness import bar
from onefloor_web.records.figures.spans import Span
from onefloor_web.records.floor import questions
from onefloor_web.records.floor.scopes import NothingToSee

SHOWN_DAYS = 3


@dataclass(frozen=True, slots=True)
class Reach:
    """What a viewer's figures can speak of: the newest month with facts, and the newest day."""

    month: Span
    day: int

    def last_days(self, days: int, *, back: int = 0) -> Span:
        """So many days up to the newest one, or up to ``back`` days before it."""
        last = day_of(self.day) - timedelta(days=back)
        return Span(last - timedelta(days=days - 1), last, "day")

    @property
    def week(self) -> Span:
        """The week of the newest day, from Monday."""
        newest = day_of(self.day)
        monday = newest - timedelta(days=newest.weekday())
        return Span(monday, monday + timedelta(days=6), "week")


def reach_of(viewer: Viewer) -> Reach | None:
    """None without facts, and for roles that look at no rows."""
    try:
        months = questions.months(viewer)
    except NothingToSee:
        return None
    day = newest_day(viewer)
    if not months or day is None:
        return None
    return Reach(spans.of_months(months[-1], months[-1]), day)


def newest_day(viewer: Viewer) -> int | None:
    """The id of the newest day a record speaks of."""
    through = questions.freshness(company_wide(viewer)).reach.through_ms
    return None if through is None else day_id(_date(through - 1))


def company_wide(viewer: Viewer) -> Viewer:
    """The viewer's company as a whole. For how far facts reach only, which even roles without rows may know."""
    return replace(viewer, user=None)


def month_words(span: Span) -> str:
    """``2026 年 11 月``."""
    return formats.month(Month(span.first.year, span.first.month))


def days_words(days: tuple[int, ...]) -> str:
    """``2026-11-20``; of many the first, and how many more."""
    listed = formats.say(Text("、", ", ")).join(formats.day(day_of(day)) for day in days[:SHOWN_DAYS])
    more = len(days) - SHOWN_DAYS
    return _("%(days)s and %(more)s more") % {"days": listed, "more": more} if more > 0 else listed


def bar_of_today(request: HttpRequest) -> SafeString | str:
    """The bar of freshness, on Today only: pages of figures have their own."""
    match, viewer = request.resolver_match, getattr(request, "viewer", None)
    if match is None or match.view_name != "today" or viewer is None:
        return ""
    url = reverse("imports") if may_import(viewer) else ""
    return render_to_string("pages/freshness.html", {"freshness": replace(bar(company_wide(viewer)), url=url)})


def may_import(viewer: Viewer) -> bool:
    """Whether a viewer brings files in."""
    return can(viewer, "imports.change")


def owes(viewer: Viewer) -> bool:
    """Whether a viewer cares for files of others too: the client's manager and administrator."""
    return viewer.client and bool(viewer.roles & {Role.VENDOR_MANAGER, Role.ADMINISTRATOR})


def _date(ms: int) -> date:
    return formats.local(ms).astimezone(zone()).date()
