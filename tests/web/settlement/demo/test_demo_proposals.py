"""What the demonstration begins with: exclusions in three states with their effect, and locked forecasts."""

from __future__ import annotations

import pytest
from hand_made import load, stay
from world import World

from onefloor.floor import Floor
from onefloor.metrics.prepare import prepare
from onefloor_web.agreements.demo import proposals
from onefloor_web.agreements.exclusions.models import Exclusion, State
from onefloor_web.agreements.exclusions.queries import state_of
from onefloor_web.agreements.forecasts.models import Lock
from onefloor_web.agreements.forecasts.queries import state_of as lock_state
from onefloor_web.agreements.register.models import Agreement
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.scopes import tenant
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.platform.uploads.queries import attachments_of
from web.settlement.conftest import signed
from web.settlement.hotline import leg

HARBORS = stay("H1", "Harbor", employment="outsourced")


@pytest.fixture
def both(world: World, own: Viewer, north: Viewer, hotline: Floor) -> list[Agreement]:
    """Each vendor's agreement, signed by both."""
    harbor = world["Harbor"].viewer(Role.SIGNATORY)
    load(hotline, contacts=[leg(hotline, "harbor", "H1", "2026-10-10 09:30", wait=5_000)], roster=[HARBORS])
    prepare(hotline)
    return [signed(world, own, north, "North"), signed(world, own, harbor, "Harbor")]


def test_one_is_approved_one_refused_one_waits_and_of_two_locks_one_is_acknowledged(both, own: Viewer):
    with tenant(own):
        known = set(Exclusion.objects.values_list("pk", flat=True)), set(Lock.objects.values_list("pk", flat=True))
        proposals.begin()
        proposals.begin()
        made = Exclusion.objects.exclude(pk__in=known[0]).select_related("agreement", "answer").order_by("pk")
        locks = Lock.objects.exclude(pk__in=known[1]).select_related("acknowledgement").order_by("pk")
        found = [(one.agreement.code, str(one.starts.date())[:7], state_of(one)) for one in made]
        assert found == [
            ("north-agreement", "2026-10", State.APPROVED), ("harbor-agreement", "2026-10", State.REFUSED),
            ("north-agreement", "2026-10", State.WAITING),
        ]  # fmt: skip
        assert [month["rows"] for one in made for month in one.effect["months"]] == [1, 0, 0]
        assert [file.name for file in attachments_of(made[0])] == ["maintenance-notice.txt"]
        assert [(one.month, str(lock_state(one)), one.version) for one in locks] == [
            ("2026-12", "acknowledged", 1), ("2026-12", "waiting", 1),
        ]  # fmt: skip
