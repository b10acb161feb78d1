"""What the people of the story do: they open pages by links, fill in forms, and give password and code where asked.

Wherever they come, the page is looked at: what axe has to say, and what is wider than a desk or a telephone, is kept.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import expect
from world import PASSWORD

from web.browser.looks import violations
from web.browser.signing_in import code_now

PICTURES = os.environ.get("STORY_PICTURES", "")
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 360, "height": 780}
PRIMARY = "main form button.btn-primary"
TRIES = 3
PATIENCE = 30_000  # ms; other processes share the machine
SECTIONS = {
    "/imports/": "/contacts/", "/agreements/drafts/": "/agreements/", "/keys/": "/agreements/",
    "/statements/adjustments/": "/statements/", "/what-ifs/": "/statements/",
}  # fmt: skip
"""Pages that only stand in the menu while their section is open, and the first page of that."""


@dataclass
class Person:
    """Somebody at a browser."""

    name: str
    page: Any
    looks: Looks

    def menu(self, path: str) -> None:
        """To a page of the menu; its section is opened first."""
        item = self.page.locator(f".side-menu a[href='{path}']")
        if not item.count():
            with self.page.expect_navigation():
                self.page.locator(f".side-menu a[href='{SECTIONS[path]}']").click()
        self._go(item)

    def today(self, path: str) -> None:
        """To a page that Today names, as a pattern of its address."""
        self.menu("/today/")
        self.follow(path)

    def follow(self, ending: str, within: str = "main") -> None:
        """To the first page whose address ends so (a query aside)."""
        self._go(self.page.locator(f"{within} a[href$='{ending}'], {within} a[href*='{ending}?']"))

    def fill(self, fields: Mapping[str, str]) -> None:
        """Fields by their names: text is written, ``=value`` is chosen."""
        for name, value in fields.items():
            self._fill(f"main [name='{name}']", value)

    def _fill(self, wanted: str, value: str) -> None:
        if not value.startswith("="):
            self.page.locator(wanted).first.fill(value)
        elif self.page.locator(f"select{wanted.removeprefix('main ')}").count():
            self.page.locator(wanted).select_option(value[1:])
        else:
            self.page.locator(f"{wanted}[value='{value[1:]}']").check()

    def attach(self, name: str, *files: Path) -> None:
        """Files to a field."""
        self.page.locator(f"main [name='{name}']").set_input_files(files)

    def press(self, button: str = PRIMARY) -> None:
        """A button, and what comes after it."""
        self._go(self.page.locator(button))

    def _go(self, to: Any) -> None:
        with self.page.expect_navigation():
            to.first.click()
        self.look()

    def confirm(self) -> None:
        """Give the password and the code, as often as asked."""
        for _ in range(TRIES):
            if self.page.locator("input[type=password]").count():
                self.page.locator("input[type=password]").fill(PASSWORD)
            elif self.page.locator("input[name=code]").count():
                self.page.locator("input[name=code]").fill(code_now())
            else:
                return
            self.press("main form button[type=submit], main form button.btn-primary")

    def sees(self, *said: str | re.Pattern[str]) -> None:
        """The page says this."""
        for one in said:
            expect(self.page.locator("main")).to_contain_text(one, timeout=PATIENCE)

    def look(self) -> None:
        """Keep what is wrong with the page, and where it was."""
        path = urlsplit(self.page.url).path
        self.looks.been.setdefault(kind_of(path), (self.name, path))
        self.looks.at(self.page, self.name)

    def read_in(self, language: str) -> None:
        """The pages where this person was the first, as they are now, in another language."""
        origin = self.page.evaluate("location.origin")
        self.page.context.add_cookies([{"name": "language", "value": language, "url": origin}])
        for path in [path for name, path in self.looks.been.values() if name == self.name]:
            answer = self.page.goto(path)
            if answer.status == 200:  # some pages only stand while something is to be done
                assert self.page.locator("html").get_attribute("lang") == language
                self.looks.at(self.page, f"{self.name} {language}")


@dataclass
class Looks:
    """Each kind of page is looked at once in each of its states: what axe says, and whether it fits a telephone."""

    wrong: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    been: dict[str, tuple[str, str]] = field(default_factory=dict)  # by kinds of pages, who was there first, and where

    def at(self, page: Any, who: str) -> None:
        """Look at the page that is open."""
        state = " ".join(page.locator("main h1, main h2, main .badge, main .page-head .btn").all_inner_texts())
        kind = kind_of(f"{urlsplit(page.url).path} {state}")
        if kind in self.seen:
            return
        self.seen.add(kind)
        for size in (PHONE, DESK):
            page.set_viewport_size(size)
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > size["width"]:
                self.wrong.append(f"{page.url} is {wide} wide at {size['width']}")
            take_a_picture(page, f"{len(self.seen):03}-{who}-{size['width']}")
        self.wrong += [f"{page.url}: {one}" for one in violations(page)]


def kind_of(text: str) -> str:
    """What addresses and texts that differ in numbers only have in common."""
    return re.sub(r"\d+", "*", text)


def take_a_picture(page: Any, name: str) -> None:
    """Into the folder that ``STORY_PICTURES`` names, if it does."""
    if PICTURES:
        place = urlsplit(page.url).path.strip("/").replace("/", "_")
        page.screenshot(path=Path(PICTURES) / f"{name}-{place}.png", full_page=True)
