from dataclasses import replace

import pytest

from onefloor.demo.filling import fill, with_queues
from onefloor.demo.truth import TRUTH
from onefloor.demo.year import Plan, year
from onefloor.facts.store import data_version, load_report, scan
from onefloor.floor import Queue, create_floor

PLAN = Plan(seed=2, contacts=60_000, months=3)


@pytest.fixture
def floor(tmp_path):
    return create_floor(tmp_path / "floor", timezone="Asia/Shanghai")


def test_every_row_is_loaded_and_counted(floor):
    account = fill(floor, PLAN)
    months = list(year(PLAN))
    rows = sum(table.num_rows for month in months for table in month.tables.values())
    assert (account.lines, account.loaded, account.duplicates) == (rows, rows, 0)
    for name in months[0].tables:
        stored = scan(floor, name).collect()
        assert stored.height == sum(month.tables[name].num_rows for month in months)


def test_filling_again_changes_nothing(floor):
    first = fill(floor, PLAN)
    version = data_version(floor)
    again = fill(floor, PLAN)
    assert (again.lines, again.duplicates, again.loaded) == (first.lines, first.lines, 0)
    assert data_version(floor) == version


def test_a_longer_plan_adds_only_the_months_that_are_missing(floor):
    first = fill(floor, replace(PLAN, months=2))
    longer = fill(floor, PLAN)
    assert longer.duplicates == first.lines
    assert longer.loaded > 0


class Killed(Exception):
    pass


def test_an_interrupted_fill_is_finished_by_the_next(floor, tmp_path):
    def kill_at_the_third(done, _total):
        if done == 2:
            raise Killed

    with pytest.raises(Killed):
        fill(floor, PLAN, progress=kill_at_the_third)
    fill(floor, PLAN)
    whole = create_floor(tmp_path / "whole", timezone="Asia/Shanghai")
    fill(whole, PLAN)
    assert data_version(floor) == data_version(whole)


def test_the_floor_s_zone_decides_where_days_begin(tmp_path):
    berlin = create_floor(tmp_path / "berlin", timezone="Europe/Berlin")
    fill(berlin, replace(PLAN, months=1))
    (month,) = year(replace(PLAN, months=1, zone="Europe/Berlin"))
    assert load_report(berlin, month.load) is not None


def test_the_floor_learns_to_whom_a_queue_is_dedicated(floor):
    told = with_queues(floor, TRUTH)
    assert told.queues["moving"] == Queue(skill="moving", company="North")
    assert told.queues["billing"] == Queue(skill="billing")
    assert with_queues(told, TRUTH).queues == told.queues
