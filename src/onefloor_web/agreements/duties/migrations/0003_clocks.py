import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("duties", "0002_walls"),
        ("tenancy", "0002_wall_clock"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="duty",
            name="who_may",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="duty",
            name="withdrawn_in_time",
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="duty",
            trigger=pgtrigger.compiler.Trigger(
                name="who_may",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    if tg_op = 'INSERT' and new.kind = 'answer'\n       and new.company_id is distinct from nullif(current_setting('app.company', true), '')::bigint then\n        raise exception 'an answer is owed to who asked for it' using errcode = 'insufficient_privilege';\n    end if;\n    if coalesce(current_setting('app.client', true), '') = 'on' then return new; end if;\n    if tg_op = 'INSERT' then\n        if new.state = 'claimed'\n           or (new.kind = 'answer' and new.state = 'open' and new.due_at >= wall_clock() - interval '1 minute') then\n            return new;\n        end if;\n    elsif new.state = old.state and new.done_at is not distinct from old.done_at then\n        return new;\n    elsif old.state = 'claimed' and new.state = 'withdrawn' then\n        return new;\n    elsif old.kind = 'answer' and old.state = 'open' and new.state = 'withdrawn' then\n        return new;\n    elsif old.kind = 'answer' and old.state = 'done' and new.state = 'open' and new.reopened = old.reopened + 1 then\n        return new;\n    end if;\n    raise exception 'only the client says what it has delivered or owes' using errcode = 'insufficient_privilege';\n",
                    hash="4c815186653f9e9684a2327d3201421f9fd4830a",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_who_may_74a26",
                    table="duties_duty",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="duty",
            trigger=pgtrigger.compiler.Trigger(
                name="clock_keeps_time",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    if new.done_at > wall_clock() + interval '1 minute' and new.done_at is distinct from old.done_at then\n        raise exception 'duty % is not delivered yet', old.id using errcode = 'check_violation';\n    end if;\n    if new.due_at is not distinct from old.due_at\n       or old.kind = 'answer' and new.state = 'open' and (\n           old.state = 'open' and old.due_at is null and new.due_at >= wall_clock() - interval '1 minute'\n           or old.state = 'open' and new.due_at is null and coalesce(current_setting('app.client', true), '') = 'on' and old.due_at >= wall_clock() - interval '1 minute'\n           or old.state = 'done' and old.due_at > old.done_at and new.due_at >= wall_clock() - interval '1 minute') then\n        return new;\n    end if;\n    raise exception 'when duty % is due does not move so', old.id using errcode = 'check_violation';\n",
                    hash="6e059315b6c737c30302e2378e2173050d43705a",
                    operation="UPDATE",
                    pgid="pgtrigger_clock_keeps_time_26e99",
                    table="duties_duty",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="duty",
            trigger=pgtrigger.compiler.Trigger(
                name="withdrawn_in_time",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NEW.\"state\" = 'withdrawn' AND OLD.\"state\" = 'open')",
                    func="\n    if old.due_at is not null and old.due_at <= wall_clock() then\n        raise exception 'duty % was due already and cannot be withdrawn', old.id using errcode = 'check_violation';\n    end if;\n    return new;\n",
                    hash="fcf6f6dcf767263ce1972825a5f5071a8c6594b0",
                    operation="UPDATE",
                    pgid="pgtrigger_withdrawn_in_time_16dee",
                    table="duties_duty",
                    when="BEFORE",
                ),
            ),
        ),
    ]
