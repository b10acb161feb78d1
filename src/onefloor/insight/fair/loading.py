"""From measuring tables to the work of companies: cells by agent, experience and what arrives with a contact."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from onefloor.insight.causes.staffing import made_by_waits
from onefloor.insight.cells import Cells, Whole, row_size
from onefloor.insight.fair.asked import Asked
from onefloor.insight.fair.logarithms import logarithms
from onefloor.insight.fair.work import Codes, Family, Floats, Mask, Work, combined
from onefloor.language import Text
from onefloor.metrics import catalogue
from onefloor.metrics.metric import Atom, Metric, Unit
from onefloor.metrics.tables import ABSENT, DIMENSIONS, TITLES
from onefloor.problems import Problem

ADJUSTED = ("queue", "topic", "channel", "hour", "month")
DECIDED = ("agent", "company", "employment", "site", "team", "tenure")
CALENDAR = ("month", "week", "day", "weekday")
HOURS_A_BAND = 6
WITHOUT_AGENT = 0.01  # share of rows that may lack an agent
ZEROS = 0.01  # share of durations that may be 0 and still be logarithms


class NotAnAdjustment(Problem):
    """Holding alike what a company decides itself would take away the difference that is looked for."""

    def __init__(self, name: str) -> None:
        title = TITLES[name]
        super().__init__(
            Text(f"不能按{title.zh}（{name}）调整。", f"A comparison cannot be adjusted for {name}."),
            why=Text(
                "只调整随话务而来的因素；公司自己决定的正是要比较的。",
                "Only what arrives with the contact is held alike; what a company decides is what is compared.",
            ),
            remedy=Text(
                "请选用 queue、skill、topic、channel、hour、interval 或日历维度；司龄见“同等司龄”一行。",
                "Choose queue, skill, topic, channel, hour, interval or a calendar dimension; for tenure there is a "
                "line of its own.",
            ),
        )


class NotAgentsWork(Problem):
    """A metric that waits make, or whose rows have no agent: its chance is not the agents'."""

    def __init__(self, metric: Metric, share: float | None) -> None:
        what = (
            Text(f"“{metric.title.zh}”由排队决定，不能按坐席比较。", f'"{metric.title.en}" is made by waiting in line.')
            if share is None
            else Text(
                f"“{metric.title.zh}”有 {share:.0%} 的行没有坐席，不能按坐席比较。",
                f'{share:.0%} of the rows of "{metric.title.en}" have no agent.',
            )
        )
        super().__init__(
            what,
            why=Text(
                "区间取自坐席之间的差异；排队与放弃属于现场，不属于坐席。",
                "The interval comes from how agents differ; waiting and abandoning are the floor's, not an agent's.",
            ),
            remedy=Text(
                "请比较坐席所做的：一次性解决率、处理时长、投诉等。",
                "Compare what agents do: resolution, handling time, complaints.",
            ),
        )


@dataclass(frozen=True, slots=True)
class Loaded:
    """The work of some companies, ours first, with the names behind its codes.

    ``people[code]`` is (name, company) of an agent, ``teams[code]`` (name, company) of a team.
    """

    metric: Metric
    companies: tuple[str, ...]
    adjusted: tuple[str, ...]
    cells: Cells
    work: Work
    people: tuple[tuple[str, str], ...]
    teams: tuple[tuple[str, str], ...]

    @property
    def factor(self) -> float:
        """What a value per row is multiplied by to be read: points, seconds, events per 10,000."""
        return 0.001 if self.metric.unit is Unit.MS else float(self.metric.scale)


def adjustments(metric: Metric, wanted: Iterable[str] | None) -> tuple[str, ...]:
    """The dimensions to hold alike: those asked for, else the usual ones that the metric's tables have.

    Raises:
        NotAnAdjustment: a company decides one of them.
    """
    if wanted is not None:
        asked = tuple(dict.fromkeys(wanted))
        for name in asked:
            if name in DECIDED:
                raise NotAnAdjustment(name)
        return asked
    absent = {name for table in metric.tables for name in ABSENT[table]}
    return tuple(name for name in ADJUSTED if name not in absent)


def load(asked: Asked, adjust: Iterable[str] | None = None, *, slots: bool = False) -> Loaded:
    """Read the work of the companies asked for.

    Args:
        asked: what is measured, and of whom.
        adjust: dimensions that are held alike; the usual ones if left out.
        slots: by half hours of days as well, for the design that compares inside them.

    Raises:
        NotAnAdjustment, NotAgentsWork, NotAdditive; else as ``metrics.measure.measure``.
    """
    metric = catalogue.metric(asked.metric)
    if made_by_waits(metric.name):
        raise NotAgentsWork(metric, None)  # rows without an agent may be gone already: nobody's, so no company's
    adjusted = adjustments(metric, adjust)
    extra = tuple(name for name in ("queue", "day", "interval") if slots and name not in adjusted)
    by = tuple(name for name in ("agent", "company", "team", "tenure", *adjusted, *extra) if name in DIMENSIONS)
    if len(by) < 4 + len(adjusted) + len(extra):
        asked.cells(adjusted)  # says which dimension there is not
    found = asked.cells(by)
    found = found.chosen((found.numerator != 0) | (found.denominator != 0))
    found = _with_agents(found)
    family = family_of(found)
    logs, zeros = logarithms(asked, found) if family is Family.DURATION else (None, 0.0)
    if zeros > ZEROS:
        family, logs = Family.COUNT, None
    return _loaded(asked, adjusted, found, family, logs)


def _with_agents(found: Cells) -> Cells:
    here = ~found.where("agent", None)
    missing = max(_share(~here, side) for side in (found.numerator, found.denominator))
    if missing > WITHOUT_AGENT:
        raise NotAgentsWork(found.metric, missing)
    return found.chosen(here)


def _share(mask: Mask, values: Whole) -> float:
    total = int(values.sum())
    return float(values[mask].sum() / total) if total else 0.0


def family_of(found: Cells) -> Family:
    """How a metric's outcome is modelled, by what its atoms are."""
    above, below = found.metric.numerator, found.metric.denominator
    assert isinstance(above, Atom)
    assert below is not None
    if found.metric.unit is Unit.MS and below.sum is None and above.sum is not None and above.sum.isidentifier():
        return Family.DURATION
    counted = above.sum is None and below.sum is None and above.table == below.table
    within = bool((found.numerator <= found.denominator).all())
    return Family.SHARE if found.metric.unit is Unit.PERCENT and counted and within else Family.COUNT


def _loaded(asked: Asked, adjusted: tuple[str, ...], found: Cells, family: Family, logs: Floats | None) -> Loaded:
    company = _places(found, asked.companies)
    people, agent = _pairs(found, "agent", company, asked.companies)
    teams, team = _pairs(found, "team", company, asked.companies)
    below = found.metric.denominator
    assert below is not None
    work = Work(
        family=family,
        company=company,
        agent=agent,
        tenure=found.codes["tenure"],
        mix=tuple(found.codes[name] for name in adjusted),
        stratum=combined(tuple(_banded(found, name) for name in adjusted if name not in CALENDAR), len(found)),
        n=found.denominator.astype(float),
        k=found.numerator.astype(float),
        logs=logs,
        calendar=tuple(found.codes[name] for name in adjusted if name in CALENDAR),
        team=team,
        unit=float(row_size(found.metric)),
    )
    return Loaded(found.metric, asked.companies, adjusted, found, work, people, teams)


def _places(found: Cells, companies: Sequence[str]) -> Codes:
    """Each cell's company as its place among those asked for."""
    order = {name: place for place, name in enumerate(companies)}
    places = np.array([order.get(str(name), 0) for name in found.names["company"]], np.intp)
    return places[found.codes["company"]] if len(found) else np.zeros(0, np.intp)


def _pairs(
    found: Cells, dimension: str, company: Codes, companies: Sequence[str]
) -> tuple[tuple[tuple[str, str], ...], Codes]:
    """People (or teams) at a company: one who changes company is two."""
    flat = found.codes[dimension] * len(companies) + company
    keys, codes = np.unique(flat, return_inverse=True)
    names = found.names[dimension]
    pairs = tuple((str(names[key // len(companies)] or ""), companies[key % len(companies)]) for key in keys.tolist())
    return pairs, codes.astype(np.intp)


def _banded(found: Cells, name: str) -> Codes:
    """The codes by which overlap is looked at: hours and half hours in four bands of the day."""
    if name not in ("hour", "interval"):
        return found.codes[name]
    bands = np.array([_hour(value) // HOURS_A_BAND for value in found.names[name]], np.intp)
    return bands[found.codes[name]] if len(found) else found.codes[name]


def _hour(value: object) -> int:
    return value if isinstance(value, int) else int(str(value)[:2])


def cells_named(found: Cells, wanted: Mapping[str, Sequence[str]]) -> Mask:
    """The cells with one of the names of any of these dimensions."""
    mask = np.zeros(len(found), bool)
    for dimension, names in wanted.items():
        if dimension in found.by:
            mask |= found.where(dimension, *names)
    return mask
