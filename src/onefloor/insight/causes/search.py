"""Where a quotient moved: the segment of few conditions whose rate moved most clearly against the rest; taken out,
and again.

A scan statistic: every combination of up to two (three) conditions is tried, and the square of z is largest at the
true cause, because a parent dilutes it and a child has fewer rows. The gate is Bonferroni's over all that was tried,
with z divided by how much the leaves spread anyway. Greedy search for the largest share of the change finds parents.
What the contacts say can be put to a second question before it is named: do the days and the people bear it out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from onefloor.insight.causes.clusters import Conditions
from onefloor.insight.causes.leaves import Codes, Leaves
from onefloor.insight.charts.limits import Kind
from onefloor.insight.finding import Estimate, Z

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

LEAST_ROWS = 30  # in each period, of a segment and of the rest
LEAST_LEAVES = 20  # from which their spread can be known
MOST_SEGMENTS = 3
MOST_DENIED = 25  # candidates that may be turned down before the search gives up
DEPTH = 2
EXPLAINED = 0.7  # of the change: then nothing more is looked for
ALPHA = 0.05
NORMAL_MEDIAN = 0.6745  # of |z|


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment that moved against the rest.

    ``effect`` is what that adds to the change of the whole, with its interval; ``leaves`` are the leaves that are in
    it and in none found before. ``before`` and ``after`` are its sums.
    """

    conditions: Conditions
    z: float
    effect: Estimate
    leaves: Mask
    before: tuple[int, int]
    after: tuple[int, int]


Denied = set[tuple[tuple[int, ...], int]]


@dataclass(frozen=True, slots=True)
class Search:
    """What a search found: segments in the order found, how many combinations were tried, the gate for |z|."""

    segments: tuple[Segment, ...]
    tried: int
    gate: float
    spread: float


@dataclass(frozen=True, slots=True)
class _Grouping:
    """All segments of some dimensions: the place of every leaf among them."""

    axes: tuple[int, ...]
    place: Codes
    count: int


@dataclass(frozen=True, slots=True)
class _Best:
    score: float
    grouping: _Grouping
    segment: int
    z: float
    gap: float
    error: float


def search(
    leaves: Leaves, *, depth: int = DEPTH, most: int = MOST_SEGMENTS, explained: float = EXPLAINED,
    alpha: float = ALPHA, borne_out: Callable[[Conditions, float], bool] | None = None,
) -> Search:  # fmt: skip
    """Name the smallest set of segments that explains a change; none when nothing stands out.

    Args:
        leaves: the sums of both periods.
        depth: conditions of a segment at most, 1 to 3.
        most: segments at most.
        explained: the share of the change from which on nothing more is looked for.
        alpha: the chance to name a segment when nothing happened.
        borne_out: a second opinion on a candidate, given the gate; what it turns down is not named.
    """
    from scipy.stats import norm

    groupings = list(_groupings(leaves, depth))
    tried = sum(grouping.count for grouping in groupings)
    gate = float(norm.isf(alpha / 2 / max(tried, 1)))
    sums = leaves.sums.astype(float)
    live = np.ones(len(leaves), bool)
    found: list[Segment] = []
    spread = _spread(leaves, sums, groupings)
    left = change = _change(sums)
    denied: Denied = set()
    while len(found) < most and len(denied) <= MOST_DENIED:
        best = _best(leaves, sums, live, groupings, spread, gate, denied)
        if best is None:
            break
        if borne_out is not None and not borne_out(_conditions(leaves, live, best), gate):
            denied.add((best.grouping.axes, best.segment))
            continue
        segment = _segment(leaves, sums, live, best)
        found.append(segment)
        live &= ~segment.leaves
        left -= segment.effect.value
        if abs(left) <= (1 - explained) * abs(change):
            break
    return Search(tuple(found), tried, gate, spread)


def _groupings(leaves: Leaves, depth: int) -> Iterator[_Grouping]:
    axes = range(len(leaves.dimensions))
    for size in range(1, min(depth, len(leaves.dimensions)) + 1):
        for chosen in combinations(axes, size):
            sizes = [len(leaves.names[axis]) for axis in chosen]
            flat = np.ravel_multi_index([leaves.codes[axis] for axis in chosen], sizes)
            known, place = np.unique(flat, return_inverse=True)
            yield _Grouping(chosen, place, len(known))


def _change(sums: Floats) -> float:
    above0, below0, above1, below1 = sums.sum(axis=0)
    return float(above1 / below1 - above0 / below0) if below0 and below1 else 0.0


def contrast(kind: Kind, part: Floats, rest: Floats, row: int = 1) -> tuple[Floats, Floats]:
    """By how much the quotients of segments moved against the rest, and the standard error of that; error inf where
    one of the four denominators has fewer than 30 rows of ``row`` each, or where nothing ever happens or always
    (nothing could move).

    Binomial for shares, Poisson for rates. The error of a mean is in units of its coefficient of variation, which the
    spread of the leaves makes up for.
    """
    (above0, below0, above1, below1), (other0, all0, other1, all1) = part.T, rest.T
    enough = np.minimum.reduce([below0, below1, all0, all1]) >= LEAST_ROWS * row
    with np.errstate(divide="ignore", invalid="ignore"):
        gap = above1 / below1 - above0 / below0 - (other1 / all1 - other0 / all0)
        inside = _variance(kind, (above0 + above1) / (below0 + below1)) * (1 / below0 + 1 / below1)
        outside = _variance(kind, (other0 + other1) / (all0 + all1)) * (1 / all0 + 1 / all1)
        error = np.sqrt(inside + outside)
    usable = enough & (inside > 0) & (outside > 0) & np.isfinite(error)
    return np.where(usable, gap, 0.0), np.where(usable, error, np.inf)


def _variance(kind: Kind, rate: Floats) -> Floats:
    match kind:
        case Kind.SHARE:
            return np.maximum(rate * (1 - rate), 0)
        case Kind.RATE:
            return np.maximum(rate, 0)
    return rate**2


def _spread(leaves: Leaves, sums: Floats, groupings: list[_Grouping]) -> float:
    """How much more leaves move against the rest than chance explains, by the median; of shares and rates 1 or more.

    Large leaves weigh more: what leaves wobble by themselves stands out of chance in large ones first. Where the
    finest leaves have too few rows, the segments of most conditions stand in for them.
    """
    total = sums.sum(axis=0)
    candidates = [sums, *(_grouped(sums, grouping) for grouping in reversed(groupings))]
    counted = leaves.kind in (Kind.SHARE, Kind.RATE)
    for held in candidates:
        gap, error = contrast(leaves.kind, held, total - held, leaves.row)
        usable = np.isfinite(error)
        if usable.sum() >= LEAST_LEAVES:
            rows = held[usable, 1] + held[usable, 3]
            found = _median(np.abs(gap / error)[usable], rows) / NORMAL_MEDIAN
            return max(1.0, found) if counted else found or 1.0
    return 1.0


def _median(values: Floats, weights: Floats) -> float:
    """The value below and above which lies half of the weight."""
    order = np.argsort(values)
    half = np.cumsum(weights[order]) >= weights.sum() / 2
    return float(values[order][int(np.argmax(half))])


def _grouped(sums: Floats, grouping: _Grouping, live: Mask | None = None) -> Floats:
    place, held = (grouping.place, sums) if live is None else (grouping.place[live], sums[live])
    columns = [np.bincount(place, held[:, column], grouping.count) for column in range(4)]
    return np.stack(columns, axis=1).astype(np.float64)


def _best(
    leaves: Leaves, sums: Floats, live: Mask, groupings: list[_Grouping], spread: float, gate: float, denied: Denied
) -> _Best | None:
    """The segment with the largest z squared, less 2 ln of how many there are of its kind; None below the gate."""
    total, best = sums[live].sum(axis=0), None
    for grouping in groupings:
        part = _grouped(sums, grouping, live)
        gap, error = contrast(leaves.kind, part, total - part, leaves.row)
        z = gap / error / spread
        z[[segment for axes, segment in denied if axes == grouping.axes]] = 0
        at = int(np.argmax(np.abs(z)))
        score = float(z[at] ** 2 - 2 * np.log(grouping.count))
        if abs(z[at]) > gate and (best is None or score > best.score + 1e-9):
            best = _Best(score, grouping, at, float(z[at]), float(gap[at]), float(error[at]) * spread)
    return best


def _conditions(leaves: Leaves, live: Mask, best: _Best) -> Conditions:
    first = int(np.flatnonzero(live & (best.grouping.place == best.segment))[0])
    return tuple(
        (leaves.dimensions[axis], leaves.names[axis][leaves.codes[axis][first]]) for axis in best.grouping.axes
    )


def _segment(leaves: Leaves, sums: Floats, live: Mask, best: _Best) -> Segment:
    inside = live & (best.grouping.place == best.segment)
    conditions = _conditions(leaves, live, best)
    total, here = sums.sum(axis=0), leaves.sums[inside].sum(axis=0)
    weight = float(here[1] / total[1] + here[3] / total[3]) / 2
    effect = Estimate(best.gap * weight, (best.gap - Z * best.error) * weight, (best.gap + Z * best.error) * weight)
    return Segment(conditions, best.z, effect, inside, (int(here[0]), int(here[1])), (int(here[2]), int(here[3])))
