"""Backup and restore of a floor with its database, both whole or not at all."""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from onefloor import __version__
from onefloor.facts.store import writing
from onefloor.floor import FloorExists, open_floor
from onefloor.language import Text, same
from onefloor.problems import MissingFile, Problem
from onefloor_web.database import binaries
from onefloor_web.serving.archive import DUMP, FLOOR, Parts, files_of, unpack
from onefloor_web.serving.place import BACKUP_URL, OWNER_URL, Place, database
from onefloor_web.serving.state import State

# Measuring tables are rebuilt from the facts; the database goes as a dump; logs and locks belong to what runs.
LEFT_OUT = frozenset({"derived", ".lock", "web/postgres", "web/run", "web/database"})
# Made before a restore, with the superuser's rights, by `roles`.
MADE_BY_ROLES = (" SCHEMA - public ", " EXTENSION - ", " ACL ", " COMMENT - ")

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Written:
    """A backup as written."""

    files: int
    size: int


@dataclass(frozen=True, slots=True)
class Restored:
    """A backup as restored: when it was taken, ISO 8601 in UTC."""

    taken_at: str
    files: int


class BackupExists(Problem):
    """A backup is never written over."""

    def __init__(self, file: Path) -> None:
        super().__init__(
            Text(f"“{file}”已存在。", f'"{file}" exists.'),
            remedy=Text("请换一个文件名，例如带上日期。", "Choose another name, with the date in it for example."),
        )


class NoBackupUrl(Problem):
    """On a server, only a role that reads past the policies can back up everything."""

    def __init__(self) -> None:
        super().__init__(
            Text(f"没有设置 {BACKUP_URL}。", f"{BACKUP_URL} is not set."),
            why=Text(
                "应用和所有者角色都只能看到一家公司的数据，无法完整备份。",
                "The roles of the application and the owner see one company's rows at most: the rest would be missing.",
            ),
            remedy=Text(
                f"请设置 {BACKUP_URL}=postgresql://onefloor_backup:密码@主机/onefloor。",
                f"Set {BACKUP_URL}=postgresql://onefloor_backup:PASSWORD@HOST/onefloor.",
            ),
        )


class OldPrograms(Problem):
    """pg_dump does not read a server that is newer than itself."""

    def __init__(self, server: int, ours: int) -> None:
        super().__init__(
            Text(
                f"服务器是 PostgreSQL {server}，这里的 pg_dump 是 {ours}。",
                f"The server is PostgreSQL {server}; the pg_dump here is of {ours}.",
            ),
            remedy=Text(
                f"请安装 PostgreSQL {server} 的客户端程序，并用 {binaries.NAMED} 指明其目录。",
                f"Install the client programs of PostgreSQL {server} and name their folder in {binaries.NAMED}.",
            ),
        )


class DatabaseNotEmpty(Problem):
    """A restore fills an empty database and touches no other."""

    def __init__(self) -> None:
        super().__init__(
            Text(f"{OWNER_URL} 指定的数据库中已有表。", f"The database of {OWNER_URL} holds tables already."),
            remedy=Text(
                "请让管理员建一个空库（onefloor database-roles --database 新库名），改好地址后再恢复。",
                "Have an empty one made (onefloor database-roles --database NEW), name it in the addresses, try again.",
            ),
        )


class DumpFailed(Problem):
    """pg_dump or pg_restore did not finish."""

    def __init__(self, program: str, said: str) -> None:
        super().__init__(
            Text(f"{program} 没有完成。", f"{program} did not finish."),
            why=same(said) if said else None,
            remedy=Text(
                "没有留下半份结果。排除原因后请重试。", "Nothing half-done is left. Mend the cause, try again."
            ),
        )


def write(root: Path, file: Path, *, progress: Progress) -> Written:
    """Back up a floor and its database to one new file; the floor may be in use meanwhile.

    The dump is taken before the files: what the database refers to is then among them.
    Loads wait while facts are copied.

    Raises:
        BackupExists: there is such a file.
        NoFloor: the folder is no floor.
        NoBackupUrl, OldPrograms, DumpFailed: the database cannot be dumped.
    """
    floor = open_floor(root)
    state = State(floor.root.resolve())
    state.make()
    if file.exists():
        raise BackupExists(file)
    part, dump = file.with_name(f".{file.name}.part"), file.with_name(f".{file.name}.dump")
    try:
        with database(state) as place:
            major = _dump(place, dump)
        with _private(part), tarfile.open(part, "w") as tar, writing(floor):
            parts = Parts(tar)
            parts.add(dump, DUMP)
            found = list(files_of(state.floor, LEFT_OUT))
            for done, (path, name) in enumerate(found):
                progress(done, len(found))
                parts.add(path, f"{FLOOR}/{name}")
            taken = datetime.now(UTC).isoformat(timespec="seconds")
            parts.finish({"onefloor": __version__, "postgresql": major, "taken_at": taken})
        os.link(part, file)  # unlike a rename it never replaces a file that has come into being meanwhile
    finally:
        part.unlink(missing_ok=True)
        dump.unlink(missing_ok=True)
    return Written(len(found), file.stat().st_size)


def read(file: Path, root: Path, *, progress: Progress) -> Restored:
    """Make a floor and its database from a backup; the floor appears only when it is complete.

    Raises:
        MissingFile, BadBackup: there is no backup to use.
        FloorExists: the folder holds something.
        DatabaseNotEmpty, OldPrograms, DumpFailed: the database cannot be filled.
    """
    if not file.is_file():
        raise MissingFile(file)
    if root.exists() and any(root.iterdir()):
        raise FloorExists(root)
    root = root.resolve()
    with _workplace(root) as folder:
        progress(0, 3)
        listed = unpack(file, folder)
        progress(1, 3)
        floor = folder / FLOOR
        open_floor(floor)
        state = State(floor)
        (floor / "derived").mkdir(exist_ok=True)
        state.make()
        with database(state) as place:
            _fill(place, folder / DUMP)
        progress(2, 3)
        if root.exists():
            root.rmdir()
        floor.rename(root)
    progress(3, 3)
    return Restored(listed["taken_at"], len(listed["sha256"]) - 1)


def _dump(place: Place, target: Path) -> int:
    if place.backup_url is None:
        raise NoBackupUrl
    chosen, major = _programs(place.backup_url)
    with _private(target):
        options = ["--format=custom", "--no-owner", "--no-privileges", "--no-comments", f"--file={target}"]
        _run([chosen.program("pg_dump"), *options], place.backup_url)
    return major


def _fill(place: Place, dump: Path) -> None:
    with psycopg.connect(place.owner_url) as connection:
        query = "select 1 from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"
        if connection.execute(query).fetchone():
            raise DatabaseNotEmpty
    chosen, _ = _programs(place.owner_url)
    restore = chosen.program("pg_restore")
    contents = _run([restore, "--list", str(dump)]).splitlines()
    wanted = dump.with_suffix(".list")
    wanted.write_text("\n".join(one for one in contents if not any(part in one for part in MADE_BY_ROLES)) + "\n")
    options = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", f"--use-list={wanted}"]
    _run([restore, *options, str(dump)], place.owner_url)


def _programs(url: str) -> tuple[binaries.Binaries, int]:
    """Programs that are not older than the server, and the server's major version."""
    with psycopg.connect(url) as connection:
        major = connection.info.server_version // 10_000
    found = binaries.found()
    if not found:
        raise binaries.NoBinaries
    fitting = sorted((one for one in found if one.major >= major), key=lambda one: one.major)
    if not fitting:
        raise OldPrograms(major, max(one.major for one in found))
    return fitting[0], major


def _run(command: list[str], url: str | None = None) -> str:
    """Run a program, on a database if one is given; its password goes where other users cannot read it."""
    surroundings = dict(os.environ)
    if url is not None:
        place = conninfo_to_dict(url)
        surroundings["PGPASSWORD"] = str(place.pop("password", ""))
        command = [*command, "--dbname", make_conninfo("", **place)]
    done = subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False)
    if done.returncode:
        raise DumpFailed(Path(command[0]).name, " ".join(done.stderr.strip().splitlines()[-3:]))
    return done.stdout


@contextmanager
def _private(file: Path) -> Iterator[None]:
    """A new file that only this user may read, whoever writes it in the block."""
    file.unlink(missing_ok=True)
    os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    yield


@contextmanager
def _workplace(root: Path) -> Iterator[Path]:
    """A folder beside the new one, on the same disk; gone at the end."""
    root.parent.mkdir(parents=True, exist_ok=True)
    folder = root.with_name(f".{root.name}.restoring")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
