"""Row-level security of the client's duties."""

from django.db import migrations

from onefloor_web.platform.tenancy.classes import Tenancy
from onefloor_web.platform.tenancy.rls import protect


class Migration(migrations.Migration):
    """The walls."""

    dependencies = [("duties", "0001_initial"), ("register", "0002_walls")]
    operations = [
        protect("duties_duty", Tenancy.SHARED, safe={"agreement_id": "register_agreement"}),
        protect("duties_dutyevent", Tenancy.SHARED),
        protect("duties_objection", Tenancy.AUTHORED, safe={"duty_id": "duties_duty"}),
        protect("duties_objectionevent", Tenancy.AUTHORED),
        protect("duties_resolution", Tenancy.AUTHORED, safe={"objection_id": "duties_objection"}),
        protect("duties_resolutionevent", Tenancy.AUTHORED),
        protect("duties_telling", Tenancy.SHARED),
        protect("duties_tellingevent", Tenancy.SHARED),
    ]
