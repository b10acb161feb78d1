"""What follows selling, green contracts, paid limits and contests: every verdict, and sentences that are true."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from guard_floors import (
    AGENTS,
    CANNOT,
    LOOK,
    MONTHS,
    SEEN,
    floor,
    legs,
)
from hypothesis import given
from hypothesis import strategies as st

from onefloor.insight.finding import Estimate, Verdict
from onefloor.insight.guards import later_sentences as later
from onefloor.insight.guards import simulated
from onefloor.insight.guards.bunching import Jump, Pulled
from onefloor.insight.guards.lags import Lagged
from onefloor.insight.guards.outside import (
    Contract,
    bunching_finding,
    lag_findings,
    pulled_finding,
    watermelon_finding,
)
from onefloor.insight.guards.promises import BadPromise, NothingPromised, Promise, from_agreement, written
from onefloor.language import Text
from onefloor.metrics.prepared import Prepared
from onefloor.periods import MS_PER_DAY, Month


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
