"""The small known floor in a database of its own, committed: requests have their own transactions, as in real use."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture(scope="module")
def floor(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """The world (``world.World``), of which each test of a module sees what those before it have changed."""
    import testbed
    from django.db import transaction
    from world import make_world

    with testbed.copy() as database, testbed.used_by_django(database.url), django_db_blocker.unblock():
        with transaction.atomic():
            made = make_world()
        made.database = database
        yield made
