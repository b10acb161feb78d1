"""Who may open attached files: whoever may see what they are attached to."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from onefloor_web.platform.permissions.policy import allow, rules_for
from onefloor_web.platform.permissions.roles import EVERYONE
from onefloor_web.platform.tenancy.viewer import Viewer

_ACTIONS: dict[str, str] = {}


def seen_with(about: str, action: str) -> None:
    """Say that the files of a kind of rows (``disputes.claim``) are opened by whoever may do this action."""
    _ACTIONS[about] = action


def of_what_is_seen(viewer: Viewer) -> Q:
    """The files of what this viewer may see."""
    return Q(about__in=[about for about, action in _ACTIONS.items() if rules_for(viewer, action)])


allow("attachments.view", EVERYONE, of_what_is_seen, _("the files of what one may see, once they are sent"))
