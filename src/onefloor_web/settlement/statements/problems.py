"""What cannot be done with a statement, and what to do instead."""

from __future__ import annotations

from onefloor.language import Text
from onefloor.problems import Problem
from onefloor_web.agreements.register.models import Agreement
from onefloor_web.settlement.statements.models import State, Statement


class NothingSigned(Problem):
    """An agreement of which no version is signed by both."""

    def __init__(self, agreement: Agreement) -> None:
        super().__init__(
            Text(f"协议 {agreement.code} 还没有双方签署的版本。", f"No version of {agreement.code} is signed by both."),
            remedy=Text("双方签署后再结算。", "Settle it once both companies have signed."),
        )


class Locked(Problem):
    """A run over a month that both have signed."""

    def __init__(self, statement: Statement) -> None:
        super().__init__(
            Text(f"{statement.month} 已锁定，不再结算。", f"{statement.month} is locked and is not settled again."),
            remedy=Text(
                "之后到达的数据会作为跨期更正计入后续账期。",
                "Facts that come later are booked as a correction in a later month.",
            ),
        )


class NotIssued(Problem):
    """Something that only an issued statement allows."""

    def __init__(self, statement: Statement) -> None:
        states = {
            State.DRAFT: (
                Text("这份对账单仍是暂定。", "This statement is provisional."),
                Text("数据齐备后重新结算，再会签。", "Run the month again once all facts are in, then sign."),
            ),
            State.SUPERSEDED: (
                Text("这份对账单已被替代。", "This statement has been superseded."),
                Text("请打开该账期的最新修订。", "Open the newest revision of the month."),
            ),
        }
        what, remedy = states.get(
            State(statement.state),
            (
                Text("这份对账单已锁定。", "This statement is locked."),
                Text("之后的变化在后续账期更正。", "What comes later is corrected in a later month."),
            ),
        )
        super().__init__(what, remedy=remedy)


class StillDisputed(Problem):
    """A signature while lines are at issue."""

    def __init__(self, lines: list[int]) -> None:
        listed = "、".join(str(number) for number in lines)
        super().__init__(
            Text(f"第 {listed} 行仍有争议。", f"Still disputed: line {', '.join(str(number) for number in lines)}."),
            remedy=Text("争议结束后再会签。", "Sign once that is settled."),
        )


class NoDraft(Problem):
    """Issuing what is not a draft, or not final."""

    def __init__(self, statement: Statement) -> None:
        super().__init__(
            Text(f"{statement.month} 不能签发。", f"The statement of {statement.month} cannot be issued."),
            why=Text("只有数据齐备的草稿可以签发。", "Only a draft whose facts are all in can be issued."),
            remedy=Text("数据齐备后请重新结算。", "Run the month again once all facts are in."),
        )
