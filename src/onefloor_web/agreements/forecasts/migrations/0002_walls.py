"""Row-level security of locks and their acknowledgements."""

from django.db import migrations

from onefloor_web.platform.tenancy.classes import Tenancy
from onefloor_web.platform.tenancy.rls import protect


class Migration(migrations.Migration):
    """The walls."""

    dependencies = [("forecasts", "0001_initial"), ("register", "0002_walls")]
    operations = [
        protect("forecasts_lock", Tenancy.AUTHORED, safe={"agreement_id": "register_agreement"}),
        protect("forecasts_lockevent", Tenancy.AUTHORED),
        protect("forecasts_acknowledgement", Tenancy.AUTHORED, safe={"lock_id": "forecasts_lock"}),
        protect("forecasts_acknowledgementevent", Tenancy.AUTHORED),
    ]
