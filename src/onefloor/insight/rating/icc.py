"""Intraclass correlations of a full table of scores, all six forms with their intervals."""

from __future__ import annotations

from dataclasses import dataclass

from scipy import stats

from onefloor.insight.finding import LEVEL
from onefloor.insight.rating.marks import Floats


@dataclass(frozen=True, slots=True)
class Squares:
    """Mean squares of a table of contacts x raters: between contacts, within, between raters, and what is left."""

    contacts: float
    within: float
    raters: float
    error: float
    rows: int
    columns: int


@dataclass(frozen=True, slots=True)
class Correlation:
    """An intraclass correlation, its F test against 0 and its interval."""

    value: float
    f: float
    df: tuple[int, int]
    low: float
    high: float


def squares(table: Floats) -> Squares:
    """The mean squares; ``table`` has no NaN, at least two rows and two columns."""
    n, k = table.shape
    row, column, whole = table.mean(axis=1), table.mean(axis=0), table.mean()
    between = k * ((row - whole) ** 2).sum()
    raters = n * ((column - whole) ** 2).sum()
    within = ((table - row[:, None]) ** 2).sum()
    return Squares(
        between / (n - 1), within / (n * (k - 1)), raters / (k - 1), (within - raters) / ((n - 1) * (k - 1)), n, k
    )


def correlations(table: Floats, level: float = LEVEL) -> dict[str, Correlation]:
    """ICC1, ICC2, ICC3 of one rater and ICC1k, ICC2k, ICC3k of the mean of all (Shrout and Fleiss 1979, Psychol. Bull.
    86:420): raters differ from contact to contact; the raters are a sample of all; these raters are all there are.
    ICC2 is agreement in the very score, ICC(A,1).
    """  # fmt: skip
    of = squares(table)
    return {
        **_pair("ICC1", of, of.within, (of.rows - 1, of.rows * (of.columns - 1)), level),
        **_absolute(of, level),
        **_pair("ICC3", of, of.error, (of.rows - 1, (of.rows - 1) * (of.columns - 1)), level),
    }


def _pair(name: str, of: Squares, noise: float, df: tuple[int, int], level: float) -> dict[str, Correlation]:
    """A form whose interval is that of one F ratio (Shrout and Fleiss, p. 424), of one rater and of the mean of k."""
    k, f, tail = of.columns, of.contacts / noise, (1 + level) / 2
    low, high = f / stats.f.ppf(tail, *df), f * stats.f.ppf(tail, df[1], df[0])
    one = Correlation((f - 1) / (f - 1 + k), f, df, (low - 1) / (low - 1 + k), (high - 1) / (high - 1 + k))
    mean = Correlation(1 - 1 / f, f, df, 1 - 1 / low, 1 - 1 / high)
    return {name: one, f"{name}k": mean}


def _absolute(of: Squares, level: float) -> dict[str, Correlation]:
    """ICC(2,1) and ICC(2,k): raters are a sample; Satterthwaite's degrees of freedom (Shrout and Fleiss, p. 424)."""
    n, k, msb, msj, mse = of.rows, of.columns, of.contacts, of.raters, of.error
    value = (msb - mse) / (msb + (k - 1) * mse + k * (msj - mse) / n)
    mean = (msb - mse) / (msb + (msj - mse) / n)
    fj, part = msj / mse, n * (1 + (k - 1) * value) - k * value
    v = (k - 1) * (n - 1) * (k * value * fj + part) ** 2 / ((n - 1) * (k * value * fj) ** 2 + part**2)
    up, down = stats.f.ppf((1 + level) / 2, n - 1, v), stats.f.ppf((1 + level) / 2, v, n - 1)
    rest = k * msj + (k * n - k - n) * mse
    low = n * (msb - up * mse) / (up * rest + n * msb)
    high = n * (down * msb - mse) / (rest + n * down * msb)
    f, df = msb / mse, (n - 1, (n - 1) * (k - 1))
    return {
        "ICC2": Correlation(value, f, df, low, high),
        "ICC2k": Correlation(mean, f, df, low * k / (1 + low * (k - 1)), high * k / (1 + high * (k - 1))),
    }
