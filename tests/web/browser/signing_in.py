"""How people come in and get about: the password, the code of an app, the menu."""

from __future__ import annotations

import hashlib
import hmac
import re
import time
from base64 import b32decode
from typing import Any

from playwright.sync_api import expect
from world import PASSWORD
from worlds.accounts import SECRET


def code_now() -> str:
    """What the app on the phone shows (RFC 6238)."""
    digest = hmac.digest(b32decode(SECRET), int(time.time() // 30).to_bytes(8, "big"), hashlib.sha1)
    at = digest[-1] & 15
    return f"{(int.from_bytes(digest[at : at + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06}"


def sign_in(page: Any, name: str) -> None:
    """From a page that nobody sees without, by the password and then the code."""
    page.goto("/scorecards/")
    page.locator("input[name=login]").fill(name)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    for _ in range(2):  # a code may run out while it is on its way: then the next one counts
        page.locator("input[name=code]").fill(code_now())
        with page.expect_navigation():
            page.locator("input[name=code]").press("Enter")
        if not page.locator("input[name=code]").count():
            break
    expect(page).to_have_url(re.compile(r"/(today|scorecards/\w+)/$"))


def from_menu(page: Any, path: str) -> None:
    """A page of the menu, which is folded where the screen is narrow."""
    page.wait_for_load_state()
    if page.locator(".side-fold summary").is_visible():
        page.locator(".side-fold summary").click()
    with page.expect_navigation():
        page.locator(f".side-menu a[href='{path}']").first.click()
