-- title: Duplicates over time
-- help: Events of which at least one copy came, by when they came first.
-- refresh: 1m
-- size: medium
-- empty: Nothing came twice.
select date_bin(:bucket, received_at, timestamptz '2000-01-01') as bar_label, sum(retries) as bar_value
from report.inbox
where received_at >= :since and received_at < :until and retries > 0
group by 1
order by 1
