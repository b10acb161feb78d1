"""Mean contacts by type and interval of a roster's grid: from a forecast, or from the model's own day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np

from onefloor.periods import zone
from onefloor.planning.erlang.queues import performance
from onefloor.planning.erlang.sizing import Goal, least_agents
from onefloor.planning.erlang.traffic import MOST_PATIENCE_S, Traffic
from onefloor.planning.forecasting.files import Line
from onefloor.planning.grid import Grid
from onefloor.planning.pools.loads import handling
from onefloor.planning.pools.transfers import holders, onward
from onefloor.planning.rounds.problem import Floats, refused
from onefloor.planning.simulation.model import ContactType, Model, spread_out


def of_model(model: Model, grid: Grid) -> Floats:
    """The arrivals of a model that lasts a day, on each day of a grid, or of one that lasts as long; shape (T, P).

    Raises:
        BadRounds: it lasts neither, or its intervals are others.
    """
    length = grid.minutes * 60.0
    days = len(grid) // model.intervals if len(grid) % model.intervals == 0 else 0
    if model.interval != length or (days != 1 and (model.horizon != 86_400.0 or days != grid.days)):
        raise refused(
            f"模型为 {model.intervals} 个 {model.interval:g} 秒的时段，班表为 {len(grid)} 个 {length:g} 秒的时段。",
            f"The model has {model.intervals} intervals of {model.interval:g} s, rules {len(grid)} of {length:g} s.",
            "请给出 --forecast，或使用一天的模型和相同的时段。",
            "Give a --forecast, or a model of one day with the rules' interval.",
        )  # fmt: skip
    return np.array([np.tile(spread_out(kind.arrivals, model.intervals), days) for kind in model.types])


def of_forecast(model: Model, grid: Grid, lines: Sequence[Line], level: float) -> Floats:
    """The contacts of a forecast that come by themselves, by the model's types and a grid's intervals, shape (T, P).

    A forecast counts every contact; the model makes those itself who come again. So each type's numbers are lowered
    by the share that does: of the answered the repeats, of the lost (as Erlang A has them at the target) the redials.
    Those whom the model's agents pass on from other lines are taken out before.

    Raises:
        BadRounds: queues that the model does not have or the forecast lacks, no line inside the grid or
            not one for each interval, other intervals.
    """
    names = [kind.id for kind in model.types]
    _check_queues(names, lines)
    found, tz = np.zeros((len(names), len(grid))), zone(grid.zone_name)
    starts: dict[datetime, list[int]] = defaultdict(list)  # two places each in the hour that clocks repeat
    for place, start in enumerate(grid.starts.tolist()):
        starts[datetime.fromtimestamp(start / 1000, tz).replace(tzinfo=None)].append(place)
    lines = [line for line in lines if _exists(line.interval, tz)]
    inside = [line for line in lines if line.interval in starts]
    for line in inside:
        found[names.index(line.queue), starts[line.interval]] += line.mean
    _check_intervals(grid, lines, inside)
    _check_whole(names, list(starts), inside)
    found = _without_transfers(model, found)
    fresh = np.array([_fresh(model, kind, row, grid, level) for kind, row in zip(model.types, found, strict=True)])
    return np.asarray(found * fresh[:, None])


def _exists(wall: datetime, tz: ZoneInfo) -> bool:
    """Whether clocks show that time; a forecast has lines for the hour that they skip."""
    return wall.replace(tzinfo=tz).astimezone(UTC).astimezone(tz).replace(tzinfo=None) == wall


def _without_transfers(model: Model, contacts: Floats) -> Floats:
    """Contacts (T, P) without those from other lines, of which all are taken for served."""
    return np.asarray(np.maximum(contacts - onward(model.types, holders(model.groups)).T @ contacts, 0.0))


def _check_queues(names: Sequence[str], lines: Sequence[Line]) -> None:
    held = {line.queue for line in lines}
    for name in sorted(held - set(names)):
        raise refused(
            f"预测中的队列“{name}”不在模型中。", f'The model has no type "{name}", a queue of the forecast.',
            "请用相同的队列拟合模型。", "Fit the model to the same queues (onefloor fit --queue).",
        )  # fmt: skip
    for name in sorted(set(names) - held):
        raise refused(
            f"预测中没有队列“{name}”，而模型有该类型。", f'The forecast has no queue "{name}", a type of the model.',
            "请预测相同的队列。", "Forecast the same queues (onefloor forecast --queue).",
        )  # fmt: skip


def _check_intervals(grid: Grid, lines: Sequence[Line], inside: Sequence[Line]) -> None:
    if not inside:
        raise refused(
            "预测与班表的日期没有重合。", "The forecast has none of the roster's days.",
            "请预测这些日子。", "Forecast these days.",
        )  # fmt: skip
    span = min(line.interval for line in inside), max(line.interval for line in inside)
    between = [line for line in lines if span[0] <= line.interval <= span[1]]
    times = np.unique(np.array([line.interval for line in between], dtype="datetime64[m]"))
    finest = int(np.diff(times).min().astype(int)) if len(times) > 1 else grid.minutes
    if len(between) > len(inside) or finest != grid.minutes:
        raise refused(
            f"预测的时段与规则的 {grid.minutes} 分钟不同。",
            f"The forecast has other intervals than the rules' {grid.minutes} minutes.",
            f"请用 --interval {grid.minutes}m 预测。", f"Forecast with --interval {grid.minutes}m.",
        )  # fmt: skip


def _check_whole(names: Sequence[str], starts: Sequence[datetime], inside: Sequence[Line]) -> None:
    """An interval without a line would need nobody, and nobody would be told."""
    held = {(line.queue, line.interval) for line in inside}
    for name in names:
        without = [start for start in starts if (name, start) not in held]
        if without:
            raise refused(
                f"预测缺少队列“{name}”的 {len(without)}/{len(starts)} 个时段，最早为 {without[0]:%Y-%m-%d %H:%M}。",
                f'The forecast lacks {len(without)} of {len(starts)} intervals of "{name}", the first '
                f"{without[0]:%Y-%m-%d %H:%M}.",
                "请预测班表的所有日期；无来电的时段写 0。",
                "Forecast every day of the roster; an interval without contacts has a line with 0.",
            )  # fmt: skip


def _fresh(model: Model, kind: ContactType, contacts: Floats, grid: Grid, level: float) -> float:
    """The share of a type's contacts that come by themselves."""
    repeat = kind.repeat.share if kind.repeat else 0.0
    redial = kind.redial.share if kind.redial else 0.0
    if not contacts.any() or not (repeat or redial):
        return 1.0
    rule, patience = model.rule_of(kind), kind.patience.mean if kind.patience is not None else np.inf
    waits = patience if 0 < patience < MOST_PATIENCE_S else np.inf
    traffic = Traffic(contacts * 60 / grid.minutes, max(handling(kind), 1e-9), waits)
    agents = least_agents(traffic, Goal("service_level", level, rule.within, rule.formula))
    lost = float((performance(traffic, np.maximum(agents, 1), rule.within).p_abandon * contacts).sum() / contacts.sum())
    return 1.0 - repeat * (1.0 - lost) - redial * lost
