-- title: Oldest reply
-- help: How long the oldest reply has waited to be sent.
-- refresh: 5s
-- size: tiny
-- unit: s
select coalesce(extract(epoch from now() - min(created_at)), 0) as big,
    case when min(created_at) < now() - interval '1 minute' then 'bad'
        when min(created_at) < now() - interval '10 seconds' then 'warn' end as tone
from report.outbox
where state = 'waiting'
