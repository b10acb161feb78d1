"""What guards say of what happens over time, in both languages."""

from __future__ import annotations

from collections.abc import Sequence

from onefloor.insight.finding import Estimate, Verdict
from onefloor.language import Text, joined, same

ABOUT_WATERMELON = Text("指标全绿而客户变差", "green contract, worse service")
TIMES = Text("倍（实际÷预期）", "times what was expected")
WEEKS = Text("周", "weeks")
LAGS = Text(
    "班组之间的长期差别、各周共同的高低已扣除；所有周一并判断。",
    "lasting differences between teams and weeks that were bad for all are taken out; all weeks are judged together",
)
PER_POINT = Text("个百分点（每多卖 1 个百分点）", "points for each point more sold")


def watermelon_sentence(
    verdict: Verdict, company: str, green: int, moved: Sequence[Text], needed: int, unknown: Sequence[Text] = ()
) -> Text:
    """Whether a contract is green while something outside it drifts; ``unknown`` are figures nothing can be said of."""
    if verdict is Verdict.CANNOT_TELL:
        return Text(
            f"“{company}”：合同外指标无法判断。", f"{company}: the figures outside the contract cannot be told."
        )
    listed = joined(moved, zh="、", en=", ")
    if verdict is Verdict.WORTH_A_LOOK:
        return Text(
            f"“{company}”的合同指标连续 {green} 个账期全部达标，但合同之外的{listed.zh}持续变差。",
            f"{company} reached every figure of the contract for {green} months, "
            f"while outside the contract {listed.en} got worse.",
        )
    if moved:
        return Text(
            f"“{company}”的{listed.zh}变差，合同指标也未连续 {needed} 个账期全部达标：合同本身已经反映。",
            f"{company}: {listed.en} got worse, and the contract's own figures were not all reached "
            f"for {needed} months either.",
        )
    missing = joined(unknown, zh="、", en=", ")
    rest = Text(f"；{missing.zh}无法判断", f"; {missing.en} cannot be told") if unknown else same("")
    return Text(
        f"“{company}”的合同外指标没有超出控制限的变差{rest.zh}。",
        f"{company}: no figure outside the contract has drifted beyond its limits{rest.en}.",
    )


def short_base(weeks: int, least: int) -> Text:
    """Too few weeks before."""
    return Text(
        f"之前只有 {weeks} 周，至少需要 {least} 周。", f"only {weeks} weeks lie before, and it takes {least} with rows"
    )


def lag_sentence(verdict: Verdict, title: Text, slope: Estimate | None, lag: int | None, longest: int) -> Text:
    """Whether something follows selling, when, and how much of it."""
    if slope is None:
        return Text(f"{title.zh}是否随销售而来，无法判断。", f"Whether {title.en} follow selling cannot be told.")
    ends = f"{slope.low:+.3f}", f"{slope.high:+.3f}"
    each = Text(
        f"每多卖 1 个百分点 {ends[0]} 至 {ends[1]} 个百分点", f"{ends[0]} to {ends[1]} points for each point more sold"
    )
    if verdict is Verdict.CANNOT_TELL:
        return Text(
            f"班组多卖之后 {longest} 周内{title.zh}是否增加，无法判断：最多的一周为{each.zh}。",
            f"Whether more {title.en} come in the {longest} weeks after a team sold more cannot be told: "
            f"{each.en} in the week that may have most.",
        )
    if lag is None:
        return Text(
            f"班组多卖之后 {longest} 周内，{title.zh}没有值得在意的增加：最多的一周为{each.zh}。",
            f"In the {longest} weeks after a team sold more, {title.en} did not rise by anything that matters: "
            f"{each.en} in the week that may have most.",
        )
    when = Text(
        "当周" if lag == 0 else f"{lag} 周后",
        "in the same week" if lag == 0 else f"{lag} weeks later".replace("1 weeks", "1 week"),
    )
    return Text(
        f"班组多卖之后，{when.zh}{title.zh}增加：{each.zh}。",
        f"Where a team sold more, more {title.en} came {when.en}: {each.en}.",
    )


def bunching_sentence(verdict: Verdict, company: str, limit_s: float, size: Estimate | None) -> Text:
    """Whether contacts bunch just past a paid limit."""
    limit = f"{limit_s:g}"
    if size is None:
        return Text(
            f"“{company}”：{limit} 秒附近的通话太少，无法判断。", f"{company}: too few calls near {limit} s to tell."
        )
    held = Text(
        f"刚过 {limit} 秒的通话是之前的 {size.value:.2f} 倍（{size.low:.2f} 至 {size.high:.2f}）",
        f"calls just past {limit} s are {size.value:.2f} times those before it ({size.low:.2f} to {size.high:.2f})",
    )
    seen = {
        Verdict.NOTHING_SEEN: Text("：没有值得在意的堆积", ": no bunching that matters"),
        Verdict.CANNOT_TELL: Text("：是否堆积，无法判断", ": whether they bunch cannot be told"),
    }.get(verdict, same(""))
    return Text(f"“{company}”：{held.zh}{seen.zh}。", f"{company}: {held.en}{seen.en}.")


def pulled_sentence(verdict: Verdict, company: str, spike: Estimate | None, dip: Estimate | None) -> Text:
    """Whether a contest's last days took sales from the days after it."""
    if spike is None or dip is None:
        return Text(
            f"“{company}”：竞赛前后的天数不足，无法判断。", f"{company}: too few days around the contest's end to tell."
        )
    first, then = (f"{one.value:.2f} ({one.low:.2f} to {one.high:.2f})" for one in (spike, dip))
    zh = [one.replace(" (", "（").replace(" to ", " 至 ").replace(")", "）") for one in (first, then)]
    seen = {
        Verdict.WORTH_A_LOOK: Text("成交被提前", "pulled forward"),
        Verdict.NOTHING_SEEN: Text("没有值得在意的提前成交", "no pulling forward that matters"),
    }.get(verdict, Text("是否提前成交，无法判断", "whether sales were pulled forward cannot be told"))
    return Text(
        f"“{company}”：成交与预期之比，竞赛末日为 {zh[0]}，随后一周为 {zh[1]}：{seen.zh}。",
        f"{company}: sales against what was expected were {first} in the contest's last days "
        f"and {then} in the week after it: {seen.en}.",
    )
