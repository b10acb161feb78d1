"""What the page of a statement shows, as plain records; every number is the core's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from onefloor.agreements.adjustments import Adjustment
from onefloor.agreements.rendering import formats as written
from onefloor.agreements.rendering.conditions import condition_words
from onefloor.agreements.rendering.html import approvals, clause_text, main_figures, minus_signs, waterfall_words
from onefloor.agreements.rendering.waterfall import Waterfall, waterfall
from onefloor.agreements.rendering.words import KINDS, OUTCOMES, ROLES, word
from onefloor.agreements.statement import Line, LineFigure
from onefloor.agreements.statement import Statement as Settled
from onefloor.language import Text, joined
from onefloor_web.platform.pages.formats import number, say
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.records.figures import spans
from onefloor_web.records.figures.address import FigureAddress
from onefloor_web.settlement.statements.models import State, Statement
from onefloor_web.settlement.statements.objections import Objection, dispute_page

DUTY = "duty"


@dataclass(frozen=True, slots=True)
class ShownFigure:
    """A figure behind a line: its words, its two integers, and the address of its rows."""

    title: str
    value: str
    atoms: tuple[str, str]
    role: str
    scope: str
    metric: str
    without: tuple[str, ...]
    provisional: bool
    rows: str


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line as the page shows it; ``objection`` is its newest dispute, ``dispute`` where one can be raised."""

    number: int
    clause: str
    title: str
    words: str
    figures: tuple[str, ...]
    amount: str
    state: str
    clause_text: str
    band: str
    steps: tuple[tuple[str, str, str], ...]
    evidence: tuple[ShownFigure, ...]
    objection: Objection | None
    dispute: str


@dataclass(frozen=True, slots=True)
class Duty:
    """One row of the scorecard: what was measured, what came of it, what it moved."""

    number: int
    title: str
    figure: str
    state: str
    amount: str


@dataclass(frozen=True, slots=True)
class ShownBar:
    """One bar of the waterfall; positions in percent."""

    title: str
    amount: str
    direction: str
    left: str
    width: str


def lines_of(viewer: Viewer, row: Statement, settled: Settled, objections: Sequence[Objection]) -> list[ShownLine]:
    """Every line, with what is said against it."""
    against = {one.line: one for one in objections}
    return [_line(viewer, row, settled, line, against.get(line.number)) for line in settled.lines]


def bars_of(drawn: Waterfall) -> list[ShownBar]:
    """The waterfall's bars in the reader's language."""
    return [
        ShownBar(
            f"{bar.number}. {say(bar.title)}" if bar.number else say(bar.title),
            written.signed(bar.amount), bar.direction, f"{bar.left}%", f"{bar.width}%",
        )
        for bar in drawn.bars
    ]  # fmt: skip


def drawing_of(settled: Settled) -> dict[str, Any]:
    """The waterfall with its sentence."""
    drawn = waterfall(settled)
    return {"words": say(waterfall_words(settled)), "bars": bars_of(drawn), "zero": f"{drawn.zero}%"}


def scorecard_of(settled: Settled) -> tuple[list[Duty], list[Duty]]:
    """The client's duties beside the vendor's figures, from the statement's own lines."""
    duties = [_duty(line, [f for f in line.figures if f.role == DUTY]) for line in settled.lines if _is_duty(line)]
    targets = [_duty(line, list(main_figures(line))) for line in settled.lines if _is_target(line)]
    return duties, targets


def left_out_of(settled: Settled) -> list[dict[str, Any]]:
    """Rows that were left out: why, which, how many, by whom agreed."""
    return [
        {
            "reason": say(item.reason),
            "condition": say(condition_words(item.predicate, settled.timezone)),
            "rows": number(item.rows),
            "clauses": ", ".join(item.clauses),
            "approvals": say(approvals(item)),
            "applied": item.applied,
        }
        for item in settled.left_out
    ]


def booked_rows(booked: Sequence[Adjustment], notes: Mapping[str, int]) -> list[dict[str, str]]:
    """What is booked beside the lines; ``notes`` are the numbers of credit notes by their digests."""
    return [
        {
            "title": say(one.title), "reason": say(one.reason), "amount": number(one.amount), "digest": one.digest,
            "before": number(one.before), "after": number(one.after),
            "url": reverse("credit_note", args=[notes[one.digest]]) if one.digest in notes else "",
        }
        for one in booked
    ]  # fmt: skip


def totals_of(settled: Settled) -> list[tuple[str, str]]:
    """The sums by kind of line."""
    return [(say(word(KINDS, name)), number(amount)) for name, amount in settled.totals]


def versions_of(settled: Settled) -> list[tuple[str, str]]:
    """What it was computed from."""
    return [(say(label), text) for label, text in written.versions(settled)]


def state_words(row: Statement, disputed: Sequence[int]) -> str | Promise:
    """The statement's state in a word; a disputed one says so."""
    if row.state == State.ISSUED and disputed:
        return _("disputed")
    if row.state == State.ISSUED and row.accepted_at:
        return _("counts as accepted")
    return row.get_state_display()


def _line(viewer: Viewer, row: Statement, settled: Settled, line: Line, objection: Objection | None) -> ShownLine:
    text = clause_text(line)
    outcome = say(word(OUTCOMES, line.outcome))
    return ShownLine(
        line.number, line.clause, say(line.title), say(line.words),
        tuple(say(written.figure_with_sample(figure)) for figure in main_figures(line)),
        number(line.amount), str(objection.state) if objection else outcome, say(text) if text else "",
        say(line.band) if line.band else "",
        tuple((say(s.text), minus_signs(s.formula), "" if s.amount is None else number(s.amount)) for s in line.steps),
        tuple(_figure(settled, figure) for figure in line.figures),
        objection, dispute_page(viewer, row, line.number),
    )  # fmt: skip


def _figure(settled: Settled, figure: LineFigure) -> ShownFigure:
    label, atoms = written.atoms(figure)
    return ShownFigure(
        say(figure.title), say(written.figure_with_sample(figure)), (say(label), atoms),
        say(word(ROLES, figure.role)), say(written.scope_words(figure)), f"{figure.question.metric} v{figure.version}",
        tuple(say(condition_words(text, settled.timezone)) for text in figure.question.without),
        figure.figure.provisional, _rows(figure),
    )  # fmt: skip


def _rows(figure: LineFigure) -> str:
    """The page of the figure's rows: the same metric, months and names."""
    asked = figure.question
    company = [("company", asked.scope.company)] if asked.scope.company else []
    where = [*company, *((dimension, name) for dimension, names in asked.scope.where for name in names)]
    return FigureAddress(asked.metric, spans.of_months(asked.first, asked.last), tuple(where)).url


def _is_duty(line: Line) -> bool:
    return line.kind == "relief" or any(figure.role == DUTY for figure in line.figures)


def _is_target(line: Line) -> bool:
    return line.kind in ("credit", "reward") and bool(line.figures) and not _is_duty(line)


def _duty(line: Line, figures: list[LineFigure]) -> Duty:
    shown = joined([written.figure_with_sample(figure) for figure in figures]) if figures else Text("—", "—")
    return Duty(line.number, say(line.title), say(shown), say(word(OUTCOMES, line.outcome)), number(line.amount))


def waiting_words(names: Sequence[str]) -> str:
    """``Waiting for North and Own: sign``."""
    return gettext("Waiting for %(who)s: sign") % {"who": gettext(" and ").join(names)} if names else ""
