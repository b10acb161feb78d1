"""What every command of the insight core does with options that make no sense."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import click
import pytest
from measuring_tables import prepared_of

from onefloor.cli import main
from onefloor.cli.bilingual import BadUsage
from onefloor.cli.insight.answering import FiniteRange, span, without_repeats
from onefloor.cli.insight.charts import NotText, days_off
from onefloor.periods import BadPeriod

PARTS = ("causes", "charts", "effects", "fair", "guards", "rating", "sourcing")
NUMBERS = [
    pytest.param(option, id=f"{command.name} {option.name}")
    for part in PARTS
    for command in import_module(f"onefloor.cli.insight.{part}").COMMANDS
    for option in command.params
    if isinstance(option.type, click.types.FloatParamType | click.FloatRange)
]


@pytest.mark.parametrize("option", NUMBERS)
@pytest.mark.parametrize("text", ["nan", "inf", "-inf"])
def test_no_number_is_none_or_endless(option: click.Option, text: str) -> None:
    assert isinstance(option.type, FiniteRange)
    with pytest.raises(click.BadParameter):
        option.type.convert(text, option, None)


def test_there_are_such_numbers() -> None:
    assert len(NUMBERS) >= 10
    assert FiniteRange(0).convert("2.5", None, None) == 2.5


def test_a_number_that_is_none_is_a_wrong_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["penalty-plan", "--target", "nan", "--sample", "150", "--no-picture", "--lang", "en"]) == 2
    assert "not a finite number" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["penalty-plan", "--target", "nan"], "“--target”的值“nan”无效：须是有限的数。"),
        (["penalty-plan", "--level", "2"], "“--level”的值“2.0”无效：须是大于 0.5、小于 1 的有限的数。"),
        (["penalty-plan", "--sample", "few"], "“--sample”的值“few”无效：须是整数。"),
        (["explain", "floor", "--depth", "7"], "“--depth”的值“7”无效：须是不小于 1、不大于 3 的整数。"),
        (["compare", "floor", "--margin", "-1"], "“--margin”的值“-1.0”无效：须是不小于 0 的有限的数。"),
        (["demo", "--until", "tomorrow"], "“--until”的值“tomorrow”无效：须是日期，例如 2026-07-31。"),
    ],
)
def test_a_number_out_of_range_is_told_in_chinese(
    asked: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*asked, "--lang", "zh"]) == 2
    assert capsys.readouterr().err.splitlines()[0] == said


def test_holidays_that_are_no_text_are_told(tmp_path: Path) -> None:
    path = tmp_path / "holidays.txt"
    path.write_bytes("国庆节 2026-10-01".encode("gb18030") + b"\xff")
    with pytest.raises(NotText, match="UTF-8"):
        days_off(path)


@pytest.mark.parametrize("part", ["charts", "causes"])
def test_a_dimension_that_is_named_twice_is_asked_for_once(part: str) -> None:
    assert without_repeats(["company,company", " queue", "company"]) == ("company", "queue")
    assert import_module(f"onefloor.cli.insight.{part}").without_repeats is without_repeats


def test_months_beside_the_facts_are_told_by_what_there_is(tmp_path: Path) -> None:
    """Nobody is told of a period that nobody wrote."""
    floor = prepared_of(tmp_path, {"legs": [{"offered": True, "first": True}]})
    assert [str(month) for month in span(floor, None, None)] == ["2026-11"]
    for first, last in (("2027-08", None), (None, "2025-01")):
        with pytest.raises(BadUsage, match="contacts from 2026-11 to 2026-11 only"):
            span(floor, first, last)
    with pytest.raises(BadPeriod):
        span(floor, "2026-12", "2026-11")
