"""Every page as a browser shows it: WCAG, nothing wider than the screen, no complaint, its language, its weight."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin
from zlib import crc32

import crawl
import pytest
from playwright.sync_api import TimeoutError as TooLong

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")

PARTS = 4  # of the pages, for processes that run side by side
LANGUAGES = ("zh-hans", "en")
WIDTHS = (320, 720, 768, 1440)  # 720 is what is left of 1440 at 200 %
HTML, SCRIPT, STYLE = 60_000, 60_000, 70_000  # bytes, gzip
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
# In this order: each looks at the pages that nobody before could see.
VIEWERS = (
    ("Own", "vendor_manager"), ("Own", "administrator"), ("Own", "auditor"), ("North", "project_manager"),
    ("North", "agent"), ("", ""),
)  # fmt: skip
OF_FACTS = (
    "/scorecards/delivery/?period=2026-10", "/scorecards/delivery/?by=team&period=2026-10", "/metrics/",
    "/metrics/service_level/versions/1/", "/formulas/?period=2026-10-14", "/comparisons/?period=2026-10",
    "/figures/service_level/2026-10/", "/figures/service_level/2026-10/?where=company:North",
    "/figures/service_level/2026-10/rows/", "/contacts/?day=2026-10-14",
)  # fmt: skip


def paths(house: Any, company: str) -> Iterator[str]:
    """Every address with this company's rows, then pages with figures of the generated floor."""
    side = house.world[company or "Own"]
    yield from (path for one, path in crawl.paths(side) if one.name != "account_logout")
    yield from OF_FACTS if company else ()


def is_page(context: Any, path: str) -> bool:
    """Whether an address answers with a page, now and to this user: not with a file or a part of a page."""
    answer = context.request.get(path, max_redirects=0)
    html = answer.status == 200 and answer.headers.get("content-type", "").startswith("text/html")
    return html and answer.text().lstrip().lower().startswith("<!doctype")


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_accessible_fits_and_is_whole(browse: Any, language: str, part: int):
    seen: set[str] = set()
    found: list[str] = []
    for company, role in VIEWERS:
        page = browse(company, role, language=language)
        for path in paths(browse.house, company):
            shape = re.sub(r"\d+", "0", path)
            if shape in seen or crc32(shape.encode()) % PARTS != part or not is_page(page.context, path):
                continue
            seen.add(shape)
            found += [f"{role} {path}: {one}" for one in faults(page, path, language)]
    assert not found, "\n".join(found)
    assert len(seen) > 40 // PARTS


def faults(page: Any, path: str, language: str) -> Iterator[str]:
    """What is wrong with a page; its document is loaded once for all questions."""
    answer = page.goto(path)
    weight = len(gzip.compress(answer.body()))
    if weight > HTML:
        yield f"{weight} bytes of HTML"
    if page.locator("[data-island]").count():
        page.locator("[data-island] svg").first.wait_for()
    wanted = "en" if language == "en" else "zh-Hans"
    if page.locator("html").get_attribute("lang") != wanted:
        yield "another language"
    if (heads := page.locator("h1").count()) != 1:
        yield f"{heads} h1"
    yield from too_wide(page)
    yield from violations(page, RULES)
    page.evaluate("document.documentElement.dataset.bsTheme = 'dark'")
    yield from (f"dark: {one}" for one in violations(page, COLOURS))


def too_wide(page: Any) -> Iterator[str]:
    """Widths at which the page scrolls sideways, once its charts have followed the window."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        try:
            page.wait_for_function("document.documentElement.scrollWidth <= window.innerWidth", timeout=3_000)
        except TooLong:
            yield f"{page.evaluate('document.documentElement.scrollWidth')} px wide at {width}"


def violations(page: Any, rules: dict[str, Any]) -> Iterator[str]:
    """What axe-core finds, with the first element each."""
    for one in axe.Axe().run(page, options=rules).response["violations"]:
        yield f"{one['id']} {one['nodes'][0]['html'][:160]}"


def test_scripts_and_styles_of_every_page_are_light(browse: Any):
    page = browse("Own", "vendor_manager")
    page.goto("/today/")
    script = page.locator("script[type=module]").get_attribute("src")
    weights = {"style": 0, "script": 0}
    for link in page.locator("link[rel=stylesheet]").all():
        weights["style"] += weight_of(page, link.get_attribute("href"))
    for part in {script, *imports_of(page, script)}:
        weights["script"] += weight_of(page, part)
    assert weights["script"] <= SCRIPT
    assert weights["style"] <= STYLE


def weight_of(page: Any, address: str) -> int:
    return len(gzip.compress(page.context.request.get(urljoin(page.url, address)).body()))


def imports_of(page: Any, script: str) -> set[str]:
    """What a script asks for at once; islands come later, on the pages that have them."""
    text = page.context.request.get(urljoin(page.url, script)).text()
    return {urljoin(script, name) for name in re.findall(r'(?:from|^import)\s*"(\./[^"]+\.js)"', text)}
