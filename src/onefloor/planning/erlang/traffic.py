"""What comes in: calls an hour, how long one is handled, how long a caller waits; and what is refused."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from onefloor.language import Text
from onefloor.problems import Problem

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
S_PER_HOUR = 3600.0
MOST_AGENTS = 1_000_000
MOST_PATIENCE_S = 1e6  # beyond it the sums get long and callers wait for ever, as in Erlang C
NAMES = {
    "calls": Text("每小时话务量", "calls an hour"),
    "handling": Text("平均处理时长", "handling time"),
    "patience": Text("平均耐心", "mean patience"),
    "agents": Text("坐席数", "number of agents"),
    "within": Text("时限", "target time"),
}
EXPECTED = {
    "calls": Text("有限且不小于 0", "a finite number, 0 or more"),
    "handling": Text("有限且大于 0 的秒数", "finite seconds above 0"),
    "patience": Text(
        f"大于 0 且不超过 {MOST_PATIENCE_S:,.0f} 的秒数；无人放弃时写 inf",
        f"seconds above 0 and at most {MOST_PATIENCE_S:,.0f}; inf where nobody leaves",
    ),
    "agents": Text(f"0 至 {MOST_AGENTS:,} 的整数", f"a whole number from 0 to {MOST_AGENTS:,}"),
    "within": Text("有限且不小于 0 的秒数", "finite seconds, 0 or more"),
}


class BadTraffic(Problem):
    """A number that no queue can have; says which one and in which interval."""

    def __init__(self, name: str, value: float, place: int | None) -> None:
        at = Text("", "") if place is None else Text(f"第 {place + 1} 个时段的", f" of interval {place + 1}")
        word = NAMES[name]
        super().__init__(
            Text(f"{at.zh}{word.zh}为 {value:g}，无法计算。", f"The {word.en}{at.en} is {value:g}."),
            remedy=Text(f"须为{EXPECTED[name].zh}。", f"It has to be {EXPECTED[name].en}."),
        )


class Unstable(Problem):
    """Erlang C with as much work as agents: the queue grows without end."""

    def __init__(self, load: float, agents: int, place: int | None) -> None:
        at = Text("", "") if place is None else Text(f"第 {place + 1} 个时段：", f"Interval {place + 1}: ")
        super().__init__(
            Text(
                f"{at.zh}{agents} 名坐席应付 {load:g} Erlang 的话务，队列会无限增长。",
                f"{at.en}{agents} agents cannot carry {load:g} Erlang: the queue would grow without end.",
            ),
            why=Text("Erlang C 假定无人放弃。", "Erlang C has nobody leave."),
            remedy=Text(
                "请增加坐席，或给出平均耐心改用 Erlang A。",
                "Give more agents, or a mean patience, which makes it Erlang A.",
            ),
        )


class ShapesDiffer(Problem):
    """Arrays that do not belong to the same intervals."""

    def __init__(self, shapes: tuple[tuple[int, ...], ...]) -> None:
        told = ", ".join(str(shape) for shape in shapes)
        super().__init__(
            Text(f"各数组的形状不一致：{told}。", f"The arrays have different shapes: {told}."),
            remedy=Text("每个时段给一个值，或给单个数。", "Give one value for each interval, or a single number."),
        )


@dataclass(frozen=True, slots=True)
class Traffic:
    """Calls of one kind, one value or one for each interval; shapes broadcast.

    ``calls`` an hour, ``handling_s`` mean seconds, ``patience_s`` mean seconds of an exponential patience; inf (the
    default): nobody leaves.

    Raises:
        BadTraffic: negative, nan or infinite numbers, no handling time, no patience.
        ShapesDiffer.

    >>> Traffic(calls=200, handling_s=180).load.tolist()
    10.0
    """

    calls: Floats
    handling_s: Floats
    patience_s: Floats

    def __init__(self, calls: ArrayLike, handling_s: ArrayLike, patience_s: ArrayLike = np.inf) -> None:
        values = together(calls, handling_s, patience_s)
        for name, value in zip(("calls", "handling_s", "patience_s"), values, strict=True):
            object.__setattr__(self, name, value)
        check("calls", values[0], np.isfinite(values[0]) & (values[0] >= 0))
        check("handling", values[1], np.isfinite(values[1]) & (values[1] > 0))
        check("patience", values[2], ((values[2] > 0) & (values[2] <= MOST_PATIENCE_S)) | np.isposinf(values[2]))

    @property
    def load(self) -> Floats:
        """Work offered in Erlang: the agents it would keep busy all the time."""
        return np.asarray(self.calls * self.handling_s / S_PER_HOUR)

    @property
    def patient(self) -> bool:
        """Whether nobody ever leaves: Erlang C."""
        return bool(np.isposinf(self.patience_s).all())


def together(*arrays: ArrayLike) -> tuple[Floats, ...]:
    """Arrays of one shape.

    Raises:
        ShapesDiffer.
    """
    held = [np.asarray(array, dtype=np.float64) for array in arrays]
    try:
        return tuple(np.broadcast_arrays(*held))
    except ValueError:
        raise ShapesDiffer(tuple(one.shape for one in held)) from None


def check(name: str, values: Floats, good: NDArray[np.bool_]) -> None:
    """Refuse the first value that is not good.

    Raises:
        BadTraffic.
    """
    if good.all():
        return
    place = int(np.argmin(good.ravel()))
    raise BadTraffic(name, float(values.ravel()[place]), place if values.ndim else None)


def whole_agents(agents: ArrayLike) -> Floats:
    """Numbers of agents as floats that are whole.

    Raises:
        BadTraffic.
    """
    held = np.asarray(agents, dtype=np.float64)
    check("agents", held, (held >= 0) & (held <= MOST_AGENTS) & (held == np.floor(held)))
    return held


def seconds(within_s: ArrayLike) -> Floats:
    """A target time.

    Raises:
        BadTraffic.
    """
    held = np.asarray(within_s, dtype=np.float64)
    check("within", held, np.isfinite(held) & (held >= 0))
    return held
