"""Row-level security of requests."""

from django.db import migrations

from onefloor_web.platform.tenancy.classes import Tenancy
from onefloor_web.platform.tenancy.rls import protect


class Migration(migrations.Migration):
    """The walls."""

    dependencies = [("requests", "0001_initial"), ("register", "0002_walls")]
    operations = [
        protect("requests_request", Tenancy.SHARED, safe={"agreement_id": "register_agreement"}),
        protect("requests_requestevent", Tenancy.SHARED),
        protect("requests_message", Tenancy.AUTHORED, safe={"request_id": "requests_request"}),
        protect("requests_messageevent", Tenancy.AUTHORED),
        protect("requests_route", Tenancy.OWN, safe={"user_id": "accounts_user"}),
        protect("requests_routeevent", Tenancy.OWN),
    ]
