-- name: audit.after
select id, to_char(at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') as at, who, did, subject, why, desk, via,
    previous, hash
from audit where id > %(id)s order by id limit %(most)s

-- name: audit.deeds
select distinct did from audit order by did

-- name: audit.note
insert into audit (who, did, subject, why, desk) values (%(who)s, %(did)s, %(subject)s, %(why)s, %(desk)s)

-- name: audit.page
select id, at, who, did, subject, why, desk, via
from audit
where (%(before)s::bigint is null or id < %(before)s)
    and (%(who)s::text is null or strpos(lower(who), lower(%(who)s)) > 0)
    and (%(did)s::text is null or did = %(did)s)
    and (%(subject)s::text is null or strpos(lower(subject), lower(%(subject)s)) > 0)
    and (%(since)s::timestamptz is null or at >= %(since)s)
    and (%(until)s::timestamptz is null or at < %(until)s)
    and (%(desks)s::text[] is null or desk = any(%(desks)s))
order by id desc limit %(most)s

-- name: audit.refusals
select count(*) as tries, (array_agg(a.why order by a.id desc))[1] as last_why, max(a.at) as last_at
from audit a
where a.did = 'sign-in refused' and a.subject = 'staff:' || %(id)s::int
    and a.at > coalesce((select signed_in_at from staff where id = %(id)s::int), '-infinity')

-- name: catalogue.all_centres
select code, name, address, city, latitude, longitude, phone, opens, closes, days, active from centres where desk_id = %(desk_id)s order by code

-- name: catalogue.all_customers
select code, name, contact, city from customers where desk_id = %(desk_id)s order by code

-- name: catalogue.all_equipment
select code, model, brand, serial, client, place from equipment where desk_id = %(desk_id)s order by code

-- name: catalogue.all_survey_questions
select number, text, short from survey_questions where desk_id = %(desk_id)s order by number

-- name: catalogue.all_vehicles
select code, model, plate from vehicles where desk_id = %(desk_id)s order by code

-- name: catalogue.desks
select id from desks order by id

-- name: catalogue.put_centres
with given as (
    select * from unnest(
        %(code)s::text[], %(name)s::text[], %(address)s::text[], %(city)s::text[], %(latitude)s::float[], %(longitude)s::float[], %(phone)s::text[], %(opens)s::text[], %(closes)s::text[], %(days)s::text[], %(active)s::boolean[]
    ) as t (code, name, address, city, latitude, longitude, phone, opens, closes, days, active)
),
put as (
    insert into centres as t (desk_id, code, name, address, city, latitude, longitude, phone, opens, closes, days, active)
    select %(desk_id)s, g.code, g.name, g.address, g.city, g.latitude, g.longitude, g.phone, g.opens, g.closes, g.days::smallint[], g.active from given g order by g.code
    on conflict (desk_id, code) do update
        set name = excluded.name, address = excluded.address, city = excluded.city, latitude = excluded.latitude,
            longitude = excluded.longitude, phone = excluded.phone, opens = excluded.opens, closes = excluded.closes,
            days = excluded.days, active = excluded.active
        where (t.name, t.address, t.city, t.latitude, t.longitude, t.phone, t.opens, t.closes, t.days, t.active)
            is distinct from (excluded.name, excluded.address, excluded.city, excluded.latitude, excluded.longitude, excluded.phone, excluded.opens, excluded.closes, excluded.days, excluded.active)
    returning t.*, t.xmax = 0 as fresh
)
select put.code::text as key, put.fresh, to_jsonb(put) as now, to_jsonb(was) as was,
    count(*) filter (where put.fresh) over () as added, count(*) filter (where not put.fresh) over () as changed
from put left join centres was on was.desk_id = put.desk_id and was.code = put.code
order by put.fresh, put.code limit %(examples)s

-- name: catalogue.put_customers
with given as (
    select * from unnest(
        %(code)s::text[], %(name)s::text[], %(contact)s::text[], %(city)s::text[]
    ) as t (code, name, contact, city)
),
put as (
    insert into customers as t (desk_id, code, name, contact, city)
    select %(desk_id)s, g.code, g.name, g.contact, g.city from given g order by g.code
    on conflict (desk_id, code) do update
        set name = excluded.name, contact = excluded.contact, city = excluded.city
        where (t.name, t.contact, t.city)
            is distinct from (excluded.name, excluded.contact, excluded.city)
    returning t.*, t.xmax = 0 as fresh
)
select put.code::text as key, put.fresh, to_jsonb(put) as now, to_jsonb(was) as was,
    count(*) filter (where put.fresh) over () as added, count(*) filter (where not put.fresh) over () as changed
from put left join customers was on was.desk_id = put.desk_id and was.code = put.code
order by put.fresh, put.code limit %(examples)s

-- name: catalogue.put_equipment
with given as (
    select * from unnest(
        %(code)s::text[], %(model)s::text[], %(brand)s::text[], %(serial)s::text[], %(client)s::text[], %(place)s::text[]
    ) as t (code, model, brand, serial, client, place)
),
put as (
    insert into equipment as t (desk_id, code, model, brand, serial, client, place)
    select %(desk_id)s, g.code, g.model, g.brand, g.serial, g.client, g.place from given g order by g.code
    on conflict (desk_id, code) do update
        set model = excluded.model, brand = excluded.brand, serial = excluded.serial, client = excluded.client,
            place = excluded.place
        where (t.model, t.brand, t.serial, t.client, t.place)
            is distinct from (excluded.model, excluded.brand, excluded.serial, excluded.client, excluded.place)
    returning t.*, t.xmax = 0 as fresh
)
select put.code::text as key, put.fresh, to_jsonb(put) as now, to_jsonb(was) as was,
    count(*) filter (where put.fresh) over () as added, count(*) filter (where not put.fresh) over () as changed
from put left join equipment was on was.desk_id = put.desk_id and was.code = put.code
order by put.fresh, put.code limit %(examples)s

-- name: catalogue.put_survey_questions
with given as (
    select * from unnest(
        %(number)s::smallint[], %(text)s::text[], %(short)s::text[]
    ) as t (number, text, short)
),
put as (
    insert into survey_questions as t (desk_id, number, text, short)
    select %(desk_id)s, g.number, g.text, g.short from given g order by g.number
    on conflict (desk_id, number) do update
        set text = excluded.text, short = excluded.short
        where (t.text, t.short)
            is distinct from (excluded.text, excluded.short)
    returning t.*, t.xmax = 0 as fresh
)
select put.number::text as key, put.fresh, to_jsonb(put) as now, to_jsonb(was) as was,
    count(*) filter (where put.fresh) over () as added, count(*) filter (where not put.fresh) over () as changed
from put left join survey_questions was on was.desk_id = put.desk_id and was.number = put.number
order by put.fresh, put.number limit %(examples)s

-- name: catalogue.put_vehicles
with given as (
    select * from unnest(%(code)s::text[], %(model)s::text[], %(plate)s::text[]) as t (code, model, plate)
),
put as (
    insert into vehicles as t (desk_id, code, model, plate)
    select %(desk_id)s, g.code, g.model, g.plate from given g order by g.code
    on conflict (desk_id, code) do update set model = excluded.model, plate = excluded.plate
        where (t.model, t.plate) is distinct from (excluded.model, excluded.plate)
    returning t.*, t.xmax = 0 as fresh
)
select put.code::text as key, put.fresh, to_jsonb(put) as now, to_jsonb(was) as was,
    count(*) filter (where put.fresh) over () as added, count(*) filter (where not put.fresh) over () as changed
from put left join vehicles was on was.desk_id = put.desk_id and was.code = put.code
order by put.fresh, put.code limit %(examples)s

-- name: catalogue.sizes
select (select count(*) from customers where desk_id = %(desk_id)s) as customers,
    (select count(*) from equipment where desk_id = %(desk_id)s) as equipment,
    (select count(*) from vehicles where desk_id = %(desk_id)s) as vehicles,
    (select count(*) from centres where desk_id = %(desk_id)s) as centres,
    (select count(*) from survey_questions where desk_id = %(desk_id)s) as survey_questions

-- name: console.asked
select sql from console_runs where id = %(id)s and staff_id = %(staff_id)s

-- name: console.columns
select c.relname as view, coalesce(obj_description(c.oid, 'pg_class'), '') as holds, a.attname as name,
    format_type(a.atttypid, a.atttypmod) as type
from pg_class c
join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
where c.relnamespace = to_regnamespace('console') and c.relkind = 'v'
order by c.relname, a.attnum

-- name: console.forget
delete from console_queries where id = %(id)s and staff_id = %(staff_id)s

-- name: console.history
select max(id) as id, sql, max(at) as at, (array_agg(outcome order by id desc))[1] as outcome,
    (array_agg(ms order by id desc))[1] as ms
from console_runs where staff_id = %(staff_id)s group by sql order by max(id) desc limit %(most)s

-- name: console.remember
with mine as (
    insert into console_runs (staff_id, sql, outcome, ms) values (%(staff_id)s, %(sql)s, %(outcome)s, %(ms)s)
)
delete from console_runs where staff_id = %(staff_id)s and id in (
    select id from console_runs where staff_id = %(staff_id)s order by id desc offset %(most)s - 1
)

-- name: console.save
insert into console_queries (staff_id, name, sql, shared) values (%(staff_id)s, %(name)s, %(sql)s, %(shared)s)
on conflict (staff_id, name) do update set sql = excluded.sql, shared = excluded.shared, saved_at = now()
returning id

-- name: console.saved
select q.id, q.name, q.sql, q.shared, q.saved_at, q.staff_id = %(staff_id)s as mine, s.name as owner
from console_queries q
join staff s on s.id = q.staff_id
where q.staff_id = %(staff_id)s or q.shared
order by q.staff_id <> %(staff_id)s, lower(q.name), q.id

-- name: console.saved_one
select q.id, q.name, q.sql, q.shared, q.staff_id = %(staff_id)s as mine
from console_queries q
where q.id = %(id)s and (q.staff_id = %(staff_id)s or q.shared)

-- name: console.unsafe
with console as (select * from pg_roles where rolname = 'turno_console'),
found (why) as (
    select 'there is no role turno_console' where not exists (select from console)
    union all
    select 'it is a superuser, or may create roles or databases, replicate, or bypass row security' from console
    where rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls
    union all
    select 'it is not allowed to log in' from console where not rolcanlogin
    union all
    select 'the number of its connections is not limited' from console where rolconnlimit not between 0 and 50
    union all
    select 'it is a member of ' || m.roleid::regrole from pg_auth_members m join console c on c.oid = m.member
    union all
    select 'it owns ' || d.classid::regclass || ' ' || d.objid from pg_shdepend d join console c on c.oid = d.refobjid
    where d.refclassid = 'pg_authid'::regclass and d.deptype = 'o'
    union all
    select 'its ' || l.name || ' is not limited' from console,
        (values ('statement_timeout'), ('transaction_timeout'), ('temp_file_limit'), ('work_mem')) as l (name)
    where not exists (
        select from unnest(rolconfig) s (setting) where s.setting ~ ('^' || l.name || '=[1-9]')
    )
    union all
    select 'its transactions are not read-only by themselves' from console
    where rolconfig is null or not 'default_transaction_read_only=on' = any (rolconfig)
    union all
    select 'it may execute ' || string_agg(distinct p.proname::text, ', ') from pg_proc p, console c
    where has_function_privilege(c.oid, p.oid, 'execute') and (
        p.proname ~ '^(set_config|pg_notify|pg_sleep.*|pg_(try_)?advisory_.*|lo_.*|loread|lowrite|.*_to_xml.*|ts_stat)$'
        or p.proname ~ '^(ts_rewrite|nextval|setval|currval|lastval|pg_export_snapshot|pg_current_xact_id|txid_current)$'
        or p.proname ~ '^(pg_logical_emit_message|pg_cancel_backend|pg_terminate_backend|pg_read_.*|pg_ls_.*)$'
        or p.proname ~ '^(pg_stat_file|pg_file_.*|dblink.*|pg_reload_conf|pg_rotate_logfile|pg_switch_wal|pg_promote)$'
    )
    having count(*) > 0
    union all
    select 'it may execute ' || p.oid::regprocedure || ', which runs as its owner' from pg_proc p, console c
    where p.prosecdef and has_function_privilege(c.oid, p.oid, 'execute')
        and has_schema_privilege(c.oid, p.pronamespace, 'usage')
    union all
    select 'it may use the language ' || l.lanname from pg_language l, console c
    where l.lanname <> 'sql' and l.lanpltrusted and has_language_privilege(c.oid, l.oid, 'usage')
    union all
    select 'it may enter the schema ' || n.nspname from pg_namespace n, console c
    where n.nspname not in ('pg_catalog', 'information_schema', 'console') and n.nspname !~ '^pg_(toast|temp)'
        and has_schema_privilege(c.oid, n.oid, 'usage')
    union all
    select 'it may create things in the schema ' || n.nspname from pg_namespace n, console c
    where has_schema_privilege(c.oid, n.oid, 'create')
    union all
    select 'it may read or write ' || r.oid::regclass from pg_class r, console c
    where r.relnamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
        and r.relkind in ('r', 'p', 'v', 'm', 'f') and r.relnamespace::regnamespace::text !~ '^pg_toast'
        and (
            has_table_privilege(c.oid, r.oid, 'insert, update, delete, truncate, references, trigger, maintain')
            or has_any_column_privilege(c.oid, r.oid, 'insert, update, references')
            or r.relnamespace::regnamespace::text <> 'console' and has_any_column_privilege(c.oid, r.oid, 'select')
        )
    union all
    select 'the view ' || r.oid::regclass || ' is no barrier' from pg_class r
    where r.relnamespace::regnamespace::text = 'console' and r.relkind = 'v'
        and not coalesce('security_barrier=true' = any (r.reloptions), false)
    union all
    select 'it may create things in this database' from console c
    where has_database_privilege(c.oid, current_database(), 'create')
)
select why from found order by why

-- name: contacts.meet
with person as (
    select p.*, ch.id as channel_id, ch.scope
    from unnest(%(ord)s::int[], %(channel_kind)s::text[], %(address)s::text[], %(name)s::text[], %(declared)s::bool[])
        as p (ord, channel_kind, address, name, declared)
    join channels ch on ch.kind = p.channel_kind and ch.address = p.address
),
named as (
    select n.ord, n.rank, n.kind, n.value, person.name, person.declared, person.channel_id,
        case n.kind when 'bsuid' then person.scope when 'parent_bsuid' then person.scope else '' end as scope
    from unnest(%(alias_ord)s::int[], %(rank)s::int[], %(kind)s::text[], %(value)s::text[]) as n (ord, rank, kind, value)
    join person using (ord)
),
known as (
    select distinct on (n.ord) n.ord, a.contact_id, n.channel_id, n.name
    from named n
    join aliases a on a.scope = n.scope and a.kind = n.kind and a.value = n.value
    where n.kind <> 'parent_bsuid'
        and (n.kind = 'bsuid' or n.declared or not exists (
            select 1 from named own join aliases other
                on other.contact_id = a.contact_id and other.kind = 'bsuid' and other.scope = own.scope
            where own.ord = n.ord and own.kind = 'bsuid'
        ))
    order by n.ord, n.rank
),
stranger as (
    select distinct on (n.ord) n.*
    from named n where not exists (select 1 from known k where k.ord = n.ord)
    order by n.ord, n.rank
),
first_alias as (
    insert into aliases (scope, kind, value, contact_id)
    select scope, kind, value, nextval(pg_get_serial_sequence('contacts', 'id'))
    from stranger order by scope, kind, value
    on conflict do nothing
    returning scope, kind, value, contact_id
),
fresh as (
    select s.ord, f.contact_id, s.channel_id, s.name
    from first_alias f join stranger s using (scope, kind, value)
),
born as (
    insert into contacts (id, name) overriding system value
    select contact_id, max(name) from fresh group by contact_id
),
renamed as (
    update contacts c set name = k.name from known k where c.id = k.contact_id and k.name <> '' and c.name <> k.name
),
met as (
    select * from known union all select * from fresh
),
learned as (
    insert into aliases (scope, kind, value, contact_id)
    select distinct on (n.scope, n.kind, n.value) n.scope, n.kind, n.value, met.contact_id
    from named n join met using (ord)
    where not exists (select 1 from first_alias f where f.scope = n.scope and f.kind = n.kind and f.value = n.value)
    order by n.scope, n.kind, n.value
    on conflict do nothing
),
begun as (
    insert into conversations (channel_id, contact_id)
    select distinct channel_id, contact_id from met order by channel_id, contact_id
    on conflict do nothing
    returning id
)
insert into sessions (conversation_id) select id from begun

-- name: contacts.phone_of
select ch.desk_id as desk,
    (select a.value from aliases a where a.contact_id = conv.contact_id and a.kind <> 'parent_bsuid'
     order by a.kind = 'wa_id' desc, a.learned_at desc limit 1) as value
from conversations conv
join channels ch on ch.id = conv.channel_id
where conv.id = %(conversation_id)s

-- name: conversations.answers
select id, kind, text, content, state, error_code, error, created_at as at from outbox
where conversation_id = %(conversation_id)s and event_id = %(event_id)s order by id

-- name: conversations.around
select later.id as heard,
    (select min(s.version) from steps s
        where s.conversation_id = %(conversation_id)s and s.at >= later.received_at) as step,
    (select min(o.id) from outbox o
        where o.conversation_id = %(conversation_id)s and o.created_at >= later.received_at) as said
from (
    select id, received_at from inbox
    where conversation_id = %(conversation_id)s and id > %(event_id)s order by id offset %(after)s limit 1
) later

-- name: conversations.event
select i.id, i.kind, i.text, i.content, i.state, i.attempts, i.retries, i.error, i.received_at, i.sent_at,
    i.finished_at, s.version, s.trigger, s.note, s.from_flow, s.from_state, s.to_flow, s.to_state, s.at as stepped_at
from inbox i
left join steps s on s.conversation_id = i.conversation_id and s.event_id = i.id
where i.conversation_id = %(conversation_id)s and i.id = %(event_id)s
order by s.version desc limit 1

-- name: conversations.find
select conv.id, conv.contact_id, conv.created_at, ch.desk_id as desk, d.name as desk_name, d.timezone, ch.kind as channel_kind,
    ch.address, ch.fallback_template, ch.paused_until > now() as paused, ch.paused_why, c.name, c.opted_out_at,
    alias.kind as alias_kind, alias.value as alias, s.version, s.flow, s.flow_version, s.state, s.language, s.memory,
    s.agent, holder.name as agent_name, s.heard_at, s.updated_at,
    s.lease_token is not null and s.leased_until > now() as leased,
    s.memory #>> '{notes,person_wanted_at}' as person
from conversations conv
join channels ch on ch.id = conv.channel_id
left join desks d on d.id = ch.desk_id
join contacts c on c.id = conv.contact_id
join sessions s on s.conversation_id = conv.id
left join staff holder on holder.email = s.agent
left join lateral (
    select a.kind, a.value from aliases a where a.contact_id = conv.contact_id and a.kind <> 'parent_bsuid'
    order by a.kind = 'wa_id' desc, a.learned_at desc limit 1
) alias on true
where conv.id = %(id)s and (%(desks)s::text[] is null or ch.desk_id = any(%(desks)s))

-- name: conversations.heard
select i.id, i.kind, left(i.text, %(longest)s) as text, length(i.text) as characters, i.content, i.state, i.attempts,
    i.retries, i.error, i.received_at as at, i.sent_at, i.finished_at
from inbox i
where i.conversation_id = %(conversation_id)s and i.id < coalesce(%(below)s::bigint, 9223372036854775807)
order by i.id desc limit %(most)s

-- name: conversations.page
select s.conversation_id as id, ch.desk_id as desk, ch.kind as channel_kind, c.name, alias.value as alias,
    s.flow, s.state, s.version, s.agent, holder.name as agent_name, s.heard_at, s.updated_at,
    s.memory #>> '{notes,person_wanted_at}' as person_wanted_at,
    heard.kind as heard_kind, heard.text as heard_text, heard.received_at,
    said.kind as said_kind, said.text as said_text, said.state as said_state, said.created_at as said_at,
    said.content ->> 'author' as said_by
from (
    select s.* from sessions s
    where s.active_at <= date_bin('10 minutes', coalesce(%(at)s::timestamptz, now() + interval '1 day'), '1970-01-01 00:00:00+00')
        and (%(at)s::timestamptz is null or (s.updated_at, s.conversation_id) < (%(at)s, %(id)s::bigint))
    order by s.active_at desc, s.updated_at desc, s.conversation_id desc
    limit %(walk)s
) s
join conversations conv on conv.id = s.conversation_id
join channels ch on ch.id = conv.channel_id
join contacts c on c.id = conv.contact_id
left join staff holder on holder.email = s.agent
left join lateral (
    select a.value from aliases a where a.contact_id = conv.contact_id and a.kind <> 'parent_bsuid'
    order by a.kind = 'wa_id' desc, a.learned_at desc limit 1
) alias on true
left join lateral (
    select i.kind, left(i.text, 160) as text, i.received_at from inbox i
    where i.conversation_id = s.conversation_id and not i.kind = any(%(unspoken)s)
    order by i.id desc limit 1
) heard on true
left join lateral (
    select o.kind, left(o.text, 160) as text, o.state, o.created_at, o.content from outbox o
    where o.conversation_id = s.conversation_id order by o.id desc limit 1
) said on true
where (%(desks)s::text[] is null or ch.desk_id = any(%(desks)s))
    and (%(desk)s::text is null or ch.desk_id = %(desk)s)
    and (%(flow)s::text is null or s.flow = %(flow)s)
    and (%(state)s::text is null or s.state = %(state)s)
    and (%(held)s::bool is null or (s.agent is not null) = %(held)s)
    and (%(agent)s::text is null or s.agent = %(agent)s)
    and (not %(wanted)s::bool or s.memory #>> '{notes,person_wanted_at}' is not null)
    and (not %(closing)s::bool or (ch.kind = 'whatsapp'
        and s.heard_at > now() - %(window_s)s * interval '1 second'
        and s.heard_at < now() - (%(window_s)s - %(closing_s)s) * interval '1 second'))
    and (%(waiting_s)s::float is null or (heard.received_at < now() - %(waiting_s)s * interval '1 second'
        and (said.created_at is null or heard.received_at > said.created_at)))
order by s.active_at desc, s.updated_at desc, s.conversation_id desc
limit %(most)s

-- name: conversations.photo
select p.sha256, p.conversation_id, ch.desk_id as desk
from photos p
join conversations conv on conv.id = p.conversation_id
join channels ch on ch.id = conv.channel_id
where p.id = %(id)s and (%(desks)s::text[] is null or ch.desk_id = any(%(desks)s))

-- name: conversations.photos
select id, event_id, purpose, received_at from photos
where conversation_id = %(conversation_id)s order by received_at desc, id desc limit %(most)s

-- name: conversations.said
select o.id, o.event_id, o.kind, left(o.text, %(longest)s) as text, length(o.text) as characters, o.content, o.state,
    o.initiative, o.attempts, o.unknowns, o.error_code, o.error, o.created_at as at,
    nullif(o.due_at, '-infinity') as due_at, o.settle_at, o.sent_at,
    o.delivered_at, o.read_at
from outbox o
where o.conversation_id = %(conversation_id)s and o.id < coalesce(%(below)s::bigint, 9223372036854775807)
order by o.id desc limit %(most)s

-- name: conversations.steps
select s.version, s.event_id, s.from_flow, s.from_state, s.to_flow, s.to_state, s.trigger, s.origin, s.reading,
    s.replies, s.note, s.at
from steps s
where s.conversation_id = %(conversation_id)s and s.version < coalesce(%(below)s::int, 2147483647)
order by s.version desc limit %(most)s

-- name: conversations.tickets
select number, kind, status, summary, event_id, created_at, resolved_at from tickets
where conversation_id = %(conversation_id)s order by created_at desc, number limit %(most)s

-- name: conversations.timers
select name, due_at, rest_s, set_at_version from timers where conversation_id = %(conversation_id)s order by due_at, name

-- name: conversations.unsettled
select id, state from outbox
where id = %(id)s and conversation_id = %(conversation_id)s
    and (state in ('parked', 'failed') or (state = 'unknown' and settle_at is null))

-- name: conversations.walked
select s.updated_at, s.conversation_id as id from sessions s
where s.active_at <= date_bin('10 minutes', coalesce(%(at)s::timestamptz, now() + interval '1 day'), '1970-01-01 00:00:00+00')
    and (%(at)s::timestamptz is null or (s.updated_at, s.conversation_id) < (%(at)s, %(id)s::bigint))
order by s.active_at desc, s.updated_at desc, s.conversation_id desc
offset %(walk)s - 1 limit 1

-- name: deliveries.apply
with told as (
    select t.*, coalesce(
        (select o.id from outbox o where o.id = t.callback_id),
        (select o.id from outbox o where o.external_id = t.external_id order by o.id limit 1)
    ) as outbox_id
    from unnest(
        %(external_id)s::text[], %(state)s::text[], %(rank)s::int[], %(recipient)s::text[], %(callback_id)s::bigint[],
        %(error_code)s::int[], %(error)s::text[], %(pricing_category)s::text[], %(billable)s::bool[],
        %(at)s::timestamptz[]
    ) as t (
        external_id, state, rank, recipient, callback_id, error_code, error, pricing_category, billable, at
    )
),
kept as (
    insert into deliveries (
        external_id, state, recipient, outbox_id, callback_id, error_code, error, pricing_category, billable, at
    )
    select external_id, state, recipient, outbox_id, callback_id, error_code, error, pricing_category, billable, at
    from told order by external_id, state, recipient
    on conflict (external_id, state, recipient) do nothing
),
furthest as (
    select outbox_id, max(rank) as rank, min(external_id) as external_id,
        max(error_code) filter (where state = 'failed') as error_code,
        max(error) filter (where state = 'failed') as error,
        min(coalesce(at, now())) filter (where state = 'delivered') as delivered_at,
        min(coalesce(at, now())) filter (where state in ('read', 'played')) as read_at,
        bool_or(state = 'failed') as failed
    from told where outbox_id is not null group by outbox_id
),
locked as (
    select o.id from outbox o join furthest f on f.outbox_id = o.id order by o.id for update of o
)
update outbox o
set state = case
        when f.rank >= 3 then 'read'
        when f.rank = 2 and o.state <> 'read' then 'delivered'
        when o.state in ('delivered', 'read') then o.state
        when f.failed then 'failed'
        when o.state = 'failed' then o.state
        else 'sent'
    end,
    external_id = coalesce(o.external_id, f.external_id),
    sent_at = coalesce(o.sent_at, now()),
    delivered_at = coalesce(o.delivered_at, f.delivered_at, case when f.rank >= 2 then now() end),
    read_at = coalesce(o.read_at, f.read_at),
    error_code = case when f.failed and o.state not in ('delivered', 'read') then f.error_code else o.error_code end,
    error = case when f.failed and o.state not in ('delivered', 'read') then f.error else o.error end,
    settle_at = null
from furthest f join locked on locked.id = f.outbox_id
where o.id = f.outbox_id
    and not (
        o.content ? 'instead_of' and (
            o.content #>> '{instead_of,external_id}' = f.external_id
            or (f.failed and f.error_code::text = o.content #>> '{instead_of,refused}'
                and o.external_id is distinct from f.external_id)
        )
    )
returning o.id, o.correlation_id, o.state

-- name: deliveries.parked
update deliveries d set outbox_id = o.id
from outbox o
where d.outbox_id is null and o.external_id = d.external_id
returning d.external_id, d.state, d.recipient, o.id as callback_id, d.error_code, d.error, d.pricing_category,
    d.billable, d.at

-- name: desks.channels
select id, kind, address, desk_id, case when paused_until > now() then paused_until end as paused_until, paused_why
from channels order by kind, address

-- name: desks.named
select id, name from desks where %(desks)s::text[] is null or id = any(%(desks)s) order by name, id

-- name: desks.put_centre
insert into centres (desk_id, code, name, address, city, latitude, longitude, phone, opens, closes, days)
values (%(desk_id)s, %(code)s, %(name)s, %(address)s, %(city)s, %(latitude)s, %(longitude)s, %(phone)s, %(opens)s,
    %(closes)s, %(days)s::smallint[])
on conflict (desk_id, code) do update set name = excluded.name, address = excluded.address, city = excluded.city,
    latitude = excluded.latitude, longitude = excluded.longitude, phone = excluded.phone, opens = excluded.opens,
    closes = excluded.closes, days = excluded.days

-- name: desks.put_channel
insert into channels (kind, address, desk_id, fallback_template, pulled)
values (%(kind)s, %(address)s, %(desk_id)s, %(template)s::jsonb, %(pulled)s)
on conflict (kind, address) do update
    set desk_id = excluded.desk_id, pulled = excluded.pulled, fallback_template = coalesce(channels.fallback_template, excluded.fallback_template)

-- name: desks.put_desk
insert into desks (id, name, language, timezone, menu, settings)
values (%(id)s, %(name)s, %(language)s, %(timezone)s, %(menu)s, %(settings)s::jsonb)
on conflict (id) do update set name = excluded.name, language = excluded.language, timezone = excluded.timezone,
    menu = excluded.menu, settings = excluded.settings

-- name: desks.put_equipment
insert into equipment (desk_id, code, model, brand, serial, client, place)
values (%(desk_id)s, %(code)s, %(model)s, %(brand)s, %(serial)s, %(client)s, %(place)s)
on conflict (desk_id, code) do update set model = excluded.model, brand = excluded.brand, serial = excluded.serial,
    client = excluded.client, place = excluded.place

-- name: facts.centres
select w.conversation_id, c.code, c.name, c.address, c.city, c.latitude, c.longitude, c.phone, c.opens, c.closes, c.days
from (select distinct unnest(%(conversation_id)s::bigint[]) as conversation_id) w
join conversations conv on conv.id = w.conversation_id
join channels ch on ch.id = conv.channel_id
join centres c on c.desk_id = ch.desk_id and c.active
order by w.conversation_id, c.code

-- name: facts.equipment
select w.conversation_id, w.key, e.code, e.model, e.brand, e.client, e.place
from unnest(%(conversation_id)s::bigint[], %(key)s::text[]) as w (conversation_id, key)
join conversations conv on conv.id = w.conversation_id
join channels ch on ch.id = conv.channel_id
join equipment e on e.desk_id = ch.desk_id and e.code = w.key

-- name: facts.my_tickets
select w.conversation_id, t.number, t.kind, t.status, t.summary, t.content, t.created_at
from unnest(%(conversation_id)s::bigint[]) as w (conversation_id)
join conversations conv on conv.id = w.conversation_id
cross join lateral (
    select t.* from tickets t join conversations own on own.id = t.conversation_id
    where own.contact_id = conv.contact_id and own.channel_id = conv.channel_id
    order by t.created_at desc, t.number limit 5
) t
order by w.conversation_id, t.created_at desc, t.number

-- name: facts.outbound
select w.conversation_id, w.key, o.text,
    coalesce(o.content #>> '{instead_of,kind}', o.kind) as kind,
    coalesce(o.content -> 'instead_of', o.content) as content,
    o.state in ('parked', 'failed') or (o.state = 'unknown' and o.settle_at is null) as open
from unnest(%(conversation_id)s::bigint[], %(key)s::text[]) as w (conversation_id, key)
join outbox o on o.conversation_id = w.conversation_id and o.id::text = w.key

-- name: facts.own_ticket
select w.conversation_id, w.key, t.status, coalesce(t.assignee, '') as assignee
from unnest(%(conversation_id)s::bigint[], %(key)s::text[]) as w (conversation_id, key)
join tickets t on t.number = w.key and t.conversation_id = w.conversation_id

-- name: facts.photos_waiting
select count(*)::int as waiting from media_jobs where state = 'waiting' and kind = 'image'

-- name: facts.survey_question
select w.conversation_id, w.key, q.text
from unnest(%(conversation_id)s::bigint[], %(key)s::text[]) as w (conversation_id, key)
join conversations conv on conv.id = w.conversation_id
join channels ch on ch.id = conv.channel_id
join survey_questions q on q.desk_id = ch.desk_id and q.number::text = w.key

-- name: facts.ticket
select w.conversation_id, w.key, t.number, t.kind, t.status, t.summary, t.content, t.created_at,
    owner.contact_id is not distinct from conv.contact_id as mine
from unnest(%(conversation_id)s::bigint[], %(key)s::text[]) as w (conversation_id, key)
join conversations conv on conv.id = w.conversation_id
join channels ch on ch.id = conv.channel_id
join tickets t on t.desk_id = ch.desk_id and t.number in (w.key, 'TKT-' || w.key)
left join conversations owner on owner.id = t.conversation_id

-- name: facts.vehicle
select w.conversation_id, w.key, v.code is not null as known, v.model, v.plate
from unnest(%(conversation_id)s::bigint[], %(key)s::text[]) as w (conversation_id, key)
join conversations conv on conv.id = w.conversation_id
join channels ch on ch.id = conv.channel_id
left join vehicles v on v.desk_id = ch.desk_id and v.code = w.key
where exists (select 1 from vehicles any_of where any_of.desk_id = ch.desk_id)

-- name: figures.asked
select count(*) as requests, count(*) filter (where reading ->> 'source' = 'rules'
        and reading ->> 'why' not in ('', 'low_confidence')) as failures
from steps where at > now() - interval '1 day' and reading ->> 'operation' <> ''

-- name: figures.chat
select
    (select count(*) from inbox i join channels ch on ch.id = i.channel_id and ch.kind = 'web'
        where i.kind in ('text', 'choice', 'image')) as messages,
    (select count(*) from web_sessions
        where ended_at is null and seen_at > now() - %(within_s)s * interval '1 second') as active,
    (select count(*) from web_sessions where ended_at is null) as sessions

-- name: figures.crew
select count(*) as workers,
    coalesce(bool_or(exists (select 1 from jsonb_each_text(h.breakers) b
        where b.key like 'ai:%%' and b.value = 'open')), false) as ai_rests
from heartbeats h where h.kind = 'workers' and h.at > now() - interval '30 seconds'

-- name: figures.errors
select
    (select count(*) from inbox where state = 'buried') as buried,
    (select count(*) from outbox where state = 'failed') as failed,
    (select max(finished_at) from inbox where state = 'buried') as last_buried_at

-- name: figures.storage
select pg_database_size(current_database()) as bytes

-- name: figures.tickets
select status, count(*) as number from tickets group by status

-- name: figures.uploads
select count(*) as total, count(*) filter (where state = 'done') as success,
    count(*) filter (where state = 'failed') as failed, count(*) filter (where state = 'waiting') as waiting,
    coalesce(avg(extract(epoch from finished_at - created_at)) filter (where state = 'done'), 0)::float as average_s,
    (select coalesce(sum(bytes), 0)::bigint from photos) as bytes, (select count(*) from photos) as kept
from media_jobs where kind = 'image'

-- name: files.drop
delete from files where name = %(name)s and stored_at <= %(kept_at)s

-- name: files.get
select content from files where name = %(name)s

-- name: files.holds
select 1 from files where name = %(name)s

-- name: files.old
select name from files
where stored_at < now() - %(grace_s)s * interval '1 second' and name > %(after)s
order by name limit %(size)s

-- name: files.put
insert into files (name, content) values (%(name)s, %(content)s)
on conflict (name) do update set stored_at = now()

-- name: files.remove
delete from files where name = any(%(name)s) and stored_at < now() - %(grace_s)s * interval '1 second'

-- name: health.schema_exists
select to_regclass('public.alembic_version') is not null as there

-- name: health.schema_version
select version_num from alembic_version

-- name: inbox.accept
with item as (
    select *
    from unnest(
        %(channel_kind)s::text[], %(address)s::text[], %(external_id)s::text[], %(kind)s::text[], %(text)s::text[],
        %(content)s::jsonb[], %(raw)s::json[], %(sent_at)s::timestamptz[], %(state)s::text[], %(error)s::text[],
        %(copies)s::int[], %(alias_kind)s::text[], %(alias_value)s::text[]
    ) with ordinality as t (
        channel_kind, address, external_id, kind, text, content, raw, sent_at, state, error,
        copies, alias_kind, alias_value, ord
    )
),
placed as (
    select item.*, ch.id as channel_id, ch.desk_id, conv.id as conversation_id
    from item
    join channels ch on ch.kind = item.channel_kind and ch.address = item.address
    left join aliases a on a.kind = item.alias_kind and a.value = item.alias_value
        and a.scope = case item.alias_kind when 'bsuid' then ch.scope when 'parent_bsuid' then ch.scope else '' end
    left join conversations conv on conv.channel_id = ch.id and conv.contact_id = a.contact_id
),
numbered as materialized (
    select nextval(pg_get_serial_sequence('inbox', 'id')) as id, line.*
    from (select * from placed where alias_value is null or conversation_id is not null order by ord) line
    where not %(or_none)s or (select count(*) from item)
        = (select count(*) from placed where alias_value is null or conversation_id is not null)
)
insert into inbox (
    id, channel_id, conversation_id, external_id, kind, text, content, raw, sent_at, retries, state, error, finished_at
)
overriding system value
select
    id, channel_id, conversation_id, external_id, kind, text, content, raw, sent_at, copies,
    case when state = 'waiting' and desk_id is null then 'buried' else state end,
    case when state = 'waiting' and desk_id is null then 'no desk answers on this number' else error end,
    case when state = 'waiting' and desk_id is not null then null else now() end
from numbered
order by channel_id, external_id
on conflict (channel_id, external_id) do update
    set retries = inbox.retries + 1 + excluded.retries, last_retry_at = now()
returning external_id, kind, retries, state, xmax = 0 as fresh

-- name: inbox.add_channels
insert into channels (kind, address)
select distinct kind, address from unnest(%(kind)s::text[], %(address)s::text[]) as t (kind, address)
order by kind, address
on conflict do nothing

-- name: inbox.add_own
insert into inbox (channel_id, conversation_id, external_id, kind, text, content)
select conv.channel_id, conv.id, %(external_id)s, %(kind)s, %(text)s, %(content)s::jsonb
from conversations conv where conv.id = %(conversation_id)s
on conflict (channel_id, external_id) do update
    set retries = inbox.retries + 1, last_retry_at = now()
returning id, xmax = 0 as fresh

-- name: inbox.buried
select id, kind, received_at, error from inbox where state = 'buried' and discarded_at is null order by id desc limit 100

-- name: inbox.figures
select count(*) as waiting, coalesce(extract(epoch from now() - min(received_at)), 0)::float as oldest_s,
    (select count(*) from inbox where state = 'buried' and discarded_at is null) as buried
from inbox where state = 'waiting'

-- name: inbox.finish
update inbox i
set state = case when t.error is null then 'done' else 'buried' end, error = t.error, attempts = t.attempts,
    finished_at = now()
from unnest(%(id)s::bigint[], %(attempts)s::int[], %(error)s::text[]) as t (id, attempts, error)
where i.id = t.id and i.state = 'waiting'

-- name: inbox.note_failure
update inbox i set attempts = t.attempts, error = t.error
from unnest(%(id)s::bigint[], %(attempts)s::int[], %(error)s::text[]) as t (id, attempts, error)
where i.id = t.id and i.state = 'waiting'

-- name: inbox.replay
update inbox i
set state = 'waiting', error = null, attempts = 0, finished_at = null, discarded_at = null, discarded_by = null,
    discarded_why = null
from channels ch
where i.id = %(id)s and i.state = 'buried' and i.conversation_id is not null
    and ch.id = i.channel_id and ch.desk_id is not null

-- name: letters.discard
update inbox set discarded_at = now(), discarded_by = %(who)s, discarded_why = %(why)s
where id = %(id)s and state = 'buried' and discarded_at is null

-- name: letters.errors
select error, count(*) as letters, max(received_at) as newest_at
from (
    select i.error, i.received_at
    from inbox i join channels ch on ch.id = i.channel_id
    where i.state = 'buried' and (i.discarded_at is not null) = %(discarded)s
        and (%(desks)s::text[] is null or ch.desk_id = any(%(desks)s))
    order by i.id desc limit 1000
) newest
group by error order by letters desc, error limit 12

-- name: letters.kinds
select distinct i.kind from inbox i where i.state = 'buried' order by i.kind

-- name: letters.look
select i.id, i.kind, i.external_id, i.received_at, i.sent_at, i.finished_at, i.error, i.attempts, i.retries, i.text,
    i.content, i.raw::text as raw, i.state, i.conversation_id, i.discarded_at, i.discarded_by, i.discarded_why,
    ch.desk_id as desk, ch.kind as channel_kind, ch.address, (
        select count(*) from inbox l where l.conversation_id = i.conversation_id and l.id > i.id and l.state = 'done'
            and l.finished_at > i.finished_at
    ) as later
from inbox i join channels ch on ch.id = i.channel_id
where i.id = %(id)s and (%(desks)s::text[] is null or ch.desk_id = any(%(desks)s))

-- name: letters.matching
select i.id, exists (
        select 1 from inbox l where l.conversation_id = i.conversation_id and l.id > i.id and l.state = 'done'
            and l.finished_at > i.finished_at
    ) as moved_on
from inbox i join channels ch on ch.id = i.channel_id
where i.state = 'buried' and i.discarded_at is null and i.conversation_id is not null and ch.desk_id is not null
    and (%(desks)s::text[] is null or ch.desk_id = any(%(desks)s))
    and (%(desk)s::text is null or ch.desk_id = %(desk)s)
    and (%(kind)s::text is null or i.kind = %(kind)s)
    and (%(error)s::text is null or i.error = %(error)s)
    and (%(says)s::text is null or strpos(folded(i.error), folded(%(says)s)) > 0)
    and (%(phone)s::text is null or length(%(phone)s) >= 4 and exists (
        select 1 from conversations conv join aliases a on a.contact_id = conv.contact_id
        where conv.id = i.conversation_id and a.kind = 'wa_id' and reverse(a.value) like reverse(%(phone)s) || '%%'
    ))
order by i.id limit %(most)s for update of i

-- name: letters.page
select i.id, i.kind, i.received_at, i.finished_at, i.error, i.attempts, i.conversation_id, ch.desk_id as desk,
    i.discarded_at, exists (
        select 1 from inbox l where l.conversation_id = i.conversation_id and l.id > i.id and l.state = 'done'
            and l.finished_at > i.finished_at
    ) as moved_on, (
        select a.value from conversations conv join aliases a on a.contact_id = conv.contact_id
        where conv.id = i.conversation_id and a.kind = 'wa_id' order by a.learned_at desc limit 1
    ) as phone
from inbox i join channels ch on ch.id = i.channel_id
where i.state = 'buried' and (i.discarded_at is not null) = %(discarded)s
    and (%(before)s::bigint is null or i.id < %(before)s)
    and (%(desks)s::text[] is null or ch.desk_id = any(%(desks)s))
    and (%(desk)s::text is null or ch.desk_id = %(desk)s)
    and (%(kind)s::text is null or i.kind = %(kind)s)
    and (%(error)s::text is null or i.error = %(error)s)
    and (%(says)s::text is null or strpos(folded(i.error), folded(%(says)s)) > 0)
    and (%(phone)s::text is null or length(%(phone)s) >= 4 and exists (
        select 1 from conversations conv join aliases a on a.contact_id = conv.contact_id
        where conv.id = i.conversation_id and a.kind = 'wa_id' and reverse(a.value) like reverse(%(phone)s) || '%%'
    ))
order by i.id desc limit %(most)s

-- name: limits.forget
delete from rate_windows where key_hash = %(key_hash)s

-- name: limits.look
select count(h) as held, coalesce(extract(epoch from min(h)), extract(epoch from clock_timestamp()))::float as oldest_at
from rate_windows w cross join lateral unnest(w.hits) h
where w.key_hash = %(key_hash)s and h > clock_timestamp() - %(within_s)s * interval '1 second'

-- name: limits.purge
delete from rate_windows where key_hash in (
    select key_hash from rate_windows where expires_at < now() - interval '1 minute' limit %(size)s
)

-- name: limits.take
insert into rate_windows as w (key_hash, hits, took, expires_at)
select %(key_hash)s, array[clock_timestamp()], true, now() + %(within_s)s * interval '1 second'
from set_config('synchronous_commit', 'off', true)
on conflict (key_hash) do update set (hits, took, expires_at) = (
    select case when count(h) < %(most)s then array_append(array_agg(h order by h) filter (where h is not null),
            clock_timestamp()) else array_agg(h order by h) end,
        count(h) < %(most)s, excluded.expires_at
    from (select 1) one
    left join unnest(w.hits) h on h > clock_timestamp() - %(within_s)s * interval '1 second'
)
returning w.took, cardinality(w.hits) as held, extract(epoch from w.hits[1])::float as oldest_at

-- name: links.find
select t.number, t.kind, t.status, t.summary, t.created_at, t.resolved_at, d.name as desk_name, d.timezone, d.language,
    coalesce(d.settings ->> 'zone', '') as zone, l.key, l.expires_at
from ticket_links l
join tickets t on t.number = l.ticket
join desks d on d.id = t.desk_id
where l.ticket = %(ticket)s and l.expires_at > now()

-- name: links.mine
select number, kind, status, summary, created_at from tickets where conversation_id = %(conversation_id)s
order by created_at desc, number limit %(size)s

-- name: links.newest_open
select t.number, t.summary, s.language,
    coalesce(d.settings ->> 'technician', d.settings ->> 'whatsapp_number', '') as phone
from web_sessions w
join aliases a on a.scope = '' and a.kind = 'web' and a.value = w.secret_hash
join conversations conv on conv.contact_id = a.contact_id and conv.channel_id = w.channel_id
join sessions s on s.conversation_id = conv.id
join tickets t on t.conversation_id = conv.id
join desks d on d.id = t.desk_id
where w.secret_hash = %(secret_hash)s and t.status in ('pending', 'in_progress')
order by t.created_at desc, t.number desc limit 1

-- name: links.open
insert into ticket_links as l (ticket, key, expires_at)
select number, %(key)s, now() + %(within_s)s * interval '1 second' from tickets where number = %(ticket)s
on conflict (ticket) do update set
    key = case when l.expires_at > now() then l.key else excluded.key end, expires_at = excluded.expires_at
returning key, expires_at

-- name: links.own
select t.number, t.summary, s.language,
    coalesce(d.settings ->> 'technician', d.settings ->> 'whatsapp_number', '') as phone
from web_sessions w
join aliases a on a.scope = '' and a.kind = 'web' and a.value = w.secret_hash
join conversations conv on conv.contact_id = a.contact_id and conv.channel_id = w.channel_id
join sessions s on s.conversation_id = conv.id
join tickets t on t.conversation_id = conv.id
join desks d on d.id = t.desk_id
where w.secret_hash = %(secret_hash)s and t.number = %(ticket)s

-- name: links.revoke
delete from ticket_links where ticket = %(ticket)s

-- name: media.claim
with due as (
    select j.id, i.external_id, coalesce(i.received_at, j.created_at) as received_at, s.language
    from media_jobs j left join inbox i on i.id = j.event_id
    join sessions s on s.conversation_id = j.conversation_id
    where j.state = 'waiting' and j.leased_until <= now()
    order by j.id limit %(size)s for update of j skip locked
)
update media_jobs j
set leased_until = now() + %(lease_s)s * interval '1 second', lease_token = %(token)s, attempts = j.attempts + 1
from due where j.id = due.id
returning j.id, j.conversation_id, j.event_id, j.kind, j.media_id, j.purpose, j.attempts, due.received_at, due.language,
    coalesce(due.external_id, '') as external_id, extract(epoch from now() - j.created_at)::float as age_s

-- name: media.finish
update media_jobs
set state = case when %(error)s::text is null then 'done' else 'failed' end, error = %(error)s, finished_at = now(),
    lease_token = null
where id = %(id)s and lease_token = %(token)s and state = 'waiting'

-- name: media.purge
delete from media_jobs where id in (
    select id from media_jobs where state <> 'waiting' and finished_at < now() - %(keep_days)s * interval '1 day'
    order by id limit %(size)s
)

-- name: media.put_off
update media_jobs set leased_until = now() + %(wait_s)s * interval '1 second', lease_token = null, error = %(error)s
where id = %(id)s and lease_token = %(token)s and state = 'waiting'

-- name: media.renew
update media_jobs set leased_until = now() + %(lease_s)s * interval '1 second'
where id = any(%(id)s::bigint[]) and lease_token = %(token)s and state = 'waiting'

-- name: outbox.claim
with number as (
    select ch.id, ch.address, 1 / (0.9 * coalesce(ch.rate_per_s, %(rate_per_s)s)) as period_s,
        floor(
            greatest(1, 0.1 * coalesce(ch.rate_per_s, %(rate_per_s)s))
            - greatest(0, extract(epoch from ch.pace_at - clock_timestamp()))
                * 0.9 * coalesce(ch.rate_per_s, %(rate_per_s)s)
        )::int as quota
    from channels ch
    where ch.kind = %(channel_kind)s and ch.paused_until <= now() and not ch.address = any(%(barred)s)
        and not exists (
            select 1 from switches s
            where s.kind = 'sending' and s.subject = ch.address and s.off and coalesce(s.until > now(), true)
        )
        and exists (select 1 from outbox o where o.channel_id = ch.id and o.state = 'waiting')
    order by ch.id
    for no key update of ch
),
head as materialized (
    select o.id, o.conversation_id, number.id as channel_id, o.waiting_rank
    from number
    cross join lateral (
        select w.id, w.conversation_id, row_number() over (order by w.initiative, w.id) as waiting_rank
        from outbox w
        join conversations c on c.id = w.conversation_id
        where w.channel_id = number.id and w.state = 'waiting' and w.due_at <= now() and c.send_after <= now()
            and c.pace_at <= now() + (%(customer_burst)s - 1) * %(customer_s)s * interval '1 second'
            and not exists (
                select 1 from outbox e where e.conversation_id = w.conversation_id and e.open and e.id < w.id
            )
        order by w.initiative, w.id
        limit greatest(0, least(number.quota, %(size)s))
    ) o
    order by o.waiting_rank
    limit %(size)s
),
taken as (
    update outbox o set state = 'claimed', claimed_at = now(), attempts = o.attempts + 1
    from head where o.id = head.id and o.state = 'waiting'
    returning o.*
),
number_paid as (
    update channels ch
    set pace_at = greatest(ch.pace_at, clock_timestamp()) + t.sends * number.period_s * interval '1 second'
    from (select channel_id, count(*) as sends from taken group by channel_id) t, number
    where ch.id = t.channel_id and number.id = ch.id
),
customer_paid as (
    update conversations c set pace_at = greatest(c.pace_at, now()) + %(customer_s)s * interval '1 second'
    from taken where c.id = taken.conversation_id
)
select taken.id, taken.conversation_id, taken.correlation_id, taken.kind, taken.text, taken.content, taken.initiative,
    taken.attempts, taken.unknowns, number.address,
    s.heard_at > now() - %(window_s)s * interval '1 second' as in_window, ch.fallback_template,
    bsuid.value as bsuid, wa_id.value as wa_id
from taken
join number on number.id = taken.channel_id
join channels ch on ch.id = taken.channel_id
join sessions s on s.conversation_id = taken.conversation_id
join conversations c on c.id = taken.conversation_id
left join lateral (
    select value from aliases a where a.contact_id = c.contact_id and a.kind = 'bsuid' and a.scope = ch.scope
    order by a.learned_at desc limit 1
) bsuid on true
left join lateral (
    select value from aliases a where a.contact_id = c.contact_id and a.kind = 'wa_id'
    order by a.learned_at desc limit 1
) wa_id on true
order by taken.id

-- name: outbox.figures
select count(*) filter (where state = 'waiting') as waiting,
    coalesce(extract(epoch from now() - min(created_at) filter (where state = 'waiting')), 0)::float as oldest_s,
    count(*) filter (where state = 'unknown') as unknown
from outbox where state in ('waiting', 'claimed', 'unknown')

-- name: outbox.give_time
update outbox set settle_at = now() + %(settle_s)s * interval '1 second'
where state = 'unknown' and settle_at < now() + %(settle_s)s * interval '1 second'

-- name: outbox.hold_customer
update conversations set send_after = now() + %(wait_s)s * interval '1 second' where id = %(conversation_id)s

-- name: outbox.hold_number
update channels
set paused_until = greatest(paused_until, now() + %(wait_s)s * interval '1 second'), paused_why = %(why)s
where kind = %(channel_kind)s and address = %(address)s

-- name: outbox.mark
with result as (
    select * from unnest(
        %(id)s::bigint[], %(state)s::text[], %(external_id)s::text[], %(error_code)s::int[], %(error)s::text[],
        %(wait_s)s::float[]
    ) as t (id, state, external_id, error_code, error, wait_s)
),
locked as (
    select o.id from outbox o join result using (id) order by o.id for update of o
)
update outbox o
set state = case
        when o.state in ('claimed', 'unknown') or (o.state = 'waiting' and r.state = 'sent') then r.state
        else o.state
    end,
    external_id = coalesce(r.external_id, o.external_id),
    sent_at = case when r.state = 'sent' then coalesce(o.sent_at, now()) else o.sent_at end,
    error_code = r.error_code,
    error = r.error,
    due_at = case when r.state = 'waiting' then now() + r.wait_s * interval '1 second' else o.due_at end,
    settle_at = case when o.state in ('claimed', 'unknown') and r.state = 'unknown'
        then now() + r.wait_s * interval '1 second' end,
    unknowns = o.unknowns + case when r.state = 'unknown' then 1 else 0 end
from result r join locked using (id)
where o.id = r.id

-- name: outbox.put
insert into outbox (
    channel_id, conversation_id, event_id, correlation_id, kind, text, content, initiative, state, sent_at
)
select conv.channel_id, t.conversation_id, t.event_id, t.correlation_id, t.kind, t.text, t.content, t.initiative,
    case when ch.pulled then 'sent' else 'waiting' end, case when ch.pulled then now() end
from unnest(
    %(conversation_id)s::bigint[], %(event_id)s::bigint[], %(correlation_id)s::text[], %(kind)s::text[],
    %(text)s::text[], %(content)s::jsonb[], %(initiative)s::bool[]
) with ordinality as t (conversation_id, event_id, correlation_id, kind, text, content, initiative, ord)
join conversations conv on conv.id = t.conversation_id
join channels ch on ch.id = conv.channel_id
order by t.ord

-- name: outbox.refused
select o.id, o.kind, o.text, o.content, o.error_code, o.external_id
from outbox o
where o.id = any(%(id)s::bigint[]) and o.state = 'failed' and o.error_code = any(%(code)s::int[])
    and o.kind in ('buttons', 'list', 'location_request') and not o.content ? 'instead_of'
    and not exists (
        select 1 from outbox later
        where later.conversation_id = o.conversation_id and later.id > o.id
            and later.state in ('sent', 'delivered', 'read')
    )
order by o.id for update of o

-- name: outbox.rescue
update outbox
set state = 'unknown', unknowns = unknowns + 1, error = 'the sender stopped in the middle',
    settle_at = now() + %(settle_s)s * interval '1 second'
where id in (
    select id from outbox
    where state = 'claimed' and claimed_at < now() - %(lease_s)s * interval '1 second'
    order by id limit %(size)s for update skip locked
)
returning id, correlation_id

-- name: outbox.resume_number
update channels set paused_until = '-infinity', paused_why = '' where kind = %(channel_kind)s and address = %(address)s

-- name: outbox.reword
update outbox set kind = %(kind)s, content = %(content)s where id = %(id)s and state = 'claimed'

-- name: outbox.say_plainly
update outbox o
set kind = 'text', text = t.text, content = t.content, state = 'waiting', due_at = now(), external_id = null,
    sent_at = null
from unnest(%(id)s::bigint[], %(text)s::text[], %(content)s::jsonb[]) as t (id, text, content)
where o.id = t.id
returning o.id, o.correlation_id

-- name: outbox.settle
update outbox
set state = case when unknowns = 1 and not initiative then 'waiting' else 'unknown' end,
    error = case when unknowns = 1 and not initiative then 'sent once more: no status told of it'
        else 'for staff: nobody knows whether it arrived' end,
    settle_at = null
where id in (
    select id from outbox where state = 'unknown' and settle_at <= now()
    order by id limit %(size)s for update skip locked
)
returning id, state, correlation_id

-- name: person.copies
select t.external_id
from unnest(%(external_id)s::text[]) as t (external_id)
join erased_events e on e.digest = encode(sha256(convert_to(t.external_id, 'UTF8')), 'hex')

-- name: person.cut_contact
update contacts set name = '', erased_at = coalesce(erased_at, now()) where id = %(contact_id)s

-- name: person.cut_media
delete from media_jobs
where state = 'waiting' and conversation_id in (select id from conversations where contact_id = %(contact_id)s)

-- name: person.cut_nameless
with gone as (
    delete from inbox i
    where i.conversation_id is null and exists (
        select 1 from unnest(%(values)s::text[]) as t (value)
        where strpos(i.raw::text, t.value) > 0 or strpos(i.content::text, t.value) > 0 or strpos(i.text, t.value) > 0
    )
    returning external_id, received_at
)
insert into erased_events (digest)
select encode(sha256(convert_to(external_id, 'UTF8')), 'hex') from gone where received_at > now() - interval '8 days'
on conflict do nothing

-- name: person.cut_names
delete from aliases where contact_id = %(contact_id)s

-- name: person.cut_questions
with runs as (
    delete from console_runs r
    where exists (
        select 1 from unnest(%(values)s::text[]) as t (value)
        where strpos(r.sql, t.value) > 0 or strpos(translate(r.sql, ' -.()', ''), t.value) > 0
    )
)
delete from console_queries q
where exists (
    select 1 from unnest(%(values)s::text[]) as t (value)
    where strpos(q.name || ' ' || q.sql, t.value) > 0 or strpos(translate(q.name || ' ' || q.sql, ' -.()', ''), t.value) > 0
)

-- name: person.cut_sends
delete from outbox
where state = 'waiting' and conversation_id in (select id from conversations where contact_id = %(contact_id)s)

-- name: person.cut_sessions
delete from sessions where conversation_id in (select id from conversations where contact_id = %(contact_id)s)

-- name: person.cut_statuses
delete from deliveries where outbox_id is null and recipient = any(%(values)s::text[])

-- name: person.cut_timers
delete from timers where conversation_id in (select id from conversations where contact_id = %(contact_id)s)

-- name: person.cut_waiting
delete from inbox
where state = 'waiting' and conversation_id in (select id from conversations where contact_id = %(contact_id)s)

-- name: person.cut_web
delete from web_sessions where secret_hash = any(%(values)s::text[])

-- name: person.doomed
select id from contacts where erased_at is not null order by erased_at limit 1

-- name: person.erase_contact
delete from contacts where id = %(contact_id)s and erased_at is not null

-- name: person.erase_events
with gone as (
    delete from inbox where id in (
        select i.id from inbox i join conversations v on v.id = i.conversation_id
        where v.contact_id = %(contact_id)s limit %(size)s
    )
    returning external_id, received_at
),
marked as (
    insert into erased_events (digest)
    select encode(sha256(convert_to(external_id, 'UTF8')), 'hex') from gone
    where received_at > now() - interval '8 days'
    on conflict do nothing
)
select count(*) as gone from gone

-- name: person.erase_media
with gone as (
    delete from media_jobs where id in (
        select j.id from media_jobs j join conversations v on v.id = j.conversation_id
        where v.contact_id = %(contact_id)s limit %(size)s
    )
    returning 1
)
select count(*) as gone from gone

-- name: person.erase_photos
delete from photos where id in (
    select p.id from photos p join conversations v on v.id = p.conversation_id
    where v.contact_id = %(contact_id)s limit %(size)s
)
returning sha256, stored_at

-- name: person.erase_sends
with gone as (
    delete from outbox where id in (
        select o.id from outbox o join conversations v on v.id = o.conversation_id
        where v.contact_id = %(contact_id)s limit %(size)s
    )
    returning id
),
told as (
    delete from deliveries d using gone where d.outbox_id = gone.id
)
select count(*) as gone from gone

-- name: person.erase_steps
with gone as (
    delete from steps s using (
        select s.conversation_id, s.version from steps s join conversations v on v.id = s.conversation_id
        where v.contact_id = %(contact_id)s limit %(size)s
    ) t
    where s.conversation_id = t.conversation_id and s.version = t.version
    returning 1
)
select count(*) as gone from gone

-- name: person.erase_tickets
with emptied as (
    update tickets t
    set summary = '', conversation_id = null,
        status = case when t.status in ('pending', 'in_progress') then 'cancelled' else t.status end,
        content = jsonb_strip_nulls(jsonb_build_object('arrival', case when t.content ? 'arrival' then
            jsonb_build_object('code', t.content #> '{arrival,code}', 'name', t.content #> '{arrival,name}') end))
    from (
        select t.number from tickets t join conversations v on v.id = t.conversation_id
        where v.contact_id = %(contact_id)s limit %(size)s
    ) mine
    where t.number = mine.number
    returning t.number
),
silenced as (
    update surveys s set comment = '' from emptied where s.ticket = emptied.number
),
unlinked as (
    delete from ticket_links l using emptied where l.ticket = emptied.number
),
unnoted as (
    update ticket_changes h set note = '' from emptied where h.ticket = emptied.number and h.note <> ''
)
select count(*) as gone from emptied

-- name: person.find
select c.id, c.name, c.erased_at, array_agg(distinct a.kind || ' ' || a.value) as names
from contacts c
join aliases a on a.contact_id = c.id
where a.value = %(name)s or (%(digits)s <> '' and a.kind = 'wa_id' and right(a.value, length(%(digits)s)) = %(digits)s)
group by c.id order by c.id limit 50

-- name: person.forget_events
delete from erased_events where digest in (
    select digest from erased_events where at < now() - interval '8 days' limit %(size)s
)

-- name: person.holdings
select c.id, c.name, c.created_at, c.erased_at,
    coalesce((select array_agg(a.kind || ' ' || a.value order by a.kind, a.value) from aliases a where a.contact_id = c.id),
        '{}') as names,
    (select count(*) from conversations v where v.contact_id = c.id) as conversations,
    coalesce((select array_agg(distinct ch.desk_id) from conversations v join channels ch on ch.id = v.channel_id
        where v.contact_id = c.id and ch.desk_id is not null), '{}') as desks,
    (select count(*) from inbox i join conversations v on v.id = i.conversation_id where v.contact_id = c.id) as events,
    (select count(*) from outbox o join conversations v on v.id = o.conversation_id where v.contact_id = c.id) as sends,
    (select count(*) from steps s join conversations v on v.id = s.conversation_id where v.contact_id = c.id) as steps,
    (select count(*) from photos p join conversations v on v.id = p.conversation_id where v.contact_id = c.id) as photos,
    (select count(*) from tickets t join conversations v on v.id = t.conversation_id where v.contact_id = c.id) as tickets,
    (select count(*) from tickets t join conversations v on v.id = t.conversation_id where v.contact_id = c.id
        and t.status in ('pending', 'in_progress')) as open_tickets
from contacts c where c.id = %(contact_id)s

-- name: person.living
select c.id, c.created_at, a.scope, a.kind, a.value
from (select id, created_at from contacts where id > %(after)s and erased_at is null order by id limit %(size)s) c
left join aliases a on a.contact_id = c.id
order by c.id

-- name: person.lock
select id, now() as now from contacts where id = %(contact_id)s for update

-- name: person.mark_events
insert into erased_events (digest)
select encode(sha256(convert_to(i.external_id, 'UTF8')), 'hex')
from inbox i join conversations v on v.id = i.conversation_id
where v.contact_id = %(contact_id)s and i.received_at > now() - interval '8 days'
on conflict do nothing

-- name: person.names
select scope, kind, value from aliases where contact_id = %(contact_id)s order by scope, kind, value

-- name: person.remember
insert into tombstones (digest, key, erased_at)
select t.digest, %(key)s, t.erased_at
from unnest(%(digest)s::text[], %(erased_at)s::timestamptz[]) as t (digest, erased_at)
on conflict (digest) do update
    set key = excluded.key, erased_at = greatest(tombstones.erased_at, excluded.erased_at)

-- name: person.tombstones
select digest, key, erased_at from tombstones order by erased_at, digest

-- name: person.uploads
select substr(j.media_id, length('upload:') + 1) as sha256
from media_jobs j join conversations v on v.id = j.conversation_id
where v.contact_id = %(contact_id)s and j.state = 'waiting' and j.media_id like 'upload:%%'
union
select substr(i.content ->> 'media_id', length('upload:') + 1)
from inbox i join conversations v on v.id = i.conversation_id
where v.contact_id = %(contact_id)s and i.state = 'waiting' and i.kind = 'image'
    and i.content ->> 'media_id' like 'upload:%%'

-- name: person_export.aliases
select 0 as after, row_to_json(t)::text as line from aliases t
where t.contact_id = %(contact_id)s and %(after)s < 0 order by t.scope, t.kind, t.value

-- name: person_export.contact
select 0 as after, row_to_json(t)::text as line from contacts t where t.id = %(contact_id)s and %(after)s < 0

-- name: person_export.conversations
select t.id as after, row_to_json(t)::text as line
from (
    select v.*, ch.kind as channel_kind, ch.address, ch.desk_id
    from conversations v join channels ch on ch.id = v.channel_id
    where v.contact_id = %(contact_id)s and v.id > %(after)s
) t
order by t.id limit %(size)s

-- name: person_export.deliveries
select t.id as after, row_to_json(t)::text as line
from deliveries t join outbox o on o.id = t.outbox_id join conversations v on v.id = o.conversation_id
where v.contact_id = %(contact_id)s and t.id > %(after)s order by t.id limit %(size)s

-- name: person_export.inbox
select t.id as after, row_to_json(t)::text as line
from inbox t join conversations v on v.id = t.conversation_id
where v.contact_id = %(contact_id)s and t.id > %(after)s order by t.id limit %(size)s

-- name: person_export.media_jobs
select t.id as after, row_to_json(t)::text as line
from media_jobs t join conversations v on v.id = t.conversation_id
where v.contact_id = %(contact_id)s and t.id > %(after)s order by t.id limit %(size)s

-- name: person_export.outbox
select t.id as after, row_to_json(t)::text as line
from outbox t join conversations v on v.id = t.conversation_id
where v.contact_id = %(contact_id)s and t.id > %(after)s order by t.id limit %(size)s

-- name: person_export.photos
select t.id as after, row_to_json(t)::text as line, t.sha256
from photos t join conversations v on v.id = t.conversation_id
where v.contact_id = %(contact_id)s and t.id > %(after)s order by t.id limit %(size)s

-- name: person_export.sessions
select t.conversation_id as after, row_to_json(t)::text as line
from sessions t join conversations v on v.id = t.conversation_id
where v.contact_id = %(contact_id)s and t.conversation_id > %(after)s order by t.conversation_id limit %(size)s

-- name: person_export.steps
select (t.conversation_id << 31) + t.version as after, row_to_json(t)::text as line
from steps t join conversations v on v.id = t.conversation_id
where v.contact_id = %(contact_id)s
    and (t.conversation_id, t.version) > (%(after)s::bigint >> 31, %(after)s::bigint & 2147483647)
order by t.conversation_id, t.version limit %(size)s

-- name: person_export.survey_answers
select 0 as after, row_to_json(a)::text as line
from survey_answers a join tickets t on t.number = a.ticket join conversations v on v.id = t.conversation_id
where v.contact_id = %(contact_id)s and %(after)s < 0 order by a.ticket, a.question

-- name: person_export.surveys
select 0 as after, row_to_json(s)::text as line
from surveys s join tickets t on t.number = s.ticket join conversations v on v.id = t.conversation_id
where v.contact_id = %(contact_id)s and %(after)s < 0 order by s.ticket

-- name: person_export.ticket_changes
select h.id as after, row_to_json(h)::text as line
from ticket_changes h join tickets t on t.number = h.ticket join conversations v on v.id = t.conversation_id
where v.contact_id = %(contact_id)s and h.id > %(after)s order by h.id limit %(size)s

-- name: person_export.tickets
select 0 as after, row_to_json(t)::text as line
from tickets t join conversations v on v.id = t.conversation_id
where v.contact_id = %(contact_id)s and %(after)s < 0 order by t.created_at, t.number

-- name: person_export.timers
select 0 as after, row_to_json(t)::text as line
from timers t join conversations v on v.id = t.conversation_id
where v.contact_id = %(contact_id)s and %(after)s < 0 order by t.conversation_id, t.name

-- name: person_export.transcript
select 0 as after, to_char(t.at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS') || ' UTC  ' || t.author || ': ' || t.text
    as line
from report.transcript t join conversations v on v.id = t.conversation_id
where v.contact_id = %(contact_id)s and %(after)s < 0
order by t.conversation_id, t.at, t.event_id, t.outbound_id nulls first

-- name: person_export.web_sessions
select 0 as after, (row_to_json(w)::jsonb - 'csrf_token')::text as line
from web_sessions w join aliases a on a.kind = 'web' and a.value = w.secret_hash
where a.contact_id = %(contact_id)s and %(after)s < 0 order by w.created_at

-- name: photos.add
insert into photos (conversation_id, event_id, purpose, sha256, bytes, received_at)
values (%(conversation_id)s, %(event_id)s, %(purpose)s, %(sha256)s, %(bytes)s, %(received_at)s)
on conflict (event_id) do nothing

-- name: photos.purge
delete from photos where id in (
    select id from photos where stored_at < now() - %(keep_days)s * interval '1 day' order by stored_at limit %(size)s
)

-- name: photos.unnamed
select t.sha256 from unnest(%(sha256)s::text[]) as t (sha256)
where not exists (select 1 from photos p where p.sha256 = t.sha256)
    and not exists (select 1 from media_jobs j where j.state = 'waiting' and j.media_id = 'upload:' || t.sha256)
    and not exists (
        select 1 from inbox i
        where i.state = 'waiting' and i.kind = 'image' and i.content ->> 'media_id' = 'upload:' || t.sha256
    )

-- name: pulse.beat
insert into heartbeats (process, kind, host, pid, jobs, version, breakers)
values (%(process)s, %(kind)s, %(host)s, %(pid)s, %(jobs)s::text[], %(version)s, %(breakers)s::jsonb)
on conflict (process) do update set breakers = excluded.breakers, at = now()

-- name: pulse.forget
delete from heartbeats where at < now() - interval '1 day'

-- name: pulse.forget_log_level
delete from log_level

-- name: pulse.hear
insert into last_posts (channel_id, at)
select ch.id, max(t.at)
from unnest(%(address)s::text[], %(at)s::timestamptz[]) as t (address, at)
join channels ch on ch.kind = 'whatsapp' and ch.address = t.address
group by ch.id order by ch.id
on conflict (channel_id) do update set at = greatest(last_posts.at, excluded.at)

-- name: pulse.leave
delete from heartbeats where process = %(process)s

-- name: pulse.log_level
select level from log_level

-- name: pulse.note
insert into happenings (at, kind, name, conversation_id, count, detail)
select * from unnest(
    %(at)s::timestamptz[], %(kind)s::text[], %(name)s::text[], %(conversation_id)s::bigint[], %(count)s::int[],
    %(detail)s::jsonb[]
)

-- name: pulse.purge
delete from happenings where id in (
    select id from happenings where at < now() - %(keep_days)s * interval '1 day' order by id limit %(size)s
)

-- name: pulse.set_log_level
insert into log_level (level) values (%(level)s) on conflict (one) do update set level = excluded.level, at = now()

-- name: queues.leases
select right(to_hex(s.lease_token), 6) as holder, count(*) as conversations, min(s.leased_until) as until,
    max(s.claims) as tries
from sessions s
join conversations conv on conv.id = s.conversation_id
join channels ch on ch.id = conv.channel_id
where s.lease_token is not null and s.leased_until > now()
    and exists (select 1 from inbox i where i.conversation_id = s.conversation_id and i.state = 'waiting')
    and (%(desks)s::text[] is null or ch.desk_id = any(%(desks)s))
group by s.lease_token order by conversations desc, holder limit 50

-- name: queues.media
select j.kind, count(*) as waiting, count(*) filter (where j.leased_until > now() and j.lease_token is not null) as held,
    min(j.created_at) as oldest_at, max(j.attempts) as tries
from media_jobs j
join conversations conv on conv.id = j.conversation_id
join channels ch on ch.id = conv.channel_id
where j.state = 'waiting' and (%(desks)s::text[] is null or ch.desk_id = any(%(desks)s))
group by j.kind order by j.kind

-- name: queues.number
select id, kind, address, desk_id as desk from channels where id = %(id)s
    and (%(desks)s::text[] is null or desk_id = any(%(desks)s))

-- name: queues.numbers
select ch.id, ch.kind, ch.address, ch.desk_id as desk, ch.rate_per_s, ch.pulled,
    case when ch.paused_until > now() then ch.paused_until end as paused_until,
    case when ch.paused_until > now() then ch.paused_why else '' end as paused_why,
    greatest(0, extract(epoch from ch.pace_at - now()))::float as behind_s, p.at as last_post_at,
    coalesce(i.waiting, 0) as events, i.oldest_at as event_at,
    coalesce(o.waiting, 0) as sends, coalesce(o.later, 0) as sends_later, o.oldest_at as send_at,
    coalesce(u.claimed, 0) as claimed, coalesce(u.undecided, 0) as undecided, coalesce(u.unknown, 0) as unknown,
    coalesce(k.parked, 0) as parked
from channels ch
left join last_posts p on p.channel_id = ch.id
left join (
    select channel_id, count(*) as waiting, min(received_at) as oldest_at from inbox where state = 'waiting'
    group by channel_id
) i on i.channel_id = ch.id
left join (
    select channel_id, count(*) as waiting, count(*) filter (where due_at > now()) as later,
        min(created_at) as oldest_at
    from outbox where state = 'waiting' group by channel_id
) o on o.channel_id = ch.id
left join (
    select channel_id, count(*) filter (where state = 'claimed') as claimed,
        count(*) filter (where state = 'unknown' and settle_at is not null) as undecided,
        count(*) filter (where state = 'unknown' and settle_at is null) as unknown
    from outbox where state in ('claimed', 'unknown') group by channel_id
) u on u.channel_id = ch.id
left join (
    select channel_id, count(*) as parked from outbox where state = 'parked' group by channel_id
) k on k.channel_id = ch.id
where %(desks)s::text[] is null or ch.desk_id = any(%(desks)s)
order by ch.desk_id nulls last, ch.kind, ch.address

-- name: queues.processes
select process, kind, host, pid, jobs, version, started_at, at, at > now() - interval '20 seconds' as alive
from heartbeats order by kind, host, pid

-- name: queues.stuck
select o.id, o.conversation_id, o.state, o.kind, o.text, o.error_code, o.error, o.created_at, o.initiative,
    o.settle_at, ch.address, ch.desk_id as desk
from (
    (select * from outbox where state = 'parked' order by id desc limit 500)
    union all
    (select * from outbox where state = 'unknown' order by id desc limit 500)
) o
join channels ch on ch.id = o.channel_id
where %(desks)s::text[] is null or ch.desk_id = any(%(desks)s)
order by o.id desc limit %(most)s

-- name: records.answer_surveys
insert into survey_answers (ticket, question, rating)
select * from unnest(%(ticket)s::text[], %(question)s::smallint[], %(rating)s::smallint[])
on conflict do nothing

-- name: records.change_tickets
with wanted as (
    select * from unnest(
        %(conversation_id)s::bigint[], %(event_id)s::bigint[], %(number)s::text[], %(what)s::text[],
        %(before)s::text[], %(after)s::text[], %(by)s::text[], %(note)s::text[]
    ) as w (conversation_id, event_id, number, what, before, after, by, note)
),
changed as (
    update tickets t set
        status = case w.what when 'status' then w.after else t.status end,
        assignee = case w.what when 'assignee' then nullif(w.after, '') else t.assignee end,
        resolved_at = case when w.what <> 'status' then t.resolved_at when w.after = 'resolved' then now() end
    from wanted w where t.number = w.number and t.conversation_id = w.conversation_id
    returning t.number
)
insert into ticket_changes (ticket, by, what, before, after, note, event_id)
select w.number, w.by, w.what, w.before, w.after, w.note, w.event_id from wanted w join changed c on c.number = w.number

-- name: records.finish_surveys
insert into surveys (ticket, status, comment, finished_at)
select *, now() from unnest(%(ticket)s::text[], %(status)s::text[], %(comment)s::text[])
on conflict (ticket) do update set status = excluded.status, comment = excluded.comment, finished_at = now()

-- name: records.give_up
update outbox set state = 'failed', error = 'given up: said again', settle_at = null
where id = any(%(id)s::bigint[]) and (state in ('parked', 'failed') or (state = 'unknown' and settle_at is null))

-- name: records.open_tickets
insert into tickets (number, desk_id, conversation_id, event_id, kind, summary, content, priority)
select * from unnest(
    %(number)s::text[], %(desk_id)s::text[], %(conversation_id)s::bigint[], %(event_id)s::bigint[], %(kind)s::text[],
    %(summary)s::text[], %(content)s::jsonb[], %(priority)s::text[]
)

-- name: records.want_media
insert into media_jobs (conversation_id, event_id, kind, media_id, purpose)
select * from unnest(
    %(conversation_id)s::bigint[], %(event_id)s::bigint[], %(kind)s::text[], %(media_id)s::text[], %(purpose)s::text[]
)

-- name: retention.bodies
with place as (
    select reached from sweeps where kind = 'bodies' for update skip locked
),
looked as (
    select i.id, i.received_at from inbox i, place where i.id > place.reached order by i.id limit %(size)s
),
old as (
    select id from looked where received_at < now() - %(keep_days)s * interval '1 day'
),
moved as (
    update sweeps set reached = (select max(id) from old) where kind = 'bodies' and exists (select 1 from old)
),
emptied as (
    update inbox i set raw = null from old where i.id = old.id and i.state = 'done' and i.raw is not null
)
select count(*) as gone from old

-- name: retention.events
delete from inbox where id in (
    select id from inbox
    where state = 'done' and received_at < now() - %(keep_days)s * interval '1 day' limit %(size)s
)

-- name: retention.letters
delete from inbox where id in (
    select id from inbox
    where state = 'buried' and received_at < now() - %(keep_days)s * interval '1 day' limit %(size)s
)

-- name: retention.lost_statuses
delete from deliveries where id in (
    select d.id from deliveries d
    where d.outbox_id is null and d.callback_id is not null
        and not exists (select 1 from outbox o where o.id = d.callback_id or o.external_id = d.external_id)
    limit %(size)s
)

-- name: retention.sends
with gone as (
    delete from outbox where id in (
        select id from outbox
        where not open and created_at < now() - %(keep_days)s * interval '1 day' limit %(size)s
    )
    returning id
),
told as (
    delete from deliveries d using gone where d.outbox_id = gone.id
)
select count(*) as gone from gone

-- name: retention.statuses
delete from deliveries where id in (
    select id from deliveries where received_at < now() - %(keep_days)s * interval '1 day' limit %(size)s
)

-- name: retention.steps
delete from steps s using (
    select conversation_id, version from steps where at < now() - %(keep_days)s * interval '1 day' limit %(size)s
) old
where s.conversation_id = old.conversation_id and s.version = old.version

-- name: search.by_name
select conv.id, ch.desk_id as desk, c.name, alias.value as alias, s.flow, s.state, s.agent, s.updated_at
from contacts c
join conversations conv on conv.contact_id = c.id
join channels ch on ch.id = conv.channel_id
join sessions s on s.conversation_id = conv.id
left join lateral (
    select a.value from aliases a where a.contact_id = c.id and a.kind <> 'parent_bsuid'
    order by a.kind = 'wa_id' desc, a.learned_at desc limit 1
) alias on true
where to_tsvector('simple', folded(c.name)) @@ to_tsquery('simple', folded(%(words)s::text))
    and (%(desks)s::text[] is null or ch.desk_id = any(%(desks)s))
order by s.updated_at desc, conv.id desc limit %(most)s

-- name: search.by_number
select t.number, t.desk_id as desk, t.kind, t.status, t.summary, t.created_at, t.conversation_id
from unnest(%(beginnings)s::text[]) as b (beginning)
join tickets t on t.number ~>=~ b.beginning and t.number ~<~ (b.beginning || '~')
where %(desks)s::text[] is null or t.desk_id = any(%(desks)s)
order by t.created_at desc, t.number limit %(most)s

-- name: search.by_phone
select conv.id, ch.desk_id as desk, c.name, a.value as alias, s.flow, s.state, s.agent, s.updated_at
from aliases a
join contacts c on c.id = a.contact_id
join conversations conv on conv.contact_id = c.id
join channels ch on ch.id = conv.channel_id
join sessions s on s.conversation_id = conv.id
where a.kind = 'wa_id' and reverse(a.value) like %(backwards)s || '%%'
    and (%(desks)s::text[] is null or ch.desk_id = any(%(desks)s))
order by s.updated_at desc, conv.id desc limit %(most)s

-- name: search.heard
select i.id, i.conversation_id, ch.desk_id as desk, c.name, i.received_at as at,
    substr(i.text, greatest(1, strpos(folded(i.text), folded(%(needle)s::text)) - 60), 180) as text
from (
    select id, conversation_id, kind, received_at, left(text, 4000) as text
    from inbox where id < coalesce(%(below)s::bigint, 9223372036854775807) order by id desc limit %(piece)s
) i
join conversations conv on conv.id = i.conversation_id
join channels ch on ch.id = conv.channel_id
join contacts c on c.id = conv.contact_id
where not i.kind = any(%(by_us)s) and strpos(folded(i.text), folded(%(needle)s::text)) > 0
    and (%(desks)s::text[] is null or ch.desk_id = any(%(desks)s))
order by i.id desc limit %(most)s

-- name: search.heard_piece
select min(id) as id, min(received_at) as at, count(*) as messages from (
    select id, received_at from inbox
    where id < coalesce(%(below)s::bigint, 9223372036854775807) order by id desc limit %(piece)s
) i

-- name: search.said
select o.id, o.event_id, o.conversation_id, ch.desk_id as desk, c.name, o.created_at as at,
    substr(o.text, greatest(1, strpos(folded(o.text), folded(%(needle)s::text)) - 60), 180) as text
from (
    select id, event_id, conversation_id, created_at, left(text, 4000) as text
    from outbox where id < coalesce(%(below)s::bigint, 9223372036854775807) order by id desc limit %(piece)s
) o
join conversations conv on conv.id = o.conversation_id
join channels ch on ch.id = conv.channel_id
join contacts c on c.id = conv.contact_id
where strpos(folded(o.text), folded(%(needle)s::text)) > 0 and (%(desks)s::text[] is null or ch.desk_id = any(%(desks)s))
order by o.id desc limit %(most)s

-- name: search.said_piece
select min(id) as id, min(created_at) as at, count(*) as messages from (
    select id, created_at from outbox
    where id < coalesce(%(below)s::bigint, 9223372036854775807) order by id desc limit %(piece)s
) o

-- name: sessions.borrow
update sessions s set lease_token = %(token)s, leased_until = now() + interval '1 minute', claims = 1
from inbox i where i.id = %(event_id)s and s.conversation_id = i.conversation_id
returning s.conversation_id

-- name: sessions.borrowed
select s.conversation_id, s.version, s.flow, s.flow_version, s.state, s.language, s.memory, s.agent, s.heard_at,
    s.claims, s.alone, d.id as desk_id, d.name as desk_name, d.language as desk_language, d.timezone, d.menu, d.settings,
    ch.kind as channel_kind, ch.address, c.name as contact_name, i.id as event_id, i.external_id, i.kind, i.text,
    i.content, i.sent_at, i.received_at, i.error as last_error
from inbox i
join sessions s on s.conversation_id = i.conversation_id
join conversations conv on conv.id = s.conversation_id
join channels ch on ch.id = conv.channel_id
join desks d on d.id = ch.desk_id
join contacts c on c.id = conv.contact_id
where i.id = %(event_id)s

-- name: sessions.claim
with head as (
    select s.conversation_id, s.claims, i.id, s.lease_token is not null as suspect
    from inbox i
    join sessions s on s.conversation_id = i.conversation_id
    where i.state = 'waiting' and s.leased_until <= now() and (%(suspects)s or s.lease_token is null)
        and not exists (
            select 1 from inbox e
            where e.conversation_id = i.conversation_id and e.state = 'waiting' and e.id < i.id
        )
    order by i.id
    limit %(size)s
    for update of s skip locked
),
taken as (
    select conversation_id, false as alone from head
    where not suspect and not (%(suspects_first)s and exists (select 1 from head where suspect))
    union all (
        select conversation_id, true from head
        where suspect and (%(suspects_first)s or not exists (select 1 from head where not suspect))
        order by claims, id limit 1
    )
)
update sessions s
set lease_token = %(token)s, leased_until = now() + %(lease_s)s * interval '1 second', alone = taken.alone,
    claims = s.claims + case when taken.alone and not s.alone then 0 else 1 end
from taken where s.conversation_id = taken.conversation_id
returning s.conversation_id

-- name: sessions.forgive
update sessions set claims = 0, lease_token = null, leased_until = '-infinity'
where conversation_id = any(%(conversation_ids)s) and lease_token = %(token)s

-- name: sessions.give_back
update sessions set claims = greatest(claims - 1, 0), lease_token = null,
    leased_until = now() + %(wait_s)s * interval '1 second'
where conversation_id = any(%(conversation_ids)s) and lease_token = %(token)s

-- name: sessions.load
select s.conversation_id, s.version, s.flow, s.flow_version, s.state, s.language, s.memory, s.agent, s.heard_at,
    s.claims, s.alone, d.id as desk_id, d.name as desk_name, d.language as desk_language, d.timezone, d.menu, d.settings,
    ch.kind as channel_kind, ch.address, c.name as contact_name, e.*
from sessions s
join conversations conv on conv.id = s.conversation_id
join channels ch on ch.id = conv.channel_id
join desks d on d.id = ch.desk_id
join contacts c on c.id = conv.contact_id
left join lateral (
    select i.id as event_id, i.external_id, i.kind, i.text, i.content, i.sent_at, i.received_at, i.error as last_error
    from inbox i
    where i.conversation_id = s.conversation_id and i.state = 'waiting'
    order by i.id limit 1
) e on true
where s.conversation_id = any(%(conversation_ids)s) and s.lease_token = %(token)s
order by s.conversation_id

-- name: sessions.pinned
select flow, flow_version, state, count(*) as conversations
from sessions where version > 0
group by flow, flow_version, state order by flow, flow_version, state

-- name: sessions.release
update sessions s set lease_token = null, leased_until = now() + t.wait_s * interval '1 second'
from unnest(%(conversation_id)s::bigint[], %(wait_s)s::float[]) as t (conversation_id, wait_s)
where s.conversation_id = t.conversation_id and s.lease_token = %(token)s

-- name: sessions.save
update sessions s
set version = t.version + 1, flow = t.flow, flow_version = t.flow_version, state = t.state, language = t.language,
    memory = t.memory, agent = t.agent, heard_at = t.heard_at, updated_at = now(),
    active_at = date_bin('10 minutes', now(), '1970-01-01 00:00:00+00'),
    lease_token = null, leased_until = '-infinity', claims = 0
from unnest(
    %(conversation_id)s::bigint[], %(version)s::int[], %(flow)s::text[], %(flow_version)s::int[], %(state)s::text[],
    %(language)s::text[], %(memory)s::jsonb[], %(agent)s::text[], %(heard_at)s::timestamptz[]
) as t (conversation_id, version, flow, flow_version, state, language, memory, agent, heard_at)
where s.conversation_id = t.conversation_id and s.version = t.version and s.lease_token = %(token)s
returning s.conversation_id

-- name: smoke.became
select i.external_id, i.state, i.retries, coalesce(i.error, '') as error,
    extract(epoch from i.finished_at - i.received_at)::float as turn_s,
    (select count(*) from steps st where st.conversation_id = i.conversation_id and st.event_id = i.id) as steps,
    o.replies, o.accepted, o.accepted_s, coalesce(o.text, '') as text
from inbox i
cross join lateral (
    select count(*) as replies, count(o.sent_at) as accepted, min(o.text) as text,
        extract(epoch from max(o.sent_at) - i.received_at)::float as accepted_s
    from outbox o where o.conversation_id = i.conversation_id and o.event_id = i.id
) o
where i.external_id = any(%(external_id)s)

-- name: smoke.trouble
select
    (select count(*) from inbox where state = 'buried' and finished_at >= %(since)s) as dead_letters,
    (select count(*) from outbox where state in ('failed', 'unknown') and created_at >= %(since)s) as not_sent,
    (select coalesce(sum(count), 0) from happenings where kind = 'refused' and at >= %(since)s) as refused,
    (select coalesce(sum(count), 0) from happenings where kind = 'conflict' and at >= %(since)s) as conflicts,
    (select count(*) from happenings where kind = 'breaker' and at >= %(since)s and detail ->> 'to' = 'open') as opened

-- name: staff.accept_invitation
update staff set name = %(name)s, password_hash = %(password_hash)s, invitation_hash = null, invitation_until = null
where invitation_hash = %(hash)s and invitation_until > now() and disabled_at is null
returning id, email

-- name: staff.add_news
update staff set news = news || jsonb_build_array(jsonb_build_array(%(kind)s::text, %(told)s::text)) where id = %(id)s

-- name: staff.create
insert into staff (email, name, role, desks, password_hash)
values (%(email)s, %(name)s, %(role)s, %(desks)s::text[], %(password_hash)s)
on conflict (email) do nothing
returning id

-- name: staff.everybody
select p.id, p.email, p.name, p.role, p.desks, p.password_hash is not null as can_enter,
    p.totp_secret is not null as has_totp, p.invitation_until, p.created_at, p.disabled_at, p.signed_in_at,
    s.sessions, s.seen_at
from staff p
cross join lateral (
    select count(*) as sessions, max(seen_at) as seen_at from staff_sessions s where s.staff_id = p.id and s.complete
) s
order by p.disabled_at is not null, lower(p.name), p.id

-- name: staff.find
select id, email, name, role, desks, password_hash, totp_secret, disabled_at from staff where id = %(id)s

-- name: staff.find_by_email
select id, email, name, role, desks, password_hash, totp_secret, disabled_at from staff where email = %(email)s

-- name: staff.hold_admins
select id from staff where role = 'admin' and desks is null and disabled_at is null and password_hash is not null
order by id for update

-- name: staff.invite
update staff set invitation_hash = %(hash)s, invitation_until = now() + make_interval(secs => %(valid_s)s)
where id = %(id)s and disabled_at is null

-- name: staff.invited
select id, email, name, role, desks, totp_secret from staff
where invitation_hash = %(hash)s and invitation_until > now() and disabled_at is null

-- name: staff.reseal_totp
update staff set totp_secret = %(secret)s where id = %(id)s and totp_secret is not null

-- name: staff.set_disabled
update staff set disabled_at = case when %(disabled)s then coalesce(disabled_at, now()) end where id = %(id)s

-- name: staff.set_password
update staff set password_hash = %(password_hash)s, invitation_hash = null, invitation_until = null where id = %(id)s

-- name: staff.set_place
update staff set role = %(role)s, desks = %(desks)s::text[] where id = %(id)s

-- name: staff.set_totp
update staff set totp_secret = %(secret)s, totp_step = 0 where id = %(id)s

-- name: staff.signed_in
update staff set signed_in_at = now() where id = %(id)s

-- name: staff.spend_totp
update staff set totp_step = %(step)s where id = %(id)s and totp_step < %(step)s

-- name: staff.take_news
with kept as (select id, news from staff where id = %(id)s for update)
update staff p set news = '[]' from kept where p.id = kept.id
returning kept.news

-- name: staff_sessions.end
delete from staff_sessions where id = %(id)s and staff_id = %(staff_id)s

-- name: staff_sessions.end_all
delete from staff_sessions where staff_id = %(staff_id)s and id is distinct from %(but)s

-- name: staff_sessions.end_by_token
delete from staff_sessions where token_hash = %(token_hash)s

-- name: staff_sessions.enter
with found as (
    select s.id as session_id, s.complete, s.said, p.id, p.email, p.name, p.role, p.desks
    from staff_sessions s
    join staff p on p.id = s.staff_id
    where s.token_hash = %(token_hash)s and p.disabled_at is null
        and s.seen_at > now() - make_interval(secs => %(idle_s)s::float8)
        and s.created_at > now() - make_interval(secs => %(longest_s)s::float8)
        and (s.complete or s.created_at > now() - interval '5 minutes')
), seen as (
    update staff_sessions s set seen_at = now() from found
    where s.id = found.session_id and %(noted)s
        and s.seen_at < now() - make_interval(secs => %(idle_s)s::float8 / 30)
)
select * from found

-- name: staff_sessions.forget_old
delete from staff_sessions
where seen_at <= now() - make_interval(secs => %(idle_s)s) or created_at <= now() - make_interval(secs => %(longest_s)s)

-- name: staff_sessions.forget_tries
delete from sign_in_tries where paid_until < now() - interval '1 hour'

-- name: staff_sessions.forgive_addresses
delete from sign_in_tries where scope = 'address'

-- name: staff_sessions.forgive_tries
delete from sign_in_tries where scope = %(scope)s and (key = %(key)s or starts_with(key, %(key)s || ':'))

-- name: staff_sessions.keep_factor
update staff_sessions set totp_secret = %(secret)s, totp_until = now() + make_interval(secs => %(valid_s)s)
where id = %(id)s

-- name: staff_sessions.kept_factor
select totp_secret from staff_sessions where id = %(id)s and totp_until > now()

-- name: staff_sessions.of_person
select id, created_at, seen_at, address, browser from staff_sessions
where staff_id = %(staff_id)s and complete
order by seen_at desc, id desc

-- name: staff_sessions.pay_for_try
insert into sign_in_tries as t (scope, key, tries, paid_until)
values (%(scope)s, %(key)s, 1, now() + make_interval(secs => case when %(most)s = 1 then
    least(%(every_s)s::float8, %(first_s)s) else 0 end))
on conflict (scope, key) do update set (tries, paid_until) = (
    select n.tries, now() + make_interval(secs => case when n.tries < %(most)s then 0 else
        least(%(every_s)s::float8, %(first_s)s * power(2, least(n.tries - %(most)s, 20))) end)
    from (select case when t.paid_until < now() - interval '1 hour' then 1 else t.tries + 1 end as tries) n
)
where t.paid_until <= now()
returning t.tries

-- name: staff_sessions.say
update staff_sessions set said = %(said)s::jsonb where id = %(id)s

-- name: staff_sessions.start
insert into staff_sessions (token_hash, staff_id, complete, address, browser, said)
values (%(token_hash)s, %(staff_id)s, %(complete)s, %(address)s, %(browser)s, %(said)s::jsonb)
returning id

-- name: staff_sessions.wait_for_try
select greatest(0, extract(epoch from paid_until - now()))::float8 as wait_s
from sign_in_tries where scope = %(scope)s and key = %(key)s

-- name: steps.append
insert into steps (
    conversation_id, version, event_id, from_flow, from_state, to_flow, to_state, trigger, origin, reading, replies, note
)
select * from unnest(
    %(conversation_id)s::bigint[], %(version)s::int[], %(event_id)s::bigint[], %(from_flow)s::text[],
    %(from_state)s::text[], %(to_flow)s::text[], %(to_state)s::text[], %(trigger)s::text[], %(origin)s::text[],
    %(reading)s::jsonb[], %(replies)s::int[], %(note)s::text[]
)

-- name: steps.flow
select st.conversation_id, st.version, st.at, st.from_flow, st.from_state, st.to_flow, st.to_state, st.trigger, st.origin,
    st.note, st.replies, i.kind, i.text as said,
    extract(epoch from st.at - i.received_at)::float as took_s,
    (select string_agg(o.text, ' ' order by o.id) from outbox o
        where o.conversation_id = st.conversation_id and o.event_id = st.event_id) as answered
from steps st
left join inbox i on i.id = st.event_id
where (%(conversation_id)s::bigint is null or st.conversation_id = %(conversation_id)s)
    and st.at >= now() - %(since_s)s * interval '1 second'
    and (st.conversation_id, st.version) > (%(after)s::bigint, %(after_version)s::int)
order by st.conversation_id, st.version limit %(size)s

-- name: steps.recorded
select st.conversation_id, st.version, st.reading, st.at, st.to_flow, st.to_state, i.id as event_id, i.external_id,
    i.kind, i.text, i.content, i.sent_at, i.received_at, i.attempts, i.error, s.language, d.id as desk_id,
    d.name as desk_name, d.language as desk_language, d.timezone, d.menu, d.settings, c.name as contact_name,
    coalesce((select jsonb_agg(jsonb_build_object('kind', o.kind, 'text', o.text) order by o.id) from outbox o
        where o.conversation_id = st.conversation_id and o.event_id = st.event_id), '[]'::jsonb) as said
from steps st
join sessions s on s.conversation_id = st.conversation_id
join conversations conv on conv.id = st.conversation_id
join contacts c on c.id = conv.contact_id
join channels ch on ch.id = conv.channel_id
join desks d on d.id = ch.desk_id
left join inbox i on i.id = st.event_id
where st.conversation_id in (select conversation_id from steps where at >= now() - %(since_s)s * interval '1 second')
order by st.conversation_id, st.version

-- name: switches.all
select kind, subject, off and coalesce(until > now(), true) as off, reason, by, at, until
from switches order by kind, subject

-- name: switches.off
select kind, subject, reason from switches where off and coalesce(until > now(), true)

-- name: switches.put
insert into switches (kind, subject, off, reason, by, until)
select %(kind)s, %(subject)s, %(off)s, %(reason)s, %(by)s, now() + %(for_s)s::float * interval '1 second'
where %(kind)s <> 'sending' or exists (select 1 from channels where address = %(subject)s)
on conflict (kind, subject) do update set off = excluded.off, reason = excluded.reason, by = excluded.by, at = now(),
    until = excluded.until

-- name: tickets.asked
select i.id, i.received_at as at, i.content ->> 'by' as by, staff.name as by_name,
    coalesce(i.content ->> 'status', i.content ->> 'assignee') as after, i.content ? 'status' as is_status, i.state
from inbox i
left join staff on staff.email = i.content ->> 'by'
where i.conversation_id = %(conversation_id)s and i.kind = 'ticket' and i.content ->> 'number' = %(number)s
    and i.state in ('waiting', 'buried') and i.discarded_at is null
order by i.id

-- name: tickets.assignees
select email, name from staff
where disabled_at is null and role <> 'viewer' and (desks is null or %(desks)s::text[] is null or desks && %(desks)s)
order by lower(name), email

-- name: tickets.find
select number, kind, status, desk_id, conversation_id, created_at, resolved_at, assignee from tickets
where number = %(number)s

-- name: tickets.history
select h.at, h.by, staff.name as by_name, h.what, h.before, h.after, h.note
from ticket_changes h
left join staff on staff.email = h.by
where h.ticket = %(number)s order by h.id

-- name: tickets.kinds
select distinct kind from (select kind from tickets order by created_at desc limit 5000) t order by kind

-- name: tickets.look
select t.number, t.desk_id as desk, d.name as desk_name, t.kind, t.status, t.assignee, holder.name as assignee_name,
    t.conversation_id, t.event_id, t.summary, t.content, t.created_at, t.resolved_at, c.name as contact_name,
    alias.value as alias, s.status as survey, s.comment as survey_comment
from tickets t
join desks d on d.id = t.desk_id
left join staff holder on holder.email = t.assignee
left join conversations conv on conv.id = t.conversation_id
left join contacts c on c.id = conv.contact_id
left join surveys s on s.ticket = t.number
left join lateral (
    select a.value from aliases a where a.contact_id = conv.contact_id and a.kind <> 'parent_bsuid'
    order by a.kind = 'wa_id' desc, a.learned_at desc limit 1
) alias on true
where t.number = %(number)s and (%(desks)s::text[] is null or t.desk_id = any(%(desks)s))

-- name: tickets.newest
select number, kind, status, desk_id, created_at from tickets order by created_at desc, number limit %(size)s

-- name: tickets.page
select t.number, t.desk_id as desk, t.kind, t.status, t.assignee,
    (select holder.name from staff holder where holder.email = t.assignee) as assignee_name, t.conversation_id,
    t.summary, t.created_at, t.resolved_at, t.content #> '{given,location,value}' as pin,
    t.content #>> '{given,address,value}' as address
from (
    select * from tickets t
    where (t.created_at, t.number) < (coalesce(%(at)s::timestamptz, 'infinity'), coalesce(%(number)s::text, ''))
    order by t.created_at desc, t.number desc limit %(walk)s
) t
where (%(desks)s::text[] is null or t.desk_id = any(%(desks)s))
    and (%(desk)s::text is null or t.desk_id = %(desk)s)
    and (%(kind)s::text is null or t.kind = %(kind)s)
    and (%(status)s::text is null or t.status = %(status)s)
    and (%(assigned)s::bool is null or (t.assignee is not null) = %(assigned)s)
    and (%(assignee)s::text is null or t.assignee = %(assignee)s)
    and (%(since_s)s::float is null or t.created_at >= now() - %(since_s)s * interval '1 second')
    and (%(words)s::text is null or folded(t.summary) like folded(%(words)s) or lower(t.number) like folded(%(words)s))
order by t.created_at desc, t.number desc limit %(most)s

-- name: tickets.photos
select id, purpose, received_at from report.photos
where conversation_id = %(conversation_id)s and ticket = %(number)s order by received_at, id

-- name: tickets.ratings
select a.question, a.rating, q.short from survey_answers a
join tickets t on t.number = a.ticket
left join survey_questions q on q.desk_id = t.desk_id and q.number = a.question
where a.ticket = %(number)s order by a.question

-- name: tickets.walked
select t.created_at, t.number from tickets t
where (t.created_at, t.number) < (coalesce(%(at)s::timestamptz, 'infinity'), coalesce(%(number)s::text, ''))
order by t.created_at desc, t.number desc offset %(walk)s - 1 limit 1

-- name: timers.arm
insert into timers (conversation_id, name, due_at, rest_s, set_at_version, content)
select * from unnest(
    %(conversation_id)s::bigint[], %(name)s::text[], %(due_at)s::timestamptz[], %(rest_s)s::float[],
    %(set_at_version)s::int[], %(content)s::jsonb[]
)
on conflict (conversation_id, name) do update
    set due_at = excluded.due_at, rest_s = excluded.rest_s, set_at_version = excluded.set_at_version,
        content = excluded.content

-- name: timers.cancel
delete from timers t using unnest(%(conversation_id)s::bigint[], %(name)s::text[]) as c (conversation_id, name)
where t.conversation_id = c.conversation_id and t.name = c.name

-- name: timers.fire
with due as (
    select conversation_id, name from timers where due_at <= now()
    order by due_at limit %(size)s for update skip locked
),
gone as (
    delete from timers t using due where t.conversation_id = due.conversation_id and t.name = due.name
    returning t.*
)
insert into inbox (channel_id, conversation_id, external_id, kind, content)
select conv.channel_id, gone.conversation_id,
    'timer:' || gone.conversation_id || ':' || gone.name || ':' || gone.set_at_version, 'timer',
    gone.content || jsonb_build_object('name', gone.name, 'set_at_version', gone.set_at_version)
from gone join conversations conv on conv.id = gone.conversation_id
on conflict (channel_id, external_id) do nothing

-- name: timers.postpone
update timers t set due_at = s.heard_at + t.rest_s * interval '1 second'
from sessions s
where s.conversation_id = t.conversation_id and t.due_at <= now() and t.rest_s is not null
    and s.heard_at + t.rest_s * interval '1 second' > now()

-- name: web.answers
select i.external_id, i.id as event_id, i.state as event_state, s.flow, s.state,
    o.id, o.kind, o.text, o.content, o.created_at, (select min(number) from tickets where event_id = i.id) as ticket
from unnest(%(external_id)s::text[]) as asked (external_id)
join channels ch on ch.kind = 'web'
join inbox i on i.channel_id = ch.id and i.external_id = asked.external_id and i.state <> 'waiting'
join sessions s on s.conversation_id = i.conversation_id
left join outbox o on o.conversation_id = i.conversation_id and o.event_id = i.id
order by i.id, o.id

-- name: web.busy
select count(*) as people from web_sessions
where ended_at is null and seen_at > now() - %(within_s)s * interval '1 second'

-- name: web.find
select w.secret_hash, w.csrf_token, w.locale, w.created_at, ch.id as channel_id, ch.address, ch.desk_id,
    conv.id as conversation_id, a.contact_id, s.flow, s.state, w.seen_at < now() - interval '1 minute' as stale
from web_sessions w
join channels ch on ch.id = w.channel_id
left join aliases a on a.scope = '' and a.kind = 'web' and a.value = w.secret_hash
left join conversations conv on conv.contact_id = a.contact_id and conv.channel_id = ch.id
left join sessions s on s.conversation_id = conv.id
where w.secret_hash = %(secret_hash)s and w.ended_at is null
    and w.seen_at > now() - %(keep_s)s * interval '1 second'

-- name: web.finish
update web_sessions set ended_at = now() where secret_hash = %(secret_hash)s and ended_at is null

-- name: web.forget
delete from web_sessions where secret_hash = %(secret_hash)s

-- name: web.lines
select * from (
    select i.received_at as at, 'user' as who, i.kind, i.text, i.content, i.id as event_id, null::bigint as outbound_id,
        i.external_id, null::text as delivery, null::text as ticket
    from inbox i
    where i.conversation_id = %(conversation_id)s and i.id > %(event_id)s
        and i.kind not in ('timer', 'agent', 'media_result', 'system', 'notice', 'ticket', 'echo', 'request_welcome',
            'ticket_wanted')
    union all
    select o.created_at, coalesce(o.content ->> 'author', 'bot'), o.kind, o.text, o.content, o.event_id, o.id,
        '', o.state, (select min(number) from tickets where event_id = o.event_id)
    from outbox o where o.conversation_id = %(conversation_id)s and o.id > %(outbound_id)s
) line
order by event_id, outbound_id nulls first
limit %(size)s

-- name: web.open
insert into web_sessions (secret_hash, channel_id, csrf_token, locale)
select %(secret_hash)s, ch.id, %(csrf_token)s, %(locale)s
from channels ch where ch.kind = 'web' and ch.address = %(address)s and ch.desk_id is not null
returning secret_hash

-- name: web.places
select ch.address, ch.desk_id, d.name, d.language
from channels ch join desks d on d.id = ch.desk_id
where ch.kind = 'web' order by d.settings -> 'chat_first' is distinct from 'true', ch.id

-- name: web.present
select w.created_at, w.seen_at, w.locale, ch.desk_id as desk, conv.id as conversation_id, s.flow, s.state
from web_sessions w
join channels ch on ch.id = w.channel_id
left join aliases a on a.scope = '' and a.kind = 'web' and a.value = w.secret_hash
left join conversations conv on conv.contact_id = a.contact_id and conv.channel_id = ch.id
left join sessions s on s.conversation_id = conv.id
where w.ended_at is null and w.seen_at > now() - %(within_s)s * interval '1 second'
order by w.seen_at desc limit %(size)s

-- name: web.purge
delete from web_sessions where secret_hash in (
    select secret_hash from web_sessions where seen_at < now() - %(keep_s)s * interval '1 second' limit %(size)s
)

-- name: web.see
update web_sessions set seen_at = now() where secret_hash = %(secret_hash)s

-- name: web.shown
select count(*) as photos from (
    select 1 from web_sessions w join inbox i on i.conversation_id = %(conversation_id)s
    where w.secret_hash = %(secret_hash)s and i.kind = 'image' and i.received_at >= w.created_at limit %(most)s
) shown

-- name: web.transcript
select * from (
    select i.received_at as at, 'user' as who, i.kind, i.text, i.id as event_id, 0::bigint as outbound_id
    from inbox i
    where i.conversation_id = %(conversation_id)s and i.id >= %(event_id)s
        and i.kind not in ('timer', 'agent', 'media_result', 'system', 'notice', 'ticket', 'echo', 'request_welcome',
            'ticket_wanted')
    union all
    select o.created_at, coalesce(o.content ->> 'author', 'bot'), o.kind, o.text, coalesce(o.event_id, 0), o.id
    from outbox o where o.conversation_id = %(conversation_id)s and coalesce(o.event_id, 0) >= %(event_id)s
) line
where (event_id, outbound_id) > (%(event_id)s, %(outbound_id)s)
order by event_id, outbound_id
limit %(size)s

-- name: web.unseen
select id from outbox
where conversation_id = %(conversation_id)s and id <= %(outbound_id)s and state = any(%(states)s)
order by id limit 500
