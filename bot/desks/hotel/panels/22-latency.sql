-- title: How long the house takes
-- help: From the wish to its result, waiting and further tries included; half of them are faster than p50, all but one in twenty than p95.
-- refresh: 1m
-- size: medium
-- unit: s
-- empty: The house was not asked in this time.
with answered as (
    select date_bin(:bucket, wanted_at, timestamptz '2000-01-01') as at, service,
        percentile_cont(array[0.5, 0.95]) within group (order by date_part('epoch', done_at - wanted_at)) as seconds
    from report.errands
    where service in ('offers', 'booking') and done_at is not null and not settled_by_staff
        and wanted_at >= :since and wanted_at < :until
    group by 1, 2
)
select a.at as line_at, a.service || ' ' || q.name as line_series, a.seconds[q.place] as line_value
from answered a, (values (1, 'p50'), (2, 'p95')) as q (place, name)
order by 2, 1
