"""From measuring tables to findings: who games is named, every verdict has its data, sentences are true."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from measuring_tables import END_OF_NOVEMBER, NAMES, prepared_of

from onefloor.insight.finding import Estimate, Verdict
from onefloor.insight.guards import later_sentences as later
from onefloor.insight.guards import sentences as say
from onefloor.insight.guards import simulated
from onefloor.insight.guards.bunching import Jump, Pulled
from onefloor.insight.guards.companies import Company, Side, against_others, companies
from onefloor.insight.guards.judging import (
    Judged,
    company_finding,
    judged,
    pair_findings,
    pattern_finding,
    stretched_finding,
)
from onefloor.insight.guards.lags import Lagged
from onefloor.insight.guards.outside import (
    Contract,
    bunching_finding,
    lag_findings,
    pulled_finding,
    watermelon_finding,
)
from onefloor.insight.guards.pairing import NotAShare, Pair, paired
from onefloor.insight.guards.patterns import BY_NAME, stretched, tallied
from onefloor.insight.guards.picture import quadrant_picture
from onefloor.insight.guards.promises import BadPromise, NothingPromised, Promise, from_agreement, written
from onefloor.insight.pictures import save
from onefloor.language import Text
from onefloor.metrics import catalogue
from onefloor.metrics.prepared import Names, Prepared
from onefloor.periods import MS_PER_DAY, Month

AGENTS = 30
MONTHS = [Month(2026, 11)]
HOUR = 3_600_000
PEOPLE = Names({**NAMES.ids, "agent": {f"A{number:02d}": number for number in range(1, AGENTS + 1)}})
Row = dict[str, Any]


def at(chance: np.random.Generator, day: int, hour: int) -> int:
    start: int = END_OF_NOVEMBER - 30 * MS_PER_DAY
    return start + day * MS_PER_DAY + hour * HOUR + int(chance.integers(0, HOUR))


def legs(each: Callable[[np.random.Generator, int], Row], rows: int = 60, seed: int = 1) -> list[Row]:
    """Answered legs of all agents over 28 days in two queues; ``each`` says what a leg of an agent is like."""
    chance = np.random.default_rng(seed)
    return [
        {
            "start_ms": at(chance, int(chance.integers(0, 28)), int(chance.integers(9, 13))), "agent": agent,
            "company": 1 + agent % 2, "team": 1 + agent % 2, "queue": int(chance.integers(1, 3)), "answered": True,
            "offered": True, "talk_ms": 200_000, "wrap_ms": 30_000, "wait_ms": int(chance.integers(0, 60_000)),
            **each(chance, agent),
        }
        for agent in range(1, AGENTS + 1)
        for _ in range(rows)
    ]  # fmt: skip


def floor(root: Path, **tables: list[Row]) -> Prepared:
    found: Prepared = replace(prepared_of(root, tables), names=PEOPLE)
    return found


def told(prepared: Prepared, name: str) -> tuple[Verdict, list[str]]:
    finding = pattern_finding(BY_NAME[name], tallied(BY_NAME[name], prepared, MONTHS), MONTHS)
    return finding.verdict, [one["name"] for one in finding.details.get("flagged", [])]


LOOK, SEEN, CANNOT = Verdict.WORTH_A_LOOK, Verdict.NOTHING_SEEN, Verdict.CANNOT_TELL


@pytest.mark.parametrize(("share", "expected"), [(0.5, (LOOK, ["A01"])), (0.05, (SEEN, []))])
def test_who_passes_contacts_on_is_named(tmp_path: Path, share: float, expected: tuple[Verdict, list[str]]) -> None:
    rows = legs(lambda chance, agent: {"transferred": chance.random() < (share if agent == 1 else 0.05)})
    assert told(floor(tmp_path, legs=rows), "transfers") == expected


def test_short_calls_count_only_when_the_customer_is_back(tmp_path: Path) -> None:
    """Agent 1 hangs up on a quarter; agent 2 is as short, but nobody calls again."""
    rows = legs(lambda chance, agent: {"talk_ms": 9_000 if agent < 3 and chance.random() < 0.25 else 200_000})
    back = [
        {"start_ms": row["start_ms"], "agent": row["agent"], "queue": row["queue"], "identified": True,
         "gap_any_ms": 600_000 if row["agent"] == 1 and row["talk_ms"] < 15_000 else 30 * MS_PER_DAY}
        for row in rows
    ]  # fmt: skip
    assert told(floor(tmp_path, legs=rows, contacts=back), "short_calls") == (LOOK, ["A01"])


def test_who_lets_it_ring_is_named(tmp_path: Path) -> None:
    rows = legs(lambda chance, agent: {})
    chance = np.random.default_rng(2)
    rings = [
        {name: row[name] for name in ("start_ms", "agent", "queue")}
        | {"taken": bool(chance.random() > (0.4 if row["agent"] == 1 else 0.03)), "canceled": False}
        for row in rows
    ]
    assert told(floor(tmp_path, rings=rings), "unanswered_rings") == (LOOK, ["A01"])


def test_who_invites_few_is_named(tmp_path: Path) -> None:
    rows = legs(lambda chance, agent: {}, rows=120)
    kept = [{name: row[name] for name in ("start_ms", "agent", "queue")} for row in rows]
    chance = np.random.default_rng(3)
    asked = [row for row in kept if chance.random() < (0.08 if row["agent"] == 1 else 0.4)]
    assert told(floor(tmp_path, contacts=kept, surveys=asked), "few_invitations") == (LOOK, ["A01"])


def test_who_is_away_when_queues_are_long_is_named(tmp_path: Path) -> None:
    """Waits are long at nine; agent 1 is missing then, everybody else only now and then."""
    chance = np.random.default_rng(4)
    waits = legs(lambda chance, agent: {})
    for row in waits:
        row["wait_ms"] = 300_000 if row["start_ms"] % MS_PER_DAY < 10 * HOUR else 2_000
    time = [
        {"start_ms": END_OF_NOVEMBER - 30 * MS_PER_DAY + day * MS_PER_DAY + 9 * HOUR + half * HOUR // 2, "agent": agent,
         "required_ms": HOUR // 2, "logged_ms": HOUR // 2,
         "absent_ms": HOUR // 2 if half < 2 and chance.random() < (0.6 if agent == 1 else 0.05) else 0}
        for agent in range(1, AGENTS + 1) for day in range(28) for half in range(8)
    ]  # fmt: skip
    assert told(floor(tmp_path, legs=waits, agent_time=time), "away_at_peaks") == (LOOK, ["A01"])


@pytest.mark.parametrize(("factor", "expected"), [(3.0, (LOOK, ["A01"])), (1.0, (SEEN, []))])
def test_who_stretches_after_call_work_in_long_queues_is_named(
    tmp_path: Path, factor: float, expected: tuple[Verdict, list[str]]
) -> None:
    rows = legs(lambda chance, agent: {"wrap_ms": int(30_000 * np.exp(chance.normal(0, 0.4)))}, rows=120)
    for row in rows:
        busy = row["start_ms"] // (HOUR // 2) % 4 == 0
        row["wait_ms"] = 300_000 if busy else 2_000
        if busy and row["agent"] == 1:
            row["wrap_ms"] = int(row["wrap_ms"] * factor)
    finding = stretched_finding(stretched(floor(tmp_path, legs=rows), MONTHS), MONTHS)
    assert (finding.verdict, [one["name"] for one in finding.details["flagged"]]) == expected


@pytest.mark.parametrize("name", BY_NAME)
def test_a_floor_without_rows_cannot_be_told(tmp_path: Path, name: str) -> None:
    finding = pattern_finding(BY_NAME[name], tallied(BY_NAME[name], floor(tmp_path, legs=[]), MONTHS), MONTHS)
    assert finding.verdict is CANNOT
    assert finding.reasons[0].en.startswith("rows enough: 0 agents")


def selling_floor(root: Path, push: float) -> Prepared:
    """Half of the agents sell and are called again more, by ``push``."""
    chance = np.random.default_rng(5)
    rows = legs(lambda chance, agent: {"sale_eligible": True}, rows=100)
    keys = ("start_ms", "agent", "company", "team", "queue")
    of = [({name: row[name] for name in keys}, push * (row["agent"] / AGENTS - 0.5)) for row in rows]
    sales = [row | {"accepted": True} for row, more in of if chance.random() < 0.25 + more]
    contacts = [
        row | {"identified": True, **({"gap_topic_ms": MS_PER_DAY} if chance.random() < 0.25 + more else {})}
        for row, more in of
    ]
    return floor(root, legs=rows, sales=sales, contacts=contacts)


@pytest.mark.parametrize(("push", "expected"), [(0.45, (LOOK, LOOK)), (0.0, (CANNOT, SEEN))])
def test_a_floor_that_pays_for_sales_with_quality_shows_it(
    tmp_path: Path, push: float, expected: tuple[Verdict, Verdict]
) -> None:
    prepared = selling_floor(tmp_path, push)
    pair = paired(prepared, "conversion", "fcr:within=7d", "agent", MONTHS)
    seen = judged(pair, (0.02, 0.02))
    findings = pair_findings(seen, MONTHS, provisional=True)
    assert tuple(one.verdict for one in findings) == expected
    assert (pair.few, findings[0].agents) == (0, AGENTS)
    named = [one["name"] for one in findings[1].details["flagged"]]
    assert all(name > "A15" for name in named)
    assert say.PROVISIONAL in findings[0].assumptions


def test_sales_that_did_not_last_may_be_left_out(tmp_path: Path) -> None:
    """Every agent sells alike; the sales of the first are all cancelled on the next day."""
    chance = np.random.default_rng(11)
    rows = legs(lambda chance, agent: {"sale_eligible": True}, rows=60)
    of = [{name: row[name] for name in ("start_ms", "agent", "company", "team", "queue")} for row in rows]
    sold = [row for row in of if chance.random() < 0.4]
    gone = {1: MS_PER_DAY}
    sales = [row | {"accepted": True, "cancelled_after_ms": gone.get(row["agent"])} for row in sold]
    prepared = floor(tmp_path, legs=rows, sales=sales, contacts=[row | {"identified": True} for row in of])
    gross, net = (
        paired(prepared, "conversion", "fcr:within=7d", "agent", MONTHS, lasting=lasting) for lasting in (None, "30d")
    )
    assert gross.difference[0, 0] > -0.2
    assert net.difference[0, 0] == pytest.approx(-net.expected[0, 0])
    assert net.difference[1:, 0] == pytest.approx(gross.difference[1:, 0], abs=0.02)


def test_teams_are_too_few_for_verdicts_and_said_so(tmp_path: Path) -> None:
    pair = paired(selling_floor(tmp_path, 0.3), "conversion", "fcr:within=7d", "team", MONTHS)
    findings = pair_findings(judged(pair, (0.02, 0.02)), MONTHS, provisional=False)
    assert [one.verdict for one in findings] == [CANNOT, CANNOT]
    assert findings[0].reasons[0].en == "rows enough: 2 teams, and it takes 20: choose a longer time"
    assert quadrant_picture(judged(pair, (0.0, 0.0))) is None


def test_a_company_is_compared_with_the_others(tmp_path: Path) -> None:
    chance = np.random.default_rng(6)
    rows = legs(lambda chance, agent: {"sale_eligible": True}, rows=100)
    south = [row["company"] == 2 for row in rows]
    keys = ("start_ms", "agent", "company", "team", "queue")
    of = [{name: row[name] for name in keys} for row in rows]
    sales = [r | {"accepted": True} for r, more in zip(of, south, strict=True) if chance.random() < 0.2 + 0.1 * more]
    contacts = [
        r | {"identified": True, **({"gap_topic_ms": MS_PER_DAY} if chance.random() < 0.2 + 0.1 * more else {})}
        for r, more in zip(of, south, strict=True)
    ]
    prepared = floor(tmp_path, legs=rows, sales=sales, contacts=contacts)
    names = ["North", "South"]
    each = {one.name: one for one in companies(prepared, "conversion", "fcr:within=7d", names, MONTHS)}
    sold, served = each["South"].selling.estimate, each["South"].quality.estimate
    assert sold is not None
    assert served is not None
    assert sold.low < 10 < sold.high
    assert served.low < -10 < served.high
    figures = (catalogue.metric("conversion"), catalogue.metric("fcr:within=7d"))
    told = [company_finding(one, figures, (2.0, 2.0), MONTHS) for one in each.values()]
    assert [one.verdict for one in told] == [SEEN, LOOK]
    assert "South has conversion" in told[1].sentence.en
    assert told[1].sentence.en.endswith("it sells more and serves worse.")
    assert told[0].sentence.en.endswith("no sign of selling at the cost of quality.")
    assert say.NO_QUALITY_VERDICT in told[0].assumptions
    assert companies(prepared, "conversion", "fcr:within=7d", names[:1], MONTHS) == []
    none = companies(prepared, "conversion", "fcr:within=7d", names, MONTHS, scope="company == 'North'")
    assert [one.selling.estimate for one in none] == [None, None]  # who sees one company learns nothing of another


@pytest.mark.parametrize(("few", "verdict"), [(3, Verdict.NOT_COMPARABLE), (6, CANNOT), (12, SEEN)])
def test_a_company_of_few_agents_is_not_judged(few: int, verdict: Verdict) -> None:
    figures = (catalogue.metric("conversion"), catalogue.metric("fcr:within=7d"))
    rng = np.random.default_rng(12)
    selling, quality = (simulated.outsourced(rng, (few, 60), 0.5, 0.02, 4_000) for _ in range(2))
    finding = company_finding(against_others(selling, quality)[0], figures, (5.0, 5.0), MONTHS)
    assert finding.verdict is verdict
    assert any(f"A has {few} agents here" in reason.en for reason in finding.reasons) == (few < 9)
    assert (finding.estimate is None) == (few < 5)


def test_alike_companies_are_rarely_told_apart() -> None:
    """Agents differ, the smaller company has nine: of three companies and two figures hardly any interval misses 0."""
    rng, missed, agents = np.random.default_rng(13), 0, (9, 40, 60)
    for _ in range(40):
        selling, quality = (simulated.outsourced(rng, agents, 0.8, 0.06) for _ in range(2))
        sides = [side for one in against_others(selling, quality) for side in (one.selling, one.quality)]
        held = [side.estimate for side in sides if side.estimate]
        assert len(held) == 6
        missed += any(not one.low <= 0 <= one.high for one in held)
    assert missed <= 6


def test_what_is_no_share_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotAShare, match="For selling use conversion"):
        paired(selling_floor(tmp_path, 0.0), "conversion", "aht", "agent", MONTHS)


def watermelon_floor(root: Path, *, worse: float, wait_ms: int) -> Prepared:
    """Twenty-eight weeks of North; in the last twelve ``worse`` times as many complain; waits as given."""
    chance = np.random.default_rng(7)
    start = Month(2026, 6).days.start * MS_PER_DAY
    rows = [
        {"start_ms": start + week * 7 * MS_PER_DAY + int(chance.integers(0, 7 * MS_PER_DAY)), "company": 1, "agent": 1}
        for week in range(26) for _ in range(120)
    ]  # fmt: skip
    late = start + 14 * 7 * MS_PER_DAY
    complaints = [row for row in rows if chance.random() < 0.04 * (worse if row["start_ms"] > late else 1)]
    answered = [row | {"offered": True, "answered": True, "wait_ms": wait_ms} for row in rows]
    return floor(root, legs=answered, contacts=rows, complaints=complaints)


@pytest.mark.parametrize(
    ("worse", "wait_ms", "verdict", "said"),
    [
        (3.0, 1_000, LOOK, ("North reached every figure of the contract for 3 months, "
         "while outside the contract complaints per 10,000 got worse.")),
        (3.0, 90_000, SEEN, ("North: complaints per 10,000 got worse, and the contract's own figures were not all "
         "reached for 3 months either.")),
        (1.0, 1_000, SEEN, ("North: no figure outside the contract has drifted beyond its limits; "
         "repeat rate, sale quality, transfer rate, dissatisfaction (bottom 2) cannot be told.")),
    ],
)  # fmt: skip
def test_a_green_contract_with_more_complaints_is_seen(
    tmp_path: Path, worse: float, wait_ms: int, verdict: Verdict, said: str
) -> None:
    prepared = watermelon_floor(tmp_path, worse=worse, wait_ms=wait_ms)
    contract = Contract("North", tuple(written(["service_level>=80"])))
    finding = watermelon_finding(prepared, contract, [Month(2026, month) for month in range(6, 12)])
    assert (finding.verdict, finding.sentence.en) == (verdict, said)


def test_a_contract_without_a_past_cannot_be_told(tmp_path: Path) -> None:
    prepared = watermelon_floor(tmp_path, worse=3.0, wait_ms=1_000)
    contract = Contract("North", tuple(written(["service_level>=80"])))
    finding = watermelon_finding(prepared, contract, [Month(2026, 11)])
    assert finding.verdict is CANNOT
    assert finding.reasons[0].en.startswith("only 0 weeks lie before")


def test_promises_are_read_from_an_agreement_or_written_out(tmp_path: Path) -> None:
    examples = Path(__file__).parents[3] / "examples/agreements"
    company, promised = from_agreement(examples / "asterisk-north.yaml", Month(2026, 11))
    assert company == "North"
    assert promised[0] == Promise("service_level:formula=F2,within=20s", Fraction(80), None, {})
    assert promised[1].kept(Fraction(5))
    assert not promised[1].kept(Fraction(51, 10))
    with pytest.raises(BadPromise, match="is not a figure and its target"):
        written(["service_level=80"])
    empty = tmp_path / "none.yaml"
    text = (examples / "asterisk-own.yaml").read_text(encoding="utf-8")
    empty.write_text(text.partition("\nclauses:")[0] + "\n", encoding="utf-8")
    with pytest.raises(NothingPromised, match="--kpi"):
        from_agreement(empty, Month(2026, 11))


def test_bunching_and_contests_answer_from_the_tables(tmp_path: Path) -> None:
    chance = np.random.default_rng(8)
    times = iter((simulated.talks(chance, AGENTS * 120, 60.0, 0.6) * 1000).astype(int).tolist())
    prepared = floor(tmp_path, legs=legs(lambda chance, agent: {"talk_ms": next(times)}, rows=120))
    finding = bunching_finding(prepared, "North", MONTHS, 60_000)
    assert finding.verdict is LOOK
    assert "are" in finding.sentence.en
    assert bunching_finding(prepared, "North", MONTHS, 5_000_000).verdict is CANNOT
    assert pulled_finding(prepared, "North", MONTHS, date(2026, 11, 20)).verdict is CANNOT
    assert [one.verdict for one in lag_findings(prepared, MONTHS)] == [CANNOT] * 3


def test_a_contest_that_pulled_sales_forward_is_seen(tmp_path: Path) -> None:
    chance = np.random.default_rng(9)
    start, rows, sold = Month(2026, 10).days.start * MS_PER_DAY, [], []
    for day in range(61):
        per_day = 30 if day in (43, 44, 45) else 2 if 45 < day <= 52 else 12
        for place in range(80):
            row = {"start_ms": start + day * MS_PER_DAY + int(chance.integers(0, MS_PER_DAY)), "company": 1, "agent": 1}
            rows.append(row | {"sale_eligible": True, "answered": True})
            if place < per_day:
                sold.append(row | {"accepted": True})
    prepared = floor(tmp_path, legs=rows, sales=sold)
    finding = pulled_finding(prepared, "North", [Month(2026, 10), Month(2026, 11)], date(2026, 11, 15))
    assert finding.verdict is LOOK
    assert finding.sentence.en.endswith("in the week after it: pulled forward.")
    assert [one.metric for one in finding.behind] == ["conversion"]


def drawn_judged(agents: int) -> Judged:
    of = simulated.sellers(np.random.default_rng(10), agents, pushers=agents // 10)
    names = tuple(f"A{number}" for number in range(agents))
    figures = (catalogue.metric("conversion"), catalogue.metric("fcr:within=7d"))
    rows = np.full((agents, 2), 100)
    return judged(Pair(names, of.difference, of.error, of.expected, rows, 0, *figures, say.AGENTS), (0.02, 0.02))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("agents", [40, 150])
def test_the_quadrant_is_drawn(tmp_path: Path, language: Any, agents: int) -> None:
    picture = quadrant_picture(drawn_judged(agents))
    assert picture is not None
    for path in save(picture, tmp_path / "quadrant", language):
        assert path.stat().st_size > 10_000


SIGNED = re.compile(r"[-+]\d+\.\d")
ends = st.tuples(st.floats(-20, 20), st.floats(0.1, 4)).map(lambda p: Estimate(p[0], p[0] - p[1], p[0] + p[1]))


@given(ends, ends)
def test_what_is_said_of_a_company_is_true_of_its_numbers(selling: Estimate, quality: Estimate) -> None:
    figures = (catalogue.metric("conversion"), catalogue.metric("fcr:within=7d"))
    sides = [Side("fcr", one, (), 1.0, 99, (9, 9)) for one in (selling, quality)]
    finding = company_finding(Company("North", sides[0], sides[1]), figures, (2.0, 2.0), MONTHS)
    expected = [f"{end:+.1f}" for one in (selling, quality) for end in (one.low, one.high)]
    assert SIGNED.findall(finding.sentence.en) == SIGNED.findall(finding.sentence.zh) == expected
    ways = ["higher" if one.value > 0 else "lower" for one in (selling, quality)]
    assert re.findall("higher|lower", finding.sentence.en) == ways
    assert re.findall("高|低", finding.sentence.zh) == [{"higher": "高", "lower": "低"}[way] for way in ways]
    assert (finding.verdict is LOOK) == (selling.low > 0 and quality.high < 0)
    if finding.verdict is SEEN:
        assert selling.high <= 2 or quality.low >= -2
    assert ("no sign" in finding.sentence.en, "看不出" in finding.sentence.zh) == (finding.verdict is SEEN,) * 2
    assert ("cannot be told" in finding.sentence.en, "无法判断" in finding.sentence.zh) == (
        finding.verdict is CANNOT,
    ) * 2


@pytest.mark.parametrize("flagged", [[], ["A1"], ["A1", "A2"], [f"A{n}" for n in range(9)]])
def test_how_many_are_named_is_how_many_there_are(flagged: list[str]) -> None:
    verdict = LOOK if flagged else SEEN
    said = say.quadrant_sentence(flagged, say.Likely(len(flagged), 41, 0.8, (2.0, 4.5)))
    assert said.en.startswith(f"{len(flagged) or 'None'} of 41 agents probably (more than 80%)")
    assert f"有 {len(flagged)} 名" in said.zh or not flagged
    assert ("2 points above" in said.en, "4.5 points below" in said.en) == (True, True)
    assert ("2 个百分点" in said.zh, "4.5 个百分点" in said.zh) == (True, True)
    other = say.pattern_sentence(verdict, BY_NAME["transfers"].title, flagged, 41)
    assert (f"{len(flagged)} of 41" in other.en) == bool(flagged)


def pair_of(seed: int, agents: int, pushers: int) -> Pair:
    of = simulated.sellers(np.random.default_rng(seed), agents, -0.6, pushers)
    figures = (catalogue.metric("conversion"), catalogue.metric("fcr:within=7d"))
    names = tuple(f"A{number}" for number in range(agents))
    return Pair(names, of.difference, of.error, of.expected, np.full((agents, 2), 99), 0, *figures, say.AGENTS)


@given(st.integers(0, 99), st.integers(20, 90), st.integers(0, 6), st.sampled_from([0.0, 0.02, 0.05]))
@settings(max_examples=15, deadline=None)
def test_how_many_are_likely_is_said_with_the_margins_they_are_beyond(
    seed: int, agents: int, pushers: int, margin: float
) -> None:
    """Whoever is beyond the margins with more than .8 is counted, named or not; the sentence has both numbers."""
    seen = judged(pair_of(seed, agents, pushers), (margin, 0.04))
    finding = pair_findings(seen, MONTHS, provisional=False)[1]
    likely, named = int((seen.chance > 0.8).sum()), len(finding.details["flagged"])
    assert finding.details["likely"] == likely >= named
    assert finding.sentence.en.startswith(f"{likely or 'None'} of {agents} agents probably (more than 80%)")
    assert f"more than {100 * margin:g} points above" in finding.sentence.en
    assert finding.verdict is (LOOK if named else CANNOT if likely else SEEN)
    if 0 < named < likely:
        assert f"a list of {named} is right often enough" in finding.sentence.en
        assert f"其中 {named} 名" in finding.sentence.zh
    if not margin and (chance := finding.details["quadrants_without_margins"].get("sells_not_serves", 0)):
        assert chance >= likely  # 0 and 4 points ask for more than 0 and 0
    assert say.list_rule(0.8, 0.88) in finding.assumptions


def test_those_who_are_likely_and_not_named_are_no_all_clear() -> None:
    said = say.quadrant_sentence([], say.Likely(2, 41, 0.8, (2.0, 2.0)))
    assert said.en.endswith("a list would not be right often enough: nobody is named.")
    assert said.zh.endswith("未点名。")


def test_one_companys_answer_names_none_of_anothers_people(tmp_path: Path) -> None:
    """Agents 1 (South) and 2 (North) pass on half of their contacts; North is told of agent 2 alone, among its 15."""
    rows = legs(lambda chance, agent: {"transferred": chance.random() < (0.5 if agent < 3 else 0.05)}, rows=120)
    counted = tallied(BY_NAME["transfers"], floor(tmp_path, legs=rows), MONTHS)
    both = pattern_finding(BY_NAME["transfers"], counted, MONTHS)
    assert {one["name"] for one in both.details["flagged"]} == {"A01", "A02"}
    north = counted.of_companies(["North"])
    assert north.agents == tuple(f"A{number:02d}" for number in range(2, 31, 2))
    assert set(north.companies) == {"North"}
    assert north.peers.expected.tolist() == counted.peers.expected[1::2].tolist()  # peers stay those of the floor


def test_who_may_see_one_company_reads_no_row_of_another(tmp_path: Path) -> None:
    prepared, scope = selling_floor(tmp_path, 0.3), "company == 'North'"
    pair = paired(prepared, "conversion", "fcr:within=7d", "agent", MONTHS, scope=scope)
    whole = paired(prepared, "conversion", "fcr:within=7d", "agent", MONTHS)
    assert set(pair.company) == {"North"}
    assert whole.of_companies(["North"]).names == pair.names
    assert pair.group is None
    assert whole.group is not None
    for pattern in BY_NAME.values():
        assert set(tallied(pattern, prepared, MONTHS, scope).companies) <= {"North"}
    assert set(stretched(prepared, MONTHS, scope).companies) <= {"North"}
    assert [one.agents for one in lag_findings(prepared, MONTHS)] == [2, 2, 2]
    assert [one.agents for one in lag_findings(prepared, MONTHS, scope)] == [1, 1, 1]
    contract = Contract("South", tuple(written(["service_level>=80"])))
    assert watermelon_finding(prepared, contract, MONTHS, scope=scope).contacts == 0
    assert bunching_finding(prepared, "South", MONTHS, 60_000, scope).contacts == 0
    assert pulled_finding(prepared, "South", MONTHS, date(2026, 11, 15), scope).contacts == 0


def test_one_company_is_told_of_itself_and_not_of_the_floor(tmp_path: Path) -> None:
    seen = judged(pair_of(14, 60, 6), (0.02, 0.02))
    said = pair_findings(seen, MONTHS, provisional=False, companies=["North"])[0].sentence
    assert said.en.startswith("Within North")
    assert said.zh.startswith("North 内部")


slopes = st.tuples(st.floats(-1, 1), st.floats(0.001, 0.5)).map(lambda p: Estimate(p[0], p[0] - p[1], p[0] + p[1]))


@given(st.lists(slopes, min_size=1, max_size=7))
def test_nothing_follows_selling_only_if_every_interval_is_below_what_matters(held: list[Estimate]) -> None:
    """An interval that merely holds 0 is no "no more came": it cannot be told, and the interval is printed."""
    beyond = [place for place, one in enumerate(held) if one.low > 0]
    found = Lagged(tuple(held), beyond[0] if beyond else None)
    expected = LOOK if beyond else SEEN if all(one.high < 0.1 for one in held) else CANNOT
    assert found.verdict(0.1) is expected
    said = later.lag_sentence(expected, Text("投诉", "complaints"), found.told, found.lag, 6)
    for text in (said.en, said.zh):
        assert f"{found.told.low:+.3f}" in text
        assert f"{found.told.high:+.3f}" in text
    assert ("cannot be told" in said.en, "无法判断" in said.zh) == (expected is CANNOT,) * 2
    assert ("did not rise by anything that matters" in said.en, "没有值得在意" in said.zh) == (expected is SEEN,) * 2


@given(slopes)
def test_calls_do_not_bunch_only_if_the_interval_is_below_what_matters(held: Estimate) -> None:
    verdict = Jump(held, 999).verdict(0.2)
    assert verdict is (LOOK if held.low > 0.2 else SEEN if held.high < 0.2 else CANNOT)
    said = later.bunching_sentence(verdict, "North", 60, held)
    assert f"({held.low:.2f} to {held.high:.2f})" in said.en
    assert ("cannot be told" in said.en, "无法判断" in said.zh) == (verdict is CANNOT,) * 2
    assert ("no bunching that matters" in said.en) == (verdict is SEEN)


@given(slopes, slopes)
def test_nothing_was_pulled_forward_only_if_it_is_sure(spike: Estimate, dip: Estimate) -> None:
    spike, dip = (Estimate(1 + one.value, 1 + one.low, 1 + one.high) for one in (spike, dip))
    verdict = Pulled(spike, dip, None).verdict(0.2)
    if verdict is SEEN:
        assert spike.high < 1.2 or dip.low > 0.8
    assert (verdict is LOOK) == (spike.low > 1 and dip.high < 1)
    said = later.pulled_sentence(verdict, "North", spike, dip)
    assert f"({spike.low:.2f} to {spike.high:.2f})" in said.en
    assert f"（{dip.low:.2f} 至 {dip.high:.2f}）" in said.zh
    assert ("cannot be told" in said.en, "无法判断" in said.zh) == (verdict is CANNOT,) * 2


def test_every_finding_lists_its_rows(tmp_path: Path) -> None:
    prepared = selling_floor(tmp_path, 0.0)
    found = [pattern_finding(one, tallied(one, prepared, MONTHS), MONTHS) for one in BY_NAME.values()]
    found += [stretched_finding(stretched(prepared, MONTHS), MONTHS), *lag_findings(prepared, MONTHS)]
    found.append(bunching_finding(prepared, "North", MONTHS, 60_000))
    found.append(pulled_finding(prepared, "North", MONTHS, date(2026, 11, 15)))
    found.append(watermelon_finding(prepared, Contract("North", tuple(written(["service_level>=80"]))), MONTHS))
    for finding in found:
        assert finding.behind
        for one in finding.behind:
            catalogue.metric(one.metric)
            assert (one.first, one.last) == (MONTHS[0], MONTHS[-1])
