"""Users, roles, second factors, what a company says of itself: each act is an event of its own company, and told."""

from __future__ import annotations

from datetime import date

import pytest
from world import World, confirmed

from onefloor_web.platform.events.models import Event
from onefloor_web.platform.notifications.models import Notification
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.scopes import tenant

NEW = {
    "username": "north-new", "name": "New", "email": "", "language": "en", "role": "qa", "starts_on": "2026-01-05",
    "team": "", "ends_on": "",
}  # fmt: skip
ROLE = {"role": "planner", "team": "", "starts_on": "2026-01-05", "ends_on": ""}
ACTS = [
    ("/accounts/invitations/", NEW, ["accounts.invited", "accounts.role_given"]),
    ("/accounts/{qa}/change/", {"name": "Other", "email": "", "agent": ""}, ["accounts.changed"]),
    ("/accounts/{qa}/closing/", {}, ["accounts.closed"]),
    ("/accounts/{qa}/opening/", {}, ["accounts.reopened"]),
    ("/accounts/{qa}/second-factor/removal/", {}, ["accounts.factor_removed"]),
    ("/accounts/{qa}/roles/", ROLE, ["accounts.role_given"]),
    ("/accounts/{qa}/roles/{role}/end/", {"last_day": "2026-12-31"}, ["accounts.role_ended"]),
    ("/companies/{company}/settings/", {"name": "North", "second_factor": "managers"}, ["companies.settings"]),
    ("/sites/{site}/change/", {"name": "Other"}, ["companies.site"]),
    ("/teams/{team}/change/", {"name": "Other", "site": "{site}"}, ["companies.team"]),
]


@pytest.mark.parametrize(("path", "said", "names"), ACTS, ids=[names[-1] for _, _, names in ACTS])
def test_each_act_is_an_event_that_the_own_company_alone_reads(
    world: World, path: str, said: dict[str, str], names: list[str]
):
    side, other = world["North"], second_administrator(world)
    client = confirmed(side.client(Role.ADMINISTRATOR))
    numbers = {
        "qa": side.users[Role.QA].pk, "role": side.rows["role"], "company": side.company.pk, "site": side.site.pk,
        "team": side.team.pk,
    }  # fmt: skip
    address = path.format(**numbers)
    page = client.get(address)
    stamp = {"stamp": page.context["stamp"]} if "stamp" in page.context else {}
    answer = client.post(address, {key: value.format(**numbers) for key, value in said.items()} | stamp)
    assert answer.status_code == 302, answer.content.decode()
    assert {name: happened(world, name, names) for name in ("North", "Own", "Harbor")} == {
        "North": names, "Own": [], "Harbor": [],
    }  # fmt: skip
    with tenant(side.viewer(Role.ADMINISTRATOR)):
        event = Event.objects.filter(name__in=names).latest("pk")
        assert side.users[Role.ADMINISTRATOR].name in event.what["en"]
    with tenant(other):
        assert set(Notification.objects.filter(user=other.user, kind__in=names).values_list("kind", flat=True)) == {
            *names
        }


def happened(world: World, name: str, names: list[str]) -> list[str]:
    """The events of these names that a company sees, in order."""
    with tenant(world[name].viewer(Role.ADMINISTRATOR)):
        return list(Event.objects.filter(name__in=names).order_by("pk").values_list("name", flat=True))


def second_administrator(world: World):
    """The planner, who is an administrator too."""
    from onefloor_web.platform.accounts.models import Assignment

    side = world["North"]
    with tenant(side.viewer(Role.ADMINISTRATOR)):
        Assignment.objects.create(
            company=side.company, user=side.users[Role.PLANNER], role=Role.ADMINISTRATOR, starts_on=date(2025, 1, 1)
        )
    return side.viewer(Role.PLANNER)
