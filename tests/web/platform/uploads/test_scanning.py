"""A scanner that refuses, fails, is missing or too slow keeps the file out."""

from __future__ import annotations

from pathlib import Path

import pytest

from onefloor_web.platform.uploads import scanning
from onefloor_web.platform.uploads.problems import Malware, NotScanned


@pytest.fixture
def scanner(tmp_path: Path, settings):
    """A small program as the scanner: what it does with the path it gets, ``$2`` after an argument of its own."""

    def made(script: str) -> Path:
        (tmp_path / "scanner").write_text(f"#!/bin/sh\n{script}\n", encoding="ascii")
        (tmp_path / "scanner").chmod(0o755)
        settings.SCAN_COMMAND = f"'{tmp_path}/scanner' --quiet"
        (tmp_path / "a file; rm x.txt").write_text("evidence", encoding="ascii")
        return tmp_path / "a file; rm x.txt"

    return made


def test_a_clean_file_passes_and_no_shell_reads_its_name(scanner):
    file = scanner('test "$1" = --quiet && grep -q evidence "$2"')
    scanning.scan(file, "x.txt")


def test_without_a_scanner_nothing_is_asked(tmp_path: Path, settings):
    settings.SCAN_COMMAND = ""
    scanning.scan(tmp_path / "none", "x.txt")


def test_a_refusal_names_the_file(scanner):
    with pytest.raises(Malware) as caught:
        scanning.scan(scanner("exit 1"), "x.txt")
    assert caught.value.what.en == 'The malware scanner refuses "x.txt".'


@pytest.mark.parametrize("script", ["exit 2", "kill -9 $$"])
def test_a_scanner_that_fails_keeps_the_file_out(scanner, script: str):
    with pytest.raises(NotScanned):
        scanning.scan(scanner(script), "x.txt")


@pytest.mark.parametrize("command", ["/nowhere/scanner", "'unbalanced"])
def test_a_scanner_that_cannot_be_asked_keeps_the_file_out(tmp_path: Path, settings, command: str):
    settings.SCAN_COMMAND = command
    with pytest.raises(NotScanned):
        scanning.scan(tmp_path, "x.txt")


def test_a_scanner_that_takes_too_long_keeps_the_file_out(scanner, monkeypatch):
    monkeypatch.setattr(scanning, "SECONDS", 0.2)
    with pytest.raises(NotScanned):
        scanning.scan(scanner("sleep 5"), "x.txt")
