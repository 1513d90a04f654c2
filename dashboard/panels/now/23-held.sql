-- title: Held by staff
-- help: Conversations in which a person answers and the bot is silent.
-- refresh: 10s
-- size: tiny
-- link: /admin/panels/conversations/held-by-staff
select count(*) as big, 'conversations' as label
from report.conversations
where agent is not null
