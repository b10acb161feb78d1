"""A month of a million contacts settled for two vendors, 40 clauses each: as a job of the web, and by the core.

    python benchmarks/settling.py [--contacts 1000000] [--clauses 40] [--data FOLDER] [--json]

One month is generated and loaded; an embedded PostgreSQL holds companies, agreements signed by both, and jobs. The
worker is a process of its own, as ``onefloor serve`` starts it. The month is settled twice: with nothing measured yet
(the job measures the facts first), and again with the measuring tables there, as the ten-minute job leaves them. What a
page would show of the job's progress is read twice a second. Then the core settles both agreements in this process:
what the web adds is the ratio.

Reports 1 if a job takes longer than ``LIMIT_S``, or shows no progress.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from onefloor.agreements.references import UNITS
from onefloor.demo.examples import example
from onefloor.demo.floor import year_floor
from onefloor.demo.year import FIRST_MONTH, Plan
from onefloor.metrics.catalogue import metric as metric_named
from onefloor.metrics.prepare import prepare

LIMIT_S = 60
LOOKS_S = 0.5
PATIENCE_S = 600
VENDORS = ("north", "harbor")
TABLES = frozenset({"contacts", "surveys", "sales", "complaints", "evaluations", "roster", "duties", "forecasts"})


@dataclass(frozen=True, slots=True)
class Settled:
    """A job that ended: wall seconds while it ran, how many moves a page would have shown, lines of the statements."""

    seconds: float
    moves: int
    lines: int


def clauses(count: int) -> list[dict[str, Any]]:
    """So many clauses over service level, abandonment, first contact resolution and averages, no two alike."""
    asked = [f"service_level:formula=F{1 + n % 4},within={10 + 5 * (n // 4)}s" for n in range(16)]
    asked += [f"abandonment:short={5 * n}s" for n in range(1, 9)]
    asked += [f"fcr:within={n}d" for n in (1, 2, 3, 5, 7, 10, 14, 30)]
    asked += ["aht", "asa", "csat", "complaints_per_10000", "customer_critical_accuracy", "transfers", "hold_time"]
    return [_clause(n, metric, count) for n, metric in zip(range(count), _endless(asked), strict=False)]


def _endless(asked: list[str]) -> Iterator[str]:
    while True:
        yield from asked


def _clause(number: int, metric: str, count: int) -> dict[str, Any]:
    text = {"zh": f"条款 {number + 1}：{metric}", "en": f"Clause {number + 1}: {metric}"}
    common = {"id": f"4.{number + 1}", "title": text, "text": {**text}, "metric": metric, "pool": "all"}
    nothing = {"%": "0%", "ms": "0s"}.get(UNITS.get(metric_named(metric).unit, ""), 0)
    return {**common, "kind": "bands", "allocation": f"{100 / count:g}%", "bands": [{"from": nothing}]}


def agreement(vendor: str, count: int) -> str:
    """A vendor's agreement of the generated year with so many clauses in the place of its own."""
    terms = yaml.safe_load(example(f"agreements/{vendor}.yaml").read_text(encoding="utf-8"))
    terms |= {"pools": [{"id": "all", "share": "100%"}], "clauses": clauses(count)}
    for part in ("earn_back", "exclusions", "duties", "forecast"):
        terms.pop(part, None)
    return yaml.safe_dump(terms, allow_unicode=True, sort_keys=False)


@contextmanager
def web_ground(floor: Path) -> Iterator[tuple[Any, Mapping[str, str]]]:
    """PostgreSQL with all tables, Django set up in this process as the application; the environment of a worker."""
    from onefloor_web.serving import site
    from onefloor_web.serving.address import Address
    from onefloor_web.serving.place import database
    from onefloor_web.serving.state import State
    from onefloor_web.serving.supervisor import bring_up_to_date

    state = State(floor.resolve())
    state.make()
    with database(state) as place:
        surroundings = site.environment(state, place, Address(), demo=True)
        os.environ.update(surroundings)  # before anything reads the settings
        bring_up_to_date(state, place, Address())
        import django

        django.setup()
        yield state, surroundings


def as_job(client: Any, month: str) -> Settled:
    """Ask for the month of all agreements, look at the job as a page does, and wait for its end."""
    from onefloor_web.platform.jobs.actions import enqueue
    from onefloor_web.platform.tenancy.scopes import tenant
    from onefloor_web.settlement.statements.models import Line

    shown, end = set(), time.monotonic() + PATIENCE_S
    with transaction.atomic(), tenant(client):
        number = enqueue(client, "settlement.run", key=f"benchmark {time.monotonic()}", month=month).pk
    while (job := _job(client, number)).moving and time.monotonic() < end:
        shown.add((job.done, job.total, json.dumps(job.note)))
        time.sleep(LOOKS_S)
    if job.state != "done" or job.result["problems"]:
        raise SystemExit(f"the job did not end well: {job.state} {str(job.problem or job.result)[:2000]}")
    with transaction.atomic(), tenant(client):
        lines = Line.objects.filter(statement__in=job.result["statements"]).count()
    return Settled((job.ended_at - job.started_at).total_seconds(), len(shown), lines)


def _job(client: Any, number: int) -> Any:
    from onefloor_web.platform.jobs.models import Job
    from onefloor_web.platform.tenancy.scopes import tenant

    with transaction.atomic(), tenant(client):
        return Job.objects.get(pk=number)


def by_the_core(floor: Any, month: Any, count: int) -> float:
    """Wall seconds of the command line's settlement of the same agreements, measuring tables ready."""
    from onefloor.agreements.settling import settle_month

    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        for vendor in VENDORS:
            path = Path(folder) / f"{vendor}.yaml"
            path.write_text(agreement(vendor, count), encoding="utf-8")
            settle_month(floor, path, month, Path(folder) / vendor)
        return time.perf_counter() - began


def measure(root: Path, contacts: int, count: int) -> dict[str, Any]:
    """Everything once."""
    floor = year_floor(root / "year", Plan(contacts=contacts * 12, months=1, tables=TABLES))
    with web_ground(floor.root) as (state, surroundings):
        from onefloor_web.platform.demo.data import fill
        from onefloor_web.serving import site
        from onefloor_web.serving.supervisor import stopped_at_the_end
        from onefloor_web.settlement.demo import work

        with transaction.atomic():
            fill(floor, date.today())
            for vendor in VENDORS:
                for company in (vendor.capitalize(), "Own"):
                    work.sign_text(work.signatory(company), agreement(vendor, count), f"own-{vendor}")
            client = work.signatory("Own")
        worker = site.worker(state, surroundings, site.Size())
        with stopped_at_the_end([worker]):
            worker.start()
            first = as_job(client, str(FIRST_MONTH))
            again = as_job(client, str(FIRST_MONTH))
    core = by_the_core(floor, FIRST_MONTH, count)
    rows = prepare(floor).files
    return {
        "contacts": contacts, "clauses": count, "lines": again.lines, "measuring_files": len(rows),
        "first_s": first.seconds, "again_s": again.seconds, "core_s": core, "web_against_core": again.seconds / core,
        "moves": min(first.moves, again.moves), "limit_s": LIMIT_S,
    }  # fmt: skip


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--contacts", type=int, default=1_000_000)
    parser.add_argument("--clauses", type=int, default=40)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = measure(asked.data or Path(folder), asked.contacts, asked.clauses)
    print(json.dumps(found) if asked.json else "\n".join(f"{name:<18} {value:g}" for name, value in found.items()))
    return int(max(found["first_s"], found["again_s"]) > LIMIT_S or found["moves"] < 2)


if __name__ == "__main__":
    sys.exit(main())
