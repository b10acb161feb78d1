import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("uploads", "0002_walls"),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name="attachmentevent",
            trigger=pgtrigger.compiler.Trigger(
                name="by_its_trigger",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    if pg_trigger_depth() < 2 then\n        raise exception 'only changes write history to %', tg_table_name using errcode = 'insufficient_privilege';\n    end if;\n    return new;\n",
                    hash="c5e8dce9f125747b7df43a42b1214edc65a470a6",
                    operation="INSERT",
                    pgid="pgtrigger_by_its_trigger_175eb",
                    table="uploads_attachmentevent",
                    when="BEFORE",
                ),
            ),
        ),
    ]
