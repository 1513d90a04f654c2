-- title: List of dead letters
-- help: The newest first. Their texts are not shown here.
-- refresh: 30s
-- size: medium
-- empty: No event was given up.
select id as event_id, kind, conversation_id, received_at, attempts, error
from report.inbox
where is_buried
order by id desc
