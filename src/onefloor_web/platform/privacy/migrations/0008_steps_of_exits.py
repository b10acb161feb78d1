import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("privacy", "0007_by_who_opens"),
        ("tenancy", "0002_wall_clock"),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name="exit",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="a12b7312b09f27f3a55fa190afc5f9d43165551b",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_930c2",
                    table="privacy_exit",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="exit",
            trigger=pgtrigger.compiler.Trigger(
                name="beginning_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."company_id" IS DISTINCT FROM (NEW."company_id") OR OLD."started_at" IS DISTINCT FROM (NEW."started_at") OR OLD."started_by" IS DISTINCT FROM (NEW."started_by"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="bc54401087ee78bb35043a20b1ebda20093f3462",
                    operation="UPDATE",
                    pgid="pgtrigger_beginning_stays_c8aeb",
                    table="privacy_exit",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="exit",
            trigger=pgtrigger.compiler.Trigger(
                name="goes_on",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE _is_valid_transition BOOLEAN;",
                    func='SELECT CONCAT(OLD."stage", \':\', NEW."stage") = ANY(\'{preparing:handed_over,handed_over:received,handed_over:deleted,received:deleted}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."stage" IS DISTINCT FROM NEW."stage") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "stage" from "%" to "%" on table %\', OLD."stage", NEW."stage", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                    hash="6c8d7302b80cb7a6521ae21da0ee4c068b02e0df",
                    operation="UPDATE",
                    pgid="pgtrigger_goes_on_f63a6",
                    table="privacy_exit",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="exit",
            trigger=pgtrigger.compiler.Trigger(
                name="begun_by_the_client",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    if not (select current_setting('app.client', true) = 'on') or new.stage <> 'preparing' or new.handed_over_at is not null or new.received_at is not null\n       or new.received_by <> '' or new.deleted_at is not null or new.proof <> '' or new.manifest is not null then\n        raise exception 'the client begins an exit, with the hand-over' using errcode = 'insufficient_privilege';\n    end if;\n    new.started_at := wall_clock();\n    return new;\n",
                    hash="a0c81da7c9e832f5c8c21e3e58db67837cbf160c",
                    operation="INSERT",
                    pgid="pgtrigger_begun_by_the_client_d36e2",
                    table="privacy_exit",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="exit",
            trigger=pgtrigger.compiler.Trigger(
                name="steps",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    if new.stage = 'handed_over' and old.stage = 'preparing' then\n        if not (select current_setting('app.client', true) = 'on') or not coalesce((abs(extract(epoch from new.handed_over_at - wall_clock())) < 600), false) then\n            raise exception 'the client hands over, now' using errcode = 'insufficient_privilege';\n        end if;\n    elsif new.manifest is distinct from old.manifest or new.handed_over_at is distinct from old.handed_over_at then\n        raise exception 'what was handed over stays' using errcode = 'check_violation';\n    end if;\n    if new.stage = 'received' and old.stage = 'handed_over' then\n        if new.company_id is distinct from (select nullif(current_setting('app.company', true), '')::bigint) or not coalesce((abs(extract(epoch from new.received_at - wall_clock())) < 600), false) then\n            raise exception 'the vendor confirms its receipt, now' using errcode = 'insufficient_privilege';\n        end if;\n    elsif (new.received_at, new.received_by) is distinct from (old.received_at, old.received_by) then\n        raise exception 'the receipt stays' using errcode = 'check_violation';\n    end if;\n    if new.stage = 'deleted' and old.stage <> 'deleted' then\n        if not (select current_setting('app.client', true) = 'on') or new.proof = '' or not coalesce((abs(extract(epoch from new.deleted_at - wall_clock())) < 600), false)\n           or old.stage = 'handed_over' and old.handed_over_at > wall_clock() - interval '14 days' then\n            raise exception 'the client deletes what was received, with proof'\n                using errcode = 'insufficient_privilege';\n        end if;\n    elsif (new.deleted_at, new.proof) is distinct from (old.deleted_at, old.proof) then\n        raise exception 'the proof stays' using errcode = 'check_violation';\n    end if;\n    return new;\n",
                    hash="f3329ab5f8bf70459ae4c36d7adca08c872cf026",
                    operation="UPDATE",
                    pgid="pgtrigger_steps_d9f43",
                    table="privacy_exit",
                    when="BEFORE",
                ),
            ),
        ),
    ]
