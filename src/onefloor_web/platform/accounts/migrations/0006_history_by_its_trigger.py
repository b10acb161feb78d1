import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_signatory"),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name="assignmentevent",
            trigger=pgtrigger.compiler.Trigger(
                name="by_its_trigger",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    if pg_trigger_depth() < 2 then\n        raise exception 'only changes write history to %', tg_table_name using errcode = 'insufficient_privilege';\n    end if;\n    return new;\n",
                    hash="c23513e2aaf6c02dfe28355bd93fcb1f46466adf",
                    operation="INSERT",
                    pgid="pgtrigger_by_its_trigger_712fe",
                    table="accounts_assignmentevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="userevent",
            trigger=pgtrigger.compiler.Trigger(
                name="by_its_trigger",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    if pg_trigger_depth() < 2 then\n        raise exception 'only changes write history to %', tg_table_name using errcode = 'insufficient_privilege';\n    end if;\n    return new;\n",
                    hash="9c1246ff6b758bd578b32fbb0ada8d44fdda584d",
                    operation="INSERT",
                    pgid="pgtrigger_by_its_trigger_eec8e",
                    table="accounts_userevent",
                    when="BEFORE",
                ),
            ),
        ),
    ]
