"""The fixed words of a statement in both languages, as in the glossary."""

from __future__ import annotations

from typing import Final

from onefloor.language import Text, same

HEADINGS: Final = {
    "statement": Text("对账单", "Statement"),
    "shadow": Text("影子对账单", "Shadow statement"),
    "net": Text("净额", "Net"),
    "waterfall": Text("净额的构成", "How the net comes about"),
    "lines": Text("明细", "Lines"),
    "arithmetic": Text("计算过程", "Arithmetic"),
    "figures": Text("指标值", "Figures"),
    "adjustments": Text("冲减与更正", "Credit notes and corrections"),
    "payable": Text("应付", "Payable"),
    "left_out": Text("剔除", "Left out"),
    "order": Text("计算顺序", "Order of evaluation"),
    "versions": Text("版本", "Versions"),
    "totals": Text("合计", "Totals"),
    "rows": Text("明细行", "Rows"),
}

LABELS: Final = {
    "number": Text("序号", "#"),
    "clause": Text("条款", "Clause"),
    "clause_text": Text("条款原文", "Text of the clause"),
    "words": Text("说明", "In words"),
    "figure": Text("指标值（样本量）", "Figure (n)"),
    "value": Text("指标值", "Figure"),
    "sample": Text("样本量", "n"),
    "amount": Text("金额", "Amount"),
    "outcome": Text("结果", "Result"),
    "band": Text("档位", "Band"),
    "step": Text("步骤", "Step"),
    "formula": Text("算式", "Calculation"),
    "metric": Text("指标", "Metric"),
    "role": Text("用途", "Used as"),
    "numerator": Text("分子", "Numerator"),
    "denominator": Text("分母", "Denominator"),
    "counted": Text("计数", "Counted"),
    "scope": Text("范围", "Scope"),
    "without": Text("已剔除", "Left out"),
    "months": Text("账期", "Period"),
    "version": Text("版本", "Version"),
    "name": Text("名称", "Name"),
    "reason": Text("原因", "Reason"),
    "rows": Text("行数", "Rows"),
    "condition": Text("条件", "Condition"),
    "approvals": Text("双方确认", "Approved by"),
    "applied": Text("已剔除", "left out"),
    "not_applied": Text("未经双方确认，不生效", "not approved by both: without effect"),
    "clauses": Text("适用条款", "Clauses"),
    "nothing_left_out": Text("本账期没有剔除。", "Nothing was left out in this period."),
    "by_terms": Text("按条款约定", "by the terms"),
    "state": Text("状态", "State"),
    "item": Text("项目", "Item"),
    "details": Text("展开计算与依据", "Calculation and evidence"),
    "see_rows": Text("查看明细行", "See the rows"),
    "language": Text("语言", "Language"),
    "visible_to": Text("可见范围：双方", "Visible to both companies"),
    "page": Text("第 {page} 页，共 {pages} 页", "Page {page} of {pages}"),
}

STATES: Final = {
    "provisional": Text("暂估", "Provisional"),
    "final": Text("已定", "Final"),
    "shadow": Text("影子对账单，不支付", "Shadow statement: nothing is payable"),
}
STATE_NOTES: Final = {
    "provisional": Text(
        "数据尚未齐备，金额为暂估，仍可能变化。", "Facts are still missing: the amounts are estimates and may change."
    ),
    "final": Text("数据已齐备，金额不再变化。", "All facts are in: the amounts will not change."),
    "shadow": Text(
        "按同样的条款为自有员工计算，仅供比较，不产生支付。",
        "Computed for own staff under the same terms, for comparison; nothing is paid.",
    ),
}

WAITING: Final = {
    "final": Text("甲乙双方：核验证据包后会签", "Both companies: verify the bundle, then sign it"),
    "shadow": Text("无：仅供比较", "Nobody: for comparison only"),
}

KINDS: Final = {
    "fee": Text("费用", "Fee"),
    "fees": Text("费用", "Fees"),
    "credit": Text("扣罚", "Credit"),
    "credits": Text("扣罚", "Credits"),
    "reward": Text("激励", "Reward"),
    "rewards": Text("激励", "Rewards"),
    "relief": Text("减免", "Relief"),
    "earn_back": Text("扣罚返还", "Earn-back"),
    "cap": Text("封顶", "Cap"),
    "note": Text("说明", "Note"),
    "correction": Text("跨期更正", "Correction"),
    "corrections": Text("跨期更正", "Corrections"),
    "at_risk": Text("考核金额", "At-risk amount"),
    "net": Text("净额", "Net"),
}

OUTCOMES: Final = {
    "met": Text("达标", "met"),
    "missed": Text("未达标", "missed"),
    "too_few": Text("样本不足", "too few"),
    "gated": Text("未过前置条件", "gate not passed"),
    "cannot_tell": Text("无法判断", "cannot tell"),
    "relieved": Text("已减免", "relieved"),
    "information": Text("—", "—"),
    "": Text("—", "—"),
}

ROLES: Final = {
    "assessed": Text("考核", "assessed"),
    "gate": Text("前置条件", "gate"),
    "incident": Text("事件", "incident"),
    "volume": Text("计量", "volume"),
    "duty": Text("甲方义务", "client duty"),
    "quality": Text("质量", "quality"),
    "base": Text("基数", "base"),
    "forecast": Text("锁定预测", "locked forecast"),
    "surplus": Text("超量话务", "surplus contacts"),
    "other_rule": Text("按其他规则，仅供对照", "by another rule, for comparison"),
}

UNITS: Final = {
    "percent": Text("%", "%"),
    "per_ten_thousand": Text("/万", " per 10,000"),
    "per_hour": Text("/小时", " per hour"),
    "count": Text("", ""),
    "days": Text(" 天", " days"),
    "ms": Text(" 毫秒", " ms"),
}

CURRENCIES: Final = {"CNY": Text("元", "yuan"), "EUR": Text("欧元", "EUR"), "USD": Text("美元", "USD")}

# What the columns of the measuring tables are called; their dimensions have titles of their own.
COLUMNS: Final = {
    "start_ms": Text("时间", "Time"),
    "row_id": Text("行编号", "Row id"),
    "answered": Text("接通", "Answered"),
    "abandoned": Text("放弃", "Abandoned"),
    "outcome": Text("结果", "Outcome"),
    "transferred": Text("转接", "Transferred"),
    "wait_ms": Text("等待", "Wait"),
    "ring_ms": Text("振铃", "Ring"),
    "talk_ms": Text("通话", "Talk"),
    "hold_ms": Text("保持", "Hold"),
    "wrap_ms": Text("话后处理", "Wrap"),
    "handle_ms": Text("处理", "Handle"),
    "gap_topic_ms": Text("同业务下次来电间隔", "Next contact, same topic"),
    "gap_any_ms": Text("下次来电间隔", "Next contact"),
    "identified": Text("已识别客户", "Customer known"),
    "responded": Text("已作答", "Answered"),
    "score": Text("评分", "Score"),
    "resolved": Text("客户称已解决", "Resolved, says the customer"),
    "forecast": Text("预测", "Forecast"),
    "actual": Text("实际", "Actual"),
    "duty": Text("义务", "Duty"),
    "done": Text("已完成", "Done"),
    "late_ms": Text("逾期", "Late by"),
    "inbound": Text("呼入", "Inbound"),
    "first": Text("首段", "First leg"),
    "offered": Text("人工请求", "Offered"),
    "sale_eligible": Text("可营销", "Open to an offer"),
    "rings_unanswered": Text("未应答振铃次数", "Rings nobody took"),
    "nth_ppm": Text("在本时段的次序与锁定预测之比", "Place in the interval against its locked forecast"),
    "interval_ppm": Text("本时段话务与锁定预测之比", "Contacts of the interval against its locked forecast"),
    "nth_in_month": Text("在本月的次序", "Place in the month"),
    "customer": Text("客户", "Customer"),
    "end_ms": Text("结束", "End"),
    "logged_ms": Text("登录", "Logged in"),
    "available_ms": Text("空闲", "Available"),
    "ringing_ms": Text("振铃", "Ringing"),
    "paused_ms": Text("小休", "Paused"),
    "productive_ms": Text("有效工时", "Productive"),
    "paid_ms": Text("计薪", "Paid"),
    "scheduled_ms": Text("排班", "Scheduled"),
    "required_ms": Text("应上线", "Required"),
    "adherent_ms": Text("按班表", "Adherent"),
    "worked_ms": Text("出勤", "Worked"),
    "absent_ms": Text("缺勤", "Absent"),
    "productive_adherent_ms": Text("应上线时的有效工时", "Productive as required"),
    "taken": Text("应答", "Taken"),
    "canceled": Text("主叫先挂断", "Caller left first"),
    "accepted": Text("成交", "Accepted"),
    "cancelled_after_ms": Text("退订间隔", "Cancelled after"),
    "complained_after_ms": Text("投诉间隔", "Complained after"),
    "amount_minor": Text("金额（分）", "Amount, minor units"),
    "justified": Text("有责", "Justified"),
    "received_after_ms": Text("投诉到达间隔", "Received after"),
    "customer_applies": Text("客户类项目适用", "Customer items apply"),
    "customer_failed": Text("客户致命错误", "Customer critical error"),
    "business_applies": Text("业务类项目适用", "Business items apply"),
    "business_failed": Text("业务致命错误", "Business critical error"),
    "compliance_applies": Text("合规类项目适用", "Compliance items apply"),
    "compliance_failed": Text("合规致命错误", "Compliance critical error"),
    "score_hundredths": Text("评分（百分之一分）", "Score, hundredths"),
    "joined": Text("加入", "Joined"),
    "left": Text("离开", "Left"),
    "left_early": Text("早期流失", "Left early"),
    "hired": Text("入职", "Hired"),
    "missed_by": Text("偏差", "Missed by"),
    "within_tenth": Text("偏差在 10% 以内", "Within 10 %"),
}

PARTIES: Final = {"client": Text("甲方", "Client"), "company": Text("乙方", "Vendor"), "vendor": Text("乙方", "Vendor")}
MEASURED: Final = Text("考核对象", "Measured")


def word(words: dict[str, Text], code: str) -> Text:
    """The words for a code; the code itself where there are none."""
    return words.get(code) or same(code.replace("_", " "))
