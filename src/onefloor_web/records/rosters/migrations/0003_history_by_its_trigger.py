import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("rosters", "0002_walls"),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name="rosterfileevent",
            trigger=pgtrigger.compiler.Trigger(
                name="by_its_trigger",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    if pg_trigger_depth() < 2 then\n        raise exception 'only changes write history to %', tg_table_name using errcode = 'insufficient_privilege';\n    end if;\n    return new;\n",
                    hash="2292dc2357cafddc75b604287d3e4cc02b337e9d",
                    operation="INSERT",
                    pgid="pgtrigger_by_its_trigger_45b52",
                    table="rosters_rosterfileevent",
                    when="BEFORE",
                ),
            ),
        ),
    ]
