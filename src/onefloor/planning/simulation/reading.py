"""Reading a model file: every mistake at once, each with file, line, column and what to write."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from onefloor.agreements.terms.places import BadTerm, Node, content, parsed_yaml
from onefloor.agreements.terms.reading import read_form, stop_at, unknown
from onefloor.language import Text
from onefloor.planning.simulation.model import Agent, ContactType, Group, Model, Return, spread_out
from onefloor.problems import Problem

BEGIN = Text("请以 model: 代码 开头。", "Begin with model: and its name.")
MOST_INTERVALS = 100_000
MOST_CONTACTS = 1e9


def read_model(path: Path) -> Model:
    """A model from a YAML file.

    Raises:
        MissingFile: there is no such file.
        BadYaml, Problems: all that is wrong, each with file, line, column and remedy.
    """
    return parse_model(content(path), str(path))


def parse_model(text: str, file: str = "model.yaml") -> Model:
    """A model from YAML text; ``file`` is named in problems.

    >>> parse_model('''
    ... model: small
    ... horizon: 1h
    ... types: [{id: tech, arrivals: 60, service: exponential 300s, patience: exponential 120s}]
    ... groups: [{id: own, types: [{type: tech}], staff: 7}]
    ... ''').types[0].service.mean
    300.0
    """
    node = parsed_yaml(text, file, begin=BEGIN)
    model = read_form(Model, node)
    stop_at(list(_wrong(model, node)))
    return model


def _bad(where: Node, zh: str, en: str, do_zh: str, do_en: str) -> BadTerm:
    return BadTerm(Text(zh, en), remedy=Text(do_zh, do_en), where=where.place)


def _wrong(model: Model, node: Node) -> Iterator[Problem]:
    yield from _length(model, node)
    yield from _nothing(model, node)
    yield from _twice(node.each("types"))
    yield from _twice(node.each("groups"))
    yield from _twice([agent for group in node.each("groups") for agent in group.each("agents")])
    for kind, at in zip(model.types, node.each("types"), strict=True):
        yield from _type(model, kind, at)
    for group, at in zip(model.groups, node.each("groups"), strict=True):
        yield from _group(model, group, at)


def _length(model: Model, node: Node) -> Iterator[Problem]:
    count = model.horizon / model.interval
    where = node.get("interval") or node.get("horizon") or node
    if abs(count - round(count)) > 1e-9 or not 1 <= count <= MOST_INTERVALS:
        yield _bad(where, "时长不是时段的整数倍，或时段过多。",
                   "The horizon is no whole number of intervals, or too many.",
                   "请例如写 horizon: 24h、interval: 30min。",
                   "Write horizon: 24h and interval: 30min, say.")  # fmt: skip
    if model.warm_up >= model.horizon:
        yield _bad(node.get("warm_up") or node, "预热占满了全部时长。", "The warm-up fills the whole horizon.",
                   "请缩短 warm_up。", "Make warm_up shorter.")  # fmt: skip


def _nothing(model: Model, node: Node) -> Iterator[Problem]:
    if not model.types or not model.groups:
        yield _bad(node, "至少需要一个话务类型和一个坐席组。", "At least one contact type and one group are needed.",
                   "请写 types: 和 groups:。", "Write types: and groups:.")  # fmt: skip


def _twice(nodes: list[Node]) -> Iterator[Problem]:
    seen: set[str] = set()
    for name in (found for item in nodes if (found := item.get("id"))):
        if str(name.value) in seen:
            yield _bad(name, f"“{name.value}”用了两次。", f'"{name.value}" is used twice.',
                       "请用不同的代码。", "Give each its own.")  # fmt: skip
        seen.add(str(name.value))


def _per_interval(model: Model, values: tuple[float, ...] | tuple[int, ...], where: Node | None) -> Iterator[Problem]:
    if where is not None and len(values) not in (1, model.intervals):
        yield _bad(where, f"应为1个或{model.intervals}个数，现有{len(values)}个。",
                   f"1 or {model.intervals} numbers belong here, there are {len(values)}.",
                   "请为每个时段写一个数。", "Write one number for each interval.")  # fmt: skip


def _type(model: Model, kind: ContactType, at: Node) -> Iterator[Problem]:
    yield from _per_interval(model, kind.arrivals, at.get("arrivals"))
    if sum(spread_out(kind.arrivals, model.intervals)) > MOST_CONTACTS:
        yield _bad(at.get("arrivals") or at, "到达量超过十亿。", "More than a billion contacts come.",
                   "请减少 arrivals。", "Let fewer come.")  # fmt: skip
    known = [group.id for group in model.groups]
    for offer in at.each("groups"):
        name = offer.get("group")
        if name is not None and str(name.value) not in known:
            yield unknown(str(name.value), known, name.place)
        elif name is not None and not _serves(model, str(name.value), kind.id):
            yield _bad(name, f"坐席组“{name.value}”没有技能“{kind.id}”。",
                       f'The group "{name.value}" does not serve "{kind.id}".',
                       "请在该组的 types 中加上它。", "Add it to the group's types.")  # fmt: skip
    shares = at.get("shares")
    for company, place in shares.key_places.items() if shares else ():
        if company not in model.companies:
            yield unknown(company, model.companies, place)
    yield from _goes_on(model, kind, at.get("transfers"))
    yield from _comes_back(kind.redial, at.get("redial"))
    yield from _comes_back(kind.repeat, at.get("repeat"))


def _goes_on(model: Model, kind: ContactType, at: Node | None) -> Iterator[Problem]:
    """A transfer is to another type, and never everybody's."""
    known = [other.id for other in model.types if other.id != kind.id]
    for name, place in at.key_places.items() if at else ():
        if name not in known:
            yield unknown(name, known, place)
    most = max((agent.transfers for group in model.groups for agent in group.agents), default=1.0)
    share = sum(share for _, share in kind.transfers)
    if at is not None and most > 1 and most * share >= 1:
        yield _bad(at, "有坐席会把所有人转走，永不停止。", "Some agent passes everybody on, for ever.",
                   "请减小比例或坐席的 transfers 倍数。",
                   "Make the shares or the agents' factors smaller.")  # fmt: skip


def _comes_back(back: Return | None, at: Node | None) -> Iterator[Problem]:
    """Everybody who comes back, or at once, never ends."""
    if back is None or at is None:
        return
    if back.share >= 1:
        yield _bad(at.get("share") or at, "所有人都会再来，永不停止。", "Everybody calls again, for ever.",
                   "请使 share 小于 100%。", "Make share less than 100%.")  # fmt: skip
    if back.after.mean <= 0:
        yield _bad(at.get("after") or at, "再来之前须间隔一段时间。", "Nobody calls again at once.",
                   "请写 after: exponential 10min。", "Write after: exponential 10min.")  # fmt: skip


def _serves(model: Model, group: str, kind: str) -> bool:
    return any(skill.type == kind for g in model.groups if g.id == group for skill in g.types)


def _group(model: Model, group: Group, at: Node) -> Iterator[Problem]:
    known = [kind.id for kind in model.types]
    for skill in at.each("types"):
        name = skill.get("type")
        if name is not None and str(name.value) not in known:
            yield unknown(str(name.value), known, name.place)
    if bool(group.staff) == bool(group.agents):
        yield _bad(at, f"坐席组“{group.id}”须有 staff 或 agents 之一。",
                   f'The group "{group.id}" needs staff or agents, one of them.',
                   "请写 staff: 12，或逐一列出 agents。", "Write staff: 12, or list its agents.")  # fmt: skip
    if group.staff:
        yield from _per_interval(model, group.staff, at.get("staff"))
    for agent, where in zip(group.agents, at.each("agents"), strict=True):
        yield from _agent(agent, where)


def _agent(agent: Agent, at: Node) -> Iterator[Problem]:
    spans = sorted(agent.shift)
    if any(one[1] > two[0] for one, two in pairwise(spans)):
        yield _bad(at.get("shift") or at, f"坐席“{agent.id}”的班次重叠。", f'The shifts of "{agent.id}" overlap.',
                   "请分开书写。", "Write them apart.")  # fmt: skip
    if agent.breaks and not agent.shift:
        yield _bad(at.get("breaks") or at, f"坐席“{agent.id}”有休息而没有班次。",
                   f'"{agent.id}" has breaks and no shift.',
                   "请写 shift: 08:00-16:00。", "Write shift: 08:00-16:00.")  # fmt: skip
