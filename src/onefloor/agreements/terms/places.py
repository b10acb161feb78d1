"""A YAML document as plain nodes that remember where they stand: file, line and column.

Scalars stay the text that was written ("6.00" never becomes a float). Amendments are merged here, before anything is
understood, so that every value keeps the place it was written at.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

from onefloor.agreements.statement import canonical_json
from onefloor.language import Text, same
from onefloor.problems import MissingFile, Place, Problem

LONGEST = 2_000_000
"""Characters; a longer file is no agreement."""


class BadYaml(Problem):
    """The file is not YAML of the kind agreements use."""


class BadTerm(Problem):
    """A term that cannot be used."""


@dataclass(frozen=True, slots=True)
class Node:
    """A value and its place. ``value`` is text, None, a list of nodes or a mapping of name to node."""

    value: str | list[Node] | dict[str, Node] | None
    place: Place
    key_places: Mapping[str, Place] = field(default_factory=dict)

    @property
    def items(self) -> list[Node]:
        """The items of a list; of a single value, that value; of nothing, nothing."""
        if self.value is None:
            return []
        return self.value if isinstance(self.value, list) else [self]

    def get(self, name: str) -> Node | None:
        """A part of a mapping; None if it is absent or empty."""
        found = self.value.get(name) if isinstance(self.value, dict) else None
        return None if found is None or found.value is None else found

    def each(self, name: str) -> list[Node]:
        """The items of a part of a mapping; none if it is absent."""
        found = self.get(name)
        return found.items if found else []

    def as_data(self) -> Any:
        """The content without places: dicts, lists, texts and None."""
        if isinstance(self.value, dict):
            return {name: part.as_data() for name, part in self.value.items()}
        return [part.as_data() for part in self.value] if isinstance(self.value, list) else self.value

    def digest(self) -> str:
        """SHA-256 of the content: layout and comments do not change it, order of keys neither."""
        return hashlib.sha256(canonical_json(self.as_data())).hexdigest()


def content(path: Path) -> str:
    """The text of a file, for ``parsed_yaml``.

    Raises:
        MissingFile: there is no such file.
        BadYaml: it is not UTF-8.
    """
    if not path.is_file():
        raise MissingFile(path)
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        what = Text("文件不是 UTF-8 编码。", "The file is not UTF-8.")
        raise BadYaml(what, remedy=Text("请另存为 UTF-8。", "Save it as UTF-8."), where=Place(str(path))) from None


def parsed_yaml(text: str, file: str, begin: Text | None = None) -> Node:
    """The document of a YAML text; ``begin`` says how to begin it where it holds nothing.

    Raises:
        BadYaml: it is malformed, empty, not a mapping, repeats a key, or uses anchors; says where.
    """
    if len(text) > LONGEST:
        raise _bad(
            file, None, Text("文件过大。", "The file is too long."), Text("请只放一份协议。", "Keep one agreement.")
        )
    try:
        root = YAML().compose(text)
    except MarkedYAMLError as error:
        raise _malformed(error, file, text) from None
    except (YAMLError, RecursionError, ValueError) as error:
        raise _bad(file, None, same(str(error).splitlines()[0]), _MEND) from None
    if not isinstance(root, MappingNode):
        raise _bad(file, None, Text("文件中没有条款。", "The file holds no terms."), begin or _START)
    try:
        return _node(root, file, set())
    except RecursionError:
        raise _bad(file, None, Text("嵌套过深。", "It is nested too deeply."), _MEND) from None


def _node(found: Any, file: str, seen: set[int]) -> Node:
    place = _place(found, file)
    if id(found) in seen:
        what = Text("协议中不使用锚点和别名（& *）。", "An agreement does not use anchors and aliases (& and *).")
        raise BadYaml(what, remedy=Text("请把内容写全。", "Write the content out."), where=place)
    seen.add(id(found))
    if isinstance(found, SequenceNode):
        return Node([_node(item, file, seen) for item in found.value], place)
    if isinstance(found, MappingNode):
        return _mapping(found, file, seen)
    return Node(None if _is_empty(found) else _text_of(found), place)


def _mapping(found: Any, file: str, seen: set[int]) -> Node:
    parts: dict[str, Node] = {}
    places: dict[str, Place] = {}
    for key, value in found.value:
        name, where = str(key.value) if isinstance(key, ScalarNode) else "", _place(key, file)
        if not name or name in parts:
            what = Text(f"“{name}”写了两次。", f'"{name}" is written twice.') if name else _NO_NAME
            raise BadYaml(what, remedy=Text("请只保留一处。", "Keep one of them."), where=where)
        parts[name], places[name] = _node(value, file, seen), where
    return Node(parts, _place(found, file), places)


def _text_of(scalar: Any) -> str:
    """The scalar's text; ruamel marks the folds of a ``>`` block with the bell character, to write them again."""
    return str(scalar.value).replace("\a", "") if scalar.style == ">" else str(scalar.value)


def _is_empty(scalar: Any) -> bool:
    return scalar.style is None and scalar.value in ("", "~", "null", "Null", "NULL")


def _place(found: Any, file: str) -> Place:
    return Place(file, found.start_mark.line + 1, found.start_mark.column + 1)


_MEND = Text("请改正该处的 YAML 语法。", "Mend the YAML there.")
_START = Text("请以 agreement: 代码 开头。", "Begin with agreement: and its code.")
_NO_NAME = Text("名称不能为空，也不能是列表或映射。", "A name may not be empty, a list or a mapping.")
_QUOTE = Text('含有 > 或 < 的值要加引号，例如 ">= 80%"。', 'A value with > or < needs quotes, such as ">= 80%".')


def _malformed(error: MarkedYAMLError, file: str, text: str) -> BadYaml:
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark else None
    lines = text.splitlines()
    written = lines[mark.line] if mark and mark.line < len(lines) else ""
    remedy = _QUOTE if ": >" in written or ": <" in written else _MEND
    what = Text(f"YAML 语法有误：{error.problem}。", f"This is not well-formed YAML: {error.problem}.")
    return BadYaml(what, remedy=remedy, where=Place(file, line, mark.column + 1 if mark else None))


def _bad(file: str, line: int | None, what: Text, remedy: Text) -> BadYaml:
    return BadYaml(what, remedy=remedy, where=Place(file, line))


def merged(base: Node, change: Node) -> Node:
    """``base`` with what ``change`` says instead.

    Mappings are merged name by name, lists of things with an ``id`` thing by thing; every other value is replaced.
    A thing of another ``kind`` is replaced as a whole, an empty value removes what it names.
    """
    if isinstance(base.value, dict) and isinstance(change.value, dict):
        return _merged_mapping(base, change)
    if _identified(base) and _identified(change):
        return _merged_list(base, change)
    return change


def _merged_mapping(base: Node, change: Node) -> Node:
    assert isinstance(base.value, dict)
    assert isinstance(change.value, dict)
    kinds = [part.value for node in (base, change) if (part := node.get("kind"))]
    if len(kinds) == 2 and kinds[0] != kinds[1]:
        return change
    parts = dict(base.value)
    for name, value in change.value.items():
        parts[name] = merged(parts[name], value) if name in parts else value
    kept = {name: part for name, part in parts.items() if part.value is not None}
    return Node(kept, base.place, {**base.key_places, **change.key_places})


def _merged_list(base: Node, change: Node) -> Node:
    things = {_id(item): item for item in base.items}
    for item in change.items:
        things[_id(item)] = merged(things[_id(item)], item) if _id(item) in things else item
    return Node(list(things.values()), base.place)


def without_things(node: Node, ids: frozenset[str]) -> Node:
    """A list of things less those with these ids; anything else as it is."""
    if not _identified(node):
        return node
    return Node([item for item in node.items if _id(item) not in ids], node.place)


def _identified(node: Node) -> bool:
    return isinstance(node.value, list) and bool(node.value) and all(_id(item) for item in node.value)


def _id(item: Node) -> str:
    found = item.get("id")
    return found.value if found and isinstance(found.value, str) else ""
