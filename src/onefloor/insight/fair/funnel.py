"""Funnel: many teams or vendors against what their work leads to expect, with limits for an ordinary floor.

Teams differ more than chance alone allows even where nothing is wrong; the limits take that in (Spiegelhalter 2005,
Statistics in Medicine 24:1185, section 5).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from onefloor.insight.fair.work import Floats

TRIM = 0.1


@dataclass(frozen=True, slots=True)
class Funnel:
    """``z`` with the plain error, ``adjusted`` with what ordinary teams differ by; ``spread`` is its deviation.

    ``dispersion`` is the mean of the winsorised squared z: 1 where teams differ by chance alone.
    """

    z: Floats
    adjusted: Floats
    dispersion: float
    spread: float


def funnel(y: Floats, error: Floats, trim: float = TRIM) -> Funnel:
    """Additive overdispersion by moments, extremes winsorised (Spiegelhalter 2005, eqs. 2 to 5).

    Args:
        y: each unit's distance from its target.
        error: its standard error, above 0.
        trim: share winsorised at each end.
    """
    z = y / error
    if len(z) < 2:
        return Funnel(z, z, 1.0, 0.0)
    low, high = np.quantile(z, [trim, 1 - trim])
    dispersion = float(np.mean(np.clip(z, low, high) ** 2))
    w, units = 1 / error**2, len(z)
    tau2 = max(0.0, float((units * dispersion - (units - 1)) / (w.sum() - (w**2).sum() / w.sum())))
    return Funnel(z, y / np.sqrt(error**2 + tau2), dispersion, tau2**0.5)
