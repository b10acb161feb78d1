import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("privacy", "0008_steps_of_exits"),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name="exitevent",
            trigger=pgtrigger.compiler.Trigger(
                name="by_its_trigger",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    if pg_trigger_depth() < 2 then\n        raise exception 'only changes write history to %', tg_table_name using errcode = 'insufficient_privilege';\n    end if;\n    return new;\n",
                    hash="d0d391687704477e0770c05547f3215a8b2816ee",
                    operation="INSERT",
                    pgid="pgtrigger_by_its_trigger_4c56e",
                    table="privacy_exitevent",
                    when="BEFORE",
                ),
            ),
        ),
    ]
