"""Error pages: what happened, why, what to do; in both languages, and without the database."""

from __future__ import annotations

import logging
import re

import pytest
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import translation

from onefloor_web.platform.pages import errors

LANGUAGES = ("zh-hans", "en")


def request(**headers: str) -> HttpRequest:
    return RequestFactory().get("/reports/7/", headers=headers)


def answers() -> list[HttpResponse]:
    gone, wrong = Http404(), ValueError()
    return [
        errors.bad_request(request(), wrong), errors.forbidden(request(), wrong), errors.not_found(request(), gone),
        errors.too_many(request()), errors.failed(request()), errors.csrf_refused(request()),
    ]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_says_what_why_and_what_to_do(language: str):
    with translation.override(language):
        made = answers()
        assert [answer.status_code for answer in made] == [400, 403, 404, 429, 500, 403]
        wanted = [*errors.WORDS.values(), errors.CSRF]
        for answer, words in zip(made, wanted, strict=True):
            page = answer.content.decode()
            assert [str(part) in page for part in words] == [True] * 3


def test_chinese_pages_have_no_english_sentence():
    with translation.override("zh-hans"):
        text = [str(part) for words in [*errors.WORDS.values(), errors.CSRF] for part in words]
    assert [part for part in text if re.search(r"[A-Za-z]{3,} [A-Za-z]{3,}", part)] == []


def test_htmx_gets_the_words_alone():
    with translation.override("en"):
        answer = errors.not_found(request(**{"HX-Request": "true"}), Http404())
    page = answer.content.decode()
    assert page.count("data-problem") == 1
    assert [part in page for part in ("<html", "There is no such page for you.")] == [False, True]


def test_a_fault_has_a_number_that_leads_to_the_log(caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.ERROR, "onefloor.web"), translation.override("en"):
        page = errors.failed(request()).content.decode()
    reference = re.search(r"Reference number <strong[^>]*>([0-9A-F]{6})<", page).group(1)
    assert [record.getMessage() for record in caplog.records] == [f"reference {reference}: GET /reports/7/"]


@pytest.mark.django_db
def test_an_address_that_is_nothing_answers_with_our_page(client):
    client.cookies["language"] = "en"
    answer = client.get("/no/such/page/")
    assert answer.status_code == 404
    assert "There is no such page for you." in answer.content.decode()


@pytest.mark.django_db
def test_a_form_without_its_token_is_refused_with_our_page():
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.cookies["language"] = "en"
    answer = client.post("/theme/", {"theme": "dark"})
    assert answer.status_code == 403
    assert "The form was not accepted." in answer.content.decode()


def test_a_limit_of_sign_in_answers_with_our_page():
    from allauth.core.ratelimit import respond_429

    with translation.override("en"):
        answer = respond_429(request())
    assert answer.status_code == 429
    assert "Too many attempts in a short time." in answer.content.decode()
