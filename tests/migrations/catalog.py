"""The catalog of PostgreSQL for our schemas, as text: two databases have one schema when they say the same."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg.rows import tuple_row

OURS = "('public', 'report', 'console', 'panels')"

OTHERS = "(select array_agg(g::text order by g::text) from unnest({}) g where g::text not like current_user || '=%')"
"""Who else may do what: the owner may do everything, whether that is written down or not."""

ASKED = {
    "column": f"""
select format('%s.%s.%s', n.nspname, c.relname, a.attname),
    concat_ws(' ', format_type(a.atttypid, a.atttypmod), case when a.attnotnull then 'not null' end,
        pg_get_expr(d.adbin, d.adrelid), nullif(a.attidentity, ''), nullif(a.attgenerated, ''), a.attacl)
from pg_attribute a
join pg_class c on c.oid = a.attrelid
join pg_namespace n on n.oid = c.relnamespace
left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
where n.nspname in {OURS} and c.relkind in ('r', 'v', 'p') and a.attnum > 0 and not a.attisdropped
""",
    "relation": f"""
select format('%s.%s', n.nspname, c.relname),
    concat_ws(' ', c.relkind, c.relpersistence, c.reloptions, {OTHERS.format("c.relacl")}, obj_description(c.oid, 'pg_class'))
from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname in {OURS} and c.relkind <> 'c'
""",
    "view": f"""
select format('%s.%s', n.nspname, c.relname), pg_get_viewdef(c.oid)
from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname in {OURS} and c.relkind = 'v'
""",
    "constraint": f"""
select format('%s.%s', k.conrelid::regclass, k.conname), pg_get_constraintdef(k.oid) || k.convalidated
from pg_constraint k join pg_namespace n on n.oid = k.connamespace where n.nspname in {OURS} and k.conrelid <> 0
""",
    "index": f"""
select format('%s.%s', schemaname, indexname), indexdef from pg_indexes where schemaname in {OURS}
""",
    "function": f"""
select p.oid::regprocedure::text, pg_get_functiondef(p.oid) || coalesce({OTHERS.format("p.proacl")}::text, '')
from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname in {OURS}
""",
    "trigger": """
select format('%s.%s', tgrelid::regclass, tgname), pg_get_triggerdef(oid) from pg_trigger where not tgisinternal
""",
    "schema": f"""
select nspname, coalesce({OTHERS.format("nspacl")}::text, '') from pg_namespace where nspname in {OURS}
""",
}


def catalog(connection: psycopg.Connection[dict[str, Any]]) -> dict[str, str]:
    """Each column, view, constraint …, by its kind and name. The order of a table's columns means nothing."""
    return {
        f"{kind} {name}": " ".join(str(told).split())
        for kind, asked in ASKED.items()
        for name, told in connection.cursor(row_factory=tuple_row).execute(asked.encode())
        if "alembic_version" not in name
    }
