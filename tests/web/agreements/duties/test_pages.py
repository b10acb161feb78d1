"""Pages of the client's duties: name an occasion, record a delivery, object, answer; relief in the clause's words."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from agreed import agreed
from crawl import signed_in
from django.db import transaction
from django.test import Client
from django.utils import timezone
from world import World

from onefloor_web.platform.permissions.roles import Role

ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}
LIST = "/agreements/north-agreement/duties/"


@pytest.fixture(scope="module")
def floor(committed: World) -> World:
    with transaction.atomic():
        agreed(committed)
    return committed


@pytest.fixture(scope="module")
def north(floor: World) -> Client:
    return signed_in(floor["North"], Role.PROJECT_MANAGER)


@pytest.fixture(scope="module")
def own(floor: World) -> Client:
    return signed_in(floor["Own"], Role.VENDOR_MANAGER)


def ago(**back: int) -> str:
    return timezone.localtime(timezone.now() - timedelta(**back)).strftime("%Y-%m-%dT%H:%M")


def get(client: Client, address: str) -> str:
    answer = client.get(address, **ENGLISH)
    assert answer.status_code == 200, address
    return answer.content.decode()


def opened(client: Client, **said: str) -> str:
    """The address of a new occasion: a system that has been down for a day."""
    common = {"duty": "uptime", "kind": "uptime", "asked": "CRM down", "begins_at": ago(days=1)}
    answer = client.post(f"{LIST}new/", common | said, **ENGLISH)
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def test_a_delivery_is_recorded_objected_to_and_the_objection_answered(own: Client, north: Client):
    page = opened(own)
    assert "missed, " in get(north, page)
    said = {"at": ago(hours=23), "note": "INC-7"}
    assert own.post(f"{page}delivery/", said, **ENGLISH).status_code == 302
    assert "kept" in get(north, page)
    assert "INC-7" in get(north, page)
    late = {"says": "later", "done_at": ago(hours=2), "text": "It hung on"}
    assert north.post(f"{page}objection/", late, **ENGLISH).status_code == 302
    assert "Waiting for the client: answer the objection" in get(own, page)
    assert own.post(f"{page}resolution/", {"accepted": "yes"}, **ENGLISH).status_code == 302
    for client in (own, north):
        assert "accepted by the client" in get(client, page)
        assert "missed, 18 h" in get(client, page)


def test_a_vendor_claims_and_the_client_answers(own: Client, north: Client):
    page = opened(north)
    assert "Waiting for the client: is it owed?" in get(own, page)
    refusal = own.post(f"{page}confirmation/", {"accepted": "no"}, **ENGLISH)
    assert "Say why: the other company reads it." in refusal.content.decode()
    assert own.post(f"{page}confirmation/", {"accepted": "no", "text": "Your network"}, **ENGLISH).status_code == 302
    assert "Your network" in get(north, page)


def test_what_only_the_client_does_is_not_there_for_the_vendor(own: Client, north: Client):
    page = opened(own)
    assert north.get(f"{page}delivery/").status_code == 404
    assert north.get(f"{page}resolution/").status_code == 404


def test_the_other_vendor_finds_nothing(floor: World, own: Client):
    page, harbor = opened(own), signed_in(floor["Harbor"], Role.PROJECT_MANAGER)
    assert [harbor.get(path).status_code for path in (page, f"{page}objection/", LIST)] == [404, 404, 404]
    assert "CRM down" not in get(harbor, "/duties/")


def test_the_page_of_an_agreement_filters_and_says_what_follows(own: Client, north: Client):
    page = opened(own)
    for client in (own, north):
        found = get(client, LIST)
        assert "Answers in time" in found
        assert "no relief" in found
        for query in ("?state=missed", f"?month={ago(days=1)[:7]}", "?month=2026-99", "?sort=-due_at"):
            assert page in get(client, f"{LIST}{query}"), query
        assert page not in get(client, f"{LIST}?state=kept")
        assert "nothing follows" in get(client, f"{LIST}?month=2001-01")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"duty": "forecast"}, "Select a valid choice"),
        ({"begins_at": "tomorrow"}, "Enter a valid date/time"),
        ({"asked": ""}, "This field is required"),
    ],
)
def test_an_occasion_that_does_not_fit_says_why(own: Client, said: dict, words: str):
    common = {"duty": "uptime", "kind": "uptime", "asked": "x", "begins_at": ago(days=1)}
    answer = own.post(f"{LIST}new/", common | said, **ENGLISH)
    assert (answer.status_code, words in answer.content.decode()) == (200, True)


def test_a_delivery_in_the_future_is_refused_with_what_to_do(own: Client):
    page = opened(own)
    answer = own.post(f"{page}delivery/", {"at": ago(days=-1), "note": "x"}, **ENGLISH)
    assert answer.status_code == 200
    assert "not in the future" in answer.content.decode()


def test_what_is_not_due_can_be_withdrawn_by_whoever_opened_it(own: Client, north: Client):
    page = opened(own, duty="notice", kind="change", asked="New tariff", begins_at=ago(days=-60))
    assert north.get(f"{page}withdrawal/").status_code == 302
    assert own.post(f"{page}withdrawal/", {"text": "Not this year"}, **ENGLISH).status_code == 302
    assert "not owed" in get(north, page)


def test_a_program_records_a_delivery(own: Client):
    page = opened(own)
    path = f"/api/v1{page.rstrip('/')}"
    one = own.get(path)
    body = json.dumps({"at": f"{ago(hours=23)}:00+00:00", "note": "log"})
    send = {"content_type": "application/json"}
    assert own.post(f"{path}/delivery", body, **send).status_code == 428
    body = json.dumps({"at": timezone.now().isoformat(), "note": "log"})
    done = own.post(f"{path}/delivery", body, **send, HTTP_IF_MATCH=one["ETag"])
    assert (done.status_code, done.json()["state"], done.json()["standing"]) == (200, "done", "missed")
