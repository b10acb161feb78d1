from fractions import Fraction

from onefloor.findings import Figure, Scope


def test_parts_of_a_figure_add_up_and_ratios_do_not():
    morning, evening = Figure(90, 100), Figure(10, 20)
    assert (morning + evening).ratio == Fraction(5, 6)  # 83.3 %, not the 70.0 % of the mean of both


def test_a_figure_without_a_denominator_has_no_value():
    assert Figure(0, 0).ratio is None


def test_one_provisional_part_makes_the_whole_provisional():
    assert (Figure(1, 2) + Figure(1, 2, provisional=True)).provisional


def test_a_scope_never_reaches_another_company():
    assert Scope("North", unassigned=True).predicate() == "(company == 'North' or company == '')"


def test_names_are_quoted_whatever_they_hold():
    assert Scope(None, (("queue", ("o'hara",)),)).predicate() == 'queue in ("o\'hara",)'
