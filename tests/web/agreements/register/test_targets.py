"""Figures are judged by what is agreed with the company they are of, and by nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from crawl import signed_in, text_of
from django.utils import translation
from world import World
from worlds.agreements import source_of

from onefloor.metrics import catalogue
from onefloor.periods import Month
from onefloor_web.agreements.register.actions import propose, sign_version, withdraw
from onefloor_web.agreements.register.targets import targets
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.scopes import tenant
from onefloor_web.records.figures import agreed, spans, unassigned
from onefloor_web.records.figures.targets import Target

NOVEMBER = Month(2026, 11)
SPAN = spans.of_months(NOVEMBER, NOVEMBER)
CLAUSES = """clauses:
  - {{id: "2", kind: level, title: Level, text: All., metric: service_level, target: ">= {aim}%"}}
  - {{id: "3", kind: level, title: Handling, text: At most 6 minutes., metric: "aht:direction=in", target: "<= 6min"}}
  - {{id: "4", kind: level, title: Few, text: Few., metric: complaints_per_10000, target: "<= 5", window: quarter}}
  - {{id: "5", kind: level, title: Left, text: Few., metric: abandonment, target: "<= 5%",
     scope: {{unassigned: true}}}}
"""


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def signed(world: World) -> World:
    """North has agreed to a service level of at least 80 %, Harbor waits for a signature to at least 95 %."""
    own = world["Own"].viewer(Role.SIGNATORY)
    for name, aim in (("North", 80), ("Harbor", 95)):
        side = world[name]
        with tenant(side.viewer(Role.ADMINISTRATOR)):
            withdraw(side.viewer(Role.ADMINISTRATOR), side.rows["version"], why="targets")
            version = propose(side.viewer(Role.ADMINISTRATOR), source_of(side, more=CLAUSES.format(aim=aim)))
            sign_version(side.viewer(Role.SIGNATORY), version)
        if name == "North":
            with tenant(own):
                sign_version(own, version)
    return world


def aims(world: World, name: str, role: Role, reference: str, company: str, **more: str) -> agreed.Aim:
    viewer = world[name].viewer(role)
    with tenant(viewer):
        known = agreed.terms(viewer, SPAN)
    return agreed.aim(known, catalogue.metric(reference), SPAN, company, tuple(more.items()))


@pytest.mark.parametrize(("name", "role"), [("Own", Role.VENDOR_MANAGER), ("North", Role.PROJECT_MANAGER)])
def test_the_target_in_force_judges_the_company_it_is_agreed_with(signed: World, name: str, role: Role) -> None:
    found = aims(signed, name, role, "service_level", "North")
    assert found.target == Target(80, None)
    assert found.source == "agreement north-agreement, clause 2"
    assert aims(signed, name, role, "fcr", "North") == agreed.Aim(words="no target agreed")


def test_what_waits_for_a_signature_is_not_agreed(signed: World) -> None:
    for name, role in (("Own", Role.VENDOR_MANAGER), ("Harbor", Role.PROJECT_MANAGER)):
        assert aims(signed, name, role, "service_level", "Harbor").words == "no target agreed"


@pytest.mark.parametrize(
    ("reference", "where", "words"),
    [
        ("service_level:within=30s", {}, "service_level:formula=F4,within=20s,short=20s"),
        ("service_level", {"queue": "tax"}, "service_level:formula=F4,within=20s,short=20s"),
        ("aht", {}, "aht:direction=in"),
        ("complaints_per_10000", {}, "by quarter"),
        ("abandonment", {}, "contacts nobody took included"),
    ],
)
def test_what_is_agreed_otherwise_is_said_and_not_judged(
    signed: World, reference: str, where: dict[str, str], words: str
) -> None:
    found = aims(signed, "North", Role.PROJECT_MANAGER, reference, "North", **where)
    assert found.target is None
    assert found.words.startswith("not judged: agreed as ")
    assert words in found.words


def test_a_vendor_learns_only_its_own_and_a_person_is_judged_by_none(signed: World) -> None:
    harbor, north = (signed[name].viewer(Role.PROJECT_MANAGER) for name in ("Harbor", "North"))
    with tenant(harbor):
        assert targets(harbor, NOVEMBER) == ()
    with tenant(north):
        assert {one.company for one in targets(north, NOVEMBER) or ()} == {"North"}
    agent = signed["North"].viewer(Role.AGENT)
    with tenant(agent):
        assert (targets(agent, NOVEMBER), agreed.terms(agent, SPAN)) == (None, None)


def test_nothing_is_agreed_before_the_agreement_begins(signed: World) -> None:
    north = signed["North"].viewer(Role.PROJECT_MANAGER)
    with tenant(north):
        assert targets(north, Month(2025, 12)) == ()


def test_pages_show_target_and_verdict_for_the_company_it_is_agreed_with(signed: World) -> None:
    english = {"accept-language": "en"}
    manager, client = signed_in(signed["North"], Role.PROJECT_MANAGER), signed_in(signed["Own"], Role.VENDOR_MANAGER)
    for browser in (manager, client):
        page = text_of(browser.get("/scorecards/delivery/?period=2026-11", headers=english))
        assert "≥ 80" in page
        assert "agreement north-agreement, clause 2" in page
        assert "no target agreed" in page
    figure = client.get("/figures/service_level/2026-11/?where=company:North", headers=english)
    assert figure.context["reading"].target == "≥ 80"
    assert re.search("missed|cannot tell", text_of(figure))
    assert client.get("/figures/service_level/2026-11/?where=company:Harbor").context["reading"].target == ""
    own = client.get("/figures/service_level/2026-11/?where=company:North&target=>=60").context["reading"]
    assert own.target == "≥ 60"


def test_a_vendors_queues_whose_shared_contacts_count_are_those_of_its_own_agreement(signed: World) -> None:
    north, harbor = (signed[name].viewer(Role.PROJECT_MANAGER) for name in ("North", "Harbor"))
    with tenant(north):
        assert agreed.shared_queues(north, SPAN) == (f"{signed['North'].marker} queue",)
        assert "The agreement counts those of" in unassigned.note(north, ["abandonment"], (), SPAN)
    with tenant(harbor):
        assert agreed.shared_queues(harbor, SPAN) == ()
        said = unassigned.note(harbor, ["abandonment"], (), SPAN)
    assert said.endswith("they are not counted here.")
