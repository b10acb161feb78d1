"""What strangers send: orders and filters made of SQL, paths that climb, addresses elsewhere, hosts not ours."""

from __future__ import annotations

import crawl
import pytest
from django.conf import settings
from django.test import Client
from world import World

from onefloor_web.platform.permissions.roles import Role

# Each value is put into every filter, order and page number of every list.
HOSTILE = {
    "sql": "1'; drop table companies_site; --",
    "sql order": "(select pg_sleep(9))",
    "nul": "a\x00b",
    "huge number": "9" * 40,
    "negative": "-1",
    "markup": "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>",
    "path": "../../../../etc/passwd",
    "formula": "=cmd|' /C calc'!A0",
    "lone surrogate": "\udc80".encode("utf-8", "surrogatepass").decode("latin-1"),
    "related field": "company__users__password__startswith",
}
NAMES_OF_FIELDS = (
    "q", "sort", "order", "page", "company", "team", "site", "since", "until", "from", "to", "day", "month", "on",
    "who", "kind", "state", "purpose", "next", "filter", "by", "metric", "cursor", "limit", "whose",
)  # fmt: skip


@pytest.fixture(scope="module")
def browser(committed: World) -> Client:
    return crawl.signed_in(committed["Own"], Role.VENDOR_MANAGER)


@pytest.mark.parametrize("what", HOSTILE)
def test_no_value_in_a_list_or_filter_makes_a_fault_or_becomes_markup(
    committed: World, browser: Client, what: str
) -> None:
    value, wrong = HOSTILE[what], []
    for one, path in crawl.paths(committed["Own"]):
        if one.name.startswith(("account_", "mfa_", "socialaccount_", "usersessions_", "openid_")):
            continue  # of allauth, which tests its own; signing out would end this browser
        response = browser.get(path, dict.fromkeys(NAMES_OF_FIELDS, value))
        body = crawl.body_of(response)
        if response.status_code >= 500:
            wrong.append(f"{path}: {response.status_code}")
        markup = response.headers.get("Content-Type", "").startswith("text/html")
        if markup and (b"<script>alert(1)" in body or b"<img src=x" in body):
            wrong.append(f"{path}: not escaped")
    assert wrong == []


@pytest.mark.parametrize(
    "path",
    [
        "/static/../settings.py", "/static/%2e%2e/settings.py", "/static//etc/passwd", "/static/..%2f..%2fsettings.py",
        "/media/../secrets/customer.key", "/media/x", "/floor.toml", "/.git/config", "/web/secret.key",
    ],
)  # fmt: skip
def test_no_address_reaches_a_file_outside_its_folder(browser: Client, path: str) -> None:
    assert browser.get(path).status_code in (302, 404)


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "https:evil.example", "javascript:alert(1)"],
)
def test_no_page_sends_the_browser_to_another_site(committed: World, browser: Client, elsewhere: str) -> None:
    answers = [
        browser.post("/privacy/purpose/", {"purpose": "audit", "next": elsewhere}),
        browser.post("/i18n/setlang/", {"language": "en", "next": elsewhere}),
        browser.post("/theme/", {"theme": "dark", "next": elsewhere}),
        Client().get("/sign-in/", {"next": elsewhere}),
    ]
    assert [
        one["Location"] for one in answers if "evil" in one.get("Location", "") or "alert" in one.get("Location", "")
    ] == []
    assert elsewhere not in [one.get("HX-Redirect") for one in answers]


def test_a_host_that_is_not_ours_is_refused(committed: World) -> None:
    client = Client(raise_request_exception=False)
    assert client.get("/sign-in/", headers={"Host": "evil.example"}).status_code == 400
    assert client.get("/sign-in/", headers={"X-Forwarded-Host": "evil.example"}).status_code == 200


def test_a_form_larger_than_the_limit_is_refused(browser: Client) -> None:
    body = {"purpose": "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)}
    assert browser.post("/privacy/purpose/", body, content_type="application/x-www-form-urlencoded").status_code in (
        400,
        413,
    )


def test_a_request_that_changes_something_needs_the_protection_against_forgery(committed: World) -> None:
    inside = crawl.signed_in(committed["North"], Role.ADMINISTRATOR)
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    strict.cookies.update(inside.cookies)
    wrong = [
        f"{path}: {response.status_code}"
        for one, path in crawl.paths(committed["North"])
        if not one.name.startswith(("account_", "mfa_", "openid_", "socialaccount_"))
        for response in [strict.post(path, {})]
        if response.status_code not in (403, 404, 405)
    ]
    assert wrong == []


def test_who_a_user_is_cannot_be_set_by_a_form(committed: World) -> None:
    """Fields that the form of one's own settings does not have change nothing."""
    side = committed["Harbor"]
    browser = crawl.signed_in(side, Role.AGENT)
    sent = {"name": "Somebody", "language": "en", "is_active": "", "company": "1", "role": "administrator"}
    browser.post("/profile/", {**sent, "username": "root", "is_superuser": "1"})
    me = browser.get("/api/v1/me").json()
    assert (me["company"], me["roles"]) == ("Harbor", ["agent"])


def test_a_password_or_token_stands_in_no_log(committed: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    secret = committed["North"].rows["secret of token"]
    Client().get("/api/v1/me", headers={"Authorization": f"Bearer {secret}"})
    Client().get("/api/v1/me", headers={"Authorization": "Bearer onefloor_mistyped"})
    Client().post("/sign-in/", {"login": "north-qa", "password": "not the password"})
    assert [word for word in (secret, "onefloor_mistyped", "not the password") if word in caplog.text] == []
