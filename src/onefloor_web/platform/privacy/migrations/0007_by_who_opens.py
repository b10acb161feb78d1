import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("privacy", "0006_previews"),
        ("tenancy", "0002_wall_clock"),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name="access",
            trigger=pgtrigger.compiler.Trigger(
                name="by_who_opens",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    if new.company_id is distinct from (select nullif(current_setting('app.company', true), '')::bigint) then\n        raise exception 'an opening is written by the company that opens' using errcode = 'insufficient_privilege';\n    end if;\n    new.at := wall_clock();\n    return new;\n",
                    hash="b0bc57426e660dfa219ce321330000c670fcdc7f",
                    operation="INSERT",
                    pgid="pgtrigger_by_who_opens_81f64",
                    table="privacy_access",
                    when="BEFORE",
                ),
            ),
        ),
    ]
