-- name: schema_exists
select to_regclass('public.alembic_version') is not null as there

-- name: schema_version
-- The migration the schema is at.
select version_num from alembic_version

-- name: tables
-- How many tables the database has, whoever made them.
select count(*) as tables from pg_tables where schemaname not in ('pg_catalog', 'information_schema')
