"""Scoring table: several metrics give points, the total decides."""

from __future__ import annotations

from fractions import Fraction

from onefloor.agreements.case import Case
from onefloor.agreements.clauses.level import WINDOWS
from onefloor.agreements.clauses.verdict import NONE, Verdict, band_of, band_words, consequence, inside, upper_included
from onefloor.agreements.measuring import Measured, measured
from onefloor.agreements.statement import Step
from onefloor.agreements.terms.clauses import Score, ScoreItem
from onefloor.agreements.volume import left_out_of
from onefloor.agreements.wording import number
from onefloor.language import Text


def score(case: Case, clause: Score) -> Verdict:
    """The sum of the items' points, and the band it falls in."""
    months = WINDOWS[clause.window]
    without = left_out_of(case, clause, months)
    found = [(item, measured(case, item, clause.id, months=months, without=without)) for item in clause.items]
    points = [(what, points_of(item, what, full_if_few=clause.full_marks_if_few)) for item, what in found]
    total = sum((given for _, given in points), Fraction(0))
    band = band_of(clause.bands, total, None)
    credit, reward = (band.credit, band.reward) if band else (NONE, NONE)
    after = consequence(credit, reward)
    words = Text(f"总分 {number(total)}：{after.zh}", f"Total score {number(total)}: {after.en}")
    steps = (*(_step(what, given) for what, given in points), _sum([given for _, given in points], total))
    figures = tuple(what.line_figure() for what, _ in points)
    return Verdict("missed" if credit else "met", words, credit, reward, band_words(band, None), figures, steps)


def points_of(item: ScoreItem, found: Measured, *, full_if_few: bool) -> Fraction:
    """The points of one item; with too few rows all of them, or none, as agreed."""
    if not found.enough:
        return max(band.points for band in item.points) if full_if_few else Fraction(0)
    assert found.value is not None
    upper = upper_included(found.metric)
    hits = [band.points for band in item.points if inside(found.value, band.start, band.end, upper=upper)]
    return hits[0] if hits else Fraction(0)


def _step(found: Measured, points: Fraction) -> Step:
    said = found.words() if found.enough else found.too_few_words()
    return Step(said, number(points))


def _sum(points: list[Fraction], total: Fraction) -> Step:
    return Step(Text("总分", "total score"), f"{' + '.join(map(number, points))} = {number(total)}")
