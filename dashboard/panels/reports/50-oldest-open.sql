-- title: Oldest open
-- help: The tickets that have waited longest for somebody of staff.
-- refresh: 1m
-- size: wide
-- empty: Nothing is open.
select number as ticket, desk, kind, replace(status, '_', ' ') as status, created_at, conversation_id, summary
from report.tickets
where status in ('pending', 'in_progress')
order by created_at
