"""Row-level security of attached files."""

from django.db import migrations

from onefloor_web.platform.tenancy.classes import Tenancy
from onefloor_web.platform.tenancy.rls import protect


class Migration(migrations.Migration):
    """The walls."""

    dependencies = [("uploads", "0001_initial"), ("companies", "0002_walls")]
    operations = [
        protect("uploads_attachment", Tenancy.AUTHORED),
        protect("uploads_attachmentevent", Tenancy.AUTHORED),
    ]
