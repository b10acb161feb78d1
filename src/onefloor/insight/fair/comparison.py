"""What a comparison says: one ``Comparison`` for each other company, a ``Line`` for each question."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from onefloor.insight.fair.by_strata import ByStrata
from onefloor.insight.fair.gap import Gap
from onefloor.insight.fair.planning import Slice
from onefloor.insight.fair.refusals import Refusal
from onefloor.insight.fair.work import Family
from onefloor.insight.finding import Estimate, Verdict
from onefloor.metrics.metric import Metric


class Kind(StrEnum):
    """Which question a line answers."""

    AS_DELIVERED = "as_delivered"  # the mix held alike
    SAME_EXPERIENCE = "same_experience"  # mix and tenure
    SAME_HALF_HOUR = "same_half_hour"  # inside queue x half hour of the day


@dataclass(frozen=True, slots=True)
class Hidden:
    """How strong a hidden cause would have to be: to explain the estimate, and to bring 0 into its interval.

    ``e_value`` as a risk ratio (None for durations), ``robustness`` as a share of what is left between agents.
    """

    e_value: float | None
    e_value_limit: float | None
    robustness: float
    robustness_limit: float


@dataclass(frozen=True, slots=True)
class Line:
    """The answer to one question, in the unit that is shown; no gap and no estimate where it is refused.

    ``overlap`` is the share of their contacts that can be compared; ``detectable`` the smallest true difference that
    would be found four times out of five; ``strata`` a check without a model, where tenure is not held alike.
    """

    kind: Kind
    verdict: Verdict
    gap: Gap | None = None
    estimate: Estimate | None = None
    detectable: float | None = None
    overlap: float = 1.0
    hidden: Hidden | None = None
    strata: ByStrata | None = None
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """One other company against ours.

    ``raw`` are the plain figures (ours, theirs) and ``contacts`` and ``agents`` what they rest on; ``margin`` is in the
    unit shown, ``agreed`` whether somebody set it; ``slice`` answers how many contacts a lot would need.
    """

    metric: Metric
    ours: str
    theirs: str
    raw: tuple[float, float]
    contacts: tuple[int, int]
    agents: tuple[int, int]
    margin: float
    agreed: bool
    adjusted: tuple[str, ...]
    lines: tuple[Line, ...]
    factor: float = 100.0
    companies: int = 2
    slice: Slice | None = None
    family: Family = field(default=Family.SHARE)

    @property
    def raw_gap(self) -> float:
        """Theirs minus ours as a spreadsheet has it."""
        return self.raw[1] - self.raw[0]
