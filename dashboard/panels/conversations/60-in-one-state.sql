-- title: In one state
-- help: The conversations that stand in a state, the one that moved longest ago first.
-- param: flow text menu
-- param: state text waiting
-- size: page
-- empty: Nobody stands there.
select id as conversation_id, desk, contact, agent, last_activity_at, heard_at, version
from report.conversations
where flow = :flow and state = :state and version > 0
order by last_activity_at
