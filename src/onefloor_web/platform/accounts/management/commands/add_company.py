"""``onefloor manage FLOOR add_company CODE --client | --vendor``: a company joins the floor."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import IntegrityError, transaction

from onefloor_web.platform.companies.actions import add_company
from onefloor_web.platform.companies.models import Kind
from onefloor_web.platform.floor import today


class Command(BaseCommand):
    """Adds one company."""

    help = "Add a company, the client or a vendor, by the name it has in the records."

    def add_arguments(self, parser: CommandParser) -> None:
        """The name, the side, and since when."""
        parser.add_argument("code", help="the company's name in the roster")
        parser.add_argument("--name", default="", help="how it is called on screens; without it as in the roster")
        side = parser.add_mutually_exclusive_group(required=True)
        side.add_argument("--client", dest="kind", action="store_const", const=Kind.CLIENT)
        side.add_argument("--vendor", dest="kind", action="store_const", const=Kind.VENDOR)
        parser.add_argument("--since", type=date.fromisoformat, help="on the floor since, such as 2026-01-01; today")

    def handle(self, *args: Any, code: str, name: str, kind: Kind, since: date | None, **options: Any) -> None:
        """Add it; a second client or the same name again is refused."""
        try:
            with transaction.atomic():
                company = add_company(code, name=name, kind=kind, joined_on=since or today())
        except IntegrityError as taken:
            raise CommandError(
                f"{code} was not added: the floor has a company of this name already, or a client already."
            ) from taken
        self.stdout.write(f"Added {company.name}. Next: onefloor manage FLOOR add_administrator {code} USERNAME")
