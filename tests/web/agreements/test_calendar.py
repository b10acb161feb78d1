"""What waits for an answer stands in the calendars of both sides, and nobody else's."""

from __future__ import annotations

from django.utils.translation import override
from world import World

from onefloor_web.agreements.exclusions import actions as exclusions
from onefloor_web.agreements.forecasts import actions as forecasts
from onefloor_web.platform.calendars.providers import deadlines_of
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.scopes import tenant

NORTH, OWN = ("North", Role.PROJECT_MANAGER), ("Own", Role.VENDOR_MANAGER)


def said(world: World, side: tuple[str, Role], url: str) -> list[str]:
    viewer = world[side[0]].viewer(side[1])
    with tenant(viewer), override("en"):
        return [one.title for one in deadlines_of(viewer) if one.url == url]


def test_an_exclusion_stands_there_until_it_is_answered(world: World):
    one, code = world["North"].rows["exclusion"], world["North"].rows["agreement"].code
    url = exclusions.page_of(one)
    waiting = [f"the client: answer exclusion {one.code} of {code}"]
    assert (said(world, NORTH, url), said(world, OWN, url)) == (waiting, waiting)
    assert said(world, ("Harbor", Role.PROJECT_MANAGER), url) == []
    assert said(world, ("North", Role.AGENT), url) == []
    own = world["Own"].viewer(Role.VENDOR_MANAGER)
    with tenant(own):
        exclusions.answer(own, one, approved=False, why="no outage on record")
    assert (said(world, NORTH, url), said(world, OWN, url)) == ([], [])


def test_a_locked_forecast_stands_there_until_it_is_acknowledged(world: World):
    lock, code = world["North"].rows["lock"], world["North"].rows["agreement"].code
    url = forecasts.page_of(lock)
    waiting = [f"North: acknowledge the forecast for 2027-01 of {code}"]
    assert (said(world, NORTH, url), said(world, OWN, url)) == (waiting, waiting)
    assert said(world, ("Harbor", Role.PROJECT_MANAGER), url) == []
    north = world["North"].viewer(Role.PROJECT_MANAGER)
    with tenant(north):
        forecasts.acknowledge(north, lock)
    assert (said(world, NORTH, url), said(world, OWN, url)) == ([], [])
