"""What is told of forecasts: to both companies from the lock on, of drafts to the client's own."""

from django.utils.translation import gettext_lazy as _

from onefloor_web.platform.events.registry import declare
from onefloor_web.platform.permissions.roles import PARTIES, Role

declare("forecasts.brought", _("A forecast was brought"))
declare("forecasts.discarded", _("The draft of a forecast was discarded"))
declare("forecasts.locked", _("A forecast was locked"), tell=[*PARTIES, Role.PLANNER])
declare("forecasts.acknowledged", _("A locked forecast was acknowledged"), tell=[*PARTIES, Role.PLANNER])
