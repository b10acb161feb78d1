"""Row-level security of companies, sites, teams and people."""

from django.db import migrations

from onefloor_web.platform.tenancy.classes import Tenancy
from onefloor_web.platform.tenancy.rls import CLIENT, COMPANY, protect, protect_by

KNOWN = f"(id = {COMPANY} or {CLIENT} or ({COMPANY} is not null and kind = 'client'))"
CHANGEABLE = f"(id = {COMPANY} or {CLIENT})"
# Codes are shared with the client; names only where the company says so. What is written is always one's own.
NAMED = f"""(company_id = {COMPANY} or ({CLIENT} and exists (
    select 1 from companies_company c where c.id = company_id and c.shares_names)))"""
OWN_NAMES = f"company_id = {COMPANY}"

SAFE = {
    "companies_team": {"site_id": "companies_site"},
    "companies_employment": {
        "person_id": "companies_person",
        "site_id": "companies_site",
        "team_id": "companies_team",
    },
}


class Migration(migrations.Migration):
    """The walls."""

    dependencies = [("companies", "0001_initial")]
    operations = [
        protect_by("companies_company", KNOWN, check=CHANGEABLE),
        protect_by("companies_companyevent", KNOWN, check=CHANGEABLE),
        *(
            protect(f"companies_{name}{part}", Tenancy.SHARED, safe=None if part else SAFE.get(f"companies_{name}"))
            for name in ("site", "person", "team", "employment")
            for part in ("", "event")
        ),
        protect_by("companies_personname", NAMED, check=OWN_NAMES, safe={"person_id": "companies_person"}),
        protect_by("companies_personnameevent", NAMED, check=OWN_NAMES),
    ]
