"""Why two companies cannot be compared, or only without a verdict; each reason with what to do about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from onefloor.insight.fair.overlap import ENOUGH, NEEDED
from onefloor.language import Text, joined, same

FEWEST, SURE = 5, 8  # agents of a company: below the first no comparison, up to the second no verdict
RESPONSE_APART = 0.10  # of response rates


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason. ``final`` ones make two companies not comparable; the other leaves the interval, without verdict."""

    kind: str
    reason: Text
    remedy: Text
    final: bool = True

    @property
    def words(self) -> Text:
        """Reason and remedy, one after the other."""
        return self.reason + self.remedy


SLICE = Text(
    "或用抽签方式把一小部分话务分给双方（公平样本，--fair-slice 给出数量）。",
    "Or let a lot send a few contacts to both (a fair slice; --fair-slice says how many).",
)


def little_overlap(
    share: float, ours: str, theirs: str, queues: Sequence[str] = (), *, tenure: bool = False, barred: bool = False
) -> Refusal:
    """Less than ``NEEDED`` of their contacts can be compared; ``queues`` are those in which enough can."""
    if tenure:
        kind, what = "tenure_overlap", Text("同类话务且司龄段相同", "of the same kind and tenure band")
        remedy = Text("请看“按交付”一行，或等双方司龄接近。", "Read the line as delivered, or wait until tenures meet.")
    else:
        kind, what = "overlap", Text("同类话务", "of the same kind")
        remedy = _where(queues) + SLICE
    free = Text("，且不在按绩效分配的队列中", ", outside queues that are routed by performance") if barred else same("")
    reason = Text(
        f"{theirs} 的话务只有 {share:.0%} 有 {ours} 的{what.zh}（每类至少 {ENOUGH} 件{free.zh}）可比，"
        f"至少要 {NEEDED:.0%}。",
        f"Only {share:.0%} of {theirs}'s contacts have {ENOUGH} or more of {ours}'s {what.en} beside them{free.en}; "
        f"{NEEDED:.0%} are needed.",
    )
    return Refusal(kind, reason, remedy)


def _where(queues: Sequence[str]) -> Text:
    if not queues:
        return Text(
            "没有一个队列有足够多双方都有的同类话务：若有共同的队列，请取更长的期间。",
            "No queue has enough contacts of a kind that both have: where they share queues, take more months.",
        )
    option = f"--where queue={','.join(queues)}"
    return Text(f"请只比较双方都做的队列：{option}。", f"Compare only queues that both serve: {option}.")


def few_agents(company: str, agents: int) -> Refusal | None:
    """Fewer than ``FEWEST`` agents, or so few that an interval is all that is honest; None if there are enough."""
    if agents > SURE:
        return None
    remedy = Text("请取更长的期间或更多班组。", "Take more months or more teams.")
    if agents < FEWEST:
        reason = Text(
            f"{company} 只有 {agents} 名坐席，至少要 {FEWEST} 名。",
            f"{company} has {_people(agents)} here; {FEWEST} are needed.",
        )
        return Refusal("few_agents", reason, remedy)
    reason = Text(
        f"{company} 只有 {agents} 名坐席：{FEWEST} 至 {SURE} 名时只给区间，不下结论。",
        f"{company} has {agents} agents here: with {FEWEST} to {SURE} there is an interval and no verdict.",
    )
    return Refusal("too_few_for_a_verdict", reason, remedy, final=False)


def other_definition(ours: str, our: str, theirs: str, their: str) -> Refusal:
    """The two agreements define the metric differently."""
    return Refusal(
        "definition",
        Text(
            f"双方协议对该指标的定义不同：{ours} 为 {our}，{theirs} 为 {their}。",
            f"The two agreements define the figure differently: {our} for {ours}, {their} for {theirs}.",
        ),
        Text("请先约定同一定义，再用它比较。", "Agree on one definition first and compare by that."),
    )


def other_survey_channel(share: float, ours: str, theirs: str, channels: Sequence[str]) -> Refusal:
    """Their surveys go out on channels that ours do not use."""
    listed = joined(same(name) for name in channels)
    return Refusal(
        "survey_channel",
        Text(
            f"{theirs} 的调查只有 {share:.0%} 走 {ours} 也使用的渠道（{listed.zh}）。",
            f"Only {share:.0%} of {theirs}'s surveys go out on channels that {ours} uses too ({listed.en}).",
        ),
        Text("请只比较双方共有的渠道（--where channel=…）。", "Compare one channel of both (--where channel=...)."),
    )


def other_response(ours: str, our: float, theirs: str, their: float) -> Refusal:
    """Response rates more than ten points apart: other people answer."""
    return Refusal(
        "response_rate",
        Text(
            f"参评率相差超过 10 个百分点：{ours} {our:.1%}，{theirs} {their:.1%}。作答的人群不同。",
            f"Response rates are more than 10 points apart ({our:.1%} for {ours}, {their:.1%} for {theirs}): "
            "other customers answer.",
        ),
        Text(
            "请统一邀请方式，或改用不依赖作答的指标，如一次性解决率。",
            "Invite alike, or compare a figure that needs no answers, such as first contact resolution.",
        ),
    )


def one_site_and_outage(theirs: str, site: str, days: Sequence[str]) -> Refusal:
    """The company is its site, and the site was hit by something in the window."""
    listed = ", ".join(days)
    return Refusal(
        "site_outage",
        Text(
            f"{theirs} 即职场 {site}，该职场在 {listed} 有故障：公司与故障分不开。",
            f"{theirs} is the site {site}, which had an outage on {listed}: company and outage cannot be told apart.",
        ),
        Text(f"请剔除这些日期：--leave-out {days[0]}。", f"Leave these days out: --leave-out {days[0]}."),
    )


def not_set_apart(ours: str, theirs: str) -> Refusal:
    """Nothing tells the company from its work: no kind of work is done by both."""
    return Refusal(
        "aliased",
        Text(
            f"{ours} 与 {theirs} 没有任何共同的工作，公司与话务分不开。",
            f"{ours} and {theirs} have no work in common: company and work cannot be told apart.",
        ),
        Text("请减少调整维度。", "Adjust for fewer dimensions.") + SLICE,
    )


def few_shared_half_hours(share: float, ours: str, theirs: str, needed: float) -> Refusal:
    """Too little of their work falls into half hours in which ours served the same queue."""
    return Refusal(
        "half_hours",
        Text(
            f"{theirs} 的话务只有 {share:.0%} 与 {ours} 处在同一队列的同一半小时，至少要 {needed:.0%}。",
            f"Only {share:.0%} of {theirs}'s contacts fall into half hours in which {ours} served the same queue; "
            f"{needed:.0%} are needed.",
        ),
        Text("请看“按交付”一行。", "Read the line as delivered.") + SLICE,
    )


def _people(agents: int) -> str:
    return "1 agent" if agents == 1 else f"{agents} agents"
