"""Bringing the measuring tables up to date: only the months whose facts, roster or settings changed.

Every month of every table carries a signature of what it was derived from. ``prepare`` compares, rebuilds what
differs, and replaces ``derived/state.json`` after each month; files are written whole under a new name before the
state speaks of them, and removed only after it no longer does. Killed at any moment, it goes on where it was.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import partial
from typing import Final

import polars as pl

from onefloor.facts import store
from onefloor.facts.exchange import removals
from onefloor.facts.files import Progress, no_progress
from onefloor.floor import Floor
from onefloor.metrics.prepared import Names, Prepared
from onefloor.metrics.preparing import (
    about_contacts,
    agent_time,
    contacts,
    duties,
    forecasts,
    legs,
    people,
    rings,
)
from onefloor.metrics.preparing.inputs import DERIVABLE, digest, read_facts
from onefloor.metrics.preparing.roster import read_roster
from onefloor.metrics.preparing.state import Built, State, files_in_use, read_state, write_rows
from onefloor.metrics.preparing.work import Family, Work, settings_signature, unknown_agents
from onefloor.metrics.removed import gone_months, with_kept_names
from onefloor.metrics.tables import MEASURING, TENURE_BANDS
from onefloor.periods import zone_rules_version

# What builds what, in order: later families read what earlier ones derived.
FAMILIES: Final[tuple[Family, ...]] = (
    legs.FAMILY, contacts.FAMILY, rings.FAMILY, agent_time.FAMILY, *about_contacts.ALL, people.FAMILY,
    forecasts.FAMILY, duties.FAMILY,
)  # fmt: skip
# Raise with every change of what a builder makes of the same facts: everything is then derived anew.
LAYOUT: Final = 3
STEPS: Final = 100


def prepare(floor: Floor, *, progress: Progress = no_progress) -> Prepared:
    """Bring every measuring table up to date and return what can be measured.

    Args:
        floor: whose facts, roster and queue settings count.
        progress: called with (steps done, steps in all).

    Returns:
        The measuring tables of ``metrics.tables``; the same facts give the same tables whatever the order and split
        of their loads. With nothing changed no file is read beyond the state and no file is touched.
    """
    store.recover(floor)
    state = read_state(floor.derived)
    if state.settled != _glance(floor):
        with store.writing(floor):
            state = read_state(floor.derived)
            _bring_up_to_date(floor, state, progress)
    return _prepared(floor, state)


def as_prepared(floor: Floor) -> Prepared:
    """What is ready to be measured now: nothing is brought up to date, so it takes no lock and a millisecond or two.

    For whoever answers many questions while somebody else loads; without a first ``prepare`` there is nothing in it.
    """
    return _prepared(floor, read_state(floor.derived))


def is_current(floor: Floor) -> bool:
    """Whether the measuring tables hold all facts and settings there are; False until the next ``prepare``."""
    return read_state(floor.derived).settled == _glance(floor)


def _bring_up_to_date(floor: Floor, state: State, progress: Progress) -> None:
    glance, read_by_others = _glance(floor), files_in_use(state)
    facts = {table: read_facts(floor, table, state) for table in DERIVABLE}
    work = Work(floor, facts, read_roster(facts["roster"]), state)
    state.settled = ""
    for nth, family in enumerate(FAMILIES):
        _build(work, family, partial(_step, progress, nth))
    state.data_version = _data_version(floor)
    state.settled = glance
    state.save(floor.derived)
    _sweep_up(floor, files_in_use(state) | read_by_others)


def _step(progress: Progress, family: int, done: int, total: int) -> None:
    """Progress over all families, each of ``STEPS`` steps."""
    progress(STEPS * family + (STEPS * done // total if total else STEPS), STEPS * len(FAMILIES))


def _build(work: Work, family: Family, progress: Progress) -> None:
    """Rebuild the months of a family whose signature changed, oldest first, and forget those without facts."""
    built = work.state.built.setdefault(family.name, {})
    months = sorted(family.months(work))
    for gone in set(built) - set(months):
        del built[gone]
    signatures = {month: digest([_versions(), family.name, family.seen(work, month)]) for month in months}
    stale = [month for month in months if not _intact(work, built.get(month), signatures[month])]
    for done, month in enumerate(stale):
        progress(done, len(stale))
        built[month] = _made(work, family, month, signatures[month])
        work.state.save(work.floor.derived)
    progress(len(stale), len(stale))


def _intact(work: Work, built: Built | None, signature: str) -> bool:
    if built is None or built.signature != signature:
        return False
    return all((work.floor.derived / path).is_file() for path in built.files.values())


def _made(work: Work, family: Family, month: int, signature: str) -> Built:
    made = family.make(work, month)
    files = {}
    for table, rows in made.tables.items():
        if rows.height:
            _whole(table, rows)
            files[table] = f"{table}/month={month}/{signature}.parquet"
            write_rows(work.floor.derived, files[table], rows)
    facts_of_agents = [rows for table, rows in made.tables.items() if table in ("legs", "rings", "agent_time")]
    return Built(signature, files, made.watermark_ms, unknown_agents(work, facts_of_agents))


def _whole(table: str, rows: pl.DataFrame) -> None:
    """What the schema calls never missing must not be: engines rely on it without looking."""
    sealed = [field.name for field in MEASURING.get(table, ()) if not field.nullable]
    if missing := [name for name in sealed if rows[name].null_count()]:
        raise AssertionError(f"{table} lacks values of {', '.join(missing)}")


def _prepared(floor: Floor, state: State) -> Prepared:
    files: dict[str, dict[int, tuple[str, ...]]] = {table: {} for table in MEASURING}
    unknown: set[str] = set()
    for months in state.built.values():
        for month, built in sorted(months.items()):
            unknown |= set(built.unknown_agents)
            for table in set(built.files) & set(files):
                files[table][month] = (str(floor.derived / built.files[table]),)
    removed = gone_months(floor)
    return Prepared(
        root=floor.root,
        files=files,
        names=with_kept_names(Names(state.names), removed),
        clock=floor.clock,
        watermark_ms=max((built.watermark_ms for built in state.built.get("legs", {}).values()), default=0),
        data_version=state.data_version,
        unknown_agents=tuple(sorted(unknown)),
        gone=removed,
    )


def _glance(floor: Floor) -> str:
    """What a look at the folders shows: the newest Delta log of every fact table, and the settings."""
    newest = [_newest_log(floor, table) for table in (*DERIVABLE, "loads")]
    return digest([_versions(), settings_signature(floor), newest])


def _newest_log(floor: Floor, table: str) -> list[object]:
    try:
        with os.scandir(floor.facts / table / "_delta_log") as entries:
            newest = max((entry for entry in entries if entry.name.endswith(".json")), key=lambda entry: entry.name)
            return [table, newest.name, newest.stat().st_mtime_ns]
    except (FileNotFoundError, ValueError):
        return [table]


def _versions() -> list[object]:
    """Whatever else decides what is derived: our own layout, the zone's rules, the hash of contacts' names."""
    return [LAYOUT, zone_rules_version(), pl.__version__, TENURE_BANDS]


def _data_version(floor: Floor) -> str:
    """Of what was loaded, of the settings, and of what was removed since, if anything was."""
    return digest([store.data_version(floor), settings_signature(floor), *removals(floor)])


def _sweep_up(floor: Floor, used: set[str]) -> None:
    """Remove all other files: what a killed run left half written, and every generation but the last two.

    Somebody who began to measure before this run still reads the files of the generation before.
    """
    for table in _folders_of_tables():
        for path in (floor.derived / table).rglob("*"):
            if path.is_file() and path.relative_to(floor.derived).as_posix() not in used:
                path.unlink()


def _folders_of_tables() -> Iterable[str]:
    return (*MEASURING, "visits", "superseded")
