import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0002_walls"),
        ("tenancy", "0002_wall_clock"),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name="event",
            trigger=pgtrigger.compiler.Trigger(
                name="by_who_acts",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    if new.actor_company_id is distinct from (select nullif(current_setting('app.company', true), '')::bigint) then\n        raise exception 'an event is an act of the company that writes it' using errcode = 'insufficient_privilege';\n    end if;\n    new.at := wall_clock();\n    return new;\n",
                    hash="e4796deac899a08de2dbb26b1e913cbb9b9ce816",
                    operation="INSERT",
                    pgid="pgtrigger_by_who_acts_4c4dc",
                    table="events_event",
                    when="BEFORE",
                ),
            ),
        ),
    ]
