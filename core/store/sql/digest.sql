-- name: day
-- Figures of a day until now, and of the day before, for comparison. No customer is named.
with day as (
    select 'now' as which, now() - interval '1 day' as since, now() as until
    union all
    select 'before', now() - interval '2 days', now() - interval '1 day'
)
select which,
    (select count(*) from inbox where origin = 'customer' and received_at >= since and received_at < until) as messages,
    (select count(distinct conversation_id) from inbox where origin = 'customer' and received_at >= since and received_at < until)
        as conversations,
    (select count(*) from inbox where state = 'buried' and finished_at >= since and finished_at < until) as dead_letters,
    (select count(*) from outbox where created_at >= since and created_at < until) as replies,
    (select count(*) from outbox where state = 'failed' and created_at >= since and created_at < until) as not_sent,
    (select count(*) from outbox where state = 'unknown' and created_at >= since and created_at < until) as unknown,
    (select count(*) from tickets where created_at >= since and created_at < until) as tickets,
    (select coalesce(sum(count), 0) from happenings where kind = 'conflict' and at >= since and at < until) as conflicts,
    (select count(*) from happenings where kind = 'breaker' and detail ->> 'to' = 'open' and at >= since and at < until)
        as breakers_opened,
    (select percentile_cont(0.95) within group (order by extract(epoch from st.at - i.received_at))
        from steps st join inbox i on i.id = st.event_id
        where st.origin = 'customer' and st.at >= since and st.at < until)::float as p95_s,
    (select count(*) from operations where not ok and ended_at >= since and ended_at < until) as operations_failed
from day order by which desc
