"""Numbers as they are written in sentences and on paper: 27,708.00, 30%, 4:19."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from onefloor.agreements.terms.values import Edge
from onefloor.language import Text, same
from onefloor.metrics.metric import Metric, Unit
from onefloor.money import rounded

MOST_PLACES = 6
"""Decimals shown of an intermediate result; more are cut off with a mark."""


def sentence(text: Text) -> Text:
    """A text as it stands at the beginning of a line: the English one begins with a capital letter.

    >>> sentence(Text("放弃率 6%", "abandonment 6%")).en
    'Abandonment 6%'
    """
    return Text(text.zh, text.en[:1].upper() + text.en[1:])


def money(amount: Decimal | Fraction, places: int = 2) -> str:
    """An amount with thousands commas and at least ``places`` decimals.

    >>> money(Fraction(27708))
    '27,708.00'
    """
    exact = Fraction(amount)
    needed = next((p for p in range(places, MOST_PLACES) if (exact * 10**p).denominator == 1), MOST_PLACES)
    shown = rounded(exact, needed)
    return f"{'' if Fraction(shown) == exact else '≈ '}{shown:,f}"


def number(value: Fraction | int) -> str:
    """A count or factor, without needless decimals.

    >>> number(Fraction(3, 2)), number(46180)
    ('1.5', '46,180')
    """
    return money(Fraction(value), 0)


def percent(share: Fraction) -> str:
    """A share.

    >>> percent(Fraction(3, 10))
    '30%'
    """
    return f"{number(share * 100)}%"


def value_text(metric: Metric, value: Fraction) -> str:
    """A value in its metric's unit, rounded to the metric's places."""
    return with_unit(metric, rounded(value, metric.places, metric.rounding))


def with_unit(metric: Metric, value: Decimal | Fraction) -> str:
    """A number with its metric's unit, as exact as it is."""
    if metric.unit is Unit.MS:
        return duration(Fraction(value))
    places = -value.as_tuple().exponent if isinstance(value, Decimal) else 0  # type: ignore[operator]
    return money(value, places) + ("%" if metric.unit is Unit.PERCENT else "")


def duration(ms: Fraction) -> str:
    """A length of time: seconds below a minute, else minutes and seconds.

    >>> duration(Fraction(20_000)), duration(Fraction(259_000))
    ('20 s', '4:19')
    """
    seconds = ms / 1_000
    if seconds < 60:
        return f"{number(seconds)} s"
    minutes, rest = divmod(rounded(seconds, 0), 60)
    return f"{minutes:,f}:{rest:02f}"


def band_text(metric: Metric | None, start: Edge | None, end: Edge | None, *, upper_included: bool) -> Text:
    """A range of values as an inequality."""
    low = f"{start.written} {'<' if upper_included else '≤'} " if start else ""
    high = f" {'≤' if upper_included else '<'} {end.written}" if end else ""
    if not (start or end):
        return Text("任何值", "any value")
    what = Text("指标值", "value") if metric else Text("总分", "score")
    if start and not end:
        sign = ">" if upper_included else "≥"
        return same(f"{sign} {start.written}")
    return Text(f"{low}{what.zh}{high}", f"{low}{what.en}{high}")
