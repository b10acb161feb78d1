"""The Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    """Notifications."""

    name = "onefloor_web.platform.notifications"
    label = "notifications"
    verbose_name = _("Notifications")

    def ready(self) -> None:
        """The bell stands in the bar; who is told listens to all events."""
        from onefloor_web.platform.notifications import listening  # noqa: F401  registers itself
        from onefloor_web.platform.notifications.bell import bell
        from onefloor_web.platform.pages import slots

        slots.fill("bell", bell)
