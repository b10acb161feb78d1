"""Reading a calendar file: every mistake at once, each with file, line, column and what to write."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from onefloor.agreements.terms.places import BadTerm, Node, content, parsed_yaml
from onefloor.agreements.terms.reading import read_form, stop_at
from onefloor.language import Text
from onefloor.planning.forecasting.calendars import CalendarTerms
from onefloor.problems import Problem

BEGIN = Text("请以 calendar: cn 或 calendar: none 开头。", "Begin with calendar: cn, or calendar: none.")


def read_calendar(path: Path) -> CalendarTerms:
    """A calendar from a YAML file.

    Raises:
        MissingFile: there is no such file.
        BadYaml, Problems: all that is wrong, each with file, line, column and remedy.
    """
    return parse_calendar(content(path), str(path))


def parse_calendar(text: str, file: str = "calendar.yaml") -> CalendarTerms:
    """A calendar from YAML text; ``file`` is named in problems.

    >>> parse_calendar('''
    ... calendar: cn
    ... days: [{date: 2027-02-06, through: 2027-02-12, name: Spring Festival}]
    ... ''').days[0].name
    'Spring Festival'
    """
    node = parsed_yaml(text, file, begin=BEGIN)
    terms = read_form(CalendarTerms, node)
    stop_at(list(_wrong(node, terms)))
    return terms


def _wrong(node: Node, terms: CalendarTerms) -> Iterator[Problem]:
    for own, at in zip(terms.days, node.each("days"), strict=True):
        if own.last is not None and own.last < own.first:
            yield _backwards(at.get("through") or at)
        if own.ordinary and (own.like or own.factor):
            yield BadTerm(
                Text(
                    "普通日没有倍数，也不视同别的星期。", "An ordinary day has no factor and is like no other weekday."
                ),
                remedy=Text("请去掉 ordinary，或去掉另外两项。", "Leave out ordinary, or the other two."),
                where=at.place,
            )
    for campaign, at in zip(terms.campaigns, node.each("campaigns"), strict=True):
        if campaign.last < campaign.first:
            yield _backwards(at.get("through") or at)
    for outage, at in zip(terms.outages, node.each("outages"), strict=True):
        if outage.end <= outage.start:
            yield _backwards(at.get("until") or at)


def _backwards(where: Node) -> BadTerm:
    return BadTerm(
        Text("结束早于开始。", "It ends before it begins."),
        remedy=Text("请把较晚的时间写在后面。", "Write the later time last."),
        where=where.place,
    )
