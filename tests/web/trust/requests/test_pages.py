"""Requests in the browser: both companies, the same words; forms, filters, files, the API, and what is refused."""

from __future__ import annotations

import json

import pytest
from crawl import signed_in
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from world import World

from onefloor_web.platform.events.models import Event
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.scopes import working_for
from onefloor_web.trust.requests.models import Message, Request

ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}


@pytest.fixture(scope="module")
def north(committed: World) -> Client:
    return signed_in(committed["North"], Role.PROJECT_MANAGER)


@pytest.fixture(scope="module")
def own(committed: World) -> Client:
    return signed_in(committed["Own"], Role.VENDOR_MANAGER)


@pytest.fixture
def number(committed: World, north: Client) -> int:
    """A request that North has just raised in the browser."""
    answer = north.post("/requests/new/", {"kind": "problem", "subject": "Refund rule", "text": "Who refunds?"})
    assert answer.status_code == 302, answer.content.decode()
    return int(answer["Location"].strip("/").split("/")[-1])


def get(client: Client, address: str) -> str:
    answer = client.get(address, **ENGLISH)
    assert answer.status_code == 200, address
    return answer.content.decode()


def act(client: Client, number: int, what: str, turn: int, **said: object):
    return client.post(f"/requests/{number}/{what}/", {"turn": turn, **said}, **ENGLISH)


def held(world: World, number: int) -> Request:
    viewer = world["Own"].viewer
    with transaction.atomic():
        client = viewer(Role.VENDOR_MANAGER)
    with working_for(client):
        return Request.objects.select_related("company").get(pk=number)


def test_the_whole_life_in_the_browser(committed: World, north: Client, own: Client, number: int):
    for client in (north, own):
        assert f"R-{number} Refund rule" in get(client, f"/requests/{number}/")
        assert "Waiting for Own: answer until" in get(client, f"/requests/{number}/")
    assert act(own, number, "questions", 1, text="Which tariff?").status_code == 302
    page = get(north, f"/requests/{number}/")
    assert "Waiting for North: reply to the question back." in page
    assert "stopped the clock on" in page
    assert act(north, number, "replies", 2, text="The old one").status_code == 302
    assert act(own, number, "answers", 3, text="North does", link="javascript:alert(1)").status_code == 302
    page = get(north, f"/requests/{number}/")
    assert 'href="javascript' not in page
    assert "javascript:alert(1)" in page
    assert act(north, number, "acceptance", 4).status_code == 302
    assert "accepted" in get(own, f"/requests/{number}/")
    assert held(committed, number).state == "accepted"


def test_a_second_click_is_told_how_it_stands(committed: World, own: Client, number: int):
    assert act(own, number, "notes", 1, text="Looking into it").status_code == 302
    assert act(own, number, "questions", 1, text="Which?").status_code == 302
    stale = act(own, number, "answers", 1, text="Mine")
    assert stale.status_code == 200
    assert "has moved on" in stale.content.decode()
    assert "Mine" in stale.content.decode()
    assert held(committed, number).state == "asked"


def test_files_go_with_the_words_and_are_read_by_both(committed: World, north: Client, own: Client, number: int):
    file = SimpleUploadedFile("screen.png", b"\x89PNG\r\n\x1a\n" + b"0" * 64, "image/png")
    refused = act(own, number, "answers", 1, text="See the file", attached=[file])
    page = refused if refused.status_code == 200 else None
    text = SimpleUploadedFile("rule.txt", "退费规则".encode(), "text/plain")
    if page is not None:  # a picture that is none is refused, and nothing was said
        assert held(committed, number).state == "open"
    assert act(own, number, "answers", 1, text="See the file", attached=[text]).status_code == 302
    assert "rule.txt" in get(north, f"/requests/{number}/")


def test_the_board_filters_and_finds(north: Client, own: Client, number: int):
    for query in ("", "?state=moving", "?state=all", f"?q=R-{number}", "?q=refund", "?sort=-due_at"):
        assert f"/requests/{number}/" in get(north, f"/requests/{query}"), query
    assert f"/requests/{number}/" in get(own, "/requests/?state=mine")
    for query in ("?state=mine", "?state=over", "?state=late", "?q=R-99999999999999999999"):
        assert f"/requests/{number}/" not in get(north, f"/requests/{query}"), query


@pytest.mark.parametrize("what", ["questions", "answers", "handler"])
def test_what_the_client_does_is_not_there_for_the_vendor(north: Client, number: int, what: str):
    assert north.get(f"/requests/{number}/{what}/").status_code == 404


@pytest.mark.parametrize("what", ["replies", "acceptance", "return", "closing", "withdrawal"])
def test_what_the_asker_does_is_not_there_for_the_client(own: Client, number: int, what: str):
    assert own.get(f"/requests/{number}/{what}/").status_code == 404


@pytest.mark.parametrize("path", ["", "questions/", "replies/", "answers/", "notes/", "handler/"])
def test_the_other_vendor_finds_nothing(committed: World, number: int, path: str):
    harbor = signed_in(committed["Harbor"], Role.PROJECT_MANAGER)
    assert harbor.get(f"/requests/{number}/{path}").status_code == 404
    assert "Refund rule" not in get(harbor, "/requests/?state=all")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"subject": ""}, "This field is required."),
        ({"kind": "nothing", "subject": "x", "text": "x"}, "Select a valid choice"),
        ({"kind": "problem", "subject": "x" * 200, "text": "x"}, "at most 120"),
    ],
)
def test_a_form_that_does_not_fit_says_why_and_keeps_what_was_written(north: Client, said: dict, words: str):
    answer = north.post("/requests/new/", said, **ENGLISH)
    assert answer.status_code == 200
    assert words in answer.content.decode()


def test_handing_on_names_a_person_of_the_client(committed: World, own: Client, north: Client, number: int):
    qa = committed["Own"].users["qa"]
    assert own.post(f"/requests/{number}/handler/", {"user": committed["North"].users["qa"].pk}).status_code == 200
    assert own.post(f"/requests/{number}/handler/", {"user": qa.pk}).status_code == 302
    assert str(qa) in get(north, f"/requests/{number}/")


def test_routes_are_named_and_removed(committed: World, own: Client):
    assert own.post("/requests/routes/", {"kind": "problem"}, **ENGLISH).status_code == 200
    assert own.post("/requests/routes/", {"kind": "problem", "role": "leader"}).status_code == 302
    page = get(own, "/requests/routes/")
    assert "New business problem" in page
    removal = page.split('action="/requests/routes/')[1].split("/")[0]
    assert own.post(f"/requests/routes/{removal}/removal/").status_code == 302
    with transaction.atomic():
        administrator = committed["Own"].viewer(Role.ADMINISTRATOR)
    with working_for(administrator):
        told = Event.objects.filter(about="requests.route").order_by("pk")
        assert [(one.name, one.shared) for one in told] == [("requests.routed", False), ("requests.unrouted", False)]


def test_today_says_whose_turn_it_is_to_both(north: Client, own: Client, number: int):
    assert f"Answer request R-{number}" in get(own, "/today/?all=1")
    assert "Asked of the client" in get(north, "/today/")
    act(own, number, "questions", 1, text="Which?")
    assert f"Reply to the question about R-{number}" in get(north, "/today/?all=1")
    assert f"Answer request R-{number}" not in get(own, "/today/?all=1")


def api(client: Client, method: str, path: str, body: dict | None = None, tag: str = ""):
    headers = {"HTTP_IF_MATCH": tag} if tag else {}
    send = getattr(client, method)
    if method == "get":
        return send(f"/api/v1{path}", **headers)
    return send(f"/api/v1{path}", json.dumps(body or {}), content_type="application/json", **headers)


def test_a_program_raises_asks_back_replies_answers_and_accepts(committed: World, north: Client, own: Client):
    made = api(north, "post", "/requests", {"kind": "problem", "subject": "By program", "text": "Who?"})
    assert made.status_code == 201, made.content
    path, tag = f"/requests/{made.json()['number']}", made["ETag"]
    assert api(own, "post", f"{path}/questions", {"text": "Which?"}).status_code == 428
    asked = api(own, "post", f"{path}/questions", {"text": "Which?"}, tag)
    assert (asked.status_code, asked.json()["state"], asked.json()["due_at"]) == (200, "asked", None)
    assert api(north, "post", f"{path}/replies", {"text": "That"}, tag).status_code == 412
    replied = api(north, "post", f"{path}/replies", {"text": "That"}, asked["ETag"])
    answered = api(own, "post", f"{path}/answers", {"text": "Yes", "link": "KB 4"}, replied["ETag"])
    accepted = api(north, "post", f"{path}/acceptance", None, answered["ETag"])
    assert accepted.json()["state"] == "accepted"
    kinds = [one["kind"] for one in api(own, "get", f"{path}/messages").json()["items"]]
    assert kinds == ["request", "question", "reply", "answer"]
    classes = api(north, "get", "/request-classes").json()
    assert [one["kind"] for one in classes] == ["problem", "need", "defect", "authority"]


def test_a_program_is_told_what_it_may_not_do(north: Client, own: Client):
    unknown = api(north, "post", "/requests", {"kind": "nothing", "subject": "x", "text": "x"})
    assert unknown.status_code in (409, 422)
    foreign = api(
        north, "post", "/requests", {"kind": "problem", "subject": "x", "text": "x", "agreement": "harbor-agreement"}
    )
    assert foreign.status_code == 404
    made = api(north, "post", "/requests", {"kind": "need", "subject": "x", "text": "x"})
    path = f"/requests/{made.json()['number']}"
    assert api(north, "post", f"{path}/answers", {"text": "x"}, made["ETag"]).status_code == 404
    late = api(own, "post", f"{path}/answers", {"text": "x"}, made["ETag"])
    assert api(own, "post", f"{path}/questions", {"text": "x"}, late["ETag"]).status_code in (409, 422)


def test_what_was_said_stays_with_who_said_it(committed: World, number: int):
    with transaction.atomic():
        viewer = committed["North"].viewer(Role.PROJECT_MANAGER)
    with working_for(viewer):
        assert {one.author_id for one in Message.objects.filter(request=number)} == {viewer.company}
