"""Deadlines as a calendar: the file as RFC 5545 has it, and an address that only its user's password keeps alive."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from crawl import signed_in
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from world import World

from onefloor_web.platform.calendars.feed import WIDTH, escaped, feed, folded
from onefloor_web.platform.calendars.links import address_of, user_of
from onefloor_web.platform.calendars.providers import Deadline
from onefloor_web.platform.permissions.roles import Role

MADE, DUE = datetime(2026, 11, 21, 1, tzinfo=UTC), datetime(2026, 11, 24, 10, tzinfo=UTC)
TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=200)


def unfolded(content: bytes) -> list[str]:
    """The lines as a reader has them."""
    return content.decode().replace("\r\n ", "").split("\r\n")[:-1]


def plain(value: str) -> str:
    """A text as a reader understands it."""
    out, characters = "", iter(value)
    for character in characters:
        out += {"n": "\n"}.get(following := next(characters), following) if character == "\\" else character
    return out


def test_a_deadline_is_an_event_with_a_reminder():
    made = feed(
        [Deadline("request-88", "Own: R-88 退费; rule", DUE, "/requests/88/", 3)], name="Deadlines, all",
        site="https://floor.example", host="floor.example", made=MADE,
    )  # fmt: skip
    assert unfolded(made) == [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Onefloor//Deadlines//EN", "CALSCALE:GREGORIAN", "METHOD:PUBLISH",
        "X-WR-CALNAME:Deadlines\\, all", "REFRESH-INTERVAL;VALUE=DURATION:PT1H", "BEGIN:VEVENT",
        "UID:request-88@floor.example", "DTSTAMP:20261121T010000Z", "DTSTART:20261124T100000Z",
        "DTEND:20261124T100000Z", "SEQUENCE:3", "SUMMARY:Own: R-88 退费\\; rule",
        "URL:https://floor.example/requests/88/", "BEGIN:VALARM", "ACTION:DISPLAY",
        "DESCRIPTION:Own: R-88 退费\\; rule", "TRIGGER:-PT2H", "END:VALARM", "END:VEVENT", "END:VCALENDAR",
    ]  # fmt: skip


@given(TEXTS)
def test_no_line_is_longer_than_allowed_and_folding_loses_nothing(text: str):
    line = f"SUMMARY:{escaped(text)}"
    pieces = folded(line).split(b"\r\n")
    assert all(len(piece) <= WIDTH for piece in pieces)
    assert unfolded(folded(line)) == [line]


@given(TEXTS)
def test_what_is_escaped_is_read_as_it_was(text: str):
    kept = text.replace("\r\n", "\n").replace("\r", "\n")
    assert plain(escaped(text)) == "".join(one for one in kept if one in "\n\t" or one >= " ")


@given(TEXTS)
def test_no_text_becomes_a_property_of_its_own(text: str):
    made = feed([Deadline("d", text, DUE, "/", 0)], name=text, site="", host="h", made=MADE)
    assert [line for line in unfolded(made) if line == "END:VCALENDAR"] == ["END:VCALENDAR"]
    assert len(unfolded(made)) == 22


@pytest.fixture
def address(committed: World) -> str:
    return address_of(committed["North"].users[Role.PROJECT_MANAGER])


def test_a_calendar_without_a_session_reads_its_users_deadlines_and_nobody_elses(committed: World, address: str):
    answer = Client().get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    said = "\n".join(unfolded(answer.content))
    one = committed["North"].rows["request"]
    assert f"UID:request-{one.pk}@" in said
    assert "NORTHMARKER refund rule" in said
    assert "HARBORMARKER" not in said


@pytest.mark.parametrize("place", [1, 2, 20, 40])
def test_an_address_that_was_changed_leads_nowhere(committed: World, address: str, place: int):
    signed = address.removesuffix(".ics")
    other = "B" if signed[-place] == "A" else "A"
    assert Client().get(f"{signed[:-place]}{other}{signed[len(signed) - place + 1 :]}.ics").status_code == 404


def test_a_new_password_ends_the_address(committed: World, address: str, django_db_blocker):
    from django.db import transaction

    from onefloor_web.platform.tenancy.scopes import bound

    user = committed["North"].users[Role.PROJECT_MANAGER]
    with transaction.atomic(), bound(user=user.pk, company=user.company_id):
        user.set_password("another staple battery horse")
        user.save(update_fields=["password"])
        assert user_of(address.removeprefix("/calendars/").removesuffix(".ics")) is None
        transaction.set_rollback(True)


def test_the_page_tells_ones_own_address(committed: World):
    side = committed["Own"]
    page = signed_in(side, Role.VENDOR_MANAGER).get("/calendar/").content.decode()
    # The signature holds the second in which it was made; before it stands whose calendar it is.
    assert address_of(side.users[Role.VENDOR_MANAGER]).partition(":")[0] in page
    assert address_of(side.users[Role.QA]).partition(":")[0] not in page
