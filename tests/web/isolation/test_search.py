"""Every role of every company searches for what is another company's: no hit, no count, no sign of a difference."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from typing import Any
from urllib.parse import quote, quote_plus

import crawl
import pytest
from crawl import signed_in
from world import MARKERS, NAMES, SECRETS, World, roles_of

from onefloor_web.platform.permissions.roles import Role

NONSENSE = "NOSUCHMARK"
ADDRESSES = ("/search/", "/search/suggestions/")


def marks(floor: World, name: str) -> Iterator[str]:
    """What this company must not find: marks of others, whole, begun, in small or full-width letters, and their ids."""
    for other in (one for one in NAMES if one != name):
        # The client finds what vendors share with it.
        found = [SECRETS[other], *own_words(floor, other)] + ([] if name == crawl.CLIENT else [MARKERS[other]])
        for text in found:
            yield text
            yield text.lower()
        yield wide(SECRETS[other])
        yield SECRETS[other][:-1]
        if name != crawl.CLIENT:
            yield from (f"{MARKERS[other]}-5-0-0", f"{MARKERS[other]} queue", floor[other].people[0].code)


def own_words(floor: World, other: str) -> list[str]:
    """What only one user of the company sees, and the names users sign in with."""
    users = floor[other].users
    return [f"{other.upper()}PERSONAL", f"@{SECRETS[other]}.example", users[Role.ADMINISTRATOR].username]


def wide(text: str) -> str:
    """In full-width letters."""
    return "".join(chr(ord(sign) + 0xFEE0) for sign in text)


def without(text: str, words: str) -> str:
    """An answer without the words it repeats, as they are or in an address, and without what no two answers share."""
    for form in {words, escape(words), quote(words), quote_plus(words), escape(quote_plus(words))}:
        text = text.replace(form, "")
    return re.sub(r'name="csrf\w*" (?:content|value)="[^"]*"|\d{4}-\d\d-\d\d \d\d:\d\d', "", text)


@pytest.mark.parametrize("name", NAMES)
def test_no_role_finds_anything_of_another_company(floor: World, name: str) -> None:
    """The operation gives no group at all; the pages are, but for the words, those that nonsense gets."""
    side, wrong = floor[name], []
    for role in roles_of(side):
        client = signed_in(side, role)
        nothing = {path: without(text(client, path, NONSENSE), NONSENSE) for path in ADDRESSES}
        for words in dict.fromkeys(marks(floor, name)):
            hits = client.get("/api/v1/search", {"q": words, "limit": 50}).json()
            if hits != {"groups": []}:
                wrong.append((role, words, hits))
        for words in (SECRETS[other] for other in NAMES if other != name):
            wrong += [
                (role, words, path) for path in ADDRESSES if without(text(client, path, words), words) != nothing[path]
            ]
    assert wrong == []


def text(client: Any, path: str, words: str) -> str:
    answer = client.get(path, {"q": words})
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("name", NAMES)
def test_common_words_show_no_mark_of_another_company_to_any_role(floor: World, name: str) -> None:
    """Words that fit rows of all companies: whatever is found, named and counted is one's own."""
    side, wrong = floor[name], []
    for role in roles_of(side):
        client = signed_in(side, role)
        for words in ("MARKER", "SECRET", "PERSONAL", "team", "queue", "view", "csv", "20", "a", "-", "example"):
            for path in (*ADDRESSES, "/api/v1/search"):
                shown = crawl.text_of(client.get(path, {"q": words}))
                wrong += [(role, words, path, mark) for mark in crawl.foreign(shown, side, role)]
    assert wrong == []


@pytest.mark.parametrize("name", NAMES)
def test_each_company_finds_what_is_its_own(floor: World, name: str) -> None:
    """The tests above can fail: the same words find rows where they are one's own."""
    side = floor[name]
    found = set()
    for role in roles_of(side):
        client = signed_in(side, role)
        for words in (side.secret, side.secret.lower(), wide(side.secret), side.marker, f"{side.marker}-5-0-0"):
            answer = client.get("/api/v1/search", {"q": words}).json()
            found |= {group["kind"] for group in answer["groups"]}
    assert found >= {"people", "companies", "names", "views", "imports", "rosters", "contacts", "accounts", "jobs"}
