-- title: What staff did
-- help: Takeovers, answers and releases over time.
-- refresh: 1m
-- size: medium
-- empty: Staff did nothing in this time.
select date_bin(:bucket, at, timestamptz '2000-01-01') as bar_label, count(*) as bar_value,
    replace(trigger, '_', ' ') as bar_series
from report.steps
where at >= :since and at < :until and origin = 'agent'
group by 1, 3
order by 1, 3
