"""What is asked: lines, what learning them costs, and the level to hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import isfinite

from onefloor.language import Text
from onefloor.planning.pools.loads import handling
from onefloor.planning.simulation.model import Model, spread_out
from onefloor.problems import Problem

MOST_LINES = 10
WARM, LONG = 15.0, 150.0  # handling times that a steady floor is warmed up for, and counted for


class BadLines(Problem):
    """A question that cannot be answered as it is put."""


def refused(zh: str, en: str, do_zh: str, do_en: str) -> BadLines:
    """A problem with its remedy."""
    return BadLines(Text(zh, en), remedy=Text(do_zh, do_en))


@dataclass(frozen=True, slots=True)
class Lines:
    """The problem: the model's contact types are the lines; its groups are not looked at.

    Args:
        model: arrivals, handling, patience, how service level is counted.
        training: hours an agent spends on a line in a year (first training by turnover, and refreshing), by line.
        target: service level (share) that every line has to reach.
        working: hours an agent works in a year: what an agent more costs, in the unit of the training.
        interval: which interval of the model is staffed; the busiest without.

    Raises:
        BadLines: fewer than 2 or more than 10 lines with contacts, hours that are missing or no hours, a bad target.
    """

    model: Model
    training: Mapping[str, float]
    target: float = 0.8
    working: float = 1700.0
    interval: int | None = None

    def __post_init__(self) -> None:
        _check(self)

    @property
    def at(self) -> int:
        """The interval that is staffed."""
        return busiest(self.model) if self.interval is None else self.interval

    @property
    def names(self) -> tuple[str, ...]:
        """The lines that have contacts in that interval."""
        rates = [spread_out(kind.arrivals, self.model.intervals)[self.at] for kind in self.model.types]
        return tuple(kind.id for kind, rate in zip(self.model.types, rates, strict=True) if rate > 0)

    def hours(self, lines: tuple[str, ...]) -> float:
        """Training hours of an agent who learns these lines."""
        return sum(self.training[name] for name in lines)

    def steady(self) -> Model:
        """The floor as it is in that interval, for as long as a simulation needs; without groups."""
        chosen = [kind for kind in self.model.types if kind.id in self.names]
        longest = max(handling(kind) for kind in chosen)
        width = WARM * longest
        scale = width / self.model.interval
        types = tuple(
            replace(kind, arrivals=(spread_out(kind.arrivals, self.model.intervals)[self.at] * scale,),
                    groups=(), shares=(), busyness=None, routing="priority")
            for kind in chosen
        )  # fmt: skip
        return replace(self.model, types=types, groups=(), horizon=width * (1 + round(LONG / WARM)), interval=width,
                       warm_up=width, busyness=None, lines=None, day=None)  # fmt: skip


def busiest(model: Model) -> int:
    """The interval with most work."""
    rows = [spread_out(kind.arrivals, model.intervals) for kind in model.types]
    means = [handling(kind) for kind in model.types]
    work = [sum(row[p] * mean for row, mean in zip(rows, means, strict=True)) for p in range(model.intervals)]
    return max(range(model.intervals), key=work.__getitem__)


def _check(asked: Lines) -> None:
    if asked.interval is not None and not 0 <= asked.interval < asked.model.intervals:
        raise refused(
            f"没有第 {asked.interval + 1} 个时段。", f"There is no interval {asked.interval + 1}.",
            f"请选 1 到 {asked.model.intervals}。", f"Choose 1 to {asked.model.intervals}.",
        )  # fmt: skip
    if not 2 <= len(asked.names) <= MOST_LINES:
        raise refused(
            f"该时段有话务的产品线为 {len(asked.names)} 条。", f"{len(asked.names)} lines have contacts then.",
            f"须为 2 至 {MOST_LINES} 条；更多时请先合并。",
            f"2 to {MOST_LINES} are needed; join some if there are more.",
        )  # fmt: skip
    if not 0 < asked.target < 1 or not (isfinite(asked.working) and asked.working > 0):
        raise refused(
            "目标须在 0 与 1 之间，年工时须大于 0。", "The target lies between 0 and 1, the hours of a year above 0.",
            "请例如写 80% 和 1700。", "Write 80% and 1700, say.",
        )  # fmt: skip
    _check_training(asked)


def _check_training(asked: Lines) -> None:
    known = [kind.id for kind in asked.model.types]
    for name in asked.training:
        if name not in known:
            raise refused(f"没有产品线“{name}”。", f'There is no line "{name}".',
                          f"可用：{', '.join(known)}。", f"There are: {', '.join(known)}.")  # fmt: skip
    for name in asked.names:
        hours = asked.training.get(name)
        if hours is None or not (isfinite(hours) and hours >= 0):
            raise refused(
                f"产品线“{name}”没有培训工时。", f'The line "{name}" has no training hours.',
                "请给出不小于 0 的小时数。", "Give hours, 0 or more.",
            )  # fmt: skip
