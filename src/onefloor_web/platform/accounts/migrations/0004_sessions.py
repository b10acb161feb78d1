"""Row-level security of the list of sessions."""

from django.db import migrations

from onefloor_web.platform.tenancy.classes import Tenancy
from onefloor_web.platform.tenancy.rls import RULES, protect_by


class Migration(migrations.Migration):
    """The walls."""

    dependencies = [("accounts", "0003_sign_in"), ("usersessions", "0001_initial")]
    operations = [protect_by("usersessions_usersession", RULES[Tenancy.IDENTITY])]
