import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

from onefloor_web.trust.requests.models import ANSWER_OF_DUTY


class Migration(migrations.Migration):
    dependencies = [
        ("duties", "0004_written_once"),
        ("requests", "0003_clocks"),
        ("tenancy", "0002_wall_clock"),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name="request",
            trigger=pgtrigger.compiler.Trigger(
                name="written_when_it_is",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    if (case when new.state = 'answered' and old.state <> 'answered'\n                then not coalesce((abs(extract(epoch from new.answered_at - wall_clock())) < 600), false)\n            when new.state = 'open' and old.state in ('answered', 'accepted') then new.answered_at is not null\n            else new.answered_at is distinct from old.answered_at end)\n       or (case when new.state = old.state then new.closed_at is distinct from old.closed_at\n            when new.state in ('accepted', 'unsolved', 'withdrawn')\n                then not coalesce((abs(extract(epoch from new.closed_at - wall_clock())) < 600), false)\n            else new.closed_at is not null end) then\n        raise exception 'request % is answered and closed when it is', old.id using errcode = 'check_violation';\n    end if;\n    if new.state = 'open' and old.state in ('answered', 'accepted') and old.due_at > old.answered_at\n       and not coalesce(new.due_at >= wall_clock() - interval '1 minute', false) then\n        raise exception 'request % is owed from now', old.id using errcode = 'check_violation';\n    end if;\n    return new;\n",
                    hash="f9c5309c05512a6d5db6e035030e7e389a624921",
                    operation="UPDATE",
                    pgid="pgtrigger_written_when_it_is_31735",
                    table="requests_request",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.RunSQL(
            ANSWER_OF_DUTY,
            "drop trigger requests_answer_of_duty on duties_duty; drop function requests_answer_of_duty()",
        ),
    ]
