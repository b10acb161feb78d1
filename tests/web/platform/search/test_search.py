"""Search: every kind of thing is found by whoever may open it, in both languages, and by nobody else."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from django.utils.translation import override
from world import World

from onefloor_web.platform.companies.models import Person, PersonName, Site, Team
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.search.matching import Words, fitting, matching, split
from onefloor_web.platform.search.providers import Group, search, sources_of
from onefloor_web.platform.tenancy.scopes import working_for
from onefloor_web.records.scorecards.models import SavedView

MANAGER = Role.PROJECT_MANAGER


def found(world: World, company: str, role: Role, text: str, most: int = 5, kind: str = "") -> list[Group]:
    """What a viewer finds, in Chinese."""
    viewer = world[company].viewer(role)
    with working_for(viewer), override("zh-hans"):
        return search(viewer, split(text), most, kind=kind)


def titles(groups: list[Group]) -> dict[str, list[str]]:
    return {group.kind: [hit.title for hit in group.hits] for group in groups}


def test_words_are_folded_each_once_and_cut():
    assert split("  Ｎ２０３１　张伟 n2031\0x ") == Words("Ｎ２０３１　张伟 n2031 x", ("n2031", "张伟", "x"))
    assert split("") == split(" 　\n") == Words("", ())
    assert split("a b c d e f g h").parts == ("a", "b", "c", "d", "e", "f")
    assert len(split("a" * 500).text) == 100
    assert split("a\ud800b").parts == ("a", "b")


def test_things_that_are_or_begin_with_the_words_come_first_and_all_words_have_to_fit():
    things = [
        ("within", ("xab",)),
        ("begins", ("abc",)),
        ("exact", ("ab",)),
        ("not", ("b",)),
        ("second", ("z", "ab c")),
    ]
    assert fitting(things, split("AB")) == ["exact", "begins", "second", "within"]
    assert fitting(things, split("ab z")) == ["second"]


def test_the_database_folds_as_python_does_and_ranks_as_python_does(world: World):
    side = world["North"]
    with working_for(side.viewer(MANAGER)):
        for name in ("ＴＥＣＨ　２", "tech", "a tech", "100%_tech", "南京Tech组"):
            Team.objects.create(company=side.company, name=name)
        rows = Team.objects.filter(site=None)
        assert [team.name for team in matching(rows, split("Tech"), "name")] == [
            "tech", "ＴＥＣＨ　２", "100%_tech", "a tech", "南京Tech组",
        ]  # fmt: skip
        assert [team.name for team in matching(rows, split("%_"), "name")] == ["100%_tech"]
        assert [team.name for team in matching(rows, split("ｔｅｃｈ 京"), "name")] == ["南京Tech组"]
        assert list(matching(rows, split("\\"), "name")) == []


def test_people_are_found_by_code_and_by_a_chinese_name_in_its_middle(world: World):
    side = world["North"]
    with working_for(side.viewer(MANAGER)):
        person = Person.objects.create(company=side.company, code="N7001")
        PersonName.objects.create(company=side.company, person=person, name="欧阳小明")
    for text in ("n70", "Ｎ７００１", "欧阳", "小明", "阳小", "小明 7001"):
        assert titles(found(world, "North", MANAGER, text)) == {"people": ["N7001 · 欧阳小明"]}, text
    assert found(world, "North", MANAGER, "小阳") == []


def test_the_client_finds_a_vendors_people_by_name_only_if_the_vendor_shares_names(world: World):
    side = world["North"]
    name, code = "NORTHSECRET person 0", side.people[0].code
    assert titles(found(world, "Own", Role.VENDOR_MANAGER, code, kind="people")) == {"people": [code]}
    assert found(world, "Own", Role.VENDOR_MANAGER, name, kind="people") == []
    with working_for(side.viewer(Role.ADMINISTRATOR)):
        side.company.shares_names = True
        side.company.save()
    both = found(world, "Own", Role.VENDOR_MANAGER, name, kind="people")
    assert titles(both)["people"][0] == f"{code} · {name}"


def test_every_kind_is_found_by_somebody(world: World):
    side = world["North"]
    texts = {
        "pages": "导入", "people": side.people[0].code, "companies": f"{side.marker} team",
         "metrics": "服务水平", "names": f"{side.marker} queue", "views": f"{side.secret} view",
        "imports": side.secret, "rosters": side.secret, "contacts": f"{side.marker}-5-0-0", "jobs": side.secret,
        "accounts": "north-planner", "roles": "坐席", "agreements": "north-agreement",
        "requests": f"{side.marker} refund",
    }  # fmt: skip
    roles = {"accounts": Role.ADMINISTRATOR, "jobs": Role.ADMINISTRATOR}
    hits = {kind: titles(found(world, "North", roles.get(kind, MANAGER), text)) for kind, text in texts.items()}
    assert [kind for kind, of in hits.items() if kind not in of] == []
    with working_for(side.viewer(Role.ADMINISTRATOR)), transaction.atomic():
        known = {one.kind for role in (Role.ADMINISTRATOR, MANAGER) for one in sources_of(side.viewer(role))}
    assert known == set(texts)


def test_a_site_leads_to_its_company_and_who_may_not_see_people_finds_companies_alone(world: World):
    side = world["North"]
    [group] = found(world, "North", MANAGER, "north", kind="companies")
    company, people = f"/companies/{side.company.pk}/", [hit for hit in group.hits if hit.title == "North"]
    assert [(hit.url, hit.context) for hit in people] == [(company, "乙方")]
    shown = [found(world, "North", role, "NORTHMARKER", kind="companies") for role in (MANAGER, Role.AGENT)]
    assert [(hit.title, hit.url) for hit in shown[0][0].hits] == [
        ("NORTHMARKER site", company), ("NORTHMARKER team", f"/teams/{side.team.pk}/"),
    ]  # fmt: skip
    assert shown[1] == []
    assert titles(found(world, "North", Role.AGENT, "North", kind="companies")) == {"companies": ["North"]}


def test_hits_lead_to_pages_that_open(world: World):
    side = world["North"]
    for role in (Role.ADMINISTRATOR, MANAGER, Role.AGENT, Role.LEADER):
        client = side.client(role)
        for text in ("NORTH", "own", "a", "服务", f"{side.marker}-5-0-0", side.secret):
            for group in found(world, "North", role, text):
                for hit in group.hits:
                    assert client.get(hit.url).status_code in (200, 302), (role, hit)


def test_metrics_are_found_in_both_languages_by_initials_and_by_the_words_of_their_formula(world: World):
    for text, first in {
        "SL": "服务水平",
        "service level": "服务水平",
        "aht": "平均处理时长",
        "一次性": "一次性解决率",
    }.items():
        hits = titles(found(world, "North", Role.AGENT, text, kind="metrics"))["metrics"]
        assert hits[0].startswith(first), (text, hits)
    assert "服务水平" in titles(found(world, "North", Role.AGENT, "F4", kind="metrics"))["metrics"][0]


def test_pages_are_those_of_the_viewers_menu(world: World):
    assert titles(found(world, "North", MANAGER, "imports", kind="pages")) == {"pages": ["导入"]}
    assert found(world, "North", Role.AGENT, "imports", kind="pages") == []
    assert found(world, "North", MANAGER, "audit trail", kind="pages") == []


def test_a_queue_is_found_by_whoever_has_rows_of_it_and_leads_to_the_scorecard_of_it(world: World):
    [group] = found(world, "North", Role.AGENT, "northmarker queue")
    assert [(hit.title, hit.url, hit.context) for hit in group.hits] == [
        ("NORTHMARKER queue", "/scorecards/delivery/?where=queue:NORTHMARKER+queue", "队列"),
        ("NORTHMARKER queue", "/scorecards/delivery/?where=skill:NORTHMARKER+queue", "技能"),
    ]
    page = world["North"].client(Role.AGENT).get(group.hits[0].url).content.decode()
    assert "NORTHMARKER queue" in page
    assert found(world, "North", Role.ADMINISTRATOR, "northmarker queue") == []
    assert found(world, "Harbor", MANAGER, "northmarker queue") == []


def test_a_contact_is_found_by_its_whole_id_by_whoever_may_open_it_and_tells_nothing(world: World):
    [group] = found(world, "North", MANAGER, "NORTHMARKER-5-0-0")
    assert [(hit.title, hit.url) for hit in group.hits] == [("NORTHMARKER-5-0-0", "/contacts/NORTHMARKER-5-0-0/")]
    assert group.hits[0].context == "打开时须说明用途，并会留痕。"
    for company, role, text in (
        ("North", MANAGER, "NORTHMARKER-5-0"), ("North", MANAGER, "northmarker-5-0-0"),
        ("Harbor", MANAGER, "NORTHMARKER-5-0-0"), ("North", Role.ADMINISTRATOR, "NORTHMARKER-5-0-0"),
    ):  # fmt: skip
        assert found(world, company, role, text, kind="contacts") == []
    client = world["North"].client(MANAGER)
    assert client.get("/contacts/NORTHMARKER-5-0-0/").headers["Location"].startswith("/privacy/purpose/")


def test_an_agent_finds_contacts_of_its_own_alone(world: World):
    assert len(found(world, "North", Role.AGENT, "NORTHMARKER-5-0-0", kind="contacts")) == 1
    assert found(world, "North", Role.AGENT, "NORTHMARKER-5-1-0", kind="contacts") == []


def test_a_view_that_is_not_shared_is_found_by_its_owner_alone(world: World):
    side = world["North"]
    with working_for(side.viewer(MANAGER)):
        SavedView.objects.create(company=side.company, user=side.users[MANAGER], name="Zebra", query="by=agent")
    assert titles(found(world, "North", MANAGER, "zebra")) == {"views": ["Zebra"]}
    assert found(world, "North", Role.PLANNER, "zebra") == []


def test_no_more_than_asked_for_are_given_and_it_is_said_that_there_are_others(world: World):
    side = world["North"]
    with working_for(side.viewer(MANAGER)):
        for number in range(4):
            Site.objects.create(company=side.company, name=f"Zebra {number}")
    shown = [found(world, "North", MANAGER, "zebra", most)[0] for most in (3, 4, 5)]
    assert [(len(group.hits), group.more) for group in shown] == [(3, True), (4, False), (4, False)]


def page(world: World, address: str, company: str = "North", role: Role = MANAGER, language: str = "en") -> str:
    client = world[company].client(role)
    client.cookies["language"] = language
    return client.get(address).content.decode()


def test_the_page_groups_hits_counts_them_and_offers_the_rest_of_a_kind(world: World):
    side = world["North"]
    with working_for(side.viewer(MANAGER)):
        for number in range(7):
            Site.objects.create(company=side.company, name=f"Zebra {number}")
    shown = page(world, "/search/?q=ZEBRA")
    assert 'data-announce="More than 5 hits"' in shown
    assert shown.count("data-hit") == 5
    assert "/search/?q=ZEBRA&amp;kind=companies" in shown
    whole = page(world, "/search/?q=ZEBRA&kind=companies")
    assert (whole.count("data-hit"), 'data-announce="7 hits"' in whole) == (7, True)
    assert "“ZEBRA” · 7 条结果" in page(world, "/search/?q=ZEBRA&kind=companies", language="zh-hans")


def test_the_empty_page_says_what_can_be_found_by_this_viewer(world: World):
    assert [word in page(world, "/search/") for word in ("You can find", "Accounts", "Imports")] == [True, False, True]
    assert "<li>Accounts</li>" in page(world, "/search/?q=+", role=Role.ADMINISTRATOR)


def test_no_hit_repeats_the_words_and_offers_to_drop_each(world: World):
    shown = page(world, "/search/?q=zzz+y%26y")
    assert [one in shown for one in ("fits “zzz y&amp;y”", '?q=y%26y"', '?q=zzz"', "Without “y&amp;y”")] == [True] * 4
    assert "Only one kind was looked through." in page(world, "/search/?q=zzz&kind=people")
    assert "Only one kind" not in page(world, "/search/?q=zzz&kind=accounts")  # none that this viewer knows of


def test_suggestions_are_a_part_of_a_page(world: World):
    shown = page(world, "/search/suggestions/?q=scorecards")
    assert (shown.startswith('<div id="offered"'), "/scorecards/" in shown, "<html" in shown) == (True, True, False)
    assert page(world, "/search/suggestions/?q=").strip() == '<div id="offered"></div>'
    assert "Nothing that you may open" in page(world, "/search/suggestions/?q=zzz")


def test_the_field_stands_in_the_bar_of_every_page_but_its_own(world: World):
    bar, own = page(world, "/today/"), page(world, "/search/")
    assert [shown.count("data-search ") for shown in (bar, own)] == [1, 1]
    assert ('action="/search/"' in bar, 'hx-get="/search/suggestions/"' in bar) == (True, True)
    assert "data-suggestions" not in own


@pytest.mark.parametrize("text", ["\0", "%", "'", "a" * 3000, "\\", "<b>", "​", "(", "*", "{}", "\ud7ff", "%s"])
def test_odd_words_are_answered(world: World, text: str):
    client = world["Own"].client(Role.VENDOR_MANAGER)
    for address in ("/search/", "/search/suggestions/"):
        assert client.get(address, {"q": text, "kind": text}).status_code == 200
    assert client.get("/api/v1/search", {"q": text[:100]}).status_code == 200


def test_the_operation_gives_what_the_page_shows(world: World):
    side = world["North"]
    answer = side.client(MANAGER).get("/api/v1/search", {"q": f"{side.marker} team", "limit": 1, "kind": "companies"})
    team = {"title": "NORTHMARKER team", "context": "North", "url": f"/teams/{side.team.pk}/"}
    assert answer.json() == {
        "groups": [{"kind": "companies", "label": "公司、职场、班组", "hits": [team], "more": False}]
    }
    assert side.client(MANAGER).get("/api/v1/search").json() == {"groups": []}
    assert side.client(MANAGER).get("/api/v1/search", {"limit": 51}).status_code == 422


@pytest.mark.parametrize("address", ["/search/?q=north", "/search/suggestions/?q=north", "/api/v1/search?q=north"])
def test_a_search_asks_few_queries(world: World, address: str, django_assert_max_num_queries: Any):
    for company, role in (("Own", Role.VENDOR_MANAGER), ("Own", Role.AUDITOR), ("North", MANAGER)):
        client = world[company].client(role)
        with django_assert_max_num_queries(27):  # one a kind of thing that is searched, beside those of any page
            assert client.get(address).status_code == 200
