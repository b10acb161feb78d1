"""The Django app."""

from django.apps import AppConfig


class DemoTrustConfig(AppConfig):
    """Requests of the demonstration."""

    name = "onefloor_web.trust.demo"
    label = "demo_trust"

    def ready(self) -> None:
        """Declare what is begun."""
        from onefloor_web.trust.demo import work

        work.declare()
