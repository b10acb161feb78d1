"""What every answer says of itself: content security policy, caching, framing, cookies; looked at on every page."""

from __future__ import annotations

import re
from collections.abc import Iterator

import crawl
import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from world import World

from onefloor_web.platform.permissions.middleware import action_of
from onefloor_web.platform.permissions.page import PUBLIC
from onefloor_web.platform.permissions.roles import Role

INLINE = re.compile(
    rb"<[^>]*\son[a-z]+\s*=|<script(?![^>]*\ssrc=)(?![^>]*application/json)|javascript:|<style(?![^>]*nonce)",
    re.IGNORECASE,
)
ELSEWHERE = re.compile(
    rb"""<(?:script|link|img|iframe|form)[^>]*(?:src|href|action)=["']?(?:https?:)?//""", re.IGNORECASE
)
Visit = tuple[crawl.Address, str, HttpResponse]


@pytest.fixture(scope="module")
def visits(committed: World) -> list[Visit]:
    """Every page as an administrator, a manager and a stranger see it."""
    return [
        *_visits(committed, crawl.signed_in(committed["North"], Role.ADMINISTRATOR), "North"),
        *_visits(committed, crawl.signed_in(committed["Own"], Role.VENDOR_MANAGER), "Own"),
        *_visits(committed, Client(raise_request_exception=False), "Harbor"),
    ]


def _visits(world: World, client: Client, name: str) -> Iterator[Visit]:
    for one, path in crawl.paths(world[name]):
        response = client.get(path)
        if response.streaming:
            crawl.body_of(response)
        yield one, path, response


def wrong(visits: list[Visit], good) -> list[str]:
    """The addresses whose answer is not as it should be."""
    return sorted({path for one, path, response in visits if not good(one, response)})


def is_html(response: HttpResponse) -> bool:
    return response["Content-Type"].startswith("text/html") if response.get("Content-Type") else False


def test_every_answer_has_a_policy_without_inline_scripts_or_evaluation(visits: list[Visit]) -> None:
    def good(_one: crawl.Address, response: HttpResponse) -> bool:
        parts = (part.split() for part in response["Content-Security-Policy"].split(";") if part.strip())
        policy = {part[0]: " ".join(part[1:]) for part in parts}
        if policy.get("sandbox") == "":  # a file somebody has attached: it runs nothing and loads nothing
            return policy["default-src"] == "'none'" and "script-src" not in policy
        return (
            policy["script-src"] == "'self'"
            and policy["default-src"] == "'self'"
            and (policy["object-src"], policy["frame-ancestors"], policy["base-uri"]) == ("'none'",) * 3
            and policy["form-action"].startswith("'self'")
            and "unsafe" not in policy["style-src"] + policy["style-src-elem"]
        )

    assert wrong(visits, good) == []


def test_no_page_holds_what_the_policy_refuses(visits: list[Visit]) -> None:
    assert wrong(visits, lambda _, response: not is_html(response) or not INLINE.search(response.content)) == []


def test_no_page_loads_anything_from_another_site(visits: list[Visit]) -> None:
    assert wrong(visits, lambda _, response: not is_html(response) or not ELSEWHERE.search(response.content)) == []


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
    ],
)
def test_every_answer_has_the_header(visits: list[Visit], header: str, value: str) -> None:
    assert wrong(visits, lambda _, response: response.get(header) == value) == []


def test_what_is_shown_to_somebody_signed_in_is_kept_by_no_cache(visits: list[Visit]) -> None:
    def good(one: crawl.Address, response: HttpResponse) -> bool:
        return (
            action_of(one.view) == PUBLIC
            or response.status_code >= 300
            or "no-store" in response.get("Cache-Control", "")
        )

    assert wrong(visits, good) == []


def test_no_answer_names_what_the_server_is_made_of(visits: list[Visit]) -> None:
    told = re.compile(rb"Traceback|django\.|/site-packages/|psycopg|DoesNotExist")
    assert wrong(visits, lambda _, response: response.streaming or not told.search(response.content)) == []
    assert wrong(visits, lambda _, response: not response.get("Server") and not response.get("X-Powered-By")) == []


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(visits: list[Visit]) -> None:
    cookies = [cookie for _, _, response in visits for cookie in response.cookies.values()]
    session = [one for one in cookies if one.key == settings.SESSION_COOKIE_NAME and one.value]
    assert {(bool(one["httponly"]), one["samesite"]) for one in session} <= {(True, "Lax")}
    assert {one["samesite"] for one in cookies if one.key == settings.CSRF_COOKIE_NAME} <= {"Strict"}
    assert {one["domain"] for one in cookies} <= {""}
