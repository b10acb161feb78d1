"""The editor of drafts in a browser: form and YAML are one text, in both languages, also on a phone."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from web.browser.looks import violations

WORDS = {"zh-hans": ("没有问题", "个问题", "7.31"), "en": ("No problem", "problem", "7.32")}


def page_of(house: Any) -> str:
    return f"/agreements/drafts/{house.world['North'].rows['draft'].pk}/?part=price:1"


@pytest.mark.parametrize("language", WORDS)
def test_form_and_yaml_are_one_text(browse: Any, house: Any, language: str):
    fine, wrong, value = WORDS[language]
    page = browse("North", "project_manager", language=language)
    page.goto(page_of(house))
    text, rate, state = page.locator(".cm-content"), page.locator('[name="f.rate"]'), page.locator("#draft-state")
    expect(state).to_contain_text(fine)
    rate.fill(value)
    expect(text).to_contain_text(f"rate: {value}")
    expect(page.locator("#draft-words")).to_contain_text(value)
    text.click()
    page.keyboard.press("Control+End")
    page.keyboard.type("banana: 1")
    expect(state).to_contain_text("banana")
    expect(state).to_contain_text(wrong)
    for _letter in "banana: 1":
        page.keyboard.press("Backspace")
    expect(state).to_contain_text(fine)
    page.reload()
    expect(rate).to_have_value(value)
    assert list(violations(page)) == []


def test_the_cursor_in_the_yaml_opens_the_part_it_stands_in(browse: Any, house: Any):
    page = browse("North", "project_manager")
    page.goto(page_of(house).partition("?")[0])
    page.locator(".cm-line", has_text="kind: contact").click()
    expect(page.locator("#draft-form")).to_have_attribute("data-part", "price:1")
    expect(page).to_have_url(re.compile("part=price"))


def test_a_phone_has_the_form_alone(browse: Any, house: Any):
    page = browse("North", "project_manager", phone=True)
    page.goto(page_of(house))
    expect(page.locator('[name="f.rate"]')).to_be_visible()
    expect(page.locator(".draft-text")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_without_javascript_a_form_and_a_text_are_posted(browse: Any, house: Any):
    page = browse("North", "project_manager", java_script_enabled=False)
    page.goto(page_of(house))
    page.locator('[name="f.rate"]').fill("7.40")
    page.locator("#draft-part-form button").last.click()
    expect(page.locator("#draft-text-field")).to_contain_text("rate: 7.40")
