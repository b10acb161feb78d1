"""What a contract promises, from an agreement or written out, and whether each month kept it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from onefloor.agreements.exclusions import applied_to
from onefloor.agreements.terms import read_agreement
from onefloor.agreements.terms.clauses import Bands, Level, Measuring
from onefloor.agreements.terms.values import Target
from onefloor.insight.cells import cells
from onefloor.language import Text
from onefloor.metrics import catalogue
from onefloor.metrics.engines import Engine
from onefloor.metrics.expressions import both
from onefloor.metrics.measure import measure
from onefloor.metrics.metric import Metric
from onefloor.metrics.prepared import Prepared
from onefloor.periods import Month
from onefloor.problems import Problem

WRITTEN: Final = re.compile(r"^\s*(?P<metric>[^<>]+?)\s*(?P<sign>>=|<=)\s*(?P<value>-?\d+(?:\.\d+)?)\s*%?\s*$")


class BadPromise(Problem):
    """A promise that is not written as metric >= value."""

    def __init__(self, text: str) -> None:
        super().__init__(
            Text(f"无法识别“{text}”。", f'"{text}" is not a figure and its target.'),
            remedy=Text(
                "请写成 service_level>=80 或 abandonment<=5（以指标的单位）。",
                "Write it as service_level>=80 or abandonment<=5, in the metric's unit.",
            ),
        )


class NothingPromised(Problem):
    """An agreement without a single target."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            Text(f"协议“{path}”没有任何目标值。", f'The agreement "{path}" has no target.'),
            remedy=Text("请用 --kpi 给出指标和目标。", "Give figures and targets with --kpi."),
        )


class OfAnother(Problem):
    """An agreement of a company that was not asked about."""

    def __init__(self, path: Path, company: str, asked: Sequence[str]) -> None:
        zh, en = "、".join(asked), ", ".join(asked)
        super().__init__(
            Text(
                f"协议“{path}”的公司是“{company}”，而 --company 是“{zh}”。",
                f'The agreement "{path}" is of {company}, and --company is {en}.',
            ),
            remedy=Text(
                f"请给出“{zh}”的协议，或加上 --company {company}。",
                f"Give an agreement of {en}, or add --company {company}.",
            ),
        )


@dataclass(frozen=True, slots=True)
class Promise:
    """A figure and what it has to reach, in the metric's unit; None is open. ``where`` limits its rows."""

    metric: str
    at_least: Fraction | None
    at_most: Fraction | None
    where: Mapping[str, tuple[str, ...]]

    def kept(self, value: Fraction) -> bool:
        """Whether a value reaches it."""
        return (self.at_least is None or value >= self.at_least) and (self.at_most is None or value <= self.at_most)


def written(texts: Sequence[str]) -> list[Promise]:
    """Promises from ``metric>=value``.

    Raises:
        BadPromise: not written so; UnknownMetric and others as ``catalogue.metric``.

    >>> [(one.metric, one.at_least, one.at_most) for one in written(["abandonment <= 5"])]
    [('abandonment', None, Fraction(5, 1))]
    """
    return [_written(text) for text in texts]


def _written(text: str) -> Promise:
    found = WRITTEN.match(text)
    if found is None:
        raise BadPromise(text)
    catalogue.metric(found["metric"])
    value = Fraction(found["value"])
    least, most = (value, None) if found["sign"] == ">=" else (None, value)
    return Promise(found["metric"], least, most, {})


def from_agreement(path: Path, month: Month) -> tuple[str, list[Promise]]:
    """The company of an agreement and the targets of its clauses in a month.

    Raises:
        NothingPromised: no clause has a target; else as ``read_agreement``.
    """
    agreement = read_agreement(path)
    clauses = [one for one in agreement.terms_for(month).clauses if isinstance(one, Level | Bands)]
    found = [_promise(clause, clause.target) for clause in clauses if clause.target is not None]
    if not found:
        raise NothingPromised(path)
    return agreement.parties.company, found


def excluded(path: Path, months: Sequence[Month]) -> list[str]:
    """The company's rows that both parties of an agreement have excluded from every clause, as predicates.

    Raises:
        As ``read_agreement``.
    """
    agreement = read_agreement(path)
    approved = agreement.terms_for(months[-1]).exclusions
    zone, company = agreement.parties.timezone, f"company == {agreement.parties.company!r}"
    # No clause has the empty number: what is left are exclusions from all of them.
    return [both(company, one) for one in applied_to(approved, "", months[0], months[-1], zone)]


def _promise(clause: Measuring, target: Target) -> Promise:
    least, most = (edge.value if edge else None for edge in (target.at_least, target.at_most))
    return Promise(clause.metric, least, most, dict(clause.scope.where))


def reached(
    prepared: Prepared,
    company: str,
    promises: Sequence[Promise],
    months: Sequence[Month],
    engine: Engine | None = None,
    scope: str = "",
) -> NDArray[np.bool_]:
    """(months, promises): whether each month kept each promise; a month without rows did not."""
    columns = [_months_kept(prepared, company, one, months, engine, scope) for one in promises]
    return np.array(columns, bool).T.reshape(len(months), len(promises))


def _months_kept(
    prepared: Prepared, company: str, one: Promise, months: Sequence[Month], engine: Engine | None, scope: str
) -> list[bool]:
    where = {"company": [company], **{name: list(values) for name, values in one.where.items()}}
    found = measure(prepared, [one.metric], ["month"], where, months, engine=engine, scope=scope)
    values = {row.key["month"]: found.metrics[one.metric].exact(row.figures[one.metric]) for row in found.rows}
    return [(value := values.get(str(month))) is not None and one.kept(value) for month in months]


def by_week(
    prepared: Prepared,
    company: str,
    metric: str,
    months: Sequence[Month],
    engine: Engine | None = None,
    scope: str = "",
) -> tuple[Metric, NDArray[np.float64], NDArray[np.float64]]:
    """A figure's numerators and denominators by whole week, oldest first; weeks without rows are left out."""
    found = cells(prepared, metric, ("week",), {"company": [company]}, months, engine=engine, scope=scope)
    whole = found.denominator > 0
    return found.metric, found.numerator[whole].astype(float), found.denominator[whole].astype(float)
