"""Price bases: how a month's quantities become a fee, one function each. Amounts are exact until a line is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from onefloor.agreements.case import Case
from onefloor.agreements.measuring import Measured, reaches, weighed
from onefloor.agreements.statement import LineFigure, Step
from onefloor.agreements.terms.clauses import Gate
from onefloor.agreements.terms.prices import (
    BaseFee,
    Contact,
    FteMonth,
    HandledMinute,
    Metered,
    Outcome,
    Priced,
    ProductiveHour,
    SeatMonth,
    TwoTier,
)  # fmt: skip
from onefloor.agreements.terms.values import Target
from onefloor.agreements.wording import money, number
from onefloor.language import Text
from onefloor.money import Rounding, rounded
from onefloor.periods import MS_PER_HOUR, Month

MS_PER_MINUTE = 60_000
HOURS = {"productive": "productive_time", "productive_in_adherence": "productive_adherent_time"}


@dataclass(frozen=True, slots=True)
class Fee:
    """What one price basis comes to: exact amount, the words for it, the arithmetic, the figures."""

    amount: Fraction
    words: Text
    steps: tuple[Step, ...]
    figures: tuple[LineFigure, ...] = ()


def fee_of(case: Case, item: Priced) -> Fee:
    """The month's fee of one price basis."""
    return FEES[type(item)](case, item)


def product(text: Text, units: Fraction, rate: Fraction) -> Step:
    """``46,180 x 6.00 = 277,080.00``."""
    amount = units * rate
    return Step(text, f"{number(units)} x {money(rate)} = {money(amount)}", decimal(amount))


def decimal(amount: Fraction, places: int = 2, mode: Rounding = "half_up") -> Decimal:
    """An intermediate amount as it is shown; the line's own amount is rounded from the exact one."""
    return rounded(amount, places, mode)


def metered(item: Metered, units: Fraction, unit: Text, figure: LineFigure) -> Fee:
    """Units times their rate, by tiers if there are any."""
    steps = tuple(product(unit, part, rate) for part, rate in tier_parts(item, units))
    words = Text(f"{number(units)} {unit.zh}。", f"{number(units)} {unit.en}.")
    if not item.tiers:
        words = Text(
            f"{number(units)} {unit.zh}，每{_one(unit.zh)} {money(item.rate)}。",
            f"{number(units)} {unit.en} at {money(item.rate)} each.",
        )
    return Fee(sum((p * rate for p, rate in tier_parts(item, units)), Fraction(0)), words, steps, (figure,))


def _one(unit: str) -> str:
    return unit[-2:] if unit.endswith(("小时", "分钟")) else unit[:1]


def tier_parts(item: Metered, units: Fraction) -> list[tuple[Fraction, Fraction]]:
    """The units at each rate: ``[(units, rate), ...]``.

    ``marginal``: the units from a tier's start on cost its rate. ``whole_volume``: all units cost the rate reached.
    """
    if item.tier_rule == "whole_volume":
        reached = [tier.rate for tier in item.tiers if units >= tier.start]
        return [(units, reached[-1] if reached else item.rate)]
    starts = [Fraction(0), *(tier.start for tier in item.tiers)]
    rates = [item.rate, *(tier.rate for tier in item.tiers)]
    ends = [*starts[1:], max(units, starts[-1])]
    parts = [(min(units, end) - start, rate) for start, end, rate in zip(starts, ends, rates, strict=True)]
    return [(part, rate) for part, rate in parts if part > 0] or [(Fraction(0), item.rate)]


def productive_hour(case: Case, item: ProductiveHour) -> Fee:
    """Productive hours, by one of the two definitions."""
    figure = case.quantity(item.metric or HOURS[item.hours], item.scope, "volume")
    return metered(
        item, Fraction(figure.figure.numerator, MS_PER_HOUR), Text("计费工时（小时）", "billable hours"), figure
    )


def handled_minute(case: Case, item: HandledMinute) -> Fee:
    """Minutes of talk, hold and after-call work."""
    figure = case.quantity(item.metric, item.scope, "volume")
    return metered(item, Fraction(figure.figure.numerator, MS_PER_MINUTE), Text("分钟", "handled minutes"), figure)


def contact(case: Case, item: Contact) -> Fee:
    """Handled contacts."""
    figure = case.quantity(item.metric, item.scope, "volume")
    return metered(item, Fraction(figure.figure.numerator), Text("通话务", "contacts"), figure)


def outcome(case: Case, item: Outcome) -> Fee:
    """Sales or resolutions that stood N days."""
    figure = case.quantity(item.metric, item.scope, "volume")
    return metered(item, Fraction(figure.figure.numerator), Text("件净成果", "net outcomes"), figure)


def seat_month(case: Case, item: SeatMonth) -> Fee:
    """Seats, agreed or staffed; a price for several months is spread so that the months add up to it."""
    seats, figures = _seats(case, item)
    whole = seats * item.rate
    words = Text(
        f"{number(seats)} 个席位，每席 {money(item.rate)}。", f"{number(seats)} seats at {money(item.rate)} each."
    )
    first = product(Text("席位", "seats"), seats, item.rate)
    if item.months == 1 or item.since is None:
        return Fee(whole, words, (first,), figures)
    done = _elapsed(item.since, case.month)
    if not 1 <= done <= item.months:
        return Fee(Fraction(0), _outside(item.months), (), figures)
    return _share_of_months(case, whole, done, item.months, words, first, figures)


def _seats(case: Case, item: SeatMonth) -> tuple[Fraction, tuple[LineFigure, ...]]:
    """The seats that are paid: those agreed, or at most as many as the mean headcount could fill."""
    if item.paid == "agreed":
        return item.seats, ()
    people = case.quantity("agent_days", item.scope, "volume")
    staffed = Fraction(people.figure.numerator, len(case.month.days)) / item.people_per_seat
    return min(item.seats, staffed), (people,)


def _share_of_months(
    case: Case, whole: Fraction, done: int, months: int, words: Text, first: Step, figures: tuple[LineFigure, ...]
) -> Fee:
    terms = case.terms
    up_to, before = (rounded(whole * n / months, terms.places, terms.rounding) for n in (done, done - 1))
    amount = up_to - before
    text = Text(f"{months} 个月中的第 {done} 个月", f"month {done} of {months}")
    formula = f"{money(whole)} x {done}/{months} - {money(before)} = {money(amount)}"
    spread = Text(
        f"该价格含 {months} 个月，本月为第 {done} 个月。", f"The price is for {months} months; this is month {done}."
    )
    return Fee(Fraction(amount), words + spread, (first, Step(text, formula, amount)), figures)


def _outside(months: int) -> Text:
    return Text(f"该价格的 {months} 个月不含本月。", f"This is none of the {months} months the price is for.")


def _elapsed(since: Month, month: Month) -> int:
    return (month.year - since.year) * 12 + month.month - since.month + 1


def fte_month(case: Case, item: FteMonth) -> Fee:
    """Hours divided by those of one full-time month."""
    figure = case.quantity(item.metric, item.scope, "volume")
    hours = Fraction(figure.figure.numerator, MS_PER_HOUR)
    people = hours / item.hours
    paid = people if item.most is None else min(people, item.most)
    steps = (
        Step(Text("全职人月", "FTE-months"), f"{number(hours)} / {number(item.hours)} = {number(people)}"),
        product(Text("计费人月", "FTE-months paid"), paid, item.rate),
    )
    words = Text(
        f"{number(hours)} 小时，合 {number(people)} 个全职人月，每个 {money(item.rate)}。",
        f"{number(hours)} hours are {number(people)} FTE-months at {money(item.rate)} each.",
    )
    return Fee(paid * item.rate, words, steps, (figure,))


def base_fee(case: Case, item: BaseFee) -> Fee:
    """A base fee, more for extra units and less for missing ones (ARC and RRC)."""
    base = Step(Text("基础费", "base fee"), money(item.fee), decimal(item.fee))
    if item.baseline is None:
        return Fee(item.fee, Text(f"每月 {money(item.fee)}。", f"{money(item.fee)} a month."), (base,))
    figure = case.quantity(item.metric, item.scope, "volume")
    units = Fraction(figure.figure.numerator)
    off = units - item.baseline
    rate = item.extra if off > 0 else item.missing
    text = Text("超出基准量", "above the baseline") if off > 0 else Text("低于基准量", "below the baseline")
    amount = item.fee + off * rate
    words = Text(
        f"{number(units)} 件，基准量 {number(item.baseline)}：{text.zh} {number(abs(off))}，每件 {money(rate)}。",
        f"{number(units)} units, baseline {number(item.baseline)}: {number(abs(off))} {text.en} at {money(rate)}.",
    )
    if amount < 0:
        words += Text("费用不低于 0。", "The fee does not fall below 0.")
    return Fee(max(Fraction(0), amount), words, (base, product(text, off, rate)), (figure,))


def two_tier(case: Case, item: TwoTier) -> Fee:
    """Two rates: by quality of the month, or each contact for itself."""
    figure = case.quantity(item.metric, item.scope, "volume")
    units = Fraction(figure.figure.numerator)
    return (_by_contact if item.by == "contact" else _by_month)(case, item, units, figure)


def _by_contact(case: Case, item: TwoTier, units: Fraction, figure: LineFigure) -> Fee:
    metric = case.metric_of(item.quality)
    quality = weighed(
        case,
        Gate(metric=item.quality, target=Target()),
        metric,
        case.question(item.quality, item.scope, clause=item.id),
    )
    good = min(units, Fraction(quality.figure.numerator))
    steps = (
        product(Text("达标话务", "good contacts"), good, item.good),
        product(Text("其余话务", "other contacts"), units - good, item.otherwise),
    )
    words = Text(
        f"{number(units)} 通中 {number(good)} 通达标，每通 {money(item.good)}；其余每通 {money(item.otherwise)}。",
        f"{number(good)} of {number(units)} contacts are good at {money(item.good)}, the others at "
        f"{money(item.otherwise)}.",
    )
    return Fee(
        good * item.good + (units - good) * item.otherwise, words, steps, (figure, quality.line_figure("quality"))
    )


def _by_month(case: Case, item: TwoTier, units: Fraction, figure: LineFigure) -> Fee:
    target = item.target or Target()
    what = Gate(metric=item.quality, target=target, error=item.error, minimum_sample=item.minimum_sample)
    quality = weighed(case, what, case.metric_of(item.quality), case.question(item.quality, item.scope, clause=item.id))
    fine, why = _tier(quality, target)
    rate = item.good if fine else item.otherwise
    words = why + Text(f"每通 {money(rate)}。", f"{money(rate)} for each contact.")
    return Fee(
        units * rate, words, (product(Text("话务", "contacts"), units, rate),), (figure, quality.line_figure("quality"))
    )


def _tier(quality: Measured, target: Target) -> tuple[bool, Text]:
    """Whether the good rate holds. Too few rows, or an interval that holds the target, leave it in place."""
    if not quality.enough:
        few = quality.too_few_words()
        return True, Text(f"{few.zh}，按达标单价。", f"{few.en}: the good rate holds.")
    fine = reaches(quality.kindest, target)
    said = quality.words()
    verdict = Text("达到", "reaches") if fine else Text("未达到", "misses")
    if fine and not reaches(quality.strictest, target):
        verdict = Text("的可能范围包含", "has a range that contains")
    return fine, Text(f"{said.zh}{verdict.zh}目标 {target}。", f"{said.en} {verdict.en} the target {target}.")


FEES: Mapping[type[Priced], Callable[[Case, Any], Fee]] = {
    ProductiveHour: productive_hour,
    HandledMinute: handled_minute,
    Contact: contact,
    Outcome: outcome,
    SeatMonth: seat_month,
    FteMonth: fte_month,
    TwoTier: two_tier,
    BaseFee: base_fee,
}
