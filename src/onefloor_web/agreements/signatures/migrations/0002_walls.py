"""Row-level security of keys and signatures."""

from django.db import migrations

from onefloor_web.platform.tenancy.classes import Tenancy
from onefloor_web.platform.tenancy.rls import CLIENT, COMPANY, protect, protect_by

# The policy of companies says whose public keys one may know: one's own, the client's; the client all.
KNOWN = "exists (select 1 from companies_company c where c.id = company_id)"
OWN = f"company_id = {COMPANY}"
# Both of the two see a signature, and nobody writes one for the other. Who made a key is told to the client, as any
# change of a vendor is; a vendor sees the client's key, not who made it.
BETWEEN = f"(company_id = {COMPANY} or {CLIENT})"
BY_ONESELF = f"{BETWEEN} and signer_id = {COMPANY}"


class Migration(migrations.Migration):
    """The walls."""

    dependencies = [("signatures", "0001_initial"), ("accounts", "0004_sessions"), ("companies", "0002_walls")]
    operations = [
        protect_by("signatures_publickey", KNOWN, check=OWN),
        protect_by("signatures_publickeyevent", BETWEEN, check=OWN),
        protect("signatures_privatekey", Tenancy.OWN),
        protect("signatures_signingrule", Tenancy.OWN),
        protect("signatures_signingruleevent", Tenancy.OWN),
        protect("signatures_intent", Tenancy.OWN, safe={"user_id": "accounts_user"}),
        protect("signatures_intentevent", Tenancy.OWN),
        protect_by("signatures_signature", BETWEEN, check=BY_ONESELF),
    ]
