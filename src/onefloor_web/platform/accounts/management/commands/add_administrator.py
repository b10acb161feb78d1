"""``onefloor manage FLOOR add_administrator COMPANY USERNAME``: the first administrator of a company."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import IntegrityError, transaction
from django_scopes import scopes_disabled

from onefloor_web.platform.accounts.actions import add_administrator, link_for
from onefloor_web.platform.companies.models import Company
from onefloor_web.platform.floor import today
from onefloor_web.platform.tenancy.scopes import bound


class Command(BaseCommand):
    """Adds one user with the role of administrator and prints the link that sets the password."""

    help = "Add an administrator of a company and print the link that sets the password."

    def add_arguments(self, parser: CommandParser) -> None:
        """Company, user name, and how to call and reach them."""
        parser.add_argument("company", help="the company's name in the roster")
        parser.add_argument("username")
        parser.add_argument("--name", default="")
        parser.add_argument("--email", default="")
        parser.add_argument("--address", default="", help="the address of the site, such as https://floor.example")

    def handle(
        self, *args: Any, company: str, username: str, name: str, email: str, address: str, **options: Any
    ) -> None:
        """Add the user; a name that is taken is refused."""
        try:
            with transaction.atomic(), scopes_disabled():
                link = self._added(company, username, name, email)
        except IntegrityError as taken:
            raise CommandError(f"The user name {username} is taken. Choose another.") from taken
        days = settings.PASSWORD_RESET_TIMEOUT // (24 * 3600)
        self.stdout.write(
            f"Added {username}. Set the password here; the link works once, for {days} days:\n{address}{link}"
        )

    def _added(self, code: str, username: str, name: str, email: str) -> str:
        with bound(client=True):
            companies = {one.code: one for one in Company.objects.all()}
        if code not in companies:
            raise CommandError(f"No company {code}; there are: {', '.join(companies) or 'none yet (see add_company)'}.")
        with bound(company=companies[code].pk):
            return link_for(add_administrator(companies[code], username, name=name, email=email, today=today()))
