"""The role that panels are asked as: it may read `report`, and nothing else."""

from __future__ import annotations

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

MADE = """
do $made$
begin
    if not exists (select from pg_roles where rolname = 'turno_panels') then
        begin
            create role turno_panels nologin noinherit;
        exception
            when duplicate_object or unique_violation then null;  -- another database of this server made it just now
            when insufficient_privilege then
                raise warning 'panels: % may not create roles: they are asked as %', current_user, current_user;
                return;
        end;
    end if;
    if not pg_has_role('turno_panels', 'set') then
        grant turno_panels to current_user with inherit false, set true;
    end if;
    grant usage on schema report to turno_panels;
    grant select on all tables in schema report to turno_panels;
    alter default privileges in schema report grant select on tables to turno_panels;
end
$made$
"""

GONE = """
do $gone$
begin
    if not exists (select from pg_roles where rolname = 'turno_panels') then
        return;
    end if;
    alter default privileges in schema report revoke select on tables from turno_panels;
    revoke select on all tables in schema report from turno_panels;
    revoke usage on schema report from turno_panels;
    begin
        drop role turno_panels;
    exception when dependent_objects_still_exist or object_in_use or insufficient_privilege or internal_error then
        raise notice 'panels: the role stays, another database uses it';
    end;
end
$gone$
"""


def upgrade() -> None:
    op.execute(MADE)


def downgrade() -> None:
    op.execute(GONE)
