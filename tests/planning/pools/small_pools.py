"""Small floors that tests of pools and skills share; the time unit is the mean handling time."""

from onefloor.planning.pools.problem import Pools, Target
from onefloor.planning.simulation.laws import exponential, lognormal
from onefloor.planning.simulation.model import ContactType, Group, Model, Return, Rule, Skill

TAU = 1 / 15


def pool(name: str, *types: str, staff: int = 1, company: str = "", pace: float = 1.0) -> Group:
    return Group(id=name, company=company, pace=pace, staff=(staff,),
                 types=tuple(Skill(type=kind, rank=rank) for rank, kind in enumerate(types, 1)))  # fmt: skip


def line(name: str, rate: float, patience: float = 1.0, redial: Return | None = None) -> ContactType:
    return ContactType(id=name, arrivals=(rate * 10,), service=exponential(1.0), patience=exponential(patience),
                       redial=redial)  # fmt: skip


def steady(*types: ContactType, groups: tuple[Group, ...], units: float = 100.0) -> Model:
    return Model(id="small", horizon=units, interval=10.0, warm_up=10.0, rule=Rule(within=TAU, formula="F3"),
                 types=types, groups=groups)  # fmt: skip


def one_skill(rate: float) -> Model:
    return steady(line("a", rate), groups=(pool("own", "a"),))


def two_skills() -> Model:
    groups = (pool("a", "a"), pool("b", "b"), pool("both", "a", "b"))
    return steady(line("a", 8.0), line("b", 6.0), groups=groups)


def model_b() -> Model:
    """Three skills, four pools, a slower vendor, redials: the benchmark of the literature's shape."""
    back = Return(share=0.3, after=exponential(2.0))
    rates = (("0", 32.0, 1.0), ("1", 36.0, 1.5), ("2", 24.0, 0.8))
    types = tuple(
        ContactType(
            id=name, arrivals=(rate * 10,), service=lognormal(1.0, 1.0), patience=exponential(patience), redial=back
        )
        for name, rate, patience in rates
    )
    groups = (pool("g0", "0"), pool("g1", "1", "0"), pool("g2", "2", "1"),
              pool("vendor", "0", "1", "2", company="vendor", pace=1.15))  # fmt: skip
    return steady(*types, groups=groups, units=180.0)


def day(arrivals: tuple[float, ...], handling: float = 600.0) -> Pools:
    kind = ContactType(id="t", arrivals=arrivals, service=lognormal(handling, 1.0), patience=exponential(240.0))
    model = Model(id="day", horizon=1800.0 * len(arrivals), rule=Rule(within=20.0, formula="F3"), types=(kind,),
                  groups=(Group(id="g", types=(Skill(type="t"),), staff=(1,)),))  # fmt: skip
    return Pools(model, (Target(0.8),), by_interval=True)
