"""Numbers in words: money, shares, seconds, and how much less or more."""

from __future__ import annotations

from fractions import Fraction

from onefloor.insight.finding import Estimate
from onefloor.language import Text, joined, same
from onefloor.money import rounded


def money(value: float, places: int = 2) -> str:
    """``1,234.50``.

    >>> money(-0.004), money(1234.5)
    ('0.00', '1,234.50')
    """
    return f"{rounded(Fraction(value), places):,}"


def percent(share: float, *, finer: bool = False) -> Text:
    """A share of one: whole percents, below ten or if ``finer`` with one decimal.

    >>> percent(0.124).en, percent(0.0123).zh
    ('12 %', '1.2%')
    """
    number = f"{share * 100:.0f}" if abs(share) >= 0.0995 and not finer else f"{share * 100:.1f}"
    return Text(f"{number}%", f"{number} %")


def value(number: float, unit: str, *, finer: bool = False) -> Text:
    """A value of an input in its unit; ``finer`` with a decimal more.

    >>> value(0.6218, "%").en, value(349.8, "s").en, value(62.7234, "money").en, value(1800, "").en
    ('62 %', '350 s', '62.72', '1,800')
    """
    if unit == "%":
        return percent(number, finer=finer)
    if unit == "points":
        return Text(f"{number * 100:.1f} 个百分点", f"{number * 100:.1f} points")
    if unit == "s":
        return Text(f"{number:.{int(finer)}f} 秒", f"{number:.{int(finer)}f} s")
    if unit == "money":
        return same(money(number, 3 if finer else 2))
    return same(f"{number:,.{int(finer)}f}" if abs(number) >= 100 else f"{number:.{3 + finer}g}")


def less_or_more(share: float) -> Text:
    """``12 % less``; the word is that of the sign, whatever the number is rounded to.

    >>> less_or_more(-0.124).en, less_or_more(0.05).zh
    ('12 % less', '高 5.0%')
    """
    number = percent(abs(share))
    return Text(f"{'低' if share < 0 else '高'} {number.zh}", f"{number.en} {'less' if share < 0 else 'more'}")


def ends(relative: Estimate) -> Text:
    """``24 % less to 0.9 % more``."""
    return joined([less_or_more(relative.low), less_or_more(relative.high)], zh=" 至", en=" to ")
