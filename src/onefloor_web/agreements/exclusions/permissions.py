"""Who sees exclusions, who proposes them, and who answers for the other side."""

from django.utils.translation import gettext_lazy as _

from onefloor_web.agreements.signatures.permissions import READERS
from onefloor_web.platform.permissions.policy import allow, every_row
from onefloor_web.platform.permissions.roles import MANAGERS
from onefloor_web.platform.uploads.permissions import seen_with

allow("exclusions.view", READERS, every_row, _("exclusions of the agreements of one's own company, given or one's own"))
allow("exclusions.propose", MANAGERS, every_row, _("exclusions of the agreements of one's own company"))
allow("exclusions.answer", MANAGERS, every_row, _("exclusions that the other company proposed"))
seen_with("exclusions.exclusion", "exclusions.view")
