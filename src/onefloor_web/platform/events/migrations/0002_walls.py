"""Row-level security of events: those not shared are seen by their company alone."""

from django.db import migrations

from onefloor_web.platform.tenancy.rls import CLIENT, COMPANY, protect_by

RULE = f"(company_id = {COMPANY} or (shared and {CLIENT}))"


class Migration(migrations.Migration):
    """The walls."""

    dependencies = [("events", "0001_initial"), ("companies", "0002_walls")]
    operations = [protect_by("events_event", RULE)]
