"""What people send while processes die: a write is there whole or not at all, and sent again it is there once."""

from __future__ import annotations

import itertools
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import psycopg
import pytest
from administered import prepared
from processes import Site, copied, descendants, serving, until
from writers import Answer, Form, Writer, import_file, roster_file, saved_view, signed_in

from onefloor_web.database import roles
from onefloor_web.database.embedded import SUPERUSER, Server
from onefloor_web.serving.unavailable import NOT_SAVED, UNKNOWN

pytestmark = pytest.mark.processes
TABLES = {"/rosters/uploads/": "rosters_rosterfile", "/imports/new/": "imports_import",
          "/saved-views/": "scorecards_savedview"}  # fmt: skip
OURS = f"select count(*) from pg_stat_activity where usename = '{roles.APP}'"
AT_COMMIT = """
create function {name}() returns trigger language plpgsql security definer as $$ begin {does}; return null; end $$;
create constraint trigger {name} after insert on {table} deferrable initially deferred
    for each row execute function {name}()
"""
MANY_LINES = 40_000  # too many for memory: such a file lies on the disk while it comes in


@dataclass(frozen=True)
class House:
    """A site, who writes to it, and a way to look behind it."""

    site: Site
    floor: Path
    writers: list[Writer]
    url: str

    def ask(self, query: str, *values: str) -> list[tuple[object, ...]]:
        """What the superuser sees."""
        with psycopg.connect(self.url) as connection:
            return connection.execute(query.encode(), values).fetchall()

    def written(self, form: Form) -> int:
        """How often a form is in the database."""
        ((times,),) = self.ask(f"select count(*) from {TABLES[form.path]} where name = %s", form.name)
        return int(str(times))

    def until_ours(self, which: str, number: int) -> None:
        """Wait until so many of the application's sessions are in some state."""
        until(lambda: self.ask(f"{OURS} and {which}") == [(number,)])

    def answering(self) -> set[int]:
        """The processes that answer requests."""
        return {pid for master in self.site.children("gunicorn") for pid in descendants(master, direct=True)}

    def kill_web(self) -> None:
        """Kill the process that answers requests, and wait until another one has taken its place."""
        (first,) = self.answering()
        os.kill(first, signal.SIGKILL)
        until(lambda: self.answering() - {first})
        until(lambda: self.site.get() == 200)

    @contextmanager
    def at_commit(self, form: Form, does: str) -> Iterator[None]:
        """Have something done in the database when a form's row is being committed."""
        table = TABLES[form.path]
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(AT_COMMIT.format(name=f"{table}_waits", table=table, does=does).encode())
            yield
            connection.execute(f"drop function {table}_waits cascade".encode())

    def sent_at_last(self, form: Form) -> None:
        """The form is sent until it is acknowledged, and then once more: it is there once."""
        answers = [self.writers[0].send(form), self.writers[0].send(form)]
        assert [answer and answer.status for answer in answers] == [302, 302]
        assert len({answer and answer.location for answer in answers}) == 1
        assert self.written(form) == 1


def files(folder: Path) -> set[Path]:
    """All files below a folder."""
    return {path for path in folder.rglob("*") if path.is_file()}


def one_of_each(name: str, lines: int = 1) -> list[Form]:
    return [roster_file(name), import_file(name, lines), saved_view(name)]


@pytest.fixture(scope="module")
def house(served_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A site with a PostgreSQL of its own, for all tests of this file."""
    floor = copied(served_once, tmp_path_factory.mktemp("writes") / "floor")
    with serving(floor) as site:
        url = Server(floor / "web" / "postgres").url(SUPERUSER, roles.DATABASE)
        yield House(site, floor, signed_in(site, floor, 4), url)


def test_a_kill_while_forms_come_in_leaves_nothing_of_them_neither_rows_nor_files(house: House) -> None:
    forms, media, arriving = (
        one_of_each("half", MANY_LINES),
        house.floor / "web/media",
        house.floor / "web/run/arriving",
    )
    before = files(media)
    with ExitStack() as opened:
        for form in forms:
            opened.enter_context(house.writers[0].begin(form))
        house.until_ours("state = 'idle in transaction'", len(forms))
        until(lambda: files(arriving))
        house.kill_web()
    assert [house.written(form) for form in forms] == [0, 0, 0]
    assert (files(media), files(arriving)) == (before, set())
    for form in forms:
        house.sent_at_last(form)


def test_a_kill_while_rows_are_being_written_leaves_none_of_them(house: House) -> None:
    forms = one_of_each("locked")
    with psycopg.connect(house.url) as lock:
        for form in forms:
            lock.execute(f"lock table {TABLES[form.path]} in share row exclusive mode".encode())  # reads go on
        sendings = [house.writers[0].sending(form) for form in forms]
        house.until_ours("wait_event_type = 'Lock'", len(forms))
        house.kill_web()
        for sending in sendings:
            sending.join()
    house.until_ours("xact_start is not null", 0)
    assert [sending.answer for sending in sendings] == [None, None, None]
    assert [house.written(form) for form in forms] == [0, 0, 0]
    for form in forms:
        house.sent_at_last(form)


def test_a_kill_between_commit_and_answer_leaves_the_write_and_sent_again_it_is_the_same_one(house: House) -> None:
    forms = one_of_each("committed")
    with ExitStack() as waiting:
        for form in forms:
            waiting.enter_context(house.at_commit(form, "perform pg_advisory_xact_lock_shared(1)"))
        lock = waiting.enter_context(psycopg.connect(house.url))
        lock.execute("select pg_advisory_xact_lock(1)")
        sendings = [house.writers[0].sending(form) for form in forms]
        house.until_ours("wait_event_type = 'Lock'", len(forms))
        house.kill_web()
        lock.rollback()
        for sending in sendings:
            sending.join()
        house.until_ours("xact_start is not null", 0)
    assert [sending.answer for sending in sendings] == [None, None, None]
    assert [house.written(form) for form in forms] == [1, 1, 1]
    for form in forms:
        house.sent_at_last(form)


def test_a_connection_that_breaks_at_the_commit_is_not_called_unsaved(house: House) -> None:
    form = roster_file("broken off")
    with house.at_commit(form, "perform pg_terminate_backend(pg_backend_pid())"):
        answer = house.writers[0].send(form)
    assert answer is not None
    assert (answer.status, UNKNOWN.en in answer.text, NOT_SAVED.en in answer.text) == (503, True, False)
    house.sent_at_last(form)


class Busy(threading.Thread):
    """Somebody who sends one form after another, each until it is acknowledged."""

    kinds: ClassVar[list[Callable[[str], Form]]] = [roster_file, import_file, saved_view]

    def __init__(self, writer: Writer, name: str) -> None:
        super().__init__(daemon=True)
        self.acknowledged: list[Form] = []
        self.others: list[Answer | None] = []
        self.ending = threading.Event()
        self._writer = writer
        self._forms = (self.kinds[n % 3](f"{name} {n}") for n in itertools.count())

    def run(self) -> None:
        """Send."""
        for form in self._forms:
            while (answer := self._writer.send(form)) is None or answer.status != 302:
                self.others.append(answer)
            self.acknowledged.append(form)
            if self.ending.is_set():
                return


@contextmanager
def busy(house: House, name: str) -> Iterator[list[Busy]]:
    """All writers at work; each has sent something before the block and sends something after it."""
    people = [Busy(writer, f"{name} {nth}") for nth, writer in enumerate(house.writers)]
    for one in people:
        one.start()
    _each_goes_on(people)
    yield people
    _each_goes_on(people)
    for one in people:
        one.ending.set()
    for one in people:
        one.join()


def _each_goes_on(people: list[Busy]) -> None:
    before = [len(one.acknowledged) for one in people]
    until(lambda: all(len(one.acknowledged) > count + 3 for one, count in zip(people, before, strict=True)))


def everything_is_there_once(house: House, people: list[Busy], name: str) -> None:
    """What was acknowledged is in the database and nothing else is; what was not was told so on a page."""
    for path, table in TABLES.items():
        sent = sorted(form.name for one in people for form in one.acknowledged if form.path == path)
        rows = house.ask(f"select name from {table} where name like %s", f"{name} %")
        assert sorted(str(row[0]) for row in rows) == sent
    for table in ("rosters_rosterfile", "scorecards_savedview"):  # the audit trail tells of each once, too
        counts = house.ask(
            f"select count(*) from {table}event where name like %s group by pgh_obj_id, pgh_label", f"{name} %"
        )
        assert {count for (count,) in counts} == {1}
    others = [answer for one in people for answer in one.others]
    assert {answer and answer.status for answer in others} <= {503}
    assert [answer for answer in others if not answer or not {NOT_SAVED.en, UNKNOWN.en} & set(_told(answer))] == []


def _told(answer: Answer) -> list[str]:
    return [text.en for text in (NOT_SAVED, UNKNOWN) if text.en in answer.text]


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_people_write_on_while_postgresql_dies_and_what_was_acknowledged_is_there_once(
    house: House, how: signal.Signals
) -> None:
    before = house.answering()
    with busy(house, how.name) as people:
        (server,) = house.site.children("postgres")
        os.kill(server, how)
        until(lambda: house.site.children("postgres") not in ([], [server]))
    everything_is_there_once(house, people, how.name)
    assert house.answering() == before


def test_people_write_on_while_an_administrator_restarts_the_servers_postgresql(
    served_once: Path, tmp_path: Path
) -> None:
    floor = copied(served_once, tmp_path / "floor")
    (floor / "web" / "postgres").rename(tmp_path / "server")  # it belongs to the administrator now
    with prepared(tmp_path) as administered, serving(floor, **administered.addresses()) as site:
        people = signed_in(site, floor, 2, **administered.addresses())
        house = House(site, floor, people, administered.superuser())
        before = house.answering()
        with busy(house, "restart") as people:
            administered.server.stop()
            administered.server.start()
        everything_is_there_once(house, people, "restart")
        assert house.answering() == before
