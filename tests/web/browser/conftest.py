"""What the browser tests share: a small generated floor, the real site that serves it, and Debian's Chromium."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

if importlib.util.find_spec("playwright") is None or importlib.util.find_spec("django") is None:
    collect_ignore_glob = ["*.py"]

# The one without windows paints the same pages with a sixth less work.
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium-headless-shell") or shutil.which("chromium")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic"]
PATIENCE = 30_000  # ms that something may take to appear: other processes share the machine
DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 360, "height": 780}
NOT_OURS = ("the server responded with a status of 4",)  # what a refused form answers is said on the page itself


@dataclass(frozen=True)
class House:
    """The site with its floor: where it is, who can sign in, and the cookies of those who have."""

    url: str
    world: Any
    cookies: dict[tuple[str, str], str]


@pytest.fixture(scope="session", autouse=True)
def chromium_there() -> None:
    if not CHROMIUM:
        pytest.skip("there is no chromium")


@pytest.fixture(scope="session")
def year(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Two months of a small generated floor with their cubes; made once for all processes of a run."""
    from filelock import FileLock

    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "browsed"
    with FileLock(f"{folder}.lock"):
        if not (folder / "made").exists():
            _make_year(folder)
            (folder / "made").touch()
    return folder


def _make_year(folder: Path) -> None:
    from onefloor.demo.floor import year_floor
    from onefloor.demo.year import Plan
    from onefloor.metrics.cubes import build_cubes
    from onefloor.metrics.prepare import prepare
    from onefloor.periods import Month

    floor = year_floor(folder, Plan(contacts=12_000, months=2, first_month=Month(2026, 10)))
    build_cubes(floor, prepare(floor))


@pytest.fixture(scope="session")
def house(
    year: Path, tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: Any
) -> Iterator[House]:
    """The known companies of ``world.py`` on the generated floor, served by ``onefloor serve`` with its worker."""
    import testbed
    from processes import running

    floor = tmp_path_factory.mktemp("house") / "floor"
    shutil.copytree(year, floor)
    with testbed.copy() as database:
        with filled(floor, database, django_db_blocker) as (world, cookies):
            pass
        told = {
            "DATABASE_URL": database.url,
            "DATABASE_OWNER_URL": database.owner_url,
            "ONEFLOOR_SECRET_KEY_FILE": os.environ["ONEFLOOR_SECRET_KEY_FILE"],
            "LANG": "en_US.UTF-8",
        }
        with running(floor.parent / "out", "serve", floor, "--processes", 1, **told) as site:
            yield House(site.url.rstrip("/"), world, cookies)


def lasting(client: Any) -> Any:
    """A session whose password counts as given for as long as all tests take on a busy machine."""
    from django.db import transaction
    from world import confirmed

    with transaction.atomic():
        return confirmed(client, ahead=4 * 3600.0)


@contextlib.contextmanager
def filled(floor: Path, database: Any, blocker: Any) -> Iterator[tuple[Any, dict[tuple[str, str], str]]]:
    """The world in the database, people of the floor's roster beside it, and a session of every user."""
    import testbed
    from crawl import signed_in
    from django.db import transaction
    from django.test import override_settings
    from world import make_world, roles_of

    from onefloor.floor import open_floor
    from onefloor_web.platform import floor as served
    from onefloor_web.platform.companies.mirroring import mirror

    own = override_settings(FLOOR=floor, STATE=floor / "web", MEDIA_ROOT=floor / "web" / "media")
    with testbed.used_by_django(database.url), blocker.unblock(), own:
        served._opened.cache_clear()
        with transaction.atomic():
            world = make_world()
            _add_walkers(world)
        mirror(open_floor(floor))
        cookies = {
            (name, str(role)): lasting(signed_in(side, role)).cookies["session"].value
            for name, side in world.sides.items()
            for role in roles_of(side)
        }
        yield world, cookies
        served._opened.cache_clear()


def _add_walkers(world: Any) -> None:
    """A manager of their own for each journey that begins at the sign-in: a code of an app counts only once."""
    from allauth.mfa.models import Authenticator
    from world import JOINED, Role, bound
    from worlds.accounts import SECRET, get_adapter

    from onefloor_web.platform.accounts.models import Assignment, User

    for name, role in (("Own", Role.VENDOR_MANAGER), ("North", Role.PROJECT_MANAGER)):
        side = world[name]
        with bound(company=side.company.pk):
            for way in ("zh-hans-desk", "zh-hans-phone", "en-desk", "en-phone"):
                user = User.objects.create_user(f"walker-{name}-{way}".lower(), None, company=side.company, name=way)
                user.password = side.users[role].password
                user.save(update_fields=["password"])
                Assignment.objects.create(company=side.company, user=user, role=role, starts_on=JOINED)
                Authenticator.objects.create(
                    user=user, type=Authenticator.Type.TOTP, data={"secret": get_adapter().encrypt(SECRET)}
                )


@pytest.fixture(scope="module")
def chromium(house: House) -> Iterator[Any]:
    """After ``house`` and only for a module: while Playwright runs, Django refuses to work in its thread."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


class Browsers:
    """Opens windows on the site, signed in or not, and keeps what the browser complains of."""

    def __init__(self, chromium: Any, house: House) -> None:
        self.chromium, self.house = chromium, house
        self.complaints: list[str] = []
        self.contexts: list[Any] = []

    def __call__(
        self, company: str = "", role: str = "", *, language: str = "en", theme: str = "light", phone: bool = False,
        **options: Any,
    ) -> Any:  # fmt: skip
        """A page of a context of its own; nothing is opened yet."""
        size = {"viewport": PHONE, "has_touch": True, "is_mobile": True} if phone else {"viewport": DESKTOP}
        context = self.chromium.new_context(base_url=self.house.url, reduced_motion="reduce", **{**size, **options})
        chosen = {"language": language, "theme": theme}
        if role:
            chosen["session"] = self.house.cookies[company, role]
        context.add_cookies([{"name": name, "value": value, "url": self.house.url} for name, value in chosen.items()])
        self.contexts.append(context)
        page = context.new_page()
        self.listen(page)
        return page

    def listen(self, page: Any) -> None:
        """Keep errors of the console (violations of the CSP are among them), of scripts, and failed requests."""
        page.on("console", lambda one: self.complain(page, one.text) if one.type == "error" else None)
        page.on("pageerror", lambda error: self.complain(page, str(error)))
        page.on("response", lambda one: self.complain(page, f"{one.status} {one.url}") if one.status >= 500 else None)

    def complain(self, page: Any, text: str) -> None:
        if not any(one in text for one in NOT_OURS):
            self.complaints.append(f"{page.url}: {text}")


@pytest.fixture
def browse(chromium: Any, house: House) -> Iterator[Callable[..., Any]]:
    """Opens windows (``Browsers``); fails the test when the browser complains of anything."""
    browsers = Browsers(chromium, house)
    yield browsers
    for context in browsers.contexts:
        context.close()
    assert browsers.complaints == []
