"""What a reason says, in words: why a line was set aside or ignored, and what a note about loaded lines means.

The facts and the machine-readable answers keep the reason's code, such as ``bad_time:queued_ms``. The reasons that a
mapping's author wrote stand as they were written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from onefloor.language import Text, same

NOTE: Final = "note:"
"""A reason that begins with it tells of lines that were loaded."""

WHOLE: Final[Mapping[str, Text]] = {
    # lines and records of any file
    "blank": Text("空行", "empty line"),
    "header": Text("重复的表头", "the header again"),
    "undecodable": Text("含有无法解码的字符", "characters that cannot be decoded"),
    "wrong_field_count": Text("列数与表头不符", "not as many fields as the header"),
    "unclosed_quote": Text("引号没有闭合", "a quote that is never closed"),
    "malformed_json": Text("JSON 格式有误", "not well-formed JSON"),
    "not_an_object": Text("不是 JSON 对象", "not a JSON object"),
    # against what is known already
    "older_revision": Text("已有更新的版本", "a newer version is here already"),
    "conflict": Text("与已导入的同一记录内容不同", "contradicts the same record, loaded before"),
    "replaced": Text("已被新版本替换的旧记录", "older records, replaced by newer ones"),
    "past_retention": Text("早于保留期限，不再导入", "older than the retention rules keep"),
    "removed_since": Text("导入后已按规定删除的记录", "records that were loaded and have been removed since"),
    # what a file as a whole shows
    "days_without_records": Text("首末日之间没有任何记录的天数", "days in between without a record"),
    # tables
    "never_queued": Text("结果是排队结果，但没有进入队列的时间", "ended in a queue it never entered"),
    "bad_revision": Text("版本号无法识别", "the version number cannot be read"),
    "ambiguous_time": Text("时钟回拨而重复的时刻，取较早者", "a time the clock change made twice; the earlier counts"),
    # Asterisk queue log
    "line too long": Text("行过长", "the line is too long"),
    "too few fields": Text("字段过少", "too few fields"),
    "bad time": Text("时间无法识别", "the time cannot be read"),
    "empty event": Text("缺少事件名", "no name of an event"),
    "empty call id": Text("缺少呼叫编号", "no call id"),
    "unreadable ENTERQUEUE": Text("ENTERQUEUE 的字段无法识别", "the fields of ENTERQUEUE cannot be read"),
    "events of the site's own": Text("本现场自定义的事件", "events of the site's own"),
    "calls without a beginning": Text("缺少进入队列记录的通话", "calls whose beginning is missing"),
    "overlapping talk": Text("同一坐席同时进行的通话", "talks that began while the same agent was talking"),
    # Amazon Connect
    "monitor": Text("监听或插话，不是话务", "monitoring, no contact of a customer"),
    "chain_incomplete": Text("转接链不完整，起点按推断", "chain of transfers incomplete; its beginning is inferred"),
    "queue_duration_differs": Text("排队时长与时间戳不符", "the queue duration contradicts the timestamps"),
    # roster
    "unknown_employment": Text("用工形式无法识别", "the employment form is not known"),
    "to_before_from": Text("结束日期早于开始日期", "the last day is before the first"),
    "hired_after_from": Text("入职日期晚于开始日期", "hired after the first day"),
    "overlapping_rows": Text("与同一坐席的另一行日期重叠", "overlaps another row of this agent"),
    "two_companies_at_once": Text("同一坐席同一天属于两家公司", "one agent in two companies on one day"),
    "history_incomplete": Text("该坐席的另一行有误", "another row of this agent is wrong"),
    "new_version": Text("归属新增或有变化的坐席", "agents whose history is new or has changed"),
    "rows_withdrawn": Text("新名册不再包含的行", "rows that the new roster no longer has"),
}  # fmt: skip

WITH_COLUMN: Final[Mapping[str, Text]] = {
    "missing": Text("缺少内容", "nothing given"),
    "negative": Text("为负数", "below zero"),
    "out_of_range": Text("超出允许范围", "out of range"),
    "bad_time": Text("时间无法识别", "the time cannot be read"),
    "nonexistent_time": Text("时钟拨快时跳过的时刻", "a time that the clock change skipped"),
    "bad_date": Text("日期无法识别", "the date cannot be read"),
    "bad_clock": Text("钟点无法识别", "the time of day cannot be read"),
    "bad_duration": Text("时长无法识别", "the duration cannot be read"),
    "bad_number": Text("数字无法识别", "the number cannot be read"),
    "bad_flag": Text("是否值无法识别", "neither yes nor no"),
    "bad_type": Text("类型不对", "not of the right type"),
    "unknown_word": Text("未识别的词", "a word that is not known"),
}

MOMENTS: Final[Mapping[str, Text]] = {
    "queued": Text("进入队列", "queued"),
    "answered": Text("应答", "answered"),
    "ended": Text("结束", "ended"),
    "started": Text("开始", "started"),
    "invited": Text("邀请", "invited"),
    "cancelled": Text("取消", "cancelled"),
    "complained": Text("投诉", "complained"),
    "received": Text("收到", "received"),
    "scored": Text("评分", "scored"),
}

_ORDER = re.compile(r"(\w+)_before_(\w+)")


def reason_words(code: str) -> Text:
    """A reason in words; a mapping's own reasons stand as they were written.

    >>> reason_words("bad_time:queued_ms").en
    'the time cannot be read: queued_ms'
    >>> reason_words("answered_before_queued").zh
    '应答时间早于进入队列时间'
    """
    plain = code.removeprefix(NOTE).strip()
    if plain in WHOLE:
        return WHOLE[plain]
    kind, separator, column = plain.partition(":")
    if separator and kind in WITH_COLUMN:
        words = WITH_COLUMN[kind]
        return Text(f"{words.zh}：{column}", f"{words.en}: {column}")
    found = _ORDER.fullmatch(plain)
    if found and found[1] in MOMENTS and found[2] in MOMENTS:
        first, second = MOMENTS[found[1]], MOMENTS[found[2]]
        return Text(f"{first.zh}时间早于{second.zh}时间", f"{first.en} before {second.en}")
    return same(plain)


def is_note(code: str) -> bool:
    """Whether a reason tells of lines that were loaded."""
    return code.startswith(NOTE)
