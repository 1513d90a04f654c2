-- name: unsafe
-- Everything that the console's role may do and must not, and every limit it lacks, in words. No rows: it is confined.
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

-- name: columns
-- The views that may be asked: each with a line about it, and its columns in order.
select c.relname as view, coalesce(obj_description(c.oid, 'pg_class'), '') as holds, a.attname as name,
    format_type(a.atttypid, a.atttypmod) as type
from pg_class c
join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
where c.relnamespace = to_regnamespace('console') and c.relkind = 'v'
order by c.relname, a.attnum

-- name: remember
-- One run more in this person's history, which keeps the newest.
with mine as (
    insert into console_runs (staff_id, sql, outcome, ms) values (%(staff_id)s, %(sql)s, %(outcome)s, %(ms)s)
)
delete from console_runs where staff_id = %(staff_id)s and id in (
    select id from console_runs where staff_id = %(staff_id)s order by id desc offset %(most)s - 1
)

-- name: history
-- Each text once, the newest first.
select max(id) as id, sql, max(at) as at, (array_agg(outcome order by id desc))[1] as outcome,
    (array_agg(ms order by id desc))[1] as ms
from console_runs where staff_id = %(staff_id)s group by sql order by max(id) desc limit %(most)s

-- name: asked
select sql from console_runs where id = %(id)s and staff_id = %(staff_id)s

-- name: save
-- A query of this name is replaced.
insert into console_queries (staff_id, name, sql, shared) values (%(staff_id)s, %(name)s, %(sql)s, %(shared)s)
on conflict (staff_id, name) do update set sql = excluded.sql, shared = excluded.shared, saved_at = now()
returning id

-- name: saved
-- One's own queries, and those that others share: others whose desks are all one's own, because what they ask names them.
select q.id, q.name, q.sql, q.shared, q.saved_at, q.staff_id = %(staff_id)s as mine, s.name as owner
from console_queries q
join staff s on s.id = q.staff_id
join staff me on me.id = %(staff_id)s
where q.staff_id = me.id or q.shared and (me.desks is null or s.desks <@ me.desks)
order by q.staff_id <> %(staff_id)s, lower(q.name), q.id

-- name: saved_one
select q.id, q.name, q.sql, q.shared, q.staff_id = %(staff_id)s as mine
from console_queries q
join staff s on s.id = q.staff_id
join staff me on me.id = %(staff_id)s
where q.id = %(id)s and (q.staff_id = me.id or q.shared and (me.desks is null or s.desks <@ me.desks))

-- name: forget
delete from console_queries where id = %(id)s and staff_id = %(staff_id)s
