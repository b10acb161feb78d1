"""Picked by a rule with a cut: regression discontinuity, the jump of the outcome at the cut.

Local lines on both sides with triangular weights, the bandwidth of Imbens and Kalyanaraman 2012 (algorithm of their
section 4.2), errors HC3 with the degrees of freedom left: people are one row each. The jump is the effect on people
near the cut, nobody else.
"""

from __future__ import annotations

import numpy as np

from onefloor.insight.effects.found import Floats, Found, Mask, NoEstimate, Student

LEAST = 10  # people within the bandwidth on each side
TRIANGLE = 3.4375  # their C_K for the triangular kernel


def bandwidth(x: Floats, y: Floats, cut: float) -> float:
    """How far from the cut people are looked at, in the unit of ``x``.

    Raises:
        NoEstimate: too few people near the cut on a side.
    """
    x, size = x - cut, len(x)
    above = x >= 0
    pilot = 1.84 * float(x.std(ddof=1)) * size**-0.2
    near = [(mask & (np.abs(x) <= pilot)) for mask in (~above, above)]
    if min(mask.sum() for mask in near) < 3:
        raise NoEstimate("few_at_cut", below=int(near[0].sum()), above=int(near[1].sum()), least=LEAST)
    density = sum(int(mask.sum()) for mask in near) / (2 * size * pilot)
    variance = float(np.mean([y[mask].var(ddof=1) for mask in near]))
    cubic = np.column_stack([np.ones(size), above, x, x**2, x**3])
    third = 6 * float(np.linalg.lstsq(cubic, y, rcond=None)[0][4])
    bends, ridge = [], 0.0
    for mask in (~above, above):
        bend, penalty = _bend(x[mask], y[mask], variance, third, density)
        bends.append(bend)
        ridge += penalty
    square = (bends[1] - bends[0]) ** 2 + ridge
    return float(TRIANGLE * (2 * variance / (density * square)) ** 0.2 * size**-0.2)


def _bend(x: Floats, y: Floats, variance: float, third: float, density: float) -> tuple[float, float]:
    """The second derivative on a side and its regularisation, 2160 variance / (n h^4)."""
    reach = float(np.abs(x).max())
    wide = reach if abs(third) < 1e-12 else 3.56 * (variance / (density * third**2)) ** (1 / 7) * len(x) ** (-1 / 7)
    wide = min(wide, reach)
    used = np.abs(x) <= wide
    if used.sum() < 4:
        used, wide = np.ones(len(x), bool), reach
    bend = 2 * float(np.polyfit(x[used], y[used], 2)[0])
    return bend, 2160 * variance / (float(used.sum()) * max(wide, 1e-12) ** 4)


def jump(x: Floats, y: Floats, cut: float, helped: Mask, width: float | None = None) -> Found:
    """The jump of ``y`` at the cut, towards the side of the helped.

    Args:
        x: the figure the rule looked at, one a person.
        y: the outcome.
        cut: the helped lie on one side of it.
        helped: who got the action.
        width: the bandwidth; by ``bandwidth`` if left out.

    Raises:
        NoEstimate: the rule was not kept, or too few people lie near the cut.
    """
    below = sharp_side(x, cut, helped)
    if min(helped.sum(), (~helped).sum()) < LEAST:
        low, high = int((x < cut).sum()), int((x >= cut).sum())
        raise NoEstimate("few_at_cut", below=low, above=high, least=LEAST)
    width = bandwidth(x, y, cut) if width is None else width
    weight = np.maximum(0.0, 1 - np.abs(x - cut) / width)
    used = weight > 0
    sides = int((helped & used).sum()), int((~helped & used).sum())
    if min(sides) < LEAST:
        low, high = sides if below else sides[::-1]
        raise NoEstimate("few_at_cut", below=low, above=high, least=LEAST)
    centred = x[used] - cut
    columns = np.column_stack([np.ones(len(centred)), helped[used], centred, centred * helped[used]])
    value, error = _weighted(columns, y[used], weight[used])
    return Found(value, error, Student(sum(sides) - 4), *sides, {"bandwidth": width})


def sharp_side(x: Floats, cut: float, helped: Mask) -> bool:
    """Whether the helped are those below the cut (at it nobody belongs to either side for sure).

    Raises:
        NoEstimate: helped people lie on both sides, or others lie on theirs.
    """
    for below in (True, False):
        inside = x < cut if below else x > cut
        outside = x > cut if below else x < cut
        if not (helped & outside).any() and not (~helped & inside).any():
            return below
    low = x <= cut
    raise NoEstimate(
        "rule_not_kept",
        helped_below=int((helped & low).sum()),
        helped_above=int((helped & ~low).sum()),
        others_below=int((~helped & low).sum()),
        others_above=int((~helped & ~low).sum()),
    )


def _weighted(x: Floats, y: Floats, weight: Floats) -> tuple[float, float]:
    """The second coefficient of weighted least squares and its HC3 error (MacKinnon and White 1985)."""
    root = np.sqrt(weight)
    xs, ys = x * root[:, None], y * root
    inverse = np.linalg.pinv(xs.T @ xs)
    left = ys - xs @ (inverse @ (xs.T @ ys))
    leverage = np.einsum("ij,jk,ik->i", xs, inverse, xs)
    scores = xs * (left / np.maximum(1 - leverage, 1e-6))[:, None]
    covariance = inverse @ (scores.T @ scores) @ inverse
    return float((inverse @ (xs.T @ ys))[1]), float(np.sqrt(covariance[1, 1]))
