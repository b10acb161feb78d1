"""How dataclasses are read from nodes: every problem at once, each with its place and a remedy.

A term is declared once, as a field of a dataclass::

    rate: Fraction = term(MONEY, Text("每通单价", "price of one contact"))

The same declaration reads the YAML, makes the JSON Schema and fills the reference table.
"""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from onefloor.agreements.terms.places import BadTerm, Node
from onefloor.language import Text
from onefloor.problems import Place, Problem, Problems

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of value: how a node of it is read, its JSON Schema, and its name in the reference.

    What it is made of, for whoever shows it as a form: the words of a choice, the kind of a list's items, the
    dataclasses of a mapping by the word under ``kind`` (by '' where there is only one).
    """

    read: Callable[[Node], Any]
    schema: Mapping[str, Any]
    name: str
    options: tuple[str, ...] = ()
    item: Kind | None = None
    forms: Mapping[str, type] = dataclasses.field(default_factory=dict)


def term(kind: Kind, meaning: Text, *, default: Any = dataclasses.MISSING, key: str = "") -> Any:
    """A field that is read from YAML; without a default it must be there. ``key`` if YAML names it otherwise."""
    return dataclasses.field(default=default, metadata={"kind": kind, "meaning": meaning, "key": key})


def terms_of(form: type) -> dict[str, dataclasses.Field[Any]]:
    """The fields of a dataclass that are read from YAML, by the name they have there."""
    return {f.metadata["key"] or f.name: f for f in dataclasses.fields(form) if "kind" in f.metadata}


def read_form(form: type[T], node: Node, ignore: Iterable[str] = ()) -> T:
    """A dataclass from a mapping node.

    Raises:
        Problems: all that is wrong in it and below it.
    """
    parts = mapping(node)
    fields = terms_of(form)
    problems: list[Problem] = [
        unknown(name, [*fields, *ignore], node.key_places.get(name, node.place))
        for name in parts
        if name not in fields and name not in ignore
    ]
    values: dict[str, Any] = {}
    for name, declared in fields.items():
        part = node.get(name)
        if part is not None:
            values[declared.name] = attempt(problems, partial(declared.metadata["kind"].read, part))
        elif declared.default is dataclasses.MISSING:
            problems.append(missing(name, declared.metadata["meaning"], node.place))
    stop_at(problems)
    return form(**values)


def attempt(problems: list[Problem], act: Callable[[], Any]) -> Any:
    """The result of ``act``; its problems are added to the list."""
    try:
        return act()
    except Problems as several:
        problems.extend(several.problems)
    except Problem as one:
        problems.append(one)
    return None


def stop_at(problems: list[Problem]) -> None:
    """Raise what was collected, if anything, in the order of the file."""
    if problems:
        raise Problems(sorted(problems, key=_position))


def _position(problem: Problem) -> tuple[str, int, int]:
    where = problem.where or Place("")
    return where.file, where.line or 0, where.column or 0


def mapping(node: Node) -> dict[str, Node]:
    """The parts of a mapping node."""
    if not isinstance(node.value, dict):
        what = Text("此处应为若干“名称: 值”。", 'Here belong lines of "name: value".')
        raise BadTerm(what, remedy=Text("请逐行写出各项。", "Write the parts one a line."), where=node.place)
    return node.value


def scalar(node: Node) -> str:
    """The text of a node."""
    if not isinstance(node.value, str):
        what = Text("此处应为单个值。", "Here belongs a single value.")
        raise BadTerm(what, remedy=Text("请只写一个值。", "Write one value only."), where=node.place)
    return node.value.strip()


def refuse(node: Node, *, write: Text, why: Text | None = None) -> BadTerm:
    """The problem of a value that is not known at its place."""
    written = node.value if isinstance(node.value, str) else "…"
    what = Text(f"未识别“{written}”。", f'"{written}" is not known here.')
    return BadTerm(what, why=why, remedy=write, where=node.place)


def unknown(name: str, known: Iterable[str], place: Place) -> BadTerm:
    """The problem of a name that is not known, with the nearest one that is."""
    options = sorted(known)
    near = difflib.get_close_matches(name, options, n=1, cutoff=0.6)
    listed = near or options
    remedy = Text(f"请写成 {listed[0]}。", f"Write {listed[0]}.") if near else _one_of(options)
    return BadTerm(Text(f"未识别“{name}”。", f'"{name}" is not known here.'), remedy=remedy, where=place)


def _one_of(options: list[str]) -> Text:
    return Text(f"可用：{'、'.join(options)}。", f"Use one of {', '.join(options)}.")


def missing(name: str, meaning: Text, place: Place) -> BadTerm:
    """The problem of a term that is not there."""
    what = Text(f"缺少 {name}（{meaning.zh}）。", f"{name} is missing ({meaning.en}).")
    return BadTerm(what, remedy=Text(f"请加上 {name}:。", f"Add {name}:."), where=place)


def one_of(*options: str) -> Kind:
    """One of a few words."""

    def read(node: Node) -> str:
        found = scalar(node)
        if found not in options:
            raise unknown(found, options, node.place)
        return found

    return Kind(read, {"enum": list(options)}, " | ".join(options), options)


def listed(kind: Kind) -> Kind:
    """A list of values of one kind, as a tuple; a single value may stand without brackets."""

    def read(node: Node) -> tuple[Any, ...]:
        problems: list[Problem] = []
        found = tuple(attempt(problems, partial(kind.read, item)) for item in node.items)
        stop_at(problems)
        return found

    schema = {"anyOf": [{"type": "array", "items": dict(kind.schema)}, dict(kind.schema)]}
    return Kind(read, schema, f"list of {kind.name}", item=kind)


def formed(form: type, name: str) -> Kind:
    """A mapping that is read as a dataclass."""
    return Kind(lambda node: read_form(form, node), schema_of(form), name, forms={"": form})


def schema_of(form: type, extra: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The JSON Schema of a dataclass's YAML."""
    fields = terms_of(form)
    properties = {
        name: {**f.metadata["kind"].schema, "description": f.metadata["meaning"].en} for name, f in fields.items()
    }
    required = [name for name, f in fields.items() if f.default is dataclasses.MISSING]
    return {
        "type": "object",
        "properties": {**(extra or {}), **properties},
        "required": [*(extra or {}), *required],
        "additionalProperties": False,
    }
