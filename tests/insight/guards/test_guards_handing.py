"""Which company passes contacts on to which: found where it is so, silent where it is not, else refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from guard_floors import MONTHS, facts_of, floor, legs
from hypothesis import example, given
from hypothesis import strategies as st

from onefloor.insight.finding import Estimate, Verdict
from onefloor.insight.guards.handed_over import handing_findings
from onefloor.insight.guards.handing import Exchange, Passing, exchanges, nothing_shared, with_others
from onefloor.insight.guards.handing_sentences import handing_sentence
from onefloor.insight.guards.rows import Facts, Rows
from onefloor.insight.guards.simulated_habits import passed_on
from onefloor.metrics.prepared import Prepared

FLOORS = 20


def looks(seed: int, agents: tuple[int, ...], extra: float) -> tuple[int, int, int]:
    """On how many floors the first pair is seen, any other pair is, and all intervals hold the truth."""
    rng, first, others, held = np.random.default_rng(seed), 0, 0, 0
    for _ in range(FLOORS):
        found = exchanges(passed_on(rng, agents, extra))
        seen = [one.verdict() is Verdict.WORTH_A_LOOK for one in found]
        true = [100 * extra, 0.0, 0.0]
        first, others = first + seen[0], others + any(seen[1:])
        held += all(e.net is not None and e.net.low <= t <= e.net.high for e, t in zip(found, true, strict=True))
    return first, others, held


@pytest.mark.parametrize("agents", [(60, 60, 60), (9, 40, 60), (200, 30, 100)])
def test_sizes_and_hours_alone_make_no_dumping(agents: tuple[int, ...]) -> None:
    """The largest company passes far fewer contacts on to the smallest than the other way: raw counts say so always."""
    first, others, held = looks(31, agents, 0.0)
    assert (first + others, held >= FLOORS - 3) == (0, True)
    of = passed_on(np.random.default_rng(31), (200, 30), 0.0)
    raw = [of.taken[of.company == side, 1 - side].sum() / of.rows[of.company == side].sum() for side in (0, 1)]
    assert raw[1] > 3 * raw[0]


def test_who_passes_on_two_points_more_is_found_and_nobody_else() -> None:
    first, others, held = looks(32, (60, 60, 60), 0.02)
    assert (first >= FLOORS - 1, others, held >= FLOORS - 3) == (True, 0, True)


def test_people_who_rather_pass_on_to_their_own_are_no_reason() -> None:
    """Half of what goes to another company goes to the own one instead: the same both ways, whatever the sizes."""
    rng, of = np.random.default_rng(33), passed_on(np.random.default_rng(34), (150, 40), 0.0, contacts=1_000)
    for side in (0, 1):
        mine = of.company == side
        kept = rng.binomial(of.taken[mine, 1 - side].astype(int), 0.5)
        of.taken[mine, side] += kept
        of.taken[mine, 1 - side] -= kept
    (found,) = exchanges(of)
    assert found.ways is not None
    assert max(way.surplus for way in found.ways) < -0.002
    assert found.net is not None
    assert found.net.low <= 0 <= found.net.high


def test_few_agents_and_separate_work_are_refused() -> None:
    rng = np.random.default_rng(35)
    few, some = (exchanges(passed_on(rng, agents))[0] for agents in ((3, 40), (7, 40)))
    assert (few.verdict(), few.net) == (Verdict.NOT_COMPARABLE, None)
    assert some.verdict() is Verdict.CANNOT_TELL
    assert some.net is not None
    apart = passed_on(rng, (20, 20))
    apart.stratum[apart.company == 1] += 100
    (found,) = exchanges(apart)
    assert (found.verdict(), found.refusals) == (Verdict.NOT_COMPARABLE, (nothing_shared("A", "B"),))


def test_one_company_against_all_others_as_one() -> None:
    of = passed_on(np.random.default_rng(36), (30, 40, 50), 0.03)
    (found,) = exchanges(with_others(of, "A"))
    assert (found.names, found.agents) == (("A", ""), (30, 90))
    assert handing_sentence(found, found.verdict()).en.split(" are passed on to ")[1].startswith("others than")
    assert found.net is not None
    assert found.net.low > 0


def handing_floor(root: Path, dumps: float) -> tuple[Prepared, Facts]:
    """Agents of North pass on 5 % and those of South ``dumps``; whoever takes it is of either company by lot."""
    chance = np.random.default_rng(37)
    rows, facts = legs(lambda chance, agent: {}, rows=200), []
    people = {agent: 1 + agent % 2 for agent in range(1, 31)}
    for place, row in enumerate(list(rows), 1):
        passes = bool(chance.random() < (dumps if row["company"] == 2 else 0.05))
        row["transferred"] = passes
        to = "other" if passes else None
        facts.append({"row_id": place, "contact": f"c{place}", "source": "x", "leg": 1, "transferred_to": to})
        if passes:
            taker = int(chance.integers(1, 31))
            rows.append(row | {"agent": taker, "company": people[taker], "transferred": False})
            facts.append({"row_id": len(rows), "contact": f"c{place}", "source": "x", "leg": 2, "transferred_to": None})
    return floor(root, legs=rows), facts_of(contacts=facts)


def test_a_company_that_passes_on_more_is_named_with_its_rows(tmp_path: Path) -> None:
    prepared, facts = handing_floor(tmp_path, 0.15)
    (found,) = handing_findings(Rows(prepared, MONTHS, "", facts))
    assert found.verdict is Verdict.WORTH_A_LOOK
    assert "of the contacts of South are passed on to North" in found.sentence.en
    assert "“South”转给“North”的比例比反向高" in found.sentence.zh
    assert [one.where for one in found.behind] == [{"company": ("North",)}, {"company": ("South",)}]
    assert found.details["taker_not_told"] == 0
    (alone,) = handing_findings(Rows(prepared, MONTHS, "", facts), ["North"])
    assert "South" not in str(alone)
    assert alone.estimate is not None
    assert found.estimate is not None
    assert alone.estimate.value == pytest.approx(found.estimate.value)


def test_too_few_people_of_others_are_refused_without_their_names() -> None:
    people = np.array([0] * 15 + [1, 2, 2])
    of = Passing(
        ("North", "South", "West"), np.arange(18), people, np.zeros(18, np.intp), np.full(18, 50.0), np.ones((18, 3))
    )
    (one,) = exchanges(with_others(of, "North"))
    assert [refusal.reason.en for refusal in one.refusals] == ["everybody else has 3 agents here; 5 are needed."]
    assert [refusal.reason.zh for refusal in one.refusals] == ["其他公司合计 只有 3 名坐席，至少要 5 名。"]
    (one,) = exchanges(with_others(of, "West"))
    assert [refusal.reason.en for refusal in one.refusals] == ["West has 2 agents here; 5 are needed."]


def test_who_took_a_contact_has_to_be_in_the_facts(tmp_path: Path) -> None:
    prepared, facts = handing_floor(tmp_path, 0.05)
    nobody = facts_of(contacts=[{"row_id": 1, "contact": "c", "source": "x", "leg": 1, "transferred_to": "other"}])
    for held in (None, nobody):
        (found,) = handing_findings(Rows(prepared, MONTHS, "", held))
        assert found.verdict is Verdict.CANNOT_TELL
        assert found.reasons[0].en == "the facts do not say who took a contact that was passed on"
    (found,) = handing_findings(Rows(prepared, MONTHS, "company == 'North'", facts))
    assert (found.verdict, found.reasons[0].en) == (
        Verdict.NOT_COMPARABLE, "only one company's contacts may be looked at",
    )  # fmt: skip


ends = st.tuples(st.floats(-9, 9), st.floats(0.01, 3)).map(lambda p: Estimate(p[0], p[0] - p[1], p[0] + p[1]))


@given(ends)
@example(Estimate(-0.03, -0.2, 0.1))
@example(Estimate(0.0, -0.9, 0.9))
def test_the_sentence_is_told_from_the_side_that_passes_on_more(net: Estimate) -> None:
    of = Exchange(("North", "South"), None, (30, 30), net, ())
    verdict = of.verdict()
    surely = net.low > 0.5 or net.high < -0.5
    inside = net.low > -0.5 and net.high < 0.5
    assert verdict is (Verdict.WORTH_A_LOOK if surely else Verdict.NOTHING_SEEN if inside else Verdict.CANNOT_TELL)
    said: Any = handing_sentence(of, verdict)
    first, second = ("North", "South") if net.value >= 0 else ("South", "North")
    alike = abs(net.value) < 0.05  # a difference of nothing has no direction
    assert (f"of the contacts of {first} are passed on to {second}" in said.en) is not alike
    assert ("pass on level shares" in said.en, "持平" in said.zh) == (alike, alike)
    assert f"“{first}”转给“{second}”" in said.zh
    assert f"more from {first} to {second}" in said.en or not alike
    for text in (said.en, said.zh):
        assert f"{abs(net.value):.1f}" in text or alike
        assert "-0.0" not in text
    assert ("worth a look" in said.en, "值得一看" in said.zh) == (surely, surely)
    assert ("cannot be told" in said.en, "无法判断" in said.zh) == (verdict is Verdict.CANNOT_TELL,) * 2
