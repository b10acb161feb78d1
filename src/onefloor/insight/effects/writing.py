"""An action as plain data and as YAML; what is written reads back as the same action."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from io import StringIO
from typing import Any

from ruamel.yaml import YAML

from onefloor.agreements.terms.reading import terms_of
from onefloor.insight.effects.action import MONTHS, PICKS, WHERE, Action
from onefloor.language import Text
from onefloor.periods import Month

PLACES = 9


def as_data(action: Action) -> dict[str, Any]:
    """The action as dicts, lists, texts and numbers; what is left to its default stays away."""
    return _form(action)


def as_yaml(action: Action) -> str:
    """The action as a YAML file."""
    yaml, held = YAML(typ="safe", pure=True), StringIO()
    yaml.default_flow_style = None
    yaml.allow_unicode = True
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]  # in the order of the declaration
    yaml.dump(as_data(action), held)
    return held.getvalue()


def _form(held: Any) -> dict[str, Any]:
    kind = {"kind": held.kind} if type(held) in PICKS.values() else {}
    parts = {
        name: _value(getattr(held, declared.name), declared.metadata["kind"])
        for name, declared in terms_of(type(held)).items()
        if getattr(held, declared.name) != declared.default
    }
    return kind | parts


def _value(value: Any, kind: object) -> Any:
    if kind is WHERE:
        return {name: list(names) for name, names in value}
    if kind is MONTHS:
        return f"{value[0]}..{value[-1]}"
    match value:
        case Text():
            return value.zh if value.zh == value.en else value.as_json()
        case date() | Month():
            return str(value)
        case Fraction():
            return _number(value)
        case tuple():
            return [_value(one, None) for one in value]
        case bool() | int() | str():
            return value
    return _form(value)


def _number(value: Fraction) -> int | float:
    """A number of at most nine places, as all that are read are."""
    return int(value) if value.denominator == 1 else round(float(value), PLACES)
