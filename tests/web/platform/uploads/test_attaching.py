"""Attached files: kept whole or not at all, seen by the other company once given, then never changed."""

from __future__ import annotations

import os
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from world import World
from worlds.uploads import text

from onefloor_web.agreements.register.models import Version
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.scopes import tenant
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.platform.uploads.actions import MOST_FILES, attach, give, remove
from onefloor_web.platform.uploads.content import MOST_BYTES
from onefloor_web.platform.uploads.jobs import tidy
from onefloor_web.platform.uploads.models import Attachment, folder_of
from onefloor_web.platform.uploads.problems import Given, NotAllowed, TooLarge, TooManyFiles
from onefloor_web.platform.uploads.queries import attachments_by_row, attachments_of


@pytest.fixture
def north(world: World) -> Viewer:
    return world["North"].viewer(Role.PROJECT_MANAGER)


@pytest.fixture
def own(world: World) -> Viewer:
    return world["Own"].viewer(Role.VENDOR_MANAGER)


@pytest.fixture
def row(world: World, north: Viewer) -> Version:
    """Something of North's to attach files to."""
    with tenant(north):
        Attachment.objects.filter(given_at=None).delete()
    row = world["North"].rows["version"]
    row.author_id, row.given_at, row.pk = north.company, None, row.pk + 1000
    return row


def names(viewer: Viewer, row: Version) -> list[str]:
    with tenant(viewer):
        return [one.name for one in attachments_of(row)]


def test_the_other_company_sees_a_file_once_it_is_given(north: Viewer, own: Viewer, row: Version):
    with tenant(north):
        (kept,) = attach(north, row, [text("停机.txt", "CRM down")])
        assert (kept.kind, kept.size, kept.path.read_bytes()) == ("text", 8, b"CRM down")
        assert kept.path == folder_of(north.company, north.company) / kept.digest
    assert (names(north, row), names(own, row)) == (["停机.txt"], [])
    with tenant(north):
        assert give(row) == 1
        assert give(row) == 0
    assert names(own, row) == ["停机.txt"]


def test_one_bad_file_keeps_all_of_them_out(north: Viewer, row: Version):
    with tenant(north):
        before = sorted(folder_of(north.company, north.company).iterdir())
        with pytest.raises(NotAllowed):
            attach(north, row, [text("a.txt", "fine"), SimpleUploadedFile("b.txt", b"\x00\x01")])
        assert sorted(folder_of(north.company, north.company).iterdir()) == before
    assert names(north, row) == []


def test_the_same_content_again_is_the_file_that_is_there(north: Viewer, row: Version):
    with tenant(north):
        first = attach(north, row, [text("a.txt", "same")])
        assert attach(north, row, [text("b.txt", "same")]) == first
        assert attachments_by_row([row]) == {row: first}


def test_too_many_and_too_large_are_refused_with_the_limit(north: Viewer, row: Version):
    with tenant(north):
        attach(north, row, [text("0.txt", "0")])
        with pytest.raises(TooManyFiles) as caught:
            attach(north, row, [text(f"{number}.txt", str(number)) for number in range(1, MOST_FILES + 1)])
        assert caught.value.what.en == "There are 11 files; at most 10 can be attached."
        with pytest.raises(TooLarge):
            attach(north, row, [SimpleUploadedFile("big.txt", b"x" * (MOST_BYTES + 1))])


def test_what_was_not_sent_can_be_taken_back_and_what_was_sent_cannot(
    north: Viewer, row: Version, django_capture_on_commit_callbacks
):
    with tenant(north), django_capture_on_commit_callbacks(execute=True):
        (kept,) = attach(north, row, [text("a.txt", "mine")])
        remove(kept)
    assert (names(north, row), kept.path.exists()) == ([], False)
    with tenant(north):
        (kept,) = attach(north, row, [text("a.txt", "mine")])
        give(row)
        with pytest.raises(Given):
            remove(Attachment.objects.get(pk=kept.pk))


def test_sql_cannot_change_a_given_file_nor_touch_that_of_the_other_company(north: Viewer, own: Viewer, row: Version):
    with tenant(north):
        (kept,) = attach(north, row, [text("a.txt", "mine")])
        assert refused(f"update uploads_attachment set digest = 'x' where id = {kept.pk}")
        give(row)
        assert refused(f"update uploads_attachment set name = 'x' where id = {kept.pk}")
        assert refused(f"update uploads_attachment set given_at = null where id = {kept.pk}")
        assert refused(f"delete from uploads_attachment where id = {kept.pk}")
    with tenant(own):
        assert "only its author" in refused(f"delete from uploads_attachment where id = {kept.pk}")


def refused(statement: str) -> str:
    with pytest.raises(DatabaseError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    return str(caught.value)


def test_a_file_is_a_download_that_no_browser_runs_or_keeps(world: World):
    side = world["North"]
    response = side.client(Role.PROJECT_MANAGER).get(f"/attachments/{side.rows['attachment'].pk}/")
    assert b"".join(response.streaming_content) == b"NORTHMARKER outage"
    assert response["Content-Disposition"] == "attachment; filename*=UTF-8''NORTHMARKER%20notice.txt"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "no-store"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_a_draft_s_file_and_that_of_what_one_may_not_see_are_not_found(world: World):
    side, own = world["North"], world["Own"]
    address = f"/attachments/{side.rows['own attachment'].pk}/"
    opened = side.client(Role.PROJECT_MANAGER).get(address)
    assert b"".join(opened.streaming_content) == b"NORTHSECRET thoughts"
    assert own.client(Role.VENDOR_MANAGER).get(address).status_code == 404
    assert side.client(Role.AGENT).get(address).status_code == 404


def test_a_file_without_a_row_goes_after_a_day(north: Viewer, row: Version):
    with tenant(north):
        (kept,) = attach(north, row, [text("a.txt", "kept")])
        stray, fresh = (kept.path.with_name(name * 64) for name in "ab")
        for path in (stray, fresh, kept.path):
            path.write_bytes(b"x")
        for path in (stray, kept.path):
            os.utime(path, (time.time() - 90_000,) * 2)
        assert tidy(north, lambda *_: None) == {"removed": 1}
        assert (stray.exists(), fresh.exists(), kept.path.exists()) == (False, True, True)
