"""From the password to an opened file, as people of two companies go it: at a desk and on a phone, zh and en."""

from __future__ import annotations

import csv
import hashlib
import hmac
import io
import re
import time
from base64 import b32decode
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect
from world import PASSWORD, SECRETS
from worlds.accounts import SECRET

WAYS = pytest.mark.parametrize("way", ["zh-hans-desk", "zh-hans-phone", "en-desk", "en-phone"])
MANAGERS = pytest.mark.parametrize("company", ["Own", "North"])


def code_now() -> str:
    """What the app on the phone shows (RFC 6238)."""
    digest = hmac.digest(b32decode(SECRET), int(time.time() // 30).to_bytes(8, "big"), hashlib.sha1)
    at = digest[-1] & 15
    return f"{(int.from_bytes(digest[at : at + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06}"


def sign_in(page: Any, name: str) -> None:
    page.goto("/scorecards/")
    page.locator("input[name=login]").fill(name)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.locator("input[name=code]").fill(code_now())
    page.locator("input[name=code]").press("Enter")
    expect(page).to_have_url(re.compile(r"/(today|scorecards/\w+)/$"))


def from_menu(page: Any, path: str, *, phone: bool) -> None:
    if phone:
        page.locator(".side-fold summary").click()
    page.locator(f".side-menu a[href='{path}']").first.click()


@WAYS
@MANAGERS
def test_from_the_password_to_the_file_of_a_figures_rows(browse: Any, company: str, way: str, tmp_path: Path):
    language, _, device = way.rpartition("-")
    phone = device == "phone"
    page = browse(language=language, phone=phone)
    sign_in(page, f"walker-{company}-{way}".lower())
    from_menu(page, "/scorecards/", phone=phone)
    page.locator("#scorecard .links a[href='/scorecards/delivery/']").click()
    expect(page).to_have_url(re.compile("/scorecards/delivery/"))
    page.locator("#period").select_option("2026-10")
    expect(page).to_have_url(re.compile("period=2026-10"))
    open_figure(page, company)
    rows_with_purpose(page)
    download(page, company, tmp_path)
    open_contact(page, company)
    assert foreign_of(company).isdisjoint(re.findall("Own|North|Harbor", page.locator("main").inner_text()))


def foreign_of(company: str) -> set[str]:
    """Names of the companies that a vendor's people must not meet in rows and figures."""
    return set() if company == "Own" else {"Own", "North", "Harbor"} - {company}


def open_figure(page: Any, company: str) -> None:
    """The first figure opens beside the list; from there its page."""
    links = page.locator("#scorecard tbody a[href*='service_level'], #scorecard .figures a[href*='service_level']")
    spoken = " ".join(one.get_attribute("aria-label") for one in links.all())
    assert not any(name in spoken for name in foreign_of(company)), spoken
    links.first.click()
    expect(page.locator("#panel")).to_be_visible()
    page.locator("#panel [data-panel-page]").click()
    expect(page).to_have_url(re.compile("/figures/service_level"))
    expect(page.locator("main .chart svg")).to_be_visible()


def rows_with_purpose(page: Any) -> None:
    """Without a purpose the rows name nobody; with one they do, and the page says that it is logged."""
    page.locator("main .page-head a.btn-primary").click()
    expect(page.locator("main .note .btn-primary")).to_be_visible()
    assert page.locator("main a[href^='/contacts/']").count() == 0
    page.locator("main .note .btn-primary").click()
    page.locator("input[name=purpose][value=audit]").check()
    page.locator("main form button.btn-primary").click()
    expect(page.locator("main a[href^='/contacts/']").first).to_be_visible()


def download(page: Any, company: str, folder: Path) -> None:
    """The file holds the rows, what they are rows of, and nothing of others."""
    with page.expect_download() as loading:
        page.get_by_role("link", name="CSV").click()
    file = folder / "rows.csv"
    loading.value.save_as(file)
    text = file.read_text(encoding="utf-8-sig")
    assert len(list(csv.reader(io.StringIO(text)))) > 20
    assert "service_level" in text
    assert not any(re.search(rf"\b{name}\b", text) for name in foreign_of(company))
    assert not any(SECRETS[name] in text for name in SECRETS if name != company)


def open_contact(page: Any, company: str) -> None:
    page.locator("main a[href^='/contacts/']").first.click()
    expect(page.locator("#panel h1, #panel h2").first).to_be_visible()
    page.locator("#panel [data-panel-page]").click()
    expect(page).to_have_url(re.compile("/contacts/[^/]+/"))
    expect(page.locator("main section.card").first).to_be_visible()


def test_a_figure_of_another_company_is_not_there(browse: Any):
    page = browse("North", "project_manager")
    answer = page.goto("/figures/service_level/2026-10/?where=company:Harbor")
    assert answer.status == 404
    assert "Harbor" not in page.locator("main").inner_text()


def test_a_wrong_code_is_refused_and_said(browse: Any):
    page = browse()
    page.goto("/sign-in/")
    page.locator("input[name=login]").fill("harbor-project_manager")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.locator("input[name=code]").fill("000000" if code_now() != "000000" else "000001")
    page.locator("input[name=code]").press("Enter")
    expect(page.locator("main")).to_contain_text("This code does not fit.")


def test_the_roster_is_seen_by_day_and_taken_along(browse: Any, tmp_path: Path):
    page = browse("North", "administrator")
    page.goto("/rosters/")
    with page.expect_download() as loading:
        page.locator("main a[href*='rosters/file.csv']").first.click()
    loading.value.save_as(tmp_path / "roster.csv")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "roster.csv").read_text(encoding="utf-8-sig"))))
    assert rows
    assert {row["company"] for row in rows} == {"North"}


def test_language_and_theme_are_kept_from_page_to_page(browse: Any):
    page = browse("Own", "vendor_manager")
    page.goto("/scorecards/")
    for button in ("中文", "深色"):
        page.locator(".bar details.menu summary").first.click()
        page.get_by_role("button", name=button).click()
    page.goto("/metrics/")
    assert page.locator("html").get_attribute("lang") == "zh-Hans"
    assert page.locator("html").get_attribute("data-bs-theme") == "dark"
