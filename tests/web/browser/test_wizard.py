"""A log of a telephone system goes in by the wizard, step by step; what was damaged is mended and retried."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

PATIENCE = 60_000  # ms for the worker's jobs; other processes share the machine
PRIMARY = "main form button.btn-primary"


@pytest.mark.parametrize(("language", "phone"), [("zh-hans", False), ("en", True)])
def test_a_damaged_log_goes_in_and_its_line_is_mended(
    browse: Any, examples: Path, tmp_path: Path, language: str, phone: bool
):
    log = tmp_path / "queue_log"
    whole = (examples / "asterisk_run" / "queue_log").read_bytes()
    log.write_bytes(whole + f"damaged by {language}\n".encode())
    page = browse("Own", "vendor_manager", language=language, phone=phone)
    at = up_to_the_report(page, log)
    expect(page.locator("main .account")).to_contain_text("1,572")
    page.locator(f"main a[href='{at}quarantine/']").first.click()
    expect(page.locator("main code").first).to_have_text(f"damaged by {language}")
    page.locator(f"main a[href^='{at}quarantine/0/?']").click()
    page.locator("main textarea, main input[type=text]").first.fill(whole.decode().splitlines()[0])
    page.locator(PRIMARY).first.click()
    reload_until(page, f"{at}quarantine/", "main tbody code", 0)
    page.goto(f"{at}quarantine/?mended=1")
    expect(page.locator("main tbody code").first).to_have_text(f"damaged by {language}")


def up_to_the_report(page: Any, log: Path) -> str:
    """From the choice of the file to the report; the address of the import."""
    page.goto("/imports/new/")
    page.locator("input[type=file]").set_input_files(log)
    page.locator(PRIMARY).first.click()
    expect(page).to_have_url(re.compile("/kind/$"))
    expect(page.locator("#kind-asterisk-queue-log")).to_be_checked()
    page.locator(PRIMARY).click()
    expect(page).to_have_url(re.compile("/mapping/$"))
    at = page.url[len(page.context.pages[0].evaluate("location.origin")) :].removesuffix("mapping/")
    page.locator(PRIMARY).first.click()
    reload_until(page, f"{at}dry-run/", f"main form[action='{at}load/'] button", 1)
    page.locator(f"main form[action='{at}load/'] button").click()
    reload_until(page, f"{at}report/", "main .account", 1)
    return at


def reload_until(page: Any, path: str, wanted: str, count: int) -> None:
    """Load the page again until the worker has done its job and what is wanted is there."""

    def there() -> None:
        page.goto(path)
        expect(page.locator(wanted)).to_have_count(count, timeout=1_000)

    for _ in range(PATIENCE // 1_000):
        try:
            return there()
        except AssertionError:
            continue
    return there()


def test_a_vendor_does_not_see_the_clients_import(browse: Any):
    page = browse("North", "project_manager")
    number = browse.house.world["Own"].rows["import"].pk
    assert page.goto(f"/imports/{number}/report/").status == 404
    page.goto("/imports/")
    assert "OWNSECRET" not in page.locator("main").inner_text()
