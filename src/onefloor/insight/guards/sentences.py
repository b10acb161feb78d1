"""What guards say, in both languages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from onefloor.insight.finding import Estimate, Verdict
from onefloor.language import Text, joined, same

CORRELATION = Text("相关系数", "correlation")
POINTS = Text("个百分点", "points")
ABOUT_TRADE = Text("销售与质量的取舍", "selling against quality")
ABOUT_QUADRANT = Text("销售高而服务差的坐席", "who sells more and serves worse")
MOST_NAMED = 5
AGENTS = Text("名坐席", "agents")
TEAMS = Text("个班组", "teams")

TIMES_OF_FURTHEST = Text("倍（偏离最远者的实际÷预期）", "times what is expected, of who is furthest out")
PEERS = Text("与同队列、同时段的同事相比。", "compared with peers in the same queue and hour")
OWN_COMPANY = Text(
    "与本公司的水平相比：公司之间的差别已扣除。",
    "against the level of the own company: what sets companies apart is taken out",
)
SAME_WORK = Text(
    "与所有其他公司的同类话务相比（同 onefloor compare），全部区间一并成立。",
    "against all others on the same kind of work, as onefloor compare has it; all intervals hold together",
)
NO_QUALITY_VERDICT = Text(
    "只看是否以质量换销售，不是对质量本身的结论（请用 onefloor compare）。",
    "about selling at the cost of quality, no verdict on quality itself (onefloor compare gives that)",
)
INDEPENDENT = Text("两项指标的抽样误差相互独立。", "the sampling errors of both figures are independent")
CONVERSATION = Text("只用于谈话和增加抽检，不作处罚依据。", "opens a conversation and more sampling, never a sanction")
PROVISIONAL = Text(
    "最近的话务仍可能有重复来电、取消或投诉到达，结论暂定。",
    "repeats, cancellations and complaints of the newest contacts may still arrive: provisional",
)


def shared_queues(share: float) -> Text:
    """Which part of a company's work is in queues that others serve too."""
    return Text(
        f"只比较其他公司也服务的队列：占 {share:.0%}。", f"only queues that others serve too: {share:.0%} of its work"
    )


def screen_rule(limit: float) -> Text:
    """From when on somebody is named; there is no estimate for a list of people."""
    return Text(
        f"超出正常差异 {limit:.1f} 个标准差才点名：整张清单平均误报 0.05 人。",
        f"named is who is {limit:.1f} deviations beyond ordinary differences: 0.05 false alarms on the whole list",
    )


def names_of(units: Sequence[object]) -> Text:
    """Some names, and how many more."""
    listed = joined([same(str(unit)) for unit in units[:MOST_NAMED]])
    more = len(units) - MOST_NAMED
    if more <= 0:
        return listed
    return Text(f"{listed.zh} 等 {len(units)} 个", f"{listed.en} and {more} more")


def few_units(units: int, least: int, sampled: Text = AGENTS) -> Text:
    """Too few agents with rows (contacts, half hours) enough."""
    return Text(
        f"只有 {units} {sampled.zh}的记录足够，至少需要 {least} {sampled.zh[0]}；请选更长的时间。",
        f"rows enough: {units} {sampled.en}, and it takes {least}: choose a longer time",
    )


def trade_off_sentence(verdict: Verdict, found: Estimate | None, companies: Sequence[str] = ()) -> Text:
    """Whether the floor as a whole, or those of some companies, pay for selling with quality."""
    whom = joined([same(one) for one in companies])
    within = Text(f"{whom.zh} 内部", f"Within {whom.en}") if companies else Text("总体上", "On the floor as a whole")
    if verdict is Verdict.WORTH_A_LOOK and found is not None:
        return Text(
            f"{within.zh}，卖得多的坐席质量偏低："
            f"两者相关系数 {found.value:.2f}（{found.low:.2f} 至 {found.high:.2f}）。",
            f"{within.en}, who sells more serves worse: "
            f"correlation {found.value:.2f} ({found.low:.2f} to {found.high:.2f}).",
        )
    if verdict is Verdict.NOTHING_SEEN:
        return Text(f"{within.zh}看不出销售以质量为代价。", f"{within.en} selling shows no trade-off against quality.")
    return Text(
        f"{within.zh}销售是否以质量为代价，无法判断。",
        f"{within.en}, whether selling is paid for with quality cannot be told.",
    )


def list_rule(certain: float, right: float) -> Text:
    """Who of the likely ones is named."""
    return Text(
        f"点名的须各自有 {certain:.0%} 以上的可能，且整张名单平均至少 {right:.0%}。",
        f"named is who is likely with more than {certain:.0%}, while the list is with {right:.0%} on average",
    )


def check_more(count: int, maybe: float, sampled: Text) -> Text:
    """How many are not sure enough to be named, but worth more sampling."""
    return Text(
        f"另有 {count} {sampled.zh}可能如此（{maybe:.0%} 以上）：多抽检其话务或延长时间，再作判断。",
        f"{count} more {sampled.en} may do so (more than {maybe:.0%}): check more of their contacts, or look longer",
    )


@dataclass(frozen=True, slots=True)
class Likely:
    """How many of ``units`` are beyond both margins (points) with a probability above ``certain``."""

    count: int
    units: int
    certain: float
    margins: tuple[float, float]
    sampled: Text = AGENTS


def quadrant_sentence(flagged: Sequence[object], likely: Likely | None) -> Text:
    """Who probably sells above and serves below the peers; ``likely`` is None with too few units."""
    if likely is None:
        return Text("谁销售高而服务差，无法判断。", "Who sells more and serves worse cannot be told.")
    many, sampled, (more, less) = likely.count, likely.sampled, (f"{one:g}" for one in likely.margins)
    sure, one = f"{likely.certain:.0%}", many <= 1
    far = Text(
        f"很可能（> {sure}）销售高出同事 {more} 个百分点以上、服务又低 {less} 个百分点以上",
        f"probably (more than {sure}) {'sells' if one else 'sell'} more than {more} points above and "
        f"{'serves' if one else 'serve'} more than {less} points below {'its' if one else 'their'} peers",
    )
    if not many:
        return Text(f"{likely.units} {sampled.zh}中无一{far.zh}。", f"None of {likely.units} {sampled.en} {far.en}.")
    head = Text(
        f"{likely.units} {sampled.zh}中有 {many} {sampled.zh[0]}{far.zh}",
        f"{many} of {likely.units} {sampled.en} {far.en}",
    )
    if not flagged:
        return Text(
            f"{head.zh}；整张名单把握不够，未点名。",
            f"{head.en}; a list would not be right often enough: nobody is named.",
        )
    named = names_of(flagged)
    if len(flagged) == many:
        return Text(f"{head.zh}：{named.zh}。", f"{head.en}: {named.en}.")
    return Text(
        f"{head.zh}；其中 {len(flagged)} {sampled.zh[0]}的名单把握足够：{named.zh}。",
        f"{head.en}; a list of {len(flagged)} is right often enough: {named.en}.",
    )


def _moved(found: Estimate, more: Text, less: Text) -> Text:
    size = f"{abs(found.value):.1f}"
    way = more if found.value > 0 else less
    ends = f"{found.low:+.1f}", f"{found.high:+.1f}"
    if size == "0.0":  # a difference of nothing has no direction
        return Text(f"持平（{ends[0]} 至 {ends[1]} 个百分点）", f"level with theirs ({ends[0]} to {ends[1]} points)")
    return Text(
        f"{way.zh} {size} 个百分点（{ends[0]} 至 {ends[1]}）", f"{size} points {way.en} ({ends[0]} to {ends[1]})"
    )


TRADED = {
    Verdict.WORTH_A_LOOK: Text("卖得多而服务差", "it sells more and serves worse"),
    Verdict.NOTHING_SEEN: Text("看不出以质量换销售", "no sign of selling at the cost of quality"),
    Verdict.CANNOT_TELL: Text("是否以质量换销售，无法判断", "whether it sells at the cost of quality cannot be told"),
}


def company_sentence(
    name: str, verdict: Verdict, selling: Estimate | None, quality: Estimate | None, figures: tuple[Text, Text]
) -> Text:
    """How a company sells and serves against the others on the same work, and whether one is paid for by the other."""
    if selling is None or quality is None:
        return Text(
            f"“{name}”的销售与质量无法与其他公司相比。", f"{name}'s selling and quality cannot be compared with others."
        )
    more, less = Text("高", "higher"), Text("低", "lower")
    sold, served = _moved(selling, more, less), _moved(quality, more, less)
    seen = TRADED[verdict]
    return Text(
        f"同类话务下与其他公司相比，“{name}”{figures[0].zh}{sold.zh}，{figures[1].zh}{served.zh}：{seen.zh}。",
        f"On the same work as others, {name} has {figures[0].en} {sold.en} and {figures[1].en} {served.en}: {seen.en}.",
    )


def pattern_sentence(
    verdict: Verdict, title: Text, flagged: Sequence[object], judged: int, whole: int | None = None
) -> Text:
    """Whether a pattern of gaming was seen, and at whom; ``judged`` of ``whole`` agents had rows enough."""
    if verdict is Verdict.CANNOT_TELL:
        return Text(f"{title.zh}：无法判断。", f"{title.en.capitalize()}: cannot be told.")
    among = Text(f"{judged} 名坐席", f"{judged} agents")
    if whole is not None and whole > judged:
        among = Text(f"记录足够的 {judged} 名坐席（共 {whole} 名）", f"{judged} agents with rows enough (of {whole})")
    if not flagged:
        return Text(f"{title.zh}：{among.zh}中未见异常。", f"{title.en.capitalize()}: nothing seen among {among.en}.")
    named = names_of(flagged)
    return Text(
        f"{title.zh}：{among.zh}中有 {len(flagged)} 名值得一看：{named.zh}。",
        f"{title.en.capitalize()}: {len(flagged)} of {among.en} worth a look: {named.en}.",
    )
