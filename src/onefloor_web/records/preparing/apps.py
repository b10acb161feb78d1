"""The Django app."""

from django.apps import AppConfig


class PreparingConfig(AppConfig):
    """What follows a load."""

    name = "onefloor_web.records.preparing"
    label = "preparing"
