"""The settlement of a month: a pure function from terms and figures to a statement.

``questions`` says everything it will ask; ``settle`` turns the answers into lines. Neither reads a clock, a disk or a
database. The order of evaluation is fixed here, once, and printed on every statement.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Final

from onefloor.agreements.assessment import Assessed, assessed, earn_back_lines, left_out, remarks
from onefloor.agreements.case import Case, History, MetricOf
from onefloor.agreements.references import check_metrics
from onefloor.agreements.statement import Line, Statement
from onefloor.agreements.terms import Agreement
from onefloor.agreements.wording import sentence
from onefloor.findings import Answers, Figure, Question
from onefloor.language import Text
from onefloor.metrics.catalogue import metric
from onefloor.money import total
from onefloor.periods import Month, clock
from onefloor.problems import Problem

ORDER: Final = (
    Text("剔除双方确认的话务和超量话务", "Exclusions and surplus contacts"),
    Text("指标值，可能范围，最小样本", "Metric, its interval, minimum sample"),
    Text("前置条件", "Gate"),
    Text("档位或目标", "Band or target"),
    Text("连续未达标倍数", "Multiplier for misses in a row"),
    Text("同一事件只扣一次（取金额最大者）", "One credit an incident (the heaviest in money)"),
    Text("权重池 × 池内权重", "Weight pool x allocation"),
    Text("封顶", "Cap"),
    Text("甲方义务减免（按封顶后的扣罚）", "Relief for the client's duties, on what the cap has left"),
    Text("扣罚返还（按减免后的扣罚）", "Earn-back, of what the relief has left"),
    Text("每行写出时舍入一次，合计为各行之和", "Each line rounded once when written; the total is their sum"),
)
TOTALS: Final = ("fee", "credit", "cap", "relief", "reward", "earn_back")


class MissingAnswer(Problem):
    """A question of the settlement was not answered."""

    def __init__(self, question: Question) -> None:
        super().__init__(
            Text(f"缺少指标值：{question.metric}。", f"There is no figure for {question.metric}."),
            why=Text(
                f"{question.first} 至 {question.last}，范围 {question.scope.predicate()}。",
                f"It was asked for {question.first} to {question.last}, {question.scope.predicate()}.",
            ),
            remedy=Text("请用 questions 的全部问题取数。", "Answer every question that questions() returns."),
        )


def questions(
    agreement: Agreement, month: Month, history: History | None = None, *, metric_of: MetricOf = metric
) -> frozenset[Question]:
    """Everything the settlement of a month asks. Months in ``history`` are not asked for again.

    It is the settlement itself, run on no data while its questions are noted: the two cannot drift apart. No question
    depends on an answer (a property test holds that).

    Raises:
        NotInForce: no terms hold in that month.
        Problems: the terms use a metric as it cannot be used; see ``check_metrics``.
    """
    check_metrics(agreement, metric_of)
    asked: set[Question] = set()

    def note(question: Question) -> Figure:
        asked.add(question)
        return Figure(0, 0)

    _lines(Case(agreement, month, note, metric_of, history or {}))
    return frozenset(asked)


def settle(
    agreement: Agreement,
    month: Month,
    answers: Answers,
    history: History | None = None,
    *,
    data_version: str = "",
    facts_through_ms: int = 0,
    metric_of: MetricOf = metric,
) -> Statement:
    """The statement of a month.

    Args:
        answers: a figure for each of ``questions(agreement, month, history)``.
        history: what earlier statements carried, by month; months that are absent are recomputed from answers.
        data_version: version of the facts, roster and settings behind the answers.
        facts_through_ms: how far the facts reach; before the month's end the statement is provisional.

    Raises:
        NotInForce: no terms hold in that month.
        MissingAnswer: a question is not answered.
    """
    used: list[Figure] = []

    def ask(question: Question) -> Figure:
        if question not in answers:
            raise MissingAnswer(question)
        used.append(answers[question])
        return answers[question]

    found = _lines(Case(agreement, month, ask, metric_of, history or {}))
    month_end = clock(agreement.parties.timezone).start_of_day_ms(month.days.end)
    provisional = facts_through_ms < month_end or any(figure.provisional for figure in used)
    return _statement(agreement, month, found, (data_version, facts_through_ms), provisional=provisional)


def closing_statement(
    agreement: Agreement, month: Month, *, data_version: str = "", facts_through_ms: int = 0
) -> Statement:
    """The statement of a month after the agreement's end: no line moves money, adjustments are booked beside it.

    Raises:
        NotInForce: the agreement has not begun by then.
    """
    title = Text("协议终止后的调整", "Adjustments after the agreement's end")
    words = Text(
        "协议已终止：本账期只入账冲减单和跨期更正。",
        "The agreement has ended: credit notes and corrections alone are booked in this month.",
    )
    note = Line(1, "", "note", title, words, words, "information", Decimal("0.00"))
    found = Assessed((note,), (), ())
    return _statement(agreement, month, found, (data_version, facts_through_ms), provisional=False)


def _statement(
    agreement: Agreement, month: Month, found: Assessed, facts: tuple[str, int], *, provisional: bool
) -> Statement:
    """``facts`` are their version and how far they reach."""
    parties, terms = agreement.parties, agreement.terms_begun(month)
    return Statement(
        agreement=parties.code,
        terms_from=str(terms.start),
        terms_digest=terms.digest,
        client=parties.client,
        company=parties.company,
        month=str(month),
        timezone=parties.timezone,
        currency=parties.currency,
        data_version=facts[0],
        facts_through_ms=facts[1],
        provisional=provisional,
        title=parties.title,
        lines=found.lines,
        left_out=found.left_out,
        order=ORDER,
        totals=_totals(found.lines),
        shadow=parties.shadow,
        carried=found.carried,
    )


def _lines(case: Case) -> Assessed:
    """All lines of the month, numbered."""
    found = assessed(case)
    lines = (*found.lines, *earn_back_lines(case), *remarks(case.terms, found.lines))
    numbered = tuple(replace(_as_sentences(line), number=number) for number, line in enumerate(lines, start=1))
    rows = tuple(replace(entry, reason=sentence(entry.reason)) for entry in (*left_out(case), *found.left_out))
    return Assessed(numbered, rows, found.carried)


def _as_sentences(line: Line) -> Line:
    """The line with capital letters where its texts begin; they were put together from parts."""
    steps = tuple(replace(step, text=sentence(step.text)) for step in line.steps)
    figures = tuple(replace(figure, title=sentence(figure.title)) for figure in line.figures)
    band = line.band and sentence(line.band)
    return replace(line, words=sentence(line.words), band=band, steps=steps, figures=figures)


def _totals(lines: tuple[Line, ...]) -> tuple[tuple[str, Decimal], ...]:
    """The sum of each kind of line, and of all: what is owed."""
    by_kind = [(kind, total([line.amount for line in lines if line.kind == kind])) for kind in TOTALS]
    return (
        *((kind, amount) for kind, amount in by_kind if amount or kind == "fee"),
        ("net", total([line.amount for line in lines])),
    )
