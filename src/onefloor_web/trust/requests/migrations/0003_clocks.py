import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

from onefloor_web.trust.requests.models import CLOCK_OF_DUTY


class Migration(migrations.Migration):
    dependencies = [
        ("requests", "0002_walls"),
        ("tenancy", "0002_wall_clock"),
        ("duties", "0003_clocks"),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name="request",
            trigger=pgtrigger.compiler.Trigger(
                name="clock_keeps_time",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    if new.due_at is not distinct from old.due_at and new.rest_ms is not distinct from old.rest_ms then\n        return new;\n    end if;\n    if old.due_at is null and new.due_at is not null and old.state = 'asked' and new.state in ('open', 'answered')\n       and new.due_at >= wall_clock() - interval '1 minute' + old.rest_ms * interval '1 millisecond' then\n        return new;\n    end if;\n    if old.due_at is not null and new.due_at is null and new.state = 'asked' and old.pauses\n       and old.due_at >= wall_clock() - interval '1 minute' and new.rest_ms >= 0\n       and new.rest_ms * interval '1 millisecond' <= old.due_at - wall_clock() + interval '1 minute' then\n        return new;\n    end if;\n    if old.due_at > old.answered_at and old.state in ('answered', 'accepted') and new.state = 'open'\n       and new.due_at >= wall_clock() - interval '1 minute' then\n        return new;\n    end if;\n    raise exception 'the clock of request % does not move so', old.id using errcode = 'check_violation';\n",
                    hash="b9b44d94a4021f20726a9a1a112f8aa43b52991e",
                    operation="UPDATE",
                    pgid="pgtrigger_clock_keeps_time_b1be2",
                    table="requests_request",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.RunSQL(
            CLOCK_OF_DUTY,
            "drop trigger requests_clock_of_duty on duties_duty; drop function requests_clock_of_duty()",
        ),
    ]
