"""History from a floor's facts, through its own metrics: offered contacts, and handling time by contacts handled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from onefloor.language import Text
from onefloor.metrics.cubes import Cubes
from onefloor.metrics.engines import Engine
from onefloor.metrics.measure import measure
from onefloor.metrics.prepared import Prepared
from onefloor.periods import EPOCH, Period, day_id
from onefloor.planning.forecasting.history import Floats, History
from onefloor.problems import Problem

HALF_HOURS = 48
INTERVALS = (30, 60)
VOLUME, HANDLING = "offered_contacts", "aht"


class NothingBefore(Problem):
    """A queue without contacts before the day of the forecast."""

    def __init__(self, queue: str, first: date) -> None:
        super().__init__(
            Text(f"队列“{queue}”在 {first} 之前没有话务。", f'The queue "{queue}" has no contacts before {first}.'),
            remedy=Text("请检查队列名、公司和 --from。", "Check the queue, the companies and --from."),
        )


@dataclass(frozen=True, slots=True)
class Observed:
    """What a queue had: calls by day and interval, and handling seconds and calls handled in the same shape."""

    queue: str
    history: History
    seconds: Floats
    handled: Floats


def queues_of(prepared: Prepared, names: Sequence[str]) -> list[str]:
    """Queues as the floor spells them; all that it has without names.

    Raises:
        UnknownName.
    """
    from onefloor.metrics.prepared import UnknownName

    known = prepared.names.ids.get("queue", {})
    for name in names:
        if name not in known:
            raise UnknownName("queue", name, known)
    return list(dict.fromkeys(names)) if names else sorted(known)


def observed(
    prepared: Prepared, queues: Sequence[str], until: date, minutes: int = 30, *, companies: Sequence[str] = (),
    engine: Engine | None = None, cubes: Cubes | None = None,
) -> dict[str, Observed]:  # fmt: skip
    """What each queue had, from its first contact to the day before ``until``.

    Args:
        prepared: the measuring tables.
        queues: names.
        until: the first day that is not read.
        minutes: 30 or 60.
        companies: the companies whose contacts are read; all, nobody's too, without any.
        engine, cubes: as for ``measure``.

    Raises:
        NothingBefore, and those of ``measure``.
    """
    where: dict[str, list[str]] = {"queue": list(queues)} | ({"company": list(companies)} if companies else {})
    months = prepared.months
    if not months or months[0].days.start >= day_id(until):
        raise NothingBefore(queues[0], until)
    span = Period(months[0].days.start, day_id(until))
    found = measure(prepared, [VOLUME, HANDLING], ["queue", "day", "interval"], where, span, engine=engine, cubes=cubes)
    sums: dict[str, Floats] = {queue: np.zeros((len(span), HALF_HOURS, 3)) for queue in queues}
    for row in found.rows:
        day = (date.fromisoformat(str(row.key["day"])) - EPOCH).days - span.start
        volume, time = row.figures[VOLUME], row.figures[HANDLING]
        sums[str(row.key["queue"])][day, _half_hour(str(row.key["interval"]))] = (
            volume.numerator, time.numerator / 1000, time.denominator
        )  # fmt: skip
    return {queue: _observed(queue, held, span, minutes, until) for queue, held in sums.items()}


def _half_hour(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 2 + int(minutes) // 30


def _observed(queue: str, held: Floats, span: Period, minutes: int, until: date) -> Observed:
    """One queue since its first day with contacts, in intervals of the asked length."""
    days = np.flatnonzero(held[:, :, 0].sum(axis=1) > 0)
    if not len(days):
        raise NothingBefore(queue, until)
    since = int(days[0])
    merged = held[since:].reshape(len(held) - since, HALF_HOURS * 30 // minutes, -1, 3).sum(axis=2)
    first = date.fromordinal(EPOCH.toordinal() + span.start + since)
    return Observed(queue, History(first, merged[:, :, 0]), merged[:, :, 1], merged[:, :, 2])


def first_unknown(prepared: Prepared, zone_offset_ms: int) -> date:
    """The first day that the floor's facts do not reach to its end: where a forecast begins.

    A day counts as known if facts reach into its last six hours.
    """
    local = prepared.watermark_ms + zone_offset_ms
    day, rest = divmod(local, 86_400_000)
    return date.fromordinal(EPOCH.toordinal() + day + (rest >= 18 * 3_600_000))


def by_queue(found: Mapping[str, Observed]) -> list[str]:
    """The names in order of volume, the largest first."""
    return sorted(found, key=lambda name: -float(np.nansum(found[name].history.values)))
