"""Row-level security of the log of accesses."""

from django.db import migrations

from onefloor_web.platform.tenancy.classes import Tenancy
from onefloor_web.platform.tenancy.rls import protect


class Migration(migrations.Migration):
    """The walls."""

    dependencies = [("privacy", "0001_initial"), ("accounts", "0002_walls")]
    operations = [protect("privacy_access", Tenancy.SHARED, safe={"user_id": "accounts_user"})]
