"""The Django app."""

from django.apps import AppConfig


class DemoAgreementsConfig(AppConfig):
    """Keys and agreements of the demonstration."""

    name = "onefloor_web.agreements.demo"
    label = "demo_agreements"

    def ready(self) -> None:
        """Declare what is begun."""
        from onefloor_web.agreements.demo import work

        work.declare()
