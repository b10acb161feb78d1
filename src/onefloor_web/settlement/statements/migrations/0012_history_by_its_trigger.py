import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("statements", "0011_silence_of_the_terms"),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name="statementevent",
            trigger=pgtrigger.compiler.Trigger(
                name="by_its_trigger",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    if pg_trigger_depth() < 2 then\n        raise exception 'only changes write history to %', tg_table_name using errcode = 'insufficient_privilege';\n    end if;\n    return new;\n",
                    hash="aa707c9e1dbcb091015e09ad590b74e1fdda95e1",
                    operation="INSERT",
                    pgid="pgtrigger_by_its_trigger_ed430",
                    table="statements_statementevent",
                    when="BEFORE",
                ),
            ),
        ),
    ]
