"""Definitions in words: what a predicate, a sum and a source say, for people who do not write programs.

The code stays what counts: it is what agreements hold and engines run. The words are written from it, so that both
cannot differ. A name without words is shown as it is.
"""

from __future__ import annotations

import ast
from typing import Final, NamedTuple

from onefloor.language import Text, joined, same
from onefloor.metrics.expressions import parsed
from onefloor.metrics.metric import Atom, Quantile


class Flag(NamedTuple):
    """What a yes-or-no column says, and what its opposite says."""

    yes: Text
    no: Text


TABLES: Final = {
    "legs": Text("通话段", "legs"),
    "contacts": Text("有坐席接通的话务", "contacts that an agent answered"),
    "agent_time": Text("坐席半小时", "half hours of agents"),
    "rings": Text("振铃", "rings"),
    "surveys": Text("满意度邀请", "survey invitations"),
    "sales": Text("推荐", "offers"),
    "complaints": Text("投诉", "complaints"),
    "evaluations": Text("质检评分", "evaluations"),
    "people": Text("名册人日", "days of people on the roster"),
    "forecasts": Text("锁定预测的时段", "intervals of locked forecasts"),
    "duties": Text("到期的甲方义务", "duties of the client that fell due"),
}
FLAGS: Final = {
    "inbound": Flag(Text("呼入", "inbound"), Text("非呼入", "not inbound")),
    "first": Flag(Text("为首个通话段", "first leg of its contact"), Text("非首个通话段", "not the first leg")),
    "offered": Flag(Text("进入队列", "entered a queue"), Text("未进入队列", "entered no queue")),
    "answered": Flag(Text("接通", "answered"), Text("未接通", "not answered")),
    "abandoned": Flag(Text("放弃", "abandoned"), Text("未放弃", "not abandoned")),
    "transferred": Flag(Text("转接", "transferred"), Text("未转接", "not transferred")),
    "sale_eligible": Flag(
        Text("接通且来源未禁止推荐", "answered, and an offer is not forbidden"), Text("不可推荐", "no offer is allowed")
    ),
    "identified": Flag(Text("客户已识别", "the customer is known"), Text("客户未识别", "the customer is not known")),
    "taken": Flag(Text("坐席应答", "taken by the agent"), Text("坐席未应答", "not taken by the agent")),
    "canceled": Flag(Text("已撤回", "withdrawn"), Text("未撤回", "not withdrawn")),
    "responded": Flag(Text("已作答", "answered by the customer"), Text("未作答", "not answered by the customer")),
    "resolved": Flag(Text("客户认为已解决", "resolved, says the customer"), Text("客户认为未解决", "not resolved")),
    "accepted": Flag(Text("成交", "accepted"), Text("未成交", "not accepted")),
    "justified": Flag(Text("投诉成立", "justified"), Text("投诉不成立", "not justified")),
    "customer_applies": Flag(
        Text("适用客户关键项", "has customer-critical items"), Text("不适用客户关键项", "has none")
    ),
    "customer_failed": Flag(
        Text("客户关键项出错", "a customer-critical error"), Text("客户关键项无差错", "no customer-critical error")
    ),
    "business_applies": Flag(
        Text("适用业务关键项", "has business-critical items"), Text("不适用业务关键项", "has none")
    ),
    "business_failed": Flag(
        Text("业务关键项出错", "a business-critical error"), Text("业务关键项无差错", "no business-critical error")
    ),
    "compliance_applies": Flag(
        Text("适用合规关键项", "has compliance-critical items"), Text("不适用合规关键项", "has none")
    ),
    "compliance_failed": Flag(
        Text("合规关键项出错", "a compliance-critical error"), Text("合规关键项无差错", "no compliance-critical error")
    ),
    "joined": Flag(Text("当日到岗", "joined on that day"), Text("非当日到岗", "did not join on that day")),
    "left": Flag(Text("当日离开", "left on that day"), Text("当日未离开", "did not leave on that day")),
    "left_early": Flag(
        Text("入职不足 90 天离开", "left within 90 days of hiring"),
        Text("并非入职不足 90 天离开", "did not leave within 90 days"),
    ),
    "hired": Flag(Text("当日入职", "hired on that day"), Text("非当日入职", "not hired on that day")),
    "within_tenth": Flag(Text("偏差不超过一成", "missed by at most a tenth"), Text("偏差超过一成", "missed by more")),
    "done": Flag(Text("已履行", "done"), Text("未履行", "not done")),
}
NUMBERS: Final = {
    "wait_ms": Text("等待时长", "wait"),
    "ring_ms": Text("振铃时长", "ringing"),
    "ringing_ms": Text("振铃时长", "ringing"),
    "talk_ms": Text("通话时长", "talk"),
    "hold_ms": Text("保持时长", "hold"),
    "wrap_ms": Text("话后处理时长", "after-call work"),
    "handle_ms": Text("处理时长", "handling time"),
    "gap_topic_ms": Text("距同一客户同一业务类型下次来电的间隔", "time to the customer's next contact on the topic"),
    "gap_any_ms": Text("距同一客户下次来电的间隔", "time to the customer's next contact"),
    "logged_ms": Text("登录时长", "logged-in time"),
    "available_ms": Text("空闲待接时长", "available time"),
    "paused_ms": Text("暂停时长", "paused time"),
    "productive_ms": Text("有效时长", "productive time"),
    "paid_ms": Text("计薪时长", "paid time"),
    "scheduled_ms": Text("排班时长", "scheduled time"),
    "required_ms": Text("班内应工作时长", "scheduled working time"),
    "adherent_ms": Text("符合班表的时长", "time in the scheduled state"),
    "worked_ms": Text("在线时长", "time logged in"),
    "absent_ms": Text("缺勤时长", "time absent"),
    "productive_adherent_ms": Text("班内有效时长", "productive time within the schedule"),
    "score": Text("评分", "score"),
    "score_hundredths": Text("质检得分", "score"),
    "cancelled_after_ms": Text("从成交到取消的时间", "time from sale to cancellation"),
    "complained_after_ms": Text("从成交到投诉的时间", "time from sale to complaint"),
    "received_after_ms": Text("从话务到投诉的时间", "time from contact to complaint"),
    "amount_minor": Text("成交金额", "amount of the sale"),
    "forecast": Text("预测话务量", "forecast contacts"),
    "actual": Text("实际话务量", "actual contacts"),
    "missed_by": Text("偏差话务量", "contacts missed by"),
    "late_ms": Text("迟延", "delay"),
    "rings_unanswered": Text("未应答振铃数", "unanswered rings"),
}
# What it means that a value is there, and that it is not.
THERE: Final = {
    "wait_ms": Flag(Text("有等待记录", "with a recorded wait"), Text("没有等待记录", "without a recorded wait")),
    "score": Flag(Text("有评分", "with a score"), Text("没有评分", "without a score")),
    "resolved": Flag(
        Text("已回答是否解决", "says whether it was resolved"),
        Text("未回答是否解决", "does not say whether it was resolved"),
    ),
    "justified": Flag(Text("已判定是否成立", "judged"), Text("尚未判定是否成立", "not judged yet")),
    "cancelled_after_ms": Flag(Text("已取消", "cancelled"), Text("未取消", "not cancelled")),
    "complained_after_ms": Flag(Text("被投诉", "complained about"), Text("未被投诉", "not complained about")),
    "late_ms": Flag(Text("已履行", "done"), Text("未履行", "not done")),
}
COMPARED: Final[dict[type[ast.cmpop], Text]] = {
    ast.Eq: Text("等于", "is"),
    ast.NotEq: Text("不等于", "is not"),
    ast.Lt: Text("小于", "under"),
    ast.LtE: Text("不超过", "at most"),
    ast.Gt: Text("大于", "over"),
    ast.GtE: Text("不少于", "at least"),
}
# Longer phrases first: each is replaced where it stands.
SOURCES: Final = {
    "own definition over RINGNOANSWER and RINGCANCELED of the Asterisk queue log": (
        "自定口径，取自 Asterisk 队列日志的 RINGNOANSWER 和 RINGCANCELED"
    ),
    "own definition: what first contact resolution leaves": "自定口径：一次性解决率以外的部分",
    "own definition: exact nearest rank, equal on every engine": "自定口径：精确最近秩，各引擎结果一致",
    "own definition, in the intent of ISO 18295-2": "自定口径，依 ISO 18295-2 的用意",
    "own definition of a repeat": "重复来电为自定口径",
    "by headcount days: own definition": "按人日计算为自定口径",
    "per contact, not per item: own definition": "按话务而不按项计，为自定口径",
    "not by class: own definition": "不按批次计，为自定口径",
    "own definition": "自定口径",
    "usage of the field, said to be COPC's (not verified in the standard)": "行业惯用，据称出自 COPC（未见标准原文）",
    "usage of the field: the customer's view": "行业惯用：以客户回答为准",
    "usage of the field; outcomes kept apart as in ": "行业惯用；结果分类参照 ",
    "usage of the field": "行业惯用",
    "COPC R4.1 glossary in a public copy (second-hand)": "COPC R4.1 术语表的公开副本（转引）",
    "GB/T 33358-2016 in published copies: ": "GB/T 33358-2016 的公开文本：",
    "ServiceNow documentation, ": "ServiceNow 文档，",
    "RingCentral .NET SDK documentation, ": "RingCentral .NET SDK 文档，",
    "answered contacts only": "只含接通的话务",
    "its own short-abandon limit: ": "独立的短时放弃时限：",
    " (second-hand)": "（转引）",
    "; ": "；",
}
NEVER: Final = Text("无（未设时限）", "none (no limit is set)")
UNITS: Final = (
    (86_400_000, Text("天", "days"), Text("天", "day")),
    (3_600_000, Text("小时", "hours"), Text("小时", "hour")),
    (60_000, Text("分钟", "minutes"), Text("分钟", "minute")),
    (1000, Text("秒", "seconds"), Text("秒", "second")),
    (1, Text("毫秒", "ms"), Text("毫秒", "ms")),
)


def spoken(predicate: str) -> Text:
    """A predicate in words; all rows without one.

    >>> spoken("offered and answered and (wait_ms <= 20000)").en
    'entered a queue and answered and wait at most 20 seconds'
    >>> spoken("not taken and (not canceled)").zh
    '坐席未应答，且未撤回'
    """
    if not predicate:
        return Text("全部", "all")
    tree = parsed(predicate)
    return NEVER if _impossible(tree) else _spoken(tree)


def counted(side: Atom | Quantile) -> Text:
    """A numerator or denominator in words.

    >>> counted(Atom("legs", "answered", "talk_ms + hold_ms")).en
    'talk + hold, summed over legs: answered'
    """
    table = TABLES.get(side.table, same(side.table))
    rows = (
        Text(f"{table.zh}（{spoken(side.where).zh}）", f"{table.en}: {spoken(side.where).en}") if side.where else table
    )
    if isinstance(side, Quantile):
        column = _spoken(parsed(side.column))
        return Text(
            f"{rows.zh}的{column.zh}由短到长，第 {side.percent}% 位",
            f"{column.en} at {side.percent}% in order, of {rows.en}",
        )
    times = same(f"{side.times} × ") if side.times != 1 else same("")
    if side.sum is None:
        return Text(f"{times.zh}{rows.zh}的数量", f"{times.en}number of {rows.en}")
    what = _spoken(parsed(side.sum))
    return Text(f"{times.zh}{rows.zh}的{what.zh}之和", f"{times.en}{what.en}, summed over {rows.en}")


def source_words(source: str) -> Text:
    """Where a definition was read; names and addresses stay as they are.

    >>> source_words("usage of the field").zh
    '行业惯用'
    """
    zh = source
    for phrase, words in SOURCES.items():
        zh = zh.replace(phrase, words)
    return Text(zh, source)


def _spoken(node: ast.expr) -> Text:
    match node:
        case ast.BoolOp(op=ast.And(), values=parts):
            return joined([_part(part) for part in parts], zh="，且", en=" and ")
        case ast.BoolOp(values=parts):
            return joined([_part(part) for part in parts], zh="，或", en=" or ")
        case ast.UnaryOp(op=ast.Not(), operand=ast.Name(id=name)) if name in FLAGS:
            return FLAGS[name].no
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            said = _spoken(operand)
            return Text(f"不满足（{said.zh}）", f"not ({said.en})")
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return _compared(left, op, right)
        case ast.BinOp(left=left, op=op, right=right):
            sign = ("＋", "+") if isinstance(op, ast.Add) else ("−", "−")
            first, second = _spoken(left), _spoken(right)
            return Text(f"{first.zh}{sign[0]}{second.zh}", f"{first.en} {sign[1]} {second.en}")
        case ast.Name(id=name):
            return FLAGS[name].yes if name in FLAGS else NUMBERS.get(name, same(name))
        case _:
            return same(ast.unparse(node))


def _part(node: ast.expr) -> Text:
    """A part of a longer sentence: what has parts itself stands in brackets."""
    said = _spoken(node)
    return Text(f"（{said.zh}）", f"({said.en})") if isinstance(node, ast.BoolOp) else said


def _compared(left: ast.expr, op: ast.cmpop, right: ast.expr) -> Text:
    what = _spoken(left)
    if isinstance(op, ast.Is | ast.IsNot):
        there = THERE.get(
            ast.unparse(left), Flag(Text(f"有{what.zh}", f"with {what.en}"), Text(f"没有{what.zh}", f"no {what.en}"))
        )
        return there.yes if isinstance(op, ast.IsNot) else there.no
    if type(op) not in COMPARED:
        return same(ast.unparse(ast.Compare(left, [op], [right])))
    how, limit = COMPARED[type(op)], _limit(left, right)
    return Text(f"{what.zh}{how.zh} {limit.zh}", f"{what.en} {how.en} {limit.en}")


def _limit(left: ast.expr, right: ast.expr) -> Text:
    """What is compared with: a length of time where the column holds one."""
    if not isinstance(right, ast.Constant) or not isinstance(right.value, int) or not _holds_time(left):
        return _spoken(right)
    if right.value == 0:
        return same("0")
    size, many, one = next(unit for unit in UNITS if right.value % unit[0] == 0)
    count = right.value // size
    unit = one if count == 1 else many
    return Text(f"{count} {unit.zh}", f"{count} {unit.en}")


def _holds_time(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id.endswith("_ms")


def _impossible(tree: ast.expr) -> bool:
    """Whether a part asks for a length of time below zero, as a limit that is not set does."""
    parts = tree.values if isinstance(tree, ast.BoolOp) and isinstance(tree.op, ast.And) else [tree]
    return any(
        isinstance(part, ast.Compare)
        and isinstance(part.ops[0], ast.LtE)
        and isinstance(part.comparators[0], ast.UnaryOp)
        for part in parts
    )
