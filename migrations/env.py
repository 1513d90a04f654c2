"""How migrations run: one at a time, never waiting long for a lock, on the database the settings name."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection, create_engine, pool, text

from core import settings
from core.store.db import sqlalchemy_url
from core.store.tables import metadata

ONE_AT_A_TIME = 7_878_001  # advisory lock: two deploys that migrate at once take turns
LOCK_TIMEOUT = "5s"  # a migration that cannot get its lock gives up rather than queue the traffic behind it
STATEMENT_TIMEOUT = "15min"


def url() -> str:
    named = context.config.get_main_option("sqlalchemy.url") or settings.load().database_url
    return sqlalchemy_url(named or embedded_url())


def embedded_url() -> str:
    from core.store import embedded  # only where it is used: a managed database needs no embedded one installed

    return embedded.url_for(settings.load())


def migrate(connection: Connection) -> None:
    connection.execute(text(f"select pg_advisory_lock({ONE_AT_A_TIME})"))
    connection.execute(text(f"set lock_timeout = '{LOCK_TIMEOUT}'"))
    connection.execute(text(f"set statement_timeout = '{STATEMENT_TIMEOUT}'"))
    connection.commit()
    context.configure(
        connection=connection,
        target_metadata=metadata,
        compare_server_default=True,
        transaction_per_migration=True,
        include_name=lambda name, kind, _: kind != "schema" or name is None,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.execute(text(f"select pg_advisory_unlock({ONE_AT_A_TIME})"))
    connection.commit()


if context.is_offline_mode():
    context.configure(url=url(), target_metadata=metadata, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()
else:
    with create_engine(url(), poolclass=pool.NullPool).connect() as connection:
        migrate(connection)
