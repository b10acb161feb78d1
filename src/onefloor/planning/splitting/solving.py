"""The cheapest split of required work between companies."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import replace

import numpy as np

from onefloor.language import Text
from onefloor.planning.solving import Stop
from onefloor.planning.splitting.problem import Floats, Split
from onefloor.planning.splitting.program import (
    GUARANTEED,
    LEAST_SHARE,
    MOST_SHARE,
    NEED,
    SEATS,
    Places,
    Program,
    Row,
    Solved,
    program,
    solved,
)
from onefloor.planning.splitting.result import Binding, Shares
from onefloor.problems import Problem

NOTHING = 1e-9
WORDS = {
    NEED: Text("需求", "the need"),
    SEATS: Text("席位", "seats"),
    GUARANTEED: Text("保障人数", "guaranteed agents"),
    LEAST_SHARE: Text("最低份额", "least share"),
    MOST_SHARE: Text("最高份额", "most share"),
    "paid_at_least": Text("保底工时", "committed hours"),
    "most_hours": Text("工时上限", "most hours"),
}
NO_SPLIT = Text("没有任何分配能同时满足所有限额。", "No split keeps all limits.")


class NoSplit(Problem):
    """No split keeps all limits; ``conflict`` is a smallest set of demands that contradict each other.

    What it says of some companies alone, ``of``, names no other's limits and no need.
    """

    def __init__(self, conflict: tuple[tuple[str, str], ...]) -> None:
        self.conflict = conflict
        told = _named(conflict)
        super().__init__(
            NO_SPLIT,
            why=Text(f"互相矛盾：{told.zh}。", f"These contradict each other: {told.en}."),
            remedy=Text("请放宽其中一项。", "Widen one of them."),
        )

    def of(self, companies: Container[str]) -> Problem:
        """What these companies may read: which limits of their own are in the contradiction."""
        own = [(kind, name) for kind, name in self.conflict if kind != NEED and name in companies]
        told = _named(own)
        return Problem(
            NO_SPLIT,
            why=Text(f"其中有：{told.zh}。", f"Among those in the way: {told.en}.") if own else None,
            remedy=Text("请发包方核对分配文件。", "Have the client look at the split file."),
        )


def _named(conflict: Iterable[tuple[str, str]]) -> Text:
    named = [Text(f"{name}的{WORDS[kind].zh}", f"{WORDS[kind].en} of {name}") for kind, name in conflict]
    return Text("、".join(text.zh for text in named), ", ".join(text.en for text in named))


def solve(asked: Split, stop: Stop | None = None) -> Shares:
    """The cheapest split; there is no chance in it.

    Args:
        asked: the problem.
        stop: seconds end the search for whole people (not the linear programme).

    Raises:
        NoSplit: the limits contradict each other; a smallest set that does.

    >>> from onefloor.planning.splitting.problem import Company
    >>> north, own = Company("north", {"tech": 60.0}, seats=3), Company("own", {"tech": 80.0})
    >>> found = solve(Split({"tech": (4.0, 2.0)}, (north, own), hours=1.0))
    >>> found.cost, found.hours.tolist(), [(b.kind, b.company, b.price) for b in found.binding]
    (380.0, [5.0, 1.0], [('seats', 'north', -20.0)])
    """
    held = program(asked)
    found = solved(held, whole=asked.whole, seconds=stop.seconds if stop else None)
    if found is None:
        raise NoSplit(_conflict(held))
    places = Places(asked)
    work = found.values[places.work]
    spent = held.prices * found.values
    costs = spent[places.work].sum(axis=(1, 2)) + spent[places.over].sum(axis=1) + spent[places.idle]
    marginal = np.array([price for row, price in zip(held.rows, found.prices, strict=True) if row.kind == NEED])
    # Where a paid hour that is not worked costs the same in `over` and in `idle`, what is told depends on neither.
    idle = found.values[places.over].sum(axis=1) * asked.hours + found.values[places.idle]
    return Shares(
        asked, work, _over(asked, work), idle, costs, marginal.reshape(len(asked.skills), -1), _binding(held, found)
    )


def _over(asked: Split, work: Floats) -> Floats:
    """Guaranteed agents beyond those who work, shape (C, P)."""
    guaranteed = np.array([asked.opened(one) * one.guaranteed for one in asked.companies])
    return np.asarray(np.maximum(guaranteed - work.sum(axis=1), 0.0))


def _binding(held: Program, found: Solved) -> tuple[Binding, ...]:
    """The limits with a price, the most expensive first; those of one company and kind together."""
    prices: dict[tuple[str, str], list[float]] = {}
    for row, price in zip(held.rows, found.prices, strict=True):
        if row.kind != NEED and abs(price) > NOTHING:
            unit = held.asked.total / 100 if row.kind in (LEAST_SHARE, MOST_SHARE) else 1.0
            prices.setdefault((row.kind, row.name), []).append(price * unit)
    told = [Binding(kind, name, len(each), float(np.mean(each))) for (kind, name), each in prices.items()]
    return tuple(sorted(told, key=lambda one: (-abs(one.price * one.intervals), one.kind, one.company)))


def _conflict(held: Program) -> tuple[tuple[str, str], ...]:
    """A smallest set of demands (kind and name) that cannot all be kept: leave out each that is not needed for that.

    Deletion filter (Chinneck and Dravnieks 1991, ORSA Journal on Computing 3:157).
    """
    names = list(dict.fromkeys((row.kind, row.name) for row in held.rows))
    for name in list(names):
        rest = [one for one in names if one != name]
        if not _possible(held, (row for row in held.rows if (row.kind, row.name) in rest)):
            names = rest
    return tuple(names)


def _possible(held: Program, rows: Iterable[Row]) -> bool:
    kept = tuple(rows)
    return not kept or solved(replace(held, rows=kept), whole=held.asked.whole) is not None
