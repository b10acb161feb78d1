"""Make the reference pages that follow from the code: ``python docs/reference/make.py``. A test keeps them current."""

from __future__ import annotations

from pathlib import Path

import click

from onefloor.cli import onefloor
from onefloor.cli.bilingual import Command, help_page
from onefloor.cli.output import Screen
from onefloor.insight.effects.reference import reference_page as action_page
from onefloor.metrics.reference import reference_page
from onefloor.planning.bench.reference import reference_page as bench_page
from onefloor.planning.rostering.reference import reference_page as rules_page
from onefloor.planning.splitting.reference import reference_page as split_page

HERE = Path(__file__).parent

COMMANDS_INTRO = """# Commands

Made from the commands themselves by `docs/reference/make.py`. `onefloor COMMAND --help --lang zh` shows the same in
Chinese.

Every command answers a person with a readable table and a script, with `--json`, with one JSON document on standard
output and nothing else. Remarks, progress and problems go to standard error; progress is shown on a terminal only.

| exit code | meaning |
|---|---|
| 0 | done; also when a load set lines aside, which its report says |
| 1 | the answer is no: `verify` or `check` found a difference |
| 2 | the command was written wrongly |
| 3 | a problem with the input: what, where, why, and what to do stand on standard error (as JSON with `--json`) |
| 70 | a fault of Onefloor itself; `--debug` shows where |
| 130 | interrupted |
| 141 | whoever read the output has gone away |
"""


def commands_page() -> str:
    """All commands with their help pages."""
    parts = [COMMANDS_INTRO]
    parts += [_help(name, command) for name, command in onefloor.commands.items()]
    return "\n".join(parts)


def _help(name: str, command: click.Command) -> str:
    assert isinstance(command, Command)
    root = onefloor.make_context("onefloor", [], resilient_parsing=True, obj=Screen("en"))
    context = click.Context(command, info_name=name, parent=root)
    page = help_page(command, context, command.text, command.examples, width=100)
    return f"## {name}\n\n```text\n{page}\n```\n"


PAGES = {
    "cli.md": commands_page,
    "metrics.md": reference_page,
    "action.md": action_page,
    "bench.md": bench_page,
    "rules.md": rules_page,
    "split.md": split_page,
}

if __name__ == "__main__":
    for name, page in PAGES.items():
        (HERE / name).write_text(page(), encoding="utf-8")
