"""Forecast 预测: how near the locked forecast came."""

from __future__ import annotations

from collections.abc import Mapping

from onefloor.language import Text
from onefloor.metrics.definition import Definition, Value, choice
from onefloor.metrics.metric import Atom, Better, Unit

SHARES = {"all": "", "queue": "company == ''", "company": "company != ''"}
INTERVALS = Text("已过去的锁定预测时段", "intervals of the locked forecast that have passed")
LOCKED = Text("取双方都已确认的预测；时段以预测为准", "the forecast both sides had acknowledged, in its own intervals")
SHARE = {
    "share": choice(
        "all",
        Text(
            "全部预测行、整个队列的预测，或各公司份额的预测",
            "every forecast row, those of whole queues, or those of one company's share",
        ),
        *SHARES,
    )
}
BOTH_KINDS = Text(
    "若同一队列既有整体预测又有公司份额，请用 share 选择其一，否则同一话务计两次。",
    "Where a queue has both kinds, choose one by share: else the same contacts count twice.",
)


def _rows(values: Mapping[str, Value]) -> str:
    return SHARES[str(values["share"])]


def _ratio(name: str, title: Text, formula: Text, numerator: str, better: Better, source: str) -> Definition:
    return Definition(
        name=name,
        title=title,
        formula=formula,
        population=INTERVALS,
        clock=LOCKED,
        unit=Unit.PERCENT,
        better=better,
        sides=lambda values: (
            Atom("forecasts", _rows(values), numerator),
            Atom("forecasts", _rows(values), "actual"),
        ),
        source=source,
        scale=100,
        places=2,
        parameters=SHARE,
        notes=BOTH_KINDS,
    )


DEFINITIONS = (
    _ratio(
        "forecast_wape",
        Text("预测加权误差", "forecast error (WAPE)"),
        Text("Σ|实际－预测|÷Σ实际", "sum of |actual - forecast| / sum of actual"),
        "missed_by",
        Better.LOWER,
        "turnella.com/contact-centre-forecasting-review",
    ),
    _ratio(
        "forecast_bias",
        Text("预测偏差", "forecast bias"),
        Text("Σ（预测－实际）÷Σ实际", "sum of (forecast - actual) / sum of actual"),
        "forecast - actual",
        Better.WITHIN,
        "own definition",
    ),
    Definition(
        name="forecast_hit_rate",
        title=Text("预测命中率（±10%）", "forecast hit rate (within 10 %)"),
        formula=Text(
            "|实际－预测|≤0.1×实际的时段÷时段", "intervals with |actual - forecast| <= 0.1 x actual / intervals"
        ),
        population=INTERVALS,
        clock=LOCKED,
        unit=Unit.PERCENT,
        better=Better.HIGHER,
        sides=lambda values: (
            Atom("forecasts", " and ".join(filter(None, ["within_tenth", _rows(values)]))),
            Atom("forecasts", _rows(values)),
        ),
        source="usage of the field, said to be COPC's (not verified in the standard)",
        scale=100,
        places=2,
        parameters=SHARE,
        notes=BOTH_KINDS,
    ),
)
