"""Row-level security of what-ifs."""

from django.db import migrations

from onefloor_web.platform.tenancy.classes import Tenancy
from onefloor_web.platform.tenancy.rls import protect


class Migration(migrations.Migration):
    """The walls."""

    dependencies = [("what_ifs", "0001_initial"), ("register", "0002_walls")]
    operations = [
        protect("what_ifs_whatif", Tenancy.AUTHORED, safe={"agreement_id": "register_agreement"}),
        protect("what_ifs_whatifevent", Tenancy.AUTHORED),
    ]
