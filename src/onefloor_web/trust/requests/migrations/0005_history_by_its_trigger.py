import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("requests", "0004_written_when_it_is"),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name="messageevent",
            trigger=pgtrigger.compiler.Trigger(
                name="by_its_trigger",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    if pg_trigger_depth() < 2 then\n        raise exception 'only changes write history to %', tg_table_name using errcode = 'insufficient_privilege';\n    end if;\n    return new;\n",
                    hash="a1e9a8011015e32be475fe373aa7a01d21fd9494",
                    operation="INSERT",
                    pgid="pgtrigger_by_its_trigger_f2da0",
                    table="requests_messageevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="requestevent",
            trigger=pgtrigger.compiler.Trigger(
                name="by_its_trigger",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    if pg_trigger_depth() < 2 then\n        raise exception 'only changes write history to %', tg_table_name using errcode = 'insufficient_privilege';\n    end if;\n    return new;\n",
                    hash="7d207eff128f589601aa69953dfaf749325ab745",
                    operation="INSERT",
                    pgid="pgtrigger_by_its_trigger_4e04d",
                    table="requests_requestevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="routeevent",
            trigger=pgtrigger.compiler.Trigger(
                name="by_its_trigger",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    if pg_trigger_depth() < 2 then\n        raise exception 'only changes write history to %', tg_table_name using errcode = 'insufficient_privilege';\n    end if;\n    return new;\n",
                    hash="514743ffaf88310690ae99a6c6a7fdc11f4f33fb",
                    operation="INSERT",
                    pgid="pgtrigger_by_its_trigger_ac4a4",
                    table="requests_routeevent",
                    when="BEFORE",
                ),
            ),
        ),
    ]
