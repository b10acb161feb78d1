import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("api", "0002_walls"),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name="tokenevent",
            trigger=pgtrigger.compiler.Trigger(
                name="by_its_trigger",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    if pg_trigger_depth() < 2 then\n        raise exception 'only changes write history to %', tg_table_name using errcode = 'insufficient_privilege';\n    end if;\n    return new;\n",
                    hash="be1e8f41d4fcc2ad61781b865cf77b1075bcf8d6",
                    operation="INSERT",
                    pgid="pgtrigger_by_its_trigger_9ab8a",
                    table="api_tokenevent",
                    when="BEFORE",
                ),
            ),
        ),
    ]
