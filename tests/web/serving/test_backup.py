"""Backup and restore, really done: embedded, and on a server's PostgreSQL reached over TCP."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import psycopg
import pytest
from administered import Administered
from processes import free_port, onefloor, serving

from onefloor_web.database import roles
from onefloor_web.database.embedded import SUPERUSER, Server
from onefloor_web.serving.archive import BadBackup, files_of, unpack
from onefloor_web.serving.backup import LEFT_OUT

pytestmark = pytest.mark.processes
ROOT = Path(__file__).parents[3]
LOG = ROOT / "examples" / "asterisk_run" / "queue_log"


def filled(url: str) -> None:
    """Rows in a guarded table, which the owner itself cannot see, and in a plain one."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "insert into companies_company (code, name, kind, slot, shares_names, second_factor, joined_on)"
            " values ('NORTHMARKER', 'North', 'vendor', 7, false, 'managers', '2026-01-01')"
        )
        connection.execute("insert into django_session values ('k', 'kept', now())")


def contents(url: str) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, as the superuser sees them."""
    with psycopg.connect(url) as connection:
        query = "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace order by 1"
        names = [str(row[0]) for row in connection.execute(query)]
        return {name: sorted(connection.execute(f"select t::text from {name} t".encode()).fetchall()) for name in names}


def guards(url: str) -> dict[object, tuple[object, ...]]:
    """Tables with their row-level security, policies, triggers and constraints; of checks the name.

    PostgreSQL writes the same check in other words after it was dumped and read again.
    """
    query = """
    select relname, relrowsecurity, relforcerowsecurity, pg_get_userbyid(relowner),
        (select string_agg(pg_get_expr(polqual, c.oid), ';') from pg_policy where polrelid = c.oid),
        (select string_agg(tgname, ';' order by tgname) from pg_trigger where tgrelid = c.oid and not tgisinternal),
        (select string_agg(case contype when 'c' then conname else pg_get_constraintdef(k.oid) end, '; '
            order by conname) from pg_constraint k where conrelid = c.oid)
    from pg_class c where relkind = 'r' and relnamespace = 'public'::regnamespace order by 1
    """
    with psycopg.connect(url) as connection:
        return {row[0]: row[1:] for row in connection.execute(query.encode())}


def test_a_floor_is_restored_with_every_row_every_policy_and_every_file(floor: Path, tmp_path: Path) -> None:
    assert onefloor("load", floor, "asterisk-queue-log", LOG).returncode == 0
    (floor / "web" / "media" / "upload.csv").write_text("a,b\n", encoding="ascii")
    original = Server(floor / "web" / "postgres")
    backup = tmp_path / "backup.tar"
    with serving(floor):
        filled(original.url(SUPERUSER, roles.DATABASE))
        rows, tables = (what(original.url(SUPERUSER, roles.DATABASE)) for what in (contents, guards))
        made = onefloor("backup", floor, backup)
        assert made.returncode == 0, made.stderr
    assert backup.stat().st_mode & 0o777 == 0o600

    again = tmp_path / "again"
    restored = onefloor("restore", backup, again)
    assert restored.returncode == 0, restored.stderr
    assert files(again) == files(floor)
    assert onefloor("status", again).stdout.replace(str(again), str(floor)) == onefloor("status", floor).stdout
    with serving(again) as site:
        copy = Server(again / "web" / "postgres").url(SUPERUSER, roles.DATABASE)
        assert site.get() == 200
        assert contents(copy) == rows
        assert guards(copy) == tables


def files(floor: Path) -> dict[str, bytes]:
    return {name: path.read_bytes() for path, name in files_of(floor, LEFT_OUT)}


def test_a_servers_postgresql_is_prepared_served_from_backed_up_and_restored(
    administered: Administered, tmp_path: Path
) -> None:
    floor, again, backup = tmp_path / "floor", tmp_path / "again", tmp_path / "backup.tar"
    onefloor("init", floor, "--timezone", "Asia/Shanghai")
    with serving(floor, **administered.addresses()) as site:
        assert site.get() == 200
        assert not (floor / "web" / "postgres").exists()
        # Neither web server nor worker is told how to become the owner of the tables.
        told = [environment_of(pid) for name in ("gunicorn", "run_jobs") for pid in site.children(name)]
        assert [name for one in told for name in one if name in ("DATABASE_OWNER_URL", "DATABASE_BACKUP_URL")] == []
    forgotten = onefloor("backup", floor, backup)  # without the settings of the service
    assert (forgotten.returncode, backup.exists(), (floor / "web" / "postgres").exists()) == (3, False, False)
    assert forgotten.stderr.splitlines()[0] == (
        "This floor's database is on a server (127.0.0.1/onefloor), and DATABASE_URL is not set."
    )
    filled(administered.superuser())
    rows, tables = (what(administered.superuser()) for what in (contents, guards))
    made = onefloor("backup", floor, backup, **administered.addresses())
    assert made.returncode == 0, made.stderr

    full = onefloor("restore", backup, again, **administered.addresses())
    assert (full.returncode, again.exists()) == (3, False)
    assert full.stderr.startswith("The database of DATABASE_OWNER_URL holds tables already.")

    administered.prepare("onefloor_again", tmp_path / "again.sql")
    restored = onefloor("restore", backup, again, **administered.addresses("onefloor_again"))
    assert restored.returncode == 0, restored.stderr
    copy = administered.superuser("onefloor_again")
    assert contents(copy) == rows
    assert guards(copy) == tables


def test_a_server_without_a_backup_role_is_not_backed_up_by_halves(administered: Administered, tmp_path: Path) -> None:
    floor = tmp_path / "floor"
    onefloor("init", floor, "--timezone", "Asia/Shanghai")
    addresses = administered.addresses()
    del addresses["DATABASE_BACKUP_URL"]
    made = onefloor("backup", floor, tmp_path / "backup.tar", **addresses)
    assert (made.returncode, made.stderr.splitlines()[0]) == (3, "DATABASE_BACKUP_URL is not set.")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["floor", "roles.sql", "server"]


def test_an_address_that_is_wrong_is_named_with_what_to_do(administered: Administered, tmp_path: Path) -> None:
    floor = tmp_path / "floor"
    onefloor("init", floor, "--timezone", "Asia/Shanghai")
    wrong = {name: url.replace("word", "other") for name, url in administered.addresses().items()}
    started = onefloor("serve", floor, "--port", free_port(), **wrong)
    assert (started.returncode, started.stderr.splitlines()[0]) == (
        3,
        "The database of DATABASE_OWNER_URL cannot be reached.",
    )
    assert "password authentication failed" in started.stderr


def test_a_server_named_without_its_owner_is_refused(floor: Path) -> None:
    started = onefloor(
        "serve", floor, "--port", free_port(), DATABASE_URL="postgresql://onefloor_app@127.0.0.1/onefloor"
    )
    assert started.returncode == 3
    assert started.stderr.startswith("DATABASE_URL is set, DATABASE_OWNER_URL is not.")


@pytest.fixture
def taken(floor: Path, tmp_path: Path) -> Path:
    """A backup."""
    file = tmp_path / "backup.tar"
    assert onefloor("backup", floor, file).returncode == 0
    return file


def test_a_backup_is_never_written_over(floor: Path, taken: Path) -> None:
    before = taken.read_bytes()
    second = onefloor("backup", floor, taken)
    assert (second.returncode, taken.read_bytes()) == (3, before)
    assert second.stderr.startswith(f'"{taken}" exists.')


def test_a_folder_in_use_is_not_restored_over(floor: Path, taken: Path) -> None:
    restored = onefloor("restore", taken, floor)
    assert (restored.returncode, restored.stderr.splitlines()[0]) == (3, f'"{floor}" exists and is not empty.')


def test_a_backup_that_was_cut_off_leaves_nothing(taken: Path, tmp_path: Path) -> None:
    taken.write_bytes(taken.read_bytes()[: taken.stat().st_size // 2])
    restored = onefloor("restore", taken, tmp_path / "again")
    assert (restored.returncode, restored.stderr.splitlines()[0]) == (3, "This backup cannot be used.")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup.tar", "floor"]


def test_a_byte_that_changed_is_noticed(taken: Path, tmp_path: Path) -> None:
    key = b"timezone = "
    content = taken.read_bytes()
    taken.write_bytes(content.replace(key, key.upper(), 1))
    restored = onefloor("restore", taken, tmp_path / "again")
    assert (restored.returncode, (tmp_path / "again").exists()) == (3, False)
    assert '"floor/floor.toml" is damaged.' in restored.stderr


@pytest.mark.parametrize("name", ["../outside", "/outside", "floor/../../outside"])
def test_a_part_that_would_be_written_outside_is_refused(tmp_path: Path, name: str) -> None:
    file = tmp_path / "backup.tar"
    with tarfile.open(file, "w") as tar:
        part = tarfile.TarInfo(name)
        part.size = 4
        tar.addfile(part, io.BytesIO(b"evil"))
    with pytest.raises(BadBackup, match="is no name of a part"):
        unpack(file, tmp_path / "into")
    assert not list(tmp_path.rglob("outside"))


def test_a_link_in_a_backup_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "backup.tar"
    with tarfile.open(file, "w") as tar:
        part = tarfile.TarInfo("floor/link")
        part.type, part.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(part)
    with pytest.raises(BadBackup, match="is not a plain file"):
        unpack(file, tmp_path / "into")


def environment_of(pid: int) -> set[str]:
    """Names of what a process was told."""
    told = Path(f"/proc/{pid}/environ").read_bytes().decode(errors="replace").split("\0")
    return {one.partition("=")[0] for one in told}
