-- title: Replies over time
-- help: By what became of them.
-- refresh: 30s
-- size: medium
-- empty: No replies in this time.
select date_bin(:bucket, created_at, timestamptz '2000-01-01') as bar_label, count(*) as bar_value, state as bar_series
from report.outbox
where created_at >= :since and created_at < :until
group by 1, 3
order by 1, array_position(array['read', 'delivered', 'sent', 'claimed', 'waiting', 'unknown', 'parked', 'failed'], state)
