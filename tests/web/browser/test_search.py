"""The search field with keys, on a phone, and without JavaScript."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from web.browser.looks import violations


def test_a_slash_finds_with_keys_alone_from_everywhere(browse: Any):
    page = browse("Own", "administrator")
    for path in ("/today/", "/people/", "/companies/"):
        page.goto(path)
        page.keyboard.press("/")
        expect(page.locator("header .search input")).to_be_focused()
    page.keyboard.type("ａｕｄｉｔ")
    offered = page.locator("#suggestions [data-hit]")
    expect(offered.first).to_have_attribute("href", "/audit/")
    expect(page.locator("#live")).to_have_text(re.compile("hit"))
    page.keyboard.press("ArrowDown")
    expect(offered.first).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(page.locator("header .search input")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#suggestions")).to_be_hidden()
    page.keyboard.type(" ")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/audit/$"))


def test_hits_are_walked_with_arrows_or_letters_and_opened_with_enter(browse: Any):
    page = browse("Own", "vendor_manager")
    page.goto("/today/")
    page.keyboard.press("/")
    page.keyboard.type("service")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/search/\?q=service$"))
    hits = page.locator("main [data-hit]")
    page.keyboard.press("/")
    page.keyboard.press("ArrowDown")
    expect(hits.first).to_be_focused()
    page.keyboard.press("j")
    expect(hits.nth(1)).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("ArrowUp")
    expect(page.locator("main [data-search]")).to_be_focused()
    page.keyboard.type("service level")
    expect(page).to_have_url(re.compile(r"q=service\+level|q=service%20level"))
    expect(page.locator("#live")).to_have_text(re.compile("hit"))
    page.keyboard.press("ArrowDown")
    expect(hits.first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/metrics/service_level/"))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_search_works_without_javascript(browse: Any, language: str):
    page = browse("North", "project_manager", language=language, java_script_enabled=False)
    page.goto("/today/")
    page.locator("header .search input").fill("服务水平")
    page.locator("header .search input").press("Enter")
    assert page.locator("main [data-hit]").first.get_attribute("href") == "/metrics/service_level/versions/1/"
    page.locator("main input[name=q]").fill("zzz 服务水平")
    page.locator("main form button").click()
    page.locator("main .links a", has_text="zzz").click()
    expect(page.locator("main [data-hit]").first).to_be_visible()


def test_on_a_phone_search_is_in_the_menu(browse: Any):
    page = browse("North", "agent", phone=True)
    page.goto("/today/")
    assert page.locator("header .search").is_visible() is False
    page.locator(".side-fold summary").click()
    page.locator(".side-menu a[href='/search/']").click()
    expect(page.locator("main [data-search]")).to_be_focused()
    page.goto("/today/")
    page.keyboard.press("/")
    expect(page).to_have_url(re.compile("/search/$"))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_is_offered_and_found_is_accessible_and_fits(browse: Any, language: str, theme: str):
    page = browse("Own", "vendor_manager", language=language, theme=theme)
    for path in ("/search/?q=a", "/search/?q=zzz+z"):
        page.goto(path)
        assert list(violations(page)) == []
        for width in (320, 768, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            page.wait_for_function("document.documentElement.scrollWidth <= window.innerWidth")
    page.goto("/today/")
    page.locator("header .search input").fill("a")
    expect(page.locator("#suggestions [data-hit]").first).to_be_visible()
    assert list(violations(page)) == []
