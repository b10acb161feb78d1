"""The month's floor as a model of the simulator: lines of customers, and the agents who came as its seats.

A queue is one line, and another one while the client's system is down: its contacts then take longer. Both are served
in order of arrival by the same agents. What a contact asks of an agent (ringing, talk, hold, after-call work) is drawn
here and given to the simulator, which decides who answers when, who gives up, and who is passed on.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from onefloor.demo.attendance import WORK, Spans
from onefloor.demo.chance import Flags, Floats, Ints, logistic
from onefloor.demo.people import Person
from onefloor.demo.shifts import AgentDays
from onefloor.demo.truth import Truth
from onefloor.language import Text
from onefloor.planning.simulation.laws import exponential, given
from onefloor.planning.simulation.model import ContactType, Group, Model, Skill
from onefloor.planning.simulation.rows import Contacts
from onefloor.planning.simulation.seats import Seats, seated
from onefloor.planning.simulation.tables import Compiled
from onefloor.problems import Problem

LONGEST_S = 1_500.0  # a contact that takes longer is closed
DAY_S = 86_400.0
HALF_HOUR_S = 1_800.0


class NothingToSimulateWith(Problem):
    """Numba is not installed."""

    def __init__(self) -> None:
        super().__init__(
            Text("无法生成这一年：没有安装 Numba。", "The year cannot be made: Numba is not installed."),
            remedy=Text('请安装 "onefloor[demo]"。', 'Install "onefloor[demo]".'),
        )


@dataclass(frozen=True, slots=True)
class Asked:
    """What contacts ask of an agent of the usual pace, in the order in which they come into one line; seconds."""

    ring: Floats
    talk: Floats
    hold: Floats
    wrap: Floats


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its queue, whether the client's system is down, arrivals of each half hour of the month."""

    queue: int
    down: bool
    arrivals: Floats

    @property
    def name(self) -> str:
        """Its name in the model."""
        return f"{self.queue}{' down' if self.down else ''}"


@dataclass(frozen=True, slots=True)
class Happened:
    """The simulator's contacts by time of arrival, and what each had asked for; ``queues`` are those of its lines.

    ``row`` is the agent day that answered, -1 if none did, and ``pace`` its factor on handling times.
    """

    found: Contacts
    queues: Ints
    row: Ints
    pace: Floats
    asked: Asked

    @property
    def queue(self) -> Ints:
        """The queue of each contact."""
        return np.asarray(self.queues[self.found.type])


@dataclass(frozen=True, slots=True)
class Staffing:
    """The agents who came: ``rows`` of ``AgentDays``, their skills, factor on handling times, chance to pass on."""

    rows: Ints
    skills: list[tuple[int, ...]]
    pace: Floats
    passes_on: Floats
    spans: Spans

    @property
    def groups(self) -> list[tuple[int, ...]]:
        """The different sets of skills there are."""
        return sorted(set(self.skills))


def staffing(truth: Truth, people: list[Person], shifts: AgentDays, spans: Spans) -> Staffing:
    """Who is at work, and how they differ."""
    rows = np.unique(spans.row)
    base = np.log(truth.transfer / (1 - truth.transfer))
    learning = truth.transfer_learning * np.exp(-tenure(people, shifts)[rows] / truth.learning_days)
    return Staffing(
        rows=rows,
        skills=[people[person].skills for person in shifts.person[rows]],
        pace=handling(truth, people, shifts)[rows],
        passes_on=logistic(base + learning),
        spans=spans,
    )


def lines_of(arrivals: Floats, down: Flags) -> list[Line]:
    """The lines of a month: ``arrivals`` (queues, days, 48) by half hour, ``down`` (days, 48) the outage."""
    states = (False, True) if down.any() else (False,)
    return [Line(queue, state, (of * (down == state)).ravel()) for state in states for queue, of in enumerate(arrivals)]


def happened(
    truth: Truth, staff: Staffing, lines: list[Line], midnights: Ints, rng: np.random.Generator, seed: int
) -> Happened:
    """A month of contacts.

    Args:
        truth: the parameters.
        staff: who is at work.
        lines: who calls when.
        midnights: epoch ms of each day's start.
        rng: chance of what contacts ask for.
        seed: of the simulator's chance.

    Raises:
        NothingToSimulateWith: Numba is not installed.
    """
    asked, share = [_asked(truth, line, rng) for line in lines], _onward(truth, lines)
    model = _model(truth, lines, asked, share, staff.groups)
    found = _simulated(seated(model, _seats(staff, share, midnights)), seed)
    answered = found.agent >= 0
    return Happened(
        found=found,
        queues=np.array([line.queue for line in lines]),
        row=np.where(answered, staff.rows[found.agent], -1),
        pace=np.where(answered, staff.pace[found.agent], 1.0),
        asked=_of_contacts(asked, found.type),
    )


def _simulated(compiled: Compiled, seed: int) -> Contacts:
    try:  # here, so that who only reads of a year needs no machine code
        from onefloor.planning.simulation.simulating import recorded_of
    except ImportError:
        raise NothingToSimulateWith from None
    return recorded_of(compiled, seed)


def _asked(truth: Truth, line: Line, rng: np.random.Generator) -> Asked:
    """More than there are contacts, for those who are passed on; if they run out, they begin again."""
    size = int(1.3 * line.arrivals.sum()) + 100
    strain = np.exp(truth.outage.log_handle) if line.down else 1.0
    shape, talk_s = truth.talk_shape, truth.queues[line.queue].talk_s
    holds = rng.random(size) < truth.hold_share
    return Asked(
        ring=rng.uniform(*truth.ring_s, size),
        talk=np.clip(rng.gamma(shape, talk_s / shape, size), 1.0, LONGEST_S) * strain,
        hold=np.where(holds, np.clip(rng.gamma(2.0, truth.hold_s / 2, size), 1.0, LONGEST_S), 0.0) * strain,
        wrap=np.clip(rng.gamma(2.0, truth.wrap_s / 2, size), 1.0, LONGEST_S) * strain,
    )


def _onward(truth: Truth, lines: list[Line]) -> Floats:
    """The share of contacts that everybody who cannot serve a queue passes on to it, (queues,): as it has contacts."""
    volumes = np.bincount([line.queue for line in lines], [line.arrivals.sum() for line in lines])
    return np.asarray(truth.transfer * volumes / volumes.sum())


def _model(truth: Truth, lines: list[Line], asked: list[Asked], share: Floats, groups: list[tuple[int, ...]]) -> Model:
    types = tuple(
        ContactType(
            id=line.name,
            arrivals=tuple(line.arrivals.tolist()),
            service=given((wants.ring + wants.talk + wants.hold).tolist()),
            wrap_up=given(wants.wrap.tolist()),
            patience=exponential(truth.patience_s),
            routing="longest_idle",
            transfers=tuple(
                (to.name, float(share[to.queue])) for to in lines if to.down == line.down and to.queue != line.queue
            ),
        )
        for line, wants in zip(lines, asked, strict=True)
    )
    able = [tuple(Skill(type=line.name) for line in lines if line.queue in skills) for skills in groups]
    return Model(
        id="generated",
        horizon=len(lines[0].arrivals) * HALF_HOUR_S,
        interval=HALF_HOUR_S,
        types=types,
        groups=tuple(Group(id=str(number), types=served) for number, served in enumerate(able)),
    )


def _seats(staff: Staffing, share: Floats, midnights: Ints) -> Seats:
    """The agents for the simulator; each passes on as often as is true of it, whatever it serves itself."""
    groups = staff.groups
    others = share.sum() - np.array([share[list(skills)].sum() for skills in groups])
    group = np.array([groups.index(skills) for skills in staff.skills])
    work = staff.spans.only(staff.spans.activity == WORK)
    return Seats(
        group=group,
        pace=staff.pace,
        transfers=staff.passes_on / np.maximum(others, 1e-9)[group],
        agent=np.searchsorted(staff.rows, work.row),
        start=_model_time(work.start_ms, midnights),
        end=_model_time(work.end_ms, midnights),
    )


def _of_contacts(asked: list[Asked], line: Ints) -> Asked:
    """What each contact asked for: those of a line took it in the order in which they came."""
    values = {field.name: np.empty(len(line)) for field in fields(Asked)}
    for number, of in enumerate(asked):
        own = np.flatnonzero(line == number)
        for name, column in values.items():
            column[own] = np.resize(getattr(of, name), len(own))
    return Asked(**values)


def _model_time(instants: Ints, midnights: Ints) -> Floats:
    """Seconds of the model, whose days all have 24 hours, whatever clocks do at night."""
    day = np.searchsorted(midnights, instants, side="right") - 1
    return np.asarray(day * DAY_S + (instants - midnights[day]) / 1000)


def epoch_ms(times: Floats, midnights: Ints) -> Ints:
    """Instants of model times, rounded down; what is nearer than a microsecond to a whole one is one."""
    day = np.minimum(times // DAY_S, len(midnights) - 1).astype(np.int64)
    return np.asarray(midnights[day] + np.floor((times - day * DAY_S) * 1000 + 0.001).astype(np.int64))


def handling(truth: Truth, people: list[Person], shifts: AgentDays) -> Floats:
    """Each agent day's factor on handling times: company, learning, own pace, number of skills."""
    company = np.array([truth.companies[person.company].log_handle for person in people])
    own = np.array([person.talents[0] for person in people])
    skills = np.array([max(0, len(person.skills) - 2) for person in people]) * truth.extra_skill_log_handle
    learning = truth.learning_log_handle * np.exp(-tenure(people, shifts) / truth.learning_days)
    return np.asarray(np.exp((company + own + skills)[shifts.person] + learning))


def tenure(people: list[Person], shifts: AgentDays) -> Ints:
    """Completed days since hiring of each agent day."""
    return np.asarray(shifts.day - np.array([person.hired for person in people])[shifts.person])
