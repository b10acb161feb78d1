"""A lower bound of a roster's cost by one linear programme, which shares nothing with the engine.

Shifts are counted by class (skills, company, contract), day and start; breaks are implicit (Aykin 1996): as many meals
begin within each shift's window as people work it. A flow takes people on duty to skills. Tours are relaxed to days in
the horizon, days in a row and absences, summed over each class, so the bound is below what any roster costs.

    python benchmarks/rosters/bound.py 200          # minutes; prints the bound and the instance's digest
"""

from __future__ import annotations

import hashlib
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from onefloor.planning.rostering.problem import Agent, Problem, Shift
from rosters.instance import instance

HALF_HOURS = 48
CONSECUTIVE = 6


class Model:
    """Rows with limits and columns with costs, as HiGHS wants them."""

    def __init__(self) -> None:
        self.low: list[float] = []
        self.high: list[float] = []
        self.cost: list[float] = []
        self.most: list[float] = []
        self.starts, self.rows, self.values = [0], [], []  # type: ignore[var-annotated]

    def row(self, low: float, high: float) -> int:
        """A new row."""
        self.low.append(low)
        self.high.append(high)
        return len(self.low) - 1

    def column(self, cost: float, most: float, entries: list[tuple[int, float]]) -> None:
        """A new column of 0 or more."""
        self.cost.append(cost)
        self.most.append(most)
        self.rows.extend(row for row, _ in entries)
        self.values.extend(value for _, value in entries)
        self.starts.append(len(self.rows))

    def solved(self) -> float:
        """The least cost.

        Raises:
            RuntimeError: HiGHS did not finish; an unfinished programme has no bound.
        """
        import highspy

        programme = highspy.HighsLp()
        programme.num_col_, programme.num_row_ = len(self.cost), len(self.low)
        programme.col_cost_, programme.col_lower_ = np.array(self.cost), np.zeros(len(self.cost))
        programme.col_upper_ = np.array(self.most)
        programme.row_lower_, programme.row_upper_ = np.array(self.low), np.array(self.high)
        programme.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        programme.a_matrix_.start_ = np.array(self.starts, dtype=np.int32)
        programme.a_matrix_.index_ = np.array(self.rows, dtype=np.int32)
        programme.a_matrix_.value_ = np.array(self.values, dtype=np.float64)
        solver = highspy.Highs()
        solver.setOptionValue("output_flag", False)  # noqa: FBT003  HiGHS has it so
        solver.setOptionValue("solver", "ipm")
        solver.setOptionValue("run_crossover", "off")
        solver.setOptionValue("threads", 1)
        solver.passModel(programme)
        solver.run()
        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise RuntimeError(solver.modelStatusToString(solver.getModelStatus()))
        return float(solver.getInfo().objective_function_value)


class Rows:
    """The rows of cover: supply by set and half hour, need by skill and half hour, seats by company and half hour."""

    def __init__(self, problem: Problem, model: Model) -> None:
        self.reach = len(problem.needs) + HALF_HOURS
        inf = float("inf")
        self.sets = sorted({_skills(agent) for agent in problem.agents})
        self.supply = {held: [model.row(0, inf) for _ in range(self.reach)] for held in self.sets}
        self.seats = {}
        costs, per_hour = problem.costs, problem.per_hour
        for company in problem.companies:
            if company.seats is not None:
                self.seats[company.id] = [model.row(-inf, company.seats) for _ in range(self.reach)]
                for row in self.seats[company.id]:
                    model.column(costs.seat / per_hour, inf, [(row, -1.0)])
        for place, skill in enumerate(problem.skills):
            for t in np.flatnonzero(problem.needs[:, place]):
                row = model.row(int(problem.needs[t, place]), inf)
                model.column(costs.missing * skill.weight / per_hour, inf, [(row, 1.0)])
                for held in self.sets:
                    if skill.id in held:
                        model.column(0.0, inf, [(self.supply[held][t], -1.0), (row, 1.0)])

    def on_duty(self, held: tuple[str, ...], company: str, t: int, sign: float) -> list[tuple[int, float]]:
        """What one person on duty in a half hour does to the rows."""
        seats = [(self.seats[company][t], sign)] if company in self.seats else []
        return [(self.supply[held][t], sign), *seats]


def lower_bound(problem: Problem) -> float:
    """What no roster of the problem costs less than."""
    model = Model()
    rows = Rows(problem, model)
    classes: dict[tuple[tuple[str, ...], str, str], list[Agent]] = {}
    for agent in problem.agents:
        classes.setdefault((_skills(agent), agent.company, agent.contract), []).append(agent)
    for (held, company, contract), members in classes.items():
        _class(problem, model, rows, held, company, contract, members)
    return model.solved()


def _class(
    problem: Problem, model: Model, rows: Rows, held: tuple[str, ...], company: str, contract: str, members: list[Agent]
) -> None:
    inf, days = float("inf"), list(problem.grid.dates())
    shifts = [shift for shift in problem.shifts if shift.id in _contract_shifts(problem, contract)]
    here = [sum(not any(span.holds(day) for span in agent.away) for agent in members) for day in days]
    wished = [sum(any(wish.day == day for wish in agent.wishes) for agent in members) for day in days]
    total = model.row(sum(agent.least_days or 0 for agent in members), sum(agent.most_days or 0 for agent in members))
    present = [model.row(-inf, count) for count in here]
    free = [model.row(-inf, count - asked) for count, asked in zip(here, wished, strict=True)]
    runs = [model.row(-inf, CONSECUTIVE * len(members)) for _ in range(len(days) - CONSECUTIVE)]
    price = next(one.price for one in problem.companies if one.id == company) / problem.per_hour
    for number in range(len(days)):
        model.column(6.0, inf, [(free[number], -1.0)])
        spanned = range(max(0, number - CONSECUTIVE), min(number, len(days) - CONSECUTIVE - 1) + 1)
        common = [(total, 1.0), (present[number], 1.0), (free[number], 1.0), *((runs[run], 1.0) for run in spanned)]
        for shift in shifts:
            _shift(model, rows, held, company, number, shift, price * shift.paid, len(members), list(common))


def _shift(
    model: Model, rows: Rows, held: tuple[str, ...], company: str, day: int, shift: Shift, price: float, most: int,
    entries: list[tuple[int, float]],
) -> None:  # fmt: skip
    begin = day * HALF_HOURS + shift.start // 30
    gap = shift.gap or (0, 0)
    for offset in range(shift.length):
        if not gap[0] <= offset < gap[1]:
            entries += rows.on_duty(held, company, begin + offset, 1.0)
    for pause in shift.pauses:
        row = model.row(0, 0)
        entries.append((row, -1.0))
        for start in range(pause.earliest, pause.latest + 1):
            away = [one for at in range(start, start + pause.length)
                    for one in rows.on_duty(held, company, begin + at, -1.0)]  # fmt: skip
            model.column(0.0, float("inf"), [(row, 1.0), *away])
    model.column(price, most, entries)


def _skills(agent: Agent) -> tuple[str, ...]:
    return tuple(sorted(one.skill for one in agent.qualifications))


def _contract_shifts(problem: Problem, name: str) -> tuple[str, ...]:
    return next(contract.shifts for contract in problem.contracts if contract.id == name)


def digest(problem: Problem) -> str:
    """What an instance is known by: its people (nobody has a history), shifts and needs."""
    people = [
        (one.id, one.company, one.contract, one.qualifications, one.away, one.wishes, one.least_days, one.most_days)
        for one in problem.agents
    ]
    told = repr((people, problem.shifts, problem.contracts, problem.companies, problem.costs))
    return hashlib.sha256(told.encode() + problem.needs.tobytes()).hexdigest()[:16]


if __name__ == "__main__":
    for agents in map(int, sys.argv[1:]):
        made = instance(agents)
        began = time.process_time()
        found = lower_bound(made)
        print(
            f'    {agents}: ("{digest(made)}", {found:.1f}),  # {time.process_time() - began:.0f} s of processor time'
        )
