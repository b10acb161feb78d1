"""One opening of personal data in each company."""

from world import Side

from onefloor_web.platform.privacy import access
from onefloor_web.platform.privacy.models import Kind, Purpose
from onefloor_web.platform.tenancy.viewer import Viewer


def fill(side: Side, viewer: Viewer) -> None:
    """The client sees each, with the name of who opened it."""
    access.log(viewer, Purpose.AUDIT, Kind.CONTACT, f"{side.marker} contact", rows=1)
