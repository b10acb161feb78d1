"""The views everybody has, and the one each role begins with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from onefloor.metrics import catalogue
from onefloor.metrics.tables import TITLES
from onefloor_web.platform.pages.formats import say
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.records.scorecards.definition import Definition


@dataclass(frozen=True, slots=True)
class Given:
    """A view that comes with the floor."""

    name: str
    title: Promise
    definition: Definition

    def titled(self, by: str) -> str:
        """Its title, or grouped by something else what it then shows."""
        if by == self.definition.by:
            return str(self.title)
        words = (
            _("Delivery by %(dimension)s")
            if catalogue.metric(DELIVERY[0]).reference in self.definition.metrics
            else _("Figures by %(dimension)s")
        )
        return str(words) % {"dimension": say(TITLES[by])}


def _of(by: str, *metrics: str) -> Definition:
    return Definition(by=by, metrics=tuple(catalogue.metric(reference).reference for reference in metrics))


DELIVERY: Final = ("service_level", "abandonment", "aht", "fcr")
WORK: Final = ("handled_legs", "aht", "fcr", "occupancy")
GIVEN: Final = {
    view.name: view
    for view in (
        Given("delivery", _("Delivery by company"), _of("company", *DELIVERY)),
        Given("forms", _("Delivery by employment form"), _of("employment", "handled_legs", "aht", "fcr", "csat")),
        Given("sites", _("Sites"), _of("site", *WORK)),
        Given("teams", _("Teams"), _of("team", *WORK)),
        Given("agents", _("Agents"), _of("agent", *WORK)),
        Given("queues", _("Queues"), _of("queue", *DELIVERY)),
        Given("topics", _("Topics"), _of("topic", "handled_legs", "aht", "fcr", "csat")),
        Given("quality", _("Resolution and quality"), _of("team", "fcr", "csat", "complaints_per_10000",
                                                          "customer_critical_accuracy")),
        Given("selling", _("Selling"), _of("team", "conversion", "sale_quality", "sales_net", "complaints_per_10000")),
        Given("months", _("Month by month"), _of("month", *DELIVERY)),
        Given("days", _("Day by day"), _of("day", *DELIVERY)),
        Given("half-hours", _("Half hours of the day"), _of("interval", "offered_contacts", *DELIVERY[:3])),
        Given("own-course", _("One's own course"), _of("week", *WORK)),
    )
}  # fmt: skip

FIRST: Final = (
    (Role.VENDOR_MANAGER, "delivery"),
    (Role.EXECUTIVE, "delivery"),
    (Role.AUDITOR, "delivery"),
    (Role.PROJECT_MANAGER, "teams"),
    (Role.QA, "quality"),
    (Role.TRAINER, "quality"),
    (Role.PLANNER, "half-hours"),
    (Role.LEADER, "agents"),
    (Role.AGENT, "own-course"),
)


def first_view(viewer: Viewer) -> str:
    """The view a viewer begins with, by the widest role held."""
    return next((name for role, name in FIRST if role in viewer.roles), "delivery")
