"""The client's duties 甲方义务: owed to a vendor, each with its own clock."""

from __future__ import annotations

from collections.abc import Mapping

from onefloor.language import Text
from onefloor.metrics.definition import Definition, Value, duration, name_or_any
from onefloor.metrics.metric import Atom, Better, Unit

OWED = Text("到期的甲方义务", "duties of the client that were due")
DUE = Text(
    "从到期时刻起，到完成为止；按到期时间归期",
    "from the time it was due to the time it was done; dated by when it was due",
)
PARAMETERS = {
    "duty": name_or_any(Text("哪一项义务，默认全部", "which duty; by default all")),
    "grace": duration("0s", Text("宽限，含该时长本身", "grace, including this time")),
}


def _where(values: Mapping[str, Value], *more: str) -> str:
    duty = "" if values["duty"] == "any" else f"duty == {values['duty']!r}"
    return " and ".join(filter(None, [duty, *more]))


DEFINITIONS = (
    Definition(
        name="duty_kept",
        title=Text("甲方履约率", "duties kept"),
        formula=Text("按时完成的义务÷到期的义务", "duties done in time / duties due"),
        population=OWED,
        clock=DUE,
        unit=Unit.PERCENT,
        better=Better.HIGHER,
        sides=lambda values: (
            Atom("duties", _where(values, "late_ms is not None", "late_ms <= grace")),
            Atom("duties", _where(values)),
        ),
        source="own definition, in the intent of ISO 18295-2",
        scale=100,
        places=2,
        parameters=PARAMETERS,
    ),
    Definition(
        name="duty_late",
        title=Text("甲方逾期次数", "duties late"),
        formula=Text("逾期完成或未完成的义务数", "number of duties done late or not done"),
        population=OWED,
        clock=DUE,
        unit=Unit.COUNT,
        better=Better.LOWER,
        sides=lambda values: (Atom("duties", _where(values, "(late_ms is None or late_ms > grace)")), None),
        source="own definition, in the intent of ISO 18295-2",
        parameters=PARAMETERS,
    ),
)
