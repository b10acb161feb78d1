"""Row-level security of exclusions and their answers."""

from django.db import migrations

from onefloor_web.platform.tenancy.classes import Tenancy
from onefloor_web.platform.tenancy.rls import protect


class Migration(migrations.Migration):
    """The walls."""

    dependencies = [("exclusions", "0001_initial"), ("register", "0002_walls")]
    operations = [
        protect("exclusions_exclusion", Tenancy.AUTHORED, safe={"agreement_id": "register_agreement"}),
        protect("exclusions_exclusionevent", Tenancy.AUTHORED),
        protect("exclusions_answer", Tenancy.AUTHORED, safe={"exclusion_id": "exclusions_exclusion"}),
        protect("exclusions_answerevent", Tenancy.AUTHORED),
    ]
