"""The worker: a process that runs jobs, several at once, until it is asked to stop.

It survives a database that goes away: it begins again when that is back. Asked to stop, it takes no new job, tells the
running ones through their progress, and leaves those that do not listen behind: their transactions are undone by the
database, and the next worker gives them back at once.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import threading
from collections.abc import Awaitable
from contextlib import suppress
from dataclasses import dataclass

import psycopg
import psycopg_pool
from django.db import DatabaseError, InterfaceError, close_old_connections, connection
from procrastinate import App
from procrastinate.contrib.django.db_cleanup import close_db_connections
from procrastinate.contrib.django.utils import connector_params
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import DeleteJobCondition
from procrastinate.psycopg_connector import PsycopgConnector
from procrastinate.worker import Worker

from onefloor_web.platform.jobs import house, running
from onefloor_web.platform.jobs.queue import TASK

log = logging.getLogger(__name__)
LOOK = 1.0  # seconds between two looks at the queue: nobody tells when one-at-a-time work has become free
REST = 1.0  # seconds before a lost database is tried again
_DATABASE = (ConnectorException, DatabaseError, InterfaceError, psycopg.Error, psycopg_pool.PoolTimeout, OSError)


@dataclass(frozen=True)
class Pace:
    """How a worker works.

    Attributes:
        jobs: how many run at once.
        grace: seconds a running job has to end when the worker is asked to stop.
        heartbeat: seconds between two signs of life.
        patience: seconds of silence after which a worker is taken for dead.
    """

    jobs: int = 2
    grace: float = 1.0
    heartbeat: float = 3.0
    patience: float = 15.0


def work(pace: Pace) -> None:
    """Run jobs until SIGTERM or SIGINT."""
    asyncio.run(_Working(pace).until_asked_to_stop())


class _Working:
    """One run of the process."""

    def __init__(self, pace: Pace) -> None:
        self.pace = pace
        self.stopping = threading.Event()
        self.stop = asyncio.Event()

    async def until_asked_to_stop(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.asked)
        threading.Thread(target=self.keep_house, name="house", daemon=True).start()
        while not self.stop.is_set():
            try:
                await self.run()
            except _DATABASE as error:
                log.warning("the database is away: %s", error)
            await _first(self.stop.wait(), asyncio.sleep(0 if self.stop.is_set() else REST))

    def asked(self) -> None:
        log.info("asked to stop")
        self.stopping.set()
        self.stop.set()

    async def run(self) -> None:
        """Work on one set of connections, until asked to stop or until they break."""
        async with self.app().open_async() as app:
            worker = Worker(
                app,
                concurrency=self.pace.jobs,
                delete_jobs=DeleteJobCondition.ALWAYS,
                install_signal_handlers=False,
                fetch_job_polling_interval=LOOK,
                update_heartbeat_interval=self.pace.heartbeat,
                stalled_worker_timeout=self.pace.patience,
                task_middleware=[close_db_connections],
            )
            working: asyncio.Task[None] = asyncio.create_task(worker.run())  # type: ignore[no-untyped-call]
            await _first(asyncio.shield(working), self.stop.wait())
            worker.stop()  # type: ignore[no-untyped-call]
            await self.end(worker, working)

    async def end(self, worker: Worker, working: asyncio.Task[None]) -> None:
        """Wait for the running jobs; leave the process with those that do not listen."""
        done, _ = await asyncio.wait([working], timeout=self.pace.grace if self.stop.is_set() else None)
        if done:
            return working.result()
        log.warning("left running jobs to the next worker")
        with suppress(*_DATABASE):
            # Without its worker a job is known to be lost at once.
            await asyncio.wait_for(worker.app.job_manager.unregister_worker(worker.worker_id or 0), REST)
        os._exit(0)

    def app(self) -> App:
        """The queue as the worker uses it: on connections of its own. Jobs themselves use Django's."""
        app = App(connector=PsycopgConnector(kwargs=connector_params(connection.alias)))
        app.task(name=TASK)(self.one)
        return app

    def one(self, company: int, job: int) -> None:
        running.run(company, job, self.stopping)

    def keep_house(self) -> None:
        while not self.stopping.is_set():
            try:
                close_old_connections()
                house.keep(self.pace.patience)
            except Exception:
                log.exception("looking after jobs failed; it is tried again")
                connection.close()
            self.stopping.wait(self.pace.patience / 3)


async def _first(*awaited: Awaitable[object]) -> None:
    """Wait until one of several is over."""
    tasks = [asyncio.ensure_future(one) for one in awaited]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()
