"""YAML documents whose every key knows its line and column, checked against a JSON Schema, all errors at once."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from onefloor.language import Text, same
from onefloor.problems import MissingFile, Place, Problem

Path_ = Sequence[str | int]


class BadDocument(Problem):
    """Something in a YAML document that cannot be used."""


def read_yaml(path: Path) -> CommentedMap:
    """A YAML mapping with positions.

    Raises:
        MissingFile: there is no such file.
        BadDocument: it is not UTF-8 YAML with keys and values; says the line.
    """
    if not path.is_file():
        raise MissingFile(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise _unreadable(path, same(""), None, None) from None
    return yaml_of(text, path)


def yaml_of(text: str, path: Path) -> CommentedMap:
    """The same of a text; ``path`` is what problems call it.

    Raises:
        BadDocument: it is not YAML with keys and values; says the line.
    """
    try:
        document = YAML(typ="rt").load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark
        reason = same(str(error.problem or error.context or ""))
        raise _unreadable(path, reason, mark.line + 1 if mark else None, mark.column + 1 if mark else None) from None
    except (YAMLError, ValueError, RecursionError) as error:
        raise _unreadable(path, same(str(error).splitlines()[0]), None, None) from None
    if not isinstance(document, CommentedMap):
        raise _unreadable(path, Text("内容不是“键: 值”。", "It does not hold keys and values."), None, None)
    return document


def _unreadable(path: Path, reason: Text, line: int | None, column: int | None) -> BadDocument:
    return BadDocument(
        Text("这不是可读的 UTF-8 YAML 文件。", "This is not a readable UTF-8 YAML file."),
        why=reason if reason.en else None,
        remedy=Text("请改正该处的语法。", "Mend the syntax there."),
        where=Place(str(path), line, column),
    )


def plain(node: Any) -> Any:
    """The document as plain dicts and lists; keys become text, dates their ISO text.

    >>> plain({1: [True]})
    {'1': [True]}
    """
    if isinstance(node, dict):
        return {_key(key): plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [plain(value) for value in node]
    if node is None or isinstance(node, bool):
        return node
    for kind in (int, float, str):
        if isinstance(node, kind):
            return kind(node)
    return str(node)


def _key(key: Any) -> str:
    return str(key).lower() if isinstance(key, bool) else str(key)


def place(document: CommentedMap, path: Path_, file: Path, *, key: str | None = None) -> Place:
    """Where the node at a path stands, or one key of it; the nearest known place above it otherwise."""
    node: Any = document
    line, column = 0, 0
    for step in [*path, *([key] if key is not None else [])]:
        found = _entry(node, step)
        if found is None:
            break
        line, column, node = found
    return Place(str(file), line + 1, column + 1)


def _entry(node: Any, step: str | int) -> tuple[int, int, Any] | None:
    if isinstance(node, CommentedMap):
        for key in node:
            if _key(key) == str(step):
                return (*node.lc.key(key), node[key])
    if isinstance(node, CommentedSeq) and isinstance(step, int) and step < len(node):
        return (*node.lc.item(step), node[step])
    return None


def schema_problems(document: CommentedMap, schema: Mapping[str, Any], file: Path) -> list[Problem]:
    """Everything in the document that the schema refuses, in the order of lines."""
    found: list[Problem] = []
    for error in Draft202012Validator(schema).iter_errors(plain(document)):
        found.extend(_problems(error, document, file))
    return sorted(found, key=lambda problem: (problem.where.line or 0, problem.where.column or 0))  # type: ignore[union-attr]


def _problems(error: ValidationError, document: CommentedMap, file: Path) -> Iterable[Problem]:
    path = list(error.absolute_path)
    if error.validator == "additionalProperties":
        known = list(error.schema["properties"])
        for name in error.instance:
            if name not in known:
                yield unknown_word(name, known, place(document, path, file, key=name))
    elif error.validator == "required":
        for name in error.validator_value:
            if name not in error.instance:
                yield BadDocument(
                    Text(f"缺少“{name}”。", f'"{name}" is missing.'),
                    remedy=Text(f"请加上“{name}:”。", f'Add "{name}:".'),
                    where=place(document, path, file),
                )
    elif error.validator == "enum":
        yield unknown_word(
            str(error.instance), [str(one) for one in error.validator_value], place(document, path, file)
        )
    else:
        yield _other_problem(error, place(document, path, file))


def _other_problem(error: ValidationError, where: Place) -> Problem:
    name = str(error.absolute_path[-1]) if error.absolute_path else ""
    wanted = error.validator_value
    listed = ", ".join(wanted) if isinstance(wanted, list) else str(wanted)
    remedies = {
        "type": Text(f"此处应为：{listed}。", f"It must be: {listed}."),
        "pattern": Text(f"须符合 {listed}。", f"It must match {listed}."),
        "minimum": Text(f"不得小于 {listed}。", f"It must be at least {listed}."),
        "maximum": Text(f"不得大于 {listed}。", f"It must be at most {listed}."),
        "minItems": Text("至少写一项。", "List at least one."),
        "minProperties": Text("至少写一项。", "Give at least one."),
    }
    shown = str(error.instance)[:60]
    return BadDocument(
        Text(f"“{name}”的值“{shown}”不可用。", f'"{shown}" cannot be the value of "{name}".'),
        remedy=remedies.get(str(error.validator), same(error.message[:200])),
        where=where,
    )


def unknown_word(word: str, known: Sequence[str], where: Place) -> BadDocument:
    """A word that is not among the known ones, with the nearest."""
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    listed = [repr(one)[1:-1] or '""' for one in known]
    remedy = (
        Text(f"是否想写“{near[0]}”？", f'Did you mean "{near[0]}"?')
        if near
        else Text(f"可用：{'、'.join(listed)}。", f"Known: {', '.join(listed)}.")
    )
    return BadDocument(
        Text(f"此处不认识“{word}”。", f'"{word}" is not known here.'),
        remedy=remedy,
        where=where,
    )
