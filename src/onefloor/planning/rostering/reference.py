"""The page ``docs/reference/rules.md``: the terms of a rules file, the rules, and the tables beside it."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from onefloor.agreements.terms.reading import schema_of, terms_of
from onefloor.agreements.terms.schema import compact
from onefloor.planning.rostering.rules import RULES
from onefloor.planning.rostering.terms import (
    BreakTerm,
    CompanyTerm,
    ContractTerm,
    CostTerm,
    LimitTerm,
    NightTerm,
    PostTerm,
    RulesFile,
    ShiftTerm,
    SkillTerm,
)

PARTS: tuple[tuple[str, type], ...] = (
    ("The file", RulesFile),
    ("`skills`", SkillTerm),
    ("`companies`", CompanyTerm),
    ("`shifts`", ShiftTerm),
    ("`breaks` of a shift", BreakTerm),
    ("`contracts`", ContractTerm),
    ("`limits`", LimitTerm),
    ("`posts`", PostTerm),
    ("`costs`", CostTerm),
    ("`night`", NightTerm),
)
INTRO = """# The rules file

Made from the code by `docs/reference/make.py`. A rules file and the tables beside it say what `onefloor plan` plans
by; `examples/rosters` has a whole set, invented, for a floor of its own; `examples/rosters/year` is for the generated
year of `onefloor demo --contacts 60000 --agents 24`. [How a roster is found](../explanation/planning-rosters.md) is a
page of its own. Every mistake is told at once, with file, line and what to write. An editor can complete and check it
with `rules.schema.json`, kept beside the code; begin the file with

    # yaml-language-server: $schema=rules.schema.json
"""
TABLES = """## Tables beside it

CSV in UTF-8 with a head line; columns in brackets may be left out. Days are `2026-12-01`, times `2026-12-01 08:30`.

| term | columns | meaning |
|---|---|---|
| `agents` | agent, company, contract, skills, [least_days], [most_days] | a line a person; skills with spaces |
| `needs` | interval, skill, agents, [minutes] | agents needed in every interval it touches; `staff --out` writes it |
| `qualifications` | agent, skill, from, to | a skill on these days only; an open end stays empty |
| `absences` | agent, from, to, [kind] | `leave` (the default): no work then; `protected`: no night touches these days |
| `wishes` | agent, date, wish, [cost] | wish `off`, a shift, or `not` and a shift; cost 6 without |
| `before` | as plan writes a roster | what was worked before, which binds the first days |

The floor's own roster says who is employed by which company on which day; nobody works on other days, and
whoever is there for a part of the days owes that part of the contract's `days`.

Lines of `needs` outside the planned days do not count: the command says how many they are and of which days, and
refuses a table of which no line is within them.

## What is written

`--out roster.csv` has a line for each stretch of work, break or overtime: agent, company, date, shift, activity, paid,
started, ended. With `examples/mappings/roster.yaml` the floor loads it as shifts. `roster.csv.plan.json` beside it says
how it was planned; `onefloor repair` reads and writes both, the note with who left when, who stays longer, and which
spikes were told. `--out roster.ics` writes a calendar a person into the folder `roster`, `--out roster.xlsx` a workbook
with a sheet a company. With `--company` files, screen and `--json` have only those companies'
people and paid hours: no cost, bound, missing hours or simulated levels of the whole floor, and no reason why somebody
of another company cannot be rostered.
"""


def reference_page() -> str:
    """The whole page."""
    parts = [INTRO, *(_table(heading, form) for heading, form in PARTS), _rules(), TABLES]
    return "\n".join(parts)


def _table(heading: str, form: type) -> str:
    rows = [_row(name, field) for name, field in terms_of(form).items()]
    return f"## {heading}\n\n| name | value | default | meaning |\n|---|---|---|---|\n{''.join(rows)}"


def _row(name: str, field: dataclasses.Field[object]) -> str:
    kind, meaning = field.metadata["kind"], field.metadata["meaning"]
    value = "a rule, see below" if name == "rule" else kind.name.replace("|", "\\|")
    return f"| `{name}` | {value} | {_default(field.default)} | {meaning.zh} · {meaning.en} |\n"


def _default(default: object) -> str:
    if default is dataclasses.MISSING:
        return "required"
    if isinstance(default, tuple) and len(default) == 2:
        return "-".join(f"{minutes // 60:02}:{minutes % 60:02}" for minutes in default)
    return "none" if default in (None, (), "") or dataclasses.is_dataclass(default) else str(default)


def _rules() -> str:
    rows = [
        f"| `{name}` | {rule.words.zh} · {rule.words.en} | {rule.unit} | "
        f"{rule.source.zh + ' · ' + rule.source.en if rule.source.en else '–'} |\n"
        for name, rule in RULES.items()
    ]
    head = "| rule | meaning | amount in | source, to be verified by counsel |\n|---|---|---|---|\n"
    return (
        "## Rules\n\nOf several limits of one rule the strictest that holds on a day counts; those of `nights`,\n"
        f"`weekends` and `average_hours` count each over its own days.\n\n{head}{''.join(rows)}"
    )


def rules_schema() -> dict[str, Any]:
    """The schema of a rules file (JSON Schema 2020-12)."""
    return compact({"title": "Onefloor rules", **schema_of(RulesFile)})


def schema_text() -> str:
    """The schema as it is kept in ``rules.schema.json``."""
    return json.dumps(rules_schema(), ensure_ascii=False, indent=1) + "\n"
