"""What is true of the generated year: every parameter it is drawn from, so that an estimator can be checked.

Effects on a handling time are differences of its logarithm (0.05 is about 5 % longer), effects on a probability are
differences of its logit. An agent's own deviation is normal with the given spread around its company.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Company:
    """One employer of agents on the floor and how its people differ from the client's own."""

    name: str
    share: float  # of all agents
    sites: tuple[str, ...]
    queues: tuple[tuple[str, float], ...]  # weight of each queue its agents may serve
    shifts: tuple[float, ...]  # weight of each shift of ``Floorplan.shift_starts``
    mean_tenure_days: float  # of the people there when the year begins
    training_days: int  # working days before the first contact
    leave_per_month: float  # hazard after the first 90 days
    dispatched: float = 0.0  # share of its people employed by a dispatch agency
    log_handle: float = 0.0
    unresolved: float = 0.0
    critical_error: float = 0.0
    dissatisfied: float = 0.0
    sale: float = 0.0


@dataclass(frozen=True, slots=True)
class Queue:
    """One queue: what a contact in it takes and ends in."""

    name: str
    topics: tuple[str, ...]
    talk_s: float  # mean, of an experienced own agent
    unresolved: float  # logit for an experienced own agent
    sale_eligible: float  # share of contacts in which an offer is allowed
    company: str | None = None  # the company it is dedicated to


@dataclass(frozen=True, slots=True)
class Change:
    """An effect on unresolved contacts that begins with a month of the year (0 = the first)."""

    name: str
    from_month: int
    unresolved: float
    team: str | None = None
    company: str | None = None
    topic: str | None = None


@dataclass(frozen=True, slots=True)
class Outage:
    """A client system is down: more contacts, longer ones, some dropped."""

    month: int = 10
    day: int = 17
    from_hour: int = 10
    until_hour: int = 14
    demand: float = 1.5
    log_handle: float = 0.2
    dropped: float = 0.12


@dataclass(frozen=True, slots=True)
class Truth:
    """All parameters of a generated year."""

    companies: tuple[Company, ...]
    queues: tuple[Queue, ...]
    changes: tuple[Change, ...]
    outage: Outage = field(default_factory=Outage)
    # demand: Monday to Sunday, January to December, public holidays, half hours from ``opening_hour``
    weekday: tuple[float, ...] = (1.18, 1.08, 1.04, 1.02, 1.03, 0.86, 0.79)
    season: tuple[float, ...] = (1.04, 0.94, 1.0, 0.98, 0.97, 1.03, 1.1, 1.08, 0.98, 0.95, 0.98, 1.02)
    holiday: float = 0.6
    holiday_staff: float = 0.66
    day_spread: float = 0.05  # of the logarithm of a day's demand, unforeseen
    opening_hour: int = 8
    closing_hour: int = 22
    peak: float = 0.1  # how much more than planned comes in the late morning
    shift_starts: tuple[int, ...] = (480, 540, 600, 780)  # minutes after midnight; nine hours with one of lunch
    # staffing
    occupancy: float = 0.76
    smallest_floor: int = 24  # agents, however few the contacts
    absence: float = 0.025
    leave: float = 0.045
    leave_to_quiet_months: float = 0.6  # times (1 - season)
    personal_pauses: float = 0.2  # an hour at work
    early_leave_factor: float = 2.5  # on ``leave_per_month`` in the first 90 days
    # handling
    hold_share: float = 0.22
    hold_s: float = 45.0
    wrap_s: float = 38.0
    talk_shape: float = 2.4  # of the gamma distribution
    ring_s: tuple[float, float] = (2.0, 7.0)
    learning_log_handle: float = 0.28  # times exp(-tenure / learning_days)
    learning_unresolved: float = 0.55
    learning_error: float = 0.7
    learning_days: float = 60.0
    extra_skill_log_handle: float = 0.015  # for each skill beyond two
    agent_log_handle: float = 0.09  # spreads between agents of one company
    agent_unresolved: float = 0.2
    agent_error: float = 0.3
    agent_dissatisfied: float = 0.25
    agent_sale: float = 0.35
    selling_unresolved: float = 0.3  # what one spread of selling costs, in spreads of ``agent_unresolved``
    # waiting: who answers when, and who gives up, the simulator decides
    patience_s: float = 330.0  # mean of an exponential law
    left_by_key: float = 0.1  # of those who give up
    ring_no_answer: float = 0.025
    # what follows a contact
    transfer: float = 0.055
    transfer_learning: float = 1.0  # logit, x exp(-tenure / learning_days)
    repeat: float = 0.85  # of unresolved contacts
    abandoned_repeat: float = 0.5
    lag_day: float = 0.34  # geometric chance of each day from the next on
    longest_lag_days: int = 21
    customers_per_contact: float = 1.5  # size of the customer base against a year's contacts
    survey_invited: float = 0.3
    dissatisfied: float = -3.2  # logit for a resolved contact of an experienced own agent, no wait
    dissatisfied_unresolved: float = 1.9
    dissatisfied_per_minute: float = 0.4
    survey_answers: tuple[float, ...] = (0.24, 0.17, 0.11, 0.12, 0.17)  # chance of an answer by true score 1-5
    complaint: float = 0.0006
    complaint_unresolved: float = 6.0  # factor
    complaint_justified: float = 0.62
    sale: float = -2.1  # logit for an own agent
    sale_cancelled: float = 0.09
    sale_cancelled_pushed: float = 0.05  # more for each spread of selling
    sale_complained: float = 0.015
    evaluated: float = 0.02
    critical_error: tuple[float, float, float] = (-2.9, -3.2, -4.6)  # logits: customer, business, compliance
    rater_bias: tuple[float, ...] = (0.0, 1.2, -0.8, 2.5, -1.5, 0.4)  # points out of 100
    # planning and duties
    forecast_bias: float = 0.03
    forecast_spread: float = 0.06
    duty_late: float = 0.12

    def as_json(self) -> dict[str, Any]:
        """All parameters as data."""
        return asdict(self)

    @property
    def topics(self) -> tuple[str, ...]:
        """The topics of all queues, in order."""
        return tuple(topic for queue in self.queues for topic in queue.topics)

    def share_back_within(self, days: int) -> float:
        """The chance that a lag (see ``lag_day``) is at most that many days."""
        whole = 1 - (1 - self.lag_day) ** self.longest_lag_days
        return (1 - (1 - self.lag_day) ** min(days, self.longest_lag_days)) / whole


OWN = Company(
    name="Own", share=0.42, sites=("Nanjing",),
    queues=(("billing", 0.3), ("outage", 0.22), ("service", 0.2), ("plans", 0.16), ("english", 0.12)),
    shifts=(0.36, 0.3, 0.16, 0.18), mean_tenure_days=1000, training_days=30, leave_per_month=0.008, dispatched=0.16,
)  # fmt: skip
NORTH = Company(
    name="North", share=0.36, sites=("Hefei", "Wuhu"),
    queues=(("billing", 0.34), ("outage", 0.22), ("service", 0.22), ("moving", 0.22)),
    shifts=(0.28, 0.2, 0.16, 0.36), mean_tenure_days=300, training_days=10, leave_per_month=0.03,
    log_handle=0.06, unresolved=0.28, critical_error=0.4, dissatisfied=0.12,
)  # fmt: skip
HARBOR = Company(
    name="Harbor", share=0.22, sites=("Xiamen",),
    queues=(("outage", 0.28), ("service", 0.32), ("plans", 0.4)),
    shifts=(0.3, 0.2, 0.2, 0.3), mean_tenure_days=420, training_days=12, leave_per_month=0.025,
    log_handle=-0.05, unresolved=0.12, critical_error=0.15, dissatisfied=0.05, sale=0.35,
)  # fmt: skip
QUEUES = (
    Queue("billing", ("bill_query", "bill_dispute", "refund"), 205, -0.55, 0.25),
    Queue("outage", ("power_cut", "voltage", "repair_status"), 170, -0.75, 0.0),
    Queue("service", ("tariff", "meter", "address_change"), 220, -0.95, 0.2),
    Queue("moving", ("move_in", "move_out"), 250, -0.7, 0.1, company="North"),
    Queue("plans", ("new_plan", "upgrade"), 265, -1.1, 0.9),
    Queue("english", ("english_general",), 260, -0.65, 0.1),
)
TRUTH = Truth(
    companies=(OWN, NORTH, HARBOR),
    queues=QUEUES,
    changes=(
        Change("help period", from_month=6, unresolved=-0.35, team="North 2"),
        Change(
            "new dispute procedure not trained", from_month=8, unresolved=0.45, company="North", topic="bill_dispute"
        ),
    ),
)
