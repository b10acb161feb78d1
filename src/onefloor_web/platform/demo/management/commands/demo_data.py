"""``onefloor manage FLOOR demo_data``: companies, people and users of the demonstration, and their first work."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from onefloor_web.platform.demo.beginnings import begin
from onefloor_web.platform.demo.data import fill
from onefloor_web.platform.floor import floor, today


class Command(BaseCommand):
    """Fills the database; a second run changes nothing."""

    help = "Make the companies, people and users of the demonstration, and what they have begun."

    def handle(self, *args: Any, **options: Any) -> None:
        """Only in a demonstration: its users need no password."""
        if not settings.DEMO:
            raise CommandError("This floor is not a demonstration (ONEFLOOR_DEMO=1).")
        made = fill(floor(), today())
        begin(made.codes, today())
        self.stdout.write(f"{made.companies} companies, {made.people} people, {made.users} users.")
