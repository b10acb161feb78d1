"""Clauses as data: metric, scope, target or bands, and what follows. ``agreements.clauses`` judges them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from onefloor.agreements.terms.prices import Said
from onefloor.agreements.terms.reading import formed, listed, one_of, term
from onefloor.agreements.terms.values import (
    EDGE,
    FLAG,
    NAME,
    NATURAL,
    NUMBER_KIND,
    PORTION,
    REFERENCE,
    SCOPE,
    SHARE,
    TARGET,
    TEXT,
    WHOLE,
    Edge,
    Portion,
    ScopeTerm,
    Target,
)  # fmt: skip
from onefloor.language import Text

TOO_FEW = ("not_assessed", "as_met", "previous_month")
COMPARE = ("exact", "rounded")


@dataclass(frozen=True, kw_only=True)
class Measuring:
    """What is measured and how it is compared."""

    metric: str = term(REFERENCE, Text("指标", "what is measured"))
    scope: ScopeTerm = term(SCOPE, Text("范围", "which rows count"), default=ScopeTerm())
    minimum_sample: int | None = term(WHOLE, Text("最小样本", "fewer rows are not judged"), default=None)
    too_few: str | None = term(one_of(*TOO_FEW), Text("样本不足时", "what holds with fewer"), default=None)
    compare: str | None = term(one_of(*COMPARE), Text("比较方式", "exact value, or the rounded one"), default=None)
    error: str = term(
        one_of("none", "bound"),
        Text("误差规则", "bound: credit and reward only if the whole 95 % interval says so"),
        default="none",
    )


@dataclass(frozen=True, kw_only=True)
class Gate(Measuring):
    """A condition of a reward: without it, no reward."""

    target: Target = term(TARGET, Text("目标", "what must be reached"))
    margin: Edge | None = term(
        EDGE, Text("余量", "by how much beyond the target, so that luck alone does not reach it"), default=None
    )


@dataclass(frozen=True, kw_only=True)
class Repeated:
    """From this many misses in a row on, the credit is multiplied."""

    misses: int = term(NATURAL, Text("连续未达标次数", "misses in a row"))
    times: Fraction = term(NUMBER_KIND, Text("倍数", "multiplier"))


@dataclass(frozen=True, kw_only=True)
class Band:
    """A range of values with one consequence. The edge belongs to the better side."""

    start: Edge | None = term(EDGE, Text("下限", "lower edge; open without"), default=None, key="from")
    end: Edge | None = term(EDGE, Text("上限", "upper edge; open without"), default=None, key="to")
    credit: Portion = term(PORTION, Text("扣罚", "taken off"), default=Portion())
    reward: Portion = term(PORTION, Text("奖励", "added"), default=Portion())


@dataclass(frozen=True, kw_only=True)
class Ramp:
    """In the first months other targets or bands hold."""

    through: int = term(NATURAL, Text("至第几月", "holds up to this month since the start, the first being 1"))
    target: Target | None = term(TARGET, Text("目标", "target in that time"), default=None)
    bands: tuple[Band, ...] = term(listed(formed(Band, "band")), Text("档位", "bands in that time"), default=())


@dataclass(frozen=True, kw_only=True)
class Clause(Said):
    """What every assessed clause may carry."""

    window: str = term(
        one_of("month", "quarter"),
        Text("考核周期", "judged monthly, or quarterly in the quarter's last month"),
        default="month",
    )
    gates: tuple[Gate, ...] = term(
        listed(formed(Gate, "gate")), Text("前置条件", "conditions of the reward"), default=()
    )
    consecutive: tuple[Repeated, ...] = term(
        listed(formed(Repeated, "step")), Text("连续未达标", "multipliers for misses in a row"), default=()
    )
    terminate_after: int | None = term(
        NATURAL, Text("解约触发", "misses in a row that give the right to terminate"), default=None
    )
    pool: str | None = term(NAME, Text("权重池", "weight pool it belongs to"), default=None)
    allocation: Fraction | None = term(SHARE, Text("池内权重", "its share of the pool"), default=None)
    surplus: str = term(
        one_of("left_out", "counted"),
        Text("超量话务", "contacts above the forecast band: left_out (no duty on them) or counted"),
        default="left_out",
    )


@dataclass(frozen=True, kw_only=True)
class Level(Clause, Measuring):
    """目标值 | one target: a credit if it is missed, a reward if it is reached"""

    target: Target = term(TARGET, Text("目标值", "what must be reached"))
    credit: Portion = term(PORTION, Text("未达标扣罚", "taken off if missed"), default=Portion())
    reward: Portion = term(PORTION, Text("达标奖励", "added if reached"), default=Portion())
    ramp: tuple[Ramp, ...] = term(
        listed(formed(Ramp, "step")), Text("爬坡期", "targets of the first months"), default=()
    )


@dataclass(frozen=True, kw_only=True)
class Bands(Clause, Measuring):
    """档位 | stepped credits and rewards"""

    target: Target | None = term(TARGET, Text("目标值", "the level the bands are built around"), default=None)
    bands: tuple[Band, ...] = term(listed(formed(Band, "band")), Text("档位", "ranges, each with its consequence"))
    ramp: tuple[Ramp, ...] = term(listed(formed(Ramp, "step")), Text("爬坡期", "bands of the first months"), default=())


@dataclass(frozen=True, kw_only=True)
class Presumptive(Clause, Measuring):
    """预设水平 | the target is set by measuring: the middle of a presumed and a measured level"""

    presumed: Edge = term(EDGE, Text("预设水平", "level presumed at signing"))
    measured: Edge | None = term(EDGE, Text("实测水平", "level found, if the parties wrote it down"), default=None)
    months: int = term(NATURAL, Text("测量月数", "first months in which the level is measured"), default=3)
    until_then: str = term(
        one_of("not_assessed", "presumed"),
        Text("测量期间", "what holds while measuring: no assessment, or the presumed level"),
        default="not_assessed",
    )
    credit: Portion = term(PORTION, Text("未达标扣罚", "taken off if missed"), default=Portion())
    reward: Portion = term(PORTION, Text("达标奖励", "added if reached"), default=Portion())


@dataclass(frozen=True, kw_only=True)
class Event(Clause, Measuring):
    """逐件 | each event costs something, after a number that is free"""

    free: int = term(WHOLE, Text("免扣件数", "events without consequence"), default=0)
    credit: Portion = term(PORTION, Text("每件扣罚", "taken off for each further event"))
    most: int | None = term(NATURAL, Text("最多件数", "at most this many are counted"), default=None)


@dataclass(frozen=True, kw_only=True)
class PointBand:
    """A range of values with its points."""

    start: Edge | None = term(EDGE, Text("下限", "lower edge"), default=None, key="from")
    end: Edge | None = term(EDGE, Text("上限", "upper edge"), default=None, key="to")
    points: Fraction = term(NUMBER_KIND, Text("得分", "points"))


@dataclass(frozen=True, kw_only=True)
class ScoreItem(Measuring):
    """One metric of a scoring table."""

    title: Text | None = term(TEXT, Text("名称", "its name"), default=None)
    points: tuple[PointBand, ...] = term(listed(formed(PointBand, "range")), Text("得分表", "points by range"))


@dataclass(frozen=True, kw_only=True)
class Score(Clause):
    """评分表 | several metrics give points; the total decides"""

    items: tuple[ScoreItem, ...] = term(listed(formed(ScoreItem, "item")), Text("评分项", "what gives points"))
    bands: tuple[Band, ...] = term(listed(formed(Band, "band")), Text("总分档位", "consequence by total score"))
    full_marks_if_few: bool = term(
        FLAG,
        Text("样本不足给满分", "an item with too few rows gives full points; else it counts nothing"),
        default=True,
    )


CLAUSES: dict[str, type[Clause]] = {
    "level": Level,
    "bands": Bands,
    "presumptive": Presumptive,
    "event": Event,
    "score": Score,
}
