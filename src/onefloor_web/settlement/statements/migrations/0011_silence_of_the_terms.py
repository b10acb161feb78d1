import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("statements", "0010_lines_by_key"),
        ("tenancy", "0002_wall_clock"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="statement",
            name="content_stays",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="statement",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="statement",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="statement",
            name="delete_delete",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="statement",
            name="made_by_the_client",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="statement",
            name="over_is_over",
        ),
        migrations.AddField(
            model_name="statement",
            name="unsigned",
            field=models.CharField(max_length=10, null=True, verbose_name="Nobody signs in time"),
        ),
        migrations.AddField(
            model_name="statementevent",
            name="unsigned",
            field=models.CharField(max_length=10, null=True, verbose_name="Nobody signs in time"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="statement",
            trigger=pgtrigger.compiler.Trigger(
                name="content_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."company_id" IS DISTINCT FROM (NEW."company_id") OR OLD."agreement_id" IS DISTINCT FROM (NEW."agreement_id") OR OLD."version_id" IS DISTINCT FROM (NEW."version_id") OR OLD."month" IS DISTINCT FROM (NEW."month") OR OLD."revision" IS DISTINCT FROM (NEW."revision") OR OLD."shadow" IS DISTINCT FROM (NEW."shadow") OR OLD."terms_digest" IS DISTINCT FROM (NEW."terms_digest") OR OLD."digest" IS DISTINCT FROM (NEW."digest") OR OLD."manifest_digest" IS DISTINCT FROM (NEW."manifest_digest") OR OLD."payload" IS DISTINCT FROM (NEW."payload") OR OLD."document" IS DISTINCT FROM (NEW."document") OR OLD."net" IS DISTINCT FROM (NEW."net") OR OLD."payable" IS DISTINCT FROM (NEW."payable") OR OLD."currency" IS DISTINCT FROM (NEW."currency") OR OLD."data_version" IS DISTINCT FROM (NEW."data_version") OR OLD."facts_through" IS DISTINCT FROM (NEW."facts_through") OR OLD."provisional" IS DISTINCT FROM (NEW."provisional") OR OLD."previous_id" IS DISTINCT FROM (NEW."previous_id") OR OLD."previous_digest" IS DISTINCT FROM (NEW."previous_digest") OR OLD."run_at" IS DISTINCT FROM (NEW."run_at") OR OLD."run_by" IS DISTINCT FROM (NEW."run_by") OR OLD."unsigned" IS DISTINCT FROM (NEW."unsigned"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="849eceb3564f8a3bce33a4fe9d6d8904be7a83ce",
                    operation="UPDATE",
                    pgid="pgtrigger_content_stays_f203c",
                    table="statements_statement",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="statement",
            trigger=pgtrigger.compiler.Trigger(
                name="made_by_the_client",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    if current_setting('app.client', true) is distinct from 'on' or new.state <> 'draft' then\n        raise exception 'a statement begins as a draft of the client''s work' using errcode = 'check_violation';\n    end if;\n    if new.unsigned is null then\n        raise exception 'a statement says what silence means' using errcode = 'check_violation';\n    end if;\n    if new.shadow is distinct from (\n        select a.shadow and c.kind = 'client' from register_agreement a join companies_company c on c.id = a.company_id\n        where a.id = new.agreement_id and a.company_id = new.company_id) then\n        raise exception 'a shadow statement is of the client''s own agreement' using errcode = 'check_violation';\n    end if;\n    return new;\n",
                    hash="4490019b472c2bd658adcd10a9482abadb4c0c87",
                    operation="INSERT",
                    pgid="pgtrigger_made_by_the_client_793e9",
                    table="statements_statement",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="statement",
            trigger=pgtrigger.compiler.Trigger(
                name="over_is_over",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    if old.state in ('locked', 'superseded') then\n        raise exception 'statement % is %', old.id, old.state using errcode = 'check_violation';\n    end if;\n    if (old.issued_at is not null and new.issued_at is distinct from old.issued_at)\n       or (old.dispute_by is not null and new.dispute_by is distinct from old.dispute_by)\n       or (old.sign_by is not null and (new.sign_by is null or new.sign_by < old.sign_by))\n       or (new.sign_by > old.sign_by and current_setting('app.client', true) is distinct from 'on')\n       or (old.accepted_at is not null and new.accepted_at is distinct from old.accepted_at) then\n        raise exception 'dates of statement % stay', old.id using errcode = 'check_violation';\n    end if;\n    if old.accepted_at is not null and new.state = 'superseded' then\n        raise exception 'statement % counts as accepted', old.id using errcode = 'check_violation';\n    end if;\n    if new.state in ('issued', 'superseded') and new.state <> old.state\n       and current_setting('app.client', true) is distinct from 'on' then\n        raise exception 'the client issues and supersedes' using errcode = 'insufficient_privilege';\n    end if;\n    if new.state = 'issued' and old.state = 'draft' and (not coalesce((abs(extract(epoch from new.issued_at - wall_clock())) < 600), false)\n       or new.dispute_by < new.issued_at or new.sign_by < new.issued_at) then\n        raise exception 'the clocks of statement % begin when it is issued', old.id using errcode = 'check_violation';\n    end if;\n    if new.accepted_at is distinct from old.accepted_at and (\n       current_setting('app.client', true) is distinct from 'on' or new.state <> 'issued'\n       or not coalesce(old.sign_by <= wall_clock() + interval '1 minute', false) or not coalesce(old.dispute_by <= wall_clock() + interval '1 minute', false)\n       or not (abs(extract(epoch from new.accepted_at - wall_clock())) < 600) or coalesce(old.unsigned, 'accepted') <> 'accepted') then\n        raise exception 'statement % is not accepted by silence', old.id using errcode = 'check_violation';\n    end if;\n    return new;\n",
                    hash="74e0e72c8ce10c7c8ed08e6ab91c8c6812331192",
                    operation="UPDATE",
                    pgid="pgtrigger_over_is_over_4af83",
                    table="statements_statement",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="statement",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "statements_statementevent" ("accepted_at", "agreement_id", "company_id", "currency", "data_version", "digest", "dispute_by", "facts_through", "id", "issued_at", "locked_at", "manifest_digest", "month", "net", "payable", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "previous_digest", "previous_id", "provisional", "revision", "run_at", "run_by", "shadow", "sign_by", "state", "superseded_at", "terms_digest", "unsigned", "version_id") VALUES (NEW."accepted_at", NEW."agreement_id", NEW."company_id", NEW."currency", NEW."data_version", NEW."digest", NEW."dispute_by", NEW."facts_through", NEW."id", NEW."issued_at", NEW."locked_at", NEW."manifest_digest", NEW."month", NEW."net", NEW."payable", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."previous_digest", NEW."previous_id", NEW."provisional", NEW."revision", NEW."run_at", NEW."run_by", NEW."shadow", NEW."sign_by", NEW."state", NEW."superseded_at", NEW."terms_digest", NEW."unsigned", NEW."version_id"); RETURN NULL;',
                    hash="0b7bcc02f59978ff252fb9ded8ae32ba2ccaa1a3",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_0a49f",
                    table="statements_statement",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="statement",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."accepted_at" IS DISTINCT FROM (NEW."accepted_at") OR OLD."agreement_id" IS DISTINCT FROM (NEW."agreement_id") OR OLD."company_id" IS DISTINCT FROM (NEW."company_id") OR OLD."currency" IS DISTINCT FROM (NEW."currency") OR OLD."data_version" IS DISTINCT FROM (NEW."data_version") OR OLD."digest" IS DISTINCT FROM (NEW."digest") OR OLD."dispute_by" IS DISTINCT FROM (NEW."dispute_by") OR OLD."facts_through" IS DISTINCT FROM (NEW."facts_through") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."issued_at" IS DISTINCT FROM (NEW."issued_at") OR OLD."locked_at" IS DISTINCT FROM (NEW."locked_at") OR OLD."manifest_digest" IS DISTINCT FROM (NEW."manifest_digest") OR OLD."month" IS DISTINCT FROM (NEW."month") OR OLD."net" IS DISTINCT FROM (NEW."net") OR OLD."payable" IS DISTINCT FROM (NEW."payable") OR OLD."previous_id" IS DISTINCT FROM (NEW."previous_id") OR OLD."previous_digest" IS DISTINCT FROM (NEW."previous_digest") OR OLD."provisional" IS DISTINCT FROM (NEW."provisional") OR OLD."revision" IS DISTINCT FROM (NEW."revision") OR OLD."run_at" IS DISTINCT FROM (NEW."run_at") OR OLD."run_by" IS DISTINCT FROM (NEW."run_by") OR OLD."shadow" IS DISTINCT FROM (NEW."shadow") OR OLD."sign_by" IS DISTINCT FROM (NEW."sign_by") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."superseded_at" IS DISTINCT FROM (NEW."superseded_at") OR OLD."terms_digest" IS DISTINCT FROM (NEW."terms_digest") OR OLD."unsigned" IS DISTINCT FROM (NEW."unsigned") OR OLD."version_id" IS DISTINCT FROM (NEW."version_id"))',
                    func='INSERT INTO "statements_statementevent" ("accepted_at", "agreement_id", "company_id", "currency", "data_version", "digest", "dispute_by", "facts_through", "id", "issued_at", "locked_at", "manifest_digest", "month", "net", "payable", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "previous_digest", "previous_id", "provisional", "revision", "run_at", "run_by", "shadow", "sign_by", "state", "superseded_at", "terms_digest", "unsigned", "version_id") VALUES (NEW."accepted_at", NEW."agreement_id", NEW."company_id", NEW."currency", NEW."data_version", NEW."digest", NEW."dispute_by", NEW."facts_through", NEW."id", NEW."issued_at", NEW."locked_at", NEW."manifest_digest", NEW."month", NEW."net", NEW."payable", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."previous_digest", NEW."previous_id", NEW."provisional", NEW."revision", NEW."run_at", NEW."run_by", NEW."shadow", NEW."sign_by", NEW."state", NEW."superseded_at", NEW."terms_digest", NEW."unsigned", NEW."version_id"); RETURN NULL;',
                    hash="703802e3083ae7138acbb1f64ab306f7776735eb",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_275ed",
                    table="statements_statement",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="statement",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "statements_statementevent" ("accepted_at", "agreement_id", "company_id", "currency", "data_version", "digest", "dispute_by", "facts_through", "id", "issued_at", "locked_at", "manifest_digest", "month", "net", "payable", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "previous_digest", "previous_id", "provisional", "revision", "run_at", "run_by", "shadow", "sign_by", "state", "superseded_at", "terms_digest", "unsigned", "version_id") VALUES (OLD."accepted_at", OLD."agreement_id", OLD."company_id", OLD."currency", OLD."data_version", OLD."digest", OLD."dispute_by", OLD."facts_through", OLD."id", OLD."issued_at", OLD."locked_at", OLD."manifest_digest", OLD."month", OLD."net", OLD."payable", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."previous_digest", OLD."previous_id", OLD."provisional", OLD."revision", OLD."run_at", OLD."run_by", OLD."shadow", OLD."sign_by", OLD."state", OLD."superseded_at", OLD."terms_digest", OLD."unsigned", OLD."version_id"); RETURN NULL;',
                    hash="61c606e129e2d9c329411f0b13b58baa7fac76fd",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_06b4d",
                    table="statements_statement",
                    when="AFTER",
                ),
            ),
        ),
    ]
