"""What an answer says of itself, in both languages."""

from __future__ import annotations

from onefloor.language import Text
from onefloor.planning.rounds.judging import Standing
from onefloor.planning.rounds.result import Answer, hours

HEADS = (
    Text("轮次", "round"), Text("低于目标", "short"), Text("需求偏高", "needs too high"),
    Text("需求工时", "hours needed"), Text("计薪工时", "paid hours"), Text("成本", "cost"),
)  # fmt: skip
MEANINGS = {
    Standing.SHORT: Text("低于目标超过 1 个百分点", "more than a point below the target"),
    Standing.KEPT: Text(
        "与目标相差不超过 1 个百分点，或虽更高但少一人便不再高出 1 个百分点以上",
        "within a point of the target, or higher but with one agent less at most a point above it",
    ),
    Standing.SPARE: Text(
        "少一人仍更高，而需求并未要求此人：班次形状、在岗下限或保底工时使其在岗",
        "higher even with one agent less, whom no needs ask for: shifts, presence or guaranteed hours put them there",
    ),
    Standing.AMPLE: Text(
        "少一人仍更高，且需求要求此人", "higher even with one agent less, and the needs ask for that agent"
    ),
}


def headline(found: Answer) -> Text:
    """How many intervals keep the target, and in which round that was."""
    judged, short = found.after.judged, found.after.count(Standing.SHORT)
    share, level = f"{1 - short / max(judged, 1):.1%}", f"{found.asked.level:.0%}"
    return Text(
        f"模拟：{judged} 个技能时段中 {short} 个比目标 {level} 低 1 个百分点以上（最初 {found.short_before} 个），"
        f"其余 {share} 不低于此；取自第 {found.best} 轮。",
        f"Simulated: {short} of {judged} intervals are over a point below {level} ({found.short_before} at first), "
        f"the other {share} are not; taken from round {found.best}.",
    )


def rounds(found: Answer) -> list[tuple[object, ...]]:
    """A row for each round, as ``HEADS`` has them; of the replications of that round."""
    return [
        (
            number, state.short, state.lower, f"{hours(state.plan):,.1f}", f"{state.plan.score.paid_hours:,.1f}",
            f"{state.plan.score.total:,.0f}",
        )
        for number, state in enumerate(found.states)
    ]  # fmt: skip


def remarks(found: Answer) -> list[Text]:
    """How the intervals stand on fresh chance, why short ones are, and how sure that is."""
    after = found.after
    told = [
        Text(f"{after.count(one)} 个：{MEANINGS[one].zh}。", f"{after.count(one)}: {MEANINGS[one].en}.")
        for one in Standing
    ]
    if lacking := int(after.uncovered.sum()):
        told.append(Text(
            f"低于目标的时段中有 {lacking} 个是班表未覆盖需求：人手不够，或补足比缺员更贵（规则中的 missing）。",
            f"In {lacking} of the short ones the roster does not cover the needs: people lack, or they cost more "
            "than what is missing (missing in the rules).",
        ))  # fmt: skip
    error = f"{100 * after.error:.2f}"
    told.append(Text(
        f"在未参与求解的随机数上模拟 {found.fresh} 次；一个时段水平的标准误平均 {error} 个百分点。",
        f"By {found.fresh} replications that no round has seen; a level's standard error is {error} points on average.",
    ))  # fmt: skip
    return told
