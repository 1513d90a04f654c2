-- name: schema_exists
select to_regclass('public.alembic_version') is not null as there

-- name: schema_version
-- The migration the schema is at.
select version_num from alembic_version
