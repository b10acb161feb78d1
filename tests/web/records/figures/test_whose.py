from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from crawl import signed_in, text_of
from django.utils import translation
from world import World

from onefloor_web.platform.pages.blocks import AUDIENCES, Audience
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.records.figures.whose import audience_of, row_words, scope_words

CLIENT = Viewer(1, "Own", client=True, visible=(), known=(), user=1, roles=frozenset({Role.VENDOR_MANAGER}))
NORTH = Viewer(2, "North", client=False, visible=(), known=(), user=2, roles=frozenset({Role.PROJECT_MANAGER}))
LEADER = replace(NORTH, roles=frozenset({Role.LEADER}), teams=("North 1",))
AGENT = replace(NORTH, roles=frozenset({Role.AGENT}), agent="2002", name="Cao Yu")
OF_NORTH, OF_TECH = (("company", "North"),), (("queue", "tech"),)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture(scope="module")
def world(committed: World) -> World:
    """Committed once for all tests of this file; none of them changes what another one reads."""
    return committed


@pytest.mark.parametrize(
    ("viewer", "where", "words"),
    [
        (CLIENT, (), "all companies"),
        (CLIENT, OF_NORTH, "Company: North"),
        (CLIENT, OF_TECH, "all companies · Queue: tech"),
        (NORTH, (), "North"),
        (NORTH, OF_NORTH, "North"),
        (LEADER, OF_NORTH, "team North 1 · North"),
        (AGENT, OF_NORTH, "own contacts of Cao Yu · North"),
        (AGENT, OF_TECH, "own contacts of Cao Yu · North · Queue: tech"),
    ],
)
def test_the_scope_names_the_part_that_is_in_sight(
    viewer: Viewer, where: tuple[tuple[str, str], ...], words: str
) -> None:
    assert scope_words(viewer, where) == words


def test_a_row_never_claims_to_be_more_than_what_is_in_sight() -> None:
    assert row_words(NORTH, "company", "North") == "North"
    assert row_words(LEADER, "company", "North") == "North (team North 1)"
    assert row_words(LEADER, "team", "North 1") == "North 1"
    assert row_words(AGENT, "team", "North 1") == "North 1 (own contacts of Cao Yu)"
    assert row_words(AGENT, "queue", "tech") == "tech"


def test_who_reads_figures_follows_from_whose_they_are() -> None:
    assert [audience_of(one) for one in (CLIENT, NORTH, LEADER, AGENT)] == [
        Audience.COMPANY, Audience.BOTH, Audience.BOTH, Audience.PERSON_AND_BOTH,
    ]  # fmt: skip
    assert [audience_of(CLIENT, where) for where in (OF_NORTH, OF_TECH, (("company", "Own"),))] == [
        Audience.BOTH, Audience.COMPANY, Audience.COMPANY,
    ]  # fmt: skip
    assert audience_of(CLIENT, (("team", "North 1"),)) == Audience.BOTH
    own_agent = replace(CLIENT, roles=frozenset({Role.AGENT}), agent="1001")
    assert audience_of(own_agent) == Audience.PERSON_AND_COMPANY


@pytest.mark.parametrize("path", ["/figures/service_level/2026-11/?where=company:North", "/scorecards/delivery/"])
def test_pages_of_an_agent_and_of_a_leader_say_whose_figures_they_are(world: World, path: str) -> None:
    side, english = world["North"], {"accept-language": "en"}
    of = {
        role: text_of(signed_in(side, role).get(path, headers=english))
        for role in (Role.AGENT, Role.LEADER, Role.PROJECT_MANAGER)
    }
    person, team = f"own contacts of {side.users[Role.AGENT].name}", f"team {side.marker} team"
    assert [(person in of[role], team in of[role]) for role in of] == [(True, False), (False, True), (False, False)]
    both, one = (str(AUDIENCES[kind]) for kind in (Audience.BOTH, Audience.PERSON_AND_BOTH))
    assert [(both in of[role], one in of[role]) for role in of] == [(False, True), (True, False), (True, False)]


def test_the_scorecard_of_an_agent_says_so_in_its_question_its_rows_and_its_file(world: World) -> None:
    side, english = world["North"], {"accept-language": "en"}
    client, person = signed_in(side, Role.AGENT), f"own contacts of {side.users[Role.AGENT].name}"
    page = text_of(client.get("/scorecards/delivery/", headers=english))
    assert "Are we delivering?" not in page
    assert f"North ({person})" in page
    client = signed_in(side, Role.LEADER)
    file = client.get("/scorecards/delivery/export.csv", headers=english).content.decode("utf-8-sig")
    assert f"Scope,team {side.marker} team · North" in file
    assert f"North (team {side.marker} team)," in file


def test_today_and_the_own_course_agree_on_who_sees_them(world: World) -> None:
    words = str(AUDIENCES[Audience.PERSON_AND_BOTH])
    client = signed_in(world["North"], Role.AGENT)
    pages = [
        text_of(client.get(path, headers={"accept-language": "en"})) for path in ("/today/", "/scorecards/own-course/")
    ]
    assert [words in page for page in pages] == [True, True]


def test_four_formulas_over_nothing_say_why_and_lead_to_where_there_is_something(world: World) -> None:
    client, english = signed_in(world["North"], Role.AGENT), {"accept-language": "en"}
    page = text_of(client.get("/formulas/?period=2026-11-25", headers=english))
    assert "No leg that entered a queue is in sight in 2026-11-25: you see own contacts of" in page
    assert "The same 0 legs" not in page
    assert "The same" in text_of(client.get("/formulas/?period=2026-11", headers=english))


def test_parameters_and_codes_are_words_in_chinese(world: World) -> None:
    client = signed_in(world["North"], Role.PROJECT_MANAGER)
    chinese = {"accept-language": "zh-hans"}
    page = client.get("/figures/fcr/2026-11/", headers=chinese).content.decode()
    assert "<dd>相同</dd>" in page
    assert "<dd>same</dd>" not in page
    roster = client.get("/rosters/", headers=chinese)
    assert "工号" in text_of(roster)
    assert "代码" not in text_of(roster)
