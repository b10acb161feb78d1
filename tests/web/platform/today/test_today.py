"""Today: what needs the viewer, soonest first; then at most three blocks for the viewer's roles."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from world import World

from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.today import providers
from onefloor_web.platform.today.providers import Block, Need, block, blocks_of, needs, needs_of

NOW = datetime.now(UTC)


@pytest.fixture(autouse=True)
def nothing_declared(monkeypatch):
    monkeypatch.setattr(providers, "_NEEDS", [])
    monkeypatch.setattr(providers, "_BLOCKS", [])


def test_rows_with_a_clock_stand_first_soonest_on_top(world: World):
    viewer = world["North"].viewer(Role.PROJECT_MANAGER)
    needs(lambda _viewer: [Need("no clock", "/", "Open"), Need("tomorrow", "/", "Open", NOW + timedelta(days=1))])
    needs(lambda _viewer: [Need("late", "/", "Open", NOW - timedelta(days=1))])
    assert [need.text for need in needs_of(viewer)] == ["late", "tomorrow", "no clock"]


def test_a_provider_is_told_who_is_looking(world: World):
    needs(lambda viewer: [Need(viewer.code, "/", "Open")])
    assert [need.text for need in needs_of(world["Harbor"].viewer(Role.AGENT))] == ["Harbor"]


def test_blocks_are_those_of_the_roles_in_order_and_at_most_three(world: World):
    for order in (4, 3, 2, 1):
        block({Role.PLANNER}, order=order)(lambda _viewer, order=order: Block(str(order), "x.html"))
    block({Role.PLANNER}, order=0)(lambda _viewer: None)
    block({Role.AGENT}, order=0)(lambda _viewer: Block("for agents", "x.html"))
    assert [one.title for one in blocks_of(world["North"].viewer(Role.PLANNER))] == ["1", "2", "3"]


def test_the_page_shows_seven_rows_the_late_ones_as_late_and_the_rest_on_request(world: World):
    needs(lambda _viewer: [Need(f"row {n}", "/", "Open", NOW + timedelta(days=n, hours=1)) for n in range(-1, 8)])
    client = world["Own"].client(Role.VENDOR_MANAGER)
    client.cookies["language"] = "en"
    page = client.get("/today/").content.decode()
    assert [f"row {n}" in page for n in range(-1, 8)] == [True] * 7 + [False] * 2
    assert page.count(" late<") == 1
    assert "2 more" in page
    assert "row 7" in client.get("/today/?all=1").content.decode()


def test_nothing_to_do_is_said(world: World):
    client = world["Own"].client(Role.AGENT)
    client.cookies["language"] = "en"
    assert "Nothing is waiting for you." in client.get("/today/").content.decode()
