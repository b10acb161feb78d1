"""Figures and findings: what was measured, and what follows from it.

A ``Figure`` is two integers and the metric they belong to; a ``Finding`` is "X says Y about Z".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from onefloor.periods import Month


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value: two integer atoms, never a float.

    ``numerator`` and ``denominator`` are counts, or sums of milliseconds; the value is their quotient times the
    metric's scale. ``provisional`` says that later facts may still change it.
    """

    numerator: int
    denominator: int
    provisional: bool = False

    @property
    def ratio(self) -> Fraction | None:
        """The exact quotient; None without a denominator (never 0 % or 100 %)."""
        return Fraction(self.numerator, self.denominator) if self.denominator else None

    def __add__(self, other: Figure) -> Figure:
        """Atoms add up; ratios do not."""
        return Figure(
            self.numerator + other.numerator,
            self.denominator + other.denominator,
            self.provisional or other.provisional,
        )


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose rows and which rows a clause looks at.

    ``where`` holds ``(dimension, allowed names)`` pairs. ``unassigned`` adds the rows that belong to no company, such
    as contacts abandoned in a queue that several companies share; with ``shared`` only those of the queues it names.
    Rows of another company are never in scope.
    """

    company: str | None = None
    where: tuple[tuple[str, tuple[str, ...]], ...] = ()
    unassigned: bool = False
    shared: tuple[str, ...] = ()

    @classmethod
    def of_viewer(cls, company: str | None, *, teams: Sequence[str] = (), agents: Sequence[str] = ()) -> Scope:
        """What somebody may look at: a company's own rows, of a leader those of the teams, of an agent its own.

        Nobody's rows are not among them: a contact abandoned in a queue of several companies belongs to none, one in a
        queue that is dedicated to a company has its name. Without a company all rows: that is the client.

        >>> Scope.of_viewer("North", teams=["North 1"]).predicate()
        "company == 'North' and team in ('North 1',)"
        """
        limits = (("team", tuple(teams)), ("agent", tuple(agents)))
        return cls(company, tuple((dimension, names) for dimension, names in limits if names))

    def predicate(self) -> str:
        """The scope in the language of ``metrics.expressions``.

        >>> Scope("North", (("queue", ("tax", "water")),)).predicate()
        "company == 'North' and queue in ('tax', 'water')"
        >>> Scope("North", unassigned=True, shared=("tax",)).predicate()
        "(company == 'North' or (company == '' and queue in ('tax',)))"
        """
        parts = []
        if self.company is not None:
            own, nobodys = f"company == {self.company!r}", "company == ''"
            if self.shared:
                nobodys = f"({nobodys} and {_among('queue', self.shared)})"
            parts.append(f"({own} or {nobodys})" if self.unassigned else own)
        parts += [_among(dimension, names) for dimension, names in self.where]
        return " and ".join(parts)


def _among(dimension: str, names: tuple[str, ...]) -> str:
    """One of these names, as a predicate."""
    return f"{dimension} in ({', '.join(map(repr, names))}{',' if len(names) == 1 else ''})"


@dataclass(frozen=True, slots=True)
class Question:
    """What a clause asks of the facts: a metric over a scope and months, without some rows.

    ``metric`` is a canonical metric reference, ``without`` are predicates of rows left out of both atoms.
    """

    metric: str
    scope: Scope
    first: Month
    last: Month
    without: tuple[str, ...] = ()


Answers = Mapping[Question, Figure]
