"""What a staff does, by simulation: each staff meets the same contacts (common random numbers), and is tried once."""

from __future__ import annotations

from dataclasses import dataclass, field

from onefloor.planning.pools.levels import FEWEST_PER_CONTROL, Levels, levels
from onefloor.planning.pools.problem import Floats, Ints, Pools
from onefloor.planning.simulation.simulating import Parameters as Runs
from onefloor.planning.simulation.simulating import simulate

ROUGH = 4  # a first look takes so many times fewer replications
DOUBT = 3.0  # errors of a first look, scaled to a difference


@dataclass(slots=True)
class Simulated:
    """A problem with its chance; ``known`` is what has been tried, ``contacts`` how many were simulated in all."""

    asked: Pools
    replications: int
    seed: int
    threads: int | None = None
    known: dict[tuple[bytes, int], Levels] = field(default_factory=dict)
    contacts: int = 0

    @property
    def first(self) -> int:
        """How many replications a first look takes: the first ones of the whole."""
        return min(self.replications, max(FEWEST_PER_CONTROL, self.replications // ROUGH))

    def levels(self, staff: Ints, replications: int | None = None) -> Levels:
        """The levels of the targets with a staff (G, P); of fewer replications if asked for.

        Raises:
            TooMuchWaits: nobody leaves the queue and the staff is too small.
        """
        count = replications or self.replications
        key = staff.tobytes(), count
        if key not in self.known:
            runs = Runs(replications=count, threads=self.threads, batch=count)
            self.known[key] = levels(self.asked, simulate(self.asked.staffed(staff), runs, self.seed))
            self.contacts += self.known[key].contacts
        return self.known[key]

    def hopeful(self, staff: Ints, beside: Ints, wanted: Floats) -> bool:
        """Whether a first look leaves hope that a staff reaches what is wanted (J, P).

        What the first replications say of the difference to a staff that is known in full (``beside``) is added to
        that one's levels: under common random numbers it is far surer than either level.
        """
        if self.first == self.replications:
            return True
        known, seen = self.levels(beside), self.levels(beside, self.first)
        tried = self.levels(staff, self.first)
        expected = known.value + tried.value - seen.value
        return bool((expected + DOUBT * 0.25 * tried.error >= wanted).all())
