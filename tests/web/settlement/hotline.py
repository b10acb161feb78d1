"""Contacts of two whole months, and the clauses they are settled by."""

from __future__ import annotations

from typing import Any

from hand_made import MINUTE, at

from onefloor.floor import Floor

MONTHS = ("2026-09", "2026-10")
CLAUSES = """\
at_risk: 10%
clauses:
  - {id: "4.2", kind: level, title: {zh: 服务水平, en: Service level}, text: {zh: 二十秒内八成, en: 80% in 20 s},
     metric: "service_level:formula=F4,within=20s", target: ">= 80%", credit: 30%}
  - {id: "4.3", kind: level, title: {zh: 平均处理时长, en: AHT}, text: {zh: 不超过十分钟, en: At most ten minutes},
     metric: aht, target: "<= 600s", credit: 10%}
procedure: {sign: 5 working days, dispute: 16 working hours}
"""
SILENT = CLAUSES.replace("procedure: {", "procedure: {unsigned: accepted, ")  # nobody signs: it counts as accepted


def leg(floor: Floor, key: str, agent: str, start: str, *, wait: int) -> dict[str, Any]:
    """One contact that the agent took after so many ms."""
    begun = at(floor, start)
    return {
        "key": key, "contact": key, "started_ms": begun, "queued_ms": begun, "answered_ms": begun + wait,
        "wait_ms": wait, "ring_ms": 2_000, "talk_ms": 3 * MINUTE, "hold_ms": 0, "wrap_ms": 20_000,
        "ended_ms": begun + 4 * MINUTE, "outcome": "answered", "agent": agent, "queue": "service", "topic": "bill",
    }  # fmt: skip


def contacts(floor: Floor) -> list[dict[str, Any]]:
    """Three a day of each company; each third one waits 40 s. The first of November says that October is over."""
    days = [f"{month}-{day:02d}" for month in MONTHS for day in range(1, 31)]
    made = [
        leg(floor, f"{agent}-{day}-{hour}", agent, f"{day} {hour:02d}:00", wait=40_000 if hour == 15 else 5_000)
        for agent in ("N1", "O1")
        for day in days
        for hour in (9, 12, 15)
    ]
    return [*made, leg(floor, "last", "N1", "2026-11-01 09:00", wait=5_000)]
