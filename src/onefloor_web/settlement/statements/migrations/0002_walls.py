"""Row-level security of statements."""

from django.db import migrations

from onefloor_web.platform.tenancy.classes import Tenancy
from onefloor_web.platform.tenancy.rls import protect

AGREEMENT, STATEMENT = "register_agreement", "statements_statement"


class Migration(migrations.Migration):
    """The walls."""

    dependencies = [("statements", "0001_initial"), ("register", "0002_walls")]
    operations = [
        protect(
            "statements_statement", Tenancy.SHARED,
            safe={"agreement_id": AGREEMENT, "version_id": "register_version", "previous_id": STATEMENT},
        ),
        protect("statements_statementevent", Tenancy.SHARED),
        protect("statements_line", Tenancy.SHARED, safe={"statement_id": STATEMENT}),
        protect(
            "statements_adjustment", Tenancy.SHARED,
            safe={"agreement_id": AGREEMENT, "line_id": "statements_line", "booked_in_id": STATEMENT},
        ),
        protect("statements_head", Tenancy.OWN),
    ]  # fmt: skip
