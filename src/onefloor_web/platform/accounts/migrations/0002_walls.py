"""Row-level security of users, the roles they hold, and what they sign in with."""

from django.db import migrations

from onefloor_web.platform.tenancy.classes import Tenancy
from onefloor_web.platform.tenancy.rls import COMPANY, RULES, SIGNING_IN, USER, protect, protect_by

USERS = f"({SIGNING_IN} or id = {USER} or company_id = {COMPANY})"


def through(parent: str, column: str) -> str:
    """Rows whose parent is visible; the parent's own policy decides."""
    return f"exists (select 1 from {parent} p where p.id = {column})"


class Migration(migrations.Migration):
    """The walls."""

    dependencies = [
        ("accounts", "0001_initial"),
        ("account", "0009_emailaddress_unique_primary_email"),
        ("companies", "0002_walls"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("socialaccount", "0006_alter_socialaccount_extra_data"),
    ]
    operations = [
        protect_by("accounts_user", USERS, safe={"person_id": "companies_person"}),
        protect_by("accounts_userevent", USERS),
        protect("accounts_assignment", Tenancy.OWN, safe={"user_id": "accounts_user", "team_id": "companies_team"}),
        protect("accounts_assignmentevent", Tenancy.OWN),
        protect_by("account_emailaddress", RULES[Tenancy.IDENTITY]),
        protect_by("account_emailconfirmation", through("account_emailaddress", "email_address_id")),
        protect_by("mfa_authenticator", RULES[Tenancy.IDENTITY]),
        protect_by("socialaccount_socialaccount", RULES[Tenancy.IDENTITY]),
        protect_by("socialaccount_socialtoken", through("socialaccount_socialaccount", "account_id")),
    ]
