"""Who may see disputes, and who claims, rules and speaks for a company."""

from django.utils.translation import gettext_lazy as _

from onefloor_web.agreements.signatures.permissions import READERS
from onefloor_web.platform.permissions.policy import allow, every_row
from onefloor_web.platform.permissions.roles import MANAGERS
from onefloor_web.platform.uploads.permissions import seen_with

allow("disputes.view", READERS, every_row, _("the disputes of one's own company; the client's are all"))
allow("disputes.change", MANAGERS, every_row, _("claims, rulings and messages of one's own company"))
for _about in ("disputes.claim", "disputes.answer", "disputes.message"):
    seen_with(_about, "disputes.view")
