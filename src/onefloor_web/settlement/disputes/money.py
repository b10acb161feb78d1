"""What a claim or an answer comes to. Every number is the core's: it settles the statement's own rows again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from onefloor.agreements.adjustments import CREDIT_NOTE
from onefloor.agreements.alternatives import NoClause, alternative, by_amount, judges_rows, settled_without, window_of
from onefloor.periods import Month
from onefloor.problems import Problem
from onefloor_web.settlement.disputes import problems
from onefloor_web.settlement.disputes.models import Answer, Answering, Asking, Claim, Dispute
from onefloor_web.settlement.statements.models import Adjustment, Line, Statement
from onefloor_web.settlement.statements.reading import bundle_of, settled_of

MINUTE = "%Y-%m-%dT%H:%M"


@dataclass(frozen=True, slots=True)
class Wish:
    """Rows of a window of local time, of all queues or some, or an amount (> 0, in the claimant's favour)."""

    starts: datetime | None = None
    ends: datetime | None = None
    queues: tuple[str, ...] = ()
    amount: Decimal | None = None

    def written(self, direction: int) -> dict[str, Any]:
        """The fields of a row that say the same."""
        if self.starts is None or self.ends is None:
            return {"starts": "", "ends": "", "queues": "", "amount": direction * (self.amount or Decimal(0))}
        window = {"starts": self.starts.strftime(MINUTE), "ends": self.ends.strftime(MINUTE)}
        return {**window, "queues": "\n".join(self.queues), "amount": None}


def direction_of(statement: Statement, claimant: int) -> int:
    """1 where a claim of this company raises the net, which is owed to the vendor; -1 for the client's."""
    return 1 if claimant == statement.company_id else -1


def effect_of(line: Line, asking: Asking) -> dict[str, Any]:
    """What the line and the net would be: ``Alternative.as_json``.

    Raises:
        NoClause, BadWindow, NoRows: rows are asked for that the line does not have.
    """
    statement = line.statement
    issued = settled_of(statement)
    if not asking.by_rows:
        return by_amount(issued, line.number, asking.amount or Decimal(0)).as_json()
    starts, ends = asking.window
    bundle = bundle_of(statement)
    of_core = next(one for one in issued.lines if one.number == line.number)
    if not judges_rows(bundle, of_core):
        raise NoClause(of_core.title)
    if not _within(statement.period, starts, ends):
        raise problems.BadWindow(statement.month)
    otherwise = settled_without(bundle, window_of(line.clause, starts, ends, asking.named_queues))
    found = alternative(issued, line.number, otherwise)
    if found.rows == 0:
        raise problems.NoRows
    return found.as_json()


def may_claim_rows(line: Line) -> bool:
    """Whether rows can be taken out of this line."""
    issued = settled_of(line.statement)
    try:
        return judges_rows(bundle_of(line.statement), next(one for one in issued.lines if one.number == line.number))
    except Problem:  # its bundle is gone: an amount can be claimed still
        return False


def credited(line: Line) -> Decimal:
    """What credit notes have moved this line by so far, in any revision of its month."""
    statement = line.statement
    rows = Adjustment.objects.filter(
        kind=CREDIT_NOTE, line__statement__agreement=statement.agreement_id, line__statement__month=statement.month,
        line__key=line.key,
    )  # fmt: skip
    found: Decimal | None = rows.aggregate(all=Sum("amount"))["all"]
    return found or Decimal(0)


def claimed(dispute: Dispute) -> Decimal:
    """What is at issue: the claim, less what was accepted of the line before. > 0 is owed to the company."""
    return dispute.claim.moves - credited(dispute.line)


def granted(dispute: Dispute, answer: Answer | None, *, accepted: bool = False) -> Decimal:
    """What an answer adds to what was accepted before; without one all or nothing."""
    if answer is None:
        return claimed(dispute) if accepted else Decimal(0)
    if answer.kind == Answering.REJECT:
        return Decimal(0)
    total = dispute.claim.moves if answer.kind == Answering.ALL else answer.moves
    return total - credited(dispute.line)


def most_of(line: Line) -> Decimal:
    """How much an amount that is claimed of a line may be: all that it moves; of one that moves nothing, the net."""
    return abs(line.amount) or abs(line.statement.net)


def refuse_beyond_line(line: Line, wish: Wish) -> None:
    """An amount lies within its line: rows say themselves what they come to.

    Raises:
        BeyondLine
    """
    most = most_of(line)
    if wish.starts is None and abs(wish.amount or Decimal(0)) > most:
        raise problems.BeyondLine(problems.amount_words(most, line.statement.currency))


def refuse_empty_claim(claim: Claim) -> None:
    """A claim has to move the net its author's way, beyond what was accepted before.

    Raises:
        NothingClaimed
    """
    direction = direction_of(claim.line.statement, claim.author_id)
    if direction * (claim.moves - credited(claim.line)) <= 0:
        raise problems.NothingClaimed


def refuse_beyond(dispute: Dispute, answer: Answer) -> None:
    """A part lies within the claim: in time, queues and money.

    Raises:
        BeyondClaim, TooMuch
    """
    claim, before = dispute.claim, credited(dispute.line)
    if claim.by_rows and answer.by_rows and not _part_of(answer, claim):
        raise problems.BeyondClaim
    direction = direction_of(dispute.statement, dispute.claimant_id)
    most, part = direction * (claim.moves - before), direction * (answer.moves - before)
    if not 0 <= part <= most:
        raise problems.TooMuch(problems.amount_words(abs(claim.moves), dispute.statement.currency))


def _part_of(answer: Answer, claim: Claim) -> bool:
    (starts, ends), (first, last) = answer.window, claim.window
    queues = not claim.queues or (answer.queues and set(answer.named_queues) <= set(claim.named_queues))
    return first <= starts and ends <= last and bool(queues)


def _within(month: Month, starts: datetime, ends: datetime) -> bool:
    first = datetime(month.year, month.month, 1)  # local time of the agreement, as its terms have it
    following = month.following()
    return first <= starts < ends <= datetime(following.year, following.month, 1)
