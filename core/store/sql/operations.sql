-- name: note
insert into operations (what, began_at, ok, detail) values (%(what)s, %(began_at)s, %(ok)s, %(detail)s::jsonb)

-- name: standing
-- How long ago each was last done well, and whether the last one failed.
select what, extract(epoch from now() - max(ended_at) filter (where ok))::float as age_s,
    not (array_agg(ok order by ended_at desc, id desc))[1] as failed
from operations group by what

-- name: purge
delete from operations o
where ended_at < now() - %(keep_days)s * interval '1 day'
    and exists (select 1 from operations later where later.what = o.what and later.ok and later.ended_at > o.ended_at)
