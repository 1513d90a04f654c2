-- title: Stuck
-- help: Events that have waited for more than a minute. All of one conversation wait for its first.
-- refresh: 10s
-- size: medium
-- empty: Nothing has waited for long.
select conversation_id, desk, kind, received_at, attempts, error
from report.inbox
where is_waiting and received_at < now() - interval '1 minute'
order by id
