"""The lines of a month: fees, clauses, caps, relief, earn-back, and the rows that were left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

from onefloor.agreements.case import Case
from onefloor.agreements.clauses.cap import Cut, cut
from onefloor.agreements.clauses.claim import Bases, Claim, bases_of, claim_of
from onefloor.agreements.clauses.earn_back import Return, returned
from onefloor.agreements.clauses.incidents import single_incident
from onefloor.agreements.clauses.judging import outcome_in
from onefloor.agreements.clauses.relief import Relief, relief_of, spread
from onefloor.agreements.exclusions import predicate, touches
from onefloor.agreements.prices import Fee, fee_of
from onefloor.agreements.statement import Carried, LeftOut, Line, Step
from onefloor.agreements.terms import Terms
from onefloor.agreements.terms.around import REASONS, EarnBack, Exclusion
from onefloor.agreements.terms.prices import Said
from onefloor.agreements.terms.values import ScopeTerm
from onefloor.agreements.volume import Volume, shortfall, surplus_left_out, volume
from onefloor.agreements.wording import money, percent
from onefloor.language import Text
from onefloor.money import rounded, total
from onefloor.periods import Month

OFFERED = "offered_contacts"
CREDITS = Text("扣罚", "credits")
REWARDS = Text("奖励", "rewards")
ZERO = Decimal(0)
Part = TypeVar("Part", bound=Said)


@dataclass(frozen=True, slots=True)
class Assessed:
    """Lines of a month, rows left out, and what later months need."""

    lines: tuple[Line, ...]
    left_out: tuple[LeftOut, ...]
    carried: tuple[Carried, ...]


def assessed(case: Case) -> Assessed:
    """The month without earn-back: fees, then clauses, then cap, then relief."""
    terms = case.terms
    found = volume(case)
    fees = _fee_lines(case, found)
    bases = bases_of(terms, total([line.amount for line in fees]))
    covered = found.covered if found else Fraction(1)
    claims = [claim_of(case, clause, bases, covered) for clause in by_number(terms.clauses)]
    claims = single_incident(claims, terms.incidents, terms.single_incident, case.month)
    lines = [_claim_line(terms, claim) for claim in claims]
    credit_cut, reward_cut = _cuts(terms, bases, lines)
    reliefs, left = _relief_lines(case, lines, credit_cut)
    caps = [_cap_line(found_cut, sign) for found_cut, sign in ((credit_cut, 1), (reward_cut, -1)) if found_cut]
    carried = tuple(_carried(terms, claim, left) for claim in claims)
    surplus = surplus_left_out(case, found) if found else ()
    return Assessed((*fees, *lines, *caps, *reliefs), surplus, carried)


def by_number(parts: Iterable[Part]) -> list[Part]:
    """Parts in the order of their numbers, 4.2 before 4.10: how they stand in the file changes no amount."""
    return sorted(
        parts, key=lambda part: [(not n.isdigit(), int(n) if n.isdigit() else 0, n) for n in part.id.split(".")]
    )


def _written(terms: Terms, amount: Fraction) -> Decimal:
    """An amount as a line carries it: the one rounding."""
    return rounded(amount, terms.places, terms.rounding)


def _carried(terms: Terms, claim: Claim, left: Mapping[str, Fraction]) -> Carried:
    number = claim.clause.id
    return Carried(number, claim.verdict.outcome, _written(terms, left.get(number, Fraction(0))))


def _fee_lines(case: Case, found: Volume | None) -> list[Line]:
    parts: list[tuple[Said, Fee]] = [(item, fee_of(case, item)) for item in by_number(case.terms.price)]
    if found is not None:
        parts.append((found.forecast, shortfall(case, found)))
    return [_fee_line(case.terms, part, fee) for part, fee in parts]


def _fee_line(terms: Terms, part: Said, fee: Fee) -> Line:
    amount = _written(terms, fee.amount)
    return Line(
        0, part.id, "fee", part.title, part.text, fee.words, "information", amount, steps=fee.steps, figures=fee.figures
    )


def _claim_line(terms: Terms, claim: Claim) -> Line:
    verdict, clause = claim.verdict, claim.clause
    kind = "reward" if claim.amount > 0 else "credit"
    amount = _written(terms, claim.amount)
    return Line(
        0, clause.id, kind, clause.title, clause.text, verdict.words, verdict.outcome, amount,
        band=verdict.band, steps=claim.steps, figures=verdict.figures,
    )  # fmt: skip


def _cuts(terms: Terms, bases: Bases, lines: list[Line]) -> tuple[Cut | None, Cut | None]:
    """What the caps cut off credits and rewards. Without a cap of their own credits stop at the at-risk amount."""
    cap = terms.cap if terms.cap is not None else terms.at_risk or None
    most = None if cap is None else _written(terms, bases.amount(cap))
    most_reward = _written(terms, bases.amount(terms.reward_cap)) if terms.reward_cap is not None else None
    taken = [max(ZERO, -line.amount) for line in lines]
    given = [max(ZERO, line.amount) for line in lines]
    return cut(taken, most, CREDITS), cut(given, most_reward, REWARDS)


def _cap_line(found: Cut, sign: int) -> Line:
    title = Text("扣罚封顶", "Cap on credits") if sign > 0 else Text("奖励封顶", "Cap on rewards")
    text = Text("超过封顶的部分不计。", "What goes beyond the cap does not count.")
    return Line(0, "", "cap", title, text, found.words, "information", sign * found.amount, steps=found.steps)


def _relief_lines(case: Case, lines: list[Line], credit_cut: Cut | None) -> tuple[list[Line], dict[str, Fraction]]:
    """A line for each duty, and what is left of each clause's credit after cap and relief."""
    left = credit_cut.left if credit_cut else Fraction(1)
    taken = {line.clause: Fraction(-line.amount) * left for line in lines if line.amount < 0}
    reliefs = [relief_of(case, duty) for duty in by_number(case.terms.duties)]
    amounts, remaining = spread(reliefs, taken)
    found, sofar = [], Fraction(0)
    for relief, amount in zip(reliefs, amounts, strict=True):
        # Written as the difference of rounded running sums, so that relief never exceeds the credits by a cent.
        written = _written(case.terms, sofar + amount) - _written(case.terms, sofar)
        sofar += amount
        found.append(_relief_line(relief, amount, written))
    return found, remaining


def _relief_line(relief: Relief, amount: Fraction, written: Decimal) -> Line:
    duty = relief.duty
    steps: tuple[Step, ...] = ()
    if amount:
        formula = f"{money(amount / relief.share)} x {percent(relief.share)} = {money(amount)}"
        steps = (Step(Text("减免", "relief"), formula, written),)
    return Line(
        0, duty.id, "relief", duty.title, duty.text, relief.words, "relieved" if relief.share else "met", written,
        steps=steps, figures=(relief.found.line_figure("duty"),),
    )  # fmt: skip


def earn_back_lines(case: Case) -> tuple[Line, ...]:
    """Credits of earlier months that come back in this one."""
    past: dict[Month, dict[str, Carried]] = {}

    def carried_in(month: Month) -> dict[str, Carried]:
        if month not in past:
            past[month] = {entry.clause: entry for entry in _carried_of(case, month)}
        return past[month]

    def credit_in(month: Month, clause: str) -> Decimal:
        found = carried_in(month).get(clause)
        return found.credit if found else ZERO

    def state_in(month: Month, clause: str) -> str:
        found = outcome_in(case.at(month), clause)
        return "met" if found == "gated" else found

    return tuple(
        _earn_back_line(case.terms, rule, found)
        for rule in by_number(case.terms.earn_back)
        for found in returned(rule, case.month, credit_in, state_in)
    )


def _carried_of(case: Case, month: Month) -> tuple[Carried, ...]:
    if month in case.history:
        return case.history[month]
    then = case.at(month)
    return assessed(then).carried if then else ()


def _earn_back_line(terms: Terms, rule: EarnBack, found: Return) -> Line:
    amount = Fraction(found.credit) * rule.share
    formula = f"{money(found.credit)} x {percent(rule.share)} = {money(amount)}"
    part = (
        Text("", "it is") if rule.share == 1 else Text(f"其 {percent(rule.share)}", f"{percent(rule.share)} of it is")
    )
    words = Text(
        f"第 {found.clause} 条在 {found.month} 扣罚 {money(found.credit)}；"
        f"其后首次连续 {rule.good_months} 个月达标，返还{part.zh}。",
        f"Clause {found.clause} took {money(found.credit)} in {found.month}; since then it has now been met "
        f"{rule.good_months} months in a row for the first time: {part.en} returned.",
    )
    written = _written(terms, amount)
    return Line(
        0, rule.id, "earn_back", rule.title, rule.text, words, "met", written,
        steps=(Step(Text("返还", "returned"), formula, written),),
    )  # fmt: skip


def remarks(terms: Terms, lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """What the statement has to say beside its amounts."""
    if not terms.exclusive_remedy or not any(line.kind == "credit" and line.amount for line in lines):
        return ()
    title = Text("唯一救济", "Exclusive remedy")
    words = Text("上述扣罚是对未达标的唯一救济。", "The credits above are the only remedy for the misses they are for.")
    return (Line(0, "", "note", title, words, words, "information", Decimal("0.00")),)


def left_out(case: Case) -> tuple[LeftOut, ...]:
    """Every exclusion that touches the month, approved or not, with its contacts and approvals."""
    zone = case.agreement.parties.timezone
    found = [e for e in case.terms.exclusions if touches(e, case.month, case.month, zone)]
    return tuple(_left_out(case, exclusion) for exclusion in sorted(found, key=lambda e: e.id))


def _left_out(case: Case, exclusion: Exclusion) -> LeftOut:
    rows = predicate(exclusion, case.agreement.parties.timezone)
    every = case.quantity(OFFERED, ScopeTerm(), "volume").figure.numerator
    others = case.quantity(OFFERED, ScopeTerm(), "volume", (rows,)).figure.numerator
    why = REASONS[exclusion.reason]
    return LeftOut(
        exclusion.id,
        Text(f"{why.zh}：{exclusion.text.zh}", f"{why.en}: {exclusion.text.en}"),
        rows,
        every - others,
        tuple(sorted(exclusion.clauses or (clause.id for clause in case.terms.clauses))),
        tuple(sorted((approval.party, str(approval.on)) for approval in exclusion.approvals)),
        applied=exclusion.approved,
    )
