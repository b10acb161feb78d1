"""What can stand in the way of an act on a request."""

from __future__ import annotations

from onefloor.language import Text
from onefloor.problems import Problem
from onefloor_web.trust.requests.models import Request, State

STATES = {
    State.OPEN: Text("等待答复", "waiting for an answer"),
    State.ASKED: Text("已追问", "asked back"),
    State.ANSWERED: Text("已答复", "answered"),
    State.ACCEPTED: Text("已认可", "accepted"),
    State.UNSOLVED: Text("未解决关闭", "closed without a solution"),
    State.WITHDRAWN: Text("已撤回", "withdrawn"),
}


class Meanwhile(Problem):
    """Somebody else has acted on the request since it was looked at."""

    def __init__(self, request: Request) -> None:
        state = STATES[State(request.state)]
        super().__init__(
            Text(f"{request.code} 已有变动，现为：{state.zh}。", f"{request.code} has moved on; it is {state.en}."),
            remedy=Text(
                "没有改动任何内容。请查看现状后再操作。", "Nothing was changed. Look at it as it is now, then act."
            ),
        )


class NoSuchClass(Problem):
    """A class that the terms in force do not have."""

    def __init__(self, name: str, known: list[str]) -> None:
        super().__init__(
            Text(f"生效条款没有诉求类别“{name}”。", f'The terms in force have no class of requests "{name}".'),
            remedy=Text(f"请选择：{'、'.join(known)}。", f"Choose one of {', '.join(known)}."),
        )


class SentBackBefore(Problem):
    """An answer was sent back once already."""

    def __init__(self, request: Request) -> None:
        super().__init__(
            Text(f"{request.code} 已退回过一次。", f"{request.code} was sent back once already."),
            remedy=Text(
                "请认可，或按未解决关闭；需要时可另提诉求。",
                "Accept it, or close it without a solution; what is left can be a new request.",
            ),
        )
