-- title: Conversations with conflicts per hour
-- help: Different conversations in which two workers met.
-- refresh: 1m
-- size: medium
-- empty: No conflict in this time.
select date_bin(interval '1 hour', at, timestamptz '2000-01-01') as bar_label,
    count(distinct conversation_id) as bar_value
from report.conflicts
where at >= :since and at < :until
group by 1
order by 1
