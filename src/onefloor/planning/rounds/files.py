"""The needs that the rounds led to, as the table that a rules file names as its needs."""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path

from onefloor.periods import zone
from onefloor.planning.rostering.problem import Problem

COLUMNS = ("interval", "skill", "agents", "minutes")


def write_needs(path: Path, problem: Problem) -> None:
    """A line for each interval and skill that somebody is needed for: local start with offset, whole agents."""
    grid, tz = problem.grid, zone(problem.grid.zone_name)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for start, row in zip(grid.starts.tolist(), problem.needs.tolist(), strict=True):
            begin = datetime.fromtimestamp(start / 1000, tz).isoformat(timespec="minutes")
            for skill, agents in zip(problem.skills, row, strict=True):
                if agents:
                    writer.writerow((begin, skill.id, agents, grid.minutes))
