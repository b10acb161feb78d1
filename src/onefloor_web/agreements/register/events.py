"""What is told of agreements."""

from django.utils.translation import gettext_lazy as _

from onefloor_web.platform.events.registry import declare
from onefloor_web.platform.permissions.roles import PARTIES, Role

declare("agreements.proposed", _("A version of an agreement was proposed"), tell=PARTIES)
declare("agreements.withdrawn", _("A proposed version was withdrawn"), tell=PARTIES)
declare("agreements.declined", _("A proposed version was declined"), tell=PARTIES)
declare("agreements.in_force", _("Both companies signed a version"), tell=PARTIES)
declare("agreements.noticed", _("Notice was given: an agreement is not renewed"), tell=PARTIES | {Role.EXECUTIVE})
declare("agreements.renewal_near", _("A renewal can be refused for some days still"), tell=PARTIES)
