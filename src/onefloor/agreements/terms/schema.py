"""The JSON Schema of an agreement, made from the same declarations that read it. Editors complete and check with it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from onefloor.agreements.terms.agreement import Parties
from onefloor.agreements.terms.reading import schema_of
from onefloor.agreements.terms.version import Terms


def agreement_schema() -> dict[str, Any]:
    """The schema of ``agreement.yaml`` (JSON Schema 2020-12)."""
    head, body = schema_of(Parties), schema_of(Terms)
    amendment = {
        "type": "object",
        "properties": {
            **_loose(body["properties"]),
            "remove": {"type": "array", "items": {"type": ["string", "number"]}},
        },
        "required": ["from"],
        "additionalProperties": False,
    }
    whole = {
        "title": "Onefloor agreement",
        "type": "object",
        "properties": {
            **head["properties"],
            **body["properties"],
            "amendments": {"type": "array", "items": amendment},
        },
        "required": [*head["required"], *body["required"]],
        "additionalProperties": False,
    }
    return compact(whole)


def compact(whole: dict[str, Any]) -> dict[str, Any]:
    """A schema (JSON Schema 2020-12) in which every part that occurs twice is kept once."""
    shared: dict[str, Any] = {}
    found = _referring(whole, Counter(_parts(whole)), {}, shared)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **found, "$defs": shared}


def _parts(schema: Any) -> Iterator[str]:
    """Every object schema inside, as text."""
    if isinstance(schema, dict):
        if len(schema) > 1 and "properties" in schema:
            yield json.dumps(schema)
        yield from (part for inner in schema.values() for part in _parts(inner))
    elif isinstance(schema, list):
        yield from (part for inner in schema for part in _parts(inner))


def _referring(schema: Any, times: Counter[str], names: dict[str, str], shared: dict[str, Any]) -> Any:
    """The same schema with every object schema that occurs twice kept once, in ``shared``."""
    if isinstance(schema, list):
        return [_referring(item, times, names, shared) for item in schema]
    if not isinstance(schema, dict):
        return schema
    key = json.dumps(schema)
    found = names.get(key)
    if found is None:
        inside = {name: _referring(part, times, names, shared) for name, part in schema.items()}
        if times[key] < 2:
            return inside
        found = names[key] = f"part{len(names) + 1}"
        shared[found] = inside
    return {"$ref": f"#/$defs/{found}"}


def schema_text() -> str:
    """The schema as it is kept in ``agreement.schema.json``."""
    return json.dumps(agreement_schema(), ensure_ascii=False, indent=1) + "\n"


def _loose(schema: Any) -> Any:
    """The same schema for a change: nothing is required, kinds are not told apart, null removes."""
    if isinstance(schema, list):
        return [_loose(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    loose = {name: _loose(part) for name, part in schema.items() if name != "required"}
    if "oneOf" in loose:
        loose["anyOf"] = loose.pop("oneOf")
    return loose
