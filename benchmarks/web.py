"""Every page of the web application, alone and with 50 users at once: the demonstration of 1,000 agents and a year.

    python benchmarks/web.py [--contacts 1000000] [--agents 1000] [--data FOLDER] [--users 50] [--seconds 60] [--json]

``onefloor demo`` runs as a process of its own, on loopback, as anybody starts it. Users of every role sign in, follow
links, and so find one address of every page the application has; scorecards with each view and tab. Each page is then
asked alone: just after a load (its process has forgotten every answer), and again. What the server took is read from
the ``Server-Timing`` header that ``ONEFLOOR_TIMING=1`` switches on, and compared with ``/bare/``, a page for somebody
signed in that makes one query. Then all users ask all of their pages at once for some time, each without a pause.

Reports 1 if an answer was an error, or a page's median is above ``LIMIT_MS``.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from http.client import HTTPConnection, HTTPException, HTTPResponse
from pathlib import Path
from urllib.parse import urlencode, urljoin, urlsplit

LIMIT_MS = 200
AGAIN, FORGOTTEN = 7, 3
START_SECONDS = 900
SIGN_IN = "/demo/sign-in/"
BARE = "/bare/"
# Pages that end what is measured, answer with files of all rows, or are not the application's own.
LEFT_ALONE = re.compile(r"^/(sign-in|i18n|static|gallery)/|\.(csv|xlsx|zip|txt|ics)$|/rows\.|/file/|/export/$")
LINK = re.compile(r'(?:href|hx-get)="([^"#]+)')
TIMING = re.compile(r'total;dur=([\d.]+), cpu;dur=([\d.]+), db;dur=([\d.]+);desc="(\d+)"')


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: status, what the server says it took, how long the client waited."""

    status: int
    body: str
    ms: float = 0.0
    cpu: float = 0.0
    queries: int = 0
    waited: float = 0.0
    bytes: int = 0


class Browser:
    """One user's session on a connection that stays open."""

    def __init__(self, port: int) -> None:
        self.port, self.cookies, self.connection = (
            port,
            {"language": "en"},
            HTTPConnection("127.0.0.1", port, timeout=60),
        )

    def ask(self, path: str, body: str | None = None, **headers: str) -> Answer:
        """GET, or POST with a body; follows no redirect. A connection the server has closed is opened once more."""
        sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), **headers}
        if body is not None:
            sent |= {"Content-Type": "application/x-www-form-urlencoded", "Referer": f"http://127.0.0.1:{self.port}/"}
        for last in (False, True):
            began = time.perf_counter()
            try:
                self.connection.request("GET" if body is None else "POST", path, body, sent)
                response = self.connection.getresponse()
                content = response.read()
                break
            except (HTTPException, ConnectionError):
                self.connection.close()
                if last:
                    raise
        return self._answer(response, content, (time.perf_counter() - began) * 1000)

    def sign_in(self, user: str) -> None:
        """Click on a user of the demonstration."""
        page = self.ask(SIGN_IN).body
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token, "the page of log-ins has no form"
        answer = self.ask(SIGN_IN, urlencode({"csrfmiddlewaretoken": token[1], "user": user}))
        assert answer.status == 302, f"user {user} could not sign in: {answer.status}"

    def _answer(self, response: HTTPResponse, content: bytes, waited: float) -> Answer:
        for line in response.headers.get_all("Set-Cookie", []):
            name, _, rest = line.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        told = TIMING.search(response.headers.get("Server-Timing", ""))
        ms, cpu, queries = (float(told[1]), float(told[2]), int(told[4])) if told else (0.0, 0.0, 0)
        return Answer(response.status, content.decode(errors="replace"), ms, cpu, queries, waited, len(content))


@dataclass
class User:
    """Somebody of the demonstration: who, the browser, and the addresses found by their pages' names."""

    number: str
    name: str
    browser: Browser
    pages: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Measured:
    """A page: medians and 95th percentiles in ms on the server, with kept answers and without."""

    page: str
    user: str
    path: str
    first: float
    first_p95: float
    again: float
    again_p95: float
    cpu: float
    queries: int
    bytes: int
    ratio: float


@contextmanager
def served(folder: Path, contacts: int, agents: int) -> Iterator[int]:
    """The demonstration, served on a free port by a process of its own."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
    command = [sys.executable, "-m", "onefloor", "demo", str(folder), "--port", str(port), "--lang", "en"]
    command += ["--contacts", str(contacts), "--agents", str(agents)]
    with (folder / "demo.log").open("wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, "ONEFLOOR_TIMING": "1"})
        try:
            wait_until_up(server, port, folder / "demo.log")
            yield port
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=120)


def wait_until_up(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Until the health page answers; a server that ended says why in its log."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if server.poll() is not None:
            raise SystemExit(f"the server ended:\n{log.read_text(encoding='utf-8', errors='replace')[-2000:]}")
        try:
            if Browser(port).ask("/health/").status == 200:
                return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("the server did not come up in time")


def users_of(port: int) -> list[User]:
    """All users of the demonstration, each signed in."""
    page = Browser(port).ask(SIGN_IN).body
    found = []
    for number, text in re.findall(r'<button[^>]*name="user" value="(\d+)"[^>]*>(.*?)</button>', page, re.S):
        name = re.sub(r"<[^>]+>", "", text).strip()
        found.append(User(number, unescape(name), Browser(port)))
        found[-1].browser.sign_in(number)
    return found


def name_of(path: str) -> str | None:
    """The name of the page at an address; scorecards by their view and tab. None if it is no page of ours to ask."""
    from django.urls import Resolver404, resolve

    if LEFT_ALONE.search(urlsplit(path).path):
        return None
    try:
        match = resolve(urlsplit(path).path)
    except Resolver404:
        return None
    if match.url_name == "scorecard":
        tab = re.search(r"[?&]tab=(\w+)", path)
        view = match.kwargs["view"]
        return f"scorecard {'saved' if view.isdecimal() else view}{' ' + tab[1] if tab else ''}"
    return match.url_name


def explore(user: User) -> dict[int, int]:
    """Follow links from Today until no page is new; remembers one address of each. How often each status came."""
    waiting, seen, statuses = ["/today/", "/", BARE], set(), {}
    while waiting:
        path = waiting.pop(0)
        name = name_of(path)
        if name is None or name in seen:
            continue
        answer = user.browser.ask(path)
        statuses[answer.status] = statuses.get(answer.status, 0) + 1
        seen.add(name)
        if answer.status == 200:
            user.pages[name] = path
            links = (unescape(link) for link in LINK.findall(answer.body))
            waiting += [urljoin(path, link) for link in links if not urlsplit(link).netloc and ":" not in link[:6]]
    return statuses


def measured(user: User, name: str, bare: float) -> Measured:
    """One page alone: after a load, and again."""
    path = user.pages[name]
    first = [user.browser.ask(path, **{"X-Forget": "answers"}) for _ in range(FORGOTTEN)]
    for _ in range(4):  # so that each process has its answers again
        user.browser.ask(path)
    again = [user.browser.ask(path) for _ in range(AGAIN)]
    took, cost = [one.ms for one in again], [one.ms for one in first]
    return Measured(
        name, user.name, path, statistics.median(cost), p95(cost), statistics.median(took), p95(took),
        statistics.median(one.cpu for one in again), max(one.queries for one in again), again[0].bytes,
        statistics.median(took) / bare,
    )  # fmt: skip


def p95(values: list[float]) -> float:
    """The 95th percentile."""
    return sorted(values)[min(len(values) - 1, int(len(values) * 0.95))]


@dataclass
class Load:
    """What many users at once saw."""

    users: int
    seconds: float
    errors: list[str] = field(default_factory=list)
    waited: list[float] = field(default_factory=list)
    server: list[float] = field(default_factory=list)


def at_once(port: int, known: list[User], count: int, seconds: float) -> Load:
    """So many users, each with a session of their own, ask their pages in an order of their own."""
    sessions = []
    for nth in range(count):
        like = known[nth % len(known)]
        sessions.append(User(like.number, like.name, Browser(port), like.pages))
        sessions[-1].browser.sign_in(like.number)
    load, began = Load(count, seconds), time.perf_counter()
    end = began + seconds
    with ThreadPoolExecutor(count) as threads:
        for errors, waited, server in threads.map(lambda pair: ask_until(end, *pair), enumerate(sessions)):
            load.errors += errors
            load.waited += waited
            load.server += server
    load.seconds = time.perf_counter() - began
    return load


def ask_until(end: float, seed: int, user: User) -> tuple[list[str], list[float], list[float]]:
    """One user's requests."""
    order, errors, waited, server = random.Random(seed), [], [], []
    paths = sorted(user.pages.values())
    while time.perf_counter() < end:
        path = order.choice(paths)
        try:
            answer = user.browser.ask(path)
        except OSError as error:
            errors.append(f"{path}: {error}")
            continue
        if answer.status != 200:
            errors.append(f"{path}: {answer.status}")
        waited.append(answer.waited)
        server.append(answer.ms)
    return errors, waited, server


def told(rows: list[Measured], bare: float, load: Load) -> None:
    """As tables."""
    print(f"\n/bare/ takes {bare:.1f} ms: the unit of the last column\n")
    heads = ("first", "p95", "again", "p95", "cpu", "queries", "kB", "ratio")
    print(f"{'page':34} {'user':26} {' '.join(f'{head:>7}' for head in heads)}")
    for row in sorted(rows, key=lambda row: -row.again):
        print(
            f"{row.page:34} {row.user:26} {row.first:7.1f} {row.first_p95:7.1f} {row.again:7.1f} {row.again_p95:7.1f} "
            f"{row.cpu:7.1f} {row.queries:7} {row.bytes / 1000:7.0f} {row.ratio:6.1f}x"
        )
    print(
        f"\n{load.users} users at once, {load.seconds:.0f} s: {len(load.waited)} answers, {len(load.errors)} errors, "
        f"{len(load.waited) / load.seconds:.1f} a second, waiting median {statistics.median(load.waited):.0f} ms, "
        f"p95 {p95(load.waited):.0f} ms; on the server median {statistics.median(load.server):.0f} ms, "
        f"p95 {p95(load.server):.0f} ms"
    )
    for error in sorted(set(load.errors))[:20]:
        print(f"  {error}")


def chosen(users: list[User]) -> list[tuple[User, str]]:
    """Each page once, by the first user who has it; Today by everybody."""
    taken: dict[str, tuple[User, str]] = {}
    for user in users:
        for name in user.pages:
            taken.setdefault(f"{name} {user.number}" if name == "today" else name, (user, name))
    return list(taken.values())


def run(folder: Path, asked: argparse.Namespace) -> int:
    """Everything; 1 if something is not as it should be."""
    with served(folder, asked.contacts, asked.agents) as port:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "onefloor_web.settings")
        os.environ["ONEFLOOR_DEMO"], os.environ["ONEFLOOR_TIMING"] = "1", "1"
        import django

        django.setup()
        users = users_of(port)
        wrong = [status for user in users for status in explore(user) if status >= 500]
        bare = statistics.median(users[0].browser.ask(BARE).ms for _ in range(40))
        rows = []
        for user, name in chosen(users):
            rows.append(measured(user, name, bare))
            print(f"{name}: {rows[-1].again:.0f} ms", file=sys.stderr, flush=True)
        load = at_once(port, users, asked.users, asked.seconds)
    slow = [row.page for row in rows if row.again > LIMIT_MS]
    if asked.json:
        print(json.dumps({"bare_ms": bare, "pages": [row_json(row) for row in rows], "load": load_json(load)}))
    else:
        told(rows, bare, load)
        print(f"\nabove {LIMIT_MS} ms: {', '.join(slow) or 'none'}")
    return 1 if wrong or slow or load.errors else 0


def row_json(row: Measured) -> dict[str, object]:
    """A page as data."""
    return {name: getattr(row, name) for name in Measured.__slots__}


def load_json(load: Load) -> dict[str, object]:
    """What many users saw, as data."""
    return {
        "users": load.users, "seconds": load.seconds, "answers": len(load.waited), "errors": load.errors,
        "waiting_median_ms": statistics.median(load.waited), "waiting_p95_ms": p95(load.waited),
    }  # fmt: skip


def main() -> int:
    """Run it on a folder that is kept, or a temporary one."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--contacts", type=int, default=1_000_000)
    parser.add_argument("--agents", type=int, default=1_000)
    parser.add_argument("--data", type=Path, help="folder of the demonstration, kept; a temporary one without")
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the server ends with it
    if asked.data:
        asked.data.mkdir(parents=True, exist_ok=True)
        return run(asked.data.resolve(), asked)
    with tempfile.TemporaryDirectory() as folder:
        return run(Path(folder), asked)


if __name__ == "__main__":
    sys.exit(main())
