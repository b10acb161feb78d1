"""Forecasts of several queues from a floor's facts: volume and handling time, by one calendar."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from onefloor.metrics.cubes import Cubes
from onefloor.metrics.engines import Engine
from onefloor.metrics.prepared import Prepared
from onefloor.planning.forecasting.calendars import CalendarTerms, calendar_of
from onefloor.planning.forecasting.files import Line, lines_of
from onefloor.planning.forecasting.forecasting import Forecast, Parameters, forecast
from onefloor.planning.forecasting.from_floor import Observed, by_queue, observed
from onefloor.planning.forecasting.handling import Handling, handling
from onefloor.planning.forecasting.intraday import Revised, revise

Tell = Callable[[int, int], None]


def _nobody(_done: int, _total: int) -> None:
    """Progress that nobody wants to see."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be forecast: queues, the first day, how many days, minutes of an interval, whose contacts."""

    queues: tuple[str, ...]
    first: date
    horizon: int
    minutes: int = 30
    companies: tuple[str, ...] = ()
    passed: int | None = None  # intervals of the first day that have passed, where it is to be revised by them


@dataclass(frozen=True, slots=True)
class Answer:
    """The forecast of one queue, what it rests on, and the revision of its first day if that was asked for."""

    queue: str
    observed: Observed
    volume: Forecast
    handling: Handling
    revised: Revised | None = None

    def lines(self, company: str = "") -> list[Line]:
        """As a forecast file has them."""
        return lines_of(self.volume, self.handling, self.queue, company)


def forecasts(
    prepared: Prepared, question: Question, terms: CalendarTerms | None = None, parameters: Parameters | None = None,
    seed: int = 0, *, engine: Engine | None = None, cubes: Cubes | None = None, progress: Tell = _nobody,
) -> list[Answer]:  # fmt: skip
    """One answer a queue, the busiest first.

    Raises:
        TooShort, RegimeChanged, NothingBefore, NoHandling, and those of ``measure``.
    """
    until = question.first + timedelta(days=1) if question.passed else question.first
    found = observed(prepared, question.queues, until, question.minutes, companies=question.companies,
                     engine=engine, cubes=cubes)  # fmt: skip
    answers = []
    for number, queue in enumerate(by_queue(found)):
        progress(number, len(found))
        answers.append(_answer(found[queue], question, terms, parameters, seed))
    return answers


def _answer(
    seen: Observed, question: Question, terms: CalendarTerms | None, parameters: Parameters | None, seed: int
) -> Answer:
    past = seen.history.before(question.first)
    last = question.first + timedelta(days=question.horizon)
    calendar = calendar_of(terms, past.first, last).of_queue(seen.queue)
    volume = forecast(past, calendar, question.horizon, parameters, seed)
    known = len(past)
    lasting = handling(seen.seconds[:known], seen.handled[:known], question.horizon)
    if not question.passed:
        return Answer(seen.queue, seen, volume, lasting)
    revised = revise(volume, seen.history.values[known, : question.passed])
    return Answer(seen.queue, seen, revised.forecast, lasting, revised)


def in_order(answers: Sequence[Answer]) -> Mapping[str, Answer]:
    """By queue."""
    return {answer.queue: answer for answer in answers}
