"""Row-level security of imports and mappings."""

from django.db import migrations

from onefloor_web.platform.tenancy.classes import Tenancy
from onefloor_web.platform.tenancy.rls import protect


class Migration(migrations.Migration):
    """The walls."""

    dependencies = [("imports", "0001_initial"), ("accounts", "0002_walls")]
    operations = [
        protect("imports_import", Tenancy.OWN, safe={"begun_by_id": "accounts_user"}),
        protect("imports_mapping", Tenancy.OWN),
    ]
