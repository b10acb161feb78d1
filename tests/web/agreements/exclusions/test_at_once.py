"""Two people and two companies at the same moment: one of them comes first, the other is told."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection, transaction
from world import World

from onefloor.problems import Problem
from onefloor_web.agreements.exclusions import actions
from onefloor_web.agreements.exclusions.models import Answer, Exclusion
from onefloor_web.agreements.forecasts import actions as locks
from onefloor_web.agreements.forecasts.models import Acknowledgement
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.scopes import working_for
from onefloor_web.platform.tenancy.viewer import Viewer


def at_once(*acts: tuple[Viewer, Callable[[Viewer], object]]) -> list[str]:
    """Each act in a thread and transaction of its own, begun together: what came of each."""
    begun = Barrier(len(acts))

    def done(viewer: Viewer, act: Callable[[Viewer], object]) -> str:
        try:
            begun.wait(timeout=120)
            with working_for(viewer):
                return type(act(viewer)).__name__
        except Problem as problem:
            return type(problem).__name__
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        return [one.result(timeout=120) for one in [threads.submit(done, *act) for act in acts]]


def viewers(world: World) -> tuple[Viewer, Viewer]:
    """The client's manager, and North's."""
    with transaction.atomic():
        return world["Own"].viewer(Role.VENDOR_MANAGER), world["North"].viewer(Role.PROJECT_MANAGER)


def test_an_approval_a_refusal_and_a_withdrawal_at_once_leave_one_of_them(committed: World):
    own, north = viewers(committed)
    one = committed["North"].rows["exclusion"]
    came = at_once(
        (own, lambda viewer: actions.answer(viewer, one, approved=True)),
        (own, lambda viewer: actions.answer(viewer, one, approved=False, why="no")),
        (north, lambda viewer: actions.withdraw(viewer, one, why="a slip")),
    )
    assert sorted(came) in (["Answer", "Settled", "Settled"], ["NoneType", "Settled", "Settled"])
    with working_for(own):
        answers = Answer.objects.filter(exclusion=one).count()
        withdrawn = Exclusion.objects.filter(pk=one.pk, withdrawn_at__isnull=False).count()
    assert answers + withdrawn == 1


def test_two_who_acknowledge_at_once_acknowledge_once(committed: World):
    _own, north = viewers(committed)
    lock = committed["North"].rows["lock"]
    came = at_once(*[(north, lambda viewer: locks.acknowledge(viewer, lock))] * 2)
    assert came == ["Acknowledgement", "Acknowledgement"]
    with working_for(north):
        assert Acknowledgement.objects.filter(lock=lock).count() == 1
