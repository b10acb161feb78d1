"""The page about pages: its example runs, and it names every component there is."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from django.http import HttpRequest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from onefloor_web.platform.pages.templatetags.pages import register

PAGE = (Path(__file__).parents[4] / "docs/explanation/pages.md").read_text(encoding="utf-8")
BUILDING_BLOCKS = {"asset", "icon", "slot", "badge", "empty", "freshness", "needs"}
"""Used by the frame and by other components, shown in the gallery."""


def block(language: str) -> str:
    return re.search(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL).group(1)


def test_the_example_of_the_documentation_makes_a_page():
    found: dict[str, Any] = {}
    exec(block("python"), found)
    found["render"] = lambda request, name, context: render_page(request, context)
    with translation.override("en"):
        html = found["people"](RequestFactory().get("/?sort=-code"))
    assert found["people"].action == "signed_in"
    assert html.index("N2032") < html.index("N2031")
    assert [part in html for part in ("Only your company sees this", "Import a roster", "<table")] == [True] * 3


def render_page(request: HttpRequest, context: dict[str, Any]) -> str:
    """The example's template without the frame, which needs somebody signed in."""
    template = block("html").replace('{% extends "pages/base.html" %}', "")
    return Template(template).render(Context(context | {"request": request}))


def test_every_component_is_named():
    named = set(re.findall(r"\{% (\w+)", PAGE))
    assert set(register.tags) - BUILDING_BLOCKS - named == set()


def test_every_filter_for_numbers_and_dates_that_is_named_exists():
    sentence = PAGE.split("Numbers and dates are written by")[1].split("\n\n")[0]
    named = {name.split(":")[0] for name in re.findall(r"`([a-z_]+(?::\"\w+\")?)`", sentence)}
    assert named - set(register.filters) == set()
