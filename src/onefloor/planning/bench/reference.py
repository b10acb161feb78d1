"""The format of the bench file for others: the JSON Schema, and the page ``docs/reference/bench.md``."""

from __future__ import annotations

import dataclasses
import json
from fractions import Fraction
from typing import Any

from onefloor.agreements.terms.reading import schema_of, terms_of
from onefloor.planning.bench.plan_file import BenchFile, ClassTerms, Module, Passed, SkillTerms

PARTS: tuple[tuple[str, type], ...] = (
    ("The file", BenchFile),
    ("`classes`", ClassTerms),
    ("`modules`", Module),
    ("`skills`", SkillTerms),
)
INTRO = """# The bench file and its tables

Made from the code by `docs/reference/make.py`. The file, in YAML or as the same data in JSON, says for `onefloor bench`
how many qualified people each skill needs and how people are trained for it. Everything but `bench` may be left out.
An example: `examples/bench/bench.yaml`. [The bench](../explanation/planning-bench.md) explains what is made of it.

## Tables

All are CSV in UTF-8 with one header line; further columns are not read.

| option | columns | meaning |
|---|---|---|
| `--qualified` | `agent`, `skill`; if wanted `from`, `to`, `training` | who holds which skill, on which days, and the \
training he came through |
| `--needs` | `skill`, `start`, `agents` | agents needed from a moment of the floor's zone on, one line an interval |

`to` is the last day. A moment is written 2026-12-15 09:00. `onefloor staff --out` writes such a table; its agents have
the shrinkage in them, so that `--hours-a-week` are then paid hours. Without `--qualified`, whoever answered at least
ten contacts of a skill in the last sixty days holds it.
"""


def bench_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a bench file."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Onefloor bench",
        **schema_of(BenchFile),
    }


def reference_page() -> str:
    """The page: every part as a table, then the schema."""
    tables = "\n".join(_table(heading, form) for heading, form in PARTS)
    schema = json.dumps(bench_schema(), ensure_ascii=False, indent=1)
    return f"{INTRO}\n{tables}\n## JSON Schema\n\n```text\n{schema}\n```\n"


def _table(heading: str, form: type) -> str:
    lead = (form.__doc__ or "").splitlines()[0]
    rows = "".join(_row(name, declared) for name, declared in terms_of(form).items())
    return f"## {heading}\n\n{lead}\n\n| name | value | default | meaning |\n|---|---|---|---|\n{rows}"


def _row(name: str, declared: dataclasses.Field[Any]) -> str:
    kind, meaning = declared.metadata["kind"], declared.metadata["meaning"]
    value = kind.name.replace("|", "\\|")
    return f"| `{name}` | {value} | {_default(declared.default)} | {meaning.zh} · {meaning.en} |\n"


def _default(value: object) -> str:
    match value:
        case dataclasses.MISSING:
            return "required"
        case None | ():
            return "none"
        case ClassTerms():
            return "as below"
        case Passed():
            return f"{value.passed:.0%}"
        case Fraction():
            return f"{float(value):.0%}"
    return str(value).lower()
