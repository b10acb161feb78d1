"""The Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StatementsConfig(AppConfig):
    """Statements."""

    name = "onefloor_web.settlement.statements"
    label = "statements"
    verbose_name = _("Statements")

    def ready(self) -> None:
        """Rosters and exclusions ask which months are signed: those stay; what exclusions change is settled again."""
        from onefloor_web.records.rosters import signed
        from onefloor_web.settlement.statements import leaving, listening  # noqa: F401
        from onefloor_web.settlement.statements.queries import locked_months

        signed.told_by(locked_months)
