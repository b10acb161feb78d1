"""Make the reference pages that follow from the code: ``python docs/reference/make.py``. A test keeps them current."""

from __future__ import annotations

from pathlib import Path

import click

from onefloor.cli import onefloor
from onefloor.cli.bilingual import Command, help_page
from onefloor.cli.metrics import BETTER, UNITS
from onefloor.cli.output import Screen
from onefloor.metrics.catalogue import families
from onefloor.metrics.definition import Definition
from onefloor.metrics.metric import Atom, Quantile

HERE = Path(__file__).parent

COMMANDS_INTRO = """# Commands

Made from the commands themselves by `docs/reference/make.py`. `onefloor COMMAND --help --lang zh` shows the same in
Chinese.

Every command answers a person with a readable table and a script, with `--json`, with one JSON document on standard
output and nothing else. Remarks, progress and problems go to standard error; progress is shown on a terminal only.

| exit code | meaning |
|---|---|
| 0 | done; also when a load set lines aside, which its report says |
| 1 | the answer is no: `verify` found a difference |
| 2 | the command was written wrongly |
| 3 | a problem with the input: what, where, why, and what to do stand on standard error (as JSON with `--json`) |
| 70 | a fault of Onefloor itself; `--debug` shows where |
| 130 | interrupted |
| 141 | whoever read the output has gone away |
"""

METRICS_INTRO = """# Metrics

Made from the catalogue by `docs/reference/make.py`. `onefloor metrics NAME` shows the same for one metric, also in
Chinese.

A metric is a **numerator** and a **denominator**, each a count of rows or an integer sum over rows of a measuring
table, and one exact division at the end, rounded half up to the places given. Parameters follow a colon:
`service_level:formula=F4,within=20s`. A metric that counts (offered contacts, handled time) has no denominator.

A figure is *provisional* while facts that arrive later may still change it.
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


def metrics_page() -> str:
    """All metrics, family by family."""
    parts = [METRICS_INTRO]
    for family, definitions in families().items():
        parts.append(f"## {family.capitalize()}\n")
        parts += [_metric(one) for one in definitions]
    return "\n".join(parts)


def _metric(one: Definition) -> str:
    bound = one.metric()
    lines = [
        f"### {one.name}\n",
        f"**{one.title.en}** · {one.title.zh} · version {one.version}\n",
        f"{one.formula.en}. {one.formula.zh}。\n",
        f"- of: {one.population.en}" if one.population.en else "",
        f"- clock: {one.clock.en}" if one.clock.en else "",
        f"- unit: {UNITS[bound.unit].en}, {one.places} decimal places; better: {BETTER[bound.better].en}",
        f"- numerator: {_side(bound.numerator)}",
        f"- denominator: {_side(bound.denominator)}" if bound.denominator else "",
        *(f"- left out: {left.reason.en} (`{left.where}`)" for left in bound.exclusions),
        *(
            f"- parameter `{name}`, default `{bound.parameters[name]}`: {parameter.meaning.en}; {parameter.possible.en}"
            for name, parameter in one.parameters.items()
        ),
        f"- minimum sample: {one.minimum_sample}" if one.minimum_sample > 1 else "",
        f"- final once the facts reach `{one.final_after}` beyond a row" if one.final_after else "",
        f"- {one.notes.en}" if one.notes else "",
        f"- source: {one.source}",
    ]
    return "\n".join(line for line in lines if line) + "\n"


def _side(side: Atom | Quantile) -> str:
    where = f" where `{side.where}`" if side.where else ""
    if isinstance(side, Quantile):
        return f"the {side.percent} % quantile of `{side.column}` over `{side.table}`{where}"
    times = f", times {side.times}" if side.times != 1 else ""
    return (f"sum of `{side.sum}` over `{side.table}`" if side.sum else f"rows of `{side.table}`") + where + times


PAGES = {"cli.md": commands_page, "metrics.md": metrics_page}

if __name__ == "__main__":
    for name, page in PAGES.items():
        (HERE / name).write_text(page(), encoding="utf-8")
