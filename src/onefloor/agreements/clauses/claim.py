"""From a verdict to money: multiplier, weight, base. Amounts stay exact; the line rounds them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from onefloor.agreements.case import Case
from onefloor.agreements.clauses.consecutive import lookback, multiplier, run_of_misses, run_words
from onefloor.agreements.clauses.judging import judged, outcome_in
from onefloor.agreements.clauses.level import WINDOWS
from onefloor.agreements.clauses.verdict import Verdict
from onefloor.agreements.statement import Step
from onefloor.agreements.terms import Terms
from onefloor.agreements.terms.clauses import Clause
from onefloor.agreements.terms.values import Portion
from onefloor.agreements.wording import money, number, percent
from onefloor.language import Text
from onefloor.money import rounded


@dataclass(frozen=True, slots=True)
class Claim:
    """What one clause comes to. ``amount`` is exact and signed: a credit is below zero, a reward above."""

    clause: Clause
    verdict: Verdict
    amount: Fraction
    steps: tuple[Step, ...] = ()

    @property
    def credit(self) -> Fraction:
        """What is taken off, as a positive amount."""
        return max(Fraction(0), -self.amount)


@dataclass(frozen=True, slots=True)
class Bases:
    """What shares are taken of: the month's fee and the at-risk amount, with the step that made it."""

    fee: Fraction
    at_risk: Fraction
    at_risk_step: Step

    def of(self, portion: Portion) -> Fraction:
        """The base of a portion; fixed amounts have the base 1."""
        return {"fee": self.fee, "at_risk": self.at_risk, "amount": Fraction(1)}[portion.of]

    def amount(self, portion: Portion) -> Fraction:
        """A portion in money."""
        return portion.share * self.of(portion)


def bases_of(terms: Terms, fee: Decimal) -> Bases:
    """The bases of a month with that fee."""
    whole, portion = Fraction(fee), terms.at_risk
    at_risk = portion.share * (whole if portion.of == "fee" else 1)
    text = Text("考核金额", "at-risk amount")
    shown = rounded(at_risk, terms.places, terms.rounding)
    if portion.of != "fee":
        return Bases(whole, at_risk, Step(text, money(at_risk), shown))
    return Bases(whole, at_risk, Step(text, f"{money(whole)} x {percent(portion.share)} = {money(at_risk)}", shown))


def claim_of(case: Case, clause: Clause, bases: Bases, covered: Fraction) -> Claim:
    """Judge a clause and compute what it takes or gives. ``covered``: the share of the month with a duty (pro rata)."""
    verdict = judged(case, clause)
    run = _run(case, clause, verdict)
    said = run_words(clause, run)
    if said is not None:
        verdict = replace(verdict, words=verdict.words + said)
    portion = verdict.credit or verdict.reward
    if not portion:
        return Claim(clause, verdict, Fraction(0), verdict.steps)
    return _priced(case, clause, verdict, portion, run, bases, covered)


def _run(case: Case, clause: Clause, verdict: Verdict) -> int:
    """Misses in a row up to this period. The earlier ones are asked in any case, needed or not."""
    period = WINDOWS[clause.window]
    earlier = [
        outcome_in(case.at(case.month.shifted(-period * back)), clause.id) for back in range(1, lookback(clause) + 1)
    ]
    return run_of_misses([verdict.outcome, *earlier])


def _priced(
    case: Case, clause: Clause, verdict: Verdict, portion: Portion, run: int, bases: Bases, covered: Fraction
) -> Claim:
    sign = -1 if verdict.credit else 1
    steps = [*verdict.steps, *([bases.at_risk_step] if portion.of == "at_risk" else [])]
    share = portion.share
    for text, factor in _factors(case.terms, clause, run, covered, taken=bool(verdict.credit)):
        shown = money if portion.of == "amount" else percent
        steps.append(Step(text, f"{shown(share)} x {_factor(factor)} = {shown(share * factor)}"))
        share *= factor
    amount = share * bases.of(portion)
    steps.append(_last_step(case.terms, portion, share, bases, sign))
    return Claim(clause, verdict, sign * amount, tuple(steps))


def _factor(factor: Fraction) -> str:
    return percent(factor) if factor < 1 else number(factor)


def _factors(terms: Terms, clause: Clause, run: int, covered: Fraction, *, taken: bool) -> list[tuple[Text, Fraction]]:
    """What a share is multiplied by, in the order of evaluation; factors of 1 are left out."""
    pool = next((pool.share for pool in terms.pools if pool.id == clause.pool), Fraction(1))
    allocation = Fraction(1) if clause.allocation is None else clause.allocation
    factors = [
        (Text(f"连续第 {run} 次未达标", f"miss {run} in a row"), multiplier(clause, run) if taken else Fraction(1)),
        (Text("池内权重", "allocation"), allocation),
        (Text(f"权重池 {clause.pool}", f"weight pool {clause.pool}"), pool),
        (
            Text("超量部分不作考核（按比例）", "no duty on the surplus, pro rata"),
            covered if clause.surplus == "left_out" else Fraction(1),
        ),
    ]
    return [(text, factor) for text, factor in factors if factor != 1]


def _last_step(terms: Terms, portion: Portion, share: Fraction, bases: Bases, sign: int) -> Step:
    amount = share * bases.of(portion)
    shown = rounded(sign * amount, terms.places, terms.rounding)
    what = Text("扣罚", "credit") if sign < 0 else Text("奖励", "reward")
    if portion.of == "amount":
        return Step(what, money(amount), shown)
    return Step(what, f"{money(bases.of(portion))} x {percent(share)} = {money(amount)}", shown)
