"""What comes in is looked at first: signed amendments stay in the text, files pass the scanner; changes are told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from world import World
from worlds.agreements import source_of

from onefloor_web.agreements.drafts import actions as drafts
from onefloor_web.agreements.drafts.models import Draft
from onefloor_web.agreements.forecasts.models import Lock
from onefloor_web.agreements.register.actions import propose, sign_version, withdraw
from onefloor_web.agreements.register.models import Version
from onefloor_web.agreements.register.past import LosesAmendments
from onefloor_web.platform.events.models import Event
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.scopes import tenant

SIGNED = "amendments:\n  - {from: 2026-07-01, price: [{id: '1', rate: 7.00}]}\n"
CHANGED = SIGNED.replace("7.00", "8.00")
MORE = f"{SIGNED}  - {{from: 2026-09-01, price: [{{id: '1', rate: 7.50}}]}}\n"


@pytest.fixture
def amended(world: World) -> Version:
    """North's agreement with an amendment, signed by both."""
    north, own = (world[name].viewer(Role.SIGNATORY) for name in ("North", "Own"))
    with tenant(north):
        withdraw(north, world["North"].rows["version"], why="another text")
        version = propose(north, source_of(world["North"], more=SIGNED))
        sign_version(north, version)
    with tenant(own):
        sign_version(own, version)
    return version


@pytest.fixture
def scanner(settings: Any, tmp_path: Path) -> None:
    """One that refuses whatever holds the word EICAR."""
    command = tmp_path / "scanner"
    command.write_text('#!/bin/sh\ngrep -q EICAR "$1" && exit 1\nexit 0\n')
    command.chmod(0o700)
    settings.SCAN_COMMAND = str(command)


def manager(world: World) -> Client:
    return world["Own"].client(Role.VENDOR_MANAGER)


@pytest.mark.parametrize("more", ["", CHANGED])
def test_a_text_without_a_signed_amendment_is_refused_wherever_it_comes_from(world: World, amended: Version, more: str):
    text, own = source_of(world["North"], more=more), world["Own"].viewer(Role.VENDOR_MANAGER)
    with tenant(own), pytest.raises(LosesAmendments):
        propose(own, text)
    said = json.dumps({"source": text})
    answer = manager(world).post(
        "/api/v1/agreement-versions", said, content_type="application/json", HTTP_ACCEPT_LANGUAGE="en"
    )
    assert (answer.status_code, "missing or changed: 2026-07-01" in answer.content.decode()) == (422, True)
    page = manager(world).post("/agreements/uploads/", {"text": text}, HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "missing or changed: 2026-07-01" in page
    with tenant(own):
        assert Version.objects.filter(agreement=amended.agreement).latest("number") == amended


def test_a_text_with_entries_more_is_proposed(world: World, amended: Version):
    own = world["Own"].viewer(Role.VENDOR_MANAGER)
    with tenant(own):
        assert propose(own, source_of(world["North"], more=MORE)).number == amended.number + 1


def test_files_of_agreements_and_forecasts_pass_the_scanner(world: World, amended: Version, scanner: None):
    client, text = manager(world), source_of(world["North"], more=MORE)
    bad, good = (SimpleUploadedFile("a.yaml", said.encode()) for said in (f"# EICAR\n{text}", text))
    page = client.post("/agreements/uploads/", {"file": bad}, HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "The malware scanner refuses" in page
    page = client.post("/agreements/uploads/", {"file": good}, HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "The malware scanner refuses" not in page
    said = {
        "how": "file",
        "company": world["North"].company.pk,
        "name": "x",
        "file": SimpleUploadedFile("a.yaml", b"# EICAR"),
    }
    page = client.post("/agreements/drafts/new/", said, HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "The malware scanner refuses" in page
    rows = SimpleUploadedFile("f.csv", b"interval,queue,company,contacts\n2026-12-01 08:30,EICAR,North,40\n")
    page = client.post(
        "/agreements/north-agreement/forecast-locks/new/", {"month": "2026-12", "file": rows}, HTTP_ACCEPT_LANGUAGE="en"
    ).content.decode()
    assert "The malware scanner refuses" in page
    with tenant(world["Own"].viewer(Role.VENDOR_MANAGER)):
        assert not Lock.objects.filter(month="2026-12").exists()


def test_saving_a_shared_draft_is_told_once_until_something_else_happens(world: World):
    north = world["North"].viewer(Role.PROJECT_MANAGER)
    draft = world["North"].rows["kept draft"]

    def save(more: str) -> None:
        held = Draft.objects.get(pk=draft.pk)
        drafts.save(north, held, held.text + more, held.digest)

    def told() -> int:
        return Event.objects.filter(name="drafts.changed", number=draft.pk).count()

    with tenant(north):
        save("# one\n")
        assert told() == 0
        drafts.share(north, Draft.objects.get(pk=draft.pk))
        save("# two\n")
        save("# three\n")
        assert told() == 1
        drafts.comment(north, Draft.objects.get(pk=draft.pk), "", "please read", private=False)
        save("# four\n")
        assert told() == 2
    with tenant(world["Own"].viewer(Role.VENDOR_MANAGER)):
        assert told() == 2
