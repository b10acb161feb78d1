"""The commands that the web application adds to the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from processes import onefloor

from onefloor.cli import main
from onefloor.cli import onefloor as group
from onefloor.language import LANGUAGES
from onefloor_web import commands
from onefloor_web.commands import COMMANDS


def test_the_command_line_has_them_and_its_own_demo_is_replaced() -> None:
    assert [group.commands[command.name or ""] for command in COMMANDS] == list(COMMANDS)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [command.name for command in COMMANDS])
def test_each_explains_itself_in_both_languages(name: str, language: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([name, "--help", "--lang", language]) == 0
    page = capsys.readouterr().out
    assert page.startswith(f"用法：onefloor {name}" if language == "zh" else f"Usage: onefloor {name}")


def test_without_the_webs_own_packages_they_say_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(commands, "NEEDED", ("a_package_that_is_not_there",))
    assert main(["serve", str(tmp_path)]) == 3
    said = capsys.readouterr().err
    assert said == "The web application is not installed.\n  remedy: Run pip install 'onefloor[web]'.\n"


@pytest.mark.parametrize("command", ["serve", "backup", "manage"])
def test_a_folder_that_is_no_floor_is_named(command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rest = {"backup": [str(tmp_path / "b.tar")], "manage": ["check"]}.get(command, [])
    assert main([command, str(tmp_path), *rest]) == 3
    assert capsys.readouterr().err.splitlines()[0] == f'"{tmp_path}" is not a floor: it has no floor.toml.'
    assert list(tmp_path.iterdir()) == []


def test_a_port_beyond_the_last_is_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", str(tmp_path), "--port", "65536"]) == 2


@pytest.mark.processes
def test_a_management_command_works_as_the_role_it_needs(tmp_path: Path) -> None:
    floor = tmp_path / "floor"
    onefloor("init", floor, "--timezone", "Asia/Shanghai")
    migrated = onefloor("manage", floor, "migrate", "--verbosity", "0")
    assert (migrated.returncode, migrated.stderr) == (0, "")
    asked = (
        "from django.db import connection as c; k = c.cursor(); k.execute('select session_user'); print(k.fetchone())"
    )
    shown = onefloor("manage", floor, "shell", "--no-imports", "-c", asked)
    assert (shown.returncode, shown.stdout) == (0, "('onefloor_app',)\n")


@pytest.mark.processes
def test_the_check_for_production_has_nothing_to_say(tmp_path: Path) -> None:
    floor = tmp_path / "floor"
    onefloor("init", floor, "--timezone", "Asia/Shanghai")
    checked = onefloor(
        "manage",
        floor,
        "check",
        "--deploy",
        "--fail-level",
        "WARNING",
        ONEFLOOR_TLS="1",
        ONEFLOOR_HOSTS="floor.example",
    )
    assert (checked.returncode, checked.stderr) == (0, "")
