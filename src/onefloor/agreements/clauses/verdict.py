"""What a clause found in a month, before any money."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from onefloor.agreements.measuring import Measured
from onefloor.agreements.statement import LineFigure, Step
from onefloor.agreements.terms.clauses import Band
from onefloor.agreements.terms.values import Edge, Portion
from onefloor.agreements.wording import band_text, money, percent
from onefloor.language import Text
from onefloor.metrics.metric import Better, Metric, Unit

NONE = Portion()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found. At most one of ``credit`` and ``reward`` is not nothing.

    ``outcome``: met, missed, too_few, gated, cannot_tell or information.
    """

    outcome: str
    words: Text
    credit: Portion = NONE
    reward: Portion = NONE
    band: Text | None = None
    figures: tuple[LineFigure, ...] = ()
    steps: tuple[Step, ...] = ()


BASES = {"at_risk": Text("该项考核金额", "its at-risk amount"), "fee": Text("月费", "the fee")}


def portion_text(portion: Portion) -> Text:
    """``30% of the at-risk amount``, or an amount of money."""
    if portion.of == "amount":
        return Text(money(portion.share), money(portion.share))
    base, share = BASES[portion.of], percent(portion.share)
    return Text(f"{base.zh}的 {share}", f"{share} of {base.en}")


def consequence(credit: Portion, reward: Portion) -> Text:
    """What follows, in words."""
    if credit:
        what = portion_text(credit)
        return Text(f"扣罚{what.zh}。", f"a credit of {what.en}.")
    if reward:
        what = portion_text(reward)
        return Text(f"奖励{what.zh}。", f"a reward of {what.en}.")
    return Text("不扣罚，也不奖励。", "no credit and no reward.")


def upper_included(metric: Metric | None) -> bool:
    """On which side an edge belongs: to the better one, but counts begin *at* their edge.

    So 80 % is in the band from 80 % of a service level, 5 % in the band up to 5 % of abandonment, and one late
    forecast in the band from 1.
    """
    return metric is not None and metric.better is Better.LOWER and metric.unit is not Unit.COUNT


def inside(value: Fraction, start: Edge | None, end: Edge | None, *, upper: bool) -> bool:
    """Whether a value lies in a range; ``upper``: the upper edge is inside and the lower is not."""
    above = start is None or (value > start.value if upper else value >= start.value)
    return above and (end is None or (value <= end.value if upper else value < end.value))


def band_of(bands: Iterable[Band], value: Fraction, metric: Metric | None) -> Band | None:
    """The band a value lies in, if any."""
    upper = upper_included(metric)
    return next((band for band in bands if inside(value, band.start, band.end, upper=upper)), None)


def band_words(band: Band | None, metric: Metric | None) -> Text | None:
    """The band as an inequality."""
    return None if band is None else band_text(metric, band.start, band.end, upper_included=upper_included(metric))


def too_few(found: Measured, rule: str) -> Verdict:
    """What holds with too few rows (``previous_month`` is looked up by the caller)."""
    few = found.too_few_words()
    said = {
        "as_met": Text(f"{few.zh}，按约定视为达标。", f"{few.en}: counts as met, as agreed."),
        "not_assessed": Text(f"{few.zh}，不作考核。", f"{few.en}: not assessed."),
        "previous_month": Text(
            f"{few.zh}，上一账期也不足，不作考核。", f"{few.en}, nor had the month before: not assessed."
        ),
    }[rule]
    return Verdict("met" if rule == "as_met" else "too_few", said, figures=(found.line_figure(),))
