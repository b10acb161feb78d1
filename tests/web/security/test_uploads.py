"""Files that come by the web: limits, archives that grow without bound, XML entities. Each is refused with its reason.

How the reading itself is bounded is tested where it is done: ``tests/facts/test_files.py``.
"""

from __future__ import annotations

import gzip
import io
import zipfile
from typing import Any

import openpyxl
import pytest
from django.test import Client
from world import Side, World

from onefloor.facts import files as reading
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.scopes import tenant
from onefloor_web.records.imports import files
from onefloor_web.records.imports.models import Import
from onefloor_web.records.rosters import loading
from onefloor_web.records.rosters.models import RosterFile

ENTITIES = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'


@pytest.fixture
def side(world: World) -> Side:
    return world["North"]


@pytest.fixture
def browser(side: Side) -> Client:
    client = side.client(Role.PROJECT_MANAGER)
    client.cookies["language"] = "en"
    return client


def kept(side: Side) -> tuple[int, int]:
    """How many files of rosters and imports the company has."""
    with tenant(side.viewer(Role.ADMINISTRATOR)):
        return RosterFile.objects.count(), Import.objects.count()


def named(content: bytes, name: str) -> io.BytesIO:
    file = io.BytesIO(content)
    file.name = name
    return file


def workbook() -> bytes:
    """A workbook whose sheet declares an entity that names a file of the server."""
    clean, evil = io.BytesIO(), io.BytesIO()
    openpyxl.Workbook().save(clean)
    with zipfile.ZipFile(clean) as old, zipfile.ZipFile(evil, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, ENTITIES if name == "xl/worksheets/sheet1.xml" else old.read(name))
    return evil.getvalue()


def bomb() -> bytes:
    """32 MiB of one byte, in 32 KiB."""
    return gzip.compress(b"\0" * (32 << 20), 9)


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_a_roster_beyond_the_limit_is_refused(side: Side, browser: Client) -> None:
    before = kept(side)
    answer = browser.post("/rosters/uploads/", {"file": named(b"x" * (loading.LARGEST + 1), "roster.csv")})
    assert "The file has 5.0 MB; at most 5." in text(answer)
    assert kept(side) == before


def test_imports_beyond_the_limits_are_refused(side: Side, browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    before = kept(side)
    many = browser.post("/imports/new/", {"files": [named(b"x", f"{n}.csv") for n in range(files.MOST_FILES + 1)]})
    monkeypatch.setattr(files, "MOST_BYTES", 1000)
    large = browser.post("/imports/new/", {"files": [named(b"x" * 1001, "large.csv")]})
    assert [one.status_code for one in (many, large)] == [422, 422]
    assert f"one import takes {files.MOST_FILES}" in text(many)
    assert "at most" in text(large)
    assert kept(side) == before


@pytest.mark.parametrize(("make", "name"), [(workbook, "roster.xlsx"), (bomb, "roster.csv.gz"), (bomb, "queue_log.gz")])
def test_entities_and_archives_that_grow_are_refused_by_every_page_that_reads_files(
    side: Side, browser: Client, monkeypatch: pytest.MonkeyPatch, make: Any, name: str
) -> None:
    monkeypatch.setattr(reading, "FREE_BYTES", 1 << 20)
    content, before = make(), kept(side)
    roster = browser.post("/rosters/uploads/", {"file": named(content, name)})
    assert (roster.status_code, kept(side)) == (200, before)
    assert "alert" in text(roster)
    begun = browser.post("/imports/new/", {"files": [named(content, name)]})
    kind = browser.get(begun.url)
    assert kind.status_code == 422
    assert "root:" not in text(roster) + text(kind)
    chosen = browser.post(begun.url, {"kind": "roster"})
    assert chosen.status_code in (302, 422)


def test_names_of_files_lead_out_of_no_folder(side: Side, browser: Client) -> None:
    browser.post("/imports/new/", {"files": [named(b"a;b\n1;2\n", "../../../../etc/passwd")]})
    with tenant(side.viewer(Role.ADMINISTRATOR)):
        made = Import.objects.latest("pk")
    assert all(path.is_relative_to(made.folder) and path.is_file() for path in made.paths)
