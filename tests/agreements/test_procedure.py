"""Terms of procedure: working time, deadlines, clocks of duties, renewal."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path

import jsonschema
import pytest
from ruamel.yaml import YAML

from onefloor.agreements.terms import parse_agreement
from onefloor.agreements.terms.agreement import Agreement, NotInForce
from onefloor.agreements.terms.procedure import Calendar, Procedure
from onefloor.agreements.terms.renewing import end_of, ends, holds, notice_by, period_end
from onefloor.agreements.terms.schema import agreement_schema
from onefloor.agreements.terms.version import Terms
from onefloor.periods import Month, instant_of
from onefloor.problems import Problem, Problems
from onefloor.working_time import Span

HEAD = (Path(__file__).parents[2] / "examples" / "agreements" / "sample.yaml").read_text(encoding="utf-8")
HEAD = HEAD.partition("\namendments:")[0]
WRITTEN = """
calendar:
  days: [mon, tue, wed, thu, fri, sat]
  hours: ["08:30-12:00", "13:00-17:30"]
  holidays: [2026-10-01, 2026-10-02]
  workdays: [2026-10-11]
procedure:
  sign: 5 working days
  dispute: 10 days
  rule: 16 working hours
  silence: accepted
  unsigned: accepted
  disputes: 5
  rounds: 3
  escalation: [quarterly review, arbitration]
requests:
  - {id: problem, title: {zh: 新问题, en: New problem}, within: 16 working hours}
  - {id: defect, title: Defect, within: 4 hours, duty: repair, questions: run}
clocks:
  - {duty: notice, title: Notice of changes, before: 5 working days}
  - {duty: answer, title: Answers, within: 1 working day}
"""


def terms(added: str) -> Terms:
    return parse_agreement(HEAD + added).versions[-1]


def said(added: str) -> list[str]:
    with pytest.raises(Problem) as caught:
        terms(added)
    found = caught.value
    return [problem.what.en for problem in (found.problems if isinstance(found, Problems) else [found])]


def test_every_term_of_procedure_is_read():
    found = terms(WRITTEN)
    assert found.calendar == Calendar(
        days=("mon", "tue", "wed", "thu", "fri", "sat"), hours=((510, 720), (780, 1050)),
        holidays=(date(2026, 10, 1), date(2026, 10, 2)), workdays=(date(2026, 10, 11),),
    )  # fmt: skip
    assert found.procedure == Procedure(
        sign=Span(5, "working days"), dispute=Span(10, "days"), rule=Span(16, "working hours"), silence="accepted",
        unsigned="accepted", disputes=5, rounds=3, escalation=("quarterly review", "arbitration"),
    )  # fmt: skip
    assert [(one.id, one.within, one.duty, one.questions) for one in found.requests] == [
        ("problem", Span(16, "working hours"), "answer", "pause"),
        ("defect", Span(4, "hours"), "repair", "run"),
    ]
    assert [(one.duty, one.before, one.within) for one in found.clocks] == [
        ("notice", Span(5, "working days"), None),
        ("answer", None, Span(1, "working days")),
    ]


def test_the_schema_accepts_them():
    data = json.loads(json.dumps(YAML(typ="safe").load(HEAD + WRITTEN), default=str))
    jsonschema.validate(data, agreement_schema())


def test_the_calendar_counts_in_the_zone_of_the_agreement():
    calendar = terms(WRITTEN).calendar
    assert calendar is not None
    deadline = calendar.working_time("Asia/Shanghai").deadline(
        instant_of(datetime(2026, 9, 30, 16, 30), "Asia/Shanghai"), Span(2, "working hours")
    )
    assert deadline == instant_of(datetime(2026, 10, 3, 9, 30), "Asia/Shanghai")  # a Saturday that is worked


def test_without_days_the_week_is_monday_to_friday():
    assert Calendar().working_time("Asia/Shanghai").days == frozenset(range(5))


def test_an_end_makes_a_renewal():
    found = terms("\nuntil: 2027-01-01\nrenewal: {months: 12, notice: 60 days}\n").renewal
    assert found is not None
    assert (found.months, found.notice) == (12, Span(60, "days"))


def renewed(more: str = "") -> tuple[Agreement, Terms]:
    """Terms until 2027-01, renewed for six months; notice by the end of work ten working days before."""
    text = f"until: 2027-01-01\nrenewal: {{months: 6, notice: 10 working days{more}}}\n"
    agreement = parse_agreement(f"{HEAD}\n{text}")
    return agreement, agreement.versions[-1]


def in_force(agreement: Agreement, *months: str) -> list[bool]:
    return [agreement.in_force(Month.parse(month)) for month in months]


def test_without_notice_the_terms_go_on_period_by_period():
    agreement, found = renewed()
    assert in_force(agreement, "2026-12", "2027-01", "2027-07", "2031-01") == [True] * 4
    assert agreement.terms_for(Month(2027, 3)) == found
    assert end_of(found, "Asia/Shanghai") is None
    days = [date(2026, 10, 1), date(2026, 12, 31), date(2027, 1, 1), date(2027, 8, 1)]
    assert [str(period_end(found, day)) for day in days] == ["2027-01-01", "2027-01-01", "2027-07-01", "2028-01-01"]


def test_notice_in_time_ends_them_with_the_period_and_a_late_one_with_the_next():
    _agreement, found = renewed()
    last = notice_by(found, "Asia/Shanghai", date(2027, 1, 1))
    assert last == instant_of(datetime(2026, 12, 18, 18), "Asia/Shanghai")  # the tenth working day before 1 January
    assert [str(end_of(found, "Asia/Shanghai", last + late)) for late in (-1, 0, 1)] == [
        "2027-01-01", "2027-01-01", "2027-07-01",
    ]  # fmt: skip
    held = [holds(found, "Asia/Shanghai", month, last) for month in (Month(2026, 12), Month(2027, 1))]
    assert held == [True, False]


def test_the_terms_can_state_the_notice():
    agreement, _found = renewed(", given: 2026-12-18 18:00")
    assert in_force(agreement, "2026-12", "2027-01") == [True, False]
    agreement, _found = renewed(", given: 2026-12-18 18:01")
    assert in_force(agreement, "2027-01", "2027-06", "2027-07") == [True, True, False]
    with pytest.raises(NotInForce):
        agreement.terms_for(Month(2027, 7))


def test_without_a_renewal_they_end_and_without_an_end_they_go_on():
    agreement = parse_agreement(f"{HEAD}\nuntil: 2027-01-01\n")
    assert in_force(agreement, "2026-12", "2027-01") == [True, False]
    assert period_end(agreement.versions[-1], date(2027, 1, 1)) is None
    assert list(ends(terms(""))) == []


@pytest.mark.parametrize(
    ("added", "problem"),
    [
        ("calendar: {hours: ['09:00-12:00', '11:00-18:00']}", "Working hours overlap."),
        ("calendar: {hours: '18:00-09:00'}", '"18:00-09:00" is not known here.'),
        ("calendar: {hours: '09:00-24:30'}", '"09:00-24:30" is not known here.'),
        ("calendar: {days: [monday]}", '"monday" is not known here.'),
        (
            "calendar: {holidays: [2026-10-10], workdays: [2026-10-10]}",
            "2026-10-10 is both a holiday and a workday.",
        ),
        ("procedure: {sign: soon}", '"soon" is not known here.'),
        ("procedure: {sign: 0 days}", '"0 days" is not known here.'),
        ("procedure: {silence: forgotten}", '"forgotten" is not known here.'),
        ("clocks: [{duty: notice, title: Notice}]", "The clock of notice needs within or before."),
        (
            "clocks: [{duty: notice, title: Notice, within: 1 day, before: 1 day}]",
            "The clock of notice needs within or before.",
        ),
        (
            "clocks: [{duty: a, title: A, within: 1 day}, {duty: a, title: A, within: 2 days}]",
            "The duty a has two clocks.",
        ),
        ("renewal: {months: 12, notice: 60 days}", "Without an end (until) nothing is ever renewed."),
        ("requests: [{id: problem, title: Problem}]", "within is missing (to answer)."),
    ],
)
def test_a_slip_is_told(added: str, problem: str):
    assert said(f"\n{added}\n") == [problem]
