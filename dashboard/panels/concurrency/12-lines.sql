-- title: Longest lines
-- help: Conversations with the most events waiting: they take effect one after the other.
-- refresh: 10s
-- size: small
-- empty: Nobody waits in line.
select conversation_id, count(*) as waiting, min(received_at) as oldest_at
from report.inbox
where is_waiting and conversation_id is not null
group by conversation_id
order by 2 desc, 3
limit 10
