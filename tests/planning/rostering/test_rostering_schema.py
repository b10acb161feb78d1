"""The schema of rules files: kept beside the code as the code has it, and the example keeps it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from onefloor.planning.rostering.reference import rules_schema, schema_text

jsonschema = pytest.importorskip("jsonschema")
ROOT = Path(__file__).parents[3]


def test_the_kept_schema_is_that_of_the_code() -> None:
    kept = ROOT / "src" / "onefloor" / "planning" / "rostering" / "rules.schema.json"
    assert kept.read_text(encoding="utf-8") == schema_text()


def test_the_example_keeps_it_and_a_slip_does_not() -> None:
    validator = jsonschema.Draft202012Validator(rules_schema())
    validator.check_schema(rules_schema())
    text = (ROOT / "examples" / "rosters" / "rules.yaml").read_text(encoding="utf-8")
    example = json.loads(json.dumps(YAML(typ="safe").load(text), default=str))  # days as they are written
    assert list(validator.iter_errors(example)) == []
    assert list(validator.iter_errors({**example, "shift": []})) != []
