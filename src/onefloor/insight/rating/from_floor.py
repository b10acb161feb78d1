"""Evaluations of a floor as marks."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from onefloor.facts.store import scan
from onefloor.floor import Floor
from onefloor.insight.rating.marks import Marks
from onefloor.insight.rating.reading import Kind, Line, marks_of
from onefloor.language import Text
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


def floor_marks(floor: Floor, months: Sequence[Month], kind: Kind | None = None) -> Marks:
    """The marks of a floor's evaluations: the score, or 1 where no critical item failed.

    A contact that its rater scored twice counts with the later score. The raters' own companies are not among the
    facts.

    Raises:
        NoEvaluations: none in these months; OneRater: one rater only.
    """
    passed = kind == "passed"
    value = (~pl.any_horizontal(pl.col(FAMILIES).fill_null(value=False))).cast(pl.Float64)
    chosen = value if passed else pl.col("score_hundredths") / 100
    rows = (
        scan(floor, "evaluations", [month.id for month in months])
        .select("contact", "rater", "scored_ms", chosen.alias("value"))
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
