import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("statements", "0004_credits_beside_lines"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="statement",
            name="made_by_the_client",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="statement",
            name="locked_by_both",
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="statement",
            trigger=pgtrigger.compiler.Trigger(
                name="made_by_the_client",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    if current_setting('app.client', true) is distinct from 'on' or new.state <> 'draft' then\n        raise exception 'a statement begins as a draft of the client''s work' using errcode = 'check_violation';\n    end if;\n    if new.shadow is distinct from (\n        select a.shadow and c.kind = 'client' from register_agreement a join companies_company c on c.id = a.company_id\n        where a.id = new.agreement_id and a.company_id = new.company_id) then\n        raise exception 'a shadow statement is of the client''s own agreement' using errcode = 'check_violation';\n    end if;\n    return new;\n",
                    hash="928801bec946583eca1661ce0cfb22662eeeed17",
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
                name="locked_by_both",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NEW.\"state\" = 'locked')",
                    func="\n    if (select count(distinct s.signer_id) from signatures_signature s\n        where s.about = 'statements.statement' and s.number = new.id\n          and s.digest = encode(sha256(new.payload), 'hex'))\n       < (case when exists (\n              select 1 from companies_company c where c.id = new.company_id and c.kind = 'client') then 1 else 2 end)\n       or new.locked_at is null then\n        raise exception 'statement % is not signed by both', new.id using errcode = 'check_violation';\n    end if;\n    return new;\n",
                    hash="6a5d112a80ffc45419a08780eeff4d10cc5f659e",
                    operation="UPDATE",
                    pgid="pgtrigger_locked_by_both_6186d",
                    table="statements_statement",
                    when="BEFORE",
                ),
            ),
        ),
    ]
