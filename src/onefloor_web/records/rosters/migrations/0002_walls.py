"""Row-level security of roster files."""

from django.db import migrations

from onefloor_web.platform.tenancy.classes import Tenancy
from onefloor_web.platform.tenancy.rls import protect


class Migration(migrations.Migration):
    """The walls."""

    dependencies = [("rosters", "0001_initial"), ("accounts", "0004_sessions")]
    operations = [
        protect("rosters_rosterfile", Tenancy.OWN, safe={"user_id": "accounts_user"}),
        protect("rosters_rosterfileevent", Tenancy.OWN),
    ]
