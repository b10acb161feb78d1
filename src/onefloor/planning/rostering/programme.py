"""An integer programme that is written row by row and column by column, and solved by HiGHS."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from highspy import HighsLp

Entries = Iterable[tuple[int, float]]  # row and value
INFINITE = float("inf")


@dataclass(frozen=True, slots=True)
class Effort:
    """When to be content: at a difference in cost that does not matter, after so many nodes, or after a time.

    Without ``seconds`` (of the wall) equal programmes have equal answers.
    """

    difference: float
    nodes: int
    seconds: float | None = None


class Programme:
    """The least cost of columns of 0 or more, within the limits of the rows."""

    def __init__(self) -> None:
        self._low: list[float] = []
        self._high: list[float] = []
        self._cost: list[float] = []
        self._most: list[float] = []
        self._whole: list[bool] = []
        self._starts, self._rows, self._values = [0], list[int](), list[float]()

    def row(self, low: float = -INFINITE, high: float = INFINITE) -> int:
        """A new row; its number."""
        self._low.append(low)
        self._high.append(high)
        return len(self._low) - 1

    def column(self, cost: float, entries: Entries, most: float = INFINITE, *, whole: bool = False) -> int:
        """A new column; its number."""
        for row, value in entries:
            self._rows.append(row)
            self._values.append(value)
        self._starts.append(len(self._rows))
        self._cost.append(cost)
        self._most.append(most)
        self._whole.append(whole)
        return len(self._cost) - 1

    def solved(self, known: Mapping[int, int], effort: Effort) -> NDArray[np.int64] | None:
        """The best whole numbers found, from what the whole columns are known to be able to be (0 without mention) on.

        None where HiGHS has found nothing; columns that are not whole are rounded.
        """
        import highspy

        solver = highspy.Highs()  # type: ignore[no-untyped-call]
        options = {
            "output_flag": False, "threads": 1, "mip_rel_gap": 0.0, "mip_abs_gap": effort.difference,
            "mip_max_nodes": effort.nodes,
        }  # fmt: skip
        if effort.seconds is not None:
            options["time_limit"] = max(effort.seconds, 0.1)
        for option, value in options.items():
            solver.setOptionValue(option, value)
        solver.passModel(self._as_highs())
        whole = np.flatnonzero(self._whole).astype(np.int32)
        solver.setSolution(
            len(whole), whole, np.array([known.get(column, 0) for column in whole.tolist()], dtype=float)
        )
        solver.run()
        if solver.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            return None
        found: NDArray[np.int64] = np.rint(solver.getSolution().col_value).astype(np.int64)
        return found

    def _as_highs(self) -> HighsLp:
        import highspy

        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        made = highspy.HighsLp()
        made.num_col_, made.num_row_ = len(self._cost), len(self._low)
        made.col_cost_, made.col_lower_ = np.array(self._cost), np.zeros(len(self._cost))
        made.col_upper_ = np.array(self._most, dtype=float)
        made.row_lower_, made.row_upper_ = np.array(self._low, dtype=float), np.array(self._high, dtype=float)
        made.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        made.a_matrix_.start_ = np.array(self._starts, dtype=np.int32)
        made.a_matrix_.index_ = np.array(self._rows, dtype=np.int32)
        made.a_matrix_.value_ = np.array(self._values, dtype=float)
        made.integrality_ = [kinds[whole] for whole in self._whole]
        return made
