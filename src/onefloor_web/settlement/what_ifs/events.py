"""What is told of what-ifs: to the other company only that one was shared."""

from django.utils.translation import gettext_lazy as _

from onefloor_web.platform.events.registry import declare
from onefloor_web.platform.permissions.roles import PARTIES

declare("what_ifs.tried", _("Other terms were tried"))
declare("what_ifs.discarded", _("A what-if was discarded"))
declare("what_ifs.shared", _("A what-if was shared"), tell=PARTIES)
