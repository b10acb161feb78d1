"""Erlang's formulas against values that others computed, and against themselves at 50 digits."""

from __future__ import annotations

import csv
import gzip
import json
from collections import Counter, defaultdict
from datetime import datetime
from decimal import Decimal, localcontext
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from onefloor.planning.erlang.chain import by_states
from onefloor.planning.erlang.queues import Performance, erlang_b, erlang_c, performance
from onefloor.planning.erlang.sizing import Goal, least_agents, least_agents_for, positions
from onefloor.planning.erlang.traffic import Traffic

SHARED = Path(__file__).parents[3] / "../shared/data"
FIELDS = {
    "P_wait": "p_wait", "P_abandon": "p_abandon", "mean_wait_all_s": "mean_wait_s", "mean_queue": "mean_queue",
    "occupancy": "occupancy", "SL_answered_within_awt_of_offered": "answered_in",
}  # fmt: skip


def expected(name: str, file: str = "expected.json") -> dict[str, Any]:
    path = SHARED / name / file
    if not path.exists():
        pytest.skip(f"{name} is not beside the checkout")
    found: dict[str, Any] = json.loads(path.read_text())
    return found


def test_the_eight_cases_of_the_file_to_nine_digits() -> None:
    for row in expected("erlang")["rows"]:
        patience = np.inf if row["patience_s"] is None else row["patience_s"]
        found = performance(Traffic(row["calls_per_hour"], row["aht_s"], patience), row["agents"], row["awt_s"])
        for name, field in FIELDS.items():
            assert float(getattr(found, field)) == pytest.approx(row[name], rel=1e-9, abs=1e-13), (row, name)


def test_the_sizing_examples_of_the_file() -> None:
    goals = (Goal("service_level", 0.80, within_s=20), Goal("occupancy", 0.85))
    for row in expected("erlang")["sizing"]:
        traffic = Traffic(2 * row["calls_per_30_min"], row["aht_s"], row.get("patience_s", np.inf))
        agents = least_agents_for(traffic, goals)
        assert (int(agents), int(positions(agents, 0.30))) == (row["agents"], row["positions"])


def digits(calls: int, handling: int, patience: int, agents: int, within: int) -> dict[str, Decimal]:
    """Erlang A from its states with 50 digits and integers as input; sums alone, no library of functions but exp."""
    with localcontext() as context:
        context.prec = 60
        lam, mu, theta = Decimal(calls) / 3600, Decimal(1) / handling, Decimal(1) / patience
        weights = [Decimal(1)]
        while len(weights) <= agents or weights[-1] > max(weights) * Decimal(10) ** -55:
            k = len(weights)
            weights.append(weights[-1] * lam / (min(k, agents) * mu + max(0, k - agents) * theta))
        total = sum(weights)
        free, waiting = sum(weights[:agents]) / total, [weight / total for weight in weights[agents:]]
        queue = sum(j * p for j, p in enumerate(waiting))
        in_time = free + _in_time(waiting, agents * mu / theta, theta * within)
        return {
            "p_wait": sum(waiting, Decimal(0)), "mean_queue": Decimal(queue), "p_abandon": theta * queue / lam,
            "mean_wait_s": queue / lam, "answered_in": in_time,
            "occupancy": (lam - theta * queue) / (agents * mu),
        }  # fmt: skip


def _in_time(waiting: list[Decimal], x: Decimal, exponent: Decimal) -> Decimal:
    """Sum over j of P(j wait) x/(x+j+1) I_z(j+1, x+1), z = 1 - exp(-exponent), the I by their recurrence in j."""
    z, tail = 1 - (-exponent).exp(), (-exponent * (x + 1)).exp()
    step, whole, total = tail, 1 - tail, Decimal(0)  # I_z(1, x+1) = 1 - (1-z)^(x+1)
    for j, p in enumerate(waiting):
        total += p * x / (x + j + 1) * whole
        step *= z * (x + 1 + j) / (j + 1)
        whole -= step
    return total


@pytest.mark.parametrize(
    ("calls", "handling", "patience", "agents", "within"),
    [
        (200, 180, 300, 13, 20),
        (9, 600, 60, 1, 30),
        (3600, 300, 45, 250, 10),  # overloaded
        (118_000, 300, 90, 9_900, 5),
        (12_000, 300, 3_600, 1_000, 60),  # exactly as many agents as load, patient callers
    ],
)
def test_fifty_digits_agree(calls: int, handling: int, patience: int, agents: int, within: int) -> None:
    exact = digits(calls, handling, patience, agents, within)
    fast = performance(Traffic(calls, handling, patience), agents, within)
    slow = by_states(calls, handling, patience, agents, within)
    for name, value in exact.items():
        assert float(getattr(fast, name)) == pytest.approx(float(value), rel=1e-11), name
        assert float(getattr(slow, name)) == pytest.approx(float(value), rel=1e-9), name


def test_the_integral_and_the_states_agree_over_a_wide_grid() -> None:
    rng = np.random.default_rng(3)
    for _ in range(60):
        agents, handling, patience = int(10 ** rng.uniform(0, 3.5)), 10 ** rng.uniform(1, 3), 10 ** rng.uniform(0.5, 4)
        calls = 3600 * agents / handling * rng.choice([0.3, 0.8, 0.95, 1.0, 1.1, 2.5])
        within = 10 ** rng.uniform(-1, 2.5)
        fast = performance(Traffic(calls, handling, patience), agents, within)
        slow = by_states(calls, handling, patience, agents, within)
        for name in Performance.__slots__:
            assert float(getattr(fast, name)) == pytest.approx(float(getattr(slow, name)), rel=1e-9, abs=1e-12), name


def test_erlang_b_and_c_by_fractions() -> None:
    from fractions import Fraction

    load, lost = Fraction(85), Fraction(1)
    for agents in range(1, 101):
        lost = load * lost / (agents + load * lost)
    waits = lost / (1 - load / 100 * (1 - lost))
    assert float(erlang_b(85, 100)) == pytest.approx(float(lost), rel=1e-12)
    assert float(erlang_c(Traffic(85 * 12, 300), 100).p_wait) == pytest.approx(float(waits), rel=1e-12)


def test_callers_who_are_served_wait_as_the_density_of_their_wait_says() -> None:
    from scipy.integrate import quad

    lam, mu, theta, agents = 0.8, 1 / 60, 1 / 120, 50
    found = performance(Traffic(3600 * lam, 60, 120), agents, 20)

    def density(x: float, power: int) -> float:
        phi = lam * (1 - np.exp(-theta * x)) / theta - agents * mu * x
        return float(x**power * np.exp(phi - theta * x))

    waited, served = (quad(density, 0, 2000, args=(power,), epsabs=1e-13)[0] for power in (1, 0))
    among_waiting = waited / served
    p_served_after_wait = 1 - float(found.p_abandon) - (1 - float(found.p_wait))
    mean = among_waiting * p_served_after_wait / (1 - float(found.p_abandon))
    assert float(found.mean_wait_served_s) == pytest.approx(mean, rel=1e-8)


def wednesdays() -> tuple[list[float], float]:
    """Calls an hour of a Wednesday, and calls an agent takes an hour, as the chain's steps say."""
    path = SHARED / "anonymous_bank_1999/1999_02.tsv.gz"
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    arrivals: Counter[int] = Counter()
    service: defaultdict[int, list[int]] = defaultdict(list)
    for row in rows:
        if row["outcome"].strip() == "PHANTOM" or int(row["vru_time"]) < 0:
            continue
        if datetime.strptime(row["date"], "%y%m%d").weekday() == 2:
            hour = int(row["vru_entry"].split(":")[0])
            arrivals[hour] += 1
            if row["server"].strip() != "NO_SERVER":
                service[hour].append(int(row["ser_time"]))
    mean = sum(sum(held) / len(held) for held in service.values()) / len(service)
    return [arrivals[hour] / 4 for hour in range(24)], 3600 / (mean + 60)


def test_the_chain_from_call_records_to_shifts() -> None:
    chain, wanted = expected("mtpa_chain", "chain.json"), expected("mtpa_chain")
    rates, per_agent = wednesdays()
    assert rates == wanted["wednesday_calls_per_hour"]["published"]
    assert per_agent == pytest.approx(wanted["calls_per_agent_hour"], abs=1e-6)
    traffic = Traffic(rates, 3600 / round(per_agent))
    agents = least_agents(traffic, Goal("p_wait", 0.5))
    assert agents.tolist() == wanted["agents_needed"]["published"]
    busy = agents > 0
    shares = performance(Traffic(np.array(rates)[busy], 3600 / round(per_agent)), agents[busy]).p_wait
    published = [share for share in wanted["probability_of_waiting_at_that_number"] if share is not None]
    assert shares.round(6).tolist() == published
    shifts = next(step for step in chain["steps"] if step["step"] == "shifts")
    needed = np.where(np.arange(24) < 6, 0, agents)
    assert cheapest(needed, shifts) == wanted["shift_optimum_ils"]["computed"]


def cheapest(needed: np.ndarray, shifts: dict[str, Any]) -> float:
    """Least cost of whole shifts that cover every hour."""
    from scipy.optimize import LinearConstraint, milp

    starts, costs = np.array(shifts["start_hours"]), np.array(shifts["cost_per_shift_ils"])
    covers = (np.arange(24)[:, None] - starts[None, :]) % 24 < shifts["length_h"]
    found = milp(costs, constraints=LinearConstraint(covers.astype(float), lb=needed), integrality=np.ones(len(costs)))
    return round(float(found.fun), 6)
