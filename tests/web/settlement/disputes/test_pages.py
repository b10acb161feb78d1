"""The page of a dispute in both roles: drafts, sending, ruling, thread; bad input is said at its field."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Any

import pytest
from world import World
from worlds.uploads import text

from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.scopes import tenant
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.platform.today.providers import needs_of
from onefloor_web.platform.uploads.queries import attachments_of
from onefloor_web.settlement.disputes import actions
from onefloor_web.settlement.disputes.deadlines import disputes as deadlines_of_disputes
from onefloor_web.settlement.disputes.events import page_of
from onefloor_web.settlement.disputes.models import Answering, Claim, Dispute, State
from onefloor_web.settlement.disputes.money import Wish
from onefloor_web.settlement.statements.models import Line, Statement
from web.settlement.disputes.conftest import MONTH, disputed, line_of, money

ROWS = {"by": "rows", "starts": "2026-10-01T00:00", "ends": "2026-11-01T00:00", "queues": "", "reason": "CRM down"}


@pytest.fixture
def manager(world: World, statement: Statement) -> Any:
    return world["North"].client(Role.PROJECT_MANAGER)


@pytest.fixture
def client_manager(world: World, statement: Statement) -> Any:
    return world["Own"].client(Role.VENDOR_MANAGER)


@pytest.fixture
def line(north: Viewer, statement: Statement) -> Line:
    return line_of(north, statement)


def page(client: Any, address: str) -> str:
    answer = client.get(address, HTTP_ACCEPT_LANGUAGE="en")
    assert answer.status_code == 200
    return re.sub(r"<[^>]+>|\s+", " ", answer.content.decode())


def post(client: Any, address: str, data: dict[str, Any]) -> Any:
    return client.post(address, data, HTTP_ACCEPT_LANGUAGE="en")


def confirm(client: Any, address: str) -> Any:
    """What is asked once more is read, and sent."""
    return post(client, address, {"stamp": client.get(address).context["stamp"]})


def test_the_whole_way_in_both_roles(manager: Any, client_manager: Any, own: Viewer, line: Line):
    address = page_of(line)
    assert "Nothing is claimed yet." in page(manager, address)
    saved = post(manager, address, {**ROWS, "act": "save", "files": text("notice.txt", "down")})
    assert (saved.status_code, saved["Location"]) == (302, address)
    seen = page(manager, address)
    for said in ("notice.txt", "2026-10-01 00:00 – 2026-11-01 00:00, all queues", "90 contacts, 60 of them counted",
                 "60 / 90 = 66.67%", "never sent by itself"):  # fmt: skip
        assert said in seen, said
    assert "CRM down" not in page(client_manager, address)
    asked = post(manager, address, {**ROWS, "act": "send"})
    assert asked["Location"] == f"{address}claim/sending/"
    assert "cannot be changed any more" in page(manager, asked["Location"])
    assert confirm(manager, asked["Location"])["Location"] == address
    seen = page(client_manager, address)
    for said in ("Waiting for Own until", "working hours", "Then: escalated to the managers of both companies",
                 "CRM down", "notice.txt", "Ruling (draft)"):  # fmt: skip
        assert said in seen, said
    statement = page(client_manager, address.partition("lines/")[0])
    for said in ("Waiting for Own until", "working hours). Then: escalated to the managers of both companies"):
        assert said in statement, said
    assert re.search(r"At issue\s+\d[\d,]*\.\d\d\D", statement)
    assert "Ruling (draft)" not in page(manager, address)
    half = {
        "kind": "part",
        "by": "rows",
        "starts": "2026-10-01T00:00",
        "ends": "2026-10-16T00:00",
        "reason": "restored",
    }
    asked = post(client_manager, address, {**half, "act": "send"})
    assert "45 contacts are accepted; the line does not change." in page(client_manager, asked["Location"])
    assert "restored" not in page(manager, address)
    confirm(client_manager, asked["Location"])
    seen = page(manager, address)
    for said in (
        "accepted in part, by a ruling",
        "restored",
        "part accepted (Own)",
        "30 / 45 = 66.67%",
        "Round 1 of 2",
    ):
        assert said in seen, said
    with tenant(own):
        assert Dispute.objects.get(line=line).state == State.PARTLY


def test_a_credit_note_has_a_page_and_a_document_of_its_digest(manager: Any, own: Viewer, north: Viewer, line: Line):
    dispute = disputed(north, line, money("12.00"))
    with tenant(own):
        wish = money("5.00")
        actions.send_answer(own, actions.save_answer(own, dispute, Answering.PART, "some", wish))
    note = re.search(r"/credit-notes/(\d+)/", manager.get(page_of(line)).content.decode())
    assert note is not None
    seen = page(manager, note[0])
    assert "5.00" in seen
    document = manager.get(f"{note[0]}document/")
    assert sha256(document.content).hexdigest() in seen
    assert note[1] in page(manager, "/credit-notes/")


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"reason": "x"}, "Choose whether it is about contacts or about an amount."),
        ({"by": "rows", "reason": "x"}, "Write a date and a time."),
        ({"by": "amount", "reason": "x"}, "Write an amount."),
        ({"by": "amount", "amount": "-3"}, "greater than or equal to 0"),
        ({"by": "rows", "starts": "soon", "ends": "later"}, "Enter a valid date/time."),
    ],
)
def test_what_is_missing_is_said_at_its_field(manager: Any, line: Line, sent: dict[str, str], said: str):
    answer = post(manager, page_of(line), {**sent, "act": "save"})
    assert answer.status_code == 200
    assert said in answer.content.decode()


def test_what_cannot_be_settled_is_said_and_what_was_written_stays(manager: Any, line: Line):
    sent = {**ROWS, "queues": "sales，billing", "act": "save"}
    answer = post(manager, page_of(line), sent)
    assert answer.status_code == 409
    seen = answer.content.decode()
    assert "No rows of this line lie in that window and those queues." in seen
    assert "CRM down" in seen


def test_a_bad_file_keeps_the_draft_as_it_was(manager: Any, north: Viewer, line: Line):
    answer = post(manager, page_of(line), {**ROWS, "act": "save", "files": text("run.sh", "#!/bin/sh")})
    assert answer.status_code == 409
    with tenant(north):
        assert Claim.objects.filter(line=line).count() == 0


def test_a_claim_without_a_reason_is_saved_and_not_sent(manager: Any, north: Viewer, line: Line):
    address = page_of(line)
    post(manager, address, {**ROWS, "reason": "", "act": "send"})
    answer = confirm(manager, f"{address}claim/sending/")
    assert answer.status_code == 409
    assert "A reason is needed." in answer.content.decode()
    with tenant(north):
        assert Claim.objects.get(line=line).given_at is None


def test_a_double_click_sends_once(manager: Any, north: Viewer, line: Line):
    address = page_of(line)
    post(manager, address, {**ROWS, "act": "save"})
    stamp = {"stamp": manager.get(f"{address}claim/sending/").context["stamp"]}
    first = post(manager, f"{address}claim/sending/", stamp)
    second = post(manager, f"{address}claim/sending/", stamp)
    assert (first.status_code, second.status_code) == (302, 302)
    with tenant(north):
        assert Dispute.objects.filter(line=line).count() == 1


def test_a_claim_that_a_colleague_changed_meanwhile_is_not_sent(manager: Any, north: Viewer, line: Line):
    """Neither is one from which a file was taken; nor one that nobody has read."""
    address = page_of(line)
    asked = f"{address}claim/sending/"
    post(manager, address, {**ROWS, "act": "save", "files": text("notice.txt", "down")})
    stamp = manager.get(asked).context["stamp"]
    with tenant(north):
        draft = Claim.objects.get(line=line)
        file = attachments_of(draft).get()
        actions.save_claim(north, line, "something else", MONTH)
    for read in ({"stamp": stamp}, {"stamp": ""}, {}):
        answer = post(manager, asked, read)
        assert (answer.status_code, "A colleague has just changed the draft" in answer.content.decode()) == (409, True)
    stamp = manager.get(asked).context["stamp"]
    post(manager, f"{address}files/{file.pk}/removal/", {})
    assert post(manager, asked, {"stamp": stamp}).status_code == 409
    assert confirm(manager, asked)["Location"] == address
    with tenant(north):
        assert Dispute.objects.get(line=line).claim.reason == "something else"


def test_a_ruling_that_a_colleague_changed_meanwhile_is_not_sent(
    client_manager: Any, own: Viewer, north: Viewer, line: Line
):
    dispute = disputed(north, line)
    asked = f"{page_of(line)}answer/sending/"
    with tenant(own):
        actions.save_answer(own, dispute, Answering.REJECT, "no", Wish())
    stamp = client_manager.get(asked).context["stamp"]
    with tenant(own):
        actions.save_answer(own, dispute, Answering.ALL, "yes", Wish())
    assert post(client_manager, asked, {"stamp": stamp}).status_code == 409
    with tenant(own):
        assert Dispute.objects.get(pk=dispute.pk).state == "open"
    assert confirm(client_manager, asked).status_code == 302
    with tenant(own):
        assert Dispute.objects.get(pk=dispute.pk).state == "accepted"


def test_messages_files_and_withdrawal(manager: Any, client_manager: Any, north: Viewer, line: Line):
    disputed(north, line)
    address = page_of(line)
    post(client_manager, f"{address}messages/", {"words": "Which queue?", "question": "on"})
    assert "question" in page(manager, address)
    assert post(manager, f"{address}messages/", {"words": ""}).status_code == 200
    assert "Withdraw" not in page(client_manager, address)
    assert post(client_manager, f"{address}withdrawal/", {}).status_code == 409
    assert post(manager, f"{address}withdrawal/", {"why": "a mistake"})["Location"] == address
    assert "withdrawn, by withdrawal" in page(client_manager, address)


def test_a_file_of_a_draft_is_taken_away(manager: Any, client_manager: Any, line: Line):
    address = page_of(line)
    post(manager, address, {**ROWS, "act": "save", "files": text("notice.txt", "down")})
    removal = re.search(rf"{address}files/\d+/removal/", manager.get(address).content.decode())
    assert removal is not None
    assert post(client_manager, removal[0], {}).status_code == 404
    post(manager, removal[0], {})
    assert "notice.txt" not in page(manager, address)


def test_what_is_not_there_is_not_found(manager: Any, world: World, line: Line):
    address = page_of(line)
    for wrong in (address.replace("2026-10", "2026-07"), address.replace(f"lines/{line.number}/", "lines/99/"),
                  f"{address}agreements/1/", f"{address}withdrawal/"):  # fmt: skip
        assert manager.get(wrong).status_code == 404, wrong
    assert world["Harbor"].client(Role.PROJECT_MANAGER).get(address).status_code == 404
    assert world["North"].client(Role.AGENT).get(address).status_code == 404


def test_whose_turn_it_is_stands_on_today_and_in_the_calendar(own: Viewer, north: Viewer, line: Line):
    dispute = disputed(north, line)
    with tenant(own):
        (need,) = [need for need in needs_of(own) if need.url == page_of(line)]
        assert (str(need.act), need.due) == ("裁定", dispute.due)
        actions.say(own, dispute, "Which queue?", question=True)
        assert [one.at for one in deadlines_of_disputes(own) if one.url == page_of(line)] == [dispute.due]
    with tenant(north):
        assert [str(need.act) for need in needs_of(north) if need.url == page_of(line)] == ["答复"]


def test_the_list_and_the_api_say_the_same(manager: Any, north: Viewer, line: Line):
    dispute = disputed(north, line)
    assert "Disputes" in page(manager, "/disputes/")
    found = manager.get("/api/v1/disputes").json()["items"]
    mine = next(one for one in found if one["number"] == dispute.pk)
    assert (mine["line"], mine["state"], mine["claimant"], mine["month"]) == (line.number, "open", "North", "2026-10")
    whole = manager.get(f"/api/v1/disputes/{dispute.pk}").json()
    assert whole["claim"]["reason"] == "CRM down"
    assert whole["claim"]["effect"]["rows"] == 90
    assert whole["answers"] == []


def test_a_reader_without_the_right_to_speak_gets_no_form(world: World, north: Viewer, line: Line):
    disputed(north, line, MONTH)
    auditor = world["Own"].client(Role.AUDITOR)
    seen = auditor.get(page_of(line), HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "CRM down" in seen
    assert "<textarea" not in seen
    assert post(auditor, page_of(line), {"kind": "all"}).status_code == 404
