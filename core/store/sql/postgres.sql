-- name: figures
-- The state of the database server. Statistics that this role may not see count as nothing.
select
    (select count(*) from pg_stat_activity where datname = current_database())::float as connections,
    current_setting('max_connections')::float as connections_most,
    pg_database_size(current_database())::float as size_bytes,
    (select max(age(datfrozenxid)) from pg_database)::float as transaction_age,
    coalesce(busy.oldest_s, 0)::float as oldest_transaction_seconds,
    busy.slow::float as slow_statements,
    standby.known::float as standbys,
    coalesce(standby.lag_s, 0)::float as replication_lag_seconds,
    (archive.mode <> 'off')::int::float as archiving,
    case when archive.mode <> 'off' then extract(epoch from now() - archive.at) else 0 end::float as archive_age_seconds,
    archive.failures::float as archive_failures
from (
    select max(extract(epoch from now() - xact_start)) as oldest_s,
        count(*) filter (where state = 'active' and query_start < now() - interval '5 seconds') as slow
    from pg_stat_activity
    where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()
) as busy,
(select count(*) as known, max(extract(epoch from replay_lag)) as lag_s from pg_stat_replication) as standby,
(
    select current_setting('archive_mode') as mode, coalesce(last_archived_time, stats_reset, now()) as at,
        failed_count as failures
    from pg_stat_archiver
) as archive

-- name: said_twice
-- Replies that reached the customer as two messages of the platform, by the statuses of the last hour.
select count(*) as replies from (
    select d.outbox_id
    from deliveries d join outbox o on o.id = d.outbox_id
    where d.received_at > now() - interval '1 hour' and d.state in ('delivered', 'read', 'played')
    group by d.outbox_id
    having count(distinct d.external_id) > 1
) as twice
