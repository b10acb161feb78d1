"""The description of the API for people: the words of every operation, in the reader's language."""

from __future__ import annotations

import re

from django.utils.translation import override
from world import World, confirmed

from onefloor_web.platform.api.description import Described, described, in_words
from onefloor_web.platform.permissions.roles import Role

NAMES = {"Webhook"}  # the same word in both languages


def texts(one: Described) -> list[str]:
    return [text for text in (one.summary, one.words, *(given.words for given in one.parameters)) if text]


def test_every_text_of_an_operation_has_chinese_words() -> None:
    with override("zh-hans"):
        said = {text for tag, listed in in_words() for one in listed for text in (tag, *texts(one))}
    assert [text for text in sorted(said) if not re.search(r"[\u4e00-\u9fff]", text) and text not in NAMES] == []


def test_english_is_what_programs_read() -> None:
    with override("en"):
        shown = [(one.method, one.path, one.summary) for _tag, listed in in_words() for one in listed]
    assert shown == [(one.method, one.path, one.summary) for _tag, listed in described() for one in listed]


def test_the_page_has_no_marks_of_docstrings(world: World) -> None:
    page = world["North"].client(Role.ADMINISTRATOR).get("/api/").content.decode()
    assert ("上一页的 next" in page, "``" in page) == (True, False)


def test_what_a_token_may_do_is_said_in_words(world: World) -> None:
    client = confirmed(world["North"].client(Role.ADMINISTRATOR))
    assert "本公司的 Webhook（webhooks.view）" in client.get("/tokens/new/").content.decode()
