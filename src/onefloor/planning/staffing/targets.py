"""A target as people write it: ``service_level >= 80% in 20s``, and several joined by ``and``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from onefloor.language import Text
from onefloor.planning.erlang.sizing import Goal, Measure
from onefloor.problems import Problem

EXAMPLE = '"service_level >= 80% in 20s"'
SHAPE = re.compile(
    r"(?P<measure>[a-z_]+)(?::formula=(?P<formula>[A-Za-z]\d))?\s*(?P<sign>>=|<=|≥|≤|>|<|=)\s*"
    r"(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>%|s|min|)(?:\s+in\s+(?P<within>\d+(?:\.\d+)?)\s*(?P<within_unit>s|min))?"
)
MEASURES: dict[str, tuple[Measure, str, str]] = {
    "service_level": ("service_level", ">=", "%"),
    "asa": ("asa", "<=", "s"),
    "abandonment": ("abandonment", "<=", "%"),
    "occupancy": ("occupancy", "<=", "%"),
    "waiting": ("p_wait", "<=", "%"),
}
DEFAULT_FORMULA = "F4"  # as the metric service_level has it
SECONDS = {"s": 1.0, "min": 60.0}


class BadTarget(Problem):
    """A target that cannot be read; says which part."""

    def __init__(self, text: str, what: Text, remedy: Text) -> None:
        super().__init__(Text(f"目标“{text}”：{what.zh}", f'The target "{text}": {what.en}'), remedy=remedy)


@dataclass(frozen=True, slots=True)
class Target:
    """Goals that have to be met at once, and how they were written."""

    text: str
    goals: tuple[Goal, ...]

    @property
    def within_s(self) -> float:
        """The time of the service level, if there is one, else 20 seconds."""
        return next((goal.within_s for goal in self.goals if goal.measure == "service_level"), 20.0)


def target(text: str) -> Target:
    """Read a target.

    Raises:
        BadTarget: says what cannot be read and how to write it.

    >>> found = target("service_level >= 80% in 20s and asa <= 30s")
    >>> [(goal.measure, goal.bound, goal.within_s) for goal in found.goals]
    [('service_level', 0.8, 20.0), ('asa', 30.0, 20.0)]
    """
    parts = [part.strip() for part in re.split(r"\s+and\s+|;", text.strip())]
    goals = tuple(_goal(part, text) for part in parts)
    twice = [goal.measure for goal in goals]
    if len(set(twice)) < len(twice):
        raise BadTarget(
            text,
            Text("同一指标写了两次。", "one measure stands there twice."),
            Text("每个指标写一次。", "Write each measure once."),
        )
    return Target(text.strip(), goals)


def _goal(part: str, text: str) -> Goal:
    found = SHAPE.fullmatch(part)
    if found is None:
        raise BadTarget(
            text,
            Text(f"无法读取“{part}”。", f'"{part}" cannot be read.'),
            Text(f"请写成 {EXAMPLE}，可用 and 连接多个。", f"Write it as {EXAMPLE}; join several by and."),
        )
    measure, sign, unit = _measure(found, text)
    if found["sign"].replace("≥", ">=").replace("≤", "<=") != sign:
        _refuse_sign(found, text, sign)
    bound = float(found["number"])
    bound = _share(found, bound, text) if unit == "%" else _time(found, bound, text)
    return Goal(measure, bound, *_within(found, measure, text))


def _measure(found: re.Match[str], text: str) -> tuple[Measure, str, str]:
    known = MEASURES.get(found["measure"])
    if known is None:
        raise BadTarget(
            text,
            Text(f"没有指标“{found['measure']}”。", f'there is no measure "{found["measure"]}".'),
            Text(f"可用：{'、'.join(MEASURES)}。", f"Use one of {', '.join(MEASURES)}."),
        )
    formula = found["formula"]
    if formula and (known[0] != "service_level" or formula.upper() not in ("F1", "F2", "F3", "F4")):
        raise BadTarget(
            text,
            Text(f"没有公式“{formula}”。", f'there is no formula "{formula}" of it.'),
            Text("只有服务水平有公式：F1 至 F4。", "Only the service level has formulas: F1 to F4."),
        )
    return known


def _refuse_sign(found: re.Match[str], text: str, sign: str) -> None:
    raise BadTarget(
        text,
        Text(f"{found['measure']} 应写 {sign}。", f"{found['measure']} is compared by {sign}."),
        Text(f"请写成 {found['measure']} {sign} …。", f"Write {found['measure']} {sign} ..."),
    )


def _share(found: re.Match[str], percent: float, text: str) -> float:
    if found["unit"] != "%" or not 0 < percent < 100:
        raise BadTarget(
            text,
            Text(
                f"“{found['number']}{found['unit']}”不是可用的比例。",
                f'"{found["number"]}{found["unit"]}" is no share.',
            ),
            Text("请写大于 0%、小于 100% 的百分数。", "Write a percentage above 0 % and below 100 %."),
        )
    return percent / 100


def _time(found: re.Match[str], amount: float, text: str) -> float:
    if found["unit"] not in SECONDS or amount <= 0:
        raise BadTarget(
            text,
            Text(
                f"“{found['number']}{found['unit']}”不是时长。", f'"{found["number"]}{found["unit"]}" is no duration.'
            ),
            Text("请写成 30s 或 1min。", "Write 30s or 1min."),
        )
    return amount * SECONDS[found["unit"]]


def _within(found: re.Match[str], measure: str, text: str) -> tuple[float, str]:
    if (measure == "service_level") != bool(found["within"]):
        raise BadTarget(
            text,
            Text("只有服务水平有时限，且必须有。", "the service level needs a time, and nothing else has one."),
            Text(f"请写成 {EXAMPLE}。", f"Write {EXAMPLE}."),
        )
    if not found["within"]:
        return 20.0, DEFAULT_FORMULA
    return float(found["within"]) * SECONDS[found["within_unit"]], (found["formula"] or DEFAULT_FORMULA).upper()
