-- title: Replies waiting
-- help: Replies that the platform has not accepted yet.
-- refresh: 5s
-- size: tiny
select count(*) as big, case when count(*) > 100 then 'warn' end as tone,
    count(*) filter (where initiative) || ' begun by ourselves' as label
from report.outbox
where state = 'waiting'
