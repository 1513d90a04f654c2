-- title: Time to understand
-- help: From the beginning of the reading to its end, the AI's answer included.
-- refresh: 1m
-- size: medium
-- unit: ms
-- empty: Nothing was read in this time.
with understood as (
    select date_bin(:bucket, at, timestamptz '2000-01-01') as at,
        percentile_cont(array[0.5, 0.95]) within group (order by (reading ->> 'ms')::float) as ms
    from report.steps
    where at >= :since and at < :until and origin = 'customer' and reading is not null
    group by 1
)
select u.at as line_at, q.name as line_series, u.ms[q.place] as line_value
from understood u, (values (1, 'p50'), (2, 'p95')) as q (place, name)
order by q.place, u.at
