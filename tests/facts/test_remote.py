"""Folders and object stores: only allowed places, every file once, no way around."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow.fs as fs
import pytest

from onefloor.facts.load import load_files
from onefloor.facts.remote import NoSuchPlace, NotAllowed, fetched, listed, new_ones, note_loaded
from onefloor.facts.sources import asterisk
from onefloor.floor import BadSetting, Floor, create_floor, open_floor

SOURCE = asterisk.SOURCE


def new(root: Path, *roots: str) -> Floor:
    create_floor(root, timezone="Asia/Shanghai")
    with (root / "floor.toml").open("a") as file:
        file.write(f"[imports]\nroots = {list(roots)}\n")
    return open_floor(root)


@pytest.fixture
def drop(tmp_path: Path) -> Path:
    folder = tmp_path / "drop"
    (folder / "2026").mkdir(parents=True)
    for name in ("queue_log", "queue_log.1", "other.csv", ".hidden", "2026/queue_log"):
        (folder / name).write_text(f"{name}\n")
    return folder


@pytest.fixture
def floor(drop: Path, tmp_path: Path) -> Floor:
    return new(tmp_path / "floor", str(drop))


def names(floor: Floor, place: str | Path) -> list[str]:
    return [file.name for file in listed(floor, str(place))]


def test_a_folder_a_file_and_a_wildcard_name_their_files(floor: Floor, drop: Path) -> None:
    assert names(floor, drop) == names(floor, f"file://{drop}/") == ["other.csv", "queue_log", "queue_log.1"]
    assert names(floor, drop / "queue_log*") == ["queue_log", "queue_log.1"]
    assert names(floor, drop / "other.csv") == ["other.csv"]
    assert [file.path for file in listed(floor, f"{drop}/*/queue_log")] == [f"{drop}/2026/queue_log"]


def test_places_outside_the_roots_are_refused_however_they_are_written(floor: Floor, drop: Path) -> None:
    secret = drop.parent / "drop2"
    secret.mkdir()
    (secret / "x").write_text("x")
    for place in (
        secret, drop.parent, "/", "/etc/passwd", f"{drop}/../drop2/x", f"{drop}/2026/../../drop2", f"{drop}2/x",
        "drop", "s3://bucket/x", "https://host/x", f"s3://x/../{drop}", "", f"{drop}\\x", f"http://h{drop}",
    ):  # fmt: skip
        with pytest.raises(NotAllowed):
            listed(floor, str(place))


def test_links_are_not_followed_wherever_they_lead(floor: Floor, drop: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "queue_log").write_text("secret")
    (drop / "link").symlink_to(tmp_path / "secret")
    (drop / "2026" / "queue_log.9").symlink_to(tmp_path / "secret" / "queue_log")
    for place in ("link", "link/queue_log", "link/*", "2026/queue_log.9", "2026/*"):
        with pytest.raises(NotAllowed):
            listed(floor, f"{drop}/{place}")


def test_a_file_that_becomes_a_link_before_it_is_fetched_is_refused(floor: Floor, drop: Path, tmp_path: Path) -> None:
    files = listed(floor, str(drop / "queue_log"))
    (tmp_path / "secret").write_text("secret")
    (drop / "queue_log").unlink()
    (drop / "queue_log").symlink_to(tmp_path / "secret")
    with pytest.raises(NotAllowed), fetched(floor, files):
        pass


def test_a_root_may_itself_be_a_link(drop: Path, tmp_path: Path) -> None:
    (tmp_path / "to").symlink_to(drop)
    assert names(new(tmp_path / "floor", str(tmp_path / "to")), tmp_path / "to" / "other.csv") == ["other.csv"]


def test_nothing_there_and_no_roots_say_so(floor: Floor, drop: Path, tmp_path: Path) -> None:
    with pytest.raises(NoSuchPlace):
        listed(floor, f"{drop}/*.zip")
    with pytest.raises(NoSuchPlace):
        listed(floor, f"{drop}/none")
    with pytest.raises(NotAllowed, match="names no place"):
        listed(new(tmp_path / "closed"), str(drop))
    create_floor(tmp_path / "bad", timezone="Asia/Shanghai")
    (tmp_path / "bad" / "floor.toml").write_text('[floor]\ntimezone = "UTC"\n[imports]\nroots = "x"\n')
    with pytest.raises(BadSetting):
        open_floor(tmp_path / "bad")


def load_new(floor: Floor, place: str) -> list[str]:
    files = new_ones(floor, listed(floor, place), SOURCE)
    with fetched(floor, files) as copies:
        load_files(floor, SOURCE, asterisk.read, copies)
    note_loaded(floor, files, SOURCE)
    return [file.name for file in files]


def test_a_folder_loaded_again_loads_only_what_is_new_or_has_changed(floor: Floor, drop: Path) -> None:
    place = f"{drop}/queue_log*"
    assert load_new(floor, place) == ["queue_log", "queue_log.1"]
    assert load_new(floor, place) == []
    (drop / "queue_log").write_text("longer now\n")
    (drop / "queue_log.2").write_text("new\n")
    assert load_new(floor, place) == ["queue_log", "queue_log.2"]
    assert new_ones(floor, listed(floor, place), "another kind") == listed(floor, place)


def test_copies_are_gone_after_the_block_and_progress_reaches_the_end(floor: Floor, drop: Path) -> None:
    told: list[tuple[int, int]] = []
    files = listed(floor, str(drop))
    with fetched(floor, files, progress=lambda done, total: told.append((done, total))) as copies:
        assert [copy.read_text() for copy in copies] == ["other.csv\n", "queue_log\n", "queue_log.1\n"]
    assert told[-1] == (32, 32)
    assert list((floor.root / "scratch").iterdir()) == []


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[fs.S3FileSystem]:
    """A real S3 server on loopback with a bucket."""
    server = pytest.importorskip("moto.server", reason="no S3 server is installed").ThreadedMotoServer(
        ip_address="127.0.0.1", port=0, verbose=False
    )
    server.start()
    host, port = server.get_host_and_port()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
    for name, value in (("ACCESS_KEY_ID", "k"), ("SECRET_ACCESS_KEY", "s"), ("DEFAULT_REGION", "us-east-1")):
        monkeypatch.setenv(f"AWS_{name}", value)
    store = fs.S3FileSystem(endpoint_override=f"{host}:{port}", scheme="http", allow_bucket_creation=True)
    store.create_dir("logs")
    store.create_dir("secret")
    for path in ("logs/pbx/queue_log", "logs/pbx/queue_log.1", "logs/other/x", "secret/x"):
        with store.open_output_stream(path) as file:
            file.write(f"{path}\n".encode())
    yield store
    server.stop()


def test_an_object_store_is_read_through_its_own_protocol(s3: fs.S3FileSystem, tmp_path: Path) -> None:
    floor = new(tmp_path / "floor", "s3://logs/pbx")
    assert names(floor, "s3://logs/pbx/queue_log*") == names(floor, "s3://logs/pbx") == ["queue_log", "queue_log.1"]
    with fetched(floor, listed(floor, "s3://logs/pbx/")) as copies:
        assert [copy.read_text() for copy in copies] == ["logs/pbx/queue_log\n", "logs/pbx/queue_log.1\n"]
    assert load_new(floor, "s3://logs/pbx/*") == ["queue_log", "queue_log.1"]
    assert load_new(floor, "s3://logs/pbx/*") == []
    for place in ("s3://logs/other/x", "s3://logs/pbx/../other/x", "s3://secret/x", "s3://logs/pbx2"):
        with pytest.raises(NotAllowed):
            listed(floor, place)
    with pytest.raises(NoSuchPlace):
        listed(floor, "s3://logs/pbx/none")
