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


class Accepted(Problem):
    """A run over a month that counts as accepted by silence."""

    def __init__(self, statement: Statement) -> None:
        super().__init__(
            Text(
                f"{statement.month} 逾期未签署也未争议，已视为认可。",
                f"{statement.month} counts as accepted: nobody signed or disputed it in time.",
            ),
            why=Text("按协议视为认可后不再重新结算。", "Under the agreement that holds, so it is not settled again."),
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


class EarlierOpen(Problem):
    """A signature while an earlier month is open."""

    def __init__(self, earlier: Statement) -> None:
        super().__init__(
            Text(f"{earlier.month} 尚未会签锁定。", f"{earlier.month} is still open."),
            why=Text(
                "账期须依次锁定，每月的对账单都承接上月。",
                "Months are closed in turn: each goes on from the one before.",
            ),
            remedy=Text(f"请先完成 {earlier.month}。", f"Settle and sign {earlier.month} first."),
        )


class ChainWentOn(Problem):
    """A signature on what does not go on from the newest closed month."""

    def __init__(self, statement: Statement) -> None:
        super().__init__(
            Text(
                f"{statement.month} 结算之后，更早的账期才锁定。",
                f"An earlier month was closed after {statement.month} had been settled.",
            ),
            why=Text("本对账单没有承接该账期。", "This statement does not go on from it."),
            remedy=Text(
                f"请重新结算 {statement.month}；系统也会在每天清晨自动结算。",
                f"Settle {statement.month} again; the daily run does so as well.",
            ),
        )


class LaterClosed(Problem):
    """A run, or a signature, of a month behind one that is closed."""

    def __init__(self, month: str, later: Statement) -> None:
        super().__init__(
            Text(
                f"{later.month} 已经完结，{month} 不能再结算。",
                f"{later.month} is closed, so {month} cannot be settled any more.",
            ),
            why=Text(
                f"{later.month} 的对账单没有承接它，两者会形成两条签署记录。",
                f"The statement of {later.month} does not go on from it: the chain would fork.",
            ),
            remedy=Text("请双方另行商定该账期的款项。", "Agree on the money of that month with the other company."),
        )
