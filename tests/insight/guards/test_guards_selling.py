"""Selling against quality of agents and teams: findings, and sentences that are true."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from guard_floors import (
    AGENTS,
    CANNOT,
    LOOK,
    MONTHS,
    SEEN,
    drawn_judged,
    floor,
    legs,
    pair_of,
    selling_floor,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from onefloor.insight.finding import Verdict
from onefloor.insight.guards import sentences as say
from onefloor.insight.guards.judging import judged, pair_findings
from onefloor.insight.guards.pairing import NotAShare, paired
from onefloor.insight.guards.patterns import BY_NAME
from onefloor.insight.guards.picture import quadrant_picture
from onefloor.insight.pictures import ALARM, save
from onefloor.periods import MS_PER_DAY


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


def test_what_is_no_share_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotAShare, match="For selling use conversion"):
        paired(selling_floor(tmp_path, 0.0), "conversion", "aht", "agent", MONTHS)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("agents", [40, 150])
def test_the_quadrant_is_drawn(tmp_path: Path, language: Any, agents: int) -> None:
    picture = quadrant_picture(drawn_judged(agents))
    assert picture is not None
    for path in save(picture, tmp_path / "quadrant", language):
        assert path.stat().st_size > 10_000


@given(st.integers(0, 99), st.integers(0, 8), st.sampled_from([0.0, 0.02, 0.05]))
@settings(max_examples=12, deadline=None)
def test_the_picture_says_what_its_finding_says(seed: int, pushers: int, margin: float) -> None:
    """Its heading is the finding's sentence, and those who are named are the coloured ones."""
    figure = pytest.importorskip("matplotlib.figure").Figure()
    seen = judged(pair_of(seed, 60, pushers), (margin, 0.04))
    finding = pair_findings(seen, MONTHS, provisional=False)[1]
    picture = quadrant_picture(seen)
    assert picture is not None
    assert picture.title == finding.sentence
    panel = figure.subplots()
    picture.draw([panel], "en")
    coloured = [line for line in panel.lines if line.get_color() == ALARM and line.get_marker() == "o"]
    named = len(finding.details["flagged"])
    assert len(coloured) == named
    assert ("coloured" in picture.note.en, "有颜色者" in picture.note.zh) == (named > 0,) * 2
    assert ("nobody is named" in picture.title.en, "未点名" in picture.title.zh) == (finding.verdict is CANNOT,) * 2


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
    part = say.pattern_sentence(verdict, BY_NAME["transfers"].title, flagged, 41, 950)
    assert ("41 agents with rows enough (of 950)" in part.en, "41 名坐席（共 950 名）" in part.zh) == (True, True)
    assert say.pattern_sentence(verdict, BY_NAME["transfers"].title, flagged, 41, 41) == other


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
    more = [one["name"] for one in finding.details["check_more"]]
    assert not {one["name"] for one in finding.details["flagged"]} & set(more)
    told = [text for text in finding.assumptions if "check more of their contacts" in text.en]
    assert [text.en.split()[0] for text in told] == [str(len(more))] * bool(more)
    assert [f"另有 {len(more)} 名坐席" in text.zh for text in told] == [True] * bool(more)


def test_those_who_are_likely_and_not_named_are_no_all_clear() -> None:
    said = say.quadrant_sentence([], say.Likely(2, 41, 0.8, (2.0, 2.0)))
    assert said.en.endswith("a list would not be right often enough: nobody is named.")
    assert said.zh.endswith("未点名。")
