"""What every command of the insight core does with options that make no sense."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import click
import pytest

from onefloor.cli import main
from onefloor.cli.insight.answering import FiniteRange, without_repeats
from onefloor.cli.insight.charts import NotText, days_off

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


def test_holidays_that_are_no_text_are_told(tmp_path: Path) -> None:
    path = tmp_path / "holidays.txt"
    path.write_bytes("国庆节 2026-10-01".encode("gb18030") + b"\xff")
    with pytest.raises(NotText, match="UTF-8"):
        days_off(path)


@pytest.mark.parametrize("part", ["charts", "causes"])
def test_a_dimension_that_is_named_twice_is_asked_for_once(part: str) -> None:
    assert without_repeats(["company,company", " queue", "company"]) == ("company", "queue")
    assert import_module(f"onefloor.cli.insight.{part}").without_repeats is without_repeats
