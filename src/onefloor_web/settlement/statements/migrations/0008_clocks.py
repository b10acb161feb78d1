import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("statements", "0007_closed_in_turn"),
        ("tenancy", "0002_wall_clock"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="statement",
            name="over_is_over",
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="statement",
            trigger=pgtrigger.compiler.Trigger(
                name="over_is_over",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    if old.state in ('locked', 'superseded') then\n        raise exception 'statement % is %', old.id, old.state using errcode = 'check_violation';\n    end if;\n    if (old.issued_at is not null and new.issued_at is distinct from old.issued_at)\n       or (old.dispute_by is not null and new.dispute_by is distinct from old.dispute_by)\n       or (old.sign_by is not null and (new.sign_by is null or new.sign_by < old.sign_by))\n       or (new.sign_by > old.sign_by and current_setting('app.client', true) is distinct from 'on')\n       or (old.accepted_at is not null and new.accepted_at is distinct from old.accepted_at) then\n        raise exception 'dates of statement % stay', old.id using errcode = 'check_violation';\n    end if;\n    if old.accepted_at is not null and new.state = 'superseded' then\n        raise exception 'statement % counts as accepted', old.id using errcode = 'check_violation';\n    end if;\n    if new.state in ('issued', 'superseded') and new.state <> old.state\n       and current_setting('app.client', true) is distinct from 'on' then\n        raise exception 'the client issues and supersedes' using errcode = 'insufficient_privilege';\n    end if;\n    if new.state = 'issued' and old.state = 'draft' and (not coalesce((abs(extract(epoch from new.issued_at - wall_clock())) < 600), false)\n       or new.dispute_by < new.issued_at or new.sign_by < new.issued_at) then\n        raise exception 'the clocks of statement % begin when it is issued', old.id using errcode = 'check_violation';\n    end if;\n    if new.accepted_at is distinct from old.accepted_at and (\n       current_setting('app.client', true) is distinct from 'on' or new.state <> 'issued'\n       or not coalesce(old.sign_by <= wall_clock() + interval '1 minute', false) or not (abs(extract(epoch from new.accepted_at - wall_clock())) < 600)) then\n        raise exception 'statement % is not accepted by silence', old.id using errcode = 'check_violation';\n    end if;\n    return new;\n",
                    hash="31001b21f8d6e0da67731c940fa29a33ad8d4747",
                    operation="UPDATE",
                    pgid="pgtrigger_over_is_over_4af83",
                    table="statements_statement",
                    when="BEFORE",
                ),
            ),
        ),
    ]
