"""The evaluations of a floor as marks: all of them, or those that a viewer may know of."""

from __future__ import annotations

import pytest

from onefloor.demo.filling import fill, with_queues
from onefloor.demo.truth import TRUTH
from onefloor.demo.year import ZONE, Plan
from onefloor.floor import Floor, create_floor
from onefloor.insight.rating.from_floor import NoEvaluations, floor_marks
from onefloor.metrics.measure import measure
from onefloor.metrics.prepare import prepare
from onefloor.metrics.prepared import Prepared

PLAN = Plan(seed=1, contacts=120_000, months=1, tables=frozenset({"contacts", "evaluations", "roster"}))


@pytest.fixture(scope="module")
def floor(tmp_path_factory: pytest.TempPathFactory) -> Floor:
    made = with_queues(create_floor(tmp_path_factory.mktemp("marks") / "floor", timezone=ZONE), TRUTH)
    fill(made, PLAN)
    return made


@pytest.fixture(scope="module")
def prepared(floor: Floor) -> Prepared:
    return prepare(floor)


def test_a_viewer_has_the_marks_of_its_own_contacts_alone(floor: Floor, prepared: Prepared) -> None:
    months = list(prepared.months)
    metric = "customer_critical_accuracy"
    rows = measure(prepared, [metric], ("company",), None, months).rows
    scored = {row.key["company"]: row.figures[metric].denominator for row in rows}
    everybody = floor_marks(floor, prepared, months)
    assert len(everybody.value) == sum(scored.values())
    for company, contacts in scored.items():
        assert len(floor_marks(floor, prepared, months, scope=f"company == '{company}'").value) == contacts


def test_without_any_it_says_so(floor: Floor, prepared: Prepared) -> None:
    with pytest.raises(NoEvaluations):
        floor_marks(floor, prepared, list(prepared.months), scope="company == 'Elsewhere'")
