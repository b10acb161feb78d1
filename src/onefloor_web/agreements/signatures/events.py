"""What is told of keys and signatures."""

from django.utils.translation import gettext_lazy as _

from onefloor_web.platform.events.registry import declare
from onefloor_web.platform.permissions.roles import PARTIES, Role

declare("keys.made", _("A signing key was made"), tell=[Role.ADMINISTRATOR, Role.SIGNATORY])
declare("keys.withdrawn", _("A signing key was withdrawn"), tell=[Role.ADMINISTRATOR, *PARTIES])
declare("keys.rule", _("The signing rule was changed"), tell=[Role.ADMINISTRATOR, *PARTIES])
declare("documents.intended", _("A second person has to confirm a signature"), tell=[Role.SIGNATORY])
declare("documents.signed", _("A document was signed"), tell=PARTIES)
