"""``run_jobs``: the worker, the process that runs jobs."""

from __future__ import annotations

import logging
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from onefloor_web.platform.jobs.worker import Pace, work


class Command(BaseCommand):
    """Runs jobs until asked to stop."""

    help = "Runs jobs until asked to stop."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The pace."""
        parser.add_argument("--jobs", type=int, default=Pace.jobs, help="how many run at once")
        parser.add_argument("--grace", type=float, default=Pace.grace, help="seconds a job has to end at a stop")
        parser.add_argument("--heartbeat", type=float, default=Pace.heartbeat, help="seconds between signs of life")
        parser.add_argument("--patience", type=float, default=Pace.patience, help="seconds of silence that mean dead")

    def handle(self, *args: Any, **options: Any) -> None:
        """Work."""
        logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
        work(Pace(options["jobs"], options["grace"], options["heartbeat"], options["patience"]))
