"""What the demonstration begins with: requests in every state that waits, once."""

from __future__ import annotations

from collections import Counter

from world import World

from onefloor_web.platform.floor import now
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.scopes import tenant
from onefloor_web.trust.demo.work import requests
from onefloor_web.trust.requests import queries


def test_whoever_has_asked_already_asks_nothing_again(world: World):
    for name in ("North", "Harbor", "Own"):
        viewer = world[name].viewer(Role.PROJECT_MANAGER if name != "Own" else Role.VENDOR_MANAGER)
        with tenant(viewer):
            before = queries.requests(viewer).filter(company=viewer.company).count()
            requests(viewer)
            assert queries.requests(viewer).filter(company=viewer.company).count() == before  # there are some already


def test_they_are_in_every_state_that_waits(world: World, monkeypatch):
    viewer = world["North"].viewer(Role.PROJECT_MANAGER)
    with tenant(viewer):
        monkeypatch.setattr("onefloor_web.trust.demo.work._begun", lambda _viewer: False)
        known = set(queries.requests(viewer).values_list("pk", flat=True))
        requests(viewer)
        made = queries.requests(viewer).exclude(pk__in=known)
        assert Counter(made.values_list("state", flat=True)) == {"open": 3, "asked": 1, "answered": 1}
        assert made.filter(queries.late(now())).count() == 1
