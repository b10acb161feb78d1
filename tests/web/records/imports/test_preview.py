"""The first rows before the load: for which purpose, written down, and without anybody's number."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from import_steps import choose, import_of, manager, send, text
from world import Side, World

from onefloor.floor import Floor
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.privacy.models import Access
from onefloor_web.platform.tenancy.scopes import working_for

NUMBER = "19912345679"
READERS = [Role.AUDITOR, Role.ADMINISTRATOR, Role.PLANNER]  # who did not bring the file in


@pytest.fixture
def own(world: World, floor: Floor) -> Side:
    return world["Own"]


def reader(own: Side, role: Role) -> Client:
    client = own.client(role)
    client.cookies["language"] = "en"
    return client


def queue_log(own: Side, examples: Path) -> str:
    client = manager(own)
    at = send(client, (examples / "asterisk_run" / "queue_log").read_bytes(), "queue_log")
    choose(client, at, "asterisk-queue-log")
    return at


def openings(own: Side, role: Role) -> list[tuple[str, str, int, str]]:
    with working_for(own.viewer(Role.ADMINISTRATOR)):
        rows = Access.objects.filter(user=own.users[role], subject="queue_log")
        return list(rows.values_list("kind", "subject", "rows", "purpose"))


@pytest.mark.parametrize("role", READERS)
def test_the_first_rows_open_for_a_purpose_and_each_opening_is_written_down(
    own: Side, examples: Path, role: Role
) -> None:
    at, client = queue_log(own, examples), reader(own, role)
    answer = client.get(f"{at}mapping/")
    assert (answer.status_code, answer.url) == (302, f"/privacy/purpose/?next={at.replace('/', '%2F')}mapping%2F")
    assert openings(own, role) == []
    client.post("/privacy/purpose/", {"purpose": "audit"})
    assert "The first rows, as they would be loaded" in text(client.get(f"{at}mapping/"))
    assert openings(own, role) == [("preview", "queue_log", 8, "audit")]


def test_a_log_shows_neither_numbers_nor_their_whole_hashes(own: Side, examples: Path) -> None:
    said = text(manager(own).get(f"{queue_log(own, examples)}mapping/"))
    assert "1795294484|1795294483.0|water|NONE|ENTERQUEUE||199••••••78|1" in said
    assert ("19900000278" in said, "19900000309" in said, "8821580056663902943" in said) == (False, False, False)


def test_a_table_shows_its_moments_and_no_number_whatever_the_mapping_says_of_it(own: Side) -> None:
    client = manager(own)
    at = send(client, f"id;begin;phone;result\nK-1;20261121090000;{NUMBER};answered\n", "calls.csv")
    choose(client, at, "table")
    mapped = "name: calls\ntarget: contacts\nidentity: [id]\ncolumns:\n"
    mapped += "  queued_ms: {column: begin, format: '%Y%m%d%H%M%S'}\n"
    said = text(client.post(f"{at}preview/", {"text": f"{mapped}  outcome: result\n  customer: phone\n"}))
    assert ("20261121090000" in said, "199••••••79" in said, NUMBER in said) == (True, True, False)
    for wrong in ("outcome: result\n  agent: phone", "outcome: result\n  queue: phone", "outcome: phone"):
        assert NUMBER not in text(client.post(f"{at}preview/", {"text": f"{mapped}  {wrong}\n"}))


def test_a_preview_after_the_half_hour_asks_again_and_keeps_what_was_chosen(own: Side, examples: Path) -> None:
    at, client = queue_log(own, examples), reader(own, Role.PLANNER)
    said = text(client.post(f"{at}preview/"))
    assert ("They are shown once a purpose is stated" in said, "ENTERQUEUE" in said) == (True, False)
    made = import_of(own, at)
    assert f'href="/privacy/purpose/?next=/imports/{made.pk}/mapping/"' in said
