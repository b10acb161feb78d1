import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("signatures", "0003_fits"),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name="intentevent",
            trigger=pgtrigger.compiler.Trigger(
                name="by_its_trigger",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    if pg_trigger_depth() < 2 then\n        raise exception 'only changes write history to %', tg_table_name using errcode = 'insufficient_privilege';\n    end if;\n    return new;\n",
                    hash="33989c59240d4cda01acd12990c0e0aead10bc93",
                    operation="INSERT",
                    pgid="pgtrigger_by_its_trigger_a5d87",
                    table="signatures_intentevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="publickeyevent",
            trigger=pgtrigger.compiler.Trigger(
                name="by_its_trigger",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    if pg_trigger_depth() < 2 then\n        raise exception 'only changes write history to %', tg_table_name using errcode = 'insufficient_privilege';\n    end if;\n    return new;\n",
                    hash="2414c1ebe7d4487641f9899e5ae9523c1c5a5339",
                    operation="INSERT",
                    pgid="pgtrigger_by_its_trigger_af55e",
                    table="signatures_publickeyevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="signingruleevent",
            trigger=pgtrigger.compiler.Trigger(
                name="by_its_trigger",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    if pg_trigger_depth() < 2 then\n        raise exception 'only changes write history to %', tg_table_name using errcode = 'insufficient_privilege';\n    end if;\n    return new;\n",
                    hash="748cc6d891a8606b54bc1835eeae20e0e185250d",
                    operation="INSERT",
                    pgid="pgtrigger_by_its_trigger_5de49",
                    table="signatures_signingruleevent",
                    when="BEFORE",
                ),
            ),
        ),
    ]
