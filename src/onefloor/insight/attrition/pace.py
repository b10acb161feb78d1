"""How fast a cohort leaves beside all others at the same tenure: a hazard ratio, and whether one ratio says it."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from onefloor.insight.attrition.cox import NoFit, cox, proportional
from onefloor.insight.attrition.spells import Flags, Spells
from onefloor.insight.finding import LEVEL, Estimate

FEWEST = 10  # leavers on either side


@dataclass(frozen=True, slots=True)
class Pace:
    """``ratio`` of a cohort's hazard to the others'; ``changes``: the p-value that it is the same at every tenure."""

    ratio: Estimate
    changes: float


def pace(held: Spells, mask: Flags, level: float = LEVEL) -> Pace | None:
    """Of the cohort ``mask`` (Cox 1972; Grambsch & Therneau 1994); None where too few of either side have left.

    >>> from onefloor.insight.attrition.spells import spells
    >>> fast = spells([10 + day for day in range(40)], [True] * 40)
    >>> pace(fast, np.arange(40) < 5) is None
    True
    """
    if min(held.of(side).leavers for side in (mask, ~mask)) < FEWEST:
        return None
    x = mask.astype(float)
    try:
        fit = cox(held, x)
    except NoFit:  # one side has nobody at risk when the other leaves
        return None
    half = NormalDist().inv_cdf(0.5 + level / 2) * float(fit.error[0])
    value, low, high = (float(np.exp(fit.beta[0] + part)) for part in (0.0, -half, half))
    return Pace(Estimate(value, low, high, level), float(proportional(held, x, fit)[0]))
