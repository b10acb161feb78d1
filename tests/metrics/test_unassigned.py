from __future__ import annotations

import pytest
from measuring_tables import END_OF_NOVEMBER, prepared_of, random_tables

from onefloor.findings import Figure
from onefloor.metrics import catalogue
from onefloor.metrics.measure import measure
from onefloor.metrics.prepared import Prepared
from onefloor.metrics.unassigned import Unassigned, unassigned

ASKED = ["abandonment", "aht", "offered_contacts"]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    return prepared_of(tmp_path_factory.mktemp("unassigned"), random_tables(5, 200), END_OF_NOVEMBER)


def test_nobodys_and_the_companies_rows_are_all_rows(prepared: Prepared) -> None:
    found, parts = unassigned(prepared, ASKED), measure(prepared, ASKED, ["company"]).rows
    for name in ASKED:
        nobodys = next((row.figures[name] for row in parts if row.key["company"] is None), Figure(0, 0))
        assert found[name].nobodys.numerator == nobodys.numerator
        assert found[name].everybodys.numerator == sum(row.figures[name].numerator for row in parts)
    assert found["abandonment"].counted.numerator > 0


@pytest.mark.parametrize(("nobodys", "too_many"), [(0, False), (10, False), (11, True)])
def test_more_than_one_in_a_hundred_is_too_many(nobodys: int, too_many: bool) -> None:
    metric = catalogue.metric("abandonment")
    assert Unassigned(metric, Figure(nobodys, nobodys), Figure(50, 1000)).too_many is too_many


def test_of_a_quantity_the_quantity_counts(prepared: Prepared) -> None:
    found = unassigned(prepared, ASKED)["offered_contacts"]
    assert found.counted == Figure(found.nobodys.numerator, found.everybodys.numerator)
