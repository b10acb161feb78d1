import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("companies", "0005_side_stays"),
        ("register", "0004_notices"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="version",
            name="text_stays",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="version",
            name="state_goes_on",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="version",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="version",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="version",
            name="delete_delete",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="version",
            name="signed_by_both",
        ),
        migrations.RemoveConstraint(
            model_name="version",
            name="version_state_known",
        ),
        migrations.AddField(
            model_name="version",
            name="signed_digest",
            field=models.CharField(blank=True, default="", max_length=64, verbose_name="Digest of what is signed"),
        ),
        migrations.AddField(
            model_name="versionevent",
            name="signed_digest",
            field=models.CharField(blank=True, default="", max_length=64, verbose_name="Digest of what is signed"),
        ),
        migrations.AlterField(
            model_name="version",
            name="state",
            field=models.CharField(
                choices=[
                    ("proposed", "waiting for signatures"),
                    ("signed", "signed by both"),
                    ("withdrawn", "withdrawn"),
                    ("declined", "declined"),
                ],
                default="proposed",
                max_length=10,
                verbose_name="State",
            ),
        ),
        migrations.AlterField(
            model_name="versionevent",
            name="state",
            field=models.CharField(
                choices=[
                    ("proposed", "waiting for signatures"),
                    ("signed", "signed by both"),
                    ("withdrawn", "withdrawn"),
                    ("declined", "declined"),
                ],
                default="proposed",
                max_length=10,
                verbose_name="State",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="version",
            trigger=pgtrigger.compiler.Trigger(
                name="text_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."company_id" IS DISTINCT FROM (NEW."company_id") OR OLD."agreement_id" IS DISTINCT FROM (NEW."agreement_id") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."starts" IS DISTINCT FROM (NEW."starts") OR OLD."source" IS DISTINCT FROM (NEW."source") OR OLD."digest" IS DISTINCT FROM (NEW."digest") OR OLD."signed_digest" IS DISTINCT FROM (NEW."signed_digest") OR OLD."note" IS DISTINCT FROM (NEW."note") OR OLD."proposed_at" IS DISTINCT FROM (NEW."proposed_at") OR OLD."proposed_by" IS DISTINCT FROM (NEW."proposed_by") OR OLD."proposer_id" IS DISTINCT FROM (NEW."proposer_id"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="740a8a8cd6fae2851f0e516c3cb0b4c1d9eeaaf2",
                    operation="UPDATE",
                    pgid="pgtrigger_text_stays_9249e",
                    table="register_version",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="version",
            trigger=pgtrigger.compiler.Trigger(
                name="state_goes_on",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE _is_valid_transition BOOLEAN;",
                    func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{proposed:signed,proposed:withdrawn,proposed:declined}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                    hash="3a2c95f1bf16a75de19697d4621f135615fcb885",
                    operation="UPDATE",
                    pgid="pgtrigger_state_goes_on_32073",
                    table="register_version",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="version",
            trigger=pgtrigger.compiler.Trigger(
                name="ended_by_whom",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    if tg_op = 'INSERT' then\n        if new.state <> 'proposed' or new.signed_at is not null or length(new.signed_digest) <> 64\n           or new.proposer_id is distinct from nullif(current_setting('app.company', true), '')::bigint then\n            raise exception 'a version is proposed by its proposer' using errcode = 'insufficient_privilege';\n        end if;\n        return new;\n    end if;\n    if new.state = old.state then\n        if new.ended_why <> old.ended_why or new.signed_at is distinct from old.signed_at then\n            raise exception 'what was said of version % stays', old.id using errcode = 'check_violation';\n        end if;\n        return new;\n    end if;\n    if new.state = 'withdrawn'\n       and old.proposer_id is distinct from nullif(current_setting('app.company', true), '')::bigint then\n        raise exception 'its proposer withdraws version %', old.id using errcode = 'insufficient_privilege';\n    end if;\n    if new.state = 'declined' and (new.ended_why = ''\n       or old.proposer_id is not distinct from nullif(current_setting('app.company', true), '')::bigint) then\n        raise exception 'the other company declines version %, with a reason', old.id\n            using errcode = 'insufficient_privilege';\n    end if;\n    return new;\n",
                    hash="8d92634c6a3c2d4980b1e997ae8ce621b89763a2",
                    operation="UPDATE OR INSERT",
                    pgid="pgtrigger_ended_by_whom_24e02",
                    table="register_version",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="version",
            trigger=pgtrigger.compiler.Trigger(
                name="signed_by_both",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NEW.\"state\" = 'signed')",
                    func="\n    if (select count(distinct s.signer_id) from signatures_signature s\n        where s.about = 'register.version' and s.number = new.id and new.signed_digest in ('', s.digest))\n       < (case when exists (\n           select 1 from companies_company c where c.id = new.company_id and c.kind = 'client') then 1 else 2 end) then\n        raise exception 'version % is not signed by both', new.id using errcode = 'check_violation';\n    end if;\n    return new;\n",
                    hash="d2191f1ce3e2cbd5e1d2c4865faa3326a16a5602",
                    operation="UPDATE OR INSERT",
                    pgid="pgtrigger_signed_by_both_293f3",
                    table="register_version",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="version",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "register_versionevent" ("agreement_id", "company_id", "digest", "ended_why", "id", "note", "number", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_at", "proposed_by", "proposer_id", "signed_at", "signed_digest", "starts", "state") VALUES (NEW."agreement_id", NEW."company_id", NEW."digest", NEW."ended_why", NEW."id", NEW."note", NEW."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."proposed_at", NEW."proposed_by", NEW."proposer_id", NEW."signed_at", NEW."signed_digest", NEW."starts", NEW."state"); RETURN NULL;',
                    hash="b158a3827a0320264529d7cebee1c7662e304de1",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_251a3",
                    table="register_version",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="version",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."agreement_id" IS DISTINCT FROM (NEW."agreement_id") OR OLD."company_id" IS DISTINCT FROM (NEW."company_id") OR OLD."digest" IS DISTINCT FROM (NEW."digest") OR OLD."ended_why" IS DISTINCT FROM (NEW."ended_why") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."note" IS DISTINCT FROM (NEW."note") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."proposed_at" IS DISTINCT FROM (NEW."proposed_at") OR OLD."proposed_by" IS DISTINCT FROM (NEW."proposed_by") OR OLD."proposer_id" IS DISTINCT FROM (NEW."proposer_id") OR OLD."signed_at" IS DISTINCT FROM (NEW."signed_at") OR OLD."signed_digest" IS DISTINCT FROM (NEW."signed_digest") OR OLD."starts" IS DISTINCT FROM (NEW."starts") OR OLD."state" IS DISTINCT FROM (NEW."state"))',
                    func='INSERT INTO "register_versionevent" ("agreement_id", "company_id", "digest", "ended_why", "id", "note", "number", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_at", "proposed_by", "proposer_id", "signed_at", "signed_digest", "starts", "state") VALUES (NEW."agreement_id", NEW."company_id", NEW."digest", NEW."ended_why", NEW."id", NEW."note", NEW."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."proposed_at", NEW."proposed_by", NEW."proposer_id", NEW."signed_at", NEW."signed_digest", NEW."starts", NEW."state"); RETURN NULL;',
                    hash="57ddf96e8698ff1c3a37d9053748c85d6ceb5a28",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_8ac5b",
                    table="register_version",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="version",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "register_versionevent" ("agreement_id", "company_id", "digest", "ended_why", "id", "note", "number", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_at", "proposed_by", "proposer_id", "signed_at", "signed_digest", "starts", "state") VALUES (OLD."agreement_id", OLD."company_id", OLD."digest", OLD."ended_why", OLD."id", OLD."note", OLD."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."proposed_at", OLD."proposed_by", OLD."proposer_id", OLD."signed_at", OLD."signed_digest", OLD."starts", OLD."state"); RETURN NULL;',
                    hash="c599a4f104c6a07a79e68d870684591b8b66b124",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_1b3ef",
                    table="register_version",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["proposed", "signed", "withdrawn", "declined"])),
                name="version_state_known",
            ),
        ),
    ]
