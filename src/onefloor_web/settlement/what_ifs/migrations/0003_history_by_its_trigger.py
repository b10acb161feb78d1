import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("what_ifs", "0002_walls"),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name="whatifevent",
            trigger=pgtrigger.compiler.Trigger(
                name="by_its_trigger",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    if pg_trigger_depth() < 2 then\n        raise exception 'only changes write history to %', tg_table_name using errcode = 'insufficient_privilege';\n    end if;\n    return new;\n",
                    hash="e27774adc7f5dfdaea7dfda482cc5c84c6c1c148",
                    operation="INSERT",
                    pgid="pgtrigger_by_its_trigger_a6980",
                    table="what_ifs_whatifevent",
                    when="BEFORE",
                ),
            ),
        ),
    ]
