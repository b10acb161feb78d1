"""Row-level security of exits."""

from django.db import migrations

from onefloor_web.platform.tenancy.classes import Tenancy
from onefloor_web.platform.tenancy.rls import protect


class Migration(migrations.Migration):
    """The walls."""

    dependencies = [("privacy", "0003_exit")]
    operations = [protect("privacy_exit", Tenancy.SHARED), protect("privacy_exitevent", Tenancy.SHARED)]
