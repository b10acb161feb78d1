"""One month of one agreement, with everything a clause may ask: figures, definitions, and what earlier months found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from onefloor.agreements.exclusions import applied_to
from onefloor.agreements.statement import Carried, LineFigure
from onefloor.agreements.terms import Agreement, Terms
from onefloor.agreements.terms.clauses import Clause
from onefloor.agreements.terms.values import ScopeTerm
from onefloor.findings import Figure, Question, Scope
from onefloor.language import Text
from onefloor.metrics.metric import Metric
from onefloor.metrics.tables import ABSENT
from onefloor.money import rounded
from onefloor.periods import Month

Ask = Callable[[Question], Figure]
MetricOf = Callable[[str], Metric]
History = Mapping[Month, tuple[Carried, ...]]
"""What earlier statements found, by month: ``{month: statement.carried}``. Months that are absent are recomputed."""


@dataclass(frozen=True)
class Case:
    """A month to be settled. ``ask`` answers questions; ``metric_of`` turns references into definitions."""

    agreement: Agreement
    month: Month
    ask: Ask
    metric_of: MetricOf
    history: History

    @property
    def terms(self) -> Terms:
        """The terms in force in the month."""
        return self.agreement.terms_for(self.month)

    @property
    def age(self) -> int:
        """Which month of the agreement it is; the first is 1."""
        first = self.agreement.first
        return (self.month.year - first.year) * 12 + self.month.month - first.month + 1

    def at(self, month: Month) -> Case | None:
        """The same agreement in another month; None where it is not in force."""
        return replace(self, month=month) if self.agreement.in_force(month) else None

    def clause(self, number: str) -> Clause | None:
        """The clause of that number in the month's terms."""
        return next((clause for clause in self.terms.clauses if clause.id == number), None)

    def scope(self, term: ScopeTerm, metric: Metric) -> Scope:
        """The company's rows of a scope; rows that are nobody's too if so agreed.

        A forecast for a whole queue is nobody's and says how much other companies took there: it counts only where
        the scope itself says so.
        """
        by_default = "forecasts" not in metric.tables and self.terms.unassigned
        unassigned = by_default if term.unassigned is None else term.unassigned
        shared = unassigned if isinstance(unassigned, tuple) else ()
        if shared and any("queue" in ABSENT[table] for table in metric.tables):
            unassigned, shared = False, ()  # rows without a queue are of no shared one
        return Scope(self.agreement.parties.company, term.where, bool(unassigned), shared)

    def question(
        self, reference: str, scope: ScopeTerm, *, clause: str = "", months: int = 1, without: tuple[str, ...] = ()
    ) -> Question:
        """What is asked of the last ``months`` months, less the rows both parties have excluded from ``clause``."""
        first = max(self.month.shifted(1 - months), self.agreement.first, key=lambda month: month.id)
        excluded = applied_to(self.terms.exclusions, clause, first, self.month, self.agreement.parties.timezone)
        metric = self.metric_of(reference)
        rows = tuple(sorted({*excluded, *without}))
        return Question(metric.reference, self.scope(scope, metric), first, self.month, rows)

    def quantity(self, reference: str, scope: ScopeTerm, role: str, without: tuple[str, ...] = ()) -> LineFigure:
        """The month's figure of a metric that is paid or counted; nothing is excluded but ``without``."""
        metric = self.metric_of(reference)
        question = Question(metric.reference, self.scope(scope, metric), self.month, self.month, without)
        return line_figure(metric, question, self.ask(question), role)


def line_figure(metric: Metric, question: Question, figure: Figure, role: str, title: Text | None = None) -> LineFigure:
    """A figure as it stands on the statement."""
    exact = metric.exact(figure)
    value = None if exact is None else rounded(exact, metric.places, metric.rounding)
    return LineFigure(title or metric.title, question, figure, value, metric.unit.value, metric.version, role)
