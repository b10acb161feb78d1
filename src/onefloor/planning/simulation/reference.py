"""The tables of ``docs/reference/model.md`` and the JSON Schema, made from the declarations of the model."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from onefloor.agreements.terms.reading import schema_of, terms_of
from onefloor.agreements.terms.schema import compact
from onefloor.planning.simulation.model import Agent, ContactType, Group, Model, Offer, Return, Rule, Skill

HEADINGS: tuple[tuple[str, type], ...] = (
    ("The model", Model),
    ("`types`", ContactType),
    ("`groups`", Group),
    ("A skill: `types` of a group", Skill),
    ("`agents` of a group", Agent),
    ("An offer: `groups` of a type", Offer),
    ("`redial` and `repeat`", Return),
    ("`service_level`", Rule),
)


def reference_tables() -> str:
    """Every part of a model file as Markdown tables."""
    return "\n".join(_table(heading, form) for heading, form in HEADINGS)


def _table(heading: str, form: type) -> str:
    rows = [_row(name, declared) for name, declared in terms_of(form).items()]
    return f"### {heading}\n\n| name | value | default | meaning |\n|---|---|---|---|\n{''.join(rows)}"


def _row(name: str, declared: dataclasses.Field[object]) -> str:
    kind, meaning = declared.metadata["kind"], declared.metadata["meaning"]
    value = kind.name.replace("|", "\\|")
    return f"| `{name}` | {value} | {_default(declared.default)} | {meaning.zh} · {meaning.en} |\n"


def _default(default: object) -> str:
    if default is dataclasses.MISSING:
        return "required"
    if default is None or default in ((), ""):
        return "none"
    if dataclasses.is_dataclass(default):
        return "as below"
    if isinstance(default, bool):
        return str(default).lower()
    return f"{default:g}" if isinstance(default, float) else str(default)


def model_schema() -> dict[str, Any]:
    """The schema of ``model.yaml`` (JSON Schema 2020-12)."""
    return compact({"title": "Onefloor simulation model", **schema_of(Model)})


def schema_text() -> str:
    """The schema as it is kept in ``model.schema.json``."""
    return json.dumps(model_schema(), ensure_ascii=False, indent=1) + "\n"
