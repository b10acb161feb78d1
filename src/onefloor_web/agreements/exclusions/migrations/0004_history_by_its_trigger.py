import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("exclusions", "0003_who_answers"),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name="answerevent",
            trigger=pgtrigger.compiler.Trigger(
                name="by_its_trigger",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    if pg_trigger_depth() < 2 then\n        raise exception 'only changes write history to %', tg_table_name using errcode = 'insufficient_privilege';\n    end if;\n    return new;\n",
                    hash="49ec4994c99eeb348920d27a0ca278b07952dea0",
                    operation="INSERT",
                    pgid="pgtrigger_by_its_trigger_4ff84",
                    table="exclusions_answerevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="exclusionevent",
            trigger=pgtrigger.compiler.Trigger(
                name="by_its_trigger",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    if pg_trigger_depth() < 2 then\n        raise exception 'only changes write history to %', tg_table_name using errcode = 'insufficient_privilege';\n    end if;\n    return new;\n",
                    hash="9e67a1d86d93b53f13aa281f46d33d4e4b6e391a",
                    operation="INSERT",
                    pgid="pgtrigger_by_its_trigger_f4dfa",
                    table="exclusions_exclusionevent",
                    when="BEFORE",
                ),
            ),
        ),
    ]
