"""The components in a browser: nothing overflows or violates WCAG, keys and panel work, a lost connection is said."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium-headless-shell") or shutil.which("chromium")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic"]
WIDTHS = (320, 768, 1440)

pytestmark = pytest.mark.skipif(not CHROMIUM, reason="there is no chromium")


@pytest.fixture(scope="module")
def site(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """The site with its gallery."""
    import testbed
    from django.core.handlers.wsgi import WSGIHandler
    from django.test import override_settings
    from django.test.testcases import LiveServerThread

    asynchronous = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # playwright runs a loop in this thread
    with (
        testbed.copy() as database,
        testbed.used_by_django(database.url),
        django_db_blocker.unblock(),
        override_settings(DEMO=True),
    ):
        thread = LiveServerThread("127.0.0.1", lambda _handler: WSGIHandler())
        thread.daemon = True
        thread.start()
        thread.is_ready.wait()
        yield f"http://127.0.0.1:{thread.port}"
        thread.terminate()
    if asynchronous is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def gallery(chromium: Any, site: str) -> Iterator[Any]:
    """Opens the gallery; fails the test when the browser complains of anything."""
    contexts, complaints = [], []

    def opened(*, language: str = "en", theme: str = "light", width: int = 1440, **options: Any) -> Any:
        context = chromium.new_context(viewport={"width": width, "height": 900}, locale="zh-CN", **options)
        chosen = {"language": language, "theme": theme}
        context.add_cookies([{"name": name, "value": value, "url": site} for name, value in chosen.items()])
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{site}/gallery/")
        contexts.append(context)
        return page

    opened.complaints = complaints  # type: ignore[attr-defined]
    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def focused(page: Any) -> str:
    return page.evaluate("document.activeElement.textContent.trim()")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_no_component_violates_wcag_or_overflows(gallery: Any, language: str, theme: str):
    page = gallery(language=language, theme=theme)
    page.wait_for_selector(".chart svg")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = axe.Axe().run(page).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []


def test_what_a_finger_touches_on_a_phone_is_large_enough(gallery: Any):
    page = gallery(width=360, has_touch=True, is_mobile=True)
    small = page.evaluate(
        """() => [...document.querySelectorAll('button, .btn, summary, .side-menu a')]
            .filter(one => one.checkVisibility() && !one.closest('.figure, .chart-block, .job'))
            .map(one => [one.textContent.trim(), Math.round(one.getBoundingClientRect().height)])
            .filter(([, height]) => height < 44)"""
    )
    assert small == []


def test_the_theme_changes_without_a_script(gallery: Any):
    page = gallery(java_script_enabled=False)
    page.get_by_label("Language and theme").click()
    page.get_by_role("button", name="dark").click()
    assert page.locator("html").get_attribute("data-bs-theme") == "dark"
    assert page.url.endswith("/gallery/")


def test_the_language_changes_without_a_script(gallery: Any):
    page = gallery(java_script_enabled=False)
    page.get_by_label("Language and theme").click()
    page.get_by_role("button", name="中文").click()
    assert page.locator("h1").text_content() == "页面由哪些部分组成？"


def test_rows_are_walked_with_j_and_k_and_opened_in_the_panel_which_gives_the_focus_back(gallery: Any):
    page = gallery()
    page.locator("#table-rows [data-row]").first.focus()
    page.keyboard.press("j")
    assert focused(page) == "N2001"
    page.keyboard.press("Enter")
    sync_api.expect(page.locator("#panel")).to_be_visible()
    assert page.evaluate("document.activeElement.closest('#panel') !== null")
    page.keyboard.press("k")
    sync_api.expect(page.locator("#panel [data-panel-page]")).to_have_attribute("href", f"{page.url}?agent=N2000")
    page.keyboard.press("Escape")
    sync_api.expect(page.locator("#panel")).to_be_hidden()
    assert focused(page) == "N2000"


def test_a_question_mark_lists_the_keys_and_they_can_be_switched_off(gallery: Any):
    page = gallery()
    keys = page.locator("#keys")
    page.keyboard.press("?")
    sync_api.expect(keys).to_be_visible()
    keys.get_by_role("checkbox").uncheck()
    page.keyboard.press("Escape")
    sync_api.expect(keys).to_be_hidden()
    page.keyboard.press("?")
    sync_api.expect(keys).to_be_hidden()


def test_t_opens_the_table_of_a_chart(gallery: Any):
    page = gallery()
    page.keyboard.press("t")
    table = page.locator("#chart-service-level-title ~ details table")
    sync_api.expect(table).to_be_visible()
    assert table.locator("tbody tr").first.inner_text().split() == ["2025-10", "83.1", "82.4", "—"]


def test_keys_do_nothing_while_somebody_writes(gallery: Any):
    page = gallery()
    page.locator("#id_reason").fill("")
    page.locator("#id_reason").press_sequentially("jk?t/")
    assert page.locator("#id_reason").input_value() == "jk?t/"
    sync_api.expect(page.locator("#keys")).to_be_hidden()


def test_sorting_replaces_the_table_keeps_the_focus_and_changes_the_address(gallery: Any):
    page = gallery()
    head = page.locator("#table-rows-by-contacts")
    head.click()
    sync_api.expect(page.locator("#table-rows th[aria-sort=ascending]")).to_contain_text("Contacts")
    assert page.url.endswith("?sort=contacts")
    assert page.evaluate("document.activeElement.id") == "table-rows-by-contacts"
    sync_api.expect(page.locator("#live")).to_have_text("Agents: 54 rows")


def test_a_jobs_row_follows_the_job(gallery: Any):
    page = gallery()
    sync_api.expect(page.locator("#job-41")).to_contain_text("done · 1,198,020 / 1,198,020 lines")
    assert page.locator("#job-41").get_attribute("hx-get") is None


def test_a_lost_connection_is_said_and_nothing_is_lost(gallery: Any):
    page = gallery()
    page.locator("#id_reason").fill("long text")
    page.context.set_offline(True)
    page.locator("#table-rows-by-contacts").click()
    sync_api.expect(page.locator("#problem")).to_contain_text("The connection is lost.")
    assert page.locator("#id_reason").input_value() == "long text"
    page.context.set_offline(False)
    page.locator("#table-rows-by-contacts").click()
    sync_api.expect(page.locator("#problem")).to_be_empty()
    gallery.complaints.clear()  # the browser notes the failed request


def test_an_error_of_the_server_shows_its_own_words(gallery: Any):
    page = gallery()
    page.route("**/gallery/?sort=*", lambda route: route.continue_(url=page.url.replace("/gallery/", "/nowhere/")))
    page.locator("#table-rows-by-contacts").click()
    sync_api.expect(page.locator("#problem")).to_contain_text("There is no such page for you.")
    gallery.complaints.clear()


def test_errors_of_a_form_take_the_focus_and_lead_to_the_field(gallery: Any):
    page = gallery()
    page.locator("#form button").click()
    summary = page.locator("[data-error-summary]")
    sync_api.expect(summary).to_be_focused()
    summary.get_by_role("link").first.click()
    assert page.url.endswith("#id_target")


def test_on_paper_there_are_no_menus_and_no_buttons(gallery: Any):
    page = gallery()
    page.emulate_media(media="print")
    for part in (".bar", ".side", ".page-head .buttons", ".pages"):
        sync_api.expect(page.locator(part).first).to_be_hidden()
    sync_api.expect(page.locator(".paper-only")).to_be_visible()
