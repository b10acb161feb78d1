"""The Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContactsConfig(AppConfig):
    """Contacts: search, and one contact with its legs."""

    name = "onefloor_web.records.contacts"
    label = "contacts"
    verbose_name = _("Contacts")
