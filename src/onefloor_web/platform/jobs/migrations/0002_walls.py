"""Row-level security of jobs."""

from django.db import migrations

from onefloor_web.platform.tenancy.classes import Tenancy
from onefloor_web.platform.tenancy.rls import protect


class Migration(migrations.Migration):
    """The walls."""

    dependencies = [("jobs", "0001_initial"), ("accounts", "0002_walls")]
    operations = [protect("jobs_job", Tenancy.OWN, safe={"requested_by_id": "accounts_user"})]
