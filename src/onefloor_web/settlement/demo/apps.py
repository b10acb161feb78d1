"""The Django app."""

from django.apps import AppConfig


class DemoSettlementConfig(AppConfig):
    """Agreements that are signed and months that are settled, in the demonstration."""

    name = "onefloor_web.settlement.demo"
    label = "demo_settlement"

    def ready(self) -> None:
        """Declare what is begun."""
        from onefloor_web.settlement.demo import work

        work.declare()
