"""An agreement in the browser, both companies, each in another language: brought, compared, signed twice, in force."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect
from worlds.agreements import source_of

AMENDED = (
    "amendments:\n  - {from: 2027-01-01, note: {zh: 单价上调, en: The fee rises}, price: [{id: '1', rate: 7.00}]}\n"
)
WORDS = {
    "en": {"brought": "Propose for signature", "sign": "Sign", "in force": "in force from", "signed": "signed by both"},
    "zh-hans": {"brought": "提交会签", "sign": "签署", "in force": "起生效", "signed": "双方已签"},
}


def sign(page: Any, path: str, words: dict[str, str]) -> None:
    """From the page of signatures to the consequence and the click; the password counts as given."""
    page.goto(f"{path}signatures/")
    page.get_by_role("link", name=words["sign"], exact=True).first.click()
    expect(page.locator("main .note").first).to_contain_text("2")
    page.locator("main form button.btn-primary").dblclick()
    expect(page.locator("main")).to_contain_text("onefloor check")


@pytest.mark.parametrize(("company", "vendors", "clients"), [("North", "zh-hans", "en"), ("Harbor", "en", "zh-hans")])
def test_a_version_is_brought_compared_and_signed_by_both(browse: Any, company: str, vendors: str, clients: str):
    base = f"/agreements/{company.lower()}-agreement/versions/"
    client = browse("Own", "signatory", language=clients)
    sign(client, f"{base}2/", WORDS[clients])
    expect(client.locator(".page-sub")).to_contain_text(WORDS[clients]["signed"])

    manager = browse(company, "project_manager", language=vendors)
    manager.goto("/agreements/uploads/")
    side = browse.house.world[company]
    manager.locator("main textarea[name=text]").fill(source_of(side, more=AMENDED))
    manager.locator("main form button.btn-primary").click()
    expect(manager.locator("main")).to_contain_text("2027-01-01")
    expect(manager.locator("main ins").first).to_be_visible()
    expect(manager.locator("main")).to_contain_text("7.00")
    manager.get_by_role("button", name=WORDS[vendors]["brought"]).click()
    expect(manager).to_have_url(re.compile(f"{base}3/$"))

    sign(browse(company, "signatory", language=vendors), f"{base}3/", WORDS[vendors])
    sign(client, f"{base}3/", WORDS[clients])
    for page in (client, manager):
        page.goto(f"{base}3/")
    expect(client.locator(".page-sub")).to_contain_text(WORDS[clients]["signed"])
    expect(manager.locator(".page-sub")).to_contain_text(WORDS[vendors]["signed"])
    client.goto(f"{base}3/differences/2/")
    expect(client.locator("main ins").first).to_be_visible()
