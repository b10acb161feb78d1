"""The kinds of jobs, declared by the features in their modules ``jobs``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol, TypeVar

from croniter import croniter
from django.utils.functional import Promise

from onefloor.language import Text
from onefloor_web.platform.tenancy.viewer import Viewer

Words = str | Promise
Result = dict[str, Any] | None


class Progress(Protocol):
    """What a job calls as it goes. It raises where the job was cancelled: let that pass."""

    def __call__(self, done: int, total: int | None = None, note: Text | None = None) -> None:
        """So many of so many, and what is being done."""


class Run(Protocol):
    """A job: works for the viewer, tells its progress, and returns what the page shows as its result, as JSON."""

    def __call__(self, viewer: Viewer, progress: Progress, **params: Any) -> Result:
        """Do it, in one transaction bound to the viewer."""


Function = TypeVar("Function", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of job.

    Attributes:
        name: ``feature.verb``.
        label: what the page calls it.
        run: the function.
        interrupted: None if it may simply run again after its worker has died; else what to tell instead.
        alone: whether only one job of this kind may run at a time in a company.
        background: whether nobody asked for it: the list shows it only on request.
    """

    name: str
    label: Words
    run: Run
    interrupted: Text | None
    alone: bool
    background: bool


@dataclass(frozen=True, slots=True)
class Schedule:
    """A kind of job that each company gets at times of the floor's clock."""

    kind: str
    cron: str
    late: timedelta


class UnknownKind(LookupError):
    """A job of a kind that nobody has declared."""


class DeclaredTwice(ValueError):
    """Two functions for one kind of job."""


_KINDS: dict[str, Kind] = {}
_SCHEDULES: dict[str, Schedule] = {}
NOTHING_DONE = Text(
    "执行过程被中断，没有改动任何数据。可以重新运行。", "It was interrupted and nothing was changed. Run it again."
)


def job(
    name: str,
    *,
    label: Words,
    interrupted: Text | None = None,
    alone: bool = False,
    background: bool = False,
) -> Callable[[Function], Function]:
    """Declare a function ``(viewer, progress, **params)`` as a job.

    It runs in one transaction: what it writes to the database is kept with its result or not at all. What it does
    elsewhere must bear being done again, or ``interrupted`` (such as ``NOTHING_DONE``) hands the choice to a person.
    """

    def declared(run: Function) -> Function:
        if name in _KINDS:
            raise DeclaredTwice(name)
        _KINDS[name] = Kind(name, label, run, interrupted, alone, background)
        return run

    return declared


def periodic(
    name: str, *, cron: str, label: Words, late: timedelta = timedelta(hours=12)
) -> Callable[[Function], Function]:
    """Declare a job that each company gets at times of the floor's clock: ``cron="30 8 * * *"``.

    Args:
        name: as of any job; it may also be asked for by hand, without parameters.
        cron: minute, hour, day of month, month, weekday.
        label: what the page calls it.
        late: how long after its time it is still worth doing, where no worker was running.
    """
    if not croniter.is_valid(cron):
        raise ValueError(f"{name}: {cron!r} is not a time as cron writes it")

    def declared(run: Function) -> Function:
        _SCHEDULES[name] = Schedule(name, cron, late)
        return job(name, label=label, background=True)(run)

    return declared


def kind(name: str) -> Kind:
    """A kind by its name."""
    try:
        return _KINDS[name]
    except KeyError:
        raise UnknownKind(name) from None


def kinds() -> list[Kind]:
    """All kinds, in order of their names."""
    return [_KINDS[name] for name in sorted(_KINDS)]


def schedules() -> list[Schedule]:
    """All periodic jobs."""
    return [_SCHEDULES[name] for name in sorted(_SCHEDULES)]


def label(name: str) -> Words:
    """What a kind is called; its bare name where a version that no longer runs has left it."""
    return _KINDS[name].label if name in _KINDS else name


_AFTERWARDS: list[Callable[[Viewer, Any], None]] = []


def afterwards(function: Callable[[Viewer, Any], None]) -> Callable[[Viewer, Any], None]:
    """Have ``function(viewer, job)`` called when a job has ended, in the transaction that writes its end."""
    _AFTERWARDS.append(function)
    return function


def tell_end(viewer: Viewer, ended: Any) -> None:
    """Tell those who asked to be told."""
    for function in _AFTERWARDS:
        function(viewer, ended)
