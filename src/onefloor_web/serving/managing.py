"""``onefloor manage``: Django's management commands on a floor's database."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from onefloor.floor import open_floor
from onefloor_web.database.migrations import as_owner
from onefloor_web.serving import site
from onefloor_web.serving.address import Address
from onefloor_web.serving.place import database
from onefloor_web.serving.state import State


def manage(floor: Path, command: Sequence[str], *, as_owner_of_tables: bool) -> None:
    """Run one command in this process; the database is started for it unless it runs already.

    Args:
        floor: the floor's folder.
        command: its name and arguments.
        as_owner_of_tables: as the role that may change tables, instead of the application's.

    Raises:
        SystemExit: as the command ends.
    """
    state = State(open_floor(floor).root.resolve())
    state.make()
    with database(state) as place:
        surroundings = site.environment(state, place, Address())
        os.environ.update(as_owner(surroundings, place.owner_url) if as_owner_of_tables else surroundings)
        from django.core.management import execute_from_command_line

        execute_from_command_line(["onefloor manage", *command])
