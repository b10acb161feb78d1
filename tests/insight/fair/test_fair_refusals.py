"""Every refusal and every verdict, each with data that brings it about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from measuring_tables import END_OF_NOVEMBER

from onefloor.insight.causes.staffing import WAITS
from onefloor.insight.fair.asked import Asked
from onefloor.insight.fair.circumstances import Circumstances, Outage
from onefloor.insight.fair.comparing import compare
from onefloor.insight.fair.comparison import Comparison, Kind, Line
from onefloor.insight.fair.findings import findings
from onefloor.insight.fair.loading import NotAgentsWork, NotAnAdjustment
from onefloor.insight.fair.picture import picture
from onefloor.insight.fair.planning import detectable
from onefloor.insight.finding import Verdict
from onefloor.metrics.dimensions import UnknownDimension
from onefloor.metrics.prepared import Prepared, UnknownName
from onefloor.periods import MS_PER_DAY, day_of

Maker = Callable[..., Prepared]
FIRST_DAY = END_OF_NOVEMBER // MS_PER_DAY - 20
OWN = {"company": "Own", "agents": 12}
NORTH = {"company": "North", "agents": 12, "site": "Xi'an"}


def only(
    prepared: Prepared, metric: str = "fcr", companies: tuple[str, ...] = ("Own", "North"), **more: object
) -> Comparison:
    (found,) = compare(Asked(prepared, metric, companies), **more)  # type: ignore[arg-type]
    return found


def delivered(found: Comparison) -> Line:
    return found.lines[0]


def kinds(line: Line) -> list[str]:
    return [one.kind for one in line.refusals]


def said(found: Comparison) -> list[str]:
    """Verdict by verdict what a person reads, in English."""
    return [one.sentence.en for one in findings(found)]


# -- verdicts -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("metric", "their_rate", "verdict"),
    [
        ("fcr", 0.5, Verdict.WORSE),
        ("fcr", 0.95, Verdict.BETTER),
        ("repeat_rate", 0.5, Verdict.WORSE),
        ("repeat_rate", 0.95, Verdict.BETTER),
        ("complaints_per_10000", 0.1, Verdict.WORSE),
        ("complaints_per_10000", 1.0, Verdict.BETTER),
    ],
)
def test_a_difference_beyond_its_interval_is_worse_or_better(
    floor_of: Maker, metric: str, their_rate: float, verdict: Verdict
) -> None:
    found = only(floor_of(OWN | {"rate": 0.75}, NORTH | {"rate": their_rate}), metric)
    assert [line.verdict for line in found.lines] == [verdict, verdict]


def test_an_interval_inside_the_margin_is_no_difference_that_matters(floor_of: Maker) -> None:
    prepared = floor_of(OWN, NORTH)
    assert delivered(only(prepared, margin=40)).verdict is Verdict.NO_DIFFERENCE
    assert delivered(only(prepared, margin=1)).verdict is Verdict.CANNOT_TELL


def test_a_figure_without_a_better_side_has_an_estimate_and_no_verdict(floor_of: Maker) -> None:
    found = only(floor_of(OWN, NORTH | {"handle_ms": 400_000}), "aht")
    line = delivered(found)
    assert line.estimate is not None
    assert line.estimate.low > 100  # seconds
    assert line.verdict is Verdict.CANNOT_TELL
    assert said(found)[0].endswith("North's is higher for sure, but this figure has no better side.")


# -- refusals -----------------------------------------------------------------------------------------------------


def test_work_that_ours_do_not_do_is_not_comparable(floor_of: Maker) -> None:
    prepared = floor_of(OWN, NORTH | {"contacts": 15}, NORTH | {"queue": "water", "contacts": 45})
    found = only(prepared)
    assert [line.verdict for line in found.lines] == [Verdict.NOT_COMPARABLE, Verdict.NOT_COMPARABLE]
    assert kinds(delivered(found)) == ["overlap"]
    assert delivered(found).refusals[0].words.en.startswith("Only 25% of North's contacts have 30 or more of Own's")
    assert "--where queue=tax." in delivered(found).refusals[0].remedy.en
    (mended,) = compare(Asked(prepared, "fcr", ("Own", "North"), {"queue": ["tax"]}))
    assert delivered(mended).verdict is Verdict.CANNOT_TELL


def test_fewer_than_thirty_of_ours_in_a_stratum_are_not_enough(floor_of: Maker) -> None:
    prepared = floor_of(OWN | {"contacts": 2}, NORTH)
    assert kinds(delivered(only(prepared))) == ["overlap"]


def test_what_ours_hardly_do_is_left_out_of_a_comparison(floor_of: Maker) -> None:
    prepared = floor_of(OWN, NORTH | {"contacts": 54}, NORTH | {"queue": "water", "contacts": 6, "rate": 0.0})
    line = delivered(only(prepared))
    assert line.overlap == pytest.approx(0.9)
    assert line.gap is not None
    assert line.gap.contacts == (12 * 60, 12 * 54)


def test_months_of_which_ours_have_nothing_are_not_compared(floor_of: Maker) -> None:
    prepared = floor_of(OWN, NORTH | {"days": 60})
    assert delivered(only(prepared)).overlap == pytest.approx(20 / 60, abs=0.02)


def test_other_tenure_refuses_the_same_experience_alone(floor_of: Maker) -> None:
    found = only(floor_of(OWN, NORTH | {"tenure": "0-29 d"}))
    assert [line.verdict for line in found.lines] == [Verdict.CANNOT_TELL, Verdict.NOT_COMPARABLE]
    assert kinds(found.lines[1]) == ["tenure_overlap"]


@pytest.mark.parametrize(("agents", "kind"), [(4, "few_agents"), (5, "too_few_for_a_verdict"), (9, None)])
@pytest.mark.parametrize("few", ["Own", "North"])
def test_few_agents_have_no_comparison_or_no_verdict(floor_of: Maker, agents: int, kind: str | None, few: str) -> None:
    sides = [one | {"agents": agents, "contacts": 150} if one["company"] == few else one for one in (OWN, NORTH)]
    line = delivered(only(floor_of(sides[0] | {"rate": 0.95}, sides[1] | {"rate": 0.3})))
    assert kinds(line) == ([kind] if kind else [])
    verdict = {"few_agents": Verdict.NOT_COMPARABLE, "too_few_for_a_verdict": Verdict.CANNOT_TELL, None: Verdict.WORSE}
    assert line.verdict is verdict[kind]
    assert (line.estimate is None) == (kind == "few_agents")


@pytest.mark.parametrize("their", ["fcr:within=3d", "fcr:topic=any", "repeat_rate"])
def test_agreements_with_other_definitions_are_not_compared(floor_of: Maker, their: str) -> None:
    found = only(floor_of(OWN, NORTH), known=Circumstances(defined={"North": their}))
    assert kinds(delivered(found)) == ["definition"]
    assert delivered(only(floor_of(OWN, NORTH), known=Circumstances(defined={"North": "fcr:within=7d"}))).refusals == ()


def test_surveys_on_another_channel_are_not_compared(floor_of: Maker) -> None:
    both = {"surveyed": 0.5}
    found = only(floor_of(OWN | both, NORTH | both | {"channel": "chat"}), "csat", adjust=["queue"])
    assert kinds(delivered(found)) == ["survey_channel"]


def test_surveys_that_others_answer_are_not_compared(floor_of: Maker) -> None:
    found = only(floor_of(OWN | {"surveyed": 0.9}, NORTH | {"surveyed": 0.7}), "csat")
    assert kinds(delivered(found)) == ["response_rate"]
    assert delivered(found).verdict is Verdict.NOT_COMPARABLE
    alike = only(floor_of(OWN | {"surveyed": 0.9}, NORTH | {"surveyed": 0.88}), "csat")
    assert delivered(alike).refusals == ()


def test_queues_routed_by_performance_are_not_compared(floor_of: Maker) -> None:
    sides = [one | {"contacts": 40, "queue": queue} for one in (OWN, NORTH) for queue in ("tax", "water")]
    prepared = floor_of(*sides)
    found = only(prepared, known=Circumstances(by_performance=("water",)))
    assert kinds(delivered(found)) == ["overlap"]
    assert delivered(found).overlap == pytest.approx(0.5)
    assert "outside queues that are routed by performance" in delivered(found).refusals[0].reason.en
    assert "--where queue=tax." in delivered(found).refusals[0].remedy.en


def test_a_company_that_is_its_site_is_not_compared_across_an_outage(floor_of: Maker) -> None:
    prepared = floor_of(OWN | {"days": 3}, NORTH | {"days": 3})
    struck = Circumstances(outages=(Outage(FIRST_DAY + 1),))
    found = only(prepared, known=struck)
    assert kinds(delivered(found)) == ["site_outage"]
    assert f"--leave-out {day_of(FIRST_DAY + 1).isoformat()}" in delivered(found).refusals[0].remedy.en
    for harmless in (
        replace(struck, left_out=(FIRST_DAY + 1,)),
        Circumstances(outages=(Outage(FIRST_DAY + 9),)),  # outside the window
        Circumstances(outages=(Outage(FIRST_DAY, "Harbin"),)),  # at our site
    ):
        assert delivered(only(prepared, known=harmless)).refusals == ()


def test_an_outage_says_nothing_against_a_company_that_shares_its_site(floor_of: Maker) -> None:
    prepared = floor_of(OWN, NORTH | {"site": "Harbin"})
    assert delivered(only(prepared, known=Circumstances(outages=(Outage(FIRST_DAY),)))).refusals == ()


def test_a_day_left_out_is_not_counted(floor_of: Maker) -> None:
    found = only(floor_of(OWN | {"days": 3}, NORTH | {"days": 3}), known=Circumstances(left_out=(FIRST_DAY,)))
    assert found.contacts == (12 * 40, 12 * 40)


def test_half_hours_that_are_not_shared_are_not_compared(floor_of: Maker) -> None:
    prepared = floor_of(OWN | {"queue": "tax"}, NORTH | {"queue": "water", "contacts": 50}, NORTH | {"contacts": 10})
    found = only(prepared, same_half_hour=True)
    assert found.lines[2].kind is Kind.SAME_HALF_HOUR
    assert kinds(found.lines[2]) == ["half_hours"]


def test_shared_half_hours_tell_a_difference(floor_of: Maker) -> None:
    found = only(floor_of(OWN | {"rate": 0.9}, NORTH | {"rate": 0.5}), same_half_hour=True)
    assert found.lines[2].verdict is Verdict.WORSE
    assert found.lines[2].estimate is not None
    assert found.lines[2].estimate.value == pytest.approx(found.raw_gap)


# -- what cannot be asked -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["tenure", "team", "agent", "site", "employment", "company"])
def test_what_a_company_decides_is_never_held_alike(floor_of: Maker, name: str) -> None:
    with pytest.raises(NotAnAdjustment, match="Only what arrives with the contact"):
        only(floor_of(OWN, NORTH), adjust=[name])


def test_an_unknown_dimension_is_refused(floor_of: Maker) -> None:
    with pytest.raises(UnknownDimension, match="mood"):
        only(floor_of(OWN, NORTH), adjust=["mood"])


def test_a_company_that_the_floor_does_not_have_is_refused(floor_of: Maker) -> None:
    with pytest.raises(UnknownName, match="West"):
        only(floor_of(OWN, NORTH), companies=("Own", "West"))


def test_rows_without_agents_are_no_agents_work(floor_of: Maker) -> None:
    prepared = floor_of(OWN, NORTH)
    nobody = replace(prepared, names=replace(prepared.names, ids={**prepared.names.ids, "agent": {"a001": 1}}))
    with pytest.raises(NotAgentsWork, match="Compare what agents do"):
        only(nobody)


@pytest.mark.parametrize("metric", sorted(WAITS))
def test_waits_are_the_floors_doing_and_no_companys_even_where_every_row_has_an_agent(
    floor_of: Maker, metric: str
) -> None:
    with pytest.raises(NotAgentsWork, match="is made by waiting in line"):
        compare(Asked(floor_of(OWN, NORTH), metric, ("Own", "North")))


def test_no_rows_at_all_are_not_comparable(floor_of: Maker) -> None:
    (found,) = compare(Asked(floor_of(OWN, NORTH), "fcr", ("Own", "North"), {"queue": ["tax"], "channel": ["chat"]}))
    assert kinds(delivered(found))[0] == "few_agents"
    assert [one.verdict for one in findings(found)] == [Verdict.NOT_COMPARABLE] * 2


# -- several companies --------------------------------------------------------------------------------------------


def test_with_three_companies_intervals_are_wider_by_holm(floor_of: Maker) -> None:
    south = {"company": "South", "agents": 12, "site": "Xi'an"}
    prepared = floor_of(OWN | {"rate": 0.9}, NORTH | {"rate": 0.4}, south | {"rate": 0.85})
    alone = only(prepared)
    north, other = compare(Asked(prepared, "fcr", ("Own", "North", "South")))
    levels = [delivered(one).estimate.level for one in (alone, north, other)]  # type: ignore[union-attr]
    assert levels == pytest.approx([0.95, 0.975, 0.95])
    assert delivered(north).gap == delivered(alone).gap  # what South does is no part of it
    assert "Holm" in " ".join(text.en for text in findings(north)[0].assumptions)
    single = delivered(alone)
    assert single.gap is not None
    assert single.detectable == pytest.approx(100 * detectable(single.gap.error, single.gap.freedom))
    for one in (north, other):  # known before looking: each at the first of two steps
        held = delivered(one)
        assert held.gap is not None
        assert held.detectable == pytest.approx(100 * detectable(held.gap.error, held.gap.freedom, level=0.975))
    drawn = picture([north, other])
    assert drawn is not None
    assert "97.5 % for North, 95 % for South" in drawn.note.en
    assert "North 97.5%，South 95%" in drawn.note.zh
