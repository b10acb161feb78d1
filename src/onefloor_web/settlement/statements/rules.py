"""What the database holds of money, also against SQL of the application's role: what it rests on, and that it adds up.

Of a credit note the disputes say what it rests on (``disputes.rules.EARNED``).
"""

from typing import Final

# Which line of a month it is, in every revision of it: what ``onefloor.agreements.line_keys.key_of`` says, from what is
# kept of a line. Nobody writes it, so nobody can take one line for another.
LINE_KEY: Final = r"""clause || '|' || (title ->> 'en') || case when kind = 'earn_back' then coalesce(
    '|' || substring(words ->> 'en' from '^Clause (\S+) took \S+ in \d{4}-\d{2};')
    || ' ' || substring(words ->> 'en' from '^Clause \S+ took \S+ in (\d{4}-\d{2});'), '') else '' end"""

# An adjustment is its author's word about a line of its own agreement. A correction is the client's work, as the
# statements are: of a line of a closed month, from what that line came to so far, by facts that are others or again
# those of then, by exclusions that both have approved, or by what was credited or corrected of earlier months since.
WRITTEN: Final = """
    if new.author_id is distinct from nullif(current_setting('app.company', true), '')::bigint
       or new.booked_in_id is not null then
        raise exception 'an adjustment is written by its author, and booked afterwards'
            using errcode = 'insufficient_privilege';
    end if;
    if not exists (
        select 1 from statements_line l join statements_statement s on s.id = l.statement_id
        where l.id = new.line_id and s.agreement_id = new.agreement_id) then
        raise exception 'an adjustment concerns a line of its agreement' using errcode = 'check_violation';
    end if;
    if new.kind <> 'correction' then
        return new;
    end if;
    if current_setting('app.client', true) is distinct from 'on' then
        raise exception 'corrections are the client''s work' using errcode = 'insufficient_privilege';
    end if;
    if not exists (
        select 1 from statements_line l join statements_statement s on s.id = l.statement_id
        where l.id = new.line_id and (s.state = 'locked' or s.state = 'issued' and s.accepted_at is not null)
        and new.source ->> 'statement' = s.digest
        and new.source #>> '{locked,data_version}' = s.data_version and new.source #> '{locked,line}' = l.document
        and (new.source #>> '{now,data_version}' <> s.data_version or exists (
            select 1 from exclusions_exclusion e join exclusions_answer a on a.exclusion_id = e.id
            where e.agreement_id = s.agreement_id and a.approved and e.withdrawn_at is null
            and new.source #> '{now,exclusions}' @> to_jsonb('X-' || e.number)) or exists (
            select 1 from statements_adjustment a where a.line_id = l.id and a.kind = 'correction') or exists (
            select 1 from statements_adjustment a join statements_line o on o.id = a.line_id
            join statements_statement t on t.id = o.statement_id
            left join statements_statement b on b.id = a.booked_in_id
            where t.agreement_id = s.agreement_id and t.month < s.month
            and (b.id is null or b.state = 'superseded' or b.month > s.month)))) then
        raise exception 'a correction rests on a locked line and other facts or exclusions'
            using errcode = 'check_violation';
    end if;
    if new.before is distinct from (
        select l.amount + coalesce(
            (select sum(a.amount) from statements_adjustment a where a.line_id = l.id and a.kind = 'correction'), 0)
        + coalesce(
            (select sum(a.amount) from statements_adjustment a join statements_line o on o.id = a.line_id
             join statements_statement t on t.id = o.statement_id join statements_statement s on s.id = l.statement_id
             where a.kind = 'credit_note' and t.agreement_id = s.agreement_id and t.month = s.month
             and o.key = l.key and not exists (
                 select 1 from statements_line f where f.statement_id = l.statement_id and f.key = l.key
                 and f.number < l.number)), 0)
        from statements_line l where l.id = new.line_id) then
        raise exception 'a correction begins at what the line came to so far' using errcode = 'check_violation';
    end if;
    return new;
"""

# It is booked into the draft of its own month, or of a later one once its own is closed; from there it moves only
# where that draft gave way.
BOOKED: Final = """
    if current_setting('app.client', true) is distinct from 'on'
       or exists (select 1 from statements_statement s where s.id = old.booked_in_id and s.state <> 'superseded')
       or not exists (
           select 1 from statements_line l join statements_statement o on o.id = l.statement_id
           join statements_statement s on s.agreement_id = o.agreement_id
           where l.id = old.line_id and s.id = new.booked_in_id and s.state = 'draft'
           and (s.month = o.month or s.month > o.month and (
               o.state = 'locked' or o.state = 'issued' and o.accepted_at is not null))) then
        raise exception 'adjustment % is booked into a draft of the client''s work, once', old.id
            using errcode = 'check_violation';
    end if;
    return new;
"""

# What is given to both to sign is the sum of its lines and of what is booked in it.
ADDS_UP: Final = """
    if new.net is distinct from (
           select coalesce(sum(l.amount), 0) from statements_line l where l.statement_id = new.id)
       or new.payable is distinct from new.net + (
           select coalesce(sum(a.amount), 0) from statements_adjustment a where a.booked_in_id = new.id) then
        raise exception 'statement % does not add up', new.id using errcode = 'check_violation';
    end if;
    return new;
"""

# Months are closed in turn: none before an earlier one that has begun, none behind a closed one, and each going on from
# the newest that is closed. What counts as accepted by silence is closed too, and had its turn.
IN_TURN: Final = """
    if exists (
        select 1 from statements_statement s where s.agreement_id = new.agreement_id and s.month > new.month
        and (s.state = 'locked' or s.state = 'issued' and s.accepted_at is not null)) then
        raise exception 'a month after % is closed', new.month using errcode = 'check_violation';
    end if;
    if tg_op = 'INSERT' then
        return new;
    end if;
    if exists (
        select 1 from statements_statement s where s.agreement_id = new.agreement_id and s.month < new.month
        and (s.state = 'draft' or s.state = 'issued' and s.accepted_at is null))
       or new.previous_id is distinct from (
        select s.id from statements_statement s where s.agreement_id = new.agreement_id and s.month < new.month
        and (s.state = 'locked' or s.state = 'issued' and s.accepted_at is not null) order by s.month desc limit 1) then
        raise exception 'another month than % is to be closed first', new.month using errcode = 'check_violation';
    end if;
    return new;
"""
