-- title: Oldest event
-- help: How long the oldest event has waited.
-- refresh: 5s
-- size: tiny
-- unit: s
select coalesce(extract(epoch from now() - min(received_at)), 0) as big,
    case when min(received_at) < now() - interval '1 minute' then 'bad'
        when min(received_at) < now() - interval '10 seconds' then 'warn' end as tone
from report.inbox
where is_waiting
