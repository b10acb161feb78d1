"""The documentation of permissions is the policy's own."""

from __future__ import annotations

from pathlib import Path

from onefloor_web.platform.accounts.reference import permissions_page

FILE = Path(__file__).parents[4] / "docs" / "reference" / "permissions.md"


def test_the_page_of_permissions_is_current() -> None:
    assert FILE.read_text(encoding="utf-8") == permissions_page(), "run: python docs/reference/permissions.py"
