"""``onefloor serve``: start everything in order, keep it running, stop it in the opposite order."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from onefloor.floor import open_floor
from onefloor.language import Text
from onefloor_web.database import migrations
from onefloor_web.serving import site, systemd
from onefloor_web.serving.address import Address, listening, serving_alone
from onefloor_web.serving.place import Place, database
from onefloor_web.serving.site import Size
from onefloor_web.serving.state import State
from onefloor_web.serving.tended import Say, Tended

PAUSE = 0.2

Ready = Callable[[Address], None]

hurry: list[int] = []  # signals that came while ending; a plain list, as a handler may come between any two steps


def serve(root: Path, address: Address, size: Size, *, say: Say, ready: Ready) -> None:
    """Serve a floor until a signal asks to stop.

    Args:
        root: the floor's folder.
        address: where to listen.
        size: of the web server and the worker.
        say: told what happens meanwhile.
        ready: called once when the site answers.

    Raises:
        NoFloor, BadSetting: the folder is not a floor that can be opened.
        AlreadyServed, CannotListen: somebody else is there.
        Problem: the database or the web server did not start; says why.
    """
    state = State(open_floor(root).root.resolve())
    state.make()
    with ending_in_order(), serving_alone(state, address), listening(address) as socket, database(state) as place:
        bring_up_to_date(state, place, address)
        run(state, place, address, size, socket, say=say, ready=ready)


def bring_up_to_date(state: State, place: Place, address: Address) -> None:
    """Migrate as the owner, then make sure that the application's role cannot bypass the policies."""
    surroundings = site.environment(state, place, address)
    migrations.migrate(place.owner_url, installed_apps(), surroundings)
    place.check()


def installed_apps() -> Sequence[str]:
    """The apps whose migrations the database needs."""
    from onefloor_web.settings import INSTALLED_APPS

    return INSTALLED_APPS


def run(
    state: State, place: Place, address: Address, size: Size, socket: int, *, say: Say, ready: Ready, demo: bool = False
) -> None:
    """Web server and worker, until a signal asks to stop."""
    surroundings = site.environment(state, place, address, demo=demo)
    web, worker = site.web(state, surroundings, socket, size), site.worker(state, surroundings, size)
    with stopped_at_the_end([web, worker]):
        web.start()
        site.wait_until_up(web, address)
        worker.start()
        systemd.ready()
        ready(address)
        tend([web, worker], place, say)


def tend(children: Sequence[Tended], place: Place, say: Say) -> None:
    """Keep everything running; returns when a signal asks to stop."""
    try:
        while True:
            time.sleep(PAUSE)
            if place.server is not None and not place.server.alive():
                say(Text("PostgreSQL 意外结束，正在重新启动。", "PostgreSQL ended unexpectedly; starting it again."))
                place.server.start()
            for one in children:
                one.tend(say)
    except KeyboardInterrupt:
        return


@contextmanager
def ending_in_order() -> Iterator[None]:
    """SIGTERM ends the block as Ctrl-C does. Once it is ending, further signals only make it hurry."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        for one in (signal.SIGINT, signal.SIGTERM):
            signal.signal(one, _hurry)
        raise KeyboardInterrupt

    hurry.clear()
    before = {one: signal.signal(one, interrupt) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def _hurry(number: int, _frame: FrameType | None) -> None:
    hurry.append(number)


@contextmanager
def stopped_at_the_end(children: Sequence[Tended]) -> Iterator[None]:
    """Ask all children to end when the block does, wait for what they are doing, then end them without asking."""
    try:
        yield
    finally:
        for one in children:
            one.ask_to_end()
        end = time.monotonic() + site.GRACE + 5
        while any(one.running for one in children) and time.monotonic() < end and not hurry:
            time.sleep(0.05)
        for one in children:
            one.kill()
