"""Mappings in the making: a first guess from a table's columns and cells, and small changes to what is there.

A guess is a guess: every column of the table goes to at most one column of the fact, by its name and by what its cells
look like, and a person looks at the preview before anything is loaded.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from ruamel.yaml import YAML

from onefloor.facts.schemas import OUTCOMES
from onefloor.facts.sources.columns import VOCABULARIES
from onefloor.facts.sources.mapping import fact_columns, kind_of
from onefloor.facts.sources.moments import FIRST_MS, LAST_MS

Cells = Sequence[Mapping[str, str | None]]
"""The first rows of a table, by column."""

ANY_TIME: Final = ("time", "datetime", "date time", "timestamp", "date", "时间", "日期时间", "日期")
"""What a table calls its only time."""

NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "contact": ("contact", "contact id", "call id", "callid", "uniqueid", "ucid", "通话编号", "通话id", "流水号"),
    "queued_ms": ("queued", "queued at", "queue time", "enqueued", "begin", "start", "start time", "called",
                  "call time", "进入队列时间", "排队时间", "来电时间", "通话时间", "开始时间", "呼入时间", "呼叫时间",
                  *ANY_TIME),
    "answered_ms": ("answered", "answered at", "answer time", "connected", "接通时间", "应答时间"),
    "ended_ms": ("ended", "ended at", "end", "end time", "hangup", "disconnected", "结束时间", "挂机时间"),
    "started_ms": ("started", "started at", "begin", "start", "start time", "sold", "called", "interval", "due", "from",
                   "开始时间", "通话时间", *ANY_TIME),
    "wait_ms": ("wait", "wait time", "waiting", "asa", "等待", "等待时长", "排队时长"),
    "ring_ms": ("ring", "ring time", "振铃时长"),
    "talk_ms": ("talk", "talk time", "duration", "billsec", "通话时长", "通话"),
    "hold_ms": ("hold", "hold time", "保持时长"),
    "wrap_ms": ("wrap", "wrap up", "acw", "after call work", "话后时长", "话后处理"),
    "outcome": ("outcome", "result", "status", "disposition", "结果", "状态"),
    "queue": ("queue", "queue name", "split", "队列", "技能组"),
    "topic": ("topic", "category", "reason", "业务类型", "业务"),
    "skill": ("skill", "技能"),
    "agent": ("agent", "agent id", "agent code", "login", "extension", "operator", "坐席", "坐席工号", "座席", "工号"),
    "customer": ("customer", "caller", "caller id", "number", "phone", "ani", "主叫", "主叫号码",
                 "来电号码", "客户号码"),
    "direction": ("direction", "方向"),
    "channel": ("channel", "渠道"),
    "company": ("company", "vendor", "公司", "所属公司"),
    "score": ("score", "rating", "评价", "得分"),
    "contacts": ("contacts", "calls", "volume", "话务量"),
    "product": ("product", "产品"), "accepted": ("accepted", "sold", "成交"), "activity": ("activity", "what", "活动"),
    "invited_ms": ("invited", "邀请时间"), "received_ms": ("received", "收到时间", "投诉时间", *ANY_TIME),
    "scored_ms": ("scored", "评分时间", *ANY_TIME), "locked_ms": ("locked", "acknowledged", "锁定时间"),
    "done_ms": ("done", "完成时间"), "duty": ("duty", "义务"), "reference": ("reference", "编号"),
    "resolved": ("resolved", "是否解决"), "rater": ("rater", "质检员"),
}  # fmt: skip
OUTCOME_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "answered": ("answered", "connected", "completed", "complete", "agent", "接通", "已接通", "已接", "应答"),
    "abandoned": ("abandoned", "abandon", "hung up", "hang", "lost", "no answer", "未接", "放弃", "未接通", "呼损"),
    "timeout": ("timeout", "timed out", "超时"),
}
FORMATS: Final = (
    "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M",
    "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d/%m/%Y %H:%M:%S", "%m/%d/%Y %H:%M:%S", "%Y年%m月%d日 %H:%M:%S",
    "%Y%m%d%H%M%S",
)  # fmt: skip
IDENTITIES: Final = ("id", "contact", "call id", "callid", "uniqueid", "number", "order", "流水号", "编号", "通话编号")


@dataclass(frozen=True, slots=True)
class Draft:
    """A mapping that is being made: its content, and the columns of the fact that are guesses."""

    content: dict[str, Any]
    guesses: frozenset[str]

    @property
    def text(self) -> str:
        """As the YAML file that it would be."""
        return as_text(self.content)


def guessed(header: Sequence[str], cells: Cells, *, name: str, target: str = "contacts") -> Draft:
    """A first mapping of a table nobody has mapped yet.

    Args:
        header: the table's columns.
        cells: its first rows.
        name: what the mapping is to be called.
        target: the fact table that the rows go to.
    """
    columns: dict[str, Any] = {}
    left = list(header)
    for fact in _in_order(target):
        found = _column(fact, left)
        if found is not None and not (fact == "started_ms" and "queued_ms" in columns):
            columns[fact] = _entry(target, fact, found, [row.get(found) or "" for row in cells])
            left.remove(found)
    content: dict[str, Any] = {"name": name, "target": target}
    identity = next((one for one in header if _plain(one) in IDENTITIES), None)
    if identity is not None:
        content["identity"] = [identity]
    return Draft({**content, "columns": columns}, frozenset(columns))


def as_text(content: Mapping[str, Any]) -> str:
    """A mapping as YAML."""
    stream = io.StringIO()
    yaml = YAML()
    yaml.width = 120
    yaml.allow_unicode = True
    yaml.dump(dict(content), stream)
    return stream.getvalue()


def with_words(text: str, column: str, words: Mapping[str, str | None]) -> str:
    """A mapping that also knows some words of a column; everything else, comments too, stays as it is.

    >>> print(with_words("columns:\\n  queue: {column: q, words: {tech: tech}}\\n", "queue", {"tech2": "tech"}), end="")
    columns:
      queue: {column: q, words: {tech: tech, tech2: tech}}
    """
    yaml = YAML(typ="rt")
    yaml.width = 1000
    yaml.preserve_quotes = True
    content = yaml.load(text)
    entry = content["columns"][column]
    if isinstance(entry, str):
        entry = content["columns"][column] = {"column": entry}
    entry.setdefault("words", {}).update(words)
    stream = io.StringIO()
    yaml.dump(content, stream)
    return stream.getvalue()


def time_format(values: Iterable[str]) -> str | None:
    """The form that times have: one of ``FORMATS``, ``epoch_s`` or ``epoch_ms``; None if none fits four of five.

    >>> time_format(["21.11.2026 09:00:05", "01.12.2026 10:00:00"])
    '%d.%m.%Y %H:%M:%S'
    """
    given = [value.strip() for value in values if value and value.strip()]
    if not given:
        return None
    for name, unit in (("epoch_s", 1000), ("epoch_ms", 1)):
        if all(value.isdigit() and FIRST_MS <= int(value) * unit < LAST_MS for value in given):
            return name
    fits = {form: sum(_fits(value, form) for value in given) for form in FORMATS}
    best = max(FORMATS, key=lambda form: fits[form])
    return best if fits[best] * 5 >= len(given) * 4 else None


def duration_form(values: Iterable[str]) -> str:
    """Whether durations are written as seconds, ``m:ss`` or ``h:mm:ss``."""
    given = [value.strip() for value in values if value and value.strip()]
    colons = max((value.count(":") for value in given), default=0)
    return ("s", "m:ss", "h:mm:ss")[min(colons, 2)]


def _in_order(target: str) -> list[str]:
    """The fact's columns, those first that a table's columns more likely are."""
    order = list(NAMES)
    return sorted(fact_columns(target), key=lambda name: order.index(name) if name in order else len(order))


def _fits(value: str, form: str) -> bool:
    try:
        datetime.strptime(value, form)
    except ValueError:
        return False
    return True


def _plain(name: str) -> str:
    return re.sub(r"[\s_-]+", " ", name).strip().lower()


def _column(fact: str, left: Sequence[str]) -> str | None:
    wanted = (_plain(fact), _plain(fact.removesuffix("_ms")), *NAMES.get(fact, ()))
    by_name = {_plain(name): name for name in reversed(left)}
    return next((by_name[name] for name in wanted if name in by_name), None)


def _entry(target: str, fact: str, column: str, values: Sequence[str]) -> Any:
    kind = kind_of(target, fact)
    if kind == "time":
        form = time_format(values)
        return {"column": column, "format": form} if form else column
    if kind == "duration":
        return {"column": column, "format": duration_form(values)}
    known = VOCABULARIES.get(fact)
    return {"column": column, "words": _words(fact, known, values)} if known else column


def _words(fact: str, known: Sequence[str], values: Sequence[str]) -> dict[str, str]:
    """What the words seen mean, as far as they say so; the others are asked for at the dry run."""
    found = {}
    for value in dict.fromkeys(value.strip() for value in values):
        meaning = next((word for word in known if word == _plain(value).replace(" ", "_")), None)
        if meaning is None and fact == "outcome":
            meaning = next((word for word, said in OUTCOME_WORDS.items() if _plain(value) in said), None)
        if meaning is not None:
            found[value] = meaning
    return found or {word: word for word in (OUTCOMES if fact == "outcome" else known)}
