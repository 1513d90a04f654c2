-- title: Turns per minute
-- help: Events that took effect, by who caused them.
-- refresh: 30s
-- size: medium
-- empty: No turns in this time.
select date_bin(:bucket, at, timestamptz '2000-01-01') as bar_label,
    round(count(*) / (extract(epoch from :bucket) / 60.0), 2) as bar_value, origin as bar_series
from report.steps
where at >= :since and at < :until
group by 1, 3
order by 1, 3
