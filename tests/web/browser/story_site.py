"""A site on which nothing has happened yet: its people, its clock, its worker; served by threads of the test's process.

The clock can be set because the site runs in this process. Whatever asks Django for something runs in one thread of
its own: while Playwright runs, Django refuses to work in the test's.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from threading import Event
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.utils import timezone
from world import JOINED, Role, Side, World, bound, make_companies

ZONE = ZoneInfo("Asia/Shanghai")
AGENT = "agent1001"
YEAR = 365 * 24 * 3600
PEOPLE = {
    "client": ("Own", Role.VENDOR_MANAGER, Role.SIGNATORY),
    "client's second": ("Own", Role.SIGNATORY),
    "client's administrator": ("Own", Role.ADMINISTRATOR),
    "vendor": ("North", Role.PROJECT_MANAGER, Role.SIGNATORY),
    "vendor's signatory": ("North", Role.SIGNATORY),
    "vendor's administrator": ("North", Role.ADMINISTRATOR),
}
"""Who acts: the company, and the roles; the first of them names the user."""


@dataclass
class Clock:
    """What time it is on the site."""

    monkeypatch: Any
    at: datetime = field(default_factory=timezone.now)

    def set_to(self, text: str) -> None:
        """``2036-09-10 16:00`` in the floor's zone; until it is set again, time stands still."""
        self.at = datetime.fromisoformat(text).replace(tzinfo=ZONE)
        self.monkeypatch.setattr(timezone, "now", lambda: self.at)


@dataclass
class Site:
    """The site, with the cookies of its people by their part in the story."""

    url: str
    clock: Clock
    cookies: dict[str, str]
    companies: list[int]
    thread: ThreadPoolExecutor

    def work(self) -> None:
        """Do the jobs that wait, and those they ask for, as a worker would."""
        self.thread.submit(_work, self.companies).result()


def make_site(floor: Path, url: str, clock: Clock, thread: ThreadPoolExecutor) -> Site:
    """Companies and users in the database that Django uses now, and a floor with a roster and no facts."""
    from hand_made import load, stay

    from onefloor.floor import create_floor

    clock.set_to("2036-08-20 10:00")
    made = create_floor(floor, timezone=str(ZONE))
    load(made, roster=[stay(AGENT, "North", employment="outsourced"), stay("agent9001", "Own")])
    world, cookies = thread.submit(_people).result()
    return Site(url, clock, cookies, [side.company.pk for side in world.sides.values()], thread)


def in_a_thread(act: Callable[[], Any]) -> Any:
    """Do it there, and leave no connection behind."""
    try:
        return act()
    finally:
        connection.close()


def _people() -> tuple[World, dict[str, str]]:
    return in_a_thread(_make_people)


def _make_people() -> tuple[World, dict[str, str]]:
    with transaction.atomic():
        world = make_companies()
        for company, *roles in PEOPLE.values():
            _prepare(world[company], *roles)
        return world, {name: _cookie(world[company], roles[0]) for name, (company, *roles) in PEOPLE.items()}


def _prepare(side: Side, named: Role, *more: Role) -> None:
    """A second factor, and further roles."""
    from allauth.mfa.adapter import get_adapter
    from allauth.mfa.models import Authenticator
    from worlds.accounts import SECRET

    from onefloor_web.platform.accounts.models import Assignment

    user = side.users[named]
    with bound(company=side.company.pk):
        for role in more:
            Assignment.objects.create(company=side.company, user=user, role=role, starts_on=JOINED)
        Authenticator.objects.create(
            user=user, type=Authenticator.Type.TOTP, data={"secret": get_adapter().encrypt(SECRET)}
        )


def _cookie(side: Side, role: Role) -> str:
    """A session that outlasts the months of the story."""
    client = side.client(role)
    session = client.session
    session.set_expiry(YEAR)
    session.save()
    return str(client.cookies["session"].value)


def _work(companies: list[int]) -> None:
    in_a_thread(lambda: _do_all(companies))


def _do_all(companies: list[int]) -> None:
    done = True
    while done:
        done = sum(_do_one(company) for company in companies) > 0


def _do_one(company: int) -> bool:
    """Whether there was one to do."""
    from onefloor_web.platform.jobs import running, within
    from onefloor_web.platform.jobs.models import Job, State

    with within.company(company):
        waiting = Job.objects.filter(state=State.WAITING, not_before=None).order_by("pk").first()
    if waiting is None:
        return False
    running.run(company, waiting.pk, Event())
    return True
