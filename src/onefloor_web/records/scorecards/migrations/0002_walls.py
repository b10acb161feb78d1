"""Row-level security of saved views."""

from django.db import migrations

from onefloor_web.platform.tenancy.classes import Tenancy
from onefloor_web.platform.tenancy.rls import protect


class Migration(migrations.Migration):
    """The walls."""

    dependencies = [("scorecards", "0001_initial"), ("accounts", "0002_walls")]
    operations = [
        protect("scorecards_savedview", Tenancy.OWN, safe={"user_id": "accounts_user"}),
        protect("scorecards_savedviewevent", Tenancy.OWN),
    ]
