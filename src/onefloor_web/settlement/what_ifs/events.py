"""What is told of what-ifs: only that one was shared."""

from django.utils.translation import gettext_lazy as _

from onefloor_web.platform.events.registry import declare
from onefloor_web.platform.permissions.roles import PARTIES

declare("what_ifs.shared", _("A what-if was shared"), tell=PARTIES)
