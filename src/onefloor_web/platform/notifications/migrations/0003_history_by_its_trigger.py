import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0002_walls"),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name="webhookevent",
            trigger=pgtrigger.compiler.Trigger(
                name="by_its_trigger",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    if pg_trigger_depth() < 2 then\n        raise exception 'only changes write history to %', tg_table_name using errcode = 'insufficient_privilege';\n    end if;\n    return new;\n",
                    hash="ae205e41306a02b9aaaabbefd3be52c3b8785fe0",
                    operation="INSERT",
                    pgid="pgtrigger_by_its_trigger_2b551",
                    table="notifications_webhookevent",
                    when="BEFORE",
                ),
            ),
        ),
    ]
