"""Other ways than mouse and script: keys alone, no JavaScript, paper; and two clicks or two people at once."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

SCORECARD = "/scorecards/delivery/?period=2026-10"


def test_from_today_to_a_contact_with_keys_alone(browse: Any):
    page = browse("Own", "vendor_manager")
    page.goto("/today/")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()
    key = page.locator(".side-menu a[href='/scorecards/']").get_attribute("data-key")
    page.keyboard.press("g")  # the second key counts for a moment only
    page.keyboard.press(key)
    expect(page).to_have_url(re.compile("/scorecards/"))
    page.goto("/figures/service_level/2026-10/rows/")
    expect(page.locator("[data-row]").first).to_be_visible()
    page.keyboard.press("j")
    expect(page.locator("[data-row]").first).to_be_focused()
    page.keyboard.press("j")
    expect(page.locator("[data-row]").nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#panel")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()
    expect(page.locator("[data-row]").nth(1)).to_be_focused()


def test_a_slash_leads_to_the_search_of_the_page(browse: Any):
    page = browse("Own", "administrator")
    page.goto("/people/")
    page.keyboard.press("/")
    expect(page.locator("input:focus")).to_have_count(1)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_lists_filters_and_forms_work_without_javascript(browse: Any, language: str):
    page = browse("Own", "administrator", language=language, java_script_enabled=False)
    page.goto("/people/")
    page.locator("main input[type=search], main input[name=q]").first.fill("10001")
    page.locator("main form button").first.click()
    expect(page).to_have_url(re.compile("10001"))
    expect(page.locator("main tbody tr")).to_have_count(1)
    page.goto(f"/sites/{browse.house.world['Own'].site.pk}/change/")
    page.locator("main input[name=name]").fill(f"OWNMARKER site {language}")
    page.locator("main form button.btn-primary").click()
    expect(page.locator("main")).to_contain_text(f"OWNMARKER site {language}")


def test_a_scorecard_is_regrouped_without_javascript(browse: Any):
    page = browse("North", "project_manager", java_script_enabled=False)
    page.goto(SCORECARD)
    page.locator("#by").select_option("team")
    page.locator("#scorecard form button[type=submit]").first.click()
    expect(page).to_have_url(re.compile("by=team"))
    expect(page.locator("#scorecard tbody tr").nth(1)).to_be_visible()


def test_two_clicks_on_a_button_do_a_thing_once(browse: Any):
    page = browse("North", "administrator")
    page.goto("/tokens/new/")
    page.locator("main input[name=name]").fill("clicked twice")
    box = page.locator("main form input[type=checkbox]").first
    if box.count():
        box.check()
    page.locator("main form button.btn-primary").dblclick()
    expect(page.locator("main")).to_contain_text("clicked twice")
    page.goto("/tokens/")
    expect(page.get_by_text("clicked twice")).to_have_count(1)


def test_who_saves_second_sees_both_versions_and_chooses(browse: Any):
    number = browse.house.world["Harbor"].team.pk
    first, second = (browse("Harbor", "administrator", language=language) for language in ("en", "zh-hans"))
    for page in (first, second):
        page.goto(f"/teams/{number}/change/")
    save_name(first, "HARBORMARKER first")
    expect(first.locator("h1")).to_contain_text("HARBORMARKER first")
    save_name(second, "HARBORMARKER second")
    for name in ("HARBORMARKER first", "HARBORMARKER second"):
        expect(second.locator("main tbody td").get_by_text(name, exact=True)).to_be_visible()
    second.locator("main form button.btn-primary").click()
    expect(second.locator("h1")).to_contain_text("HARBORMARKER second")


def save_name(page: Any, name: str) -> None:
    page.locator("main input[name=name]").fill(name)
    page.locator("main form button.btn-primary").click()


def test_a_printed_scorecard_has_all_rows_versions_and_no_menus(browse: Any):
    page = browse("Own", "vendor_manager")
    page.goto(f"{SCORECARD}&by=team")
    names = page.locator("#scorecard tbody th[scope=row]").all_inner_texts()
    page.emulate_media(media="print")
    text = page.locator("body").inner_text()
    assert len(names) > 2
    assert [name for name in names if name.strip() not in text] == []
    assert "Data version" in text
    for part in (".bar", ".side", ".page-head .buttons .btn", "#scorecard form"):
        expect(page.locator(part).first).to_be_hidden()
    sheets = re.findall(rb"/Type ?/Page\b", page.pdf(format="A4"))
    assert 1 <= len(sheets) <= 12
