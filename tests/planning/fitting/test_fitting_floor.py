"""A floor whose truth is known gives its model back, through a file, and its days lie in the model's bands."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from simulated_floor import FIRST, floor_of, reader, truth

from onefloor.language import Text
from onefloor.metrics.prepared import Gone, Names, UnknownName
from onefloor.metrics.removed import RowsRemoved
from onefloor.planning.fitting.asked import Parameters
from onefloor.planning.fitting.basis import Basis, Fitted
from onefloor.planning.fitting.comparing import FIGURES, cells, compare, whole
from onefloor.planning.fitting.fit import NotThatDay, fit
from onefloor.planning.fitting.floor_model import NobodyThere
from onefloor.planning.fitting.rows import NoContacts, NotInScope, Source
from onefloor.planning.fitting.writing import written
from onefloor.planning.simulation.reading import parse_model

DAYS = 56
TRUTH = truth()


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Source:
    return floor_of(tmp_path_factory.mktemp("floor"), TRUTH, DAYS)


@pytest.fixture(scope="module")
def fitted(source: Source) -> Fitted:
    return fit(source, Parameters(name="again"))


def basis(found: Fitted, parameter: str, of: str) -> Basis:
    (one,) = [held for held in found.bases if (held.parameter.en, held.of) == (parameter, of)]
    return one


def inside(one: Basis, value: float) -> bool:
    assert one.estimate is not None
    return one.estimate.low <= value <= one.estimate.high


def test_handling_is_recovered_with_its_kind(fitted: Fitted) -> None:
    for kind in TRUTH.types:
        for title, law in (("talk and hold", kind.service), ("after-call work, ringing included", kind.wrap_up)):
            one = basis(fitted, title, kind.id)
            assert law is not None
            # paces have mean 1 over contacts, not over agents: a percent beside the interval is theirs
            assert one.estimate is not None
            assert one.estimate.value == pytest.approx(law.mean, rel=0.02)
            assert one.details["cv"] == pytest.approx(law.cv, rel=0.03)
            assert one.details["kind"] == law.kind


def test_patience_and_who_does_not_wait_are_recovered(fitted: Fitted) -> None:
    assert inside(basis(fitted, "patience", "tech"), 150.0)
    assert inside(basis(fitted, "does not wait at all", "tech"), 6.0)
    assert fitted.model.types[1].never_waits == 0


def test_redials_and_repeats_are_recovered_and_taken_out_of_the_arrivals(fitted: Fitted) -> None:
    assert inside(basis(fitted, "redials", "tech"), 30.0)
    assert inside(basis(fitted, "repeats", "bills"), 8.0)
    assert (fitted.model.types[0].repeat, fitted.model.types[1].redial) == (None, None)
    assert fitted.fresh[1] == pytest.approx(0.92, abs=0.015)


def test_days_are_as_busy_as_they_were_drawn(fitted: Fitted) -> None:
    assert inside(basis(fitted, "busyness of a day", ""), 0.12)
    assert inside(basis(fitted, "busyness of a day", "tech"), 0.08)
    totals = [sum(kind.arrivals) for kind in fitted.model.types]
    for total, kind in zip(totals, TRUTH.types, strict=True):
        assert total == pytest.approx(sum(kind.arrivals), rel=0.15)  # eight days of this weekday, each with cv 0.14


def test_groups_shifts_and_the_overflow_are_those_of_the_truth(fitted: Fitted) -> None:
    found = {(g.company, tuple(sorted(s.type for s in g.types)), len(g.agents)) for g in fitted.model.groups}
    assert found == {("Own", ("tech",), 4), ("Own", ("bills", "tech"), 5), ("North", ("bills", "tech"), 5)}
    hours = {agent.id: (agent.shift, agent.breaks) for group in fitted.model.groups for agent in group.agents}
    assert hours == {agent.id: (agent.shift, agent.breaks) for group in TRUTH.groups for agent in group.agents}
    late = {offer.group: offer.after for offer in fitted.model.types[0].groups if offer.after}
    assert list(late) == ["North: tech + bills"]
    assert late["North: tech + bills"] == pytest.approx(20.0, abs=0.3)
    assert fitted.model.types[1].groups == ()


def test_agents_paces_are_those_of_the_truth(fitted: Fitted) -> None:
    true = {agent.id: agent.pace for group in TRUTH.groups for agent in group.agents}
    found = {agent.id: agent.pace for group in fitted.model.groups for agent in group.agents}
    ratios = [found[name] / pace for name, pace in true.items()]
    assert max(ratios) / min(ratios) < 1.1


def test_the_model_has_the_zone_of_the_floor(source: Source, fitted: Fitted) -> None:
    assert fitted.model.zone == source.prepared.clock.zone_name == "UTC"
    assert parse_model(written(fitted.model)).zone == "UTC"


def test_the_model_file_is_read_back_as_the_same_model(fitted: Fitted) -> None:
    for language in ("en", "zh"):
        assert parse_model(written(fitted.model, fitted.bases, language)) == fitted.model  # type: ignore[arg-type]
    assert parse_model(written(TRUTH)) == TRUTH


def test_names_that_yaml_would_read_otherwise_are_read_back(fitted: Fitted) -> None:
    odd = 'no: "yes" # {1}'
    types = tuple(replace(kind, id=odd if kind.id == "tech" else kind.id) for kind in fitted.model.types)
    groups = tuple(
        replace(g, types=tuple(replace(s, type=odd if s.type == "tech" else s.type) for s in g.types))
        for g in fitted.model.groups
    )
    model = replace(fitted.model, types=types, groups=groups)
    assert parse_model(written(model)) == model


def test_equal_facts_give_the_same_bytes(source: Source, fitted: Fitted) -> None:
    again = fit(source, Parameters(name="again"))
    assert written(again.model, again.bases) == written(fitted.model, fitted.bases)


def test_days_of_the_truth_lie_in_the_bands_of_the_fitted_model(source: Source) -> None:
    found = compare(source, replications=100, threads=1)
    assert [one.name for one in found.figures] == [one.name for one in FIGURES if one.name != "occupancy"]
    for figure in found.figures:
        half_hours = cells(found, figure)
        assert half_hours.n > 200
        assert half_hours.inside >= 0.93
        seen, model = whole(found, figure)
        assert model.low - (model.high - model.low) <= seen <= model.high + (model.high - model.low)


def test_a_model_with_other_customers_is_seen_to_miss(source: Source) -> None:
    """The same days against a model whose customers never leave and are never many: bands that do not hold."""
    found = compare(source, replications=60, threads=1)
    wrong = replace(found, simulated=found.simulated * 0.7)
    handled = next(one for one in FIGURES if one.name == "handled")
    assert cells(wrong, handled, ("type",)).inside < 0.9
    seen, model = whole(wrong, handled)
    assert not model.low <= seen <= model.high


def test_a_queue_that_the_companies_asked_for_have_not_is_not_said_to_be_missing_on_the_floor(source: Source) -> None:
    with pytest.raises(NotInScope, match='The companies asked for have nothing in queue "moving"'):
        fit(replace(source, scope="company == 'Own'", queues=("moving",)))
    with pytest.raises(UnknownName, match="on this floor"):
        fit(replace(source, queues=("moving",)))


def test_of_one_company_neither_agents_nor_customers_of_the_other_are_told(source: Source) -> None:
    own = fit(replace(source, scope="company == 'Own'"))
    assert {group.company for group in own.model.groups} == {"Own"}
    told = written(own.model, own.bases) + str(own.as_json())
    theirs = [agent.id for group in TRUTH.groups if group.company == "North" for agent in group.agents]
    assert [name for name in ("North", *theirs) if name in told] == []
    assert {one.refused and one.refused.en[:30] for one in own.bases if one.parameter.en == "patience"} == {
        "No abandoned contact of it is "
    }
    assert own.model.types[0].patience is None


def test_types_that_nobody_left_do_not_make_the_others_patient(source: Source) -> None:
    """In the rows of one company, the abandoned contacts of its own queue alone are there."""
    hidden = replace(source, scope="(company == 'Own') or (queue == 'tech')")
    found = fit(hidden)
    tech, bills = (basis(found, "patience", name) for name in ("tech", "bills"))
    assert inside(tech, 150.0)
    assert bills.estimate == tech.estimate
    assert "nobody's" in bills.warnings[1].en


def test_without_facts_hours_go_from_the_first_contact_to_the_last(source: Source) -> None:
    found = fit(replace(source, facts=None))
    assert found.present.kind == "contacts"
    shift = found.model.groups[0].agents[0].shift[0]
    assert 28_000 <= shift[0] < 32_000
    assert 57_000 < shift[1] <= 61_000
    assert (found.model.types[0].redial, found.fresh) == (None, (1.0, 1.0))


def test_states_tell_hours_where_there_are_no_shifts(source: Source) -> None:
    day_ms = 86_400_000
    names = ("agent", "state", "started_ms", "ended_ms")
    hours = [("available", 28_800, 36_000), ("paused", 36_000, 36_900), ("talk", 36_900, 50_400)]
    rows = [
        ("a01", state, day * day_ms + a * 1000, day * day_ms + b * 1000)
        for day in range(FIRST.days.start, FIRST.days.start + DAYS)
        for state, a, b in hours
    ]
    facts = {"agent_states": pl.DataFrame(rows, schema=list(names), orient="row")}
    found = fit(replace(source, facts=reader(facts)))
    (agent,) = [agent for group in found.model.groups for agent in group.agents]
    assert found.present.kind == "states"
    assert (agent.shift, agent.breaks) == (((28_800.0, 50_400.0),), ((36_000.0, 36_900.0),))


def test_one_queue_alone_can_be_fitted(source: Source) -> None:
    found = fit(replace(source, queues=("bills",)))
    assert [kind.id for kind in found.model.types] == ["bills"]
    assert found.model.busyness is None
    assert found.model.types[0].busyness is not None
    (said,) = [text.en for text in basis(found, "agents' hours", "").warnings if "not asked for" in text.en]
    assert "too many hands" in said


def test_the_model_is_of_the_day_that_is_asked_for(source: Source) -> None:
    day = date(2026, 9, 16)
    assert fit(source, Parameters(day=day)).model.day == day
    with pytest.raises(NotThatDay):
        fit(source, Parameters(day=date(2026, 1, 1)))
    with pytest.raises(NotThatDay, match="left out: holiday"):
        fit(source, Parameters(day=day, without={(day - date(1970, 1, 1)).days: Text("节假日", "holiday")}))


def test_what_cannot_be_fitted_is_refused(source: Source) -> None:
    with pytest.raises(UnknownName):
        fit(replace(source, queues=("nothing",)))
    with pytest.raises(NoContacts):
        fit(replace(source, scope="company == 'East'"))
    with pytest.raises(NoContacts):
        fit(replace(source, months=(FIRST.shifted(-3),)))
    with pytest.raises(NobodyThere):
        fit(source, Parameters(presence="states"))
    gone = {"legs": {FIRST.id: Gone(date(2026, 12, 1), None)}}
    with pytest.raises(RowsRemoved):
        fit(replace(source, prepared=replace(source.prepared, gone=gone)))


def test_few_rows_are_pooled_or_refused_and_say_so(tmp_path: Path) -> None:
    few = fit(floor_of(tmp_path, TRUTH, 3))
    assert few.model.busyness is None
    assert "Too few days" in str(basis(few, "busyness of a day", "").refused)
    assert (few.model.types[0].redial, few.model.types[1].repeat is None) == (None, False)
    assert basis(few, "redials", "tech").n < 100


def test_where_there_are_telephone_calls_other_channels_do_not_count(source: Source) -> None:
    names = Names({**source.prepared.names.ids, "channel": {"chat": 1, "voice": 2}})
    with pytest.raises(NoContacts):  # none of these rows is of a telephone call
        fit(replace(source, prepared=replace(source.prepared, names=names)))
