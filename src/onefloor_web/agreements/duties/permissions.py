"""Who may see the client's duties, name occasions, record deliveries and object to them."""

from django.utils.translation import gettext_lazy as _

from onefloor_web.agreements.signatures.permissions import READERS
from onefloor_web.platform.permissions.policy import allow, every_row, own_company
from onefloor_web.platform.permissions.roles import MANAGERS, Role

allow(
    "duties.view", READERS | {Role.PLANNER}, every_row,
    _("what the client owes one's own company; the client sees what it owes all"),
)  # fmt: skip
allow("duties.open", MANAGERS, every_row, _("occasions: of the client as owed, of a vendor as claimed"))
allow("duties.record", [Role.VENDOR_MANAGER], every_row, _("deliveries of the client, and answers to objections"))
allow("duties.object", MANAGERS, own_company, _("objections to deliveries to one's own company"))
