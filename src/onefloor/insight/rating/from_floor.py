"""Evaluations of a floor as marks."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from onefloor.facts.store import scan
from onefloor.floor import Floor
from onefloor.insight.rating.marks import Marks
from onefloor.insight.rating.reading import Kind, Line, marks_of
from onefloor.language import Text
from onefloor.metrics.expressions import to_polars
from onefloor.metrics.prepared import Prepared
from onefloor.periods import Month
from onefloor.problems import Problem

FAMILIES = ("customer_critical_failed", "business_critical_failed", "compliance_critical_failed")


class NoEvaluations(Problem):
    """A floor without evaluations that name contact and rater."""

    def __init__(self) -> None:
        super().__init__(
            Text("该现场没有带质检员的质检评分。", "The floor has no evaluations with a rater."),
            remedy=Text("请导入质检记录，或换用 CSV 文件。", "Load evaluations, or give a CSV file instead."),
        )


def floor_marks(
    floor: Floor, prepared: Prepared, months: Sequence[Month], kind: Kind | None = None, *, scope: str = ""
) -> Marks:
    """The marks of a floor's evaluations: the score, or 1 where no critical item failed.

    A contact that its rater scored twice counts with the later score. The raters' own companies are not among the
    facts.

    Args:
        floor: where the facts are: the measuring tables know no raters.
        prepared: the measuring tables, which know whose contacts were scored.
        months: of the evaluations.
        kind: scores if left out.
        scope: a predicate of the rows that may be looked at, as for ``metrics.measure.measure``.

    Raises:
        NoEvaluations: none in these months; OneRater: one rater only.
    """
    passed = kind == "passed"
    value = (~pl.any_horizontal(pl.col(FAMILIES).fill_null(value=False))).cast(pl.Float64)
    chosen = value if passed else pl.col("score_hundredths") / 100
    rows = (
        scan(floor, "evaluations", [month.id for month in months])
        .sort("revision")
        .unique("row_id", keep="last", maintain_order=True)
        .select("row_id", "contact", "rater", "scored_ms", chosen.alias("value"))
        .join(_allowed(prepared, months, scope), on="row_id", how="semi")
        .drop("row_id")
        .collect()
    )
    kept = rows.drop_nulls().sort("scored_ms", "value").unique(["contact", "rater"], keep="last", maintain_order=True)
    if not len(kept):
        raise NoEvaluations
    lines = [Line(0, contact, rater, None, score) for contact, rater, _, score in kept.iter_rows()]
    account = {
        "lines": len(rows), "unmarked": len(rows) - len(rows.drop_nulls()),
        "scored_again": len(rows.drop_nulls()) - len(kept), "marks": len(kept),
    }  # fmt: skip
    return marks_of(lines, passed=passed, account=account)


def _allowed(prepared: Prepared, months: Sequence[Month], scope: str) -> pl.LazyFrame:
    """The ids of the evaluations that may be looked at."""
    files = prepared.paths("evaluations", months)
    if not files:
        return pl.LazyFrame(schema={"row_id": pl.Int64})
    rows = pl.scan_parquet(files)
    return (rows.filter(to_polars(scope, prepared.names.id)) if scope else rows).select("row_id")
