"""Loading the generated year into a floor: one load a month, all or nothing; again changes nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from onefloor.demo.tables import SOURCE
from onefloor.demo.truth import Truth
from onefloor.demo.year import MonthOfFacts, Plan, load_id, year
from onefloor.facts.files import Progress, no_progress
from onefloor.facts.store import Account, load_report, loading, writing
from onefloor.floor import Floor, open_floor


def fill(floor: Floor, plan: Plan, *, progress: Progress = no_progress) -> Account:
    """Load the plan's months that the floor does not have yet; a line of the account is a row.

    Args:
        floor: where to; its zone decides where the year's days begin.
        plan: which year.
        progress: told how many months are done.
    """
    plan = replace(plan, zone=floor.timezone)
    months = [plan.first_month.shifted(index) for index in range(plan.begun)]
    with writing(floor):
        before = [load_report(floor, load_id(plan, month)) for month in months]
    account = Account(SOURCE)
    for report in before:
        if report:
            account.add(Account(SOURCE, lines=report.lines, duplicates=report.lines))
    if not all(before):
        for done, month in enumerate(year(plan)):
            progress(done, plan.begun)
            if before[done] is None:
                account.add(_loaded(floor, month))
    progress(plan.begun, plan.begun)
    return account


def _loaded(floor: Floor, month: MonthOfFacts) -> Account:
    account = Account(SOURCE)
    with writing(floor):
        if report := load_report(floor, month.load):
            return Account(SOURCE, lines=report.lines, duplicates=report.lines)
        with loading(floor, month.load) as stage:
            for name, rows in month.tables.items():
                stage.add(name, rows)
                stage.count_content(rows.column("digest").to_numpy().astype(np.int64))
                account.lines += rows.num_rows
                account.loaded += rows.num_rows
                account.reason(f"note:{name}", rows.num_rows)
            stage.commit(account, [month.file])
    return account


def with_queues(floor: Floor, truth: Truth) -> Floor:
    """Write what is true of the queues into ``floor.toml``: to whom a queue is dedicated."""
    file = floor.root / "floor.toml"
    text = file.read_text(encoding="utf-8")
    for queue in truth.queues:
        if f"[queues.{queue.name}]" not in text:
            company = f'company = "{queue.company}"\n' if queue.company else ""
            text += f'\n[queues.{queue.name}]\nskill = "{queue.name}"\n{company}'
    file.write_text(text, encoding="utf-8")
    return open_floor(floor.root)
