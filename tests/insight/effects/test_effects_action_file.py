"""The register's format: read strictly, with the line of every slip, and written back as it was."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from onefloor.insight.effects.action import (
    KINDS,
    PICKS,
    Action,
    Further,
    Gap,
    Given,
    Judgement,
    Lot,
    Low,
    Measured,
    Threshold,
    Unrelated,
    WholeFloor,
)
from onefloor.insight.effects.reading import action_of, read_action, read_action_file
from onefloor.insight.effects.reference import INTRO, action_schema
from onefloor.insight.effects.writing import as_data, as_yaml
from onefloor.language import Text
from onefloor.periods import Month
from onefloor.problems import MissingFile, Problem, Problems

GOOD = """action: help-1
kind: help_period
title: {zh: 一季度帮扶, en: Help in spring}
given:
  - {from: 2026-04-01, agents: [1001, 1002]}
  - {from: 2026-06-01, agents: 1003, figures: 2026-04..2026-05}
picked: {kind: low, metric: fcr, months: 2, among: {company: North}}
measured: {metric: fcr, margin: 2, after: 3}
"""


def test_an_action_file_is_read_as_it_is_meant() -> None:
    found = read_action(GOOD, "help.yaml")
    assert found.title == Text("一季度帮扶", "Help in spring")
    assert [(one.start, one.agents) for one in found.given] == [
        (date(2026, 4, 1), ("1001", "1002")),
        (date(2026, 6, 1), ("1003",)),
    ]
    assert found.given[1].figures == (Month(2026, 4), Month(2026, 5))
    assert found.picked == Low(metric="fcr", months=2, among=(("company", ("North",)),))
    assert found.measured == Measured(metric="fcr", margin=Fraction(2), after=3)
    assert (found.unit, found.names) == ("agent", ("1001", "1002", "1003"))


SLIPS = [
    ("kind: help_period", "kind: help", 2, '"help" is not known here. Use one of competition, course'),
    ("margin: 2", "margn: 2", 8, '"margn" is not known here. Write margin.'),
    ("margin: 2, ", "", 8, "margin is missing"),
    ("kind: low", "kind: lowest", 7, "Write low."),
    ("metric: fcr, margin", "metric: fcrr, margin", 8, "There is no metric"),
    ("from: 2026-04-01", "from: April", 5, "Write 2026-10-14."),
    ("agents: 1003", "agents: 1001", 6, '"1001" is named 2 times.'),
    ("agents: 1003", "teams: A", 6, "The groups name different kinds: agents, teams."),
    ("agents: 1003", "teams: A, agents: 1003", 6, "in exactly one way"),
    ("agents: 1003,", "", 6, "in exactly one way"),
    ("from: 2026-06-01,", "from: 2026-06-01, until: 2026-06-01,", 6, "It has to end after it begins."),
    ("2026-04..2026-05", "2026-05..2026-04", 6, "2026-05..2026-04"),
    ("company: North", "firm: North", 7, '"firm" is not known here.'),
    ("kind: low, metric: fcr, months: 2, among: {company: North}", "kind: whole_floor", 7, "Write kind: lot"),
    ("kind: low, metric: fcr, months: 2,", "kind: lot,", 6, "figures belongs to kind: low only."),
    (
        "kind: low, metric: fcr, months: 2,",
        "kind: threshold, metric: fcr, months: 2026-03, cut: 70,",
        7,
        "A threshold rule has one first day.",
    ),
    (
        "agents: [1001, 1002]}\n  - {from: 2026-06-01, agents: 1003, figures: 2026-04..2026-05}",
        "everybody: true}", 6, "Write kind: whole_floor.",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("right", "wrong", "line", "said"), SLIPS)
def test_a_slip_is_told_with_its_line_and_a_remedy(right: str, wrong: str, line: int, said: str) -> None:
    assert right in GOOD
    with pytest.raises(Problems) as caught:
        read_action(GOOD.replace(right, wrong, 1), "help.yaml")
    told = [one for one in caught.value.problems if said in one.to("en")]
    assert [one.where and (one.where.file, one.where.line) for one in told] == [("help.yaml", line)]
    assert all(one.remedy.zh and one.remedy.en for one in caught.value.problems)


def test_what_is_not_yaml_says_how_to_begin() -> None:
    with pytest.raises(Problem, match="Begin with action: and its id"):
        read_action("- 1\n", "help.yaml")
    with pytest.raises(Problem, match=r"help\.yaml:1"):
        read_action("a: [", "help.yaml")


def test_a_file_that_is_not_there_is_missing(tmp_path: Path) -> None:
    with pytest.raises(MissingFile):
        read_action_file(tmp_path / "none.yaml")


NAMES = st.lists(
    st.text("abc 班1", min_size=1, max_size=6).map(str.strip).filter(bool), min_size=1, max_size=3, unique=True
)
TEXTS = st.builds(Text, st.sampled_from(["帮扶", "培训: 一"]), st.sampled_from(["help", "a: b"]))
WHERES = st.sampled_from([(), (("company", ("North", "South")),), (("queue", ("tax",)), ("site", ("Xi'an",)))])
NUMBERS = st.sampled_from([Fraction(2), Fraction(1, 2), Fraction(15), Fraction(125, 1000)])
LARGE = st.one_of(st.builds(WholeFloor, control=WHERES), st.builds(Judgement, note=st.none() | TEXTS))
SMALL = st.one_of(
    st.builds(Lot, drawn=st.none() | TEXTS, among=WHERES),
    st.builds(Unrelated, reason=TEXTS, among=WHERES),
    st.builds(Low, metric=st.just("aht"), months=st.integers(1, 4), among=WHERES),
    st.builds(
        Threshold, metric=st.just("fcr"), months=st.just((Month(2026, 3), Month(2026, 4))), cut=NUMBERS, among=WHERES
    ),
)
MEASURED = st.builds(
    Measured,
    metric=st.just("fcr:within=7d"),
    margin=NUMBERS,
    where=WHERES,
    further=st.lists(st.builds(Further, metric=st.just("aht"), margin=NUMBERS), max_size=2).map(tuple),
    each=st.sampled_from(["month", "week"]),
    before=st.integers(1, 6),
    after=st.none() | st.integers(1, 6),
)


@st.composite
def actions(draw: st.DrawFn) -> Action:
    start, until = date(2026, 4, 1), draw(st.sampled_from([None, date(2026, 7, 1)]))
    large = draw(st.booleans())
    who = draw(st.sampled_from(["companies", "queues", "everybody"] if large else ["agents", "teams", "sites"]))
    names = True if who == "everybody" else tuple(draw(NAMES))
    return Action(
        id="x-1",
        kind=draw(st.sampled_from(sorted(KINDS))),
        title=draw(TEXTS),
        answers=draw(st.none() | st.builds(Gap, metric=st.just("fcr"), where=WHERES)),
        given=(Given(start=start, until=until, **{who: names}),),  # type: ignore[arg-type]
        picked=draw(LARGE if large else SMALL),
        measured=draw(MEASURED),
    )


@given(actions())
@settings(max_examples=60)
def test_what_is_written_reads_back_as_the_same_action(action: Action) -> None:
    assert action_of(as_data(action)) == action
    assert read_action(as_yaml(action), "x.yaml") == action


@given(actions())
@settings(max_examples=30)
def test_what_is_written_fits_the_schema(action: Action) -> None:
    jsonschema.validate(as_data(action), action_schema())


def test_the_examples_are_actions_that_fit_the_schema(examples: Path) -> None:
    for path in sorted((examples / "actions").glob("*.yaml")):
        action = read_action_file(path)
        assert action_of(as_data(action)) == action
        plain = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
        jsonschema.validate(as_data(action), action_schema())
        assert plain["action"] == action.id


def test_every_way_of_picking_on_the_reference_page_is_read() -> None:
    shown = [line for line in INTRO.splitlines() if line.startswith("picked: ")]
    head = "\n".join(line for line in GOOD.splitlines() if "figures" not in line and not line.startswith("picked"))
    floor_wide = head.replace("agents: [1001, 1002]", "everybody: true")
    kinds = [
        read_action(f"{floor_wide if 'whole_floor' in line else head}\n{line}\n", "a.yaml").picked.kind
        for line in shown
    ]
    assert sorted(kinds) == sorted(PICKS)


def test_the_schema_refuses_what_the_reader_refuses() -> None:
    data = as_data(read_action(GOOD, "help.yaml"))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(data | {"kind": "help"}, action_schema())
