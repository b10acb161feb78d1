from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from hand_made import MINUTE, at, load, new_floor, stay

from onefloor.floor import Floor, open_floor
from onefloor.metrics.cubes import build_cubes
from onefloor.metrics.prepare import prepare
from onefloor.metrics.prepared import UnknownName
from onefloor.periods import Month
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.records.figures import spans, unassigned
from onefloor_web.records.figures.filters import Filters
from onefloor_web.records.figures.freshness import bar
from onefloor_web.records.floor import questions
from onefloor_web.records.floor.cache import Cache
from onefloor_web.records.floor.scopes import NothingToSee, NoViewer, scope_of

NOVEMBER = [Month(2026, 11)]
SPAN = spans.of_months(*NOVEMBER, *NOVEMBER)
OF_NORTH: Filters = (("company", "North"),)
LAST = Month(2026, 12).days.start - 1
CLIENT = Viewer(
    1, "Own", client=True, visible=(1, 2, 3), known=(1, 2, 3), user=1, roles=frozenset({Role.VENDOR_MANAGER})
)
NORTH = Viewer(2, "North", client=False, visible=(2,), known=(1, 2), user=2, roles=frozenset({Role.PROJECT_MANAGER}))
LEADER = replace(NORTH, user=3, roles=frozenset({Role.LEADER}), teams=("North 1",))
AGENT = replace(NORTH, user=4, roles=frozenset({Role.AGENT}), agent="2002")
# What only Harbor's rows hold: it must never reach a viewer of North.
FOREIGN = {"Harbor", "3001", "Harbor 1", "harbor-queue", "Xiamen", "harbor-topic"}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    floor = new_floor(tmp_path_factory.mktemp("questions"), "Asia/Shanghai")
    fill(floor)
    return floor.root


def fill(floor: Floor) -> None:
    agents = (
        ("1001", "Own", "shared"),
        ("2001", "North", "shared"),
        ("2002", "North", "shared"),
        ("3001", "Harbor", "harbor-queue"),
    )
    contacts = [contact(floor, agent, queue, day) for agent, _, queue in agents for day in range(1, 29)]
    contacts += [contact(floor, None, "shared", day) for day in range(1, 29)]
    roster = [
        stay("1001", "Own", site="Nanjing", team="Own 1"),
        stay("2001", "North", site="Hefei", team="North 1", employment="outsourced"),
        stay("2002", "North", site="Hefei", team="North 2", employment="outsourced"),
        stay("3001", "Harbor", site="Xiamen", team="Harbor 1", employment="outsourced"),
    ]
    load(floor, contacts=contacts, roster=roster)
    build_cubes(floor, prepare(floor))


def contact(floor: Floor, agent: str | None, queue: str, day: int) -> dict[str, Any]:
    start = at(floor, f"2026-11-{day:02d} 10:00") + day * MINUTE
    answered = {"answered_ms": start + 4_000, "talk_ms": MINUTE, "outcome": "answered", "agent": agent} if agent else {}
    return {
        "contact": f"c{agent}-{day}", "started_ms": start, "queued_ms": start, "ended_ms": start + 2 * MINUTE,
        "queue": queue, "topic": "harbor-topic" if queue == "harbor-queue" else "bills", **answered,
    }  # fmt: skip


@pytest.fixture(autouse=True)
def served(root: Path, settings: Any) -> None:
    settings.FLOOR = root


@pytest.fixture
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


ASKED: dict[str, Callable[[Viewer], Any]] = {
    "figures": lambda viewer: questions.figures(viewer, ["service_level"], ["company"], months=NOVEMBER),
    "trend": lambda viewer: questions.trend(viewer, ["service_level"], LAST, ["team"]),
    "rows": lambda viewer: questions.rows(viewer, "service_level", months=NOVEMBER),
    "others": lambda viewer: questions.rows(viewer, "service_level", "others", limit=None),
    "heat map": lambda viewer: questions.heat_map(viewer, "service_level", {"company": "North"}),
    "breakdown": lambda viewer: questions.breakdown(viewer, "service_level"),
    "formulas": lambda viewer: questions.formulas(viewer, months=NOVEMBER),
    "choices": questions.choices,
    "freshness": questions.freshness,
    "months": questions.months,
    "data version": questions.data_version,
}


@pytest.mark.parametrize("question", ASKED)
def test_nothing_is_answered_without_a_viewer(question: str) -> None:
    with pytest.raises(NoViewer):
        ASKED[question](None)  # type: ignore[arg-type]


@pytest.mark.parametrize("question", ASKED)
@pytest.mark.parametrize("viewer", [NORTH, LEADER, AGENT], ids=["manager", "leader", "agent"])
def test_no_name_of_another_vendor_reaches_a_vendor(question: str, viewer: Viewer) -> None:
    told = repr(ASKED[question](viewer))
    assert [name for name in FOREIGN if name in told] == []


def test_the_same_questions_show_the_names_to_the_client() -> None:
    told = "".join(repr(ask(CLIENT)) for ask in ASKED.values())
    assert [
        name
        for name in sorted(FOREIGN)
        if name not in told + repr(questions.rows(CLIENT, "offered_contacts", limit=None))
    ] == []


def test_by_company_a_vendor_sees_one_row_the_client_all_and_nobodys() -> None:
    def companies(viewer: Viewer) -> list[Any]:
        return [row.key["company"] for row in ASKED["figures"](viewer).rows]

    assert companies(NORTH) == ["North"]
    assert companies(CLIENT) == ["Harbor", "North", "Own", None]


def test_a_leader_sees_the_team_and_an_agent_the_own_contacts() -> None:
    def handled(viewer: Viewer) -> dict[Any, int]:
        found = questions.figures(viewer, ["aht"], ["agent"])
        return {row.key["agent"]: row.figures["aht"].denominator for row in found.rows}

    assert handled(NORTH) == {"2001": 28, "2002": 28}
    assert handled(LEADER) == {"2001": 28}
    assert handled(AGENT) == {"2002": 28}
    assert handled(CLIENT) == {"1001": 28, "2001": 28, "2002": 28, "3001": 28, None: 0}


def test_filters_offer_the_viewers_own_names() -> None:
    own = questions.choices(NORTH)
    assert (own["company"], own["team"], own["agent"], own["queue"]) == (
        ["North"], ["North 1", "North 2"], ["2001", "2002"], ["shared"],
    )  # fmt: skip
    assert questions.choices(CLIENT)["company"] == ["Harbor", "North", "Own"]


def test_a_filter_by_a_foreign_name_is_refused_without_naming_others() -> None:
    with pytest.raises(UnknownName) as refused:
        questions.figures(NORTH, ["service_level"], where={"agent": "3001"})
    assert str(refused.value) == str(UnknownName("agent", "3001", ["2001", "2002"]))


def test_a_user_without_a_role_that_looks_at_rows_is_refused() -> None:
    for roles in ({Role.ADMINISTRATOR}, {Role.LEADER}, {Role.AGENT}, set()):
        with pytest.raises(NothingToSee):
            scope_of(replace(NORTH, roles=frozenset(roles)))


def test_of_several_roles_the_widest_counts_and_a_program_has_its_company() -> None:
    both = replace(LEADER, roles=frozenset({Role.LEADER, Role.QA}))
    assert scope_of(both).predicate() == "company == 'North'"
    assert scope_of(replace(NORTH, user=None, roles=frozenset())).predicate() == "company == 'North'"
    assert scope_of(CLIENT).predicate() == ""
    own_leader = replace(CLIENT, roles=frozenset({Role.LEADER}), teams=("Own 1",))
    assert scope_of(own_leader).predicate() == "company == 'Own' and team in ('Own 1',)"


def test_equal_questions_are_answered_once_whatever_the_order_of_their_filters() -> None:
    one, other = (
        {"queue": ["shared"], "agent": ["2001", "2002"]},
        {"agent": iter(["2002", "2001"]), "queue": "shared"},
    )
    first = questions.figures(NORTH, ["aht"], where=one)
    assert questions.figures(NORTH, ["aht"], where=other) is first
    assert questions.figures(LEADER, ["aht"], where={"queue": "shared"}) is not questions.figures(
        NORTH, ["aht"], where={"queue": "shared"}
    )


def test_freshness_says_what_a_company_lacks_and_whether_figures_lag_behind(tmp_path: Path, settings: Any) -> None:
    floor = new_floor(tmp_path, "Asia/Shanghai")
    fill(floor)
    settings.FLOOR = floor.root
    before = questions.freshness(NORTH)
    assert (list(before.reach.companies), before.reach.sources, before.behind) == (["North"], {}, False)
    load(floor, contacts=[contact(floor, "1001", "shared", day) for day in (29, 30)])
    assert questions.freshness(NORTH).behind
    assert (bar(NORTH, final=True).behind, bar(NORTH, final=True).final) == (True, False)
    with translation.override("zh-hans"):
        assert "的数据导入" in render_to_string("pages/freshness.html", {"freshness": bar(NORTH)})
    assert questions.freshness(NORTH).data_version == before.data_version
    prepare(open_floor(floor.root))
    after = questions.freshness(CLIENT)
    assert {name: len(reach.missing) for name, reach in after.reach.companies.items()} == {
        "Harbor": 2, "North": 2, "Own": 0,
    }  # fmt: skip
    assert after.data_version != before.data_version


def test_new_facts_give_new_figures(tmp_path: Path, settings: Any) -> None:
    floor = new_floor(tmp_path, "Asia/Shanghai")
    fill(floor)
    settings.FLOOR = floor.root

    def handled() -> int:
        return questions.figures(NORTH, ["aht"]).rows[0].figures["aht"].denominator

    assert handled() == 56
    load(floor, contacts=[contact(floor, "2001", "shared", 29)])
    assert handled() == 56
    prepare(open_floor(floor.root))
    assert handled() == 57


def test_the_cache_keeps_the_answers_asked_for_last() -> None:
    cache, asked = Cache(2), []

    def ask(key: str) -> str:
        return cache.answer(key, lambda: asked.append(key) or key)

    assert [ask(key) for key in "abacab"] == list("abacab")
    assert asked == ["a", "b", "c", "b"]
    assert len(cache) == 2


def test_a_question_asked_twice_at_once_is_answered_once() -> None:
    cache, asked, go = Cache(4), [], Event()

    def slow() -> int:
        asked.append(1)
        go.wait(5)
        return 7

    with ThreadPoolExecutor(4) as pool:
        answers = [pool.submit(cache.answer, "slow", slow) for _ in range(4)]
        go.set()
        assert ([each.result() for each in answers], asked) == ([7] * 4, [1])


def test_a_failure_is_told_and_not_kept() -> None:
    cache = Cache(4)
    with pytest.raises(ZeroDivisionError):
        cache.answer("x", lambda: 1 // 0)
    assert cache.answer("x", lambda: 2) == 2


@pytest.mark.usefixtures("english")
def test_the_client_is_told_how_many_contacts_no_company_has_wherever_access_stands_by_company() -> None:
    said = "28 of 140 offered contacts belong to no company, among them 28 of 28 abandoned"
    by_company = unassigned.note(CLIENT, ["service_level", "aht"], (), SPAN, by=["company"])
    of_north = unassigned.note(CLIENT, ["abandonment"], OF_NORTH, SPAN)
    in_shared = unassigned.note(CLIENT, ["abandonment"], (*OF_NORTH, ("queue", "shared")), SPAN)
    assert by_company.startswith(said)
    assert of_north.startswith(said)
    assert in_shared.startswith("28 of 112 offered contacts")


@pytest.mark.parametrize(
    ("metrics", "where", "by"),
    [
        (["aht"], OF_NORTH, ["company"]),
        (["abandonment"], (), ["queue"]),
        (["abandonment"], (("company", ""),), []),
        (["abandonment"], (("company", "Harbor"), ("queue", "harbor-queue")), []),
    ],
    ids=["every leg has an agent", "all rows are in sight", "they are these very rows", "none are lost"],
)
def test_nothing_is_said_where_no_row_is_lost(metrics: list[str], where: Filters, by: list[str]) -> None:
    assert unassigned.note(CLIENT, metrics, where, SPAN, by=by) == ""


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize("viewer", [LEADER, AGENT], ids=["leader", "agent"])
def test_a_vendor_reads_that_they_are_not_counted_and_no_number(viewer: Viewer) -> None:
    said = unassigned.note(viewer, ["abandonment"], (), SPAN, by=["company"])
    assert "belong to no company: they are not counted here" in said
    assert not any(sign.isdigit() for sign in said)


def test_a_vendor_asks_for_nobodys_rows_only_of_queues_it_takes_part_in() -> None:
    found = questions.shared_unassigned(NORTH, "abandonment", ["shared"], NOVEMBER)
    assert found is not None
    assert (found.numerator, found.denominator) == (28, 28)
    for viewer, queues in (
        (NORTH, ["harbor-queue"]),
        (NORTH, ["shared", "harbor-queue"]),
        (NORTH, []),
        (LEADER, ["shared"]),
    ):
        with pytest.raises(NothingToSee):
            questions.shared_unassigned(viewer, "abandonment", queues, NOVEMBER)
    with pytest.raises(NothingToSee):
        questions.unassigned(NORTH, ["abandonment"], None, NOVEMBER)


@pytest.mark.usefixtures("english")
def test_companies_are_not_told_apart_by_what_loses_more_than_one_row_in_a_hundred() -> None:
    found = unassigned.counted(CLIENT, ["abandonment", "aht"], (), SPAN)
    assert unassigned.refused(found["abandonment"]).startswith("No verdict: 28 of the 140 rows")
    assert "20.00%, more than 1%" in unassigned.refused(found["abandonment"])
    assert unassigned.refused(found["aht"]) == ""
