"""The generated floor of the tests, and an agreement whose clauses read every measuring table."""

from __future__ import annotations

from pathlib import Path

from onefloor.demo.filling import with_queues
from onefloor.demo.truth import TRUTH
from onefloor.demo.year import Plan
from onefloor.floor import Floor, create_floor
from onefloor.periods import Month

PLAN = Plan(seed=5, contacts=60_000, months=2)
FEBRUARY = Month(2026, 2)

EVERY_TABLE = """\
agreement: own-north
title: {zh: 外包协议, en: Outsourcing agreement}
client: Own
company: North
timezone: Asia/Shanghai
currency: CNY
from: 2026-01-01
unassigned: [billing, moving, outage, service]
at_risk: 10%
price:
  - {id: "3.1", kind: contact, title: {zh: 话务费, en: Fee}, text: {zh: 每通六元, en: Six each}, rate: 6.00}
forecast:
  {id: "3.2", title: {zh: 浮动, en: Band}, text: {zh: 正负一成, en: Ten per cent}, band: 10%, surplus: after_edge}
clauses:
  - {id: "4.1", kind: level, title: {zh: 服务水平, en: Service level}, text: {zh: 服务水平, en: "Service level"},
     metric: "service_level:formula=F4,within=20s", target: ">= 99%", credit: 30%}
  - {id: "4.2", kind: level, title: {zh: 未接, en: Rings}, text: {zh: 振铃未接, en: Rings not taken},
     metric: ring_no_answer, target: "<= 5%"}
  - {id: "4.3", kind: level, title: {zh: 满意度, en: Satisfaction}, text: {zh: 满意度, en: Satisfaction},
     metric: csat, target: ">= 85%", minimum_sample: 10}
  - {id: "4.4", kind: level, title: {zh: 投诉, en: Complaints}, text: {zh: 万次投诉, en: Complaints},
     metric: complaints_per_10000, target: "<= 20"}
  - {id: "4.5", kind: level, title: {zh: 销售, en: Sales}, text: {zh: 销售质量, en: Quality of sales},
     metric: "sale_quality:within=7d", target: ">= 90%"}
  - {id: "4.6", kind: level, title: {zh: 关键差错, en: Errors}, text: {zh: 关键差错, en: Critical errors},
     metric: customer_critical_accuracy, target: ">= 90%", minimum_sample: 5}
  - {id: "4.7", kind: level, title: {zh: 占用率, en: Occupancy}, text: {zh: 占用率, en: Occupancy},
     metric: occupancy, target: ">= 50%"}
  - {id: "4.8", kind: level, title: {zh: 流失, en: Attrition}, text: {zh: 流失率, en: Attrition},
     metric: attrition, target: "<= 20%"}
  - {id: "4.9", kind: level, title: {zh: 等待, en: Waits}, text: {zh: 九成等待, en: Nine in ten wait},
     metric: "wait_percentile:p=90", target: "<= 60s"}
duties:
  - {id: "6.1", title: {zh: 预测, en: Forecast}, text: {zh: 迟交减半, en: Late means half},
     metric: "duty_late:duty=forecast", bands: [{from: 1, relief: 50%}]}
exclusions:
  - id: E-1
    reason: client_outage
    text: {zh: 系统中断, en: System down}
    from: 2026-02-10 09:58
    to: 2026-02-10 11:30
    approvals:
      - {party: client, person: Li, date: 2026-02-20}
      - {party: company, person: Chen, date: 2026-02-21}
"""


def new_floor(folder: Path) -> Floor:
    """An empty floor with the generated year's queues."""
    return with_queues(create_floor(folder, timezone="Asia/Shanghai", name="test"), TRUTH)
