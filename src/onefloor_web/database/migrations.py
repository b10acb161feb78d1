"""The tables of the database brought up to the code's, as the owner; told apart by one digest of all migrations."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import psycopg

from onefloor.language import Text, same
from onefloor.problems import Problem
from onefloor_web.database import child

SETTINGS = "onefloor_web.settings"
# The cache's table is one that Django makes outside the migrations.
COMMANDS = (("migrate", "--no-input", "--verbosity", "0"), ("createcachetable", "--verbosity", "0"))


class NotMigrated(Problem):
    """A migration failed; the database is as it was before that migration."""

    def __init__(self, said: str) -> None:
        super().__init__(
            Text("数据库升级失败，已停在失败的那一步之前。", "The database could not be brought up to date."),
            why=same(said) if said else None,
            remedy=Text(
                "没有数据丢失。请排除原因后重新启动；回到旧版本程序前请先恢复备份。",
                "Nothing is lost. Mend the cause and start again; to go back a version, restore a backup.",
            ),
        )


def digest(apps: Iterable[str]) -> str:
    """One name for all migrations of the installed apps: changes whenever one is added or changed.

    Args:
        apps: ``INSTALLED_APPS``.
    """
    found = hashlib.sha256()
    for app in apps:
        for file in sorted(_files(app)):
            found.update(f"{app}/{file.name}\0".encode())
            found.update(file.read_bytes())
    return found.hexdigest()[:16]


def current(url: str) -> str | None:
    """The digest of the migrations that a database has had; None for a new one."""
    with psycopg.connect(url) as connection:
        query = "select shobj_description(oid, 'pg_database') from pg_database where datname = current_database()"
        row = connection.execute(query).fetchone()
    return str(row[0]).removeprefix("migrations ") if row and row[0] else None


def migrate(owner_url: str, apps: Iterable[str], environment: Mapping[str, str]) -> bool:
    """Run what is missing as the owner; False if nothing was.

    Args:
        owner_url: the owner's way to the database.
        apps: ``INSTALLED_APPS``.
        environment: of the process that runs Django's commands.

    Raises:
        NotMigrated: one failed; says the last thing it said.
    """
    wanted = digest(apps)
    if current(owner_url) == wanted:
        return False
    for command in COMMANDS:
        _run(command, as_owner(environment, owner_url))
    with psycopg.connect(owner_url, autocommit=True) as connection:
        name = connection.info.dbname
        connection.execute(f"comment on database {name} is 'migrations {wanted}'".encode())
    return True


def as_owner(environment: Mapping[str, str], owner_url: str) -> dict[str, str]:
    """An environment in which Django's commands work as the owner of the tables."""
    return {**environment, "DJANGO_SETTINGS_MODULE": SETTINGS, "DATABASE_URL": owner_url, "ONEFLOOR_POOL": "0"}


def _run(command: Iterable[str], environment: Mapping[str, str]) -> None:
    process = child.start([sys.executable, "-m", "django", *command], environment=environment, output=subprocess.PIPE)
    said, _ = process.communicate()
    if process.returncode:
        lines = said.decode(errors="replace").strip().splitlines()
        raise NotMigrated(" ".join(lines[-3:]))


def _files(app: str) -> Iterator[Path]:
    module = app.partition(".apps.")[0]  # an app may be named by its configuration
    spec = importlib.util.find_spec(module)
    for place in (spec.submodule_search_locations or []) if spec else []:
        for file in (Path(place) / "migrations").glob("*"):
            if file.suffix in (".py", ".sql") and os.access(file, os.R_OK):
                yield file
