"""What the tests of isolation share."""

from __future__ import annotations

import pytest
from world import World


@pytest.fixture(scope="module")
def floor(committed: World) -> World:
    """The small known floor, committed."""
    return committed
