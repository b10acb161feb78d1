"""A staff that was found, in words."""

from __future__ import annotations

from typing import Any

from onefloor.insight.numbers import number
from onefloor.language import Text
from onefloor.planning.pools.daily import Day
from onefloor.planning.pools.laws import Chosen, Laws
from onefloor.planning.pools.problem import Pools
from onefloor.planning.pools.result import Staffing, Standing
from onefloor.planning.simulation.laws import Law

STANDINGS = {
    Standing.MET: Text("达到", "met"),
    Standing.NEAR: Text("太近，无法判断", "too near to tell"),
    Standing.MISSED: Text("未达到", "missed"),
}
NOTHING = Text("", "")


def headline(found: Staffing) -> Text:
    """Who is needed and what it costs."""
    staff = ", ".join(f"{name} {n}" for name, n in zip(found.asked.names, found.staff.sum(axis=1), strict=True))
    cost, total = number(found.cost), int(found.staff.sum())
    short = missed(found)
    return Text(
        f"共需 {total} 名坐席（{staff}），成本 {cost}。{short.zh}", f"{total} agents ({staff}), cost {cost}.{short.en}"
    )


def missed(found: Staffing) -> Text:
    """How many targets fresh chance shows to be missed, to follow who is needed; empty if none is."""
    asked = found.asked
    standing = [found.standing(j, p) for j in range(len(asked.targets)) for p in range(asked.intervals)]
    short = standing.count(Standing.MISSED)
    if not short:
        return NOTHING
    return Text(
        f"但在新的随机数上，{len(standing)} 个目标中有 {short} 个未达到。",
        f" On fresh chance they miss {short} of {len(standing)} targets.",
    )


def remarks(found: Staffing) -> list[Text]:
    """How the targets stand on fresh chance, interval by interval where there are several, and which limits bind."""
    told = []
    for j, target in enumerate(found.asked.targets):
        for p in range(found.asked.intervals):
            level, stands = found.checked.estimate(j, p), STANDINGS[found.standing(j, p)]
            at = Text("", "") if found.asked.intervals == 1 else Text(f"第{p + 1}时段", f", interval {p + 1}")
            aim, *ends = (percent(x, target.level) for x in (target.level, level.value, level.low, level.high))
            told.append(Text(
                f"{target.name.zh}{at.zh}：{ends[0]}（{ends[1]} 至 {ends[2]}），目标 {aim}：{stands.zh}。",
                f"{target.name.en}{at.en}: {ends[0]} ({ends[1]} to {ends[2]}), target {aim}: {stands.en}.",
            ))  # fmt: skip
    told += [Text(f"限额“{x.name}”已用满。", f'The limit "{x.name}" is used up.') for x in found.binding]
    return told + causes(found)


def causes(found: Staffing) -> list[Text]:
    """Why targets are missed: limits that let none of their groups grow, or the chance of the search. Each once."""
    asked = found.asked
    missed = [
        (j, p) for j in range(len(asked.targets)) for p in range(asked.intervals)
        if found.standing(j, p) is Standing.MISSED
    ]  # fmt: skip
    return list(dict.fromkeys(_cause(found, j, p) for j, p in missed))


def _cause(found: Staffing, target: int, interval: int) -> Text:
    name, held = found.asked.targets[target].name, [x.name for x in found.held_by(target, interval)]
    if held:
        return Text(
            f"{name.zh} 未达到：限额 {'、'.join(held)} 不允许再增加承接它的坐席。",
            f"{name.en} is missed: {', '.join(held)} allow no more agents who serve it.",
        )
    return Text(
        f"{name.zh} 未达到并非限额所致：求解所用的模拟比新的随机数有利；增加模拟次数可更接近。",
        f"{name.en} is missed and no limit is why: the search's own chance was kinder than fresh chance. More "
        "replications bring them together.",
    )


def percent(share: float, target: float) -> str:
    """A share with as many digits as its target needs, so that a miss is not rounded away.

    >>> percent(0.9997, 0.99999), percent(0.8049, 0.8)
    ('99.970%', '80.5%')
    """
    digits = len(f"{100 * target:.6f}".rstrip("0").partition(".")[2])
    return f"{share:.{max(1, digits)}%}"


def laws(asked: Pools) -> list[Text]:
    """Which laws of handling and patience the answer rests on, by type."""
    told = []
    for kind in asked.model.types:
        busy, waits = shown(kind.service), shown(kind.patience)
        wrap = f" + {shown(kind.wrap_up).en}" if kind.wrap_up else ""
        told.append(Text(
            f"{kind.id}：处理 {busy.zh}{wrap}，耐心 {waits.zh}（取自模型）。",
            f"{kind.id}: handling {busy.en}{wrap}, patience {waits.en} (the model's).",
        ))  # fmt: skip
    return told


def laws_json(asked: Pools) -> list[dict[str, Any]]:
    """The same as data; seconds, None for a law that is not there."""
    return [
        {
            "type": kind.id,
            "handling": kind.service.as_json(),
            "wrap_up": kind.wrap_up and kind.wrap_up.as_json(),
            "patience": kind.patience and kind.patience.as_json(),
        }
        for kind in asked.model.types
    ]


def day_words(found: Day) -> Text:
    """What the simulation changed, and how the intervals stand on fresh chance."""
    lowest = f"{found.checked.value.min():.1%}"
    return Text(
        f"由 {found.began.sum()} 改为 {found.staff.sum()} 个坐席时段；最低时段 {lowest}，"
        f"低于目标一个百分点以上的有 {len(found.low)} 个，少一人仍高出一个百分点以上的有 {len(found.ample)} 个。",
        f"{found.began.sum()} agent intervals became {found.staff.sum()}; the lowest level is {lowest}, "
        f"{len(found.low)} lie more than a point below the target, {len(found.ample)} would lie more than a "
        "point above it with one agent less.",
    )


def skill_laws(skill: str, laws: Laws, mean_patience: float) -> list[Text]:
    """What a skill was simulated with: handling, then patience (of this mean where none was fitted)."""
    name = skill if laws.queues in ((), (skill,)) else f"{skill} ({', '.join(laws.queues)})"
    busy, waits = shown(laws.service(1.0), mean=False), shown(laws.waiting(mean_patience))
    share = f"{100 * laws.never_waits:.1f}%"
    never = Text(f"，另有 {share} 不愿等待", f", and {share} do not wait at all") if laws.never_waits else NOTHING
    handling = Text(f"{name}：处理时长 {busy.zh}，均值取自预测", f"{name}: handling {busy.en}, of the forecast's mean")
    patience = Text(f"{name}：耐心 {waits.zh}{never.zh}", f"{name}: patience {waits.en}{never.en}")
    answered, waited = f"{laws.handling.n:,}", f"{laws.patience.n:,}"
    return [
        _grounds(handling, laws.handling, Text(f"拟合自 {answered} 通已接通", f"fitted to {answered} answered")),
        _grounds(patience, laws.patience, Text(f"拟合自 {waited} 通需等待的话务，接通者按删失处理",
                                               f"fitted to {waited} that had to wait, the answered as censored")),
    ]  # fmt: skip


def _grounds(said: Text, chosen: Chosen, fitted: Text) -> Text:
    why, doubt = chosen.not_fitted, chosen.doubt or NOTHING
    ground = Text(f"非拟合：{why.zh}", f"not fitted: {why.en}") if why else fitted
    return Text(f"{said.zh}（{ground.zh}）。{doubt.zh}", f"{said.en} ({ground.en}). {doubt.en}".rstrip())


def shown(law: Law | None, *, mean: bool = True) -> Text:
    """A law in the words of model files, in whole seconds.

    >>> shown(Law("gamma", 181.6, 0.512)).en, shown(Law("gamma", 181.6, 0.512), mean=False).en
    ('gamma 182 s cv 0.51', 'gamma cv 0.51')
    """
    if law is None:
        return Text("无限", "endless")
    seconds = f" {law.mean:,.0f} s" if mean else ""
    spread = f" cv {law.cv:.2f}" if law.kind not in ("exponential", "constant") else ""
    return Text(f"{law.kind}{seconds}{spread}", f"{law.kind}{seconds}{spread}")
