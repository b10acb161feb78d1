import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("signatures", "0002_walls"),
        ("tenancy", "0002_wall_clock"),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name="signature",
            trigger=pgtrigger.compiler.Trigger(
                name="fits",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    if new.digest is distinct from encode(sha256(new.payload), 'hex') or not exists (\n        select 1 from signatures_publickey k\n        where k.key_id = new.key_id and k.company_id = new.signer_id and k.withdrawn_at is null) then\n        raise exception 'a signature is over what it says, with a key of its signer' using errcode = 'check_violation';\n    end if;\n    new.at := wall_clock();\n    return new;\n",
                    hash="aba135e6916ff1dcfb35c16c4e48aa5be174b0f3",
                    operation="INSERT",
                    pgid="pgtrigger_fits_80935",
                    table="signatures_signature",
                    when="BEFORE",
                ),
            ),
        ),
    ]
