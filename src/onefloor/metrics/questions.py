"""Answering what clauses ask: all questions about the same months in one pass over each table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import polars as pl

from onefloor.findings import Answers, Figure, Question
from onefloor.metrics import catalogue
from onefloor.metrics.dimensions import check_dimensions
from onefloor.metrics.engines import DuckDB, Engine
from onefloor.metrics.engines.polars import aggregated
from onefloor.metrics.engines.queries import Aggregate
from onefloor.metrics.expressions import Resolve, name_as_is, neither
from onefloor.metrics.grouping import Ask, Finality, Run, figures_by_group, open_ended
from onefloor.metrics.measure import run_on
from onefloor.metrics.metric import Metric
from onefloor.metrics.prepared import Prepared
from onefloor.metrics.tables import MEASURING
from onefloor.periods import Month

Span = tuple[Month, Month]


def answer(prepared: Prepared, questions: Iterable[Question], *, engine: Engine | None = None) -> Answers:
    """The figure of every question, from rows.

    Names the floor has never seen equal no row; ``dimensions.unknown_names`` finds them beforehand.

    Raises:
        UnknownMetric, BadParameter, NotGroupable, BadExpression: a question that cannot be asked.
    """
    chosen = engine or DuckDB()
    finality = Finality(prepared.watermark_ms, prepared.clock)
    return _answered(questions, finality, lambda span: run_on(prepared, months_between(*span), chosen))


def recomputed(
    frames: Mapping[str, pl.LazyFrame],
    questions: Iterable[Question],
    finality: Finality,
    *,
    resolve: Resolve = name_as_is,
) -> Answers:
    """The same answers from frames of the measuring tables, by Polars alone: what ``verify`` does with a bundle.

    Args:
        frames: by table; the named dimensions hold names ('' for none), or ids together with their ``resolve``.
        questions: as for ``answer``.
        finality: how far the facts reached, and in which zone.
        resolve: what a name in a predicate is held as.
    """
    return _answered(questions, finality, lambda span: _run_on_frames(frames, span, resolve))


def _answered(questions: Iterable[Question], finality: Finality, run_for: Callable[[Span], Run]) -> Answers:
    by_span: dict[Span, dict[str, Question]] = {}
    for number, question in enumerate(dict.fromkeys(questions)):
        by_span.setdefault((question.first, question.last), {})[str(number)] = question
    found: dict[Question, Figure] = {}
    for span, asked in by_span.items():
        metrics = {name: narrowed(question) for name, question in asked.items()}
        cuts = {name: finality.cut(metric) for name, metric in metrics.items()}
        end = span[1].days.end
        figures = figures_by_group(metrics, run_for(span), cuts={name: cut for name, cut in cuts.items() if cut < end})[
            ()
        ]
        for name, question in asked.items():
            found[question] = open_ended(metrics[name], figures[name], still_open=end > cuts[name])
    return found


def narrowed(question: Question) -> Metric:
    """The metric of a question over the rows of its scope, without those left out.

    Raises:
        NotGroupable: the scope speaks of a dimension that the metric's rows do not have.
    """
    metric = catalogue.metric(question.metric)
    scope, left_out = question.scope.predicate(), neither(*question.without)
    check_dimensions([metric], (), [scope, left_out])
    return metric.narrowed(scope, left_out)


def months_between(first: Month, last: Month) -> list[Month]:
    """All months from first to last, both included."""
    months = [first]
    while months[-1].id < last.id:
        months.append(months[-1].following())
    return months


def _run_on_frames(frames: Mapping[str, pl.LazyFrame], span: Span, resolve: Resolve) -> Run:
    between = pl.col("month").is_between(span[0].id, span[1].id)

    def run(ask: Ask) -> list[pl.DataFrame]:
        if ask.table not in frames:
            return []
        query = Aggregate(ask.table, MEASURING[ask.table], (), ask.by, ask.where, ask.sums, ask.cuts)
        return [aggregated(frames[ask.table].filter(between), query, resolve)]

    return run


def references(questions: Sequence[Question]) -> list[str]:
    """The canonical references of all metrics that are asked for, sorted."""
    return sorted({catalogue.metric(question.metric).reference for question in questions})
