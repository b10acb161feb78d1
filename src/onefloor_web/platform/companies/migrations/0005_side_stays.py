import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("companies", "0004_names_not_in_history"),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name="company",
            trigger=pgtrigger.compiler.Trigger(
                name="side_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."kind" IS DISTINCT FROM (NEW."kind"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="3c5721e7b76ee7bc6924010c365dfcb3e26061fb",
                    operation="UPDATE",
                    pgid="pgtrigger_side_stays_9f1d0",
                    table="companies_company",
                    when="BEFORE",
                ),
            ),
        ),
    ]
