import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("companies", "0005_side_stays"),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name="company",
            trigger=pgtrigger.compiler.Trigger(
                name="by_itself",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    if old.id is distinct from (select nullif(current_setting('app.company', true), '')::bigint) and (new.name, new.shares_names, new.second_factor)\n       is distinct from (old.name, old.shares_names, old.second_factor) then\n        raise exception 'what company % lets others see is its own to say', old.id\n            using errcode = 'insufficient_privilege';\n    end if;\n    return new;\n",
                    hash="3b040a0cf6032ae9d798ded0b2fcfe2509ef6377",
                    operation="UPDATE",
                    pgid="pgtrigger_by_itself_93458",
                    table="companies_company",
                    when="BEFORE",
                ),
            ),
        ),
    ]
