"""Stepped bands: each range of values has its credit or reward."""

from __future__ import annotations

from onefloor.agreements.case import Case
from onefloor.agreements.clauses.level import WINDOWS
from onefloor.agreements.clauses.ramp import step_of
from onefloor.agreements.clauses.verdict import NONE, Verdict, band_of, band_words, consequence, too_few
from onefloor.agreements.measuring import Measured, measured, reaches
from onefloor.agreements.terms.clauses import Bands
from onefloor.agreements.volume import left_out_of, under_other_rules
from onefloor.language import Text


def bands(case: Case, clause: Bands) -> Verdict:
    """The band of the clause's figure. Under the error rule the credit is that of the kindest end of the interval, the
    reward that of the strictest."""
    months = WINDOWS[clause.window]
    found = measured(case, clause, clause.id, months=months, without=left_out_of(case, clause, months))
    others = under_other_rules(case, clause, found.question)
    step = step_of(clause.ramp, case.age)
    ranges = step.bands if step and step.bands else clause.bands
    if not found.enough:
        return too_few(found, clause.too_few or case.terms.too_few)
    kind, strict, there = (band_of(ranges, value, found.metric) for value in _ends(found))
    credit, reward = (kind.credit if kind else NONE), (strict.reward if strict else NONE)
    what = consequence(credit, reward)
    said, figures = found.words(), (found.line_figure(), *others)
    if not credit and not reward and there is not None and (there.credit or there.reward):
        words = Text(f"{said.zh}跨越档位界限：{what.zh}", f"{said.en} lies across an edge of the bands: {what.en}")
        return Verdict("cannot_tell", words, figures=figures)
    missed = bool(credit) or (step is None and _misses(found, clause))
    band = band_words(kind if credit else strict if reward else there, found.metric)
    return Verdict("missed" if missed else "met", _words(said, band, what), credit, reward, band, figures)


def _ends(found: Measured) -> tuple:  # type: ignore[type-arg]
    return found.kindest, found.strictest, found.value


def _misses(found: Measured, clause: Bands) -> bool:
    return clause.target is not None and not reaches(found.kindest, clause.target)


def _words(said: Text, band: Text | None, what: Text) -> Text:
    if band is None:
        return Text(f"{said.zh}，不在任何档位内：{what.zh}", f"{said.en} is in no band: {what.en}")
    return Text(f"{said.zh}（{band.zh}）：{what.zh}", f"{said.en} ({band.en}): {what.en}")
