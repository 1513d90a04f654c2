-- title: Closing windows
-- help: Conversations held by staff, or with an open report, that may be answered freely for less than four hours.
-- refresh: 1m
-- size: medium
-- empty: No window closes soon.
select c.id as conversation_id, c.desk, c.contact, c.agent, c.heard_at + interval '24 hours' as closes_at
from report.conversations c
where c.heard_at > now() - interval '24 hours' and c.heard_at < now() - interval '20 hours'
    and (c.agent is not null or exists (
        select 1 from report.tickets t where t.conversation_id = c.id and t.status in ('pending', 'in_progress')
    ))
order by c.heard_at
