-- part: quote
q.id, q.desk_id, q.conversation_id, q.number, q.resource, lower(q.period) as lower, upper(q.period) as upper, q.amount,
q.tax, q.currency, q.content, q.source, q.read_at, q.good_until, q.good_until <= now() as over

-- name: put
-- Writes down what was offered; what was offered under a key before stays as it was, all of it.
with put as (
    insert into quotes as q (desk_id, conversation_id, key, number, resource, period, amount, tax, currency, content,
        source, read_at, good_until)
    select %(desk_id)s, %(conversation_id)s, %(key)s, w.number, w.resource, tstzrange(w.lower, w.upper), w.amount, w.tax,
        w.currency, w.content, %(source)s, %(read_at)s, now() + %(good_s)s * interval '1 second'
    from unnest(
        %(number)s::bigint[], %(resource)s::text[], %(lower)s::timestamptz[], %(upper)s::timestamptz[],
        %(amount)s::numeric[], %(tax)s::numeric[], %(currency)s::text[], %(content)s::jsonb[]
    ) as w (number, resource, lower, upper, amount, tax, currency, content)
    where not exists (select 1 from quotes q where q.conversation_id = %(conversation_id)s and q.key = %(key)s)
    on conflict (conversation_id, key, number) do nothing
    returning q.*
)
select @quote@
from (
    select * from put
    union all
    select * from quotes where conversation_id = %(conversation_id)s and key = %(key)s
) q
order by q.number

-- name: one
-- A quote, for the conversation that was given it and for nobody else.
select @quote@ from quotes q where q.id = %(id)s and q.conversation_id = %(conversation_id)s

-- name: extend
-- It holds as long as the place that is kept for it.
update quotes set good_until = greatest(good_until, %(until)s) where id = %(id)s

-- name: purge
-- One small batch of quotes that were over long ago.
delete from quotes where id in (
    select id from quotes where good_until < now() - %(keep_days)s * interval '1 day' order by good_until limit %(size)s
)
