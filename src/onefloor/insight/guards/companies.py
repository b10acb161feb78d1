"""A company's selling and quality against all others on the same work, by the fair comparison."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from onefloor.insight.fair.asked import Asked
from onefloor.insight.fair.gap import Gap, gap
from onefloor.insight.fair.loading import Loaded, load
from onefloor.insight.fair.overlap import NEEDED, overlap
from onefloor.insight.fair.refusals import Refusal, few_agents, little_overlap, not_set_apart
from onefloor.insight.fair.several import holm_levels
from onefloor.insight.fair.work import OURS, THEIRS, Mask, Work, added
from onefloor.insight.finding import Estimate
from onefloor.insight.guards.everybody_else import EVERYBODY_ELSE, worded
from onefloor.metrics.cubes import Cubes
from onefloor.metrics.engines import Engine
from onefloor.metrics.prepared import Prepared
from onefloor.periods import Month

LEAST_OF_OTHERS = 30  # rows of others in a queue, below which it counts as the company's alone


@dataclass(frozen=True, slots=True)
class Side:
    """One figure of a company against the others, in points; no estimate where ``refusals`` say that there is none.

    ``share`` is the part of the company's rows in queues that others serve too, ``rows`` and ``agents`` (others,
    company) what the estimate rests on.
    """

    metric: str
    estimate: Estimate | None
    refusals: tuple[Refusal, ...]
    share: float
    rows: int
    agents: tuple[int, int]
    own: int = 0


@dataclass(frozen=True, slots=True)
class Company:
    """A company against the others on the same work; agents of both sides are the sample."""

    name: str
    selling: Side
    quality: Side

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        """Why nothing, or nothing but the intervals, can be said."""
        both = {one.kind: one for side in (self.selling, self.quality) for one in side.refusals}
        return tuple(both.values())

    @property
    def traded(self) -> bool:
        """Whether it surely sells more and surely serves worse."""
        sold, served = self.selling.estimate, self.quality.estimate
        return not self.refusals and sold is not None and served is not None and sold.low > 0 and served.high < 0


def companies(
    prepared: Prepared,
    selling: str,
    quality: str,
    names: Sequence[str],
    months: Sequence[Month],
    engine: Engine | None = None,
    cubes: Cubes | None = None,
    scope: str = "",
) -> list[Company]:
    """Every company against all others together; with one company there is none.

    The fair comparison of ``insight.fair``: the kind of work held alike, one agent left out at a time, few degrees of
    freedom where a side has few agents, its refusals. All intervals hold together (Holm 1979, over companies and both
    figures).

    Args:
        prepared: the measuring tables.
        selling: a share, such as ``conversion``.
        quality: a share, such as ``fcr:within=7d``.
        names: all companies that are compared.
        months: of the contacts.
        engine: DuckDB if left out.
        cubes: daily cubes to answer from where they can.
        scope: predicate of the rows that may be read.

    Raises:
        NotAgentsWork: too many rows of a figure have no agent; else as ``cells``.
    """
    if len(names) < 2:
        return []
    asked = [
        Asked(prepared, metric, tuple(names), None, months, engine, scope=scope, cubes=cubes)
        for metric in (selling, quality)
    ]
    return against_others(load(asked[0]), load(asked[1]))


def against_others(selling: Loaded, quality: Loaded) -> list[Company]:
    """Every company of two figures' work against all others together."""
    names = selling.companies
    sides = _together([_side(loaded, place) for loaded in (selling, quality) for place in range(len(names))])
    return [Company(name, sides[place], sides[len(names) + place]) for place, name in enumerate(names)]


@dataclass(frozen=True, slots=True)
class _Known:
    """A side before its level is known."""

    side: Side
    gap: Gap | None
    factor: float


def _side(loaded: Loaded, place: int) -> _Known:
    """One company against the others, in the queues that both serve."""
    company = np.where(loaded.work.company == place, THEIRS, OURS).astype(np.intp)
    whole = replace(loaded.work, company=company)
    work = whole.chosen(_both_serve(loaded, whole))
    name, theirs = loaded.companies[place], company == THEIRS
    share = float(work.rows[work.company == THEIRS].sum() / max(whole.rows[theirs].sum(), 1e-300))
    common = overlap(work, tenure=False) if len(work) else None
    kept = work.chosen(common.cells) if common else work
    others = EVERYBODY_ELSE
    counts = (kept.agents(OURS), kept.agents(THEIRS))
    found = [few_agents(others, counts[0]), few_agents(name, counts[1])]
    refusals = [one for one in found if one is not None]
    if not any(one.final for one in refusals) and common and common.share < NEEDED:
        refusals.append(little_overlap(common.share, others, name))
    known = None if any(one.final for one in refusals) else gap(kept, tenure=False)
    if known is None and not any(one.final for one in refusals):
        refusals.append(not_set_apart(others, name))
    both = (kept.rows, kept.rows[kept.company == THEIRS])
    rows, own = (round(float(one.sum())) for one in both)
    side = Side(loaded.metric.reference, None, tuple(map(worded, refusals)), share, rows, counts, own)
    return _Known(side, known, loaded.factor)


def _both_serve(loaded: Loaded, work: Work) -> Mask:
    """The cells in queues that the company and others both serve; all where a figure has no queue."""
    if "queue" not in loaded.cells.by:
        return np.ones(len(work), bool)
    queue = loaded.cells.codes["queue"]
    both = [added(queue, work.rows * (work.company == side)) for side in (OURS, THEIRS)]
    return np.asarray(((both[0] >= LEAST_OF_OTHERS) & (both[1] > 0))[queue])


def _together(found: Sequence[_Known]) -> list[Side]:
    """The intervals that hold for all companies and figures together."""
    told = [(place, one.gap) for place, one in enumerate(found) if one.gap is not None]
    sides = [one.side for one in found]
    for (place, known), level in zip(told, holm_levels([one.p_value for _, one in told]), strict=True):
        sides[place] = replace(sides[place], estimate=known.interval(level).times(found[place].factor))
    return sides
