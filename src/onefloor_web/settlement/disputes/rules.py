"""What the database holds against everybody, also SQL of the application's role: who may move a dispute, and how."""

from typing import Final

from onefloor_web.platform.tenancy.clock import is_now, is_past

COMPANY: Final = "nullif(current_setting('app.company', true), '')::bigint"

# A dispute begins open, by its claimant, with a claim that was sent, about a line of an issued statement, in time; over
# no more than the line moves; not where silence has accepted the statement, nor where both have agreed on the line.
RAISED: Final = f"""
    if new.claimant_id is distinct from {COMPANY} or new.step <> 0 or new.state <> 'open'
       or new.answer_id is not null or new.closed_at is not null then
        raise exception 'a dispute is raised by its claimant' using errcode = 'insufficient_privilege';
    end if;
    if not exists (
        select 1 from disputes_claim c where c.id = new.claim_id and c.author_id = new.claimant_id
        and c.given_at is not null and c.line_id = new.line_id) then
        raise exception 'a dispute rests on a claim that was sent' using errcode = 'check_violation';
    end if;
    if not exists (
        select 1 from statements_statement s join statements_line l on l.statement_id = s.id
        where s.id = new.statement_id and l.id = new.line_id and s.state = 'issued'
        and s.accepted_at is null) then
        raise exception 'a line of an issued statement is disputed' using errcode = 'check_violation';
    end if;
    if not exists (
        select 1 from disputes_claim c join statements_line l on l.id = c.line_id
        join statements_statement s on s.id = l.statement_id
        where c.id = new.claim_id and case
            when c.amount is null then abs((c.effect #>> '{{net,1}}')::numeric - (c.effect #>> '{{net,0}}')::numeric)
                <= (select sum(abs(o.amount)) from statements_line o where o.statement_id = s.id)
            else abs(c.amount) <= case when l.amount = 0 then abs(s.net) else abs(l.amount) end
                and (c.effect #>> '{{net,1}}')::numeric - (c.effect #>> '{{net,0}}')::numeric = c.amount end) then
        raise exception 'a claim is over no more than its line moves' using errcode = 'check_violation';
    end if;
    if exists (select 1 from disputes_dispute d where d.line_id = new.line_id and d.how = 'agreement') then
        raise exception 'both have agreed on line %', new.line_id using errcode = 'check_violation';
    end if;
    if not {is_now("new.raised_at")} or new.moved_at is distinct from new.raised_at or new.due < new.raised_at then
        raise exception 'a dispute begins when it is raised' using errcode = 'check_violation';
    end if;
    if new.round <> 1 + coalesce((
        select max(d.round) from statements_line m join statements_statement t on t.id = m.statement_id
        join statements_statement s on s.agreement_id = t.agreement_id and s.month = t.month
        join statements_line l on l.statement_id = s.id and l.key = m.key
        join disputes_dispute d on d.line_id = l.id
        where m.id = new.line_id), 0) then
        raise exception 'rounds are counted one by one' using errcode = 'check_violation';
    end if;
    if new.round = 1 and exists (
        select 1 from statements_statement s
        where s.id = new.statement_id and s.dispute_by < wall_clock() - interval '10 minutes') then
        raise exception 'the time to dispute statement % is over', new.statement_id using errcode = 'check_violation';
    end if;
    return new;
"""

# Who moves it on: the claimant withdraws, or takes it further; the other side rules, or is silent past its time; at a
# step of escalation one side agrees to what the other has proposed. Past the time of the last step the amount is
# reserved: it holds up no signature any more, and both may still agree on it.
MOVED: Final = f"""
    if new.state = old.state and new.step = old.step then
        if new.answer_id is distinct from old.answer_id or new.closed_at is distinct from old.closed_at
           or new.how is distinct from old.how or new.due is distinct from old.due
           or new.moved_at is distinct from old.moved_at then
            raise exception 'dispute % does not move', old.id using errcode = 'check_violation';
        end if;
        return new;
    end if;
    if not {is_now("new.moved_at")} or not coalesce({is_now("new.closed_at")}, true) or new.due < new.moved_at then
        raise exception 'dispute % moves when it is moved', old.id using errcode = 'check_violation';
    end if;
    if new.state = 'withdrawn' and {COMPANY} is distinct from old.claimant_id then
        raise exception 'its claimant withdraws a dispute' using errcode = 'insufficient_privilege';
    end if;
    if new.state = 'escalated' then
        if new.step <> old.step + 1 or old.how = 'agreement'
           or (select s.state from statements_statement s where s.id = old.statement_id) is distinct from 'issued'
           or (old.state in ('partly', 'rejected') and {COMPANY} is distinct from old.claimant_id)
           or (old.state in ('open', 'escalated')
               and ({COMPANY} is not distinct from old.claimant_id or not {is_past("old.due")})) then
            raise exception 'dispute % is not escalated now', old.id using errcode = 'check_violation';
        end if;
        return new;
    end if;
    if new.state = 'reserved' then
        if new.step <> old.step or new.closed_at is null or new.how <> 'reserved' or new.answer_id is not null
           or {COMPANY} is not distinct from old.claimant_id or not {is_past("old.due")} then
            raise exception 'dispute % is not reserved now', old.id using errcode = 'check_violation';
        end if;
        return new;
    end if;
    if new.step <> old.step or new.closed_at is null then
        raise exception 'dispute % does not end so', old.id using errcode = 'check_violation';
    end if;
    if new.state = 'withdrawn' then
        return new;
    end if;
    if new.how = 'silence' then
        if old.state <> 'open' or {COMPANY} is not distinct from old.claimant_id or not {is_past("old.due")} then
            raise exception 'dispute % is not ended by silence', old.id using errcode = 'check_violation';
        end if;
        return new;
    end if;
    if not exists (
        select 1 from disputes_answer a where a.id = new.answer_id and a.dispute_id = new.id
        and a.given_at is not null and a.step = old.step and not exists (
            select 1 from disputes_answer n where n.dispute_id = a.dispute_id and n.author_id = a.author_id
            and n.step = a.step and n.given_at is not null and n.id > a.id)
        and a.kind = case new.state when 'accepted' then 'all' when 'partly' then 'part' else 'reject' end
        and case when old.state = 'open' then a.author_id = {COMPANY} and a.author_id <> old.claimant_id
                 else a.author_id <> {COMPANY} end) then
        raise exception 'dispute % ends by an answer that was sent', old.id using errcode = 'insufficient_privilege';
    end if;
    return new;
"""

# What is said is said while the dispute goes on, and by whose turn it is.
ANSWERED: Final = """
    if new.given_at is not null and not exists (
        select 1 from disputes_dispute d where d.id = new.dispute_id and d.step = new.step
        and (d.state in ('escalated', 'reserved') or d.state = 'open' and d.claimant_id <> new.author_id)) then
        raise exception 'dispute % takes no answer', new.dispute_id using errcode = 'check_violation';
    end if;
    return new;
"""

SAID: Final = """
    if new.given_at is null or not exists (
        select 1 from disputes_dispute d
        where d.id = new.dispute_id and d.state in ('open', 'escalated', 'reserved')) then
        raise exception 'dispute % is over', new.dispute_id using errcode = 'check_violation';
    end if;
    return new;
"""

# Nobody signs, supersedes or takes as accepted what is disputed.
NONE_OPEN: Final = """
create or replace function disputes_none_open() returns trigger language plpgsql as $$
begin
    if (new.state <> old.state or new.accepted_at is distinct from old.accepted_at) and exists (
        select 1 from disputes_dispute d where d.statement_id = new.id and d.state in ('open', 'escalated')) then
        raise exception 'statement % is disputed', new.id using errcode = 'check_violation';
    end if;
    return new;
end $$
"""

# A credit note is written for the company by whose act, or silence, the newest dispute of its line has ended: over what
# that says, less what was credited of the line before. So a second one would be over nothing, which there is not. It
# goes the claimant's way, no further than the claim, and before the statement is signed, but for what was reserved when
# it was: both may agree on that afterwards. Where the month is settled
# again, the client's work sets off what the line covers by then: between nothing and all of what rulings credited.
EARNED: Final = """
create or replace function disputes_credit_earned() returns trigger language plpgsql as $$
declare
    line statements_line;
    about statements_statement;
    dispute disputes_dispute;
    claim disputes_claim;
    answer disputes_answer;
    way integer;
    claimed numeric;
    given numeric;
    credited numeric;
    ruled bigint;
begin
    if new.kind <> 'credit_note' then
        return new;
    end if;
    select * into line from statements_line l where l.id = new.line_id;
    select * into about from statements_statement s where s.id = line.statement_id;
    if new.source ? 'set_off' then
        select max(a.id) into ruled from statements_adjustment a
            join statements_line l on l.id = a.line_id join statements_statement s on s.id = l.statement_id
            where a.kind = 'credit_note' and not a.source ? 'set_off' and s.agreement_id = about.agreement_id
            and s.month = about.month and l.key = line.key;
        select coalesce(sum(a.amount) filter (where a.id <= ruled), 0), coalesce(sum(a.amount), 0) + new.amount
            into given, credited from statements_adjustment a
            join statements_line l on l.id = a.line_id join statements_statement s on s.id = l.statement_id
            where a.kind = 'credit_note' and s.agreement_id = about.agreement_id and s.month = about.month
            and l.key = line.key;
        if current_setting('app.client', true) is distinct from 'on'
           or not exists (select 1 from statements_adjustment a where a.id = ruled and a.line_id = new.line_id
                          and new.source - 'set_off' = a.source)
           or credited not between least(given, 0) and greatest(given, 0)
           or not exists (select 1 from statements_statement s where s.agreement_id = about.agreement_id
                          and s.month = about.month and s.state = 'draft') then
            raise exception 'the client''s run sets off what a line covers of a credit'
                using errcode = 'check_violation';
        end if;
        return new;
    end if;
    select * into dispute from disputes_dispute d
        where d.id = (new.source ->> 'dispute')::bigint and d.line_id = line.id and d.state in ('accepted', 'partly');
    if not found or about.shadow or not (about.state = 'issued'
        or about.state = 'locked' and dispute.how = 'agreement' and dispute.closed_at >= about.locked_at) or exists (
        select 1 from disputes_dispute d join statements_line l on l.id = d.line_id
        join statements_statement s on s.id = l.statement_id
        where s.agreement_id = about.agreement_id and s.month = about.month and l.key = line.key
        and (d.round, d.id) > (dispute.round, dispute.id)) then
        raise exception 'a credit note rests on the newest ruling about its line' using errcode = 'check_violation';
    end if;
    select * into claim from disputes_claim c where c.id = dispute.claim_id;
    select * into answer from disputes_answer a where a.id = dispute.answer_id;
    if new.author_id = (case dispute.how when 'silence' then dispute.claimant_id
                                         when 'agreement' then answer.author_id end)
       or dispute.how = 'ruling' and new.author_id is distinct from answer.author_id then
        raise exception 'a credit note is written for whose act ended the dispute'
            using errcode = 'insufficient_privilege';
    end if;
    way := case when dispute.claimant_id = new.company_id then 1 else -1 end;
    claimed := (claim.effect #>> '{net,1}')::numeric - (claim.effect #>> '{net,0}')::numeric;
    given := case dispute.state when 'accepted' then claimed
             else (answer.effect #>> '{net,1}')::numeric - (answer.effect #>> '{net,0}')::numeric end;
    select coalesce(sum(a.amount), 0) into credited from statements_adjustment a
        join statements_line l on l.id = a.line_id join statements_statement s on s.id = l.statement_id
        where a.kind = 'credit_note' and s.agreement_id = about.agreement_id and s.month = about.month
        and l.key = line.key;
    if new.amount is distinct from round(given - credited, 4) or way * new.amount <= 0
       or way * (claimed - given) < 0 then
        raise exception 'a credit note is over what the ruling says' using errcode = 'check_violation';
    end if;
    if not (new.source @> jsonb_build_object(
        'round', dispute.round, 'statement', about.digest, 'line', line.number, 'outcome', dispute.state,
        'by', dispute.how, 'claim', jsonb_build_object('reason', claim.reason))
        and new.source #>> '{answer,reason}' is not distinct from answer.reason) then
        raise exception 'a credit note names what it rests on' using errcode = 'check_violation';
    end if;
    return new;
end $$
"""
