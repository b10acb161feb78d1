"""Where the pages of an import lead: on from a refusal, back to the list from a line, and on from the report."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from import_steps import choose, import_of, loaded, manager, send, text, tried
from job_runs import run_waiting
from world import Side, World

from onefloor.floor import Floor
from onefloor_web.platform.permissions.roles import Role


@pytest.fixture
def own(world: World, floor: Floor) -> Side:
    return world["Own"]


def queue_log(examples: Path) -> bytes:
    return (examples / "asterisk_run" / "queue_log").read_bytes()


def table_with_two_bad_lines(client: Client, own: Side) -> str:
    rows = "K-1;tech;2026-11-21 09:00:00;answered;1001\nK-2;tech;never;answered;1001\nK-3;tech;never;answered;1001\n"
    at = send(client, f"id;queue;begin;result;agent\n{rows}", "calls.csv")
    choose(client, at, "table")
    tried(client, own, at, text=import_of(own, at).mapping)
    loaded(client, own, at)
    return at


def links_to_lines(client: Client, at: str) -> list[str]:
    parts = client.get(f"{at}quarantine/").content.decode().replace("&amp;", "&").split('href="')
    return [part.partition('"')[0] for part in parts if part.startswith(f"{at}quarantine/") and "?load=" in part]


def test_going_on_without_a_kind_says_what_is_missing(own: Side) -> None:
    client = manager(own)
    answer = client.post(f"{send(client, 'a;b', 'x.csv')}kind/")
    assert (answer.status_code, "No kind is chosen. Choose one of the kinds, then go on." in plain(answer)) == (
        422,
        True,
    )


def test_a_vendor_hears_that_a_log_of_the_telephone_system_is_the_clients_to_bring_in(
    world: World, floor: Floor, examples: Path
) -> None:
    client = manager(world["North"])
    at = send(client, queue_log(examples), "queue_log")
    said = text(client.get(f"{at}kind/"))
    assert "This file is of the kind Asterisk queue log, which the client brings in." in said
    assert "No kind fits" not in said
    answer = client.post(f"{at}kind/")
    assert answer.status_code == 422
    assert "No kind is chosen. The file is of the kind Asterisk queue log, which the client brings in." in plain(answer)


def test_the_address_of_a_line_opens_that_line_or_the_list(own: Side) -> None:
    client = manager(own)
    at = table_with_two_bad_lines(client, own)
    first, second = links_to_lines(client, at)
    assert [("K-2" in text(client.get(first)), "K-3" in text(client.get(second)))] == [(True, True)]
    place = dict(part.split("=") for part in first.partition("?")[2].split("&"))
    sent = {**place, "text": "K-2;tech;2026-11-21 09:01:00;answered;1001"}
    answers = [client.post(first, sent), client.post(first, sent)]
    assert [(answer.status_code, answer.url) for answer in answers] == [(302, f"{at}quarantine/")] * 2
    run_waiting(own.company.pk)
    assert (client.get(first).url, client.post(first, sent).url) == (f"{at}quarantine/", f"{at}quarantine/")
    assert [line.partition("?")[2] for line in links_to_lines(client, at)] == [second.partition("?")[2]]


def test_the_report_says_who_is_on_no_roster_and_leads_on(own: Side, examples: Path) -> None:
    client = manager(own)
    at = send(client, queue_log(examples), "queue_log")
    choose(client, at, "asterisk-queue-log")
    tried(client, own, at)
    said = text(loaded(client, own, at))
    assert "12 agents of this file are on no roster." in said
    assert "agent1001, agent1002" in said
    assert [f'href="{path}"' in said for path in ("/rosters/", "/scorecards/", "/imports/new/")] == [True] * 3
    roster = send(client, (examples / "asterisk_run" / "roster.csv").read_bytes(), "roster.csv")
    choose(client, roster, "roster")
    tried(client, own, roster)
    loaded(client, own, roster)
    assert "on no roster" not in text(client.get(f"{at}report/"))


def test_one_line_is_one_line(own: Side) -> None:
    client = manager(own)
    at = send(client, "id;queue;begin;result;agent\nK-1;tech;2026-11-21 09:00:00;answered;1001\n", "calls.csv")
    choose(client, at, "table")
    said = text(tried(client, own, at, text=import_of(own, at).mapping))
    assert ("Load 1 line<" in said, "1 line = 1 to load" in said) == (True, True)


def test_another_companys_lines_are_not_there_before_any_purpose(world: World, floor: Floor) -> None:
    at = f"/imports/{world['Own'].rows['import'].pk}/"
    client = world["North"].client(Role.PROJECT_MANAGER)
    answers = [client.get(at + page) for page in ("mapping/", "quarantine/", "quarantine/lines/", "quarantine/0/")]
    assert [answer.status_code for answer in answers] == [404] * 4


def plain(answer: Any) -> str:
    """The text without its markup."""
    return " ".join(part.partition(">")[2] for part in text(answer).split("<")).replace("  ", " ")
