"""Why something cannot be done in a dispute, and what to do instead."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from onefloor.agreements.rendering.formats import money
from onefloor.language import Text
from onefloor.problems import Problem
from onefloor_web.platform.pages.formats import moment
from onefloor_web.settlement.disputes.models import Dispute, State
from onefloor_web.settlement.statements.reading import shown as two_places


class NotIssued(Problem):
    """A claim against what is not, or no longer, waiting for signatures."""

    def __init__(self) -> None:
        super().__init__(
            Text(
                "只有已签发、尚未会签的对账单可以提出争议。",
                "Only lines of an issued, unsigned statement are disputed.",
            ),
            remedy=Text("请打开该账期的最新修订。", "Open the newest revision of the month."),
        )


class Accepted(Problem):
    """A claim against what counts as accepted by silence."""

    def __init__(self) -> None:
        super().__init__(
            Text("这份对账单已按协议视为认可。", "Under the agreement this statement counts as accepted."),
            why=Text("逾期未签署也未争议。", "Nobody signed or disputed it in time."),
            remedy=Text("如有误，请与对方商定。", "If something is wrong, settle it with the other company."),
        )


class Agreed(Problem):
    """Going on with what both have agreed on."""

    def __init__(self) -> None:
        super().__init__(
            Text("双方已就本行商定，以商定为准。", "Both companies have agreed on this line; that holds."),
            remedy=Text("如需变更，请与对方商定。", "To change it, settle it with the other company."),
        )


class Replaced(Problem):
    """Agreeing to a proposal that its author has replaced."""

    def __init__(self) -> None:
        super().__init__(
            Text("对方已提出新的提议。", "The other company has made another proposal since."),
            why=Text("同一步骤中，新的提议取代旧的。", "At one step a newer proposal replaces the older one."),
            remedy=Text("请查看最新的提议。", "Look at the newest one."),
        )


class Shadow(Problem):
    """A statement of own staff: there is no other side."""

    def __init__(self) -> None:
        super().__init__(
            Text(
                "自有员工的对账单没有对方，不存在争议。",
                "A shadow statement of own staff has no other side to dispute it.",
            ),
            remedy=Text("请核对数据后重新结算。", "Check the facts and run the month again."),
        )


class TooLate(Problem):
    """Past the deadline of the terms."""

    def __init__(self, due: datetime) -> None:
        super().__init__(
            Text(f"时限已于 {moment(due)} 届满。", f"The deadline passed at {moment(due)}."),
            why=Text("时限由协议约定。", "The agreement sets it."),
            remedy=Text(
                "请按协议约定的后果处理，或与对方商定。", "What the agreement says holds now; or settle it together."
            ),
        )


class RoundsUsed(Problem):
    """A line disputed as often as the terms allow."""

    def __init__(self, rounds: int) -> None:
        super().__init__(
            Text(
                f"本行已争议 {rounds} 次，达到约定次数。", f"This line was disputed {rounds} times, as often as agreed."
            ),
            remedy=Text("可以升级，或会签。", "Take it to the next step, or sign."),
        )


class LinesUsed(Problem):
    """As many lines of a statement disputed as the terms allow."""

    def __init__(self, lines: int) -> None:
        super().__init__(
            Text(
                f"本账期已争议 {lines} 行，达到约定上限。",
                f"{lines} lines of this month were disputed, the agreed most.",
            ),
            remedy=Text("请与对方商定，或撤回其他争议。", "Settle it together, or leave it."),
        )


class UnderWay(Problem):
    """A second claim while the first is not decided."""

    def __init__(self) -> None:
        super().__init__(
            Text("本行已有争议正在处理。", "This line is disputed already."),
            remedy=Text("请在该争议中补充说明。", "Say more in that dispute."),
        )


class Over(Problem):
    """A dispute that has moved on."""

    def __init__(self, dispute: Dispute) -> None:
        words = {
            State.OPEN: Text("本争议尚待答复。", "This dispute waits for a ruling."),
            State.ESCALATED: Text("本争议已升级。", "This dispute was escalated."),
            State.ACCEPTED: Text("本争议已裁定：全部认可。", "This dispute was decided: accepted."),
            State.PARTLY: Text("本争议已裁定：部分认可。", "This dispute was decided: accepted in part."),
            State.REJECTED: Text("本争议已裁定：不予认可。", "This dispute was decided: rejected."),
            State.WITHDRAWN: Text("本争议已撤回。", "This dispute was withdrawn."),
            State.RESERVED: Text("本争议的金额已保留。", "The amount of this dispute is reserved."),
        }
        super().__init__(words[State(dispute.state)], remedy=Text("请查看其现状。", "See where it stands now."))


class NotYourTurn(Problem):
    """The other company has to act."""

    def __init__(self) -> None:
        super().__init__(
            Text("这一步须由对方公司完成。", "It is the other company that does this."),
            remedy=Text("如有补充，请留言。", "Write a message if there is more to say."),
        )


class NoReason(Problem):
    """A claim, a rejection or a part without its reason."""

    def __init__(self) -> None:
        super().__init__(
            Text("请写明理由。", "A reason is needed."),
            why=Text("对方须能据此核对。", "The other company has to be able to check it."),
            remedy=Text("请写明时间、范围和依据。", "Say when, which rows, and what shows it."),
        )


class NothingClaimed(Problem):
    """A claim that would not move the net the claimant's way, beyond what was accepted before."""

    def __init__(self) -> None:
        super().__init__(
            Text(
                "按此主张，净额不会向主张方有利的方向变化。",
                "With this claim the net would not move the claimant's way.",
            ),
            why=Text("已认可的金额不能再次主张。", "What was accepted before is not claimed again."),
            remedy=Text("请改用其他时段、范围或金额。", "Choose another window, scope or amount."),
        )


class BeyondClaim(Problem):
    """A part that is not within the claim."""

    def __init__(self) -> None:
        super().__init__(
            Text("认可的部分超出了主张的范围。", "The part is not within what was claimed."),
            remedy=Text(
                "请缩小时段、队列或金额；全部认可请选“全部认可”。",
                "Narrow the window, the queues or the amount; to accept everything, choose so.",
            ),
        )


class BeyondLine(Problem):
    """A claim over more than its line can move."""

    def __init__(self, most: Text) -> None:
        super().__init__(
            Text(f"主张的金额不能超过 {most.zh}。", f"At most {most.en} can be claimed of this line."),
            why=Text(
                "这是本行的金额；本行为零时，是对账单净额。",
                "That is the amount of the line; where it is zero, the net of the statement.",
            ),
            remedy=Text(
                "请改写金额，或按时段主张话务。", "Write another amount, or claim the contacts of a time window."
            ),
        )


class TooMuch(Problem):
    """A part of more money than was claimed."""

    def __init__(self, most: Text) -> None:
        super().__init__(
            Text(f"金额应在 0 和 {most.zh} 之间。", f"The amount has to lie between 0 and {most.en}."),
            remedy=Text("请改写金额。", "Write another amount."),
        )


class BadWindow(Problem):
    """A window that holds no moment of the month, or queues nobody knows."""

    def __init__(self, month: str) -> None:
        super().__init__(
            Text(
                f"时段须在 {month} 内，且结束晚于开始。", f"The window has to lie in {month}, its end after its start."
            ),
            remedy=Text("请改写开始和结束时间。", "Write another start and end."),
        )


class NoRows(Problem):
    """A window and queues in which nothing was counted."""

    def __init__(self) -> None:
        super().__init__(
            Text("该时段和队列没有计入本行的话务。", "No rows of this line lie in that window and those queues."),
            remedy=Text("请核对时间和队列名称。", "Check the times and the names of the queues."),
        )


class NoSteps(Problem):
    """A dispute that cannot be taken further."""

    def __init__(self) -> None:
        super().__init__(
            Text("协议没有约定进一步的升级步骤。", "The agreement has no further step."),
            remedy=Text("请与对方商定。", "Settle it together."),
        )


def amount_words(amount: Decimal, currency: str) -> Text:
    """An amount in both languages."""
    return money(two_places(amount), currency)
