import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("duties", "0003_clocks"),
        ("tenancy", "0002_wall_clock"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="duty",
            name="occasion_stays",
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="duty",
            trigger=pgtrigger.compiler.Trigger(
                name="occasion_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."company_id" IS DISTINCT FROM (NEW."company_id") OR OLD."agreement_id" IS DISTINCT FROM (NEW."agreement_id") OR OLD."duty" IS DISTINCT FROM (NEW."duty") OR OLD."title" IS DISTINCT FROM (NEW."title") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."reference" IS DISTINCT FROM (NEW."reference") OR OLD."asked" IS DISTINCT FROM (NEW."asked") OR OLD."page" IS DISTINCT FROM (NEW."page") OR OLD."basis" IS DISTINCT FROM (NEW."basis") OR OLD."span" IS DISTINCT FROM (NEW."span") OR OLD."begins_at" IS DISTINCT FROM (NEW."begins_at") OR OLD."seats" IS DISTINCT FROM (NEW."seats") OR OLD."opener_id" IS DISTINCT FROM (NEW."opener_id") OR OLD."opened_by" IS DISTINCT FROM (NEW."opened_by") OR OLD."opened_at" IS DISTINCT FROM (NEW."opened_at"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="75557ee299ea6c8c9eb0f4aee0b6b43d08da4066",
                    operation="UPDATE",
                    pgid="pgtrigger_occasion_stays_4a995",
                    table="duties_duty",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="duty",
            trigger=pgtrigger.compiler.Trigger(
                name="written_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    if new.told <> old.told then\n        if new.told <> old.revision or not exists (\n            select 1 from duties_telling t where t.company_id = old.company_id and (abs(extract(epoch from t.at - wall_clock())) < 600)) then\n            raise exception 'duty % is told with an account of its lines', old.id using errcode = 'check_violation';\n        end if;\n    end if;\n    if (to_jsonb(new) - 'told' - 'revision') is distinct from (to_jsonb(old) - 'told' - 'revision') then\n        if new.revision <> old.revision + 1 or new.told <> old.told then\n            raise exception 'a change of duty % is its next revision', old.id using errcode = 'check_violation';\n        end if;\n    elsif new.revision <> old.revision then\n        raise exception 'duty % has not changed', old.id using errcode = 'check_violation';\n    end if;\n    if old.state = 'open' and new.state = 'done' then\n        if not coalesce((abs(extract(epoch from new.recorded_at - wall_clock())) < 600), false)\n           or old.kind = 'answer' and not coalesce((abs(extract(epoch from new.done_at - wall_clock())) < 600), false) then\n            raise exception 'duty % is recorded when it is recorded', old.id using errcode = 'check_violation';\n        end if;\n        return new;\n    end if;\n    if old.state = 'done' and new.state = 'open' and new.reopened = old.reopened + 1 and not coalesce(current_setting('app.client', true), '') = 'on'\n       and (new.done_by, new.note, new.recorded_at, new.recorded_by, new.seats_done) is not distinct from\n           ('', '', old.recorded_at, old.recorded_by, old.seats_done) then\n        return new;\n    end if;\n    if (new.done_by, new.note, new.recorded_at, new.recorded_by, new.seats_done) is distinct from\n       (old.done_by, old.note, old.recorded_at, old.recorded_by, old.seats_done)\n       or new.reopened <> old.reopened or (new.done_at is distinct from old.done_at and not exists (\n           select 1 from duties_objection o join duties_resolution r on r.objection_id = o.id\n           where o.duty_id = old.id and r.accepted and o.done_at is not distinct from new.done_at\n           and o.id = (select max(n.id) from duties_objection n where n.duty_id = old.id))) then\n        raise exception 'what was recorded of duty % stays', old.id using errcode = 'check_violation';\n    end if;\n    return new;\n",
                    hash="cd74a7deda3167096f51ec838dca209f130812f1",
                    operation="UPDATE",
                    pgid="pgtrigger_written_once_70f9b",
                    table="duties_duty",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="telling",
            trigger=pgtrigger.compiler.Trigger(
                name="told_now",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    new.at := wall_clock();\n    return new;\n",
                    hash="42a7f4231962b4f64d5909863297c406ad32968b",
                    operation="INSERT",
                    pgid="pgtrigger_told_now_a5319",
                    table="duties_telling",
                    when="BEFORE",
                ),
            ),
        ),
    ]
