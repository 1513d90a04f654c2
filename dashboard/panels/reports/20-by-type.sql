-- title: By type and status
-- help: Reports of this time.
-- refresh: 1m
-- size: medium
-- empty: No reports in this time.
select kind as bar_label, count(*) as bar_value, replace(status, '_', ' ') as bar_series
from report.tickets
where created_at >= :since and created_at < :until
group by kind, status
order by kind, array_position(array['pending', 'in_progress', 'resolved', 'cancelled'], status)
