-- title: Unknown sends
-- help: Never repeated blindly. Ask the customer, or look at the phone.
-- refresh: 10s
-- size: medium
-- empty: The outcome of every send is known.
select id as outbound_id, conversation_id, desk, kind, created_at, attempts, unknowns
from report.outbox
where state = 'unknown'
order by id
