-- title: Time to arrive
-- help: From the platform's acceptance to the customer's phone.
-- refresh: 1m
-- size: medium
-- unit: s
-- empty: Nothing was delivered in this time.
with arrived as (
    select date_bin(:bucket, sent_at, timestamptz '2000-01-01') as at,
        percentile_cont(array[0.5, 0.95]) within group (
            order by greatest(0, date_part('epoch', delivered_at - sent_at))
        ) as seconds
    from report.outbox
    where created_at >= :since and created_at < :until and sent_at is not null and delivered_at is not null
    group by 1
)
select a.at as line_at, q.name as line_series, a.seconds[q.place] as line_value
from arrived a, (values (1, 'p50'), (2, 'p95')) as q (place, name)
order by q.place, a.at
