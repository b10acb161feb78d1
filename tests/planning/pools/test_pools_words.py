from dataclasses import replace
from pathlib import Path

from small_pools import day, one_skill

from onefloor.insight.pictures import save
from onefloor.planning.pools.daily import Effort, staffed_day
from onefloor.planning.pools.picture import picture
from onefloor.planning.pools.problem import Limit, Parameters, Pools, Target
from onefloor.planning.pools.sentences import headline, remarks
from onefloor.planning.pools.solving import solve


def test_a_staff_says_who_is_needed_how_its_targets_stand_and_which_limits_bind() -> None:
    found = solve(Pools(one_skill(10.0), (Target(0.8, "a"),), limits=(Limit("seats", ("own",), most=14),)),
                  Parameters(20, 40), seed=2)  # fmt: skip
    assert headline(found).en == f"{found.staff.sum()} agents (own {found.staff.sum()}), cost {found.cost:.1f}."
    assert remarks(found)[0].en.startswith("a: ")
    assert [text.en for text in remarks(found)[1:]] == (['The limit "seats" is used up.'] if found.binding else [])


def test_a_target_missed_on_fresh_chance_is_in_the_headline_and_its_digits_are_told() -> None:
    asked = Pools(one_skill(10.0), (Target(0.8, "a"),))
    met = solve(asked, Parameters(20, 40), seed=2)
    short = replace(met, asked=Pools(one_skill(10.0), (Target(0.99999, "a"),)))
    assert short.checked.estimate(0).high < 0.99999
    assert headline(short).en == f"{headline(met).en} On fresh chance they miss 1 of 1 targets."
    assert headline(short).zh == f"{headline(met).zh}但在新的随机数上，1 个目标中有 1 个未达到。"
    assert remarks(short)[0].en.endswith("target 99.999%: missed.")


def test_a_day_is_drawn_the_same_twice(tmp_path: Path) -> None:
    drawn = picture(staffed_day(day((30.0, 60.0, 30.0)), Effort(days=100, fresh=20)))
    one, two = (save(drawn, tmp_path / name, "zh")[0].read_bytes() for name in "ab")
    assert one == two
