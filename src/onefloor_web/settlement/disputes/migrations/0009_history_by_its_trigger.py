import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("disputes", "0008_lines_by_key"),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name="answerevent",
            trigger=pgtrigger.compiler.Trigger(
                name="by_its_trigger",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    if pg_trigger_depth() < 2 then\n        raise exception 'only changes write history to %', tg_table_name using errcode = 'insufficient_privilege';\n    end if;\n    return new;\n",
                    hash="01dc21bf65d575eb6b47d929f7620d1b863f2be5",
                    operation="INSERT",
                    pgid="pgtrigger_by_its_trigger_6d5ea",
                    table="disputes_answerevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="claimevent",
            trigger=pgtrigger.compiler.Trigger(
                name="by_its_trigger",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    if pg_trigger_depth() < 2 then\n        raise exception 'only changes write history to %', tg_table_name using errcode = 'insufficient_privilege';\n    end if;\n    return new;\n",
                    hash="09dd518ab5bf0f70447a904f9e5c577fa6ed3b9b",
                    operation="INSERT",
                    pgid="pgtrigger_by_its_trigger_4be75",
                    table="disputes_claimevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="disputeevent",
            trigger=pgtrigger.compiler.Trigger(
                name="by_its_trigger",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    if pg_trigger_depth() < 2 then\n        raise exception 'only changes write history to %', tg_table_name using errcode = 'insufficient_privilege';\n    end if;\n    return new;\n",
                    hash="e36e6b458551e38e1f3fcd2005c78c5e424911ba",
                    operation="INSERT",
                    pgid="pgtrigger_by_its_trigger_1a4d0",
                    table="disputes_disputeevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="messageevent",
            trigger=pgtrigger.compiler.Trigger(
                name="by_its_trigger",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    if pg_trigger_depth() < 2 then\n        raise exception 'only changes write history to %', tg_table_name using errcode = 'insufficient_privilege';\n    end if;\n    return new;\n",
                    hash="b6b05b684d45ebbd1c28b375adfa0ac419ccc4ec",
                    operation="INSERT",
                    pgid="pgtrigger_by_its_trigger_0cc60",
                    table="disputes_messageevent",
                    when="BEFORE",
                ),
            ),
        ),
    ]
