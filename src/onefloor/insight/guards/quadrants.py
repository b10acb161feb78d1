"""In which quadrant a unit probably is: sells more or less, serves better or worse than its peers."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from onefloor.insight.guards.peers import Floats
from onefloor.insight.guards.shrinking import Shrunk
from onefloor.language import Text

NODES = 64
CERTAIN = 0.8  # probability from which a conversation is opened; never a sanction
RIGHT = 0.88  # mean probability of those named; they are on the careful side: in simulation nine of ten are right


class Quadrant(StrEnum):
    """Selling, then serving."""

    SELLS_AND_SERVES = "sells_and_serves"
    SELLS_NOT_SERVES = "sells_not_serves"
    SERVES_NOT_SELLS = "serves_not_sells"
    NEITHER = "neither"

    @property
    def words(self) -> Text:
        """The quadrant as people read it."""
        return WORDS[self]


WORDS = {
    Quadrant.SELLS_AND_SERVES: Text("销售高、服务好", "sells more, serves better"),
    Quadrant.SELLS_NOT_SERVES: Text("销售高、服务差", "sells more, serves worse"),
    Quadrant.SERVES_NOT_SELLS: Text("销售低、服务好", "sells less, serves better"),
    Quadrant.NEITHER: Text("销售低、服务差", "sells less, serves worse"),
}
SIGNS = {
    Quadrant.SELLS_AND_SERVES: (1, 1),
    Quadrant.SELLS_NOT_SERVES: (1, -1),
    Quadrant.SERVES_NOT_SELLS: (-1, 1),
    Quadrant.NEITHER: (-1, -1),
}


def beyond(found: Shrunk, signs: Sequence[int], margins: Sequence[float] = (0.0, 0.0)) -> Floats:
    """The probability that both true differences lie beyond the margins in the direction of ``signs``, per unit.

    The mean over the likely values of the between-unit covariance. One dimension by its distribution function, the
    other by Gauss-Legendre quadrature over it: exact to 1e-9 for any correlation that occurs here.

    Args:
        found: what is known of each unit.
        signs: +1 or -1 for selling and for quality.
        margins: at least 0, as shares.
    """
    places = found.also or ((found.mean, found.covariance),)
    return np.asarray(np.mean([_beyond(mean, spread, signs, margins) for mean, spread in places], axis=0))


def _beyond(mean: Floats, covariance: Floats, signs: Sequence[int], margins: Sequence[float]) -> Floats:
    first, second = mean[:, 0] * signs[0] - margins[0], mean[:, 1] * signs[1] - margins[1]
    spread = np.sqrt(covariance[:, [0, 1], [0, 1]])
    correlation = covariance[:, 0, 1] * signs[0] * signs[1] / (spread[:, 0] * spread[:, 1])
    places, weights = np.polynomial.legendre.leggauss(NODES)
    below = ndtr(-first / spread[:, 0])  # of the standard normal, where the first difference is 0
    at = below[:, None] + (1 - below)[:, None] * (places + 1) / 2
    x = ndtri(np.clip(at, 1e-300, 1 - 1e-16))
    given = second[:, None] + correlation[:, None] * spread[:, [1]] * x
    rest = spread[:, [1]] * np.sqrt(np.maximum(1 - correlation[:, None] ** 2, 1e-12))
    return np.asarray((1 - below) * (ndtr(given / rest) @ weights) / 2)


def quadrant_of(found: Shrunk) -> tuple[list[Quadrant], Floats]:
    """Each unit's most likely quadrant and how likely it is."""
    chances = np.stack([beyond(found, signs) for signs in SIGNS.values()])
    names = list(SIGNS)
    return [names[place] for place in chances.argmax(axis=0)], chances.max(axis=0)


def wrong(found: Shrunk, margins: Sequence[float]) -> Floats:
    """The probability that a unit sells more than its peers and serves worse, both by more than the margins."""
    return beyond(found, SIGNS[Quadrant.SELLS_NOT_SERVES], margins)


def certain(chances: Floats) -> NDArray[np.bool_]:
    """Whom to talk to: each with a probability above ``CERTAIN``, all of them together right in ``RIGHT``.

    The Bayesian false discovery rate (Newton et al. 2004, Biostatistics 5:155): units are taken in the order of their
    probability while the mean of those taken stays at ``RIGHT``.
    """
    order = np.argsort(-chances, kind="stable")
    mean = np.cumsum(chances[order]) / np.arange(1, len(chances) + 1)
    taken = np.zeros(len(chances), bool)
    taken[order] = (mean >= RIGHT) & (chances[order] > CERTAIN)
    return taken
