"""The programs of a site and the environment they run in."""

from __future__ import annotations

import http
import http.client
import os
import socket
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass

from onefloor.language import Text, same
from onefloor.problems import Place as Where
from onefloor.problems import Problem
from onefloor_web.database.migrations import SETTINGS
from onefloor_web.serving.address import Address
from onefloor_web.serving.place import APP_URL, BACKUP_URL, OWNER_URL, Place
from onefloor_web.serving.state import State
from onefloor_web.serving.tended import Tended

LOCAL_NAMES = ("localhost", "127.0.0.1", "[::1]")
HEALTH = "/health/"
KEPT_BACK = (OWNER_URL, BACKUP_URL, "NOTIFY_SOCKET", "LISTEN_FDS", "LISTEN_PID")  # not the children's business
PATIENCE = 60.0
GRACE = 20  # seconds a request or a job has to finish when the site stops


@dataclass(frozen=True, slots=True)
class Size:
    """How many processes and threads answer requests, and how many jobs run at once."""

    processes: int = 2
    threads: int = 4
    jobs: int = 2


class SiteNotUp(Problem):
    """The web server did not answer."""

    def __init__(self, log: Where, said: str) -> None:
        super().__init__(
            Text("网页服务没有启动成功。", "The web server did not come up."),
            why=same(said) if said else None,
            remedy=Text("请按日志排除原因后重试。", "Mend what the log names and try again."),
            where=log,
        )


def environment(state: State, place: Place, address: Address, *, demo: bool = False) -> dict[str, str]:
    """What web server and worker need to know; not how to become the owner of the tables."""
    hosts = ",".join(dict.fromkeys([*LOCAL_NAMES, socket.gethostname().lower(), address.reachable]))
    settings = {name: value for name, value in os.environ.items() if name not in KEPT_BACK}
    settings.setdefault("ONEFLOOR_HOSTS", hosts)
    if demo:
        settings.setdefault("ONEFLOOR_SITE", address.url)
    return settings | {
        "DJANGO_SETTINGS_MODULE": SETTINGS,
        "ONEFLOOR_FLOOR": str(state.floor),
        "ONEFLOOR_SECRET_KEY_FILE": os.environ.get("ONEFLOOR_SECRET_KEY_FILE", str(state.secret_key)),
        "ONEFLOOR_DEMO": "1" if demo else "0",
        APP_URL: place.app_url,
    }


def web(state: State, environment: Mapping[str, str], listening: int, size: Size) -> Tended:
    """The web server, on a socket that is open already."""
    command = [
        *(sys.executable, "-m", "gunicorn", "onefloor_web.wsgi:application"),
        *("--bind", f"fd://{listening}", "--worker-class", "gthread", "--no-control-socket"),
        *("--workers", str(size.processes), "--threads", str(size.threads)),
        *("--config", "python:onefloor_web.serving.workers"),
        *("--graceful-timeout", str(GRACE), "--timeout", "120", "--worker-tmp-dir", str(state.run)),
    ]
    title = Text("网页服务", "The web server")
    return Tended("web", title, command, {**environment, "ONEFLOOR_POOL": "1"}, state, keep=(listening,))


def worker(state: State, environment: Mapping[str, str], size: Size) -> Tended:
    """The process that runs jobs."""
    command = [
        *(sys.executable, "-m", "django", "run_jobs"),
        *("--jobs", str(size.jobs)),
    ]
    return Tended("worker", Text("任务进程", "The worker"), command, {**environment, "ONEFLOOR_POOL": "0"}, state)


def wait_until_up(site: Tended, address: Address, patience: float = PATIENCE) -> None:
    """Wait until the site answers that it is well.

    Raises:
        SiteNotUp: it ended, or did not answer in time; says the last lines of its log.
    """
    end = time.monotonic() + patience
    host = site.environment["ONEFLOOR_HOSTS"].split(",")[0].lstrip("*.")
    while not healthy(address, host):
        if not site.running or time.monotonic() > end:
            log = site.state.run / f"{site.name}.log"
            lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-4:]
            raise SiteNotUp(Where(str(log)), " ".join(line.strip() for line in lines))
        time.sleep(0.05)


def healthy(address: Address, host: str) -> bool:
    """Whether the site at an address says that it is well, asked by one of its names."""
    connection = http.client.HTTPConnection(address.reachable, address.port, timeout=5)
    try:
        connection.request("GET", HEALTH, headers={"Host": host})
        return connection.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()
