"""What can stand in the way of recording a duty."""

from __future__ import annotations

from onefloor.language import Text
from onefloor.problems import Problem
from onefloor_web.agreements.duties.models import Duty, State

STATES = {
    State.CLAIMED: Text("等待甲方确认", "waiting for the client to confirm it"),
    State.OPEN: Text("尚未履行", "still owed"),
    State.DONE: Text("已登记履行", "recorded as delivered"),
    State.REFUSED: Text("甲方未认可", "not owed, as the client has it"),
    State.WITHDRAWN: Text("已撤回", "withdrawn"),
}


class NoClock(Problem):
    """The terms in force have no clock for a duty."""

    def __init__(self, duty: str, known: list[str]) -> None:
        listed = ", ".join(known)
        super().__init__(
            Text(f"生效条款没有“{duty}”的时限。", f'The terms in force have no clock for "{duty}".'),
            why=Text(f"已约定的有：{listed or '无'}。", f"There are: {listed or 'none'}."),
            remedy=Text(
                "请在协议的 clocks 中约定，或选择已有的一项。", "Agree one under clocks, or choose one of those."
            ),
        )


class Meanwhile(Problem):
    """Somebody else has moved the duty on already."""

    def __init__(self, duty: Duty) -> None:
        state = STATES[State(duty.state)]
        by = f"{duty.recorded_by}，" if duty.recorded_by else ""
        super().__init__(
            Text(f"{duty.reference}：{by}{state.zh}。", f"{duty.reference} is {state.en}{_by(duty)}."),
            remedy=Text("请刷新页面查看现状。没有改动任何内容。", "Look at it as it is now; nothing was changed."),
        )


class ByAnswering(Problem):
    """An answer is recorded where it is given."""

    def __init__(self, duty: Duty) -> None:
        super().__init__(
            Text(
                f"{duty.reference} 是对诉求的答复，答复时自动登记。",
                f"{duty.reference} is the answer to a request; it is recorded when the request is answered.",
            ),
            remedy=Text("请打开该诉求并答复。", "Open the request and answer it."),
        )


class NotYet(Problem):
    """A delivery in the future, or before it was asked for."""

    def __init__(self, duty: Duty) -> None:
        super().__init__(
            Text(
                "履行时间须在提出之后，且不晚于现在。",
                "A delivery lies after what asked for it, and not in the future.",
            ),
            remedy=Text(f"请核对时间（{duty.reference}）。", f"Check the time ({duty.reference})."),
        )


class SeatsMissing(Problem):
    """Fewer seats than were asked for."""

    def __init__(self, wanted: int, given: int) -> None:
        super().__init__(
            Text(f"应提供 {wanted} 个席位，登记了 {given} 个。", f"{wanted} seats are owed; {given} were entered."),
            remedy=Text(
                "全部提供后再登记；部分提供请写在说明中。",
                "Record it once all are delivered; partial deliveries belong into the evidence of that record.",
            ),
        )


class WasDue(Problem):
    """A duty that was due already cannot be withdrawn."""

    def __init__(self, duty: Duty) -> None:
        super().__init__(
            Text(f"{duty.reference} 已到期，不能撤回。", f"{duty.reference} was due already and cannot be withdrawn."),
            remedy=Text(
                "请登记履行；有分歧可在对账单上提出争议。",
                "Record its delivery; what you do not agree on can be disputed on the statement.",
            ),
        )


def _by(duty: Duty) -> str:
    return f" by {duty.recorded_by}" if duty.recorded_by else ""
