import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("disputes", "0006_what_both_agreed_on_holds"),
        ("tenancy", "0002_wall_clock"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="dispute",
            name="raised",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="dispute",
            name="moved",
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="dispute",
            trigger=pgtrigger.compiler.Trigger(
                name="raised",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    if new.claimant_id is distinct from nullif(current_setting('app.company', true), '')::bigint or new.step <> 0 or new.state <> 'open'\n       or new.answer_id is not null or new.closed_at is not null then\n        raise exception 'a dispute is raised by its claimant' using errcode = 'insufficient_privilege';\n    end if;\n    if not exists (\n        select 1 from disputes_claim c where c.id = new.claim_id and c.author_id = new.claimant_id\n        and c.given_at is not null and c.line_id = new.line_id) then\n        raise exception 'a dispute rests on a claim that was sent' using errcode = 'check_violation';\n    end if;\n    if not exists (\n        select 1 from statements_statement s join statements_line l on l.statement_id = s.id\n        where s.id = new.statement_id and l.id = new.line_id and s.state = 'issued'\n        and s.accepted_at is null) then\n        raise exception 'a line of an issued statement is disputed' using errcode = 'check_violation';\n    end if;\n    if not exists (\n        select 1 from disputes_claim c join statements_line l on l.id = c.line_id\n        join statements_statement s on s.id = l.statement_id\n        where c.id = new.claim_id and case\n            when c.amount is null then abs((c.effect #>> '{net,1}')::numeric - (c.effect #>> '{net,0}')::numeric)\n                <= (select sum(abs(o.amount)) from statements_line o where o.statement_id = s.id)\n            else abs(c.amount) <= case when l.amount = 0 then abs(s.net) else abs(l.amount) end\n                and (c.effect #>> '{net,1}')::numeric - (c.effect #>> '{net,0}')::numeric = c.amount end) then\n        raise exception 'a claim is over no more than its line moves' using errcode = 'check_violation';\n    end if;\n    if exists (select 1 from disputes_dispute d where d.line_id = new.line_id and d.how = 'agreement') then\n        raise exception 'both have agreed on line %', new.line_id using errcode = 'check_violation';\n    end if;\n    if not (abs(extract(epoch from new.raised_at - wall_clock())) < 600) or new.moved_at is distinct from new.raised_at or new.due < new.raised_at then\n        raise exception 'a dispute begins when it is raised' using errcode = 'check_violation';\n    end if;\n    if new.round <> 1 + coalesce((\n        select max(d.round) from statements_line m join statements_statement t on t.id = m.statement_id\n        join statements_statement s on s.agreement_id = t.agreement_id and s.month = t.month\n        join statements_line l on l.statement_id = s.id and l.clause = m.clause and l.title = m.title\n        join disputes_dispute d on d.line_id = l.id\n        where m.id = new.line_id), 0) then\n        raise exception 'rounds are counted one by one' using errcode = 'check_violation';\n    end if;\n    if new.round = 1 and exists (\n        select 1 from statements_statement s\n        where s.id = new.statement_id and s.dispute_by < wall_clock() - interval '10 minutes') then\n        raise exception 'the time to dispute statement % is over', new.statement_id using errcode = 'check_violation';\n    end if;\n    return new;\n",
                    hash="fae991d8f8e5a1e75d3f01268439b4b04d2d9b28",
                    operation="INSERT",
                    pgid="pgtrigger_raised_287c9",
                    table="disputes_dispute",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="dispute",
            trigger=pgtrigger.compiler.Trigger(
                name="moved",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    if new.state = old.state and new.step = old.step then\n        if new.answer_id is distinct from old.answer_id or new.closed_at is distinct from old.closed_at\n           or new.how is distinct from old.how or new.due is distinct from old.due\n           or new.moved_at is distinct from old.moved_at then\n            raise exception 'dispute % does not move', old.id using errcode = 'check_violation';\n        end if;\n        return new;\n    end if;\n    if not (abs(extract(epoch from new.moved_at - wall_clock())) < 600) or not coalesce((abs(extract(epoch from new.closed_at - wall_clock())) < 600), true) or new.due < new.moved_at then\n        raise exception 'dispute % moves when it is moved', old.id using errcode = 'check_violation';\n    end if;\n    if new.state = 'withdrawn' and nullif(current_setting('app.company', true), '')::bigint is distinct from old.claimant_id then\n        raise exception 'its claimant withdraws a dispute' using errcode = 'insufficient_privilege';\n    end if;\n    if new.state = 'escalated' then\n        if new.step <> old.step + 1 or old.how = 'agreement'\n           or (select s.state from statements_statement s where s.id = old.statement_id) is distinct from 'issued'\n           or (old.state in ('partly', 'rejected') and nullif(current_setting('app.company', true), '')::bigint is distinct from old.claimant_id)\n           or (old.state in ('open', 'escalated')\n               and (nullif(current_setting('app.company', true), '')::bigint is not distinct from old.claimant_id or not coalesce(old.due <= wall_clock() + interval '1 minute', false))) then\n            raise exception 'dispute % is not escalated now', old.id using errcode = 'check_violation';\n        end if;\n        return new;\n    end if;\n    if new.step <> old.step or new.closed_at is null then\n        raise exception 'dispute % does not end so', old.id using errcode = 'check_violation';\n    end if;\n    if new.state = 'withdrawn' then\n        return new;\n    end if;\n    if new.how = 'silence' then\n        if old.state <> 'open' or nullif(current_setting('app.company', true), '')::bigint is not distinct from old.claimant_id or not coalesce(old.due <= wall_clock() + interval '1 minute', false) then\n            raise exception 'dispute % is not ended by silence', old.id using errcode = 'check_violation';\n        end if;\n        return new;\n    end if;\n    if not exists (\n        select 1 from disputes_answer a where a.id = new.answer_id and a.dispute_id = new.id\n        and a.given_at is not null and a.step = old.step and not exists (\n            select 1 from disputes_answer n where n.dispute_id = a.dispute_id and n.author_id = a.author_id\n            and n.step = a.step and n.given_at is not null and n.id > a.id)\n        and a.kind = case new.state when 'accepted' then 'all' when 'partly' then 'part' else 'reject' end\n        and case when old.state = 'open' then a.author_id = nullif(current_setting('app.company', true), '')::bigint and a.author_id <> old.claimant_id\n                 else a.author_id <> nullif(current_setting('app.company', true), '')::bigint end) then\n        raise exception 'dispute % ends by an answer that was sent', old.id using errcode = 'insufficient_privilege';\n    end if;\n    return new;\n",
                    hash="666541f8fc8737770717095e174ae911b1b61312",
                    operation="UPDATE",
                    pgid="pgtrigger_moved_2a3c2",
                    table="disputes_dispute",
                    when="BEFORE",
                ),
            ),
        ),
    ]
