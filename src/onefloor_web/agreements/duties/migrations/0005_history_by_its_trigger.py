import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("duties", "0004_written_once"),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name="dutyevent",
            trigger=pgtrigger.compiler.Trigger(
                name="by_its_trigger",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    if pg_trigger_depth() < 2 then\n        raise exception 'only changes write history to %', tg_table_name using errcode = 'insufficient_privilege';\n    end if;\n    return new;\n",
                    hash="f24e4057f5a16d4c8bf4686fd211f01c4d0ef7b4",
                    operation="INSERT",
                    pgid="pgtrigger_by_its_trigger_85556",
                    table="duties_dutyevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="objectionevent",
            trigger=pgtrigger.compiler.Trigger(
                name="by_its_trigger",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    if pg_trigger_depth() < 2 then\n        raise exception 'only changes write history to %', tg_table_name using errcode = 'insufficient_privilege';\n    end if;\n    return new;\n",
                    hash="0318ced92d483ecb70f7faeb9ac7139d0d0a1331",
                    operation="INSERT",
                    pgid="pgtrigger_by_its_trigger_e54ca",
                    table="duties_objectionevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="resolutionevent",
            trigger=pgtrigger.compiler.Trigger(
                name="by_its_trigger",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    if pg_trigger_depth() < 2 then\n        raise exception 'only changes write history to %', tg_table_name using errcode = 'insufficient_privilege';\n    end if;\n    return new;\n",
                    hash="359c6a32b38e56b35fa3bd1d1ff8c0e9afeeb8a2",
                    operation="INSERT",
                    pgid="pgtrigger_by_its_trigger_6f801",
                    table="duties_resolutionevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="tellingevent",
            trigger=pgtrigger.compiler.Trigger(
                name="by_its_trigger",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    if pg_trigger_depth() < 2 then\n        raise exception 'only changes write history to %', tg_table_name using errcode = 'insufficient_privilege';\n    end if;\n    return new;\n",
                    hash="11bd04387cca095e34a74e3b713a62602051d19b",
                    operation="INSERT",
                    pgid="pgtrigger_by_its_trigger_94f31",
                    table="duties_tellingevent",
                    when="BEFORE",
                ),
            ),
        ),
    ]
