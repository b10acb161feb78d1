import subprocess
import sys
from dataclasses import replace

import numpy as np

from onefloor.demo.attendance import BREAK, LUNCH, PERSONAL, WORK, Spans, attendance, between_contacts
from onefloor.demo.chance import generator
from onefloor.demo.people import first_staff
from onefloor.demo.shifts import midnights, planned
from onefloor.demo.truth import TRUTH
from onefloor.periods import Month, clock

MONTH = Month(2026, 3)


def spans(*rows: tuple[int, int, int, int]) -> Spans:
    return Spans(*(np.array(column, np.int64) for column in zip(*rows, strict=True)))


def rows(found: Spans) -> list[tuple[int, ...]]:
    columns = (found.row, found.activity, found.start_ms, found.end_ms)
    return list(zip(*(column.tolist() for column in columns), strict=True))


def test_what_agents_are_to_do_fills_the_day_from_login_to_logout():
    starts = midnights(MONTH.days, clock("Asia/Shanghai"))
    people = first_staff(TRUTH, 3, MONTH, 60).people
    shifts = planned(TRUTH, 3, people, MONTH.days, starts)
    often = replace(TRUTH, personal_pauses=3.0)
    found = attendance(often, shifts, generator(3, 0, "attendance"))
    same = np.diff(found.row) == 0
    assert set(np.unique(found.row)) == set(np.flatnonzero(shifts.present))
    assert (found.start_ms < found.end_ms).all()
    assert (found.start_ms[1:] == found.end_ms[:-1])[same].all()
    assert not ((found.activity[1:] == WORK) & (found.activity[:-1] == WORK) & same).any()
    last = np.append(~same, [True])
    assert (found.end_ms[last] == shifts.ends[found.row[last], -1]).all()
    hours = (found.end_ms - found.start_ms)[np.isin(found.activity, [WORK, PERSONAL])].sum() / 3_600_000
    assert abs((found.activity == PERSONAL).sum() / hours - 3.0) < 0.1


def test_a_contact_delays_the_pause_and_the_next_block():
    day = spans((0, WORK, 0, 100), (0, BREAK, 100, 150), (0, WORK, 150, 300), (1, WORK, 0, 300))
    calls = (np.array([0, 0, 1]), np.array([20, 90, 10]), np.array([25, 95, 10]), np.array([60, 120, 40]))
    assert rows(between_contacts(day, *calls)) == [
        (0, WORK, 0, 25), (0, WORK, 60, 95), (0, BREAK, 120, 150), (0, WORK, 150, 300), (1, WORK, 0, 10),
        (1, WORK, 40, 300),
    ]  # fmt: skip


def test_a_contact_that_swallows_a_break_and_runs_over_the_end_leaves_nothing_of_them():
    day = spans((4, WORK, 0, 100), (4, LUNCH, 100, 120), (4, WORK, 120, 200))
    one = (np.array([4, 4]), np.array([50, 190]), np.array([55, 195]), np.array([130, 260]))
    assert rows(between_contacts(day, *one)) == [(4, WORK, 0, 55), (4, WORK, 130, 195)]


def test_without_the_compiler_the_year_says_what_to_install(tmp_path):
    code = (
        "import sys; sys.modules['numba'] = None\n"
        "from onefloor.cli import main\n"
        "sys.exit(main(['--lang', 'en', 'demo', sys.argv[1], '--build-only']))"
    )
    told = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "demo")], capture_output=True, text=True, check=False
    )
    assert told.returncode != 0
    assert 'Install "onefloor[demo]"' in told.stderr
    assert "Traceback" not in told.stderr
