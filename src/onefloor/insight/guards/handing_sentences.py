"""What is said of contacts that one company passes on to another, in both languages."""

from __future__ import annotations

from typing import Final

from onefloor.insight.finding import Verdict
from onefloor.insight.guards.handing import Exchange
from onefloor.language import Text

ABOUT: Final = Text("公司之间的转接", "contacts passed on between companies")
NOT_TOLD: Final = Text(
    "哪家公司把话务转给哪家，无法判断。", "Which company passes contacts on to which cannot be told."
)
NO_TAKERS: Final = Text("数据没有说明转接后由谁接起。", "the facts do not say who took a contact that was passed on")
ONE_COMPANY: Final = Text("只有一家公司的话务可看。", "only one company's contacts may be looked at")
FLOW: Final = Text(
    "两个方向都与对方自己人在同队列、同时段的转接相比；转给谁只取决于谁在岗。",
    "each way against what the receiver's own people pass on in the same queue and hour; who takes it is who is there",
)
TENURE: Final = Text("新人转接更多，未作扣除。", "newcomers pass on more, and that is not taken out")
SEEN: Final = {
    Verdict.WORTH_A_LOOK: Text("值得一看", "worth a look"),
    Verdict.NOTHING_SEEN: Text("没有值得在意的差别", "nothing that matters"),
    Verdict.CANNOT_TELL: Text("是否有意转出，无法判断", "whether it matters cannot be told"),
}


def named(name: str) -> Text:
    """A company as a sentence has it; all others where it has no name."""
    return Text(f"“{name}”", name) if name else Text("其他公司", "others")


def about(names: tuple[str, str]) -> Text:
    """Two companies."""
    one, two = map(named, names)
    return Text(f"{one.zh}与{two.zh}之间的转接", f"contacts passed on between {one.en} and {two.en}")


def shared(share: float) -> Text:
    """Which part of the work has peers."""
    return Text(
        f"只看双方都在做的队列和时段：至少占一方话务的 {share:.0%}。",
        f"only queues and hours in which both work: {share:.0%} or more of each side's contacts",
    )


def handing_sentence(of: Exchange, verdict: Verdict) -> Text:
    """Which way more is passed on, and by how much; told from the side that passes on more."""
    one, two = map(named, of.names)
    if of.net is None:
        return Text(
            f"{one.zh}与{two.zh}之间谁转出更多，无法比较。",
            f"Whether {one.en} or {two.en} passes on more cannot be compared.",
        )
    more = of.net if of.net.value >= 0 else -of.net
    sender, receiver = (one, two) if of.net.value >= 0 else (two, one)
    size, ends, seen = (
        f"{more.value:.1f}",
        [f"{round(end, 1) + 0.0:+.1f}" for end in (more.low, more.high)],
        SEEN[verdict],
    )
    if size == "0.0":  # a difference of nothing has no direction
        return Text(
            f"同类话务下，{sender.zh}与{receiver.zh}互相转接的比例持平"
            f"（{sender.zh}转给{receiver.zh}者多 {ends[0]} 至 {ends[1]} 个百分点）：{seen.zh}。",
            f"On the same work {sender.en} and {receiver.en} pass on level shares to each other "
            f"({ends[0]} to {ends[1]} points more from {sender.en} to {receiver.en}): {seen.en}.",
        )
    return Text(
        f"同类话务下，{sender.zh}转给{receiver.zh}的比例比反向高 {size} 个百分点"
        f"（{ends[0]} 至 {ends[1]}）：{seen.zh}。",
        f"On the same work {size} points more of the contacts of {sender.en} are passed on to {receiver.en} than the "
        f"other way ({ends[0]} to {ends[1]}): {seen.en}.",
    )
