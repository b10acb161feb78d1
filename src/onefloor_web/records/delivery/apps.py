"""The Django app."""

from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    """The blocks and rows of Today that come from the records, and the bar of freshness above them."""

    name = "onefloor_web.records.delivery"
    label = "delivery"

    def ready(self) -> None:
        """Until when the facts reach stands above Today."""
        from onefloor_web.platform.pages import slots
        from onefloor_web.records.delivery.reach import bar_of_today

        slots.fill("freshness", bar_of_today)
