"""What a result says, line by line: the whole, each type, interval, group or company."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from onefloor.insight.finding import Estimate
from onefloor.language import Text
from onefloor.planning.simulation.result import Result, mean
from onefloor.problems import Problem

By = Literal["type", "interval", "group", "company"]
BYS: tuple[By, ...] = ("type", "interval", "group", "company")


@dataclass(frozen=True, slots=True)
class Line:
    """One line. Contacts are means over replications; the others ratios of sums with their intervals, shares or times.

    Of a group or a company only what its agents answered is known: nobody's contact is not offered to one of them, so
    its service level is of the answered alone, and ``offered`` and ``abandonment`` are None.
    """

    by: str
    name: str
    offered: Estimate | None
    answered: Estimate
    service_level: Estimate | None
    abandonment: Estimate | None
    speed_of_answer: Estimate | None
    occupancy: Estimate | None

    def as_json(self) -> dict[str, Any]:
        """Plain numbers; an estimate is value, low, high, level, without the ends that one replication cannot have."""
        told = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {name: _plain(value) if isinstance(value, Estimate) else value for name, value in told.items()}


def _plain(estimate: Estimate) -> dict[str, float | None]:
    told: dict[str, float | None] = dict(estimate.as_json())
    if estimate.high == float("inf"):
        told["low"] = told["high"] = None
    return told


def lines(found: Result, by: Sequence[By], companies: Sequence[str] = ()) -> list[Line]:
    """The whole first, then the lines asked for.

    Args:
        found: the result.
        by: which lines.
        companies: if any are named, only lines of these companies and their groups: nothing of others, and no whole.
    """
    makers: dict[By, Callable[[], Iterator[Line]]] = {
        "type": lambda: _types(found),
        "interval": lambda: _intervals(found),
        "group": lambda: _groups(found, companies),
        "company": lambda: _companies(found, companies),
    }
    if companies:
        wanted: tuple[By, ...] = ("company", "group")
        return [line for name in wanted for line in makers[name]()]
    return [_of_contacts(found, "all", found.model.id, None, None), *(line for name in by for line in makers[name]())]


def _of_contacts(found: Result, by: str, name: str, kind: int | None, interval: int | None) -> Line:
    return Line(
        by=by,
        name=name,
        offered=mean(found.count("offered", kind, interval)),
        answered=mean(found.count("answered", kind, interval)),
        service_level=found.service_level(kind, interval),
        abandonment=found.abandonment(kind, interval),
        speed_of_answer=found.speed_of_answer(kind, interval),
        occupancy=found.occupancy(None, interval) if kind is None else None,
    )


def _types(found: Result) -> Iterator[Line]:
    for number, kind in enumerate(found.model.types):
        yield _of_contacts(found, "type", kind.id, number, None)


def _intervals(found: Result) -> Iterator[Line]:
    for interval in range(found.model.warm_intervals, found.model.intervals):
        yield _of_contacts(found, "interval", clock_words(interval * found.model.interval), None, interval)


def _of_groups(found: Result, by: str, name: str, groups: list[int]) -> Line:
    return Line(
        by=by,
        name=name,
        offered=None,
        answered=mean(found.answered_by(groups)),
        service_level=found.in_time_by(groups),
        abandonment=None,
        speed_of_answer=None,
        occupancy=found.occupancy(groups),
    )


def _groups(found: Result, companies: Sequence[str]) -> Iterator[Line]:
    for number, group in enumerate(found.model.groups):
        if not companies or group.company in companies:
            yield _of_groups(found, "group", group.id, [number])


def _companies(found: Result, companies: Sequence[str]) -> Iterator[Line]:
    for company in found.model.companies:
        if company and (not companies or company in companies):
            yield _of_groups(found, "company", company, found.of_company(company))


def clock_words(seconds: float) -> str:
    """Hours and minutes since the model's start.

    >>> clock_words(9000.0)
    '02:30'
    """
    minutes = int(seconds // 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


class UnknownCompany(Problem):
    """A company that the model does not have."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        super().__init__(
            Text(f"模型中没有公司“{name}”。", f'The model has no company "{name}".'),
            remedy=Text(f"可用：{'、'.join(known)}。", f"Use one of {', '.join(known)}."),
        )


def known_companies(found: Sequence[str], known: Sequence[str]) -> tuple[str, ...]:
    """Companies as the model spells them.

    Raises:
        UnknownCompany: it has none of that name.
    """
    spelled = {name.casefold(): name for name in known}
    for name in found:
        if name.casefold() not in spelled:
            raise UnknownCompany(name, known)
    return tuple(dict.fromkeys(spelled[name.casefold()] for name in found))
