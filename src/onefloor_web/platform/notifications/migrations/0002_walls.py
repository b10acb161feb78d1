"""Row-level security of notifications, webhooks and deliveries."""

from django.db import migrations

from onefloor_web.platform.tenancy.classes import Tenancy
from onefloor_web.platform.tenancy.rls import protect


class Migration(migrations.Migration):
    """The walls."""

    dependencies = [("notifications", "0001_initial"), ("accounts", "0002_walls")]
    operations = [
        protect("notifications_notification", Tenancy.PERSON, safe={"user_id": "accounts_user"}),
        protect("notifications_preference", Tenancy.PERSON, safe={"user_id": "accounts_user"}),
        protect("notifications_webhook", Tenancy.OWN),
        protect("notifications_webhookevent", Tenancy.OWN),
        protect("notifications_delivery", Tenancy.OWN, safe={"webhook_id": "notifications_webhook"}),
    ]
