"""A skill design in words."""

from __future__ import annotations

from onefloor.insight.numbers import number
from onefloor.language import Text
from onefloor.planning.skilling.designs import Design
from onefloor.planning.skilling.result import Curve, Point

HEADS = (
    Text("技能设计", "skill design"),
    Text("人均技能数", "skills per agent"),
    Text("所需坐席", "agents needed"),
    Text("95% 区间", "95 % interval"),
    Text("年培训工时", "training hours a year"),
    Text("合计工时（坐席加培训）", "hours in all"),
)
FORMS = {
    "single": Text("各守一线", "one line each"),
    "blocks": Text("合并成块", "blocks"),
    "chain": Text("成链", "chain"),
    "all": Text("全技能", "all lines"),
}


def name(design: Design) -> Text:
    """``chain of 2``."""
    form = FORMS[design.form]
    if design.form in ("single", "all"):
        return form
    if design.form == "chain":
        return Text(f"{form.zh}（每人 {design.width} 线）", f"{form.en} of {design.width}")
    return Text(f"{form.zh}（每块至多 {design.width} 线）", f"{form.en} of up to {design.width}")


def headline(found: Curve) -> Text:
    """The recommendation, with what it saves against one line each and against all lines."""
    best, apart, full = found.best, found.single, found.everything
    fewer, hours = sum(apart.agents) - sum(best.agents), full.training - best.training
    level = f"{100 * found.asked.target:.4g}%"
    doubt = best.needed.high - best.needed.value
    saved = [
        (Text(f"比各守一线少 {fewer} 名坐席",
              f"{fewer} {'agent' if fewer == 1 else 'agents'} fewer than with one line each"), best is not apart),
        (Text(f"比全技能少 {number(hours)} 培训小时", f"{number(hours)} training hours fewer than with all lines"),
         best is not full),
    ]  # fmt: skip
    zh, en = "，".join(text.zh for text, told in saved if told), ", ".join(text.en for text, told in saved if told)
    return Text(
        f"要使每条线的服务水平都达到 {level}，建议“{name(best.design).zh}”：{sum(best.agents)} 名坐席（±{doubt:.1f}），"
        f"人均 {best.skills:.1f} 项技能，年培训 {number(best.training)} 小时；{zh}。",
        f"To hold {level} on every line the recommended design is {name(best.design).en}: {sum(best.agents)} agents "
        f"(±{doubt:.1f}) with {best.skills:.1f} skills each and {number(best.training)} training hours a year; {en}.",
    )


def remarks(found: Curve) -> list[Text]:
    """The groups, the share of pooling, the bounds, and what chance leaves open."""
    told = [groups_words(found.best)]
    if found.gained is not None:
        told.append(Text(
            f"合并全部产品线所能节省的坐席，此设计已得 {found.gained:.0%}。",
            f"It saves {found.gained:.0%} of the agents that pooling all lines would save.",
        ))  # fmt: skip
    low, high = found.bounds
    told.append(Text(
        f"按 Erlang A：全部合并需 {low} 名，全部分开需 {high} 名（近似值，模拟结果可在其外：它不含不愿等待者，"
        "时长和耐心按指数分布）。",
        f"By Erlang A: {low} agents with all lines pooled, {high} with all apart. It is an approximation that the "
        "simulation may leave on either side: nobody leaves at once, handling and patience are exponential.",
    ))  # fmt: skip
    if found.rivals:
        zh, en = "、".join(name(p.design).zh for p in found.rivals), ", ".join(name(p.design).en for p in found.rivals)
        told.append(Text(f"与其难分高下：{zh}。", f"Cannot be told apart from it: {en}."))
    return told


def groups_words(point: Point) -> Text:
    """Who learns what."""
    listed = ", ".join(f"{'+'.join(lines)} {n}" for lines, n in zip(point.design.groups, point.agents, strict=True))
    return Text(f"分组与人数：{listed}。", f"Groups and agents: {listed}.")


def row(found: Curve, point: Point) -> list[object]:
    """A line of the table."""
    mark = "→ " if point is found.best else ""
    shown = name(point.design)
    return [
        Text(mark + shown.zh, mark + shown.en),
        f"{point.skills:.2f}",
        str(sum(point.agents)),
        f"{point.needed.low:.1f} – {point.needed.high:.1f}",
        f"{point.training:,.0f}",
        f"{point.hours(found.asked.working):,.0f}",
    ]
