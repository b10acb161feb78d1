"""In each company an event of its own, and one that the client sees too."""

from world import Side

from onefloor.language import same
from onefloor_web.platform.events.models import Event
from onefloor_web.platform.tenancy.viewer import Viewer


def fill(side: Side, viewer: Viewer) -> None:
    """Written as rows: nobody is told."""
    for text, shared in ((side.secret, False), (side.marker, True)):
        Event.objects.create(
            company=side.company, shared=shared, name="worlds.happened", what=same(f"{text} event").as_json(),
            actor=viewer.user, actor_name=viewer.name, actor_company=side.company,
        )  # fmt: skip
