import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("forecasts", "0004_newest_version"),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name="acknowledgementevent",
            trigger=pgtrigger.compiler.Trigger(
                name="by_its_trigger",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    if pg_trigger_depth() < 2 then\n        raise exception 'only changes write history to %', tg_table_name using errcode = 'insufficient_privilege';\n    end if;\n    return new;\n",
                    hash="45bcd3cf9ecc04cbb7ee6a67e04aa58ef898c458",
                    operation="INSERT",
                    pgid="pgtrigger_by_its_trigger_ffb4b",
                    table="forecasts_acknowledgementevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="lockevent",
            trigger=pgtrigger.compiler.Trigger(
                name="by_its_trigger",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    if pg_trigger_depth() < 2 then\n        raise exception 'only changes write history to %', tg_table_name using errcode = 'insufficient_privilege';\n    end if;\n    return new;\n",
                    hash="dca3106d7ca75538d4d855a9c6d090f4c47d4291",
                    operation="INSERT",
                    pgid="pgtrigger_by_its_trigger_5b59f",
                    table="forecasts_lockevent",
                    when="BEFORE",
                ),
            ),
        ),
    ]
