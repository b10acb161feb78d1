"""``onefloor demo``: the demonstration is built while PostgreSQL and its tables come up, then everything is served."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

import psycopg

from onefloor import __version__
from onefloor.floor import SETTINGS, Floor, open_floor
from onefloor.language import Language, Text, same
from onefloor.periods import zone
from onefloor.problems import Problem
from onefloor_web.database import child
from onefloor_web.serving import site
from onefloor_web.serving.address import Address, listening, serving_alone
from onefloor_web.serving.place import Place, database
from onefloor_web.serving.site import Size
from onefloor_web.serving.state import State
from onefloor_web.serving.supervisor import Ready, bring_up_to_date, ending_in_order, run
from onefloor_web.serving.tended import Say

ZONE = "Asia/Shanghai"  # of the generated year
EARLIEST = date(2026, 3, 1)  # before it, that year has no month to settle
FILLED_BY = (
    "onefloor_web.platform.demo",
    "onefloor_web.records.demo",
    "onefloor_web.agreements.demo",
    "onefloor_web.trust.demo",
    "onefloor_web.settlement.demo",
    "onefloor.demo",
)
SIGN_IN = "demo/sign-in/"


class NotBuilt(Problem):
    """The process that builds the demonstration failed; it has said why."""

    def __init__(self, code: int) -> None:
        super().__init__(
            Text(f"演示没有制作完成（{code}），原因见上。", f"The demonstration was not finished ({code}); see above."),
            remedy=Text("排除原因后再运行一次，会从中断处继续。", "Mend the cause and run it again: it continues."),
        )


class NoDemoData(Problem):
    """The demonstration's companies, people and sign-ins could not be loaded."""

    def __init__(self, said: str) -> None:
        super().__init__(
            Text("演示的网页数据没有装载成功。", "The demonstration's people and sign-ins were not loaded."),
            why=same(said) if said else None,
            remedy=Text("请再运行一次。", "Run it again."),
        )


def demo(
    folder: Path,
    address: Address,
    size: Size,
    *,
    contacts: int | None,
    agents: int | None = None,
    until: date | None = None,
    language: Language,
    say: Say,
    ready: Ready,
) -> None:
    """Build what is missing of the demonstration and serve its year until a signal asks to stop.

    Args:
        folder: of the demonstration; the floor ``year`` in it is served.
        address: where to listen.
        size: of the web server and the worker.
        contacts: how many the year has; the usual number if left out.
        agents: how many people its roster begins with; the usual number if left out.
        until: the first day of which its facts know nothing; today if left out.
        language: of the statements.
        say: told what happens meanwhile.
        ready: called once when the site answers.

    Raises:
        AlreadyServed, CannotListen: somebody else is there.
        NotBuilt, NoDemoData: a step failed; the next start continues.
        Problem: the database or the web server did not start; says why.
    """
    state = State(year(folder).root.resolve())
    state.make()
    with (
        ending_in_order(),
        serving_alone(state, address),
        listening(address) as socket,
        building(folder.resolve(), contacts, agents, language, until) as builder,
        database(state) as place,
    ):
        bring_up_to_date(state, place, address)
        wait_for(builder, folder, contacts, agents)
        load_data(state, place, address)
        run(state, place, address, size, socket, say=say, ready=ready, demo=True)


@contextmanager
def building(
    folder: Path, contacts: int | None, agents: int | None, language: Language, until: date | None = None
) -> Iterator[subprocess.Popen[bytes] | None]:
    """A process that builds the demonstration meanwhile, or None if it is built; ended if the block fails first."""
    if _built(folder) == _wanted(contacts, agents):
        yield None
        return
    some = ["--contacts", str(contacts)] if contacts else []
    some += ["--agents", str(agents)] if agents else []
    known = until or datetime.now(zone(ZONE)).date()
    some += ["--until", str(known)] if known >= EARLIEST else []  # a clock that goes wrong gets all of the year
    command = [sys.executable, "-m", "onefloor", "demo", str(folder), "--build-only", "--lang", language, *some]
    builder = child.start(command, output=subprocess.DEVNULL, errors=None)  # its progress is for people to see
    try:
        yield builder
    finally:
        child.stop(builder)


def wait_for(builder: subprocess.Popen[bytes] | None, folder: Path, contacts: int | None, agents: int | None) -> None:
    """Wait until the demonstration is built, and note that it is."""
    if builder is None:
        return
    if code := builder.wait():
        raise NotBuilt(code)
    _stamp(folder).write_text(json.dumps(_wanted(contacts, agents)), encoding="utf-8")


def load_data(state: State, place: Place, address: Address) -> None:
    """Companies, people and sign-ins of the demonstration, unless this database has them."""
    wanted = data_digest()
    if _loaded(place) == wanted:
        return
    surroundings = site.environment(state, place, address, demo=True)
    loader = child.start(
        [sys.executable, "-m", "django", "demo_data"], environment=surroundings, output=subprocess.PIPE
    )
    said, _ = loader.communicate()
    if loader.returncode:
        raise NoDemoData(" ".join(said.decode(errors="replace").strip().splitlines()[-3:]))
    with psycopg.connect(place.owner_url) as connection:
        connection.execute(f"comment on schema public is 'demonstration {wanted}'".encode())


def year(folder: Path) -> Floor:
    """The floor that is served; one of before the folder to import from gets it."""
    root = folder / "year"
    if (root / SETTINGS).exists() and (floor := open_floor(root)).import_roots:
        return floor
    from onefloor.demo.floor import web_floor  # brings engines and table formats along, a second of every later start

    return web_floor(folder)


def _loaded(place: Place) -> str | None:
    with psycopg.connect(place.owner_url) as connection:
        row = connection.execute("select obj_description('public'::regnamespace)").fetchone()
    return str(row[0]).removeprefix("demonstration ") if row and row[0] else None


def data_digest() -> str:
    """The state of the code that fills the demonstration: another one fills it anew."""
    digest = hashlib.sha256()
    for name in FILLED_BY:
        for folder in folders(name):
            for file in sorted(folder.rglob("*.py")):
                digest.update(f"{name}/{file.relative_to(folder).as_posix()}\n".encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def folders(package: str) -> list[Path]:
    """Where a package lies; nothing of it is imported."""
    spec = importlib.util.find_spec(package)
    return [Path(place) for place in (spec.submodule_search_locations or ())] if spec else []


def _stamp(folder: Path) -> Path:
    return folder / "built.json"


def _built(folder: Path) -> object:
    try:
        return json.loads(_stamp(folder).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None


def _wanted(contacts: int | None, agents: int | None) -> dict[str, object]:
    return {"onefloor": __version__, "contacts": contacts, "agents": agents}
