"""One small known floor: the client Own, the vendors North and Harbor, and a user of every role in each.

Whatever belongs to a company carries a marker, so that a page, a file or a message can be searched for what must not be
in it: ``side.marker`` in what the client sees too, ``side.secret`` in what only the company itself sees, and
``side.personal(role)`` in what only one of its users sees.

A feature adds its rows in ``worlds/<feature>.py``:

    def fill(side: Side, viewer: Viewer) -> None:
        ... makes rows of one company, bound to its administrator; side.rows remembers what addresses need

    CASES = {"import": lambda side: {"number": side.rows["import"].pk}}  # by the address's name: its arguments
    SHARED = {"team"}  # addresses whose rows the client sees too
    KNOWN = {"company"}  # addresses where vendors see the client's row
    CLIENT_ONLY = {"exit_deletion"}  # addresses that no user of a vendor finds, not with its own row
"""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client

from onefloor_web.platform.accounts.models import Assignment, User
from onefloor_web.platform.accounts.viewers import viewer_of
from onefloor_web.platform.companies.actions import add_company
from onefloor_web.platform.companies.models import Company, Employment, Form, Kind, Person, PersonName, Site, Team
from onefloor_web.platform.permissions.roles import CLIENT_ONLY, VENDOR_ONLY, Role
from onefloor_web.platform.tenancy.scopes import bound, working_for
from onefloor_web.platform.tenancy.viewer import Viewer

TODAY = date(2026, 11, 21)
JOINED = date(2025, 1, 1)
PASSWORD = "correct horse battery staple"
NAMES = ("Own", "North", "Harbor")
MARKERS = {"Own": "OWNMARKER", "North": "NORTHMARKER", "Harbor": "HARBORMARKER"}
SECRETS = {"Own": "OWNSECRET", "North": "NORTHSECRET", "Harbor": "HARBORSECRET"}


@dataclass
class Side:
    """One company with its rows."""

    company: Company
    site: Site | None = None
    team: Team | None = None
    people: list[Person] = field(default_factory=list)
    users: dict[str, User] = field(default_factory=dict)
    rows: dict[str, Any] = field(default_factory=dict)

    @property
    def marker(self) -> str:
        """What stands in every text that this company shares with the client, and in no other's."""
        return MARKERS[self.company.code]

    @property
    def secret(self) -> str:
        """What stands in every text that nobody but this company may see."""
        return SECRETS[self.company.code]

    def personal(self, role: Role | str) -> str:
        """What stands in every text that nobody but the company's user with this role may see."""
        return f"{self.company.code.upper()}PERSONAL-{str(role).replace('_', '-').upper()}-"

    def viewer(self, role: Role) -> Viewer:
        """The viewer of the company's user with this role, inside a transaction."""
        user = self.users[role]
        with bound(user=user.pk):
            return viewer_of(user, TODAY)

    def client(self, role: Role) -> Client:
        """A browser in which the company's user with this role is signed in."""
        client, user = Client(), self.users[role]
        with bound(user=user.pk):
            client.force_login(user)
        return client


def confirmed(client: Client, *, ahead: float = 0.0, code: bool = True) -> Client:
    """A browser whose user has just given the password once more, as pages of accounts and tokens ask.

    ``ahead`` is for how many seconds longer than usual it counts; ``code`` whether that of the app was given too.
    """
    given = ["mfa", "password"] if code else ["password"]
    session = client.session
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session["account_authentication_methods"] = [
        {"method": method, "at": time.time() + ahead, "reauthenticated": True} for method in given
    ]
    session.save()
    return client


@dataclass
class World:
    """The sides by the company's name."""

    sides: dict[str, Side]
    database: Any = None  # set where it is committed in a database of its own

    def __getitem__(self, name: str) -> Side:
        return self.sides[name]


def make_world() -> World:
    """Make it, inside the transaction of a test."""
    world = World({name: _added(name) for name in NAMES})
    for side in world.sides.values():
        _fill(side)
        for feature in features():
            with working_for(side.viewer(Role.ADMINISTRATOR)):
                _filler(feature)(side, side.viewer(Role.ADMINISTRATOR))
    return world


def make_companies() -> World:
    """The companies with their users alone: nothing has happened between them yet."""
    world = World({name: _added(name) for name in NAMES})
    for side in world.sides.values():
        _fill(side)
    return world


def _added(name: str) -> Side:
    return Side(add_company(name, kind=Kind.CLIENT if name == "Own" else Kind.VENDOR, joined_on=JOINED))


@cache
def features() -> tuple[ModuleType, ...]:
    """The modules of ``worlds/``: what each feature adds to the world."""
    names = sorted(file.stem for file in (Path(__file__).parent / "worlds").glob("[a-z]*.py"))
    return tuple(importlib.import_module(f"worlds.{name}") for name in names)


def cases() -> dict[str, Callable[[Side], dict[str, Any]]]:
    """The arguments of every address that has some, by its name."""
    return {name: case for feature in features() for name, case in getattr(feature, "CASES", {}).items()}


def shared() -> set[str]:
    """Names of addresses whose rows the client sees as well."""
    return {name for feature in features() for name in getattr(feature, "SHARED", ())}


def known() -> set[str]:
    """Names of addresses where vendors see the client's row."""
    return {name for feature in features() for name in getattr(feature, "KNOWN", ())}


def client_only() -> set[str]:
    """Names of addresses that no user of a vendor finds."""
    return {name for feature in features() for name in getattr(feature, "CLIENT_ONLY", ())}


def _filler(feature: ModuleType) -> Callable[[Side, Viewer], None]:
    return getattr(feature, "fill", lambda side, viewer: None)


def roles_of(side: Side) -> list[Role]:
    """The roles that can be held in this company."""
    absent = VENDOR_ONLY if side.company.kind == Kind.CLIENT else CLIENT_ONLY
    return [role for role in Role if role not in absent]


def _fill(side: Side) -> None:
    company = side.company
    with transaction.atomic(), bound(company=company.pk):
        administrator = _user(side, Role.ADMINISTRATOR)
        viewer = viewer_of(administrator, TODAY)
    with working_for(viewer):
        side.site = Site.objects.create(company=company, name=f"{side.marker} site")
        side.team = Team.objects.create(company=company, site=side.site, name=f"{side.marker} team")
        for number in range(2):
            person = Person.objects.create(company=company, code=f"{company.code[0]}200{number}-{side.marker}")
            PersonName.objects.create(company=company, person=person, name=f"{side.secret} person {number}")
            form = Form.OWN if company.kind == Kind.CLIENT else Form.OUTSOURCED
            Employment.objects.create(
                company=company, person=person, code=person.code, form=form, site=side.site, team=side.team,
                days=DateRange(JOINED, None),
            )  # fmt: skip
            side.people.append(person)
        for role in roles_of(side):
            if role != Role.ADMINISTRATOR:
                _user(side, role)


def _user(side: Side, role: Role) -> User:
    name = f"{side.company.code.lower()}-{role}"
    user = User.objects.create_user(
        name, None, company=side.company, name=f"{side.marker} {role}", email=f"{name}@{side.secret}.example",
        person=side.people[0] if role == Role.AGENT else None,
    )  # fmt: skip
    user.password = _hashed()
    user.save(update_fields=["password"])
    Assignment.objects.create(
        company=side.company, user=user, role=role, starts_on=JOINED, team=side.team if role == Role.LEADER else None
    )
    side.users[role] = user
    return user


@lru_cache(maxsize=1)
def _hashed() -> str:
    """One hash for all: how passwords are kept is tested where it matters."""
    return make_password(PASSWORD)
