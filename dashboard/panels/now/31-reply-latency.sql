-- title: Reply latency
-- help: From the customer's message at the door to the platform's acceptance of the answer.
-- refresh: 30s
-- size: medium
-- unit: s
-- empty: No replies in this time.
with replies as (
    select date_bin(:bucket, o.sent_at, timestamptz '2000-01-01') as at,
        percentile_cont(array[0.5, 0.95, 0.99]) within group (order by date_part('epoch', o.sent_at - i.received_at))
            as seconds
    from report.outbox o
    join report.inbox i on i.id = o.event_id
    where o.created_at >= :since and o.created_at < :until and o.sent_at is not null
        and i.origin = 'customer'
    group by 1
)
select r.at as line_at, q.name as line_series, r.seconds[q.place] as line_value
from replies r, (values (1, 'p50'), (2, 'p95'), (3, 'p99')) as q (place, name)
order by q.place, r.at
