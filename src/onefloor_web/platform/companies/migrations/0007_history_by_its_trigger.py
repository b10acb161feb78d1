import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("companies", "0006_what_it_says_itself"),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name="companyevent",
            trigger=pgtrigger.compiler.Trigger(
                name="by_its_trigger",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    if pg_trigger_depth() < 2 then\n        raise exception 'only changes write history to %', tg_table_name using errcode = 'insufficient_privilege';\n    end if;\n    return new;\n",
                    hash="2a347160fac4f4f92fa131911683fa393a7ba98b",
                    operation="INSERT",
                    pgid="pgtrigger_by_its_trigger_400a0",
                    table="companies_companyevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="employmentevent",
            trigger=pgtrigger.compiler.Trigger(
                name="by_its_trigger",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    if pg_trigger_depth() < 2 then\n        raise exception 'only changes write history to %', tg_table_name using errcode = 'insufficient_privilege';\n    end if;\n    return new;\n",
                    hash="87e85bcda2d430480fd9c92a41ea5f9f7418893c",
                    operation="INSERT",
                    pgid="pgtrigger_by_its_trigger_efc66",
                    table="companies_employmentevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="personevent",
            trigger=pgtrigger.compiler.Trigger(
                name="by_its_trigger",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    if pg_trigger_depth() < 2 then\n        raise exception 'only changes write history to %', tg_table_name using errcode = 'insufficient_privilege';\n    end if;\n    return new;\n",
                    hash="7c4640acfb10617f2961150c34bfa7a2eaf8abb6",
                    operation="INSERT",
                    pgid="pgtrigger_by_its_trigger_432a0",
                    table="companies_personevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="personnameevent",
            trigger=pgtrigger.compiler.Trigger(
                name="by_its_trigger",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    if pg_trigger_depth() < 2 then\n        raise exception 'only changes write history to %', tg_table_name using errcode = 'insufficient_privilege';\n    end if;\n    return new;\n",
                    hash="7ce1cf92741d79ef0f4db072579c02da8ee0ad80",
                    operation="INSERT",
                    pgid="pgtrigger_by_its_trigger_e560b",
                    table="companies_personnameevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="siteevent",
            trigger=pgtrigger.compiler.Trigger(
                name="by_its_trigger",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    if pg_trigger_depth() < 2 then\n        raise exception 'only changes write history to %', tg_table_name using errcode = 'insufficient_privilege';\n    end if;\n    return new;\n",
                    hash="f24d3bf1d8af853efe43cdfc1c3e0f2af45cc4b0",
                    operation="INSERT",
                    pgid="pgtrigger_by_its_trigger_5f501",
                    table="companies_siteevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="teamevent",
            trigger=pgtrigger.compiler.Trigger(
                name="by_its_trigger",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    if pg_trigger_depth() < 2 then\n        raise exception 'only changes write history to %', tg_table_name using errcode = 'insufficient_privilege';\n    end if;\n    return new;\n",
                    hash="f40eaf1a83810ae504830dba1ee0361574f8dbd1",
                    operation="INSERT",
                    pgid="pgtrigger_by_its_trigger_ea14e",
                    table="companies_teamevent",
                    when="BEFORE",
                ),
            ),
        ),
    ]
