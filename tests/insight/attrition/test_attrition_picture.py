"""The picture of staying where nobody has left by the day asked for: the interval is a bar, as the sentence has it."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from onefloor.insight.attrition.curves import kaplan_meier
from onefloor.insight.attrition.picture import picture
from onefloor.insight.attrition.spells import spells
from onefloor.insight.attrition.staying import Cohort, Staying
from onefloor.insight.finding import Estimate


def test_an_interval_without_leavers_is_drawn_as_a_bar() -> None:
    curve = kaplan_meier(spells(list(range(200, 240)), [1] * 40))
    stays = Estimate(1.0, 0.9, 1.0)
    cohort = Cohort(("Own",), 40, 40, (0.0, 400.0), curve, stays, None)
    drawn = picture(Staying(("company",), 90, (cohort,), None, {}))
    assert drawn is not None
    panel = Figure().subplots()
    drawn.draw([panel], "en")
    paths = [np.asarray(path.vertices) for part in panel.collections for path in part.get_paths()]
    assert [path.tolist() for path in paths if len(path) == 2] == [[[90.0, 90.0], [90.0, 100.0]]]
