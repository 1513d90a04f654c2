-- title: Held by staff
-- help: The bot is silent in these until they are released.
-- refresh: 10s
-- size: medium
-- empty: Nobody of staff holds a conversation.
select id as conversation_id, desk, contact, agent, flow, state, last_activity_at, heard_at
from report.conversations
where agent is not null
order by last_activity_at
