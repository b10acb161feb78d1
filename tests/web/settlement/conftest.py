"""A floor with two whole months of North's and Own's contacts, and agreements about them that are signed."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hand_made import load, new_floor, stay
from world import World
from worlds.agreements import source_of

from onefloor.floor import Floor, open_floor
from onefloor.metrics.prepare import prepare
from onefloor_web.agreements.register.actions import decline, propose, sign_version, withdraw
from onefloor_web.agreements.register.models import Agreement, State, Version
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.scopes import tenant
from onefloor_web.platform.tenancy.viewer import Viewer
from web.settlement.hotline import CLAUSES, contacts


@pytest.fixture(scope="session")
def made_hotline(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made once, and measured."""
    floor = new_floor(tmp_path_factory.mktemp("hotline"), "Asia/Shanghai")
    load(floor, contacts=contacts(floor), roster=[stay("N1", "North", employment="outsourced"), stay("O1", "Own")])
    prepare(floor)
    return floor.root


@pytest.fixture
def hotline(made_hotline: Path, tmp_path: Path, settings: Any) -> Floor:
    """A copy of it that the site serves, with files of its own."""
    root = tmp_path / "hotline"
    shutil.copytree(made_hotline, root)
    settings.FLOOR, settings.STATE, settings.MEDIA_ROOT = root, root / "web", root / "web" / "media"
    return open_floor(root)


@pytest.fixture
def own(world: World, hotline: Floor) -> Viewer:
    """Who signs for the client, and manages its vendors."""
    viewer = world["Own"].viewer(Role.SIGNATORY)
    return replace(viewer, roles=viewer.roles | {Role.VENDOR_MANAGER})


@pytest.fixture
def north(world: World, hotline: Floor) -> Viewer:
    """Who signs for North."""
    return world["North"].viewer(Role.SIGNATORY)


@pytest.fixture
def agreement(world: World, own: Viewer, north: Viewer) -> Agreement:
    """North's agreement with clauses, signed by both."""
    return signed(world, own, north, "North")


@pytest.fixture
def shadow(world: World, own: Viewer) -> Agreement:
    """The same terms for own staff, signed by the client: an agreement of its own, without months that are locked."""
    source = source_of(world["Own"], more=CLAUSES).replace("agreement: own-agreement", "agreement: own-shadow")
    with tenant(own):
        version = propose(own, source)
        sign_version(own, version)
        return Agreement.objects.get(pk=version.agreement_id)


def signed(world: World, own: Viewer, other: Viewer, name: str, clauses: str = CLAUSES) -> Agreement:
    """The company's agreement with these clauses, in force."""
    side = world[name]
    with tenant(own):
        waiting = Version.objects.get(pk=side.rows["version"].pk)
        if waiting.state == State.PROPOSED:
            act = withdraw if waiting.proposer_id == own.company else decline
            act(own, waiting, why="written anew")
    with tenant(other):
        version = propose(other, source_of(side, more=clauses))
        sign_version(other, version)
    with tenant(own):
        version.refresh_from_db()
        if version.state == State.PROPOSED:
            sign_version(own, version)
        return Agreement.objects.get(pk=version.agreement_id)
