"""Actions from YAML: every slip at once, each with its line and what to do about it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from onefloor.agreements.terms.places import BadTerm, Node, parsed_yaml
from onefloor.agreements.terms.reading import read_form, stop_at
from onefloor.insight.effects.action import UNITS, Action, Given, Judgement, Low, Threshold, WholeFloor
from onefloor.language import Text
from onefloor.metrics import catalogue
from onefloor.problems import MissingFile, Place, Problem

BEGIN = Text("请以 action: 编号 开头。", "Begin with action: and its id.")


def read_action(text: str, file: str) -> Action:
    """An action from the text of its file.

    Raises:
        BadYaml: it is not YAML of the kind used here.
        Problems: all that is wrong in it, each with its place.
    """
    node = parsed_yaml(text, file, BEGIN)
    action = read_form(Action, node)
    stop_at([*_who(action), *_dates(action), *_fits(action, node), *_metrics(node)])
    return action


def read_action_file(path: Path) -> Action:
    """An action from its file.

    Raises:
        MissingFile: there is none; else as ``read_action``.
    """
    if not path.is_file():
        raise MissingFile(path)
    return read_action(path.read_text(encoding="utf-8", errors="replace"), path.name)


def action_of(data: Mapping[str, Any], file: str = "") -> Action:
    """An action from plain data, as ``writing.as_data`` makes it; raises as ``read_action``."""
    return read_action(json.dumps(data, ensure_ascii=False), file)


def _who(action: Action) -> Iterator[Problem]:
    """Everybody is named once, in lists of one kind."""
    for given in action.given:
        said = [*given.lists, *(["everybody"] if given.everybody else [])]
        if len(said) != 1:
            yield _bad(
                given,
                Text("对象须恰好用一种方式写明。", "Who got it has to be said in exactly one way."),
                Text(f"请写 {'、'.join(UNITS)} 之一，或 everybody: true。", _one_way()),
            )
    kinds = {name for given in action.given for name in (given.lists or ["everybody"])}
    if len(kinds) > 1:
        yield _bad(
            action.given[-1],
            Text("各组的对象种类不一。", f"The groups name different kinds: {', '.join(sorted(kinds))}."),
            Text("请拆成几份行动，每份一种对象。", "Register one action for each kind."),
        )
    for name, times in Counter(action.names).items():
        if times > 1:
            yield _bad(
                _last_naming(action, name),
                Text(f"“{name}”写了 {times} 次。", f'"{name}" is named {times} times.'),
                Text("每个对象只能有一个起始日。", "Everybody has one first day; name it once."),
            )


def _one_way() -> str:
    return f"Write one of {', '.join(UNITS)}, or everybody: true."


def _last_naming(action: Action, name: str) -> Given:
    return [given for given in action.given if any(name in names for names in given.lists.values())][-1]


def _dates(action: Action) -> Iterator[Problem]:
    for given in action.given:
        if given.until is not None and given.until <= given.start:
            yield _bad(
                given,
                Text("终止日须晚于起始日。", "It has to end after it begins."),
                Text("until 是不再有效的第一天。", "until is the first day on which it no longer holds."),
            )


def _fits(action: Action, node: Node) -> Iterator[Problem]:
    """The way of picking fits those who got it."""
    place = (node.get("picked") or node).place
    large = action.unit in ("", "company", "queue")
    if isinstance(action.picked, WholeFloor) and not large:
        yield _misfit(place, "坐席、班组或职场", "agents, teams or sites", "lot、threshold、low、unrelated")
    if large and not isinstance(action.picked, WholeFloor | Judgement):
        yield _misfit(place, "整个公司、队列或全体", "a whole company, queue or floor", "whole_floor")
    if isinstance(action.picked, Threshold) and len({given.start for given in action.given}) > 1:
        what = Text("按线划定只能有一个起始日。", "A threshold rule has one first day.")
        remedy = Text("请把其余各组另立行动。", "Register the other groups as actions of their own.")
        yield BadTerm(what, remedy=remedy, where=place)
    for given in action.given:
        if given.figures and not isinstance(action.picked, Low):
            what = Text("figures 只用于 kind: low。", "figures belongs to kind: low only.")
            yield _bad(given, what, Text("请删去 figures。", "Take figures out."))


def _misfit(place: Place, zh: str, en: str, write: str) -> BadTerm:
    what = Text(f"这种选人办法不适用于{zh}。", f"Nobody picks {en} in this way.")
    return BadTerm(what, remedy=Text(f"请写 kind: {write}。", f"Write kind: {write.replace('、', ', ')}."), where=place)


def _metrics(node: Node) -> Iterator[Problem]:
    """Every metric exists, and can be computed by agent and month."""
    for part in _references(node):
        try:
            catalogue.metric(str(part.value).strip())
        except Problem as problem:
            problem.where = part.place
            yield problem


def _references(node: Node) -> Iterator[Node]:
    if isinstance(node.value, dict):
        for name, part in node.value.items():
            if name == "metric":
                yield part
            else:
                yield from _references(part)
    elif isinstance(node.value, list):
        for item in node.value:
            yield from _references(item)


def _bad(given: Given, what: Text, remedy: Text) -> BadTerm:
    return BadTerm(what, remedy=remedy, where=given.place)
