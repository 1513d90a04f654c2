-- The role that Turno uses. PgBouncer 1.18 lets no options of a connection through, so the role brings them.
create role turno login createrole;
alter role turno set statement_timeout = '5s';
alter role turno set lock_timeout = '5s';
alter role turno set idle_in_transaction_session_timeout = '60s';
alter role turno set timezone = 'UTC';
grant pg_monitor to turno;
