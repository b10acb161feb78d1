"""Who may see and change companies, sites, teams and people."""

from django.utils.translation import gettext_lazy as _

from onefloor_web.platform.permissions.policy import allow, every_row, own_company
from onefloor_web.platform.permissions.roles import EVERYONE, MANAGERS, Role

READERS = MANAGERS | {Role.ADMINISTRATOR, Role.EXECUTIVE, Role.AUDITOR, Role.PLANNER, Role.QA, Role.TRAINER}

allow("companies.view", EVERYONE, every_row, _("one's own company and the client; the client sees all"))
allow("people.view", READERS, every_row, _("people of one's own company; the client sees codes of all companies"))
allow("companies.change", [Role.ADMINISTRATOR], own_company, _("sites, teams and settings of one's own company"))
