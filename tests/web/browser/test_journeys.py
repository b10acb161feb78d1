"""Short ways: what is refused and said, the roster as a file, choices that are kept."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

from playwright.sync_api import expect
from world import PASSWORD

from web.browser.signing_in import code_now


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
    for button, kept in (("中文", ("lang", "zh-Hans")), ("深色", ("data-bs-theme", "dark"))):
        page.locator(".bar details.menu summary").first.click()
        page.get_by_role("button", name=button).click()
        expect(page.locator("html")).to_have_attribute(*kept)
    page.goto("/metrics/")
    assert page.locator("html").get_attribute("lang") == "zh-Hans"
    assert page.locator("html").get_attribute("data-bs-theme") == "dark"
