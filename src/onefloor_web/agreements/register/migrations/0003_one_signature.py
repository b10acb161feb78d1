import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("register", "0002_walls"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="version",
            name="signed_by_both",
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="agreement",
            trigger=pgtrigger.compiler.Trigger(
                name="agreement_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."company_id" IS DISTINCT FROM (NEW."company_id") OR OLD."code" IS DISTINCT FROM (NEW."code") OR OLD."shadow" IS DISTINCT FROM (NEW."shadow"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="92a0a293c91b324196c3d884ab85bfa3954eff30",
                    operation="UPDATE",
                    pgid="pgtrigger_agreement_stays_f9118",
                    table="register_agreement",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="agreement",
            trigger=pgtrigger.compiler.Trigger(
                name="as_its_company",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    if new.shadow is distinct from (\n        select c.kind = 'client' from companies_company c where c.id = new.company_id) then\n        raise exception 'an agreement is a shadow one where it is the client''s with itself'\n            using errcode = 'check_violation';\n    end if;\n    return new;\n",
                    hash="a85c18e48a4e2458b937be5d0cd74001ab899b1d",
                    operation="INSERT",
                    pgid="pgtrigger_as_its_company_0afd7",
                    table="register_agreement",
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
                    func="\n    if (select count(distinct s.signer_id) from signatures_signature s\n        where s.about = 'register.version' and s.number = new.id)\n       < (case when exists (\n              select 1 from companies_company c where c.id = new.company_id and c.kind = 'client') then 1 else 2 end) then\n        raise exception 'version % is not signed by both', new.id using errcode = 'check_violation';\n    end if;\n    return new;\n",
                    hash="b057e45275aba6d5236e1d158a8e2484102b6d9f",
                    operation="UPDATE OR INSERT",
                    pgid="pgtrigger_signed_by_both_293f3",
                    table="register_version",
                    when="BEFORE",
                ),
            ),
        ),
    ]
