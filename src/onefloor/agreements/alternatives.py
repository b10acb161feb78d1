"""What a statement would say without some rows: what each outcome of a dispute about a line comes to.

The rows are those of the statement's own bundle, so that nothing but the disputed window makes the difference, and
both companies get the same answer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from onefloor.agreements.bundle import AGREEMENT, HISTORY
from onefloor.agreements.history import carried_by_month, read_chain
from onefloor.agreements.line_keys import key_of
from onefloor.agreements.reading_bundles import bounded_bytes, read_bundle
from onefloor.agreements.settlement import questions, settle
from onefloor.agreements.statement import Line, LineFigure, Statement
from onefloor.agreements.terms.agreement import Agreement, parse_agreement
from onefloor.agreements.terms.around import Approval, Exclusion
from onefloor.agreements.terms.values import ScopeTerm
from onefloor.language import Text
from onefloor.metrics.grouping import Finality
from onefloor.metrics.questions import recomputed
from onefloor.money import plain
from onefloor.periods import Month, clock
from onefloor.problems import Problem

LARGEST_TERMS: Final = 4 * 2**20
DISPUTED: Final = "disputed"


class NoClause(Problem):
    """A line from which no rows can be taken out: it is no clause that judges rows."""

    def __init__(self, title: Text) -> None:
        super().__init__(
            Text(f"“{title.zh}”不按话务考核，不能剔除话务。", f'"{title.en}" judges no rows; none can be taken out.'),
            remedy=Text("请主张金额。", "Claim an amount instead."),
        )


@dataclass(frozen=True, slots=True)
class Alternative:
    """One line and the net, as issued and otherwise.

    Attributes:
        line: amount of the line as issued, and otherwise.
        net: the statement's net as issued, and otherwise.
        figures: the line's assessed figure as issued, and otherwise; None where it has none.
        rows: how many rows were taken out of the figure.
        others: titles of other lines that move with it, with what each moves by.
    """

    line: tuple[Decimal, Decimal]
    net: tuple[Decimal, Decimal]
    figures: tuple[LineFigure | None, LineFigure | None]
    rows: int = 0
    others: tuple[tuple[Text, Decimal], ...] = ()

    @property
    def moves(self) -> Decimal:
        """What it is about: the net otherwise, less the net as issued."""
        return self.net[1] - self.net[0]

    def as_json(self) -> dict[str, Any]:
        """The same as canonical data."""
        return {
            "line": [plain(amount) for amount in self.line],
            "net": [plain(amount) for amount in self.net],
            "figures": [None if figure is None else _figure(figure) for figure in self.figures],
            "rows": self.rows,
            "others": [{"title": title.as_json(), "moves": plain(moves)} for title, moves in self.others],
        }


def window_of(clause: str, start: Any, end: Any, queues: tuple[str, ...] = ()) -> Exclusion:
    """The rows of a half-open window of local time (naive), of all queues or of some, as an exclusion from a clause."""
    both = tuple(Approval(party=party, person="", on=start.date()) for party in ("client", "company"))
    scope = ScopeTerm(where=(("queue", queues),) if queues else ())
    return Exclusion(
        id=DISPUTED, reason="waiver", text=Text("争议中的话务", "disputed rows"), start=start, end=end, scope=scope,
        clauses=(clause,), approvals=both,
    )  # fmt: skip


def settled_without(bundle: Path, left_out: Exclusion) -> Statement:
    """The statement of a bundle, settled again from its rows as if an exclusion had been approved.

    Raises:
        NoBundle, MissingFile, BadBundleFile and other problems of reading a bundle.
    """
    read = read_bundle(bundle)
    text = bounded_bytes(bundle / AGREEMENT, LARGEST_TERMS).decode("utf-8-sig", errors="replace")
    month = Month.parse(read.manifest["month"])
    agreement = _with(parse_agreement(text, AGREEMENT), month, left_out)
    through = int(read.manifest["watermark_ms"])
    history = carried_by_month(read_chain(bundle / HISTORY))
    asked = questions(agreement, month, history)
    answers = recomputed(read.frames(), asked, Finality(through, clock(agreement.parties.timezone)))
    version = read.manifest["data_version"]
    return settle(agreement, month, answers, history, data_version=version, facts_through_ms=through)


def alternative(issued: Statement, number: int, otherwise: Statement) -> Alternative:
    """One line of a statement beside the same clause settled otherwise.

    Raises:
        StopIteration: the statement has no such line.
    """
    line = next(one for one in issued.lines if one.number == number)
    there = _same(line, otherwise)
    before, after = _assessed(line), _assessed(there) if there else None
    rows = before.figure.denominator - after.figure.denominator if before and after else 0
    changed = (Decimal(0) if there is None else there.amount) if line.clause else line.amount
    return Alternative(
        (line.amount, changed), (issued.net, otherwise.net), (before, after), rows,
        tuple(_others(issued, otherwise, line)),
    )  # fmt: skip


def by_amount(issued: Statement, number: int, moves: Decimal) -> Alternative:
    """The same where an amount is claimed and no rows: the line and the net move by it, the figure does not."""
    line = next(one for one in issued.lines if one.number == number)
    figure = _assessed(line)
    return Alternative((line.amount, line.amount + moves), (issued.net, issued.net + moves), (figure, figure))


def judges_rows(bundle: Path, line: Line) -> bool:
    """Whether rows can be taken out of a line: it belongs to a clause, which looks at rows."""
    text = bounded_bytes(bundle / AGREEMENT, LARGEST_TERMS).decode("utf-8-sig", errors="replace")
    terms = parse_agreement(text, AGREEMENT).terms_for(Month.parse(read_bundle(bundle).manifest["month"]))
    return line.clause in {clause.id for clause in terms.clauses} and _assessed(line) is not None


def _with(agreement: Agreement, month: Month, left_out: Exclusion) -> Agreement:
    """The agreement with one exclusion more in the terms of the month."""
    of_month = agreement.terms_for(month)
    more = replace(of_month, exclusions=(*of_month.exclusions, left_out))
    return replace(agreement, versions=tuple(more if terms is of_month else terms for terms in agreement.versions))


def _same(line: Line, otherwise: Statement) -> Line | None:
    return next((one for one in otherwise.lines if key_of(one) == key_of(line)), None)


def _assessed(line: Line) -> LineFigure | None:
    return next((one for one in line.figures if one.role == "assessed"), None)


def _others(issued: Statement, otherwise: Statement, line: Line) -> list[tuple[Text, Decimal]]:
    """What else moves: relief and caps follow from the credits."""
    before, after = _by_key(issued, line), _by_key(otherwise, line)
    titles = {key: title for key, (title, _amount) in [*after.items(), *before.items()]}
    zero = (None, Decimal(0))
    moved = [(titles[key], after.get(key, zero)[1] - before.get(key, zero)[1]) for key in titles]
    return [(title, moves) for title, moves in moved if moves]


def _by_key(statement: Statement, but: Line) -> dict[str, tuple[Text, Decimal]]:
    found: dict[str, tuple[Text, Decimal]] = {}
    for one in statement.lines:
        if (key := key_of(one)) != key_of(but):
            found[key] = (one.title, found.get(key, (one.title, Decimal(0)))[1] + one.amount)
    return found


def _figure(figure: LineFigure) -> dict[str, Any]:
    value = None if figure.value is None else plain(figure.value)
    atoms = figure.figure
    return {"numerator": atoms.numerator, "denominator": atoms.denominator, "value": value, "unit": figure.unit}
