"""Ways to group lines: each agent one, blocks of lines that are pooled, chains, everybody all.

A chain of width s gives the agents of each line its s - 1 next lines around a circle: with two skills each it does
nearly what full flexibility does (Jordan and Graves 1995, Management Science 41:577; Wallace and Whitt 2005, M&SOM
7:276; Bassamboo, Randhawa and Van Mieghem 2012, Operations Research 60:1423). Which lines share a block is chosen by
Erlang A over all partitions, which takes milliseconds; the simulation then says what each design really needs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

import numpy as np

from onefloor.planning.erlang.sizing import Goal, least_agents
from onefloor.planning.erlang.traffic import S_PER_HOUR, Traffic
from onefloor.planning.pools.loads import handling
from onefloor.planning.simulation.model import Group, Model, Offer, Skill
from onefloor.planning.skilling.problem import Lines

Form = Literal["single", "blocks", "chain", "all"]


@dataclass(frozen=True, slots=True)
class Design:
    """Groups of agents by the lines they serve, the first one theirs; ``width`` is the most lines in a group."""

    form: Form
    width: int
    groups: tuple[tuple[str, ...], ...]

    def model(self, steady: Model) -> Model:
        """A steady floor with these groups, one agent each.

        In a block all lines are alike: the longest wait is served first. In a chain an agent's own line comes first,
        and a contact goes to the agents of its own line first.
        """
        chained = self.form == "chain"
        groups = tuple(
            Group(id=name_of(lines), staff=(1,), types=tuple(
                Skill(type=line, rank=1 + (chained and place > 0)) for place, line in enumerate(lines)
            ))
            for lines in self.groups
        )  # fmt: skip
        types = tuple(replace(kind, groups=self._offers(kind.id)) for kind in steady.types)
        return replace(steady, types=types, groups=groups)

    def _offers(self, line: str) -> tuple[Offer, ...]:
        able = sorted((lines for lines in self.groups if line in lines), key=lambda lines: lines.index(line))
        return tuple(Offer(group=name_of(lines)) for lines in able)


def name_of(lines: tuple[str, ...]) -> str:
    """The name of a group: its lines, its own first."""
    return "+".join(lines)


def designs(asked: Lines) -> tuple[Design, ...]:
    """All designs that are compared, from one skill each to all skills."""
    names = asked.names
    found = [Design("single", 1, tuple((name,) for name in names))]
    seen = {frozenset(map(frozenset, found[0].groups))}
    for width in range(2, len(names)):
        blocks = partition(asked, width)
        if (kind := frozenset(map(frozenset, blocks))) not in seen:
            seen.add(kind)
            found.append(Design("blocks", width, blocks))
        if len(names) > 2:  # a chain of two lines is the pool of both
            found.append(Design("chain", width, chain(asked, width)))
    return (*found, Design("all", len(names), (names,)))


def chain(asked: Lines, width: int) -> tuple[tuple[str, ...], ...]:
    """Each line with its next ones around a circle in which busy and quiet lines take turns."""
    load = _loads(asked)
    order = sorted(asked.names, key=lambda name: (-load[name], name))
    half = (len(order) + 1) // 2
    busy, quiet = order[:half], order[half:][::-1]
    circle = [name for pair in zip(busy, [*quiet, ""], strict=False) for name in pair if name]
    return tuple(tuple(circle[(i + j) % len(circle)] for j in range(width)) for i in range(len(circle)))


def partition(asked: Lines, width: int) -> tuple[tuple[str, ...], ...]:
    """The cheapest partition into blocks of at most ``width`` lines, agents by Erlang A and training together."""
    names = asked.names
    price = {bits: _price(asked, _members(names, bits)) for bits in range(1, 1 << len(names))
             if bits.bit_count() <= width}  # fmt: skip

    @cache
    def best(left: int) -> tuple[float, tuple[int, ...]]:
        if not left:
            return 0.0, ()
        first = left & -left
        rest, options, sub = left ^ first, [], left ^ first
        while True:
            block = sub | first
            if block in price:
                cost, blocks = best(left ^ block)
                options.append((cost + price[block], (block, *blocks)))
            if not sub:
                return min(options)
            sub = (sub - 1) & rest

    return tuple(_members(names, bits) for bits in best((1 << len(names)) - 1)[1])


def _members(names: tuple[str, ...], bits: int) -> tuple[str, ...]:
    return tuple(name for i, name in enumerate(names) if bits >> i & 1)


def _price(asked: Lines, lines: tuple[str, ...]) -> float:
    """Agents of a block by Erlang A, with their training as parts of agents."""
    return erlang_agents(asked, lines) * (1 + asked.hours(lines) / asked.working)


def erlang_agents(asked: Lines, lines: tuple[str, ...]) -> int:
    """Least agents of one pool that serves some lines, by Erlang A; no division of these lines needs fewer."""
    model = asked.steady()
    kinds = [kind for kind in model.types if kind.id in lines]
    calls = np.array([kind.arrivals[0] / model.interval for kind in kinds])
    busy = float(calls @ np.array([handling(kind) for kind in kinds]) / calls.sum())
    leaves = [1 / kind.patience.mean if kind.patience and kind.patience.mean > 0 else 0.0 for kind in kinds]
    leaving = float(calls @ np.array(leaves) / calls.sum())
    rule = model.rule_of(kinds[0])
    traffic = Traffic(float(calls.sum()) * S_PER_HOUR, busy, 1 / leaving if leaving > 1e-6 else np.inf)
    return int(least_agents(traffic, Goal("service_level", asked.target, rule.within, rule.formula)))


def _loads(asked: Lines) -> dict[str, float]:
    model = asked.steady()
    return {kind.id: kind.arrivals[0] / model.interval * handling(kind) for kind in model.types}
