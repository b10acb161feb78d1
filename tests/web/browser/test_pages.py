"""Every page as a browser shows it: WCAG, nothing wider than the screen, no complaint, its language, its weight.

A page differs by who looks: another company has other columns, another role other buttons and forms. Each page is
looked at by the first viewer who may open it, and again by whoever finds a part on it that nobody had before: in one
language, as the parts do not depend on it.
"""

from __future__ import annotations

import gzip
import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin
from zlib import crc32

import crawl
import pytest

from web.browser.looks import COLOURS, too_wide, violations

PARTS = 4  # of the pages, for processes that run side by side
LANGUAGES = ("zh-hans", "en")
AGAIN = "en"  # whose words are longer
HTML, SCRIPT, STYLE = 60_000, 60_000, 70_000  # bytes, gzip
# In this order: each looks at what nobody before could see.
VIEWERS = (
    ("Own", "vendor_manager"), ("Own", "administrator"), ("Own", "auditor"), ("North", "project_manager"),
    ("North", "agent"), ("North", "signatory"), ("Own", "leader"), ("", ""),
)  # fmt: skip
NEVER = (405,)  # what an address that only takes forms answers
COUNTED = ("button", "form", "input", "select", "textarea", "th", "h2", "h3")  # and what looks like a button
LISTS = ("tbody", "ul", "ol", "dl", "select", "svg")  # how many there are in one depends on the rows
OF_FACTS = (
    "/scorecards/delivery/?period=2026-10", "/scorecards/delivery/?by=team&period=2026-10", "/metrics/",
    "/metrics/service_level/versions/1/", "/formulas/?period=2026-10-14", "/comparisons/?period=2026-10",
    "/figures/service_level/2026-10/", "/figures/service_level/2026-10/?where=company:North",
    "/figures/service_level/2026-10/rows/", "/contacts/?day=2026-10-14",
)  # fmt: skip


def paths(house: Any, company: str) -> Iterator[str]:
    """Every address with this company's rows, then pages with figures of the generated floor."""
    side = house.world[company or "Own"]
    for one, path in crawl.paths(side):
        if one.name != "account_logout" and not one.name.startswith(crawl.API):
            yield path
    yield from OF_FACTS if company else ()


class Parts(HTMLParser):
    """The parts of a document's main element: each kind of element, and how many buttons, fields, heads it has.

    The second button beside another one is a part of its own, the second row of a list is not.
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: set[tuple[Any, ...]] = set()
        self.counted: Counter[tuple[Any, ...]] = Counter()
        self.within: list[str] = []
        head, _main, rest = text.partition("<main")
        self.feed(rest or head)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: re.sub(r"\d+", "0", value or "") for name, value in attrs}
        one = (tag, *(said.get(name, "") for name in ("class", "name", "type", "action")))
        if tag in LISTS:
            self.within.append(tag)
        if said.get("type") != "hidden":
            self.counted[one] += not self.within and (tag in COUNTED or "btn" in said.get("class", ""))
            self.found.add((*one, self.counted[one]))

    def handle_endtag(self, tag: str) -> None:
        if self.within and self.within[-1] == tag:
            self.within.pop()


def parts_of(answer: Any) -> set[tuple[Any, ...]]:
    """What a page consists of; nothing, if the answer is a file, a part of a page, or a refusal."""
    html = answer.status == 200 and answer.headers.get("content-type", "").startswith("text/html")
    text = answer.text() if html else ""
    return Parts(text).found if text.lstrip().lower().startswith("<!doctype") else set()


def is_never_a_page(answer: Any) -> bool:
    """Whether nobody gets a page at an address: it only takes forms, or gives files."""
    kind = answer.headers.get("content-type", "")
    return answer.status in NEVER or (answer.status == 200 and not kind.startswith("text/html"))


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_accessible_fits_and_is_whole(browse: Any, language: str, part: int):
    seen: dict[str, set[tuple[Any, ...]]] = {}
    skipped: set[str] = set()
    found: list[str] = []
    for company, role in VIEWERS:
        page = browse(company, role, language=language)
        for path in paths(browse.house, company):
            shape = re.sub(r"\d+", "0", path)
            again = bool(seen.get(shape))
            if shape in skipped or crc32(shape.encode()) % PARTS != part or (again and language != AGAIN):
                continue
            answer = page.context.request.get(path, max_redirects=0)
            if is_never_a_page(answer):
                skipped.add(shape)
            elif not (parts := parts_of(answer)) <= seen.setdefault(shape, set()):
                seen[shape] |= parts
                found += [f"{role} {path}: {one}" for one in faults(page, path, language)]
    assert not found, "\n".join(found)
    assert sum(map(bool, seen.values())) > 40 // PARTS


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
    yield from violations(page)
    if language == AGAIN:  # colours do not depend on the language
        page.evaluate("document.documentElement.dataset.bsTheme = 'dark'")
        yield from (f"dark: {one}" for one in violations(page, COLOURS))


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


def test_the_look_at_a_page_finds_what_is_wrong_with_it(browse: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("web.browser.looks.PATIENCE", 0.1)  # nothing on this page follows the window
    page = browse("Own", "vendor_manager")
    page.set_content(
        "<html lang='en'><title>Faults</title><main style='background: #fff'>"
        "<img src='/x.png'><p style='color: #ddd'>pale</p><p style='width: 900px'>wide</p></main></html>"
    )
    assert [one.split()[0] for one in violations(page)] == ["color-contrast", "image-alt"]
    assert [one.split()[0] for one in violations(page, COLOURS)] == ["color-contrast"]
    assert [one.split()[-1] for one in too_wide(page)] == ["320", "720", "768"]
