import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("exclusions", "0002_walls"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="answer",
            name="by_the_other",
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="answer",
            trigger=pgtrigger.compiler.Trigger(
                name="by_the_other",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    declare asked exclusions_exclusion%rowtype;\n    begin\n    select * into asked from exclusions_exclusion e where e.id = new.exclusion_id for update;\n    if not found or asked.given_at is null or asked.withdrawn_at is not null then\n        raise exception 'there is nothing to answer' using errcode = 'check_violation';\n    end if;\n    if asked.company_id <> new.company_id\n       or (asked.author_id = new.author_id and not exists (\n           select 1 from companies_company c where c.id = asked.company_id and c.kind = 'client'))\n       or (asked.author_id = new.author_id and asked.user_number = new.user_number) then\n        raise exception 'exclusion % is answered by the other side', asked.id using errcode = 'insufficient_privilege';\n    end if;\n    if new.given_at is null or now() > asked.answer_by then\n        raise exception 'the time to answer exclusion % is over', asked.id using errcode = 'check_violation';\n    end if;\n    return new;\n    end;\n",
                    hash="392aabafad99d6c4423d42dbe2253b99d0991bdf",
                    operation="INSERT",
                    pgid="pgtrigger_by_the_other_37a5f",
                    table="exclusions_answer",
                    when="BEFORE",
                ),
            ),
        ),
    ]
