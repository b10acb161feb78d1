"""What is told of exclusions: to both companies from the proposal on, of drafts to one's own."""

from django.utils.translation import gettext_lazy as _

from onefloor_web.platform.events.registry import declare
from onefloor_web.platform.permissions.roles import PARTIES

declare("exclusions.drafted", _("An exclusion was drafted"))
declare("exclusions.discarded", _("The draft of an exclusion was discarded"))
declare("exclusions.proposed", _("An exclusion was proposed"), tell=PARTIES)
declare("exclusions.approved", _("An exclusion was approved"), tell=PARTIES)
declare("exclusions.refused", _("An exclusion was refused"), tell=PARTIES)
declare("exclusions.withdrawn", _("An exclusion was withdrawn"), tell=PARTIES)
