"""What a request gets when the database is away: 503 and when to come back; other faults stay faults."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from django.db import OperationalError, connections
from django.test import Client, RequestFactory

from onefloor_web.platform.tenancy.middleware import SAVING
from onefloor_web.serving.unavailable import DETAILS, UNKNOWN, failed


@pytest.fixture
def nobody_there(own_database: object) -> Iterator[Client]:
    """A browser before a site whose database has gone away."""
    default = connections["default"]
    default.close()
    before = dict(default.settings_dict)
    default.settings_dict.update({"HOST": "127.0.0.1", "PORT": "1"})
    yield Client(raise_request_exception=False)
    default.settings_dict.update(before)


def test_health_is_good_while_the_database_answers(db: None) -> None:
    answer = Client().get("/health/")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


@pytest.mark.parametrize("path", ["/health/", "/today/"])
def test_a_page_without_its_database_says_when_to_come_back(nobody_there: Client, path: str) -> None:
    answer = nobody_there.get(path)
    assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (503, "5", "no-store")
    assert "请几秒后刷新本页" in answer.content.decode()
    assert "Reload this page in a few seconds" in answer.content.decode()


def test_the_api_without_its_database_answers_with_a_problem(nobody_there: Client) -> None:
    answer = nobody_there.get("/api/v1/companies")
    assert (answer.status_code, answer["Content-Type"]) == (503, "application/problem+json")
    assert answer.json()["status"] == 503


def test_a_program_whose_write_may_be_saved_is_told_to_look_first() -> None:
    request = RequestFactory().post("/api/v1/imports")
    request.META[SAVING] = True
    try:
        raise OperationalError("the connection broke")
    except OperationalError:
        answer = failed(request)
    assert answer.status_code == 503
    assert json.loads(answer.content)["detail"] == DETAILS[UNKNOWN]


def test_another_fault_is_a_fault(db: None) -> None:
    try:
        raise ValueError("a fault of ours")
    except ValueError:
        assert failed(RequestFactory().get("/")).status_code == 500
