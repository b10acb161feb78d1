"""What no template and no code may hold: it would let text become code, or the content security policy refuses it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[3] / "src" / "onefloor_web"
TEMPLATES = sorted(SOURCE.rglob("templates/**/*.html"))
COMMENT = re.compile(r"{#.*?#}|{% comment %}.*?{% endcomment %}|<!--.*?-->", re.DOTALL)

FORBIDDEN = {
    "an inline event handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "a script in the page": re.compile(
        r"<script(?![^>]*\bsrc=)(?![^>]*type=.(?:application/json|application/ld\+json))[^>]*>", re.IGNORECASE
    ),
    "a style element without a nonce": re.compile(r"<style(?![^>]*nonce)", re.IGNORECASE),
    "an address that runs as script": re.compile(r"""["'\s]javascript:""", re.IGNORECASE),
    "htmx that evaluates text": re.compile(r"\b(?:data-)?hx-(?:on|vals=['\"]js:|headers=['\"]js:)", re.IGNORECASE),
    "text that is not escaped": re.compile(r"\|\s*safe\b|{%\s*autoescape off"),
    "something from another site": re.compile(r"""(?:src|href|action)=["'](?:https?:)?//""", re.IGNORECASE),
}
# Each exception with its reason.
ALLOWED = {("text that is not escaped", "notes.html"): "help texts are written in code; Django's are lists in HTML"}
DRAWN = {  # SVG and marks made of numbers, and of text that ``format_html`` has escaped
    "platform/pages/charts.py",
    "platform/pages/marks.py",
    "platform/pages/sparklines.py",
    "records/imports/shown.py",
    "records/scorecards/comparing.py",
}
TAG = re.compile(r"""<form\b(?P<head>[^>]*)>(?P<body>.*?)</form>""", re.DOTALL | re.IGNORECASE)


def bare(file: Path) -> str:
    """The template without comments."""
    return COMMENT.sub("", file.read_text(encoding="utf-8"))


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_template_holds(what: str) -> None:
    found = [
        str(file.relative_to(SOURCE))
        for file in TEMPLATES
        if FORBIDDEN[what].search(bare(file)) and (what, file.name) not in ALLOWED
    ]
    assert found == [], what


def test_every_form_that_changes_something_carries_its_protection_against_forgery() -> None:
    found = []
    for file in TEMPLATES:
        for form in TAG.finditer(bare(file)):
            posts = re.search(r"""method=["']?post""", form["head"], re.IGNORECASE)
            if posts and "csrf" not in form["body"] and "{{ form }}" not in form["body"]:
                found.append(str(file.relative_to(SOURCE)))
    assert found == []


def test_no_code_marks_text_as_safe() -> None:
    """``format_html`` escapes what it is given; ``mark_safe`` does not."""
    used = re.compile(r"\bmark_safe\(|\bSafeString\((?!\))")
    found = {
        str(file.relative_to(SOURCE)) for file in SOURCE.rglob("*.py") if used.search(file.read_text(encoding="utf-8"))
    }
    assert found - DRAWN == set()


# A column that PostgreSQL computes from its row: constant SQL without parameters.
COMPUTED = {f"settlement/statements/{name}" for name in ("models.py", "migrations/0010_lines_by_key.py")}


def test_no_sql_is_made_from_text_of_a_request() -> None:
    """``extra``, ``RawSQL`` and f-strings in ``execute`` are for the database's own parts, and columns it computes."""
    used = re.compile(r"\.extra\(|RawSQL\(|\.execute\(\s*f[\"']|\.raw\(")
    allowed = {"database", "platform/tenancy", "serving"}
    found = {
        str(file.relative_to(SOURCE))
        for file in SOURCE.rglob("*.py")
        if used.search(file.read_text(encoding="utf-8"))
        and not str(file.relative_to(SOURCE)).startswith(tuple(allowed))
    }
    assert found == COMPUTED
