import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("forecasts", "0002_walls"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="acknowledgement",
            name="by_the_other",
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="acknowledgement",
            trigger=pgtrigger.compiler.Trigger(
                name="by_the_other",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    declare asked forecasts_lock%rowtype;\n    begin\n    select * into asked from forecasts_lock l where l.id = new.lock_id for update;\n    if not found or asked.given_at is null or new.given_at is null then\n        raise exception 'there is nothing to acknowledge' using errcode = 'check_violation';\n    end if;\n    if asked.company_id <> new.company_id\n       or (asked.author_id = new.author_id and not exists (\n           select 1 from companies_company c where c.id = asked.company_id and c.kind = 'client'))\n       or (asked.author_id = new.author_id and asked.user_number = new.user_number) then\n        raise exception 'lock % is acknowledged by the other side', asked.id using errcode = 'insufficient_privilege';\n    end if;\n    return new;\n    end;\n",
                    hash="b97ffda64fa0e738300d5b00888dcdc3ebea3c04",
                    operation="INSERT",
                    pgid="pgtrigger_by_the_other_45eed",
                    table="forecasts_acknowledgement",
                    when="BEFORE",
                ),
            ),
        ),
    ]
