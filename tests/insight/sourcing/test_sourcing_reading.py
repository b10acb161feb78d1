"""Every mistake in a sourcing file is told with its line and what to write."""

from __future__ import annotations

from pathlib import Path

import pytest

from onefloor.agreements.terms.places import BadYaml
from onefloor.insight.sourcing.reading import parse_sourcing, read_sourcing
from onefloor.problems import MissingFile, Problem, Problems

FILE = """\
sourcing: made
title: {zh: 示例, en: Made}
currency: CNY
from: 2027-01
volume: 9000..10000..12000
again: 40%..50%..60%
margin: 3%
level: 90%
against: own
shared: [wage]
options:
  - id: own
    title: Own
    form: own
    resolved: 70..76..80%
    handling: 5min
    occupancy: 78%
    utilisation: 82%
    hours: 1,800
    costs:
      - {item: wage, per: paid_hour, amount: 38..40..43, rise: -1%..2%..4%}
      - {item: bonus, per: wage, amount: 5%}
      - {item: leaders, per: agent_month, amount: 9000, each: 15}
      - {item: transition, per: once, amount: 9000, month: 2}
    none: [tax]
    included: [seat]
  - id: north
    title: North
    form: outsourced
    resolved: 71%
    least: 0%
    most: 60%
    price:
      - {kind: contact, rate: 2.10, minimum: 4000}
      - {kind: two_tier, good: 1.20, otherwise: 0.80, good_share: 80%}
      - {kind: seat_month, rate: 4000, seats: 3}
    costs:
      - {item: rewards, per: price, amount: 0%..1%..2%}
mixes:
  - {id: half, title: Half, shares: {own: 50%, north: 50%}}
"""


def problems(text: str) -> list[str]:
    with pytest.raises(Problem) as raised:
        parse_sourcing(text, "s.yaml")
    found = raised.value
    return [one.to("en") for one in (found.problems if isinstance(found, Problems) else [found])]


def test_the_file_itself_is_fine() -> None:
    found = parse_sourcing(FILE)
    assert [option.id for option in found.options] == ["own", "north"]
    resolved, handling = found.options[0].resolved, found.options[0].handling
    assert resolved is not None
    assert handling is not None
    assert (resolved.ends(), handling.ends()) == ((0.70, 0.76, 0.80), (300, 300, 300))


SLIPS = [
    (
        "volume: 9000..10000..12000",
        "volume: 9000..10000",
        "5:9",
        '"9000..10000" is not known here. Write 18000..20000..23000 (low..mid..high), or 23000.',
    ),
    ("volume: 9000..10000..12000", "volume: 0", "5:9", '"0" is out of range. Write 0.01 or more.'),
    (
        "again: 40%..50%..60%",
        "again: 40..50..60",
        "6:8",
        '"40..50..60" is not known here. Write 55%..65%..75% (low..mid..high), or 75%.',
    ),
    (
        "again: 40%..50%..60%",
        "again: 60%..50%..40%",
        "6:8",
        'The three numbers of "60%..50%..40%" do not rise. Write them as low..mid..high.',
    ),
    ("again: 40%..50%..60%", "again: 150%", "6:8", '"150%" is out of range. Write numbers from 0% to 100%.'),
    (
        "margin: 3%",
        "margin: 1..2..3",
        "7:9",
        '"1..2..3" is not known here. Write an amount such as 0.30, or a share such as 3%.',
    ),
    ("margin: 3%", "", "1:1", "margin is missing (what difference matters, agreed before looking). Add margin:."),
    ("level: 90%", "level: 100%", "8:8", "A level lies between 0 and 100 %. Write 95%."),
    ("against: own", "against: owm", "9:10", '"owm" is not known here. Write own.'),
    ("shared: [wage]", "shared: [wages]", "10:10", '"wages" is not known here. Write wage.'),
    ("    form: own\n", "    form: insourced\n", "14:11", '"insourced" is not known here. Write outsourced.'),
    (
        "    resolved: 70..76..80%\n",
        "",
        "12:5",
        "resolved is missing (share of contacts that resolve the issue). Add resolved:.",
    ),
    (
        "    resolved: 70..76..80%\n",
        "    resolved: 70%\n    without_repeat: 80%\n",
        "16:21",
        "The share resolved is stated in two ways. Keep resolved or without_repeat.",
    ),
    (
        "handling: 5min",
        "handling: 5%",
        "16:15",
        '"5%" is not known here. Write 300s..320s..345s (low..mid..high), or 345s.',
    ),
    (
        "    occupancy: 78%\n",
        "",
        "12:5",
        "occupancy is missing: wage per paid_hour is counted with it. Add occupancy:.",
    ),
    ("item: wage", "item: wages", "21:16", '"wages" is not known here. Write wage.'),
    (
        "amount: 38..40..43",
        "amount: 38%",
        "21:46",
        "A share needs per: wage or per: price. Write an amount of money, or change per.",
    ),
    ("amount: 5%", "amount: 5", "22:42", "per: wage needs a share. Write 38%..42%..46%."),
    (
        "per: wage, amount: 5%",
        "per: price, amount: 5%",
        "22:28",
        "This option has no price. Add price:, or change per.",
    ),
    (
        "{item: bonus, per: wage, amount: 5%}",
        "{item: wage, per: paid_hour, amount: 5}",
        "22:9",
        '"wage" per paid_hour is written twice. Make them one line.',
    ),
    ("amount: 9000, each: 15", "amount: 9000, each: 0", "23:63", '"0" is not known here. Write a number above 0.'),
    (
        "per: agent_month, amount: 9000, each",
        "per: month, amount: 9000, each",
        "23:57",
        "each does nothing with per: month. Remove each.",
    ),
    (
        "per: once, amount: 9000, month: 2",
        "per: month, amount: 9000, month: 2",
        "24:61",
        "month does nothing with per: month. Remove month.",
    ),
    (
        "per: once, amount: 9000, month: 2",
        "per: once, amount: 9000, rise: 2%",
        "24:59",
        "rise does nothing with per: once. Remove rise.",
    ),
    ("none: [tax]", "none: [wage]", "25:12", '"wage" has an amount and is also under none. Keep one of the two.'),
    ("included: [seat]", "included: [seat, tax]", "26:22", '"tax" is under none and included. Keep one of the two.'),
    ("included: [seat]", "included: [seats]", "26:16", '"seats" is not known here. Write seat.'),
    ("  - id: north", "  - id: own", "27:9", '"own" is used twice. Give each its own.'),
    (
        "form: outsourced",
        "form: own",
        "34:9",
        "Only an outsourced option has a vendor's price. Write form: outsourced, or costs.",
    ),
    (
        "    most: 60%",
        "    most: 160%",
        "32:11",
        "These bounds leave no share. Let least be no more than most, and most no more than 100%.",
    ),
    (
        "kind: contact",
        "kind: call",
        "34:16",
        (
            '"call" is not known here. Use one of contact, fte_month, handled_minute, month, paid_hour, '
            "productive_hour, resolved, seat_month, two_tier."
        ),
    ),
    (
        "kind: seat_month, rate: 4000, seats: 3",
        "kind: contact, rate: 3",
        "36:9",
        "The price contact is written twice. Make them one price.",
    ),
    ("good: 1.20", "good: 0.20", "35:9", "The rate for good quality is below the other one. Swap good and otherwise."),
    (
        ", good_share: 80%",
        "",
        "35:9",
        'Two tiers need good_share or target, one of them. Write good_share: 80%..87%..92%, or target: ">= 72%".',
    ),
    ("good_share: 80%", 'target: "<= 72%"', "35:63", 'A target of resolution is a least share. Write ">= 72%".'),
    (
        "seats: 3",
        "seats: 3, minimum: 4",
        "36:59",
        "Agreed seats are paid anyway: minimum does nothing. Remove minimum.",
    ),
    ("north: 50%}", "south: 50%}", "40:48", '"south" is not known here. Write north.'),
    ("north: 50%}", "north: 40%}", "40:37", "The shares do not add up to 100 %. Make them 100 % together."),
]


@pytest.mark.parametrize(("right", "wrong", "where", "said"), SLIPS)
def test_a_mistake_is_told_with_its_place_and_remedy(right: str, wrong: str, where: str, said: str) -> None:
    assert right in FILE
    found = problems(FILE.replace(right, wrong, 1))
    assert f"s.yaml:{where}: {said}" in found


def test_all_mistakes_are_told_at_once() -> None:
    broken = FILE.replace("again: 40%..50%..60%", "again: x").replace("handling: 5min", "handling: soon")
    assert len(problems(broken)) == 2


def test_a_wage_share_needs_a_wage() -> None:
    found = problems(FILE.replace("item: wage, per: paid_hour", "item: meals, per: paid_hour"))
    assert "s.yaml:22:28: This option has no wage. Add an item wage, or change per." in found


def test_dispatched_staff_need_what_counts_them() -> None:
    found = problems(FILE.replace("form: outsourced", "form: dispatched"))
    assert any("handling is missing: dispatch_law per agent_month is counted with it." in one for one in found)


def test_one_option_is_nothing_to_compare() -> None:
    head, _, rest = FILE.partition("  - id: north")
    found = problems(head.replace("shared: [wage]\n", ""))
    assert rest
    assert found == ["s.yaml:11:3: There is only one option: nothing to compare it with. Write another option."]


@pytest.mark.parametrize("text", ["", "[]", "just words"])
def test_a_file_without_terms_is_told_how_to_begin(text: str) -> None:
    assert problems(text) == ["s.yaml: The file holds no terms. Begin with sourcing: and its code."]


def test_a_file_that_is_not_there_or_no_text_is_told(tmp_path: Path) -> None:
    with pytest.raises(MissingFile):
        read_sourcing(tmp_path / "none.yaml")
    (tmp_path / "bad.yaml").write_bytes(b"sourcing: \xff\xfe")
    with pytest.raises(BadYaml, match="Save it as UTF-8"):
        read_sourcing(tmp_path / "bad.yaml")


def test_every_mistake_is_told_in_chinese_too() -> None:
    for right, wrong, *_ in SLIPS:
        with pytest.raises(Problem) as raised:
            parse_sourcing(FILE.replace(right, wrong, 1))
        for one in raised.value.problems if isinstance(raised.value, Problems) else [raised.value]:
            assert one.what.zh != one.what.en
            assert one.remedy.zh != one.remedy.en
