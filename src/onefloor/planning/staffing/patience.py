"""How long callers wait before they leave, from the facts, answered callers counted as censored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from onefloor.metrics.cubes import Cubes
from onefloor.metrics.dimensions import filter_predicate
from onefloor.metrics.engines import DuckDB, Engine, Sum
from onefloor.metrics.expressions import both
from onefloor.metrics.grouping import Ask
from onefloor.metrics.measure import run_on, span_of
from onefloor.metrics.prepared import Prepared
from onefloor.periods import MS_PER_SECOND, Period
from onefloor.planning.erlang.traffic import MOST_PATIENCE_S

FEWEST = 30
LEFT = "offered and (abandoned or outcome == 'exit_key')"
"""By a key, such as for a call-back, is given up as well."""
ANSWERED = "offered and answered"


@dataclass(frozen=True, slots=True)
class Patience:
    """Mean patience of a queue in seconds: ``low`` to ``high`` at 95 %; infinite where too few left to say.

    ``left`` callers left after ``waited_s`` seconds of waiting in all.
    """

    seconds: float
    low: float
    high: float
    left: int
    waited_s: float


def patience_of(left: int, waited_s: float) -> Patience:
    """The mean of an exponential patience with censoring: all waiting by those who left (Brown et al. 2005, JASA 100).

    An answered caller waited that long and would have waited longer: the wait counts, the caller does not. The
    interval is that of a Poisson number of leavers, on the logarithm. With fewer than 30 leavers nobody leaves.

    >>> found = patience_of(left=100, waited_s=12_000.0)
    >>> round(found.seconds), round(found.low), round(found.high)
    (120, 99, 146)
    """
    if left < FEWEST or not 0 < waited_s / left <= MOST_PATIENCE_S:
        return Patience(np.inf, 0.0 if left == 0 else waited_s / (left + FEWEST), np.inf, left, waited_s)
    mean, factor = waited_s / left, float(np.exp(1.959964 / np.sqrt(left)))
    return Patience(mean, mean / factor, mean * factor, left, waited_s)


def patience(
    prepared: Prepared, queues: Sequence[str], days: Period, *, companies: Sequence[str] = (),
    engine: Engine | None = None, cubes: Cubes | None = None,
) -> dict[str, Patience]:  # fmt: skip
    """The patience of each queue from some days of a floor; a wait ends where an agent's line begins to ring."""
    where: dict[str, list[str]] = {"queue": list(queues)} | ({"company": list(companies)} if companies else {})
    months, span = span_of(prepared, days)
    kept = both(filter_predicate(where, prepared.names), span)
    sums = (Sum(LEFT), Sum(LEFT, "wait_ms"), Sum(ANSWERED, "wait_ms"), Sum(ANSWERED, "ring_ms"))
    ask = Ask("legs", ("queue",), kept, sums, ())
    names = prepared.names.of("queue")
    waited, left = dict.fromkeys(queues, 0.0), dict.fromkeys(queues, 0)
    for answer in run_on(prepared, months, engine or DuckDB(), cubes)(ask):
        for queue, gone, until_gone, until_answered, rung in answer.iter_rows():
            waited[names[queue]] += ((until_gone or 0) + (until_answered or 0) - (rung or 0)) / MS_PER_SECOND
            left[names[queue]] += gone or 0
    return {queue: patience_of(left[queue], waited[queue]) for queue in queues}
