"""Filters as an address writes them: ``where=queue:tech&where=queue:tax`` means either queue."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from onefloor.language import Text
from onefloor.metrics.dimensions import UnknownDimension
from onefloor.metrics.tables import DIMENSIONS, TITLES
from onefloor.problems import Problem
from onefloor_web.platform.pages.formats import WEEKDAYS, begin, say

Filters = tuple[tuple[str, str], ...]
MOST = 40

NOBODY = Text("无归属", "not assigned")
FORMS = {
    "own": Text("自有员工", "own staff"),
    "dispatched": Text("劳务派遣", "dispatched"),
    "outsourced": Text("外包员工", "outsourced"),
}
CHANNELS = {
    "voice": Text("通话", "voice"),
    "chat": Text("在线会话", "chat"),
    "email": Text("邮件", "e-mail"),
    "sms": Text("短信", "text message"),
    "task": Text("工单", "task"),
    "other": Text("其他", "other"),
}
BANDS = {
    "0-29 d": Text("30 天以内", "0–29 days"),
    "30-89 d": Text("30–89 天", "30–89 days"),
    "90-179 d": Text("90–179 天", "90–179 days"),
    "180-364 d": Text("180–364 天", "180–364 days"),
    "1-2 y": Text("1–2 年", "1–2 years"),
    "2 y+": Text("2 年以上", "2 years and more"),
}
WORDS = {"employment": FORMS, "channel": CHANNELS, "tenure": BANDS}


class BadFilter(Problem):
    """A filter in an address that cannot be read."""

    def __init__(self, text: str) -> None:
        super().__init__(
            Text(f"无法识别筛选条件“{text}”。", f'"{text}" is not a filter.'),
            remedy=Text("请写成 queue:tech。", "Write it like queue:tech."),
        )


def read(texts: Iterable[str]) -> tuple[Filters, list[Problem]]:
    """The filters of an address, each once, and what could not be read."""
    found: dict[tuple[str, str], None] = {}
    problems: list[Problem] = []
    for text in list(texts)[:MOST]:
        dimension, colon, name = text.partition(":")
        if not colon:
            problems.append(BadFilter(text))
        elif dimension not in DIMENSIONS:
            problems.append(UnknownDimension(dimension))
        else:
            found[dimension, name] = None
    return tuple(found), problems


def written(filters: Filters) -> list[tuple[str, str]]:
    """As pairs of an address."""
    return [("where", f"{dimension}:{name}") for dimension, name in filters]


def wanted(filters: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    """As the core takes them: several names of one dimension mean any of them."""
    found: dict[str, list[str]] = {}
    for dimension, name in filters:
        found.setdefault(dimension, []).append(name)
    return found


def title(dimension: str) -> str:
    """A dimension's name at the beginning of a line."""
    return begin(TITLES[dimension])


def name_words(dimension: str, name: str | int | None) -> str:
    """A value of a dimension as people read it."""
    if name is None or name == "":
        return say(NOBODY)
    if dimension == "weekday" and str(name) in "1234567":
        return say(WEEKDAYS[int(name) - 1])
    known = WORDS.get(dimension, {}).get(str(name))
    return say(known) if known else str(name)


def words(filters: Filters) -> str:
    """All filters in one line: ``队列：tech、tax；班组：A``."""
    parts = [
        f"{title(dimension)}{say(Text('：', ': '))}"
        + say(Text("、", ", ")).join(name_words(dimension, name) for name in names)
        for dimension, names in wanted(filters).items()
    ]
    return say(Text("；", "; ")).join(parts)
