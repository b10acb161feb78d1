"""Today's blocks, role by role. Each asks the core within the viewer's scope and says nothing without facts."""

from __future__ import annotations

from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from onefloor.periods import day_of
from onefloor_web.platform.pages.figures import Reading
from onefloor_web.platform.pages.formats import WEEKDAYS, day, say
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.platform.today.providers import Block, block
from onefloor_web.records.delivery import keeping, waiting
from onefloor_web.records.delivery.grids import Grid, grid, moved, own_course, worse
from onefloor_web.records.delivery.half_hours import offered
from onefloor_web.records.delivery.reach import company_wide, days_words, month_words, reach_of
from onefloor_web.records.figures.whose import audience_of
from onefloor_web.records.floor import questions

DELIVERED: Final = ("service_level", "fcr", "complaints_per_10000")
WATCHED: Final = ("service_level", "abandonment", "aht", "fcr", "complaints_per_10000")
TEAMWORK: Final = ("handled_legs", "aht", "fcr")
JUDGED: Final = ("csat", "customer_critical_accuracy", "fcr")
OWN: Final = ("handled_legs", "aht", "fcr", "csat")
COURSE: Final = ("service_level", "aht", "fcr")
FOUR_WEEKS: Final = 28
MOST_MOVED: Final = 7

waiting.declare()


@block([Role.VENDOR_MANAGER], order=10)
def delivery(viewer: Viewer) -> Block | None:
    """The month so far, company by company."""
    return _so_far(viewer, "company", DELIVERED, _("Delivery, %(month)s so far"))


@block([Role.VENDOR_MANAGER], order=20)
def risks(viewer: Viewer) -> Block | None:
    """What got worse beyond chance, whatever its target says, and rows that are nobody's."""
    reach = reach_of(viewer)
    found = reach and grid(viewer, "company", WATCHED, reach.month)
    if not reach or not found:
        return None
    shows = _moved(found, worse(found)[:MOST_MOVED], _("Nothing got worse beyond chance this month."))
    return Block(_("Risks"), "delivery/moved.html", shows | {"unassigned": found.unassigned})


@block([Role.PROJECT_MANAGER], order=10)
def own_month(viewer: Viewer) -> Block | None:
    """The vendor's own month so far."""
    return _so_far(viewer, "company", WATCHED, _("%(month)s so far"))


@block([Role.PROJECT_MANAGER], order=20)
def where_we_moved(viewer: Viewer) -> Block | None:
    """Which teams differ from their months before beyond chance, for better or worse; no cause is claimed."""
    reach = reach_of(viewer)
    found = reach and grid(viewer, "team", TEAMWORK, reach.month)
    if not reach or not found:
        return None
    listed = moved(found)
    shows = _moved(found, listed[:MOST_MOVED], _("No team moved beyond chance this month."))
    return Block(_("Where we moved"), "delivery/moved.html", shows | {"more": max(0, len(listed) - MOST_MOVED)})


@block([Role.LEADER], order=10)
def team_week(viewer: Viewer) -> Block | None:
    """The team's figures of the week, so far."""
    reach = reach_of(viewer) if viewer.teams else None
    found = reach and grid(viewer, "team", TEAMWORK, reach.week, tuple(("team", team) for team in viewer.teams))
    if not reach or not found:
        return None
    title = _("The team's week, %(first)s to %(last)s") % {
        "first": day(reach.week.first), "last": day(day_of(reach.day)),
    }  # fmt: skip
    return Block(title, "delivery/grid.html", {"grid": found})


@block([Role.LEADER], order=20)
def team_today(viewer: Viewer) -> Block | None:
    """Who is in the team today, as the roster has it."""
    people = keeping.team_today(viewer)
    return Block(_("In the team today (%(n)s)") % {"n": len(people)}, "delivery/people.html", {"people": people})


@block([Role.QA, Role.TRAINER], order=10)
def judged(viewer: Viewer) -> Block | None:
    """What customers answered and what evaluations found, of the viewer's own company."""
    title = _("Surveys and evaluations, %(month)s so far")
    return _so_far(viewer, "company", JUDGED, title, own=True)


@block([Role.PLANNER], order=10)
def half_hours(viewer: Viewer) -> Block | None:
    """Contacts offered by half hour on the newest day, beside the same weekday of the week before."""
    reach = reach_of(viewer)
    found = reach and offered(viewer, reach)
    if not reach or not found:
        return None
    newest = day_of(reach.day)
    title = _("Contacts offered, %(weekday)s %(day)s") % {"weekday": say(WEEKDAYS[newest.weekday()]), "day": newest}
    return Block(title, "delivery/half_hours.html", {"offered": found})


@block([Role.AGENT], order=10)
def own_weeks(viewer: Viewer) -> Block | None:
    """The agent's last four weeks beside the four before: only against oneself, no ranking."""
    reach = reach_of(viewer) if viewer.agent else None
    found = own_course(viewer, OWN, reach.last_days(FOUR_WEEKS)) if reach else []
    return (
        Block(_("The last 4 weeks"), "delivery/own.html", {"readings": found, "audience": audience_of(viewer)})
        if found
        else None
    )


@block([Role.EXECUTIVE, Role.AUDITOR], order=10)
def thirteen_months(viewer: Viewer) -> Block | None:
    """The companies' courses over thirteen months."""
    return _so_far(viewer, "company", COURSE, _("13 months up to %(month)s"))


@block([Role.EXECUTIVE, Role.AUDITOR, Role.ADMINISTRATOR], order=20)
def records(viewer: Viewer) -> Block | None:
    """Until which day each company's records reach, and what they lack."""
    companies = questions.freshness(company_wide(viewer)).reach.companies
    rows = [(name, day(day_of(one.through)), days_words(one.missing)) for name, one in companies.items()]
    return Block(pgettext("facts", "Records"), "delivery/reach.html", {"rows": rows}) if rows else None


@block([Role.AUDITOR], order=30)
def openings(viewer: Viewer) -> Block:
    """How often somebody opened records in the last days."""
    return Block(_("Access log"), "delivery/openings.html", keeping.openings(viewer))


@block([Role.ADMINISTRATOR], order=10)
def first_day(viewer: Viewer) -> Block | None:
    """The steps of the first day, until the first figures are there."""
    steps = keeping.first_steps(viewer)
    title = pgettext("block", "First day")
    return None if all(step.done for step in steps) else Block(title, "delivery/setup.html", {"steps": steps})


@block([Role.ADMINISTRATOR], order=30)
def failed_jobs(viewer: Viewer) -> Block:
    """How many jobs of the company failed in the last days."""
    count = keeping.failed(viewer).count()
    return Block(_("Jobs"), "delivery/jobs.html", {"count": count, "url": reverse("jobs") + "?state=failed"})


def _so_far(viewer: Viewer, by: str, metrics: tuple[str, ...], title: str, *, own: bool = False) -> Block | None:
    """A grid of the newest month; ``own`` of the viewer's company only."""
    reach = reach_of(viewer)
    found = reach and grid(viewer, by, metrics, reach.month, (("company", viewer.code),) if own else ())
    if not reach or not found:
        return None
    return Block(title % {"month": month_words(reach.month)}, "delivery/grid.html", {"grid": found})


def _moved(found: Grid, readings: list[Reading], otherwise: str) -> dict[str, object]:
    return {"readings": readings, "otherwise": otherwise, "url": found.url}
