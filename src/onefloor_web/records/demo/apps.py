"""The Django app."""

from django.apps import AppConfig


class DemoRecordsConfig(AppConfig):
    """Files that came, a roster file, a saved view, programs and an exit of the demonstration."""

    name = "onefloor_web.records.demo"
    label = "demo_records"

    def ready(self) -> None:
        """Declare what is begun."""
        from onefloor_web.records.demo import office, work

        work.declare()
        office.declare()
