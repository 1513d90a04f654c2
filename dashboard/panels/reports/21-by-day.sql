-- title: By day
-- help: Reports opened, by type.
-- refresh: 5m
-- size: medium
-- empty: No reports in this time.
select date_bin(interval '1 day', created_at, timestamptz '2000-01-01') as bar_label, count(*) as bar_value,
    kind as bar_series
from report.tickets
where created_at >= :since and created_at < :until
group by 1, 3
order by 1, 3
