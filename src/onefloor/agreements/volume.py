"""The forecast band: what is paid below it, and which contacts above it carry no duty."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import floor

from onefloor.agreements.case import Case, line_figure
from onefloor.agreements.prices import Fee, product
from onefloor.agreements.statement import LeftOut, LineFigure, Step
from onefloor.agreements.terms.around import Forecast
from onefloor.agreements.terms.checks import shortfall_rate
from onefloor.agreements.terms.clauses import Clause
from onefloor.agreements.wording import number, percent
from onefloor.findings import Question
from onefloor.language import Text
from onefloor.periods import Month

MILLION = 1_000_000
RULES = {
    "after_edge": Text("各时段超出上限之后的话务", "contacts after the edge of their interval"),
    "whole_intervals": Text("超出上限的整个时段", "whole intervals above the edge"),
    "month": Text("当月超出上限之后的话务", "contacts after the edge of the month"),
    "pro_rata": Text("按比例，不剔除话务", "pro rata, no contact left out"),
}


@dataclass(frozen=True, slots=True)
class Volume:
    """The month's volume against the locked forecast. Edges are whole contacts; None: there is no such edge."""

    forecast: Forecast
    actual: LineFigure
    figures: tuple[LineFigure, ...]
    locked: int | None
    lower: int | None
    upper: int | None
    beyond: int
    """Surplus contacts by the agreed rule."""

    @property
    def missing(self) -> int:
        """Contacts that are missing to the lower edge."""
        return max(0, (self.lower or 0) - self.actual.figure.numerator)

    @property
    def covered(self) -> Fraction:
        """The share of the month on which there is a duty: below 1 only under ``pro_rata``."""
        actual = self.actual.figure.numerator
        if self.forecast.surplus_rule != "pro_rata" or self.upper is None or actual <= self.upper:
            return Fraction(1)
        return Fraction(self.upper, actual)


def volume(case: Case) -> Volume | None:
    """The month's volume against its forecast; None if the agreement has no forecast band or minimum."""
    forecast = case.terms.forecast
    if forecast is None:
        return None
    actual = case.quantity(forecast.volume, forecast.scope, "volume")
    locked, figures = _locked(case, forecast)
    lower, upper = edges(forecast, locked)
    beyond = _beyond(case, forecast, actual, upper)
    return Volume(forecast, actual, figures, locked, lower, upper, beyond)


def _locked(case: Case, forecast: Forecast) -> tuple[int | None, tuple[LineFigure, ...]]:
    if forecast.locked:
        return dict(forecast.locked).get(case.month), ()
    if forecast.band is None:
        return None, ()
    found = case.quantity(forecast.forecast, forecast.scope, "forecast")
    return found.figure.numerator or None, (found,)


def edges(forecast: Forecast, locked: int | None) -> tuple[int | None, int | None]:
    """The band's edges in whole contacts (parts of a contact are dropped); a minimum volume raises the lower one."""
    lower, upper = forecast.minimum, None
    if locked is not None and forecast.band is not None:
        lower = max(lower or 0, floor(locked * (1 - forecast.band)))
        upper = floor(locked * (1 + forecast.band))
    return lower, upper


def surplus_rows(forecast: Forecast, rule: str, first: Month, last: Month) -> tuple[str, ...]:
    """The surplus contacts of some months as predicates on the legs table."""
    if forecast.band is None or rule == "pro_rata":
        return ()
    ppm = floor((1 + forecast.band) * MILLION)
    if rule == "month":
        locked = [(month, edges(forecast, count)[1]) for month, count in forecast.locked]
        among = [(month, edge) for month, edge in locked if first.id <= month.id <= last.id]
        return tuple(f"month == {month.id} and nth_in_month > {edge}" for month, edge in among)
    return (f"nth_ppm > {ppm}" if rule == "after_edge" else f"interval_ppm > {ppm}",)


def left_out_of(case: Case, clause: Clause, months: int = 1) -> tuple[str, ...]:
    """The surplus contacts on which a clause sets no duty."""
    forecast = case.terms.forecast
    if forecast is None or clause.surplus == "counted":
        return ()
    first = case.month.shifted(1 - months)
    return surplus_rows(forecast, forecast.surplus_rule, first, case.month)


def _beyond(case: Case, forecast: Forecast, actual: LineFigure, upper: int | None) -> int:
    rows = surplus_rows(forecast, forecast.surplus_rule, case.month, case.month)
    if not rows:
        return max(0, actual.figure.numerator - upper) if upper is not None else 0
    within = case.quantity(forecast.volume, forecast.scope, "surplus", rows)
    return max(0, actual.figure.numerator - within.figure.numerator)


def shortfall(case: Case, found: Volume) -> Fee:
    """What is paid for contacts missing to the lower edge."""
    figures = (found.actual, *found.figures)
    if found.lower is None:
        return Fee(Fraction(0), Text("本月没有锁定预测。", "There is no locked forecast for this month."), (), figures)
    edge = _edge_step(found)
    actual, lower = found.actual.figure.numerator, found.lower
    said = Text(
        f"实际 {number(actual)} 通，下限 {number(lower)} 通", f"{number(actual)} contacts, lower edge {number(lower)}"
    )
    if not found.missing or found.forecast.shortfall == "not_paid":
        return Fee(Fraction(0), _at_or_above(found, said), edge, figures)
    rate = shortfall_rate(case.terms) or Fraction(0)
    missing = Fraction(found.missing)
    words = Text(f"{said.zh}：补足 {number(missing)} 通。", f"{said.en}: {number(missing)} missing contacts are paid.")
    return Fee(missing * rate, words, (*edge, product(Text("不足话务", "missing contacts"), missing, rate)), figures)


def _at_or_above(found: Volume, said: Text) -> Text:
    if found.beyond:
        rule = RULES[found.forecast.surplus_rule]
        beyond = Text(
            f"{number(found.beyond)} 通超量话务照付，不作考核（{rule.zh}）。",
            f"{number(found.beyond)} surplus contacts are paid but not judged ({rule.en}).",
        )
        return Text(f"{said.zh}。", f"{said.en}.") + beyond
    return Text(f"{said.zh}：无须补足。", f"{said.en}: nothing to add.")


def _edge_step(found: Volume) -> tuple[Step, ...]:
    forecast = found.forecast
    if found.locked is None or forecast.band is None:
        return ()
    low, high = percent(1 - forecast.band), percent(1 + forecast.band)
    formula = f"{number(found.locked)} x {low} .. {high} = {number(found.lower or 0)} .. {number(found.upper or 0)}"
    return (Step(Text("浮动区间", "forecast band"), formula),)


def under_other_rules(case: Case, clause: Clause, question: Question) -> tuple[LineFigure, ...]:
    """The same figure, had another rule said which contacts are the surplus."""
    forecast = case.terms.forecast
    metric = case.metric_of(question.metric)
    if forecast is None or forecast.band is None or clause.surplus == "counted" or set(metric.tables) != {"legs"}:
        return ()
    agreed = set(surplus_rows(forecast, forecast.surplus_rule, question.first, question.last))
    others = [rule for rule in RULES if rule != forecast.surplus_rule and (rule != "month" or forecast.locked)]
    found = []
    for rule in others:
        rows = surplus_rows(forecast, rule, question.first, question.last)
        without = tuple(sorted({*(part for part in question.without if part not in agreed), *rows}))
        asked = Question(question.metric, question.scope, question.first, question.last, without)
        title = Text(
            f"{metric.title.zh}（若超量为：{RULES[rule].zh}）",
            f"{metric.title.en} (if the surplus were {RULES[rule].en})",
        )
        found.append(line_figure(metric, asked, case.ask(asked), "other_rule", title))
    return tuple(found)


def surplus_left_out(case: Case, found: Volume) -> tuple[LeftOut, ...]:
    """The surplus contacts as rows that were left out, by agreement rather than by approval."""
    forecast = found.forecast
    rows = surplus_rows(forecast, forecast.surplus_rule, case.month, case.month)
    if not rows or not found.beyond:
        return ()
    clauses = tuple(sorted(
        clause.id for clause in case.terms.clauses
        if clause.surplus == "left_out" and _on_legs(case, clause)
    ))  # fmt: skip
    reason = Text(
        f"超量话务：{RULES[forecast.surplus_rule].zh}", f"surplus contacts: {RULES[forecast.surplus_rule].en}"
    )
    return tuple(LeftOut("surplus", reason, row, found.beyond, clauses, (), applied=True) for row in rows)


def _on_legs(case: Case, clause: Clause) -> bool:
    reference = getattr(clause, "metric", None)
    return reference is not None and set(case.metric_of(reference).tables) == {"legs"}
