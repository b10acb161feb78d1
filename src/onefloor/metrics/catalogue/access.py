"""Access 接通: what became of the contacts that waited for a person."""

from __future__ import annotations

from collections.abc import Mapping

from onefloor.language import Text
from onefloor.metrics.definition import NONE_MS, Definition, Sides, Value, choice, duration, number
from onefloor.metrics.metric import Atom, Better, Exclusion, Quantile, Unit

ANSWERED = "offered and answered"
ABANDONED = "offered and abandoned"
QUEUED = Text("进入队列的通话段", "legs that entered a queue")
WAIT = Text(
    "从进入队列（不是进入语音菜单）起，到坐席接通或离开为止；含振铃时间",
    "from queue entry (not the voice menu) to the agent's answer or to the end; ring time is in",
)
OTHER_OUTCOMES = Exclusion(
    "other_outcomes",
    "offered and not answered and not abandoned",
    Text(
        "按键离开、超时、队列无人、被系统撤出、故障或未结束：各有结果，既非接通也非放弃",
        "left by key, timed out, queue empty, withdrawn, failed or still open: outcomes of their own, "
        "neither answered nor abandoned",
    ),
)
SHORT = Exclusion(
    "short_abandon",
    "offered and abandoned and wait_ms <= short",
    Text("短时放弃：等待不超过约定时长", "short abandon: left within the agreed time"),
)

ALL_ABANDONED = Exclusion(
    "abandoned",
    ABANDONED,
    Text("公式 F2 只看接通者，放弃不计", "formula F2 looks at the answered only: abandons do not count"),
)
LATER = "(wait_ms > short or wait_ms is None)"  # a wait nobody recorded is not a short one

# The four formulas in use, by name: what counts as in time, and out of what.
FORMULAS = {
    "F1": (
        "offered and (answered and wait_ms <= within or abandoned and wait_ms <= short)",
        "offered and (answered or abandoned)",
    ),
    "F2": ("offered and answered and wait_ms <= within", ANSWERED),
    "F3": ("offered and answered and wait_ms <= within", "offered and (answered or abandoned)"),
    "F4": (
        "offered and answered and wait_ms <= within",
        f"offered and (answered or abandoned and {LATER})",
    ),
}
POPULATIONS = {"answered": ANSWERED, "abandoned": ABANDONED, "all": "offered"}


def _service_level(values: Mapping[str, Value]) -> Sides:
    in_time, among = FORMULAS[str(values["formula"])]
    return Atom("legs", in_time), Atom("legs", among)


def _left_out(values: Mapping[str, Value]) -> tuple[Exclusion, ...]:
    return (*{"F2": (ALL_ABANDONED,), "F4": (SHORT,)}.get(str(values["formula"]), ()), OTHER_OUTCOMES)


def _offered(values: Mapping[str, Value]) -> str:
    return "offered" if values["short"] == NONE_MS else f"offered and (not abandoned or {LATER})"


def _waits(values: Mapping[str, Value], percent: int) -> Sides:
    where = f"{POPULATIONS[str(values['population'])]} and wait_ms is not None"
    return Quantile("legs", where, "wait_ms", percent), None


POPULATION = choice(
    "answered",
    Text("统计哪些通话段的等待", "whose waits: of the answered, of the abandoned, or of all that entered a queue"),
    *POPULATIONS,
)
SHORT_OUT = duration(
    "none",
    Text(
        "等待不超过此时长即放弃的，从分子和分母中剔除；none 表示不剔除",
        "abandons up to this wait are left out of both sides; none: all stay",
    ),
    none=True,
)

DEFINITIONS = (
    Definition(
        name="service_level",
        title=Text("服务水平", "service level"),
        formula=Text(
            "F1：（时限内接通＋短时放弃）÷（接通＋放弃）；F2：时限内接通÷接通；"
            "F3：时限内接通÷（接通＋放弃）；F4：时限内接通÷（接通＋放弃－短时放弃）",
            "F1: (answered in time + short abandons) / (answered + abandoned); F2: answered in time / answered; "
            "F3: answered in time / (answered + abandoned); "
            "F4: answered in time / (answered + abandoned - short abandons)",
        ),
        population=QUEUED,
        clock=WAIT,
        unit=Unit.PERCENT,
        better=Better.HIGHER,
        sides=_service_level,
        source="F1-F4: 51callcenter.com/newsinfo/154/63539; F4: wfmclubs.com/terminology/wfm-metrics; "
        "its own short-abandon limit: help.mypurecloud.com/articles/configure-the-service-level-calculation",
        scale=100,
        places=2,
        parameters={
            "formula": choice(
                "F4",
                Text("四种公式之一，须在协议中写明", "one of the four formulas; the agreement names it"),
                *FORMULAS,
            ),
            "within": duration(
                "20s", Text("接通时限，含该时长本身", "answered in time: up to and including this wait")
            ),
            "short": duration(
                "=within",
                Text(
                    "短时放弃时限，默认等于 within；用于 F1 和 F4",
                    "short abandons: up to and including this wait; by default as within; used by F1 and F4",
                ),
                none=True,
            ),
        },
        exclusions=_left_out,
        notes=Text(
            "按所问期间汇总后再相除；各时段比率的平均值是另一个指标。转接后再次排队的通话段另计一次。",
            "Pooled over the period that is asked for; the mean of interval ratios would be another metric. "
            "A leg that queues again after a transfer counts again.",
        ),
    ),
    Definition(
        name="connect_rate",
        title=Text("接通率", "connect rate"),
        formula=Text("接通÷人工请求量", "answered / offered"),
        population=QUEUED,
        clock=WAIT,
        unit=Unit.PERCENT,
        better=Better.HIGHER,
        sides=lambda values: (Atom("legs", ANSWERED), Atom("legs", _offered(values))),
        source="GB/T 33358-2016 in published copies: hy.voc.com.cn (tid=141062), jyxzfw.cn/zhengcefagui/t670585.html",
        scale=100,
        places=2,
        parameters={"short": SHORT_OUT},
        exclusions=(SHORT,),
        notes=Text(
            "在语音菜单中挂断的不计入：从未请求人工。", "Hang-ups in the voice menu are not offered and do not count."
        ),
    ),
    Definition(
        name="abandonment",
        title=Text("放弃率", "abandonment rate"),
        formula=Text("放弃÷人工请求量", "abandoned / offered"),
        population=QUEUED,
        clock=WAIT,
        unit=Unit.PERCENT,
        better=Better.LOWER,
        sides=lambda values: (
            Atom("legs", ABANDONED if values["short"] == NONE_MS else f"{ABANDONED} and {LATER}"),
            Atom("legs", _offered(values)),
        ),
        source="usage of the field; outcomes kept apart as in "
        "docs.aws.amazon.com/connect/latest/adminguide/metrics-definitions.html",
        scale=100,
        places=2,
        parameters={"short": SHORT_OUT},
        exclusions=(SHORT,),
        notes=Text(
            "人工请求量是进入队列的通话段；按键离开、超时等在分母中，不在分子中。",
            "Offered are the legs that entered a queue; left by key, timed out and so on are in the denominator only.",
        ),
    ),
    Definition(
        name="short_abandonment",
        title=Text("短时放弃率", "short abandonment rate"),
        formula=Text("短时放弃÷人工请求量", "abandoned within the short time / offered"),
        population=QUEUED,
        clock=WAIT,
        unit=Unit.PERCENT,
        better=Better.LOWER,
        sides=lambda _: (Atom("legs", "offered and abandoned and wait_ms <= short"), Atom("legs", "offered")),
        source="RingCentral .NET SDK documentation, CallQueueServiceLevelSettings; "
        "cloud.google.com/contact-center/ccai-platform/docs/data-dictionary",
        scale=100,
        places=2,
        parameters={
            "short": duration("5s", Text("短时放弃时限，含该时长本身", "short: up to and including this wait"))
        },
    ),
    Definition(
        name="asa",
        title=Text("平均应答速度", "average speed of answer"),
        formula=Text("接通者等待之和÷接通", "sum of the waits of the answered / answered"),
        population=Text("进入队列且已接通的通话段", "legs that entered a queue and were answered"),
        clock=WAIT,
        unit=Unit.MS,
        better=Better.LOWER,
        sides=lambda _: (Atom("legs", ANSWERED, "wait_ms"), Atom("legs", ANSWERED)),
        source="legalclarity.org/call-center-service-level-agreement-requirements; answered contacts only",
    ),
    Definition(
        name="wait_percentile",
        title=Text("等待分位数", "wait percentile"),
        formula=Text(
            "等待从短到长排列，第 ⌈p×n÷100⌉ 个（精确最近秩）",
            "the wait of rank ceil(p x n / 100) in ascending order (exact nearest rank)",
        ),
        population=Text("由参数 population 选择", "chosen by the parameter population"),
        clock=WAIT,
        unit=Unit.MS,
        better=Better.LOWER,
        sides=lambda values: _waits(values, int(values["p"])),
        source="own definition: exact nearest rank, equal on every engine",
        parameters={"p": number("90", Text("百分位", "the percentile"), 1, 100), "population": POPULATION},
        notes=Text(
            "不可相加：各部分的分位数得不出整体的分位数。",
            "Not additive: percentiles of parts do not give the percentile of the whole.",
        ),
    ),
    Definition(
        name="longest_wait",
        title=Text("最长等待", "longest wait"),
        formula=Text("等待的最大值", "the longest wait"),
        population=Text("由参数 population 选择", "chosen by the parameter population"),
        clock=WAIT,
        unit=Unit.MS,
        better=Better.LOWER,
        sides=lambda values: _waits(values, 100),
        source="usage of the field",
        parameters={"population": POPULATION},
        notes=Text("不可相加。", "Not additive."),
    ),
)
