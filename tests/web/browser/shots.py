"""Pictures of every page of a running demonstration, to be looked at: both languages, desk and phone.

    onefloor demo demo --port 8000 &
    python tests/web/browser/shots.py http://127.0.0.1:8000 pictures
    python tests/web/browser/shots.py http://127.0.0.1:8000 pictures own-auditor north-agent

From ``/today/`` of each role every link is followed once for each kind of page (addresses that differ in numbers only
are of one kind), so that a page no menu and no link leads to is missing here as it is for its users.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROLES = (
    "own-vendor_manager", "own-administrator", "own-auditor", "north-project_manager", "north-leader", "north-agent",
    "own-executive", "own-planner", "north-administrator",
)  # fmt: skip
SIZES = {"desk": {"width": 1440, "height": 900}, "phone": {"width": 360, "height": 780}}
LANGUAGES = {"zh": "zh-hans", "en": "en"}
MOST = 1500  # pixels of height: what is below repeats
SIGN_IN = "/demo/sign-in/"
PUBLIC = (SIGN_IN, "/sign-in/", "/sign-in/password/reset/", "/no-such-page/")


def main(site: str, folder: Path, *roles: str) -> None:
    """All pictures: ``<role>.<page>.<language>.<size>.png``."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        shoot(browser, site, folder, "nobody", [], PUBLIC)
        known: set[str] = set()
        for role in roles or ROLES:
            cookies, offered = signed_in(browser, site, role)
            if cookies:
                shoot(browser, site, folder, role, cookies, list(pages(browser, site, cookies, offered, known)))


def signed_in(browser: Browser, site: str, role: str) -> tuple[list[Any], str]:
    """The cookies of a role's session, and the page it begins with; nothing if the demonstration lacks the role."""
    with browser.new_context(base_url=site) as context:
        context.add_cookies([{"name": "language", "value": "en", "url": site}])
        page = context.new_page()
        page.goto(SIGN_IN)
        company, _, name = role.partition("-")
        forms = page.locator("section, article, .card").filter(has=page.locator("h2", has_text=company.capitalize()))
        button = forms.get_by_role("button", name=re.compile(name.replace("_", " "), re.IGNORECASE)).first
        if not button.count():
            return [], ""
        button.click()
        page.wait_for_load_state()
        allow_contacts(page)
        return context.cookies(), "/today/"


def allow_contacts(page: Page) -> None:
    """Say what contacts are opened for, so that they are shown."""
    page.goto("/contacts/")
    choice = page.get_by_role("radio").first
    if "purpose" in page.url and choice.count():
        choice.check()
        page.locator("main form button").first.click()
        page.wait_for_load_state()


def pages(browser: Browser, site: str, cookies: list[Any], start: str, known: set[str]) -> Iterator[str]:
    """Every kind of page that links lead to from here and that was not met before; the start of each role always.

    Pages that were met are followed again, because another role finds other links on them.
    """
    with browser.new_context(base_url=site) as context:
        context.add_cookies(cookies)
        waiting, own = [start], {kind_of(start)}
        while waiting:
            path = waiting.pop(0)
            found = links(context, path)
            if found is None:
                continue
            if kind_of(path) not in known:
                yield path
            for link in found:
                if kind_of(link) not in own:
                    own.add(kind_of(link))
                    waiting.append(link)
        known |= own - {kind_of("/today/"), kind_of("/scorecards/")}


def links(context: BrowserContext, path: str) -> list[str] | None:
    """The addresses of this site that a page links to; None if it is not a page."""
    answer = context.request.get(path)
    if answer.status != 200 or "text/html" not in answer.headers.get("content-type", ""):
        return None
    found = re.findall(r'href="(/[^"#]*)"', answer.text())
    return [link.replace("&amp;", "&") for link in found if not link.startswith(("/static/", "//"))]


def kind_of(link: str) -> str:
    """What addresses of one kind of page have in common."""
    path = urlsplit(link).path
    if path.startswith(("/figures/", "/metrics/")):
        parts = path.split("/")
        parts[2:4] = ["*", "*"] if parts[1] == "figures" and len(parts) > 4 else ["*"]
        path = "/".join(parts)
    if path.startswith("/scorecards/") and path.endswith("/metrics/"):
        path = "/scorecards/*/metrics/"
    return re.sub(r"[^/]*\d[^/]*", "*", path)


def shoot(browser: Browser, site: str, folder: Path, role: str, cookies: list[Any], paths: Any) -> None:
    """Pictures of pages as one user sees them."""
    for language, code in LANGUAGES.items():
        for size, viewport in SIZES.items():
            with browser.new_context(base_url=site, viewport=viewport, is_mobile=size == "phone") as context:
                context.add_cookies([one for one in cookies if one["name"] != "language"])
                context.add_cookies([{"name": "language", "value": code, "url": site}])
                page = context.new_page()
                for path in paths:
                    picture(page, path, folder / f"{role}.{name_of(path)}.{language}.{size}.png")


def picture(page: Page, path: str, file: Path) -> None:
    """One page, down to ``MOST`` pixels, once its charts are drawn."""
    page.goto(path)
    if page.locator("[data-island]").count():
        page.locator("[data-island] svg").first.wait_for(timeout=10_000)
    height = min(MOST, page.evaluate("document.documentElement.scrollHeight"))
    page.screenshot(
        path=file, full_page=True, clip={"x": 0, "y": 0, "width": page.viewport_size["width"], "height": height}
    )


def name_of(path: str) -> str:
    """A file name that says which page."""
    return re.sub(r"[^A-Za-z0-9_-]+", "_", urlsplit(path).path.strip("/"))[:70] or "start"


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"), Path(sys.argv[2]), *sys.argv[3:])
