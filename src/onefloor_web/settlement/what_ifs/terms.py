"""Other terms from a few fields: what can be changed of an agreement, and the amendment that changes it."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import YAMLError

from onefloor.agreements.terms.agreement import Agreement
from onefloor.agreements.terms.places import Node
from onefloor.language import Text
from onefloor.problems import Problem
from onefloor_web.agreements.exclusions.composing import as_written

WHOLE: Final = ("at_risk", "cap", "reward_cap")
OF_PARTS: Final = {"price": ("rate",), "clauses": ("target", "credit", "reward", "bands")}


class BadBands(Problem):
    """Bands that cannot be read."""

    def __init__(self, text: str) -> None:
        super().__init__(
            Text(f"未识别档位“{text[:80]}”。", f'The bands "{text[:80]}" cannot be read.'),
            remedy=Text(
                "请写成 [{from: 80%}, {to: 80%, credit: 50%}]。", "Write them as [{from: 80%}, {to: 80%, credit: 50%}]."
            ),
        )


@dataclass(frozen=True, slots=True)
class Field:
    """A term that can be changed: its place in the text (part, id, name), and how it is written now."""

    part: str
    id: str
    name: str
    title: Text
    written: str

    @property
    def key(self) -> str:
        """Its name in a form."""
        return f"term:{self.part}:{self.id}:{self.name}"


def fields_of(terms: Agreement) -> list[Field]:
    """What can be changed of the newest version, in the order of its text."""
    node, said = terms.nodes[-1], {part.id: part.title for part in terms.versions[-1].parts}
    whole = [Field("", "", name, _WHOLE[name], str(found.value)) for name in WHOLE if (found := node.get(name))]
    band = node.get("forecast")
    width = band.get("band") if band else None
    forecast = [Field("forecast", "", "band", Text("浮动区间", "Forecast band"), str(width.value))] if width else []
    return [*whole, *forecast, *(field for part, names in OF_PARTS.items() for field in _of(node, part, names, said))]


def amendment(code: str, fields: list[Field], said: Mapping[str, str]) -> str:
    """The YAML of an amendment that changes what differs; only its head without any.

    Raises:
        BadBands: bands that are no list.
    """
    change = CommentedMap({"amends": code})
    for field in fields:
        wished = said.get(field.key, "").strip()
        if wished and wished != field.written:
            _put(change, field, _value(field, wished))
    written = io.StringIO()
    as_written().dump(change, written)
    return written.getvalue()


def _of(node: Node, part: str, names: tuple[str, ...], said: Mapping[str, Text]) -> list[Field]:
    things = node.get(part)
    return [
        Field(part, str(number.value), name, said.get(str(number.value), Text("", "")), _written(found))
        for thing in (things.items if things else [])
        if (number := thing.get("id"))
        for name in names
        if (found := thing.get(name))
    ]


def _written(node: Node) -> str:
    return str(node.value) if isinstance(node.value, str) else _flow(node.as_data())


def _flow(data: Any) -> str:
    """Lists and mappings on one line, as YAML reads them back."""
    if isinstance(data, dict):
        return "{" + ", ".join(f"{name}: {_flow(value)}" for name, value in data.items()) + "}"
    if isinstance(data, list):
        return "[" + ", ".join(map(_flow, data)) + "]"
    text = str(data)
    plain = (text and not set(text) & set(",[]{}#:\"'&*!|>%@`")) or text.rstrip("%").replace(".", "").isdigit()
    return text if plain else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _value(field: Field, wished: str) -> Any:
    if field.name != "bands":
        return wished
    try:
        found = as_written().load(wished)
    except (YAMLError, ValueError):
        raise BadBands(wished) from None
    if not isinstance(found, list):
        raise BadBands(wished)
    return found


def _put(change: CommentedMap, field: Field, value: Any) -> None:
    if not field.part:
        change[field.name] = value
    elif not field.id:
        change.setdefault(field.part, CommentedMap())[field.name] = value
    else:
        things = change.setdefault(field.part, [])
        thing = next((one for one in things if one["id"] == field.id), None)
        if thing is None:
            thing = CommentedMap({"id": field.id})
            things.append(thing)
        thing[field.name] = value


_WHOLE: Final = {
    "at_risk": Text("考核金额", "At-risk amount"), "cap": Text("扣罚封顶", "Cap of credits"),
    "reward_cap": Text("奖励封顶", "Cap of rewards"),
}  # fmt: skip
