"""The Django app."""

from django.apps import AppConfig


class SpreadsheetsConfig(AppConfig):
    """Tables as files; here for its words."""

    name = "onefloor_web.platform.spreadsheets"
    label = "spreadsheets"
