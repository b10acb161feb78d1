"""Row-level security of agreements and their versions."""

from django.db import migrations

from onefloor_web.platform.tenancy.classes import Tenancy
from onefloor_web.platform.tenancy.rls import protect


class Migration(migrations.Migration):
    """The walls."""

    dependencies = [("register", "0001_initial"), ("signatures", "0002_walls")]
    operations = [
        protect("register_agreement", Tenancy.SHARED),
        protect("register_agreementevent", Tenancy.SHARED),
        protect("register_version", Tenancy.SHARED, safe={"agreement_id": "register_agreement"}),
        protect("register_versionevent", Tenancy.SHARED),
    ]
