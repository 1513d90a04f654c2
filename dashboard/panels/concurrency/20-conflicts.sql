-- title: Conflict retries per five minutes
-- help: Each is a turn that was taken again on fresh state.
-- refresh: 30s
-- size: medium
-- empty: No conflict in this time.
select date_bin(interval '5 minutes', at, timestamptz '2000-01-01') as bar_label, sum(count) as bar_value
from report.conflicts
where at >= :since and at < :until
group by 1
order by 1
