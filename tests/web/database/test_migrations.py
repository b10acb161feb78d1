"""One digest names the state of all migrations; a database that has it is left alone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import testbed

from onefloor_web.database import migrations
from onefloor_web.database.migrations import NotMigrated


@pytest.fixture
def database() -> Iterator[testbed.Database]:
    with testbed.copy() as made:
        yield made


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An app with one migration, importable as ``moved``."""
    folder = tmp_path / "moved" / "migrations"
    folder.mkdir(parents=True)
    (tmp_path / "moved" / "__init__.py").touch()
    (folder / "__init__.py").touch()
    (folder / "0001_initial.py").write_text("", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    return folder


def test_the_digest_changes_with_every_migration_and_with_nothing_else(app: Path) -> None:
    first = migrations.digest(["moved"])
    (app.parent / "models.py").write_text("x = 1", encoding="utf-8")
    assert migrations.digest(["moved"]) == first
    assert migrations.digest(["moved.apps.MovedConfig"]) != migrations.digest(["moved", "other"])
    (app / "0002_more.py").write_text("", encoding="utf-8")
    second = migrations.digest(["moved"])
    (app / "0002_more.py").write_text("x = 1", encoding="utf-8")
    assert len({first, second, migrations.digest(["moved"])}) == 3


def test_a_database_that_is_up_to_date_is_left_alone(database: testbed.Database) -> None:
    from django.conf import settings

    surroundings = dict(os.environ)
    assert migrations.current(database.owner_url) is None  # a copy has the tables and not the note of it
    assert migrations.migrate(database.owner_url, settings.INSTALLED_APPS, surroundings) is True
    assert migrations.current(database.owner_url) == migrations.digest(settings.INSTALLED_APPS)
    assert migrations.migrate(database.owner_url, settings.INSTALLED_APPS, surroundings) is False


def test_a_migration_that_fails_says_why_and_the_database_is_not_taken_for_current(database: testbed.Database) -> None:
    from django.conf import settings

    with psycopg.connect(database.owner_url, autocommit=True) as owner:
        owner.execute("delete from django_migrations where app = 'sessions'")
    with pytest.raises(NotMigrated, match='relation "django_session" already exists'):
        migrations.migrate(database.owner_url, settings.INSTALLED_APPS, dict(os.environ))
    assert migrations.current(database.owner_url) is None
