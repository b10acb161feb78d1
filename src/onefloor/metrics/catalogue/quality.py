"""Quality 质量: critical errors found in evaluated contacts."""

from __future__ import annotations

from onefloor.language import Text
from onefloor.metrics.definition import Definition
from onefloor.metrics.metric import Atom, Better, Exclusion, Unit

FAMILIES = {
    "customer": Text("客户", "customer"),
    "business": Text("业务", "business"),
    "compliance": Text("合规", "compliance"),
}


def _accuracy(family: str, name: Text) -> Definition:
    return Definition(
        name=f"{family}_critical_accuracy",
        title=Text(f"{name.zh}致命项准确率", f"{name.en} critical accuracy"),
        formula=Text(
            f"没有{name.zh}致命错误的质检话务÷适用{name.zh}致命项的质检话务",
            f"evaluated contacts without a {name.en} critical error / evaluated contacts to which such an item applies",
        ),
        population=Text("质检评分过的话务", "evaluated contacts"),
        clock=Text("按话务时间归期，不按评分时间", "dated by the contact, not by the evaluation"),
        unit=Unit.PERCENT,
        better=Better.HIGHER,
        sides=lambda _: (
            Atom("evaluations", f"{family}_applies and not {family}_failed"),
            Atom("evaluations", f"{family}_applies"),
        ),
        source="copc.com/glossary/compliance-critical-error; per contact, not per item: own definition",
        scale=100,
        places=2,
        exclusions=(
            Exclusion(
                "not_applicable",
                f"not {family}_applies",
                Text("该类致命项均不适用", "no critical item of the family applied"),
            ),
        ),
        notes=Text(
            "按话务计，不按评分项计：一通话务错一项与错三项相同。",
            "Per contact, not per item: one failed item and three count the same.",
        ),
    )


DEFINITIONS = tuple(_accuracy(family, name) for family, name in FAMILIES.items())
