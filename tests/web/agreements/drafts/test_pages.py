"""Pages of drafts."""

from __future__ import annotations

import pytest
from world import World

from onefloor_web.platform.permissions.roles import Role


@pytest.mark.parametrize("path", ["", "new/"])
def test_pages_open(world: World, path: str):
    answer = world["North"].client(Role.PROJECT_MANAGER).get(f"/agreements/drafts/{path}")
    assert answer.status_code == 200


@pytest.mark.parametrize("path", ["", "changes/", "replays/", "sharing/", "discarding/", "proposal/", "agreement.yaml"])
def test_pages_of_one_draft_open(world: World, path: str):
    number = world["North"].rows["kept draft"].pk
    answer = world["North"].client(Role.PROJECT_MANAGER).get(f"/agreements/drafts/{number}/{path}")
    assert answer.status_code == 200
