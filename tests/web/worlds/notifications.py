"""In each company a notification of the administrator, who wants no mail; a webhook, switched off, with a delivery."""

from django.utils import timezone
from world import Side

from onefloor.language import same
from onefloor_web.platform.notifications.models import (
    Delivery,
    Format,
    Mail,
    Notification,
    Outcome,
    Preference,
    Webhook,
)
from onefloor_web.platform.notifications.sealing import new_secret, seal
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.viewer import Viewer


def fill(side: Side, viewer: Viewer) -> None:
    """Nothing is sent anywhere."""
    what = same(f"{side.personal(Role.ADMINISTRATOR)} notification").as_json()
    side.rows["notification"] = Notification.objects.create(
        company=side.company, user_id=viewer.user, kind="worlds.told", what=what, read_at=timezone.now()
    )
    Preference.objects.create(company=side.company, user_id=viewer.user, mail=Mail.NEVER)
    side.rows["webhook"] = Webhook.objects.create(
        company=side.company, name=f"{side.secret} group", format=Format.STANDARD,
        address=f"https://{side.secret.lower()}.example/", sealed_secret=seal(new_secret()), disabled_at=timezone.now(),
        disabled_why=f"{side.secret} administrator",
    )  # fmt: skip
    side.rows["delivery"] = Delivery.objects.create(
        company=side.company, webhook=side.rows["webhook"], message=f"msg_{side.secret}", kind="webhooks.test",
        payload={"data": f"{side.secret} payload"}, outcome=Outcome.FAILED, answer=f"{side.secret} answer",
    )  # fmt: skip


def numbered(row: str):
    return lambda side: {"number": side.rows[row].pk}


WEBHOOK = (
    "webhook", "webhook_change", "webhook_removal", "webhook_tests", "webhook_disabling", "webhook_enabling",
)  # fmt: skip
CASES = {
    "notification": numbered("notification"),
    **dict.fromkeys(WEBHOOK, numbered("webhook")),
    **dict.fromkeys(("delivery", "delivery_redelivery"), numbered("delivery")),
}
