"""A company's selling and quality against the others on the same work."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from guard_floors import (
    CANNOT,
    LOOK,
    MONTHS,
    SEEN,
    floor,
    legs,
)
from hypothesis import example, given
from hypothesis import strategies as st

from onefloor.insight.finding import Estimate, Verdict
from onefloor.insight.guards import sentences as say
from onefloor.insight.guards import simulated
from onefloor.insight.guards.companies import Company, Side, against_others, companies
from onefloor.insight.guards.judging import company_finding
from onefloor.metrics import catalogue
from onefloor.periods import MS_PER_DAY


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


def test_a_refusal_names_nobody_else() -> None:
    """Of two other companies with two agents each; their names and letters are nowhere in North's answer."""
    figures = (catalogue.metric("conversion"), catalogue.metric("fcr:within=7d"))
    rng = np.random.default_rng(12)
    selling, quality = (simulated.outsourced(rng, (40, 2, 2), 0.5, 0.02, 4_000) for _ in range(2))
    finding = company_finding(against_others(selling, quality)[0], figures, (5.0, 5.0), MONTHS, alone=True)
    assert finding.verdict is Verdict.NOT_COMPARABLE
    assert any("everybody else has 4 agents here" in reason.en for reason in finding.reasons)
    assert any("其他公司合计" in reason.zh for reason in finding.reasons)
    assert not any(f"{other} " in text for one in finding.reasons for text in (one.zh, one.en) for other in ("B", "C"))
    assert finding.agents <= 40


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


SIGNED = re.compile(r"[-+]\d+\.\d")


ends = st.tuples(st.floats(-20, 20), st.floats(0.1, 4)).map(lambda p: Estimate(p[0], p[0] - p[1], p[0] + p[1]))


@given(ends, ends)
@example(Estimate(0.02, -1.0, 1.0), Estimate(-4.0, -5.0, -3.0))
def test_what_is_said_of_a_company_is_true_of_its_numbers(selling: Estimate, quality: Estimate) -> None:
    figures = (catalogue.metric("conversion"), catalogue.metric("fcr:within=7d"))
    sides = [Side("fcr", one, (), 1.0, 99, (9, 9)) for one in (selling, quality)]
    finding = company_finding(Company("North", sides[0], sides[1]), figures, (2.0, 2.0), MONTHS)
    expected = [f"{end:+.1f}" for one in (selling, quality) for end in (one.low, one.high)]
    assert SIGNED.findall(finding.sentence.en) == SIGNED.findall(finding.sentence.zh) == expected
    apart = [one for one in (selling, quality) if abs(one.value) >= 0.05]  # a difference of nothing has no direction
    assert finding.sentence.en.count("level with theirs") == finding.sentence.zh.count("持平") == 2 - len(apart)
    ways = ["higher" if one.value > 0 else "lower" for one in apart]
    assert re.findall("higher|lower", finding.sentence.en) == ways
    assert re.findall("高|低", finding.sentence.zh) == [{"higher": "高", "lower": "低"}[way] for way in ways]
    assert (finding.verdict is LOOK) == (selling.low > 0 and quality.high < 0)
    if finding.verdict is SEEN:
        assert selling.high <= 2 or quality.low >= -2
    assert ("no sign" in finding.sentence.en, "看不出" in finding.sentence.zh) == (finding.verdict is SEEN,) * 2
    assert ("cannot be told" in finding.sentence.en, "无法判断" in finding.sentence.zh) == (
        finding.verdict is CANNOT,
    ) * 2
