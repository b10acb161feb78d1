"""Row-level security of tokens."""

from django.db import migrations

from onefloor_web.platform.tenancy.classes import Tenancy
from onefloor_web.platform.tenancy.rls import COMPANY, protect, protect_by

# The company is not known before the token is read: whoever holds the hash of a secret sees that one row, to read only.
FOUND = "digest = (select nullif(current_setting('app.token', true), ''))"


class Migration(migrations.Migration):
    """The walls."""

    dependencies = [("api", "0001_initial"), ("accounts", "0002_walls")]
    operations = [
        protect_by(
            "api_token", f"(company_id = {COMPANY} or {FOUND})", check=f"company_id = {COMPANY}",
            safe={"user_id": "accounts_user"},
        ),
        protect("api_tokenevent", Tenancy.OWN),
    ]  # fmt: skip
