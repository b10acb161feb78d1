import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("scorecards", "0002_walls"),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name="savedviewevent",
            trigger=pgtrigger.compiler.Trigger(
                name="by_its_trigger",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    if pg_trigger_depth() < 2 then\n        raise exception 'only changes write history to %', tg_table_name using errcode = 'insufficient_privilege';\n    end if;\n    return new;\n",
                    hash="327d15b886034f8cc599141a5662c35ad42d1e76",
                    operation="INSERT",
                    pgid="pgtrigger_by_its_trigger_58946",
                    table="scorecards_savedviewevent",
                    when="BEFORE",
                ),
            ),
        ),
    ]
