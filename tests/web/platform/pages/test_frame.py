"""The frame around every page: language, theme, menu, policy of content; shown by the gallery."""

from __future__ import annotations

import gzip
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from world import World

from onefloor_web.platform.pages import slots
from onefloor_web.platform.permissions.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(settings: Any) -> None:
    settings.DEMO = True


def page(client: Client, address: str = "/gallery/", language: str = "en") -> str:
    client.cookies["language"] = language
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_gallery_is_no_page_of_a_real_floor(client: Client):
    assert client.get("/gallery/").status_code == client.get("/gallery/jobs/1/").status_code == 404


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_page_names_its_language_and_stays_light(client: Client, shop: None, language: str):
    html = page(client, language=language)
    assert f'<html lang="{"en" if language == "en" else "zh-Hans"}"' in html
    assert len(gzip.compress(html.encode())) <= 60 * 1024


def test_nothing_is_inline_that_the_content_policy_refuses(client: Client, shop: None):
    html = page(client)
    scripts = re.findall(r"<script([^>]*)>", html)
    assert [one for one in scripts if "src=" not in one and "application/json" not in one] == []
    assert re.findall(r"<style|\son[a-z]+=|javascript:|hx-on|hx-vals=.js", html) == []
    policy = client.get("/gallery/").headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy + ";"
    assert "unsafe-eval" not in policy


def test_a_chinese_page_has_no_english_words_of_ours(client: Client, shop: None):
    text = re.sub(r"<(script|template).*?</\1>|<[^>]+>", " ", page(client, language="zh-hans"), flags=re.DOTALL)
    known = {
        "Onefloor",
        "English",
        "Own",
        "North",
        "Harbor",
        "Hill",
        "Bridge",
        "Chen",
        "Min",
        "Wei",
        "Enter",
        "Esc",
        "Riverside",
    }
    words = set(re.findall(r"(?<![\w./-])[A-Z][a-z]{2,}(?![\w./-])", text))
    assert words - known == set()


def test_the_theme_is_kept_and_sent_at_once(client: Client, shop: None):
    assert 'data-bs-theme="auto"' in page(client)
    answer = client.post("/theme/", {"theme": "dark", "next": "/gallery/?page=2"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/gallery/?page=2")
    assert 'data-bs-theme="dark"' in page(client)
    client.cookies["theme"] = '"><script>'
    assert 'data-bs-theme="auto"' in page(client)


@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example/", ""])
def test_the_switch_never_leads_to_another_site(client: Client, back: str):
    assert client.post("/theme/", {"theme": "dark", "next": back}).headers["Location"] == "/"


def test_the_menu_holds_only_what_the_viewer_may_open_and_marks_where_one_is(world: World):
    administrator = page(world["North"].client(Role.ADMINISTRATOR), "/companies/")
    agent = page(world["North"].client(Role.AGENT), "/today/")
    accesses = f'href="{reverse("accesses")}"'
    assert [accesses in html.split("</nav>")[0] for html in (administrator, agent)] == [True, False]
    assert re.findall(r'<a href="([^"]+)"[^>]*aria-current="page"', agent.split("</nav>")[0]) == ["/today/"]
    assert re.findall(r'<a href="([^"]+)"[^>]*aria-current="page"', administrator.split("</nav>")[0]) == ["/companies/"]
    drafts = page(world["North"].client(Role.PROJECT_MANAGER), "/agreements/drafts/")
    assert re.findall(r'<a href="([^"]+)"[^>]*aria-current="page"', drafts.split("</nav>")[0]) == [
        "/agreements/drafts/"
    ]


def test_a_place_of_the_frame_is_filled_only_for_somebody_signed_in(
    client: Client, shop: None, world: World, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(slots, "_FILLERS", {})
    slots.fill("bell", lambda request: f"bell of {request.viewer.code}")
    assert "bell of North" in page(world["North"].client(Role.AGENT))
    assert "bell of" not in page(client)
    with pytest.raises(LookupError, match="no slot 'bells'; there are bell, freshness, search, footer"):
        slots.fill("bells", lambda request: "")


def test_a_form_with_errors_keeps_its_input(client: Client, shop: None):
    client.cookies["language"] = "en"
    html = client.post("/gallery/", {"target": "820", "queue": "tax", "window": "month", "reason": "kept"}).content
    assert [part in html.decode() for part in ("data-error-summary", 'value="820"', ">\nkept</textarea>")] == [True] * 3


def test_a_jobs_row_comes_alone_and_asks_no_more_once_it_has_ended(client: Client, shop: None):
    html = page(client, "/gallery/jobs/41/")
    assert [part in html for part in ("<html", "hx-get", 'id="job-41"')] == [False, False, True]
