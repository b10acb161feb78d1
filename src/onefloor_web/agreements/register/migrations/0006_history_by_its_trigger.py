import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("register", "0005_who_ends_what_is_signed"),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name="agreementevent",
            trigger=pgtrigger.compiler.Trigger(
                name="by_its_trigger",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    if pg_trigger_depth() < 2 then\n        raise exception 'only changes write history to %', tg_table_name using errcode = 'insufficient_privilege';\n    end if;\n    return new;\n",
                    hash="98a4eaf7f4133080a2ba7c5590ba3c1e2961792a",
                    operation="INSERT",
                    pgid="pgtrigger_by_its_trigger_d56d6",
                    table="register_agreementevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="noticeevent",
            trigger=pgtrigger.compiler.Trigger(
                name="by_its_trigger",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    if pg_trigger_depth() < 2 then\n        raise exception 'only changes write history to %', tg_table_name using errcode = 'insufficient_privilege';\n    end if;\n    return new;\n",
                    hash="b5bbc9fd2aa92a342a0a18b054f13ef2cde10428",
                    operation="INSERT",
                    pgid="pgtrigger_by_its_trigger_21ae5",
                    table="register_noticeevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="versionevent",
            trigger=pgtrigger.compiler.Trigger(
                name="by_its_trigger",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    if pg_trigger_depth() < 2 then\n        raise exception 'only changes write history to %', tg_table_name using errcode = 'insufficient_privilege';\n    end if;\n    return new;\n",
                    hash="ce91550a8f5dd354b582a83be74ee28b3de2bf84",
                    operation="INSERT",
                    pgid="pgtrigger_by_its_trigger_4fbc8",
                    table="register_versionevent",
                    when="BEFORE",
                ),
            ),
        ),
    ]
