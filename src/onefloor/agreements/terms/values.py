"""The values terms are written in: texts, dates, money, shares, targets, scopes."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from functools import partial
from typing import Any, Literal

from onefloor.agreements.terms.places import BadTerm, Node
from onefloor.agreements.terms.reading import Kind, attempt, mapping, refuse, scalar, stop_at, unknown
from onefloor.language import Text, same
from onefloor.metrics.tables import NAMED
from onefloor.periods import BadPeriod, Month, UnknownZone, zone
from onefloor.problems import Problem
from onefloor.working_time import Span, Unit

Base = Literal["at_risk", "fee", "amount"]
NUMBER = r"(-?\d{1,15}(?:\.\d{1,9})?)"
UNITS: dict[str, tuple[str, int]] = {
    "": ("", 1), "%": ("%", 1), "ms": ("ms", 1), "s": ("ms", 1_000), "min": ("ms", 60_000), "h": ("ms", 3_600_000),
}  # fmt: skip
"""How an edge may be written: the unit it is kept in and how many of that one is worth."""


@dataclass(frozen=True, slots=True)
class Edge:
    """A number of a target or band, in its unit (``%``, ``ms`` or none), and as it was written."""

    value: Fraction
    unit: str
    written: str


@dataclass(frozen=True, slots=True)
class Target:
    """What a value has to reach: a least value, a most value, or both (a band, both ends included)."""

    at_least: Edge | None = None
    at_most: Edge | None = None

    @property
    def edges(self) -> tuple[Edge, ...]:
        """The edges there are."""
        return tuple(edge for edge in (self.at_least, self.at_most) if edge is not None)

    def __str__(self) -> str:
        if self.at_least and self.at_most:
            return f"{self.at_least.written}..{self.at_most.written}"
        return f"≥ {self.at_least.written}" if self.at_least else f"≤ {self.edges[0].written}"


@dataclass(frozen=True, slots=True)
class Portion:
    """A share of the at-risk amount or of the month's fee, or a fixed amount of money."""

    share: Fraction = Fraction(0)
    of: Base = "at_risk"

    def __bool__(self) -> bool:
        return self.share != 0


Unassigned = bool | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ScopeTerm:
    """Which of the company's rows count: names by dimension; ``unassigned`` adds rows that are nobody's.

    ``unassigned`` is True for those of every queue, or the names of queues.
    """

    where: tuple[tuple[str, tuple[str, ...]], ...] = ()
    unassigned: Unassigned | None = None


def _words(node: Node) -> str:
    found = scalar(node)
    if not found:
        raise refuse(node, write=Text("请写出内容。", "Write something."))
    return found


def _text(node: Node) -> Text:
    if not isinstance(node.value, dict):
        return same(_words(node))
    problems: list[Problem] = [_not_a_language(name, node) for name in node.value if name not in ("zh", "en")]
    parts = {name: attempt(problems, partial(_words, part)) for name, part in node.value.items()}
    stop_at(problems)
    either = parts.get("zh") or parts.get("en") or ""
    return Text(parts.get("zh") or either, parts.get("en") or either)


def _not_a_language(name: str, node: Node) -> BadTerm:
    what = Text(f"未识别“{name}”。", f'"{name}" is not known here.')
    remedy = Text("请只写 zh 和 en；含逗号的文字请加引号。", "Write zh and en only; a text with a comma needs quotes.")
    return BadTerm(what, remedy=remedy, where=node.key_places.get(name, node.place))


def _fraction(text: str) -> Fraction:
    return Fraction(text.replace(",", ""))


def _matched(pattern: str, write: Text) -> Callable[[Node], re.Match[str]]:
    compiled = re.compile(pattern)

    def read(node: Node) -> re.Match[str]:
        found = compiled.fullmatch(scalar(node))
        if found is None:
            raise refuse(node, write=write)
        return found

    return read


_AMOUNT = _matched(r"(\d{1,3}(?:,\d{3})+(?:\.\d{1,9})?|\d{1,15}(?:\.\d{1,9})?)", Text("请写成 6.00。", "Write 6.00."))
_PERCENT = _matched(r"(\d{1,6}(?:\.\d{1,9})?) ?%", Text("请写成 10%。", "Write 10%."))
_A_DAY = Text("请写成 2026-10-14。", "Write 2026-10-14.")
_DAY = _matched(r"\d{4}-\d{2}-\d{2}", _A_DAY)
_NUMBER = _matched(r"(\d{1,12}(?:\.\d{1,9})?)", Text("请写成数字，例如 1.5。", "Write a number such as 1.5."))
_WHOLE = _matched(r"(\d{1,12})", Text("请写成整数，例如 200。", "Write a whole number such as 200."))
_NATURAL = _matched(r"([1-9]\d{0,11})", Text("请写成大于 0 的整数。", "Write a whole number above 0."))
_EDGE = _matched(NUMBER + r" ?(%|ms|s|min|h|)", Text("请写成 80%、20s 或 5。", "Write 80%, 20s or 5."))
_REFERENCE = _matched(
    r"[a-z][a-z0-9_]*(:[^\s:]+)?",
    Text("请写成 service_level:formula=F4,within=20s。", "Write it like service_level:formula=F4,within=20s."),
)


def _edge(node: Node) -> Edge:
    number, unit = _EDGE(node).groups()
    kept, worth = UNITS[unit]
    return Edge(_fraction(number) * worth, kept, scalar(node))


_TARGET_REMEDY = Text('请写成 ">= 80%"、"<= 20s" 或 "240s..330s"。', 'Write ">= 80%", "<= 20s" or "240s..330s".')


def _target(node: Node) -> Target:
    text = scalar(node).replace("≥", ">=").replace("≤", "<=")
    try:
        if text.startswith(">="):
            return Target(at_least=_edge(_part(node, text[2:])))
        if text.startswith("<="):
            return Target(at_most=_edge(_part(node, text[2:])))
        low, _, high = text.partition("..")
        found = Target(_edge(_part(node, low)), _edge(_part(node, high)))
    except Problem:
        raise refuse(node, write=_TARGET_REMEDY) from None
    if found.edges[0].unit != found.edges[1].unit or found.edges[0].value > found.edges[1].value:
        raise refuse(node, write=_TARGET_REMEDY)
    return found


def _part(node: Node, text: str) -> Node:
    return Node(text.strip(), node.place)


_PORTION = re.compile(
    r"(?P<share>\d{1,6}(?:\.\d{1,9})?) ?%(?: of (?P<of>at_risk|fee))?|(?P<amount>[\d,]+(?:\.\d{1,9})?)"
)


def _portion(default: Base) -> Callable[[Node], Portion]:
    def read(node: Node) -> Portion:
        text = scalar(node)
        found = _PORTION.fullmatch(text)
        if found is None:
            percent = re.match(r"\d+(\.\d+)? ?%", text)
            hint = percent.group() if percent else "30%"
            choices = f"{hint}, {hint} of fee" if default == "at_risk" else hint
            raise refuse(node, write=Text(f"请写成 {hint}。", f"Write {hint}.") if percent else _any_of(choices))
        if found["amount"]:
            return Portion(_fraction(scalar(_plain_amount(node))), "amount")
        of: Base = "fee" if found["of"] == "fee" else "at_risk" if found["of"] else default
        return Portion(Fraction(found["share"]) / 100, of)

    return read


def _any_of(choices: str) -> Text:
    return Text(f"请写成 {choices.replace(', ', '、')} 或 500.00。", f"Write {choices} or 500.00.")


def _plain_amount(node: Node) -> Node:
    _AMOUNT(node)
    return node


def _whole_up_to_10(node: Node) -> int:
    found = int(_WHOLE(node)[1])
    if found > 10:
        raise refuse(node, write=Text("请写 0 到 10。", "Write 0 to 10."))
    return found


def _positive(node: Node) -> Fraction:
    found = Fraction(_NUMBER(node)[1])
    if not found:
        raise refuse(node, write=Text("请写大于 0 的数字。", "Write a number above 0."))
    return found


def _date(node: Node) -> date:
    """A date in the one spelling whose order as text is that of time."""
    try:
        return _within_reach(date.fromisoformat(_DAY(node)[0]))
    except ValueError:
        raise refuse(node, write=_A_DAY) from None


def _within_reach(day: date) -> date:
    """A day that has an instant in every zone; the facts reach no further either."""
    if not 1970 < day.year < 9999:
        raise ValueError(day)
    return day


def _zone(node: Node) -> str:
    """A time zone that the zone database has."""
    try:
        return zone(scalar(node)).key
    except UnknownZone as unknown:
        raise refuse(node, write=unknown.remedy) from None


def _moment(node: Node) -> datetime:
    text = scalar(node).replace("T", " ")
    for pattern in ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d"):
        try:
            found = datetime.strptime(text, pattern)
            _within_reach(found.date())
            return found
        except ValueError:
            continue
    raise refuse(
        node, write=Text("请写成 2026-10-14 09:58（协议时区）。", "Write 2026-10-14 09:58, in the agreement's zone.")
    )


def _month(node: Node) -> Month:
    try:
        return Month.parse(scalar(node))
    except BadPeriod as problem:
        raise refuse(node, write=problem.remedy) from None


_SPAN = _matched(
    r"([1-9]\d{0,3}) (working hour|working day|hour|day)s?",
    Text("请写成 16 working hours、5 working days 或 45 days。", "Write 16 working hours, 5 working days or 45 days."),
)
_WORKED = _matched(
    r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)", Text("请写成 09:00-18:00。", "Write 09:00-18:00.")
)


def _span(node: Node) -> Span:
    amount, unit = _SPAN(node).groups()
    units: dict[str, Unit] = {
        "working hour": "working hours", "working day": "working days", "hour": "hours", "day": "days",
    }  # fmt: skip
    return Span(int(amount), units[unit])


def _worked(node: Node) -> tuple[int, int]:
    """Minutes from midnight, from and until."""
    found = [int(part) for part in _WORKED(node).groups()]
    start, end = found[0] * 60 + found[1], found[2] * 60 + found[3]
    if not start < end <= 24 * 60:
        raise refuse(node, write=Text("开始须早于结束。", "The first time has to be the earlier one."))
    return start, end


def _flag(node: Node) -> bool:
    found = scalar(node).lower()
    if found not in ("true", "false"):
        raise refuse(node, write=Text("请写 true 或 false。", "Write true or false."))
    return found == "true"


def _unassigned(node: Node) -> Unassigned:
    """Yes, no, or the queues whose rows count though they are nobody's."""
    if isinstance(node.value, str) and scalar(node).lower() in ("true", "false"):
        return _flag(node)
    return tuple(sorted({_words(item) for item in node.items}))


SCOPES = tuple(name for name in NAMED if name != "company")


def _scope(node: Node) -> ScopeTerm:
    problems: list[Problem] = []
    where: list[tuple[str, tuple[str, ...]]] = []
    unassigned: Unassigned | None = None
    for name, part in mapping(node).items():
        if name == "unassigned":
            unassigned = attempt(problems, partial(_unassigned, part))
        elif name in SCOPES:
            names = [attempt(problems, partial(_words, item)) for item in part.items]
            where.append((name, tuple(sorted(set(map(str, names))))))
        else:
            problems.append(unknown(name, (*SCOPES, "unassigned"), node.key_places.get(name, node.place)))
    stop_at(problems)
    return ScopeTerm(tuple(sorted(where)), unassigned)


def _locked(node: Node) -> tuple[tuple[Month, int], ...]:
    problems: list[Problem] = []
    found = []
    for name, part in mapping(node).items():
        month = attempt(problems, partial(_month, Node(name, node.key_places.get(name, node.place))))
        count = attempt(problems, partial(WHOLE.read, part))
        found.append((month, count))
    stop_at(problems)
    return tuple(sorted(found, key=lambda pair: pair[0].id))


def _schema(pattern: str, *types: str) -> dict[str, Any]:
    return {"type": list(types or ("string",)), "pattern": pattern}


_NAMES = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
_UNASSIGNED = {"anyOf": [{"type": "boolean"}, *_NAMES["anyOf"]]}
TEXT = Kind(
    _text,
    {
        "anyOf": [
            {"type": "string", "minLength": 1},
            {
                "type": "object",
                "properties": {"zh": {"type": "string"}, "en": {"type": "string"}},
                "additionalProperties": False,
            },
        ]
    },
    "text, or {zh, en}",
)
NAME = Kind(_words, {"type": ["string", "number"]}, "name")
MONEY = Kind(lambda node: _fraction(_AMOUNT(node)[1]), {"type": ["number", "string"]}, "money")
SHARE = Kind(lambda node: Fraction(_PERCENT(node)[1]) / 100, _schema(r"^[0-9.]+ ?%$"), "share, such as 10%")
NUMBER_KIND = Kind(lambda node: Fraction(_NUMBER(node)[1]), {"type": ["number", "string"]}, "number")
POSITIVE = Kind(_positive, {"type": ["number", "string"]}, "number above 0")
WHOLE = Kind(lambda node: int(_WHOLE(node)[1]), {"type": "integer", "minimum": 0}, "whole number")
NATURAL = Kind(lambda node: int(_NATURAL(node)[1]), {"type": "integer", "minimum": 1}, "whole number above 0")
PLACES = Kind(_whole_up_to_10, {"type": "integer", "minimum": 0, "maximum": 10}, "whole number")
EDGE = Kind(_edge, {"type": ["number", "string"]}, "80%, 20s, 5")
TARGET = Kind(_target, {"type": "string"}, '">= 80%", "<= 20s", "240s..330s"')
PORTION = Kind(_portion("at_risk"), {"type": ["number", "string"]}, "30%, 2% of fee, 500.00")
PORTION_OF_FEE = Kind(_portion("fee"), {"type": ["number", "string"]}, "10%, 5,000.00")
DATE = Kind(_date, {"type": "string", "format": "date"}, "date")
MOMENT = Kind(_moment, {"type": "string"}, "2026-10-14 09:58")
ZONE = Kind(_zone, {"type": "string"}, "time zone, such as Asia/Shanghai")
MONTH = Kind(_month, _schema(r"^\d{4}-\d{2}$"), "month")
SPAN = Kind(_span, _schema(r"^[1-9]\d{0,3} (working )?(hour|day)s?$"), "16 working hours, 5 working days, 45 days")
WORKED = Kind(_worked, _schema(r"^\d\d:\d\d-\d\d:\d\d$"), "09:00-18:00")
UNASSIGNED = Kind(_unassigned, _UNASSIGNED, "true | false | list of queues")
FLAG = Kind(_flag, {"type": "boolean"}, "true | false")
REFERENCE = Kind(lambda node: _REFERENCE(node)[0], _schema(r"^[a-z][a-z0-9_]*(:[^\s:]+)?$"), "metric reference")
SCOPE = Kind(
    _scope,
    {
        "type": "object",
        "properties": {**dict.fromkeys(SCOPES, _NAMES), "unassigned": _UNASSIGNED},
        "additionalProperties": False,
    },
    "scope",
)
LOCKED = Kind(
    _locked,
    {"type": "object", "patternProperties": {r"^\d{4}-\d{2}$": {"type": "integer"}}, "additionalProperties": False},
    "month: contacts",
)
