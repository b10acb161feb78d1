"""What is wrong with a page as it stands: what axe-core finds, and what makes it scroll sideways."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")

SCRIPT = axe.Axe().axe_script
ONLY = {"resultTypes": ["violations"]}  # what is right is counted and not described, which takes most of the time
PATIENCE = 60  # seconds, for charts that follow the window
WIDTHS = (320, 720, 768, 1440)  # 720 is what is left of 1440 at 200 %
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}


def violations(page: Any, rules: dict[str, Any] = RULES) -> Iterator[str]:
    """What axe-core finds, with the first element each."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(SCRIPT)
    found = page.evaluate("async rules => (await axe.run(document, rules)).violations", rules | ONLY)
    for one in found:
        yield f"{one['id']} {one['nodes'][0]['html'][:160]}"


def too_wide(page: Any) -> Iterator[str]:
    """Widths at which the page scrolls sideways, once its charts have followed the window."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        if not _fits(page, width):
            yield f"{page.evaluate('document.documentElement.scrollWidth')} px wide at {width}"


def look(page: Any) -> None:
    """Nothing is wrong with the page on the screen it is on."""
    width = page.viewport_size["width"]
    assert _fits(page, width), f"{page.url} is {page.evaluate('document.documentElement.scrollWidth')} px wide"
    assert [f"{page.url}: {one}" for one in violations(page)] == []


def _fits(page: Any, width: int) -> bool:
    """Asked again from here: what a page asks itself again and again is evaluated, which its policy forbids."""
    until = time.monotonic() + PATIENCE
    while page.evaluate("document.documentElement.scrollWidth") > width:
        if time.monotonic() > until:
            return False
        page.wait_for_timeout(50)
    return True
