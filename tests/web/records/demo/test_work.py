"""What the demonstration begins with: pages have something to show, and no figure changes by it."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from pathlib import Path
from typing import Any, ClassVar

import pytest
from django.core.management import call_command
from django.db.models import Model
from django.test import Client
from job_runs import run_waiting

from onefloor.demo.filling import fill as fill_facts
from onefloor.demo.year import ZONE, Plan
from onefloor.facts.store import scan, table_version
from onefloor.floor import Floor, create_floor, open_floor
from onefloor_web.platform.accounts.models import User
from onefloor_web.platform.api.models import Token
from onefloor_web.platform.jobs import within
from onefloor_web.platform.jobs.models import Job, State
from onefloor_web.platform.notifications.addresses import BadAddress, target
from onefloor_web.platform.notifications.models import Delivery, Outcome, Webhook
from onefloor_web.platform.privacy.models import Access, Exit, Stage
from onefloor_web.platform.tenancy.scopes import bound
from onefloor_web.records.demo.office import DASHBOARD, FORMER, PLANNING
from onefloor_web.records.demo.work import COMPLAINTS, LOG
from onefloor_web.records.imports.models import Import
from onefloor_web.records.imports.models import State as ImportState
from onefloor_web.records.rosters.models import RosterFile
from onefloor_web.records.scorecards.models import SavedView


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Floor:
    floor = create_floor(Path(tmp_path_factory.mktemp("demo")) / "floor", timezone=ZONE, name="Hotline")
    fill_facts(floor, Plan(contacts=20_000, staff=300, months=2, tables=frozenset({"roster"})))
    return floor


@pytest.fixture
def year(made: Floor, tmp_path: Path) -> Floor:
    """A copy for each test: what was loaded once is known from then on."""
    return open_floor(shutil.copytree(made.root, tmp_path / "floor"))


class Taking(BaseHTTPRequestHandler):
    """The demonstration's own address for messages, in the place of its web server."""

    taken: ClassVar[list[tuple[str, str]]] = []

    def do_POST(self) -> None:
        """Take a message."""
        message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.taken.append((self.path, message["type"]))
        self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nothing."""


@pytest.fixture
def taken() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """A site's address, and the messages that came there: to which path, of which kind."""
    Taking.taken.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Taking) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/", Taking.taken
        server.shutdown()


@pytest.fixture
def begun(db: None, settings, year: Floor, tmp_path: Path, taken: tuple[str, list[Any]]) -> None:
    """The demonstration with its jobs done, as a worker does them."""
    settings.DEMO, settings.FLOOR, settings.MEDIA_ROOT = True, year.root, tmp_path / "media"
    settings.STATE, settings.SITE = tmp_path, taken[0]
    begin()
    for number in within.every_company():
        run_waiting(number)


def begin() -> None:
    call_command("demo_data", stdout=StringIO())


def signed_in(username: str, client: Client) -> Client:
    with bound(signing_in=True):
        number = User.objects.get(username=username).pk
    assert client.post("/demo/sign-in/", {"user": number}).status_code == 302
    return client


def per_company(model: type[Model]) -> dict[int, list[Any]]:
    found = {}
    for number in within.every_company():
        with within.company(number):
            found[number] = list(model._base_manager.order_by("pk"))
    return found


def test_every_company_has_imports_a_roster_file_and_a_view(begun: None) -> None:
    imports = [[(one.name, one.state) for one in rows] for rows in per_company(Import).values()]
    loaded = (COMPLAINTS, ImportState.LOADED)
    assert imports == [[(LOG, ImportState.TRIED), loaded], [loaded], [loaded]]
    previewed = [[one.subject for one in reversed(rows)] for rows in per_company(Access).values()]
    assert previewed == [[COMPLAINTS, LOG], [COMPLAINTS], [COMPLAINTS]]
    assert [[one.state for one in rows] for rows in per_company(RosterFile).values()] == [["loaded"]] * 3
    assert [len(rows) for rows in per_company(SavedView).values()] == [1, 1, 1]
    assert {job.state for rows in per_company(Job).values() for job in rows} == {State.DONE}


def test_no_fact_comes_of_it(begun: None, year: Floor, made: Floor) -> None:
    assert table_version(year, "roster") == table_version(made, "roster")
    accounts = [rows[-1].report["account"] for rows in per_company(Import).values()]
    assert [(one["lines"], one["loaded"], one["quarantined"]) for one in accounts] == [(12, 0, 12)] * 3
    assert scan(year, "complaints").collect().is_empty()


def test_the_manager_is_told_what_came_of_it(begun: None, client: Client) -> None:
    assert COMPLAINTS in signed_in("harbor-project_manager", client).get("/notifications/").content.decode()


def test_programs_have_tokens_messages_reach_the_demonstration_alone_and_an_exit_is_prepared(
    begun: None, taken: tuple[str, list[tuple[str, str]]], client: Client
) -> None:
    tokens = per_company(Token).values()
    kept = [(DASHBOARD[0], True), (PLANNING[0], True), (FORMER[0], False)]
    assert [[(one.name, one.revoked_at is None) for one in rows] for rows in tokens] == [kept] * 3
    assert [] not in [one.actions for rows in tokens for one in rows]

    assert [{one.outcome for one in rows} for rows in per_company(Delivery).values()] == [{Outcome.DELIVERED}] * 3
    assert {path for path, _kind in taken[1]} == {"/demo/received/"}
    assert {kind for _path, kind in taken[1]} == {"webhooks.test", "imports.loaded", "exits.handed_over"}
    with pytest.raises(BadAddress):
        target(taken[0] + "today/")

    exits = [(one.stage, one.started_by) for rows in per_company(Exit).values() for one in rows]
    assert exits == [(Stage.HANDED_OVER, "何平 He Ping")]
    told = signed_in("harbor-administrator", client).get("/notifications/").content.decode()
    assert "Harbor 的数据已整理完毕" in told


def test_a_second_time_adds_nothing(begun: None) -> None:
    models = (Import, RosterFile, SavedView, Job, Token, Webhook, Delivery, Exit)
    before = [{number: len(rows) for number, rows in per_company(model).items()} for model in models]
    begin()
    assert [{number: len(rows) for number, rows in per_company(model).items()} for model in models] == before


def test_one_word_mends_all_lines_that_were_set_aside(begun: None, year: Floor, client: Client) -> None:
    page = signed_in("north-project_manager", client).get("/imports/")
    assert COMPLAINTS in page.content.decode()
    assert LOG not in page.content.decode()
    company = within.every_company()[1]
    at = f"/imports/{per_company(Import)[company][0].pk}/"
    client.post("/privacy/purpose/", {"purpose": "fault"})
    assert "partly justified" in client.get(f"{at}quarantine/").content.decode()
    client.post(f"{at}words/", {"column": "justified", "word": "partly justified", "meaning": "true"})
    run_waiting(company)
    complaints = scan(year, "complaints").collect()
    assert complaints["justified"].to_list() == [True] * 12
