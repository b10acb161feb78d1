"""No page asks the database more than the ceiling, none the same row by row, none loads what belongs to a row late."""

from __future__ import annotations

import re
from collections import Counter

import crawl
import pytest
import zeal
import zeal.apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from world import World
from zeal.errors import NPlusOneError

from onefloor_web.platform.permissions.roles import Role

OVERHEAD = 16  # session, transaction, binding, user, roles, second factor: before any view
CONTENT = 25
REPEATED = 6  # the same statement with other values: one more is a question for each row
VALUE = re.compile(r"'(?:[^']|'')*'|\b\d+\b")
BINDING = ("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK", "BEGIN", "COMMIT", "select set_config")
MANAGER = {"Own": Role.VENDOR_MANAGER, "North": Role.PROJECT_MANAGER}
ASKERS = [(name, role) for name in MANAGER for role in (Role.ADMINISTRATOR, MANAGER[name])]


@pytest.fixture(scope="module", autouse=True)
def watched() -> None:
    """What is read of one row after another is watched from here on; Django stays patched, and unwatched elsewhere."""
    zeal.apps.ZealConfig("zeal", zeal).ready()


@pytest.mark.parametrize(("name", "role"), ASKERS, ids=str)
def test_every_page_stays_below_the_ceiling_and_loads_nothing_row_by_row(
    committed: World, name: str, role: Role
) -> None:
    side, many = committed[name], []
    client, viewer = crawl.signed_in(side, role), crawl.viewer(side, role)
    client.raise_request_exception = True
    for one, path in crawl.paths(side):
        if not crawl.may_open(viewer, one) or crawl.of_another_package(one):
            continue
        with CaptureQueriesContext(connection) as captured, zeal.zeal_context():
            try:
                crawl.body_of(client.get(path))
            except NPlusOneError as error:
                many.append((path, str(error)))
        asked = [VALUE.sub("?", query["sql"]) for query in captured if not query["sql"].startswith(BINDING)]
        most = Counter(asked).most_common(1)
        if len(asked) > OVERHEAD + CONTENT or (most and most[0][1] > REPEATED):
            many.append((path, len(asked), most))
    assert many == []


def test_reading_row_by_row_would_be_found(committed: World) -> None:
    """The watch of the test above can fail."""
    from django.db import transaction

    from onefloor_web.platform.companies.models import Team
    from onefloor_web.platform.tenancy.scopes import tenant

    viewer = crawl.viewer(committed["Own"], Role.VENDOR_MANAGER)
    with transaction.atomic(), tenant(viewer), zeal.zeal_context(), pytest.raises(NPlusOneError):
        [team.site.name for team in Team.objects.all()]
