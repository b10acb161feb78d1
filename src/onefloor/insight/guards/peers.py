"""Observed against expected: what a unit's contacts would have given in the hands of its peers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from onefloor.insight.cells import Cells

Floats = NDArray[np.float64]
Places = NDArray[np.intp]
Whole = NDArray[np.int64]
Mask = NDArray[np.bool_]


PULL = 5  # contacts at the rate of everybody that are added to a stratum's peers, which may be few


@dataclass(frozen=True, slots=True)
class Peers:
    """Of each unit what was counted, out of how many, what peers would have had, and the chance variance of that.

    ``alone`` is how many rows were left out because nobody else works in their stratum.
    """

    observed: Floats
    rows: Floats
    expected: Floats
    variance: Floats
    alone: int = 0

    def chosen(self, mask: Mask) -> Peers:
        """Some of the units."""
        observed, rows, expected, variance = (
            self.observed[mask],
            self.rows[mask],
            self.expected[mask],
            self.variance[mask],
        )
        return Peers(observed, rows, expected, variance, self.alone)

    @property
    def difference(self) -> Floats:
        """Observed minus expected, as a share of the rows; 0 without rows."""
        return np.asarray((self.observed - self.expected) / np.maximum(self.rows, 1))

    @property
    def rate(self) -> Floats:
        """The expected share; 0 without rows."""
        return np.asarray(self.expected / np.maximum(self.rows, 1))

    @property
    def error(self) -> Floats:
        """The variance of ``difference`` by chance alone."""
        return np.asarray(self.variance / np.maximum(self.rows, 1) ** 2)


def against_peers(unit: Places, stratum: Places, hits: Whole, rows: Whole, units: int) -> Peers:
    """Indirect standardisation (Breslow and Day 1987, volume II, section 2.3), a unit's own rows left out of its peers.

    The variance is binomial, and that of the peers' own rate is added to it.

    Args:
        unit: of each cell whose it is, 0 to ``units`` - 1.
        stratum: of each cell its queue and hour, as any whole number.
        hits: of each cell what was counted; at most ``rows``.
        rows: of each cell out of how many.
        units: how many units there are.
    """
    _, place = np.unique(stratum, return_inverse=True)
    whole = [np.bincount(place, values, place.max(initial=0) + 1)[place] for values in (hits, rows)]
    key, inverse = np.unique(place * units + unit, return_inverse=True)
    own = [np.bincount(inverse, values, len(key))[inverse] for values in (hits, rows)]
    others = whole[1] - own[1]
    kept = others > 0
    usual = _usual(unit, hits, rows, units)[unit[kept]]
    rate = np.clip(((whole[0] - own[0])[kept] + PULL * usual) / (others[kept] + PULL), 0, 1)
    each, noise = rows[kept], rate * (1 - rate)
    sums = (hits[kept], each, each * rate, each * noise * (1 + each / others[kept]))
    observed, total, expected, variance = (np.bincount(unit[kept], one, units).astype(float) for one in sums)
    return Peers(observed, total, expected, variance, int(rows[~kept].sum()))


def _usual(unit: Places, hits: Whole, rows: Whole, units: int) -> Floats:
    """Of each unit the rate of all others, never quite 0: what nobody else does is still expected now and then."""
    own = [np.bincount(unit, values, units) for values in (hits, rows)]
    return np.asarray((hits.sum() - own[0] + 0.5) / (rows.sum() - own[1] + 1))


def levelled(of: Peers, group: Places) -> Peers:
    """The same against the level of a unit's own group (company): what sets companies apart is no unit's doing.

    Expected is multiplied by observed / expected of the group's other units, pulled towards 1 where these are few.

    Args:
        of: units against the peers of all groups.
        group: of each unit its group, numbered from 0.
    """
    return _rescaled(of, *(np.bincount(group, one)[group] - one for one in (of.observed, of.expected)))


def beyond_own(special: Peers, usual: Peers) -> Peers:
    """Each unit against what it does itself otherwise: who does something often, but at any time, does not stand out.

    Expected of the special rows is multiplied by observed / expected of the unit's usual ones (a ratio of two
    standardised ratios, Breslow and Day 1987, volume II, section 2.3), pulled towards 1 where these are few; how far
    chance moved those is added to the variance.

    Args:
        special: the rows that matter (the end of a shift, say) against peers in theirs.
        usual: all other rows of the same units, against peers in theirs.
    """
    return _rescaled(special, usual.observed, usual.expected)


def _rescaled(of: Peers, observed: Floats, expected: Floats) -> Peers:
    """What is expected, multiplied by observed / expected of something else, both pulled towards each other."""
    observed, expected = observed + PULL, expected + PULL
    due = np.minimum(of.expected * observed / expected, of.rows)
    before, now = (one * (1 - one / np.maximum(of.rows, 1)) for one in (of.expected, due))
    noise = of.variance * np.divide(now, before, out=np.ones_like(due), where=before > 0)
    return replace(of, expected=due, variance=noise + due**2 / observed)


def of_cells(cells: Cells, unit: str, strata: Sequence[str]) -> Peers:
    """The units of some cells against their peers; ``unit`` and ``strata`` are dimensions of them."""
    sizes = [len(cells.names[name]) for name in strata]
    stratum = np.ravel_multi_index([cells.codes[name] for name in strata], sizes) if strata else cells.codes[unit] * 0
    return against_peers(cells.codes[unit], stratum, cells.numerator, cells.denominator, len(cells.names[unit]))
